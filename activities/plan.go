package activities

import (
	"context"
	"fmt"
	"slices"
	"time"
	_ "time/tzdata" // Deadlines end in the practice's zone on every machine, with or without zone files of its own.

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rulebooks"
	"duenotice/internal/rules"
)

// PlanPractice decides what a practice owes by the rulebook, stores it with
// rule, citation, trigger and dates, and returns where the practice stands.
//
// It is the only place where the law is applied to a running case. Its result
// is in the workflow's history, so replay never decides again.
func (a *Activities) PlanPractice(ctx context.Context, ref PracticeRef) (PracticeState, error) {
	state, err := a.refresh(ctx, ref)
	return state, forTemporal(err)
}

// refresh is PlanPractice for the other steps, which all end with it.
func (a *Activities) refresh(ctx context.Context, ref PracticeRef) (PracticeState, error) {
	_, state, err := a.look(ctx, ref)
	return state, err
}

// view is a practice as it was read, and what was decided from it.
type view struct {
	incident casebook.Incident
	practice casebook.Practice
	plan     casebook.Plan
	// zone is the practice's, in which its days end.
	zone *time.Location
}

// weigh reads a practice and decides what it owes now, and stores nothing.
func (a *Activities) weigh(ctx context.Context, ref PracticeRef) (view, error) {
	// The practice first: an act on the incident that comes in between then counts
	// as a change that this view does not know, and nothing is done on it.
	practice, err := a.Store.Practice(ctx, ref.IncidentID, ref.PracticeKey)
	if err != nil {
		return view{}, err
	}
	incident, err := a.Store.Incident(ctx, ref.IncidentID)
	if err != nil {
		return view{}, err
	}
	zone, err := time.LoadLocation(practice.Practice.ZoneName())
	if err != nil {
		return view{}, fmt.Errorf("practice %s: time zone %q: %w", ref.PracticeKey, practice.Practice.ZoneName(), err)
	}
	peers, err := a.peers(ctx, incident.Incident, practice)
	if err != nil {
		return view{}, err
	}
	plan, err := a.decide(incident, practice, peers, zone)
	return view{incident, practice, plan, zone}, err
}

// stands is where a practice stands by what was read and decided.
func (a *Activities) stands(v view) PracticeState {
	return a.standing(v.incident, v.practice, v.plan, v.zone)
}

// look decides what a practice owes, stores it, and returns what it was decided from.
func (a *Activities) look(ctx context.Context, ref PracticeRef) (view, PracticeState, error) {
	seen, err := a.weigh(ctx, ref)
	if err != nil {
		return view{}, PracticeState{}, err
	}
	practice, plan := seen.practice, seen.plan
	state := a.stands(seen)
	if practice.Phase == casebook.PhaseClosed && state.Finished {
		return seen, state, nil
	}
	if practice.Phase == casebook.PhaseClosed {
		// New evidence: something is owed that was not when it was closed.
		if err := a.Store.ReopenPractice(ctx, ref.IncidentID, ref.PracticeKey); err != nil {
			return seen, PracticeState{}, err
		}
		practice.Phase = casebook.PhaseStarting
		state = a.standing(seen.incident, practice, plan, seen.zone)
	}
	_, err = a.Store.SavePlan(ctx, ref.IncidentID, ref.PracticeKey, plan, casebook.Standing{
		Changes: practice.Changes, Phase: state.Phase, NeedsPerson: state.NeedsPerson, Printable: state.Printable, LateAt: state.NextDueEnds, NextDue: state.NextDue, EmailStopped: state.EmailStopped,
		PostingURL: postingURL(practice, plan),
	})
	if err == nil && (practice.GroupUntold || plan.LeavesGroup != practice.LeftGroup) {
		err = a.tellGroup(ctx, ref)
	}
	return seen, state, err
}

// rulebook is the one the incident was planned under. It stays until a person
// re-plans the incident, whatever newer one this program has.
func (a *Activities) rulebook(incident casebook.Incident) (*rulebooks.Rulebook, error) {
	book, ok := a.Books.Find(incident.RulebookSHA256)
	if !ok {
		return nil, breach.Refuse("rulebook_unknown", "Run a worker that has it, or look at the difference with replan --dry-run.",
			"%s was planned under rulebook %s, which this worker does not have", incident.Incident.ID, incident.RulebookVersion)
	}
	return book, nil
}

