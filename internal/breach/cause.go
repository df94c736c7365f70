package breach

import "duenotice/internal/civil"

// Course is what is known to have happened in an incident, or to one practice of
// it. A day is zero while it is not known to have come.
type Course struct {
	// Occurred is the first day of the incident, Discovered the day of discovery.
	Occurred, Discovered civil.Date
	// Printed is the day, where the officers are, on which the letters that a
	// LettersMailed is about were printed.
	Printed civil.Date
	// Facts are the facts recorded so far.
	Facts Facts
}

// Cause is what has to have happened before something else can.
type Cause struct {
	// What is said of it: "the letters were printed".
	What string
	// On is the day on which it happened, zero when it is not known to have.
	On civil.Date
	// First is what to do where it is not known to have happened. It is empty
	// where nothing has to be: then an unknown day is held against nothing.
	First string
}

// CauseOf is what a fact of a kind follows from: no fact is from before its
// cause. The kinds are those of FactKinds; of any other there is no cause but
// the incident itself.
func (c Course) CauseOf(f Fact) Cause {
	recorded := func(what, kind, jurisdiction string) Cause {
		return Cause{What: what, On: c.Facts.first(kind, jurisdiction), First: "Record " + kind + " first."}
	}
	switch f.Kind {
	case Acknowledged:
		return recorded("the practice was notified", PracticeNotified, "")
	case LettersMailed:
		return Cause{What: "the letters were printed", On: c.Printed, First: "Wait until status shows them printed. Letters that a practice mailed by itself are recorded as " + PracticeMailed + "."}
	case HHSAddendum:
		return recorded("HHS had a report to add to", HHSFiled, f.Jurisdiction)
	case PracticeUpdated, PracticeReminded, ReminderBounced:
		return recorded("the practice was notified", PracticeNotified, "")
	case PostingEnded, PostingGap:
		return recorded("the notice was posted", PostingStarted, f.Jurisdiction)
	case TollFreeEnded, TollFreeTested:
		return recorded("the toll-free number was active", TollFreeStarted, f.Jurisdiction)
	case AgencyDetermined, ClockOverride:
		// Whose agent somebody is may have been settled long before, and another
		// clock may run from a day before the entity's own discovery.
		return c.incident()
	case PracticeNotified, NoticeBounced, EmailsSent, RegulatorUpdated, PracticeMailed, HHSFiled, MediaSent, RegulatorNotified, CRANotified, PostingStarted, TollFreeStarted,
		DeterminedFact, MaterialDeterminedFact, DelayReason, ToldOtherwise:
		return Cause{What: "the incident was discovered", On: c.Discovered}
	}
	return c.incident()
}

func (c Course) incident() Cause { return Cause{What: "the incident began", On: c.Occurred} }

// Follows refuses a fact from before its cause, with code "before_incident"
// where that is the incident itself and "before_cause" else; and one whose cause
// has not happened as far as is known, with code "no_cause".
func (c Course) Follows(f Fact) error {
	if began := c.incident(); f.On.Before(began.On) {
		return Refuse("before_incident", "Check the year.", "%s is before %s (%s)", f.On, began.What, began.On)
	}
	return c.CauseOf(f).before(f.Kind, f.On)
}

// ReleaseFollows refuses the release, on a day, of holds that were stated later.
func ReleaseFollows(on civil.Date, holds []Hold) error {
	for _, h := range holds {
		if !h.ReleasedOn.IsZero() {
			continue
		}
		stated := Cause{What: "the hold of " + h.Agency + " was stated", On: h.StatedOn}
		if err := stated.before("a release", on); err != nil {
			return err
		}
	}
	return nil
}

func (cause Cause) before(what string, on civil.Date) error {
	switch {
	case cause.On.IsZero() && cause.First != "":
		return Refuse("no_cause", cause.First, "%s cannot be recorded before %s, and nothing here says that it was", what, cause.What)
	case on.Before(cause.On):
		return Refuse("before_cause", "Check the day, and the one recorded for the other.", "%s on %s is before %s (%s)", what, on, cause.What, cause.On)
	}
	return nil
}

// first is the earliest day on which a fact happened, for exactly the jurisdiction.
func (fs Facts) first(kind, jurisdiction string) civil.Date {
	var on civil.Date
	for _, f := range fs {
		if f.Kind == kind && f.Jurisdiction == jurisdiction {
			on = civil.Earlier(on, f.On)
		}
	}
	return on
}
