package evidence

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/papers"
	"duenotice/internal/rules"
)

// binder puts the story into the form that papers.Binder prints.
func (s *story) binder(src Source, in Input, head ledger.Entry) papers.BinderInput {
	b := papers.BinderInput{
		Incident: src.Incident.Incident, Practice: src.Practice.Practice, People: src.Practice.Tally.People,
		Discovered: s.last.Discovered, AsOf: in.AsOf, Notifiable: s.last.Notifiable, Reason: s.last.Reason, Rulebook: s.law,
		Events: s.events, Head: head.Hash.String(), Entries: head.Seq, Fingerprint: Fingerprint(in.Key.Public()),
	}
	b.Account = accountOf(src, s.last.Notifiable)
	for _, duty := range src.Duties {
		duty, decidedOn := s.byAccount(duty, src.Practice, in.AsOf)
		b.Duties = append(b.Duties, papers.BinderDuty{
			Obligation: duty.Obligation, SettledOn: duty.SettledOn, DaysLate: duty.DaysLate, Open: duty.SettledOn.IsZero(), DecidedOn: decidedOn,
			Moved: duty.Moved, Proofs: s.proofsOf(duty, src.Practice.Account), Causes: s.causesOf(duty),
		})
	}
	return b
}

// accountOf puts the practice's account into words.
func accountOf(src Source, notifiable bool) papers.BinderAccount {
	people := src.Account.Lines
	a := papers.BinderAccount{Findings: src.Account.Findings, AddsUp: src.Account.AddsUp, Left: people.In(account.Left), States: casebook.RowsOf(people)}
	if notifiable {
		a.Untold, a.Unreached = people.Untold(""), people.Unreached("")
	}
	return a
}

// byAccount is a duty as the account has it. People may have come to be untold since
// the last decision: a further list brought them, or a letter or an e-mail came back.
// Their duty is then open, whatever was decided, and decidedOn is the day on which it
// was decided to be fulfilled.
func (s *story) byAccount(duty casebook.ObligationStatus, p *casebook.Practice, asOf civil.Date) (as casebook.ObligationStatus, decidedOn civil.Date) {
	if duty.SettledOn.IsZero() || !rules.OfPeople(duty.Obligation) {
		return duty, civil.Date{}
	}
	progress := rules.Progress{Discovered: s.last.Discovered, Facts: p.Facts, Account: p.Account}
	if _, done := rules.Settled(duty.Obligation, progress); done {
		return duty, civil.Date{}
	}
	decidedOn = duty.SettledOn
	duty.SettledOn, duty.DaysLate = civil.Date{}, casebook.DaysLate(duty.Due, civil.Date{}, asOf)
	return duty, decidedOn
}

// told reports whether a kind of record told anybody of the account. One that says
// that letters were mailed tells nobody of a practice whose letters were not in them.
func told(kind string, people account.Account) bool {
	in := func(why string) bool {
		return people.Sum(func(l account.Line) bool { return l.State == account.Told && l.Why == why }) > 0
	}
	switch kind {
	case breach.LettersMailed:
		return people.Sum(func(l account.Line) bool { return !l.MailedOn.IsZero() }) > 0
	case breach.PracticeMailed:
		return in(account.ByPractice)
	case breach.EmailsSent:
		return in(account.ByEmail)
	case breach.ToldOtherwise:
		return in(account.ByHand)
	}
	return true // it says nothing of people
}

// proofsOf lists the records that a fulfilled duty rests on.
func (s *story) proofsOf(duty casebook.ObligationStatus, people account.Account) []string {
	var proofs []string
	for _, kind := range rules.SettledBy(duty.Obligation) {
		if !told(kind, people) {
			continue
		}
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
