package activities

import (
	"slices"
	"time"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// toldOnPage are the facts that a practice may tell of itself on its page. Whatever else
// can be recorded is an officer's to decide.
var toldOnPage = []string{
	breach.Acknowledged, breach.PracticeMailed, breach.HHSFiled, breach.HHSAddendum, breach.MediaSent, breach.RegulatorNotified,
	breach.RegulatorUpdated, breach.CRANotified, breach.PostingStarted, breach.PostingEnded, breach.TollFreeStarted, breach.TollFreeEnded,
}

// onPage: a practice asked for the act on its page.
func onPage(act casebook.Act) bool {
	return act.Identity == string(access.OfPage(act.IncidentID, act.PracticeKey))
}

// asOnPage is the practice and the day as an answer on its page has them. There the
// practice has the notice before it, whether or not somebody recorded that it went out;
// and a day that has begun where the practice is may still be to come where the officers are.
func (a *Activities) asOnPage(p casebook.Practice, act casebook.Act) (casebook.Practice, civil.Date) {
	today := a.today()
	if !onPage(act) {
		return p, today
	}
	if zone, err := time.LoadLocation(p.Practice.ZoneName()); err == nil {
		today = civil.Later(today, civil.OfTime(a.Now().In(zone)))
	}
	if act.Record != nil && act.Record.Fact.Kind == breach.Acknowledged {
		p.Facts = append(slices.Clone(p.Facts), breach.Fact{Kind: breach.PracticeNotified, On: act.Record.Fact.On})
	}
	return p, today
}

// allowedOnPage refuses what a practice says on its page that is not its own to say. A
// duty that it let us do is ours: told by both, it would be fulfilled by two senders or
// by none.
func allowedOnPage(incident breach.Incident, p casebook.Practice, act casebook.Act) error {
	if !onPage(act) {
		return nil
	}
	switch {
	case act.Kind == casebook.ActDispute && act.Dispute.Keep:
		return breach.Refuse("not_on_page", "An officer says that people stay.", "practice %s cannot end a dispute of its own on its page", p.Practice.Key)
	case act.Kind != casebook.ActRecord || act.Record.Fact.Kind == breach.Acknowledged:
		return nil
	}
	fact := act.Record.Fact.Kind
	if !slices.Contains(toldOnPage, fact) {
		return breach.Refuse("not_on_page", "An officer records it (record).", "a practice does not record %s on its page", fact)
	}
	if fact == breach.PracticeMailed {
		return nil // whoseMailing knows whose the letters are
	}
	if act.Record.Fact.HasSender() {
		return nil // oneSender knows whose it is
	}
	if (breach.Obligation{Kind: breach.SubstituteNotice}).CarriedOutBy(incident.Entity.Delegated(p.Practice)) == breach.ByUs {
		return breach.Refuse("duty_ours", "Ask the practice what it did, and record it (record) or its new decision (delegate).",
			"practice %s let us do everything, and says that it did %s itself", p.Practice.Key, fact)
	}
	return nil
}
