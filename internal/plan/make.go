package plan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
	"duenotice/internal/rules"
)

// Input is a case as the plan needs it: a casefolder.Case is one.
type Input struct {
	Incident  breach.Incident
	Practices []breach.Practice
	// Findings calls f for every row, in any order. p is f's only until it returns.
	Findings func(ctx context.Context, f func(row int, p *breach.Person) error) error
	// OpenPairs and OpenPracticePairs count pairs who may be one and count as two.
	OpenPairs, OpenPracticePairs int
}

// Of plans the case as of a day: what stands in the list, under the rulebook,
// with the letters that a law-enforcement hold keeps back on that day left out.
func Of(ctx context.Context, in Input, asOf civil.Date, book *rules.Book) (*Document, error) {
	t := NewTallier(in.Incident, in.Practices, asOf)
	var heldBack warnings
	err := in.Findings(ctx, func(row int, p *breach.Person) error {
		held, err := t.add(p)
		if held != nil {
			heldBack.add(letterHeld(held, row), p.PracticeKey)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", in.Incident.ID, err)
	}
	d := Decide(in, t, asOf, book)
	d.Warnings = append(d.Warnings, heldBack.list()...)
	slices.SortStableFunc(d.Warnings, func(a, b rules.Warning) int { return strings.Compare(a.Code, b.Code) })
	return d, nil
}

// letterHeld warns of a letter that will be held back, with its row in the list
// of people. Each reason has its own code.
func letterHeld(held *papers.HeldBack, row int) rules.Warning {
	return rules.Warning{
		Code:    "letter_held_" + string(held.Reason),
		Message: fmt.Sprintf("the letter of line %d of the list of people will be held back: %s", row, held),
	}
}

// Decide is Of for findings that were added up already: t has all of them.
func Decide(in Input, t *Tallier, asOf civil.Date, book *rules.Book) *Document {
	d := &Document{
		Incident: in.Incident.ID, AsOf: asOf, Rulebook: Rulebook{book.Version(), book.SHA256()},
		Totals: Totals{Practices: len(in.Practices), People: t.People(), Findings: t.Findings()},
	}
	var w warnings
	var common []rules.Warning
	d.IncidentObligations, common = book.DecideIncident(in.Incident, nil)
	for _, warning := range common {
		w.add(warning, "")
	}
	if n := t.LongDead(); n > 0 {
		w.add(rules.Warning{Code: "dead_over_50_years", Message: fmt.Sprintf(
			"%d rows are left out everywhere: their people were dead for more than 50 years on %s (45 CFR 160.103)", n, in.Incident.Discovered)}, "")
	}

	for _, open := range []struct {
		n          int
		code, text string
	}{
		{in.OpenPairs, "open_pairs", "%d open pairs of people, who may be one person and count as two: `duenotice findings pairs CASE --counts` shows every count with and without them"},
		{in.OpenPracticePairs, "open_practice_pairs", "%d open pairs of practices, which may be one covered entity and count as two: `duenotice findings practices CASE --counts` shows every count with and without them"},
	} {
		if open.n > 0 {
			w.add(rules.Warning{Code: open.code, Message: fmt.Sprintf(open.text, open.n)}, "")
		}
	}

	notifiable := false
	d.Practices = make([]Practice, 0, len(in.Practices))
	for _, s := range subjects(in, t) {
		decision := book.Decide(s)
		notifiable = notifiable || decision.Notifiable
		for _, warning := range decision.Warnings {
			if !slices.Contains(common, warning) {
				w.add(warning, s.Practice.Key)
			}
		}
		d.Totals.Obligations += len(decision.Obligations)
		d.Practices = append(d.Practices, Practice{
			PracticeKey: s.Practice.Key, People: s.Tally.People, Residents: s.Tally.Residents,
			UnknownResidence: s.Tally.UnknownResidence, NoUsableAddress: s.Tally.NoUsableAddress, EmailOnly: s.Tally.EmailOnly,
			Discovered: decision.Discovered, Notifiable: decision.Notifiable, Reason: decision.Reason,
			Obligations: decision.Obligations,
		})
	}
	d.Totals.Obligations += len(d.IncidentObligations)
	if notifiable && !rules.HeldOn(in.Incident.Holds, breach.CoversIndividual, asOf) {
		d.Totals.Letters = t.Letters()
	}
	d.Warnings = w.list()
	return d
}

// subjects are the practices in key order, each with its counting entity.
func subjects(in Input, t *Tallier) []rules.Subject {
	practices := slices.SortedFunc(slices.Values(in.Practices), func(a, b breach.Practice) int { return cmp.Compare(a.Key, b.Key) })
	groups := t.Groups()
	list := make([]rules.Subject, len(practices))
	// Only the leading practice's decision asks for the others.
	lead := map[string]int{}
	for i, p := range practices {
		list[i] = rules.Subject{Incident: in.Incident, Practice: p, Tally: t.Practice(p.Key), Group: groups[p.CountedAs()]}
		if list[i].Group == nil {
			continue
		}
		first, found := lead[p.CountedAs()]
		if !found {
			lead[p.CountedAs()] = i
			continue
		}
		list[first].Peers = append(list[first].Peers, rules.PeerOf(in.Incident, p, list[i].Tally, nil))
	}
	return list
}