// decide applies the incident's rulebook to the practice as it now is.
func (a *Activities) decide(incident casebook.Incident, p casebook.Practice, peers []rules.Peer, zone *time.Location) (casebook.Plan, error) {
	book, err := a.rulebook(incident)
	if err != nil {
		return casebook.Plan{}, err
	}
	decision, err := book.Decide(subject(incident.Incident, p, peers))
	if err != nil {
		return casebook.Plan{}, err
	}
	plan := casebook.Plan{
		Discovered: decision.Discovered, Notifiable: decision.Notifiable, Reason: decision.Reason,
		RulebookVersion: book.Version(), RulebookSHA256: book.SHA256(),
		Inputs: decision.Inputs, Result: decision.Result,
		LeavesGroup: decision.Reason == rules.ReasonLowProbability,
	}
	for _, w := range decision.Warnings {
		plan.Warnings = append(plan.Warnings, casebook.Warning(w))
	}
	progress := rules.Progress{Discovered: decision.Discovered, Facts: p.RecordedFacts(), Account: p.Account, Media: incident.Incident.Media}
	for _, o := range decision.Obligations {
		planned := casebook.PlannedObligation{Obligation: o}
		if settled, ok := rules.Settled(o, progress); ok {
			planned.SettledOn = settled.On
		}
		for _, r := range rules.Reminders(o, decision.Discovered, p.RecordedFacts()) {
			planned.Reminders = append(planned.Reminders, casebook.Reminder(r))
		}
		if !o.Due.IsZero() {
			planned.DueEnds = o.Due.End(zone).UTC()
		}
		plan.Obligations = append(plan.Obligations, planned)
	}
	return plan, nil
}

// subject is the practice as the law sees it.
func subject(incident breach.Incident, p casebook.Practice, peers []rules.Peer) rules.Subject {
	return rules.Subject{
		Incident: incident, Practice: p.Practice, Tally: p.Tally, Group: p.Group, Peers: peers, Facts: p.RecordedFacts(), Told: p.Told,
		Assessment: assessmentOf(p.Assessments),
	}
}

// peers describes the other practices of the counting entity to its lead,
// under which the entity's duties stand; nobody else needs them.
func (a *Activities) peers(ctx context.Context, incident breach.Incident, p casebook.Practice) ([]rules.Peer, error) {
	if p.Group == nil || p.Group.Lead() != p.Practice.Key {
		return nil, nil
	}
	var peers []rules.Peer
	for _, key := range p.Group.Members[1:] {
		other, err := a.Store.Practice(ctx, incident.ID, key)
		if err != nil {
			return nil, err
		}
		peers = append(peers, rules.PeerOf(incident, other.Practice, other.Tally, other.RecordedFacts()))
	}
	return peers, nil
}

// tellGroup lets every other practice of a counting entity look again after one
// left it or came back.
func (a *Activities) tellGroup(ctx context.Context, ref PracticeRef) error {
	keys, err := a.Store.CountedWith(ctx, ref.IncidentID, ref.PracticeKey)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := a.signalPractice(ctx, ref.IncidentID, key, FactsChanged{Reason: "the counting entity has other practices now"}); err != nil {
			return err
		}
	}
	return a.Store.GroupTold(ctx, ref.IncidentID, ref.PracticeKey)
}

// tellSharing lets the practices look again whose people the letters of this one also wrote to.
func (a *Activities) tellSharing(ctx context.Context, ref PracticeRef) error {
	keys, err := a.Store.SharesLetters(ctx, ref.IncidentID, ref.PracticeKey)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := a.signalPractice(ctx, ref.IncidentID, key, FactsChanged{Reason: "letters that write for it too were mailed"}); err != nil {
			return err
		}
	}
	return nil
}

// tellLead lets the lead of the practice's counting entity look again, whose
// duties may rest on what just changed here.
func (a *Activities) tellLead(ctx context.Context, ref PracticeRef) error {
	p, err := a.Store.Practice(ctx, ref.IncidentID, ref.PracticeKey)
	if err != nil || p.Group == nil || p.Group.Lead() == ref.PracticeKey {
		return err
	}
	return a.signalPractice(ctx, ref.IncidentID, p.Group.Lead(), FactsChanged{Reason: "a practice of the same counting entity changed"})
}

// assessmentOf sums up the recorded assessments: the latest conclusion, with
// everybody who recorded that same conclusion since it was last different.
func assessmentOf(recorded []casebook.Assessment) *rules.Assessment {
	if len(recorded) == 0 {
		return nil
	}
	latest := recorded[len(recorded)-1]
	sum := &rules.Assessment{Conclusion: latest.Conclusion, Factors: latest.Factors}
	for i := len(recorded) - 1; i >= 0 && recorded[i].Conclusion == latest.Conclusion; i-- {
		who := recorded[i].Who
		if !slices.ContainsFunc(sum.ConfirmedBy, func(other string) bool { return breach.SamePerson(other, who) }) {
			sum.ConfirmedBy = append(sum.ConfirmedBy, who)
		}
	}
	return sum
}

// lowProbabilityPending reports whether somebody concluded a low probability
// of compromise and two different people have not recorded it yet.
func lowProbabilityPending(incident breach.Incident, p casebook.Practice) bool {
	own := assessmentOf(p.Assessments)
	if own == nil {
		return incident.RiskAssessment.Conclusion == breach.LowProbability
	}
	return own.Conclusion == breach.LowProbability && breach.DifferentPeople(own.ConfirmedBy) < breach.LowProbabilityAssessors
}

// wakeAt returns the first instant after the hold's last day of delay, if that
// is still to come.
func wakeAt(holdUntil civil.Date, zone *time.Location, now time.Time) (time.Time, bool) {
	if holdUntil.IsZero() {
		return time.Time{}, false
	}
	at := holdUntil.Start(zone).UTC()
	return at, at.After(now)
}
