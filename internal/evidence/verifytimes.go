package evidence

import (
	"time"

	"duenotice/internal/civil"
	"duenotice/internal/ledger"
)

// ClockSkew is by how much the clock of whoever verifies may be behind the clocks of
// those who acted. Two machines that keep the time differ by less than a second; this
// is for one whose clock is set by hand.
const ClockSkew = 5 * time.Minute

// easternmost is the zone in which every day begins first: UTC+14.
const easternmost = 14 * time.Hour

// cameToPass is the latest instant of which a pack may tell as past.
func (v *verification) cameToPass() time.Time { return v.trust.Now.Add(ClockSkew) }

// begun reports whether a day has begun somewhere: dates in a pack are those of the
// places where people were.
func (v *verification) begun(day civil.Date) bool {
	return !day.After(civil.OfTime(v.cameToPass().UTC().Add(easternmost)))
}

// checkAsOf: the day of the pack is none that is still to come.
func (v *verification) checkAsOf() error {
	if !v.begun(v.manifest.AsOf) {
		return broken(manifestName, "it is of %s, which is after now (%s by the clock of this machine)", v.manifest.AsOf, v.now())
	}
	return nil
}

// checkTimes: nothing that an entry tells of as having happened is after now. Whoever
// makes a pack up may write any time into it; one that has not come nobody can have
// lived through.
func (v *verification) checkTimes(e ledger.Entry) error {
	late := func(what, when string) error {
		return &ledger.Broken{Practice: e.Practice, Seq: e.Seq, What: what + " " + when + ", which is after now (" + v.now() + " by the clock of this machine)"}
	}
	at, err := time.Parse(ledger.TimeFormat, e.At)
	if err != nil {
		return &ledger.Broken{Practice: e.Practice, Seq: e.Seq, What: "it does not say when it was written"}
	}
	if at.After(v.cameToPass()) {
		return late("it says that it was written at", e.At)
	}
	b, err := e.Decode()
	if err != nil {
		return &ledger.Broken{Practice: e.Practice, Seq: e.Seq, What: "its content cannot be read: " + err.Error()}
	}
	if b.When.After(v.cameToPass()) {
		return late("it says that it was done at", b.When.UTC().Format(time.RFC3339))
	}
	days, err := pastDays(b)
	if err != nil {
		return &ledger.Broken{Practice: e.Practice, Seq: e.Seq, What: "its result cannot be read: " + err.Error()}
	}
	for _, day := range days {
		if !v.begun(day) {
			return late("it tells of", day.String())
		}
	}
	return nil
}

func (v *verification) now() string { return v.trust.Now.UTC().Format(time.RFC3339) }

// pastDays are the days in an entry on which something had happened when it was
// written. Days by which something is due, or until which a hold lasts, are not
// among them.
func pastDays(b ledger.Body) ([]civil.Date, error) {
	switch b.Kind {
	case ledger.KindAct:
		a, err := ledger.ResultOf[act](b)
		return a.pastDays(), err
	case ledger.KindDecision:
		d, err := ledger.ResultOf[ledger.Decision](b)
		days := []civil.Date{d.Discovered}
		for _, change := range d.Changes {
			days = append(days, change.SettledOn)
		}
		return days, err
	case ledger.KindClosed:
		c, err := ledger.ResultOf[ledger.Closed](b)
		return []civil.Date{c.On}, err
	case ledger.KindPhase:
		p, err := ledger.ResultOf[ledger.Phase](b)
		return []civil.Date{p.ClosedOn}, err
	}
	return nil, nil
}

func (a act) pastDays() []civil.Date {
	var days []civil.Date
	if record := a.Terms.Record; record != nil {
		days = append(days, record.Fact.On, record.Fact.Through)
	}
	if hold := a.Terms.Hold; hold != nil {
		days = append(days, hold.StatedOn)
	}
	if release := a.Terms.Release; release != nil {
		if on, err := civil.Parse(release.On); err == nil {
			days = append(days, on)
		}
	}
	return days
}
