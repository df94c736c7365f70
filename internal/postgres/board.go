package postgres

import (
	"context"
	"strings"
	"time"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// soonDays are the days after today through which something is due soon.
const soonDays = 7

// SoonThrough is the last day on which something is due soon, seen on a day.
func SoonThrough(today civil.Date) civil.Date { return today.AddDays(soonDays) }

// Board counts an incident for the officers' board at an instant, which is on asOf where
// the officers are, all of it at one moment of the database. What it says of where
// practices stand is Status's. Its Status is without troubles and without whether
// somebody works. It is counted over all practices, which takes a second or two where
// there are tens of thousands.
func (s *Store) Board(ctx context.Context, incidentID string, at time.Time, asOf civil.Date, ladder casebook.Ladder) (casebook.Board, error) {
	b := casebook.Board{At: at}
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) (err error) {
		if b.Incident, err = readIncident(ctx, q, incidentID); err != nil {
			return err
		}
		if b.Status, err = readStatus(ctx, q, b.Incident, at, asOf); err != nil {
			return err
		}
		b.DueSoon, err = q.DueSoon(ctx, sqlgen.DueSoonParams{IncidentID: incidentID, FromDay: asOf, Through: SoonThrough(asOf), At: at})
		if err != nil {
			return err
		}
		for _, count := range []func(context.Context, *sqlgen.Queries, *casebook.Board) error{countDuties, countTold, countMedia, countReturns, countDisputing, countPostings, countCalls, countPosted} {
			if err := count(ctx, q, &b); err != nil {
				return err
			}
		}
		return countLadder(ctx, q, &b, ladder)
	})
	return b, err
}

func countDuties(ctx context.Context, q *sqlgen.Queries, b *casebook.Board) error {
	rows, err := q.OpenDuties(ctx, sqlgen.OpenDutiesParams{IncidentID: b.Status.Incident, At: b.At})
	for _, r := range rows {
		b.Duties = append(b.Duties, casebook.DutyCount{
			Obligation: breach.Obligation{Kind: r.Kind, Form: r.Form, Regime: r.Regime}, Delegation: r.Delegation,
			Notice: r.Notice, NoticeOwed: r.NoticeOwed, Duties: r.Duties, Late: r.Late, Due: r.Due,
		})
	}
	return err
}

func countTold(ctx context.Context, q *sqlgen.Queries, b *casebook.Board) error {
	rows, err := q.PatientsTold(ctx, b.Status.Incident)
	for _, r := range rows {
		b.Told = append(b.Told, casebook.ToldCount{On: r.OnDay, Practices: r.Practices})
	}
	return err
}

// nearest is how many practices near the line are listed.
const nearest = 20

func countLadder(ctx context.Context, q *sqlgen.Queries, b *casebook.Board, ladder casebook.Ladder) error {
	rows, err := q.Ladder(ctx, sqlgen.LadderParams{IncidentID: b.Status.Incident, Steps: ladder.Steps})
	if err != nil {
		return err
	}
	for _, from := range ladder.Steps {
		b.Ladder = append(b.Ladder, casebook.LadderStep{From: from})
	}
	for _, r := range rows {
		if r.Step > 0 { // a duty of nobody is below the first step
			b.Ladder[r.Step-1].Practices, b.Ladder[r.Step-1].Immediate = r.Practices, r.Immediate
		}
	}
	near, err := q.NearTheLine(ctx, sqlgen.NearTheLineParams{
		IncidentID: b.Status.Incident, Line: ladder.Line, Least: ladder.Least, Most: ladder.Most, Page: nearest,
	})
	for _, r := range near {
		b.Near = append(b.Near, casebook.NearLine{
			PracticeKey: r.PracticeKey, Name: r.Facts.Name(), Count: r.Count, Immediate: r.Form == breach.FormImmediate, Due: r.Due, SettledOn: r.SettledOn,
		})
	}
	return err
}

func countMedia(ctx context.Context, q *sqlgen.Queries, b *casebook.Board) error {
	rows, err := q.MediaDuties(ctx, sqlgen.MediaDutiesParams{IncidentID: b.Status.Incident, At: b.At})
	for _, r := range rows {
		b.Media = append(b.Media, casebook.MediaCount{State: r.Jurisdiction, Duties: r.Duties, Open: r.Open, Late: r.Late, Due: r.Due, Most: r.Most})
	}
	return err
}

