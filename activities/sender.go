package activities

import (
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// FillSender has a record of what HHS, the media or an agency was told say who told
// them: what a practice says on its page it did itself; what an officer records was
// done by whoever's it is. It is asked for with the act, so that a practice which
// answers otherwise in the same moment does not make it somebody else's.
func FillSender(incident breach.Incident, p casebook.Practice, act casebook.Act) {
	if act.Kind != casebook.ActRecord || !act.Record.Fact.HasSender() || act.Record.Fact.Sender != "" {
		return
	}
	fact := &act.Record.Fact
	if onPage(act) {
		fact.Sender = breach.ByPractice
		return
	}
	if i := slices.IndexFunc(p.Facts, fact.SameFiling); i >= 0 {
		fact.Sender = p.Facts[i].Sender // the same once more
		return
	}
	fact.Sender = breach.ByPractice // of who has not answered too: nobody has left it to us
	if incident.Entity.SenderOf(*fact, p.Practice, p.RecordedFacts()) == breach.ByUs {
		fact.Sender = breach.ByUs
	}
}

// oneSender refuses a record by which HHS, the media or an agency would be told by two:
// by us what is the practice's to tell, or by the practice what it has left to us or we
// have done. An officer may say of one and the same filing that the other made it.
func oneSender(incident breach.Incident, p casebook.Practice, act casebook.Act) error {
	fact := act.Record.Fact
	if !fact.HasSender() || fact.Sender == "" {
		return nil
	}
	if fact.Sender != breach.ByUs && fact.Sender != breach.ByPractice {
		return breach.Refuse("unknown_sender", "It is us or practice.", "%q does not say who did it", fact.Sender)
	}
	facts := p.RecordedFacts()
	if slices.ContainsFunc(p.Facts, fact.SameFiling) && !onPage(act) {
		return nil
	}
	whose := incident.Entity.SenderOf(fact, p.Practice, facts)
	if whose == fact.Sender || whose == breach.Undecided {
		return nil
	}
	done := facts.ToldBy(fact) != ""
	switch {
	case fact.Sender == breach.ByPractice && done:
		return breach.Refuse("duty_done", "Record the practice's new number or day as that of the filing that was made, or correct who made it (record --sender).",
			"%s for practice %s was done by %s, and two must not do it", fact.Kind, p.Practice.Key, incident.Entity.Name)
	case fact.Sender == breach.ByPractice:
		return breach.Refuse("duty_ours", "Ask the practice what it did, and record its new decision (delegate) first.",
			"practice %s has left %s to %s, and two must not do it", p.Practice.Key, fact.Kind, incident.Entity.Name)
	case done:
		return breach.Refuse("duty_theirs", "If that record is wrong, correct who did it (record --sender).",
			"practice %s did %s itself, and two must not do it", p.Practice.Key, fact.Kind)
	}
	return breach.Refuse("duty_theirs", "Record what the practice did (record --sender practice), or its new decision (delegate) first.",
		"%s is practice %s's own: it has not left it to %s", fact.Kind, p.Practice.Key, incident.Entity.Name)
}
