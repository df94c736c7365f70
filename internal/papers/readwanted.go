package papers

import (
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
)

// phrase is what must stand in a letter, spaces left out, and for which check.
type phrase struct {
	check Check
	text  string
}

// wanted is what the words of a letter must say, and what they must not: what follows from
// a bodyKey, worked out anew from the letter.
type wanted struct {
	// in is the letter's language, and neutral judges what stands above the fold.
	in       *lettering
	neutral  func(top string) bool
	headings []string
	phrases  []phrase
	absent   []phrase
	// classes are the person's as the letter lists them; others are the words of those
	// that the person does not have.
	classes string
	others  []string
	// named are the practices, each of which the letter names in its words; headed says
	// that its head names them too.
	named  []string
	headed bool
	// coded: the person's own code stands in it.
	coded bool
	// given is what others wrote, longest first: a practice may be called "[NORTH CAMPUS]".
	given []string
}

// wantedOf is what a letter must say, worked out now or for one alike.
func (b *LetterBatch) wantedOf(a *lettered, before map[bodyKey]*wanted) (*wanted, error) {
	key := b.keyOf(&a.letter)
	if w := before[key]; w != nil {
		return w, nil
	}
	in, err := speechOf(b.incident, key.Language)
	if err != nil {
		return nil, err
	}
	w, err := b.wantedFor(in, a.letter.Practices, key)
	if err != nil {
		return nil, err
	}
	before[key] = w
	return w, nil
}

// wantedFor is what a letter for these practices must say.
func (b *LetterBatch) wantedFor(in speech, practices []breach.Practice, v bodyKey) (*wanted, error) {
	of, err := b.ofState(v.State)
	if err != nil {
		return nil, err
	}
	view := in.letter(in.incident, b.datedOn, practices, v.Variant, of, in.said)
	view.Corrects = in.correcting(v.corrects)
	w := &wanted{in: in.lettering, neutral: b.neutral(in.lettering), headings: in.headings, classes: squeezed(unmark(view.Classes)), coded: v.Coded}
	w.correction(view)
	w.headed = len(practices) <= 2
	w.elements(b.incident, view)
	w.offer(b.incident, view)
	// The name at the letter's head, and again where it says for whom it writes.
	w.want(CheckPractice, unmark(view.Head)+in.headings[0])
	for _, p := range practices {
		w.want(CheckPractice, p.Name())
		w.named = append(w.named, squeezed(oneLine(p.Name())))
		w.given = append(w.given, oneLine(p.Name()))
	}
	for _, c := range breach.DataClasses() {
		if v.Classes&breach.SetOf(c) == 0 {
			w.others = append(w.others, squeezed(in.words["class."+string(c)]))
		}
	}
	for _, t := range b.incident.Letters.Taglines {
		w.want(CheckTaglines, t.Text)
		w.given = append(w.given, oneLine(t.Text))
	}
	if err := w.ofState(view, v.State); err != nil {
		return nil, err
	}
	slices.SortFunc(w.given, func(x, y string) int { return len(y) - len(x) })
	return w, nil
}

func (w *wanted) want(check Check, text string) {
	if text = squeezed(oneLine(text)); text != "" {
		w.phrases = append(w.phrases, phrase{check, text})
	}
}

// elements are the five of 45 CFR 164.404(c)(1).
func (w *wanted) elements(i breach.Incident, view letterView) {
	for _, text := range []string{view.WhatHappened, view.WhatWeAreDoing, view.WhatYouCanDo} {
		for line := range strings.SplitSeq(text, "\n") {
			line = unmark(strings.TrimPrefix(line, "- "))
			w.want(CheckElements, line)
			w.given = append(w.given, line)
		}
	}
	for _, day := range []civil.Date{i.Occurred.From, i.Occurred.To, i.Discovered} {
		w.want(CheckElements, w.in.date(day))
	}
	for _, contact := range view.Contacts {
		w.want(CheckElements, unmark(contact))
	}
	e := i.Entity
	w.given = append(w.given, oneLine(e.Name), oneLine(e.Parent), oneLine(e.TollFree), oneLine(e.Email), oneLine(e.Website))
	w.want(CheckElements, e.Name)
}

