package evidence

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/papers"
	"duenotice/internal/rules"
)

// binder puts the story into the form that papers.Binder prints.
func (s *story) binder(src Source, in Input, head ledger.Entry) papers.BinderInput {
	b := papers.BinderInput{
		Incident: src.Incident.Facts, Practice: src.Practice.Practice, People: src.Practice.Tally.People,
		Discovered: s.last.Discovered, AsOf: in.AsOf, Notifiable: s.last.Notifiable, Reason: s.last.Reason, Rulebook: s.law,
		Events: s.events, Head: head.Hash.String(), Entries: head.Seq, Fingerprint: Fingerprint(in.Key.Public()),
	}
	for _, duty := range src.Duties {
		b.Duties = append(b.Duties, papers.BinderDuty{
			Obligation: duty.Obligation, SettledOn: duty.SettledOn, DaysLate: duty.DaysLate, Open: duty.SettledOn.IsZero(), Moved: duty.Moved,
			Proofs: s.proofsOf(duty), Causes: s.causesOf(duty),
		})
	}
	return b
}

// proofsOf lists the records that a fulfilled duty rests on.
func (s *story) proofsOf(duty casebook.ObligationStatus) []string {
	var proofs []string
	for _, kind := range rules.SettledBy(duty.Obligation) {
		for _, r := range s.records {
			if r.Fact.Kind != kind || duty.SettledOn.IsZero() || !about(r.Fact.Jurisdiction, duty.Obligation) || s.bounced(r.Fact) {
				continue
			}
			text := fmt.Sprintf("%s on %s", plain(kind), r.Fact.On)
			if p := proofOf(r); p != "" {
				text += " (" + p + ")"
			}
			proofs = append(proofs, text)
		}
	}
	return proofs
}

// bounced reports whether a record of a notice to the practice proves none: by a
// later one it did not arrive.
func (s *story) bounced(f breach.Fact) bool {
	if f.Kind != breach.PracticeNotified {
		return false
	}
	facts := make([]breach.Fact, len(s.records))
	for i, r := range s.records {
		facts[i] = r.Fact
	}
	return !slices.Contains(breach.FactsOf(facts), f)
}

// about reports whether a record with the jurisdiction can be one of the duty:
// without one it is of all, and that of one agency is of that agency's duty.
func about(jurisdiction string, o breach.Obligation) bool {
	state, agency, one := breach.ToldAgency(jurisdiction)
	if one {
		return state == o.Jurisdiction && (o.Form == breach.FormDepartment || strings.HasSuffix(o.Rule, "."+agency))
	}
	return jurisdiction == "" || jurisdiction == o.Jurisdiction || jurisdiction == o.Regime
}

// causesOf lists what is on record for a duty that was or is late: the reasons
// people gave, and the holds that delayed it.
func (s *story) causesOf(duty casebook.ObligationStatus) []string {
	if duty.DaysLate == 0 {
		return nil
	}
	var causes []string
	for _, r := range s.records {
		if r.Fact.Kind == breach.DelayReason {
			causes = append(causes, fmt.Sprintf("%s to %s: %s", r.Fact.On, dayOr(r.Fact.Through, r.Fact.On.String()), r.Fact.Reference))
		}
	}
	for _, h := range s.holds {
		causes = append(causes, fmt.Sprintf("law enforcement asked to wait (%s, stated %s)", h.Agency, h.StatedOn))
	}
	return causes
}