func countReturns(ctx context.Context, q *sqlgen.Queries, b *casebook.Board) error {
	rows, err := q.ReturnsByReason(ctx, b.Status.Incident)
	for _, r := range rows {
		b.Returns = append(b.Returns, casebook.ReturnCount{Reason: r.Reason, Letters: r.Letters})
	}
	return err
}

func countPostings(ctx context.Context, q *sqlgen.Queries, b *casebook.Board) (err error) {
	b.PostingsAmiss, err = q.CountPostingsAmiss(ctx, b.Status.Incident)
	return err
}

func countDisputing(ctx context.Context, q *sqlgen.Queries, b *casebook.Board) (err error) {
	b.Disputing, err = q.Disputing(ctx, b.Status.Incident)
	return err
}

func countPosted(ctx context.Context, q *sqlgen.Queries, b *casebook.Board) (err error) {
	b.Posted, err = postBatches(ctx, q, b.Status.Incident)
	return err
}

// PageFilter chooses practices for PageLines; each part that is set narrows it.
type PageFilter struct {
	Practice string
	// Unopened keeps those that were told and did not open their page yet, as
	// casebook.PageCounts has it.
	Unopened bool
	// After is the key after which the list goes on, Limit the most that are returned.
	After string
	Limit int
}

// PageLines returns the practices that have a page, in key order, with when each first
// opened it and first answered.
func (s *Store) PageLines(ctx context.Context, incidentID string, filter PageFilter, at time.Time) ([]casebook.PageLine, error) {
	rows, err := s.q.PageLines(ctx, sqlgen.PageLinesParams{
		IncidentID: incidentID, At: at, PracticeKey: filter.Practice, OnlyUnopened: filter.Unopened, After: filter.After, Page: filter.Limit,
	})
	lines := make([]casebook.PageLine, len(rows))
	for i, r := range rows {
		lines[i] = casebook.PageLine{
			PracticeKey: r.PracticeKey, Name: r.Facts.Name(), NextDue: r.NextDue, Late: r.Late,
			MadeAt: r.MadeAt.UTC(), OpenedAt: timeOf(r.OpenedAt), AnsweredAt: timeOf(r.AnsweredAt),
		}
	}
	return lines, err
}

// LineFilter chooses practices for PracticeLines; each part that is set narrows it.
type LineFilter struct {
	Phase casebook.Phase
	// Late keeps practices with something late, Waiting those that wait for a person,
	// Open those that are not closed.
	Late, Waiting, Open bool
	// DueBefore is as in Filter.
	DueBefore civil.Date
	// Search keeps practices whose key or name has the text in it.
	Search string
	// After is the practice after which the list goes on: its key, and its next due day.
	After    string
	AfterDue civil.Date
	// Limit is the most practices returned.
	Limit int
}

// PracticeLines returns practices at an instant in the order in which something of
// theirs is due, those with nothing due last. An incident that does not exist is refused.
func (s *Store) PracticeLines(ctx context.Context, incidentID string, filter LineFilter, at time.Time) ([]casebook.PracticeLine, error) {
	if _, err := s.Incident(ctx, incidentID); err != nil {
		return nil, err
	}
	params := sqlgen.PracticeLinesParams{
		IncidentID: incidentID, At: at, Step: casebook.NoticeStep, AfterDue: filter.AfterDue, AfterKey: filter.After,
		Phase: string(filter.Phase), OnlyLate: filter.Late, OnlyWaiting: filter.Waiting, OnlyOpen: filter.Open, DueBefore: filter.DueBefore, Page: filter.Limit,
	}
	if filter.After == "" {
		params.AfterDue = civil.MustParse("0001-01-01")
	}
	if filter.Late && params.DueBefore.IsZero() {
		// What is late was due before tomorrow in every zone: the rest need not be looked at.
		params.DueBefore = civil.OfTime(at.UTC()).AddDays(1)
	}
	if filter.Search != "" {
		params.Pattern = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(filter.Search) + "%"
	}
	rows, err := s.q.PracticeLines(ctx, params)
	lines := make([]casebook.PracticeLine, len(rows))
	for i, r := range rows {
		lines[i] = casebook.PracticeLine{
			Key: r.PracticeKey, Name: r.Facts.Name(), Phase: casebook.Phase(r.Phase), People: r.People, Delegation: r.Delegation,
			NextDue: r.NextDue, Late: r.Late, NeedsPerson: r.NeedsPerson, Notice: r.Notice,
		}
	}
	return lines, err
}