// correction is what a letter says of the one before it: that, and nothing in any other.
func (w *wanted) correction(view letterView) {
	// Its first words tell it, whatever a fault makes of the rest.
	const enough = 6
	opening := strings.Fields(w.in.words["corrects"])
	if view.Corrects == nil {
		w.absent = append(w.absent, phrase{CheckCorrection, squeezed(strings.Join(opening[:min(enough, len(opening))], " "))})
		return
	}
	w.want(CheckCorrection, view.Corrects.Opening)
	w.want(CheckCorrection, unmark(view.Corrects.Sentence))
	w.given = append(w.given, unmark(view.Corrects.Sentence))
}

// offer is the credit monitoring: to everybody who has a credit file, and to nobody else;
// what is for minors to them, and to nobody else.
func (w *wanted) offer(incident breach.Incident, view letterView) {
	if view.Offer == nil {
		return
	}
	offer := phrase{CheckOffer, squeezed(unmark(view.Offer.Named))}
	if !view.Freeze {
		w.absent = append(w.absent, offer)
		return
	}
	for _, voice := range []breach.Voice{breach.ToAdult, breach.ToParent} {
		if o := w.in.offerTo(incident, voice); o != nil && !strings.Contains(offer.text, squeezed(unmark(o.Named))) {
			w.absent = append(w.absent, phrase{CheckOffer, squeezed(unmark(o.Named))})
		}
	}
	w.phrases = append(w.phrases, offer, phrase{CheckOffer, squeezed(unmark(view.Offer.How))})
	w.given = append(w.given, unmark(view.Offer.Provider), unmark(view.Offer.How))
}

// ofState is the text of the State of the address, and that of no other.
func (w *wanted) ofState(view letterView, state string) error {
	for _, other := range statesWithText() {
		if other != state {
			w.absent = append(w.absent, phrase{CheckState, w.in.openings[other]})
		}
	}
	if state == "" {
		return nil
	}
	text, err := w.in.render(stateName(state), view)
	if err != nil {
		return err
	}
	for line := range strings.SplitSeq(text, "\n") {
		w.want(CheckState, unmark(strings.ReplaceAll(strings.TrimPrefix(line, "- "), "**", "")))
	}
	return nil
}

// check holds a letter's words, spaces left out, against what is wanted.
func (w *wanted) check(text string, fail func(Check, bool)) {
	at := 0
	var after []int
	for _, heading := range w.headings {
		found := strings.Index(text[at:], heading)
		if fail(CheckElements, found < 0); found < 0 {
			break
		}
		at += found + len(heading)
		after = append(after, at)
	}
	for _, p := range w.phrases {
		fail(p.check, !strings.Contains(text, p.text))
	}
	for _, p := range w.absent {
		fail(p.check, strings.Contains(text, p.text))
	}
	times := 1
	if w.headed {
		times = 2
	}
	for _, name := range w.named {
		fail(CheckPractice, strings.Count(text, name) < times)
	}
	const involved = 2 // which heading the kinds of information stand under
	if len(after) < len(w.headings) {
		return
	}
	section := text[after[involved] : after[involved+1]-len(w.headings[involved+1])]
	fail(CheckClasses, strings.Count(section, w.classes) != 1)
	rest := strings.Replace(section, w.classes, "", 1)
	for _, other := range w.others {
		fail(CheckClasses, strings.Contains(rest, other))
	}
}

// says reports whether a text is a part of what the letter must say anyway.
func (w *wanted) says(text string) bool {
	return slices.ContainsFunc(w.phrases, func(p phrase) bool { return strings.Contains(p.text, text) })
}

// mayHold reports whether words, spaces left out, may hold a placeholder: nearly none do,
// and looking for each kind in every letter would take longer than setting it.
func mayHold(text string) bool {
	return strings.ContainsAny(text, "{}<[%") || strings.Contains(text, "oremipsum") || strings.Contains(text, "OREMIPSUM") ||
		slices.ContainsFunc(leftWords, func(word string) bool { return strings.Contains(text, word) })
}

// placeholder is the first thing in the words that somebody meant to replace, beside what
// others wrote.
func (w *wanted) placeholder(spaced string, a *lettered) string {
	spaced = strings.Join(strings.Fields(spaced), " ")
	p := &a.letter.Person
	name, representative := oneLine(p.FullName()), oneLine(p.RepresentativeName)
	own := append([]string{oneLine(p.EnrollmentCode), name, representative, envelope.Machine(name, true), envelope.Machine(representative, true)}, w.given...)
	for _, given := range own {
		if given != "" {
			spaced = strings.ReplaceAll(spaced, given, " ")
		}
	}
	return placeholder(spaced)
}
