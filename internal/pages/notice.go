package pages

import (
	"context"
	"net/http"
	"slices"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
)

// noticed is what the practice's page shows.
type noticed struct {
	*packet.Page
	Today  civil.Date
	Locale *time.Location
	Next   step
	// Owed are the duties that are open, by day; Done those that were fulfilled.
	Owed, Done []packet.Duty
	// First is the earliest day on which something is due, zero for none.
	First civil.Date
	Given []pagedoor.Given
	// ForAll and ForYourself are the files, by whom they are for.
	ForAll, ForYourself []packet.File
	// CanDelegate: the answer who tells the patients can still be given or changed.
	CanDelegate bool
	// Calendar: there is one.
	Calendar bool
	// ZIP: there is a list that the password opens.
	ZIP bool
}

// shownAnswers is how many answers the page shows; the others are of earlier days.
const shownAnswers = 10

// notice shows the practice's page.
func notice(ctx context.Context, v *visit) (reply, error) {
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	given, err := v.Answers(ctx)
	if err != nil {
		return nil, err
	}
	n := noticed{Page: p, Today: v.today(), Locale: v.zone(), Given: given[:min(len(given), shownAnswers)], CanDelegate: canDelegate(p)}
	for _, d := range byDay(p.Duties) {
		if d.Open {
			n.Owed, n.First = append(n.Owed, d), civil.Earlier(n.First, d.Due)
		} else {
			n.Done = append(n.Done, d)
		}
	}
	for _, f := range p.Files {
		switch {
		case f.ForYourself:
			n.ForYourself = append(n.ForYourself, f)
		default:
			n.ForAll = append(n.ForAll, f)
		}
		n.Calendar = n.Calendar || f.Part == packet.PartCalendar
		n.ZIP = n.ZIP || f.Part == packet.PartPeopleZIP
	}
	n.Next = nextStep(p, given, n.First)
	if err := v.Looked(ctx, packet.PartPage); err != nil {
		return nil, err
	}
	return v.show(http.StatusOK, "notice", n), nil
}

// byDay sorts duties by the day they are due, those without one last.
func byDay(duties []packet.Duty) []packet.Duty {
	sorted := slices.Clone(duties)
	slices.SortStableFunc(sorted, func(a, b packet.Duty) int {
		switch {
		case a.Due == b.Due:
			return 0
		case a.Due.IsZero():
			return 1
		case b.Due.IsZero():
			return -1
		}
		return a.Due.Compare(b.Due)
	})
	return sorted
}

// canDelegate: once letters were printed in its name they are on their way, whatever
// the practice answers then.
func canDelegate(p *packet.Page) bool {
	return p.People > 0 && (!p.LettersPrinted || !breach.LettersDelegated(p.Delegation))
}

// What a practice has to do now: one thing.
const (
	stepNobody   = "nobody"   // none of its patients is on the list any more
	stepReceived = "received" // say that it has the notice
	stepDelegate = "delegate" // say who tells its patients
	stepWait     = "wait"     // its answer is being carried out
	stepTell     = "tell"     // do the next duty that is its own, and say when it did
	stepHeld     = "held"     // nothing, until the delay ends
	stepDone     = "done"     // nothing
)

// step is the next thing to do.
type step struct {
	What string
	// Path leads to it, "" where there is nothing to do.
	Path string
	// By is the last day for it, zero for none.
	By civil.Date
	// Duty is what a stepTell is about.
	Duty packet.Duty
}

// nextStep is the one thing that a front-desk clerk shall do now. first is the first
// day on which something is due.
func nextStep(p *packet.Page, given []pagedoor.Given, first civil.Date) step {
	waits := func(kind string) bool {
		return slices.ContainsFunc(given, func(g pagedoor.Given) bool { return g.Kind == kind && g.Waits() })
	}
	switch {
	case p.People == 0:
		return step{What: stepNobody}
	case p.Acknowledged.IsZero() && !waits(packet.Received):
		return step{What: stepReceived, Path: "/answer/" + pathReceived}
	case p.Delegation == "" && waits(packet.Delegate):
		return step{What: stepWait}
	case p.Delegation == "" && canDelegate(p):
		by := p.DefaultAfter
		if by.IsZero() {
			by = first
		}
		return step{What: stepDelegate, Path: "/answer/" + pathDelegate, By: by}
	case p.Held:
		return step{What: stepHeld}
	}
	for _, d := range byDay(p.Duties) {
		if d.Open && d.By == packet.DoneByYou {
			return step{What: stepTell, Path: "/answer/" + pathTold, By: d.Due, Duty: d}
		}
	}
	return step{What: stepDone}
}

// dutyTitle is what a duty is called in the reader's language.
func (w words) dutyTitle(d packet.Duty) (string, error) {
	if w.lang == languages[0] || !w.hasText("duty."+d.Kind) {
		return d.Title, nil
	}
	key := "duty." + d.Kind
	if own := key + "." + d.Form; d.Form != "" && w.hasText(own) {
		key = own
	}
	title, err := w.text(key)
	if err == nil && d.Regime == breach.Part2 {
		title, err = w.text("duty.part2", "duty", title)
	}
	if err != nil || d.Jurisdiction == "" || d.Jurisdiction == "US" {
		return title, err
	}
	where, err := w.stateName(d.Jurisdiction)
	return title + " (" + where + ")", err
}
