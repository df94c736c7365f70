package activities

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"duenotice/internal/casebook"
)

// remindAt is the time of day in the practice's zone at which it is reminded: when
// somebody is there who can answer on the same day.
const remindAt = 9 * time.Hour

// silenced is what follows from a practice's silence.
type silenced struct {
	message    string
	defaultDue bool
	// wakeAt is when time alone changes that, zero for never.
	wakeAt time.Time
	reason string
}

// silence works out which e-mail a practice that was told gets next, and whether its
// contract's default holds. The caller has looked that no hold is in the way.
func (a *Activities) silence(incident casebook.Incident, p casebook.Practice, zone *time.Location) silenced {
	now := a.Now()
	var s silenced
	wake := func(at time.Time, reason string) {
		if at.After(now) && (s.wakeAt.IsZero() || at.Before(s.wakeAt)) {
			s.wakeAt, s.reason = at, reason
		}
	}
	if delegation, day := p.DefaultAfter(incident.Incident); delegation != "" {
		over := day.AddDays(1).Start(zone)
		switch {
		case now.Before(over):
			wake(over, fmt.Sprintf("The practice can answer until %s; then its contract's default holds", day))
		case p.Page.AnswersWait:
			// It may be the answer, which is carried out in a moment.
			wake(now.Add(time.Minute), "An answer of the practice is being carried out")
		default:
			s.defaultDue = true
		}
	}
	if !a.writesTo(p) {
		return s
	}
	due := func(step string) bool {
		m, there := p.Messages[step]
		switch {
		case !there, m.State == casebook.MessageSending, m.State == casebook.MessageAgain:
			return true
		case m.State == casebook.MessageIntended:
			wake(m.RetryAt, "An e-mail to the practice could not be handed over and is tried again")
			return !now.Before(m.RetryAt)
		}
		return false
	}
	if a.codeByEmail(p) && p.Page.OpenedAt.IsZero() && due(casebook.CodeStep) {
		s.message = casebook.CodeStep
		return s
	}
	if _, _, stopped := p.CameBack(); stopped || !p.Silent() {
		return s
	}
	told, latest := p.ToldOn(), 0
	for _, days := range incident.Incident.ReminderDays() {
		at := told.AddDays(days).Start(zone).Add(remindAt)
		if now.Before(at) {
			wake(at, fmt.Sprintf("Remind the practice, which was told on %s and says nothing", told))
			break
		}
		latest = days
	}
	// One that was not sent in its time is not sent after a later one.
	if latest > 0 && due(casebook.ReminderStep(latest)) {
		s.message = casebook.ReminderStep(latest)
	}
	return s
}

// writesTo reports whether the practice gets e-mail after its notice: where there are
// pages, and its notice went by an e-mail of this program that did not come back.
// What would only lie in a folder is no reminder.
func (a *Activities) writesTo(p casebook.Practice) bool {
	return a.Pages != nil && a.Mail.Name() != folderSender && p.Practice.Email != "" && (p.Notice.State == casebook.MessageSent || p.Notice.State == casebook.MessageAgain)
}

// emailStopped says why a silent practice that was told gets no further e-mail, "" for
// no reason.
func emailStopped(p casebook.Practice) string {
	_, m, stopped := p.CameBack()
	if !stopped || !p.Silent() || !told(p) {
		return ""
	}
	if m.State == casebook.MessageRejected {
		return "e-mail to it was refused (" + m.Cause() + ")"
	}
	return "e-mail to it did not arrive (" + cmp.Or(m.Cause(), "no reason given") + ")"
}

// ApplyDefault lets a contract's default take the place of the answer that a practice
// did not give, as an act of the program's own. Inside the transaction, with the
// practice locked, it looks once more that there is no answer: one that comes in
// the same moment is before it or after it, and holds.
func (a *Activities) ApplyDefault(ctx context.Context, ref PracticeRef) (PracticeState, error) {
	if err := a.applyDefault(ctx, ref); err != nil {
		return PracticeState{}, forTemporal(err)
	}
	state, err := a.refresh(ctx, ref)
	return state, forTemporal(err)
}

func (a *Activities) applyDefault(ctx context.Context, ref PracticeRef) error {
	incident, seen, plan, zone, err := a.decided(ctx, ref)
	if err != nil || !a.standing(incident, seen, plan, zone).DefaultDue {
		return err
	}
	terms := &casebook.DelegateTerms{Delegation: seen.Practice.DefaultDelegation}
	_, err = a.Store.ActOnPractice(ctx, casebook.Act{
		ID:         casebook.MessageID(ref.IncidentID, ref.PracticeKey, casebook.DefaultStep, 1),
		IncidentID: ref.IncidentID, PracticeKey: ref.PracticeKey, Kind: casebook.ActDelegate, Who: engine, At: a.Now(), Delegate: terms,
	}, func(p casebook.Practice) error {
		if p.Changes != seen.Changes || !a.standing(incident, p, plan, zone).DefaultDue {
			return errAlready
		}
		return nil
	})
	if errors.Is(err, errAlready) {
		return nil // the practice looks again
	}
	if err != nil {
		return err
	}
	return a.tellLead(ctx, ref)
}
