package openitems

import (
	"cmp"
	"fmt"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// silent adds a practice that says nothing: somebody has to call it, or to write to it
// where its e-mail came back.
func (l *list) silent(s casebook.Silence) {
	of := s.Practice.Practice
	if s.ToWrite() {
		l.items = append(l.items, Item{
			Practice: of.Key, Name: of.Name(), Kind: Post, Whom: ForOfficer, Due: s.DefaultAfter, Late: s.Late(l.today),
			What: s.EmailStopped + ", and nothing further is sent there: write by post, or correct its address (practice contact)",
			Do:   l.command("notify", l.in.Incident.ID, "--post", "--reminders", "--practice", of.Key, "--by", "YOUR NAME"),
		})
		return
	}
	if !s.ToCall(l.in.Incident, l.today) {
		return
	}
	it := Item{
		Practice: of.Key, Name: of.Name(), Kind: Page, Whom: ForOfficer, Due: s.DefaultAfter, Late: s.Late(l.today),
		What: "page " + s.Words() + ", told on " + s.Told.String() + ": call " + cmp.Or(of.PrivacyOfficer, "the practice"),
		Do:   l.command("practice", "code", l.in.Incident.ID, of.Key, "--by", "YOUR NAME"),
	}
	if of.Phone != "" {
		it.What += ", " + of.Phone
	}
	if s.Default != "" {
		it.What += "; without an answer: " + s.Default
	}
	l.items = append(l.items, it)
}

// posted adds a batch of letters to practices that is printed and of which somebody has
// to say that it was mailed.
func (l *list) posted(b casebook.PostBatchState) {
	if !postWaits(b) {
		return
	}
	is := "letters to practices are"
	if b.Unrecorded == 1 {
		is = "letter to a practice is"
	}
	l.items = append(l.items, Item{
		Kind: Post, Whom: ForOfficer, What: fmt.Sprintf("%s: %d %s printed and not recorded as mailed", b.Name, b.Unrecorded, is),
		Do: RecordPost(l.command, l.in.Incident.ID, b, l.today),
	})
}

// postWaits reports whether somebody has to say that a batch was mailed.
func postWaits(b casebook.PostBatchState) bool { return !b.PrintedAt.IsZero() && b.Unrecorded > 0 }

// RecordPost is the command that records a batch of letters to practices as mailed.
func RecordPost(command Command, incident string, b casebook.PostBatchState, today civil.Date) string {
	return command("record", incident, "--batch", b.Name, "--fact", casebook.PostFact(b.Kind), "--on", today.String(), "--by", "YOUR NAME")
}
