package board

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/casebook"
	"duenotice/internal/evidence"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
)

// mostPractices is of how many practices a file tells, those of which something is due
// first: of more a browser takes long to open it, and an e-mail does not carry it. What is
// late was due, so that it stands before everything else.
const mostPractices = 3000

// mostItems are about how many things that wait stand in a file, for the same reason.
const mostItems = 15000

// story is what a file tells of one practice, in a few lines.
type story struct {
	Key, Name, Phase, NeedsPerson string
	Late, AccountWrong            bool
	Facts                         []fact
	Duties, Events                []line
}

// line is one line of a story: when, what, and more about it.
type line struct {
	When, What, More string
	Late             bool
}

// stories tells of the practices in their order.
func stories(ctx context.Context, store *postgres.Store, s Surroundings, incident string, lines []casebook.PracticeLine) ([]story, error) {
	var all []story
	for part := range slices.Chunk(lines, csvRows) {
		keys := make([]string, len(part))
		for i, l := range part {
			keys[i] = l.Key
		}
		details, err := store.StatusDetails(ctx, incident, postgres.Filter{Practices: keys}, s.Now())
		if err != nil {
			return nil, err
		}
		heard, err := store.Heard(ctx, incident, keys...)
		if err != nil {
			return nil, err
		}
		entries, err := store.StoriesOf(ctx, incident, keys)
		if err != nil {
			return nil, err
		}
		told, pages := map[string]story{}, map[string]casebook.PageStanding{}
		for _, h := range heard {
			pages[h.Practice.Practice.Key] = h.Practice.Page
		}
		for i := range details {
			d := &details[i]
			told[d.Key] = s.story(d, pages[d.Key], entries[d.Key])
		}
		for _, key := range keys {
			all = append(all, told[key])
		}
	}
	return all, nil
}

func (s Surroundings) story(d *casebook.PracticeStatus, page casebook.PageStanding, entries []ledger.Entry) story {
	t := story{Key: d.Key, Name: d.Name, Phase: string(d.Phase), NeedsPerson: d.NeedsPerson, Late: d.Late, AccountWrong: !d.AddsUp, Facts: factsOf(d)[1:]}
	if !page.MadeAt.IsZero() {
		t.Facts = append(t.Facts, fact{"Opened its page", s.since(page.OpenedAt).Text}, fact{"Answered there", s.since(page.AnsweredAt).Text})
	}
	var people []string
	for _, row := range casebook.RowsOf(d.Account) {
		people = append(people, number(row.People)+" "+row.State.Words())
	}
	if len(people) > 0 {
		t.Facts = append(t.Facts, fact{"Where they stand", strings.Join(people, ", ")})
	}
	for _, o := range d.Obligations {
		when := o.Due.String()
		if o.Due.IsZero() {
			when = "no day yet"
		}
		t.Duties = append(t.Duties, line{When: when, What: o.Title(), More: stands(o) + "; " + o.Citation, Late: o.Late})
	}
	t.Events = eventsOf(entries)
	return t
}

// eventsOf are what a practice's own chain tells, the oldest first. Who looked at people is
// not for everybody who gets a file.
func eventsOf(entries []ledger.Entry) []line {
	events, err := evidence.Tell(withoutLooks(entries))
	if err != nil {
		return []line{{What: "The ledger cannot be read: " + err.Error()}}
	}
	list := make([]line, len(events))
	for i, e := range events {
		list[i] = line{When: at(e), What: e.What, More: e.Detail}
		if e.Who != "" {
			list[i].What = e.Who + ": " + e.What
		}
	}
	return list
}

// others says of how many practices a file tells nothing, and where they are listed; "" where
// it tells of all.
func (s Surroundings) others(incident string, practices, told int) string {
	if practices <= told {
		return ""
	}
	return fmt.Sprintf("These are the %s of which something is due first, so what is late stands at the top. %s are counted above and not listed: %s has a row for each, and the board has its pages.",
		several(told, "practice", "practices"), several(practices-told, "more practice", "more practices"), s.Command("status", incident, "--csv"))
}

// leftOut says what a file does not tell, and where that is.
func (s Surroundings) leftOut(incident string, practices, told int) string {
	text := "What was done is from each practice's own chain, the oldest first. What was done in the incident as a whole, the papers, and every attempt at an e-mail are on the board; " +
		s.Command("report", "binder", incident, "--practice", "KEY") + " writes all of one practice as a PDF."
	if more := practices - told; more > 0 {
		text = fmt.Sprintf("These are the %s of which something is due first. The stories of %s are left out, since no browser would open all of them: they are on the board, and %s shows one. ",
			several(told, "practice", "practices"), several(more, "more practice", "more practices"), s.Command("status", incident, "--practice", "KEY")) + text
	}
	return text
}
