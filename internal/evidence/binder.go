package evidence

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/papers"
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

// settling are the facts that fulfil a kind of duty, as rules.Settled reads them.
var settling = map[string][]string{
	breach.CoveredEntityNotice:   {breach.PracticeNotified},
	breach.IndividualNotice:      {breach.LettersMailed},
	breach.StateIndividualNotice: {breach.LettersMailed},
	breach.CreditMonitoringDuty:  {breach.LettersMailed},
	breach.SubstituteNotice:      {breach.PostingStarted, breach.TollFreeStarted},
	breach.MediaNotice:           {breach.MediaSent},
	breach.HHSNotice:             {breach.HHSFiled, breach.HHSAddendum},
	breach.RegulatorNotice:       {breach.RegulatorNotified},
	breach.FacilityNotice:        {breach.RegulatorNotified},
	breach.CRANotice:             {breach.CRANotified},
}

// proofsOf lists the records that a fulfilled duty rests on.
func (s *story) proofsOf(duty casebook.ObligationStatus) []string {
	var proofs []string
	for _, kind := range settling[duty.Kind] {
		for _, r := range s.records {
			forOther := r.Fact.Jurisdiction != "" && r.Fact.Jurisdiction != duty.Jurisdiction && r.Fact.Jurisdiction != duty.Regime
			if r.Fact.Kind != kind || forOther || duty.SettledOn.IsZero() {
				continue
			}
			text := fmt.Sprintf("%s on %s", plain(kind), r.Fact.On)
			if p := r.proof(); p != "" {
				text += " (" + p + ")"
			}
			proofs = append(proofs, text)
		}
	}
	return proofs
}

// causesOf lists what is on record for a duty that was or is late: the reasons
// people gave, and the holds that delayed it.
func (s *story) causesOf(duty casebook.ObligationStatus) []string {
	if duty.DaysLate == 0 {
		return nil
	}
	var causes []string
	for _, r := range s.records {
		if r.Fact.Kind == delayReason {
			causes = append(causes, fmt.Sprintf("%s to %s: %s", r.Fact.On, dayOr(r.Fact.Through, r.Fact.On.String()), r.Fact.Reference))
		}
	}
	for _, h := range s.holds {
		causes = append(causes, fmt.Sprintf("law enforcement asked to wait (%s, stated %s)", h.Agency, h.StatedOn))
	}
	return causes
}
