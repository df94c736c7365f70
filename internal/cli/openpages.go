package cli

import (
	"context"
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/openitems"
	"duenotice/internal/postgres"
)

// pageItems are what waits because of practices' pages and of notices by post.
func (s *session) pageItems(ctx context.Context, in casebook.Incident, details []casebook.PracticeStatus) ([]openitems.Item, error) {
	names := make(map[string]string, len(details))
	for i := range details {
		names[details[i].Key] = details[i].Name
	}
	silent, err := s.silentPractices(ctx, in)
	if err != nil {
		return nil, err
	}
	var items []openitems.Item
	today := s.p.today(s.config)
	for _, q := range silent {
		name, there := names[q.Practice.Practice.Key]
		if it, waits := s.p.silent(in, q, today); there && waits {
			it.Name = name
			items = append(items, it)
		}
	}
	batches, err := s.store.PostBatches(ctx, in.Incident.ID)
	if err != nil {
		return nil, err
	}
	for _, b := range batches {
		if it, waits := s.p.posted(in, b, today); waits {
			items = append(items, it)
		}
	}
	return items, nil
}

// silent is a practice that has a page and says nothing: somebody has to call it. It
// is given the days until the first reminder; one that tried too many codes is not.
func (p *program) silent(in casebook.Incident, q silentPractice, today civil.Date) (openitems.Item, bool) {
	of := q.Practice.Practice
	patience := breach.DefaultReminders[0]
	if days := in.Incident.ReminderDays(); len(days) > 0 {
		patience = days[0]
	}
	if q.told.IsZero() {
		return openitems.Item{}, false // its notice is the item
	}
	if q.EmailStopped != "" {
		return openitems.Item{
			Practice: of.Key, Kind: openitems.Post, Whom: openitems.ForOfficer, Due: q.defaultAfter, Late: !q.defaultAfter.IsZero() && today.After(q.defaultAfter),
			What: q.EmailStopped + ", and nothing further is sent there: write by post, or correct its address (practice contact)",
			Do:   p.command("notify", in.Incident.ID, "--post", "--reminders", "--practice", of.Key, "--by", "YOUR NAME"),
		}, true
	}
	if q.Practice.Page.MadeAt.IsZero() || !q.CodesEnded && today.Before(q.told.AddDays(patience)) {
		return openitems.Item{}, false
	}
	it := openitems.Item{
		Practice: of.Key, Kind: openitems.Page, Whom: openitems.ForOfficer, Due: q.defaultAfter, Late: !q.defaultAfter.IsZero() && today.After(q.defaultAfter),
		What: "page " + q.what() + ", told on " + q.told.String() + ": call " + firstSet(of.PrivacyOfficer, "the practice"),
		Do:   p.command("practice", "code", in.Incident.ID, "--practice", of.Key, "--by", "YOUR NAME"),
	}
	if of.Phone != "" {
		it.What += ", " + of.Phone
	}
	if q.defaultTo != "" {
		it.What += "; without an answer: " + q.defaultTo
	}
	return it, true
}

// posted is a batch of letters to practices that is printed and of which somebody has
// to say that it was mailed.
func (p *program) posted(in casebook.Incident, b postgres.PostBatchState, today civil.Date) (openitems.Item, bool) {
	if b.PrintedAt.IsZero() || b.Unrecorded == 0 {
		return openitems.Item{}, false
	}
	return openitems.Item{
		Kind: openitems.Post, Whom: openitems.ForOfficer,
		What: fmt.Sprintf("%s: %s printed and not recorded as mailed", b.Name, count(b.Unrecorded, "letter to a practice is", "letters to practices are")),
		Do:   p.command(postRecord(in.Incident.ID, b, today)...),
	}, true
}