// HeldAndReturned returns the letters that are held back or came back, by practice and
// reason, of as many practices after a key, in key order.
func (s *Store) HeldAndReturned(ctx context.Context, incidentID, after string, practices int) ([]casebook.HeldLine, error) {
	rows, err := s.q.HeldAndReturned(ctx, sqlgen.HeldAndReturnedParams{IncidentID: incidentID, After: after, Page: practices})
	lines := make([]casebook.HeldLine, len(rows))
	for i, r := range rows {
		lines[i] = casebook.HeldLine{PracticeKey: r.PracticeKey, Name: r.Facts.Name(), State: account.State(r.State), Why: r.Why, People: r.People}
	}
	return lines, err
}

// FilesOf returns the files in the practice's folder as last made, by path.
func (s *Store) FilesOf(ctx context.Context, incidentID, practiceKey string) ([]casebook.File, error) {
	rows, err := s.q.FilesOf(ctx, sqlgen.FilesOfParams{IncidentID: incidentID, PracticeKey: practiceKey})
	files := make([]casebook.File, len(rows))
	for i, r := range rows {
		files[i] = casebook.File{Path: r.Path, SHA256: r.SHA256, Bytes: int64(r.Bytes)}
	}
	return files, err
}

// MessagesOf returns every e-mail to the practice, the first first.
func (s *Store) MessagesOf(ctx context.Context, incidentID, practiceKey string) ([]casebook.SentMessage, error) {
	rows, err := s.q.MessagesOf(ctx, sqlgen.MessagesOfParams{IncidentID: incidentID, PracticeKey: practiceKey})
	list := make([]casebook.SentMessage, len(rows))
	for i, r := range rows {
		list[i] = casebook.SentMessage{Step: r.Step, MovedAt: r.MovedAt.UTC(), Message: casebook.Message{
			ID: r.ID, State: r.State, Attempt: r.Attempt, Detail: r.Detail, SentOn: r.SentOn,
		}}
	}
	return list, err
}

// StoryOf returns what the ledger has of the practice and of its incident, the incident's
// entries first, without the anchors. Their hashes are not read: it is for reading, and
// the evidence proves.
func (s *Store) StoryOf(ctx context.Context, incidentID, practiceKey string) ([]ledger.Entry, error) {
	rows, err := s.q.StoryEntries(ctx, sqlgen.StoryEntriesParams{IncidentID: incidentID, PracticeKey: practiceKey, Anchor: ledger.KindAnchor})
	entries := make([]ledger.Entry, len(rows))
	for i, r := range rows {
		entries[i] = ledger.Entry{Incident: incidentID, Practice: r.PracticeKey, Seq: r.Seq, At: r.At.UTC().Format(ledger.TimeFormat), Body: r.Body}
	}
	return entries, err
}

// StoriesOf returns what the practices' own chains have of them, by key, as StoryOf does of
// one without its incident's.
func (s *Store) StoriesOf(ctx context.Context, incidentID string, practiceKeys []string) (map[string][]ledger.Entry, error) {
	rows, err := s.q.StoriesEntries(ctx, sqlgen.StoriesEntriesParams{IncidentID: incidentID, PracticeKeys: practiceKeys, Anchor: ledger.KindAnchor})
	entries := make(map[string][]ledger.Entry, len(practiceKeys))
	for _, r := range rows {
		entries[r.PracticeKey] = append(entries[r.PracticeKey], ledger.Entry{
			Incident: incidentID, Practice: r.PracticeKey, Seq: r.Seq, At: r.At.UTC().Format(ledger.TimeFormat), Body: r.Body,
		})
	}
	return entries, err
}
