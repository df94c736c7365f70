package papers

import (
	"bytes"
	"fmt"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// ProofInput is whose letters a proof is of, and which there are. It holds no patient data.
type ProofInput struct {
	Incident breach.Incident
	// Practice is the one it is of, nil for several.
	Practice *breach.Practice
	// Practices is how many practices it is of.
	Practices int
	Variants  []ProofVariant
	NoAddress int
	Held      map[breach.HeldReason]int
	// Residents is the number of people by State, for texts that tell it.
	Residents map[string]int
	DatedOn   civil.Date
	// SHA256 identifies what is approved, "" where that is worked out from the proof.
	SHA256 string
	// Corrections are those of earlier letters: the proof has a letter with each, as of
	// one mailed on the proof's day.
	Corrections []breach.Correction
}

// ProofVariant is a variant with how many people get it, at how many practices, and one of
// the practices as an example.
type ProofVariant struct {
	casebook.VariantCount
	Practices int
	Example   breach.Practice
}

// VariantsOf are the variants of one practice's letters, for its proof.
func VariantsOf(practice breach.Practice, counts []casebook.VariantCount) []ProofVariant {
	all := make([]ProofVariant, len(counts))
	for i, c := range counts {
		all[i] = ProofVariant{VariantCount: c, Practices: 1, Example: practice}
	}
	return all
}

// Proof is the letters that will be printed, for those who approve them: first how many
// there are of each variant, how long and how hard to read it is and by which rule it is as
// it is, then letters to invented people, marked as not for mailing. Each word of each
// variant stands in one of them, but for lists of information, which the first pages have.
// It returns what was measured of each variant, in their order.
func Proof(in ProofInput) (file []byte, measured []Measured, err error) {
	batch, err := NewLetterBatch(in.Incident, in.DatedOn, in.Residents)
	if err != nil {
		return nil, nil, err
	}
	name := "Proof of the letters of incident " + oneLine(in.Incident.ID)
	batch.proof, batch.pdf, batch.measured = true, newReadDocument(name, in.DatedOn), map[bodyKey][][]placed{}
	measured = make([]Measured, len(in.Variants))
	shown := shownFor(in.Variants)
	for i, v := range in.Variants {
		if measured[i], err = batch.measure([]breach.Practice{v.Example}, v.Variant, shown[i].itself); err != nil {
			return nil, nil, fmt.Errorf("measuring proof %d: %w", i+1, err)
		}
	}
	text, err := render(proofText, viewProof(in, measured, shown))
	if err != nil {
		return nil, nil, err
	}
	if err := batch.pdf.addText(batch.pdf.Structure().Add("Sect"), name, text); err != nil {
		return nil, nil, err
	}
	for i, v := range in.Variants {
		if !shown[i].itself {
			continue
		}
		letter := casebook.Letter{
			PieceID: fmt.Sprintf("PROOF-%d", i+1), Person: sampleFor(v.Variant, in.Incident, in.DatedOn),
			Practices: []breach.Practice{v.Example}, Classes: v.Classes.Classes(),
		}
		piece, err := batch.Add(letter)
		if err != nil {
			return nil, nil, err
		}
		if piece.Variant != v.Variant {
			// A proof of another letter than the one that prints would be worse than none.
			return nil, nil, fmt.Errorf("the proof of variant %s would show variant %s: the sample is not of it", v.Key(), piece.Variant.Key())
		}
	}
	for i, c := range in.Corrections {
		if len(in.Variants) == 0 {
			break
		}
		v := in.Variants[0]
		c.MailedOn = in.DatedOn
		letter := casebook.Letter{
			PieceID: fmt.Sprintf("PROOF-C%d", i+1), Person: sampleFor(v.Variant, in.Incident, in.DatedOn),
			Practices: []breach.Practice{v.Example}, Classes: v.Classes.Classes(), Corrects: &c,
		}
		if _, err := batch.Add(letter); err != nil {
			return nil, nil, err
		}
	}
	var out bytes.Buffer
	if _, err := batch.pdf.WriteTo(&out); err != nil {
		return nil, nil, fmt.Errorf("writing the proof: %w", err)
	}
	return out.Bytes(), measured, nil
}

// wording is a part of a letter's words: who reads it in which language, with one of the
// things that change words there beside the list of information.
type wording struct {
	voice             breach.Voice
	language          string
	selfs             bool
	state             string
	offer             breach.OfferKind
	coded             bool
	health, money     bool
	credentials, risk bool
}

// wordingsOf are the parts that a variant's letter is made of.
func wordingsOf(v breach.Variant) []wording {
	base := wording{voice: v.Voice, language: v.Language}
	state, offer, advice, self := base, base, base, base
	self.selfs = v.ActsForSelf
	state.state = v.State
	offer.offer, offer.coded = v.Offer, v.Coded
	advice.health, advice.money = v.Classes&healthClasses != 0, v.Classes&moneyClasses != 0
	advice.credentials, advice.risk = v.Classes&credentialClasses != 0, v.Classes&identityClasses != 0
	// Which step the box tells follows from the offer and the advice together.
	both := advice
	both.offer = v.Offer
	return []wording{state, offer, self, both}
}

// showing is where a variant's words are shown: in its own letter, or in others'.
type showing struct {
	itself bool
	// in are the places of the variants whose letters have all of its words.
	in []int
}

// shownFor says where the words of each variant are shown: in its own letter where it has
// some that none before it has. So a few hundred pages have every word of an incident's
// letters, however many lists of information there are.
func shownFor(variants []ProofVariant) []showing {
	seen := map[wording]int{}
	shown := make([]showing, len(variants))
	for i, v := range variants {
		for _, w := range wordingsOf(v.Variant) {
			at, there := seen[w]
			switch {
			case !there:
				seen[w], shown[i].itself = i, true
			case !slices.Contains(shown[i].in, at):
				shown[i].in = append(shown[i].in, at)
			}
		}
		if shown[i].itself {
			shown[i].in = []int{i}
		}
		slices.Sort(shown[i].in)
	}
	return shown
}

// sampleFor is an invented person whose letter is of a variant.
func sampleFor(v breach.Variant, incident breach.Incident, datedOn civil.Date) breach.Person {
	p := breach.Person{LastName: "Sample", Address1: "100 Example Street", City: "Anytown", State: v.State, ZIP: "12345"}
	if p.State == "" {
		p.State = plainState
	}
	switch v.LanguageReason {
	case breach.LanguageChosen:
		p.Language = v.Language
	case breach.LanguageDecided:
		p.Language = noLanguage
	case breach.LanguagePuertoRico, breach.LanguageUntranslated:
		p.City, p.State, p.ZIP = "San Juan", "PR", "00901"
	case breach.LanguageUsual, breach.LanguageMissing:
	}
	switch v.Voice {
	case breach.ToAdult:
		p.FirstName = "Adult"
	case breach.ToParent:
		p.FirstName, p.BirthDate = "Child", datedOn.AddYears(-7)
	case breach.ToNextOfKin:
		p.FirstName, p.DeceasedDate = "Deceased", datedOn.AddYears(-1)
	case breach.ToEstate:
		p.FirstName, p.DeceasedDate = "Deceased", datedOn.AddYears(-1)
		p.RepresentativeName, p.RepresentativeRelation = "Executor Sample", "personal_representative"
	case breach.ToRepresentative:
		p.FirstName, p.RepresentativeName, p.RepresentativeRelation = "Represented", "Guardian Sample", "guardian"
	}
	if v.ActsForSelf {
		p.RepresentativeRelation = breach.ActsForSelf
	}
	if v.Coded {
		p.EnrollmentCode = sampleCode(incident)
	}
	return p
}

// sampleCode stands where people's own codes for the credit monitoring go, if
// their list has any.
func sampleCode(incident breach.Incident) string {
	if oneLine(incident.CreditMonitoring.Provider) == "" {
		return ""
	}
	return "(each person's own code)"
}

// noLanguage is a tag for texts in no language (BCP 47, ISO 639-2), in which there is no letter.
const noLanguage = "zxx"

// plainState is a State whose letters say nothing of their own.
const plainState = "KS"
