package papers

import (
	"fmt"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// VariantOf is which words somebody's letter has: the one place that decides it, for the
// proof, the counts that are approved, the letter itself, what it is read back against
// and the manifest. classes are those the letter tells; on is the day it is dated.
func VariantOf(incident breach.Incident, p *breach.Person, classes breach.DataClassSet, on civil.Date) breach.Variant {
	language := incident.Languages().Of(p)
	v := breach.Variant{Voice: p.VoiceOn(on), Language: language.Tag, Classes: classes}
	if language.Reason != breach.LanguageUsual {
		v.LanguageReason = language.Reason
	}
	v.ActsForSelf = v.Voice == breach.ToAdult && p.RepresentativeRelation == breach.ActsForSelf
	if state := p.Residence(); slices.Contains(statesWithText(), state) {
		v.State = state
	}
	_, v.Offer = incident.OfferTo(v.Voice)
	v.Coded = p.EnrollmentCode != "" && v.Offer != breach.NoOffer
	return v
}

// variantOf is the variant of a letter of the batch.
func (b *LetterBatch) variantOf(l *casebook.Letter) breach.Variant {
	classes := breach.SetOf(l.Classes...)
	if classes == 0 {
		classes = breach.SetOf(l.Person.DataClasses...)
	}
	return VariantOf(b.incident, &l.Person, classes, b.datedOn)
}

// keyOf is all that the words of a letter of the batch depend on.
func (b *LetterBatch) keyOf(l *casebook.Letter) bodyKey {
	return bodyKey{practiceKeys(l.Practices), b.variantOf(l), correctionOf(l)}
}

// view is what a letter for these practices says.
func (b *LetterBatch) view(in speech, practices []breach.Practice, key bodyKey) (letterView, error) {
	of, err := b.ofState(key.State)
	if err != nil {
		return letterView{}, err
	}
	view := in.letter(in.incident, b.datedOn, practices, key.Variant, of, in.said)
	view.Corrects = in.correcting(key.corrects)
	if b.own != nil {
		view = b.own.speak(in.lettering, view)
	}
	return view, nil
}

// errNoClasses says that a letter would not tell what was reached.
func errNoClasses(piece string) error {
	return fmt.Errorf("letter %s names no kind of information (45 CFR 164.404(c)(1)(B))", piece)
}
