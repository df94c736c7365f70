package postgres

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// PostingIncidents returns the open incidents with a posting that is to be looked at on a
// day: one that nobody looked at that day, or whose last look missed the notice.
func (s *Store) PostingIncidents(ctx context.Context, today civil.Date) ([]string, error) {
	return s.q.PostingIncidents(ctx, today)
}

// PostingsToLookAt returns the addresses of such postings of an incident by practice, of
// those after a key, in key order and at most limit.
func (s *Store) PostingsToLookAt(ctx context.Context, incidentID, after string, today civil.Date, limit int) ([]casebook.PostingPlace, error) {
	rows, err := s.q.PostingsToLookAt(ctx, sqlgen.PostingsToLookAtParams{IncidentID: incidentID, After: after, Today: today, Page: limit})
	places := make([]casebook.PostingPlace, len(rows))
	for i, r := range rows {
		places[i] = casebook.PostingPlace{PracticeKey: r.PracticeKey, URL: r.PostingUrl}
	}
	return places, err
}

// SaveLooks keeps looks, which are of one day and one for each practice in key order, and
// returns the practices for whose case they are news. What is news counts as a change of
// the practice and stands in its own ledger; all of them together are one entry of the
// incident's. Those of practices that were closed meanwhile are left out.
func (s *Store) SaveLooks(ctx context.Context, incidentID string, looks []casebook.Look) (news []string, err error) {
	if len(looks) == 0 {
		return nil, nil
	}
	of := make(map[string]casebook.Look, len(looks))
	keys := make([]string, len(looks))
	for i, l := range looks {
		of[l.Practice], keys[i] = l, l.Practice
	}
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		news = nil
		if _, err := q.LockIncident(ctx, incidentID); err != nil {
			return orUnknownIncident(err, incidentID)
		}
		rows, err := q.LockPostings(ctx, sqlgen.LockPostingsParams{IncidentID: incidentID, PracticeKeys: keys})
		if err != nil || len(rows) == 0 {
			return err
		}
		part := &lookPart{incident: incidentID, on: looks[0].On}
		for _, r := range rows {
			if err := part.add(r, of[r.PracticeKey]); err != nil {
				return err
			}
		}
		news = part.news
		return part.write(ctx, q)
	})
	return news, err
}

// lookPart are looks being saved together.
type lookPart struct {
	incident string
	on       civil.Date
	missed   int
	heads    []ledger.Head
	looks    sqlgen.SavePostingLooksParams
	states   sqlgen.SavePostingStatesParams
	news     []string
	newsIDs  []int
	entries  []string
}

func (l *lookPart) add(r sqlgen.LockPostingsRow, look casebook.Look) error {
	before := casebook.Posting{URL: r.Url, Shown: r.Shown, Problem: r.Problem, Since: r.Since, LookedOn: r.LookedOn}
	for _, day := range r.Missed {
		on, err := civil.Parse(day)
		if err != nil {
			return err
		}
		before.Missed = append(before.Missed, on)
	}
	after := before.After(look)
	text, err := look.Encode()
	if err != nil {
		return err
	}
	if !look.Shown {
		l.missed++
	}
	l.looks.Ids = append(l.looks.Ids, r.ID)
	l.looks.Places = append(l.looks.Places, len(l.heads))
	l.looks.Looks = append(l.looks.Looks, text)
	l.heads = append(l.heads, ledger.LookHead(r.PracticeKey, text))

	missed := make([]string, len(after.Missed))
	for i, day := range after.Missed {
		missed[i] = day.String()
	}
	l.states.Ids = append(l.states.Ids, r.ID)
	l.states.PracticeKeys = append(l.states.PracticeKeys, r.PracticeKey)
	l.states.Urls = append(l.states.Urls, after.URL)
	l.states.Shown = append(l.states.Shown, after.Shown)
	l.states.Problems = append(l.states.Problems, after.Problem)
	l.states.Since = append(l.states.Since, after.Since)
	l.states.Missed = append(l.states.Missed, strings.Join(missed, ","))
	l.states.LookedAt = look.At
	if !r.Known || after.Differs(before) {
		l.news, l.newsIDs = append(l.news, r.PracticeKey), append(l.newsIDs, r.ID)
		body := ledger.Body{Kind: ledger.KindPosting, Who: engine, When: look.At}
		entry, err := body.Encode(ledger.Posting{URL: after.URL, On: look.On, Shown: after.Shown, Problem: after.Problem, Missed: len(after.Missed)})
		if err != nil {
			return err
		}
		l.entries = append(l.entries, entry)
	}
	return nil
}

func (l *lookPart) write(ctx context.Context, q *sqlgen.Queries) error {
	tree, err := ledger.NewTree(l.heads)
	if err != nil {
		return err
	}
	anchor, err := tree.Anchor()
	if err != nil {
		return err
	}
	body := ledger.Body{Kind: ledger.KindLooks, Who: engine, When: l.states.LookedAt}
	if err := appendEntry(ctx, q, l.incident, "", body, ledger.Looks{On: l.on, Missed: l.missed, Anchor: anchor}); err != nil {
		return err
	}
	if l.looks.Entry, err = q.LedgerHead(ctx, sqlgen.LedgerHeadParams{IncidentID: l.incident}); err != nil {
		return err
	}
	if err := q.SavePostingLooks(ctx, l.looks); err != nil {
		return err
	}
	l.states.IncidentID, l.states.LookedOn = l.incident, l.on
	if err := q.SavePostingStates(ctx, l.states); err != nil || len(l.news) == 0 {
		return err
	}
	if err := q.AppendToEach(ctx, sqlgen.AppendToEachParams{IncidentID: l.incident, PracticeKeys: l.news, Bodies: l.entries}); err != nil {
		return err
	}
	return q.NoteChange(ctx, l.newsIDs)
}

// provedLooks are the looks at a practice's posting, each with its proof.
func provedLooks(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey string) ([]ledger.LookProof, error) {
	own, err := q.PostingLooksOf(ctx, sqlgen.PostingLooksOfParams{IncidentID: incidentID, PracticeKey: practiceKey})
	if err != nil || len(own) == 0 {
		return nil, err
	}
	proved := make([]ledger.LookProof, len(own))
	for i, o := range own {
		// An entry at a time: five hundred looks, and not those of all days.
		beside, err := q.PostingLooksBeside(ctx, sqlgen.PostingLooksBesideParams{IncidentID: incidentID, Entries: []int{o.Entry}})
		if err != nil {
			return nil, err
		}
		heads := make([]ledger.Head, len(beside))
		for n, b := range beside {
			heads[n] = ledger.LookHead(b.PracticeKey, b.Look)
		}
		tree, err := ledger.NewTree(heads)
		if err != nil {
			return nil, err
		}
		proof, err := tree.Prove(o.Place)
		if err != nil {
			return nil, err
		}
		proof.Anchor = o.Entry
		proved[i] = ledger.LookProof{Look: o.Look, Proof: proof}
	}
	return proved, nil
}
