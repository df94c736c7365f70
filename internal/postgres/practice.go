package postgres

import (
	"context"
	"encoding/json"
	"path"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// Practice returns everything a practice's decisions rest on, or a refusal
// with code "unknown_practice".
func (s *Store) Practice(ctx context.Context, incidentID, practiceKey string) (casebook.Practice, error) {
	p, _, err := readPractice(ctx, s.q, incidentID, practiceKey)
	return p, err
}

func readPractice(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey string) (casebook.Practice, int, error) {
	row, err := q.Practice(ctx, sqlgen.PracticeParams{IncidentID: incidentID, PracticeKey: practiceKey})
	if err != nil {
		return casebook.Practice{}, 0, orUnknownPractice(err, incidentID, practiceKey)
	}
	p := casebook.Practice{
		IncidentID: incidentID, Practice: row.Facts, Tally: row.Tally,
		ListNumber: row.ListNumber, ListSHA256: row.ListSHA256, Changes: row.Changes, PapersSHA256: row.PapersSHA256, PacketSHA256: row.PacketSHA256,
		WorksheetSHA256: row.WorksheetSHA256,
		LeftGroup:       row.LeftGroup, GroupUntold: row.GroupUntold, Phase: casebook.Phase(row.Phase), ClosedOn: row.ClosedOn,
		Disputed: row.Disputed, Corrections: row.Corrections,
		Notice: casebook.Message{
			ID: row.NoticeID, State: row.NoticeState, ProviderID: row.NoticeProviderID,
			Detail: row.NoticeDetail, SentOn: row.NoticeSentOn, Attempt: row.NoticeAttempt, Tries: row.NoticeTries,
			RetryAt: utc(row.NoticeRetryAt), PacketSHA256: row.NoticePacketSHA256,
		},
	}
	p.Practice.Delegation = row.Delegation
	p.Page = casebook.PageStanding{
		MadeAt: utc(row.PageMadeAt), OpenedAt: utc(row.PageOpenedAt), AnsweredAt: utc(row.PageAnsweredAt),
		AnswersWait: row.PageAnswersWait, Decided: row.PageDecided,
	}
	if row.GroupKey != "" {
		p.Group = &breach.Group{Key: row.GroupKey, Members: row.GroupMembers}
		if err := json.Unmarshal(row.GroupTally, &p.Group.Tally); err != nil {
			return p, 0, err
		}
	}
	var recorded []casebook.RecordTerms
	for _, part := range []struct {
		document []byte
		into     any
	}{{row.Recorded, &recorded}, {row.Assessments, &p.Assessments}, {row.Approvals, &p.Approvals}, {row.Account, &p.Account}, {row.Told, &p.Told}, {row.Messages, &p.Messages}} {
		if err := json.Unmarshal(part.document, part.into); err != nil {
			return p, 0, err
		}
	}
	records := make([]breach.Fact, len(recorded))
	for i, r := range recorded {
		records[i] = r.Fact
		if r.ProofSHA256 != "" {
			p.Proofs = append(p.Proofs, r)
		}
	}
	if len(row.Posting) > 0 {
		if err := json.Unmarshal(row.Posting, &p.Posting); err != nil {
			return p, 0, err
		}
	}
	p.Facts = append(breach.FactsOf(records), breach.Missed(p.Posting.Missed)...)
	for i := range p.Approvals {
		p.Approvals[i].At = p.Approvals[i].At.UTC()
	}
	return p, row.ID, nil
}

// CountedWith returns the keys of the other practices of its counting entity.
func (s *Store) CountedWith(ctx context.Context, incidentID, practiceKey string) ([]string, error) {
	return s.q.CountedWith(ctx, sqlgen.CountedWithParams{IncidentID: incidentID, PracticeKey: practiceKey})
}

// GroupTold notes that they were told of its leaving or coming back.
func (s *Store) GroupTold(ctx context.Context, incidentID, practiceKey string) error {
	return s.q.GroupTold(ctx, sqlgen.GroupToldParams{IncidentID: incidentID, PracticeKey: practiceKey})
}

// People streams the practice's own people, and nobody else's, in person-key
// order, as they are at one moment.
func (s *Store) People(ctx context.Context, incidentID, practiceKey string, each func(*breach.Person) error) error {
	return s.people(ctx, incidentID, practiceKey, false, each)
}

// EmailOnly streams those of the practice's people whom no letter can reach and an
// e-mail that they agreed to can.
func (s *Store) EmailOnly(ctx context.Context, incidentID, practiceKey string, each func(*breach.Person) error) error {
	return s.people(ctx, incidentID, practiceKey, true, each)
}

func (s *Store) people(ctx context.Context, incidentID, practiceKey string, emailOnly bool, each func(*breach.Person) error) error {
	err := s.inSnapshot(ctx, func(q *sqlgen.Queries) error {
		if err := q.NarrowTo(ctx, sqlgen.NarrowToParams{IncidentID: incidentID, PracticeKey: practiceKey}); err != nil {
			return err
		}
		id, err := q.PracticeID(ctx, sqlgen.PracticeIDParams{IncidentID: incidentID, PracticeKey: practiceKey})
		if err != nil {
			return orUnknownPractice(err, incidentID, practiceKey)
		}
		key, err := s.dataKey(ctx, q, incidentID)
		if err != nil {
			return err
		}
		read := finding.NewReader(incidentID, key)
		page := sqlgen.PeopleOfPracticeParams{PracticeID: id, EmailOnly: emailOnly, Page: pageRows}
		for {
			rows, err := q.PeopleOfPractice(ctx, page)
			if err != nil {
				return err
			}
			for i := range rows {
				person, err := read.Person(&rows[i].Finding, practiceKey)
				if err != nil {
					return err
				}
				if err := each(&person); err != nil {
					return err
				}
			}
			if len(rows) < pageRows {
				return nil
			}
			page.After = rows[len(rows)-1].Finding.PersonKey
		}
	})
	return s.noting(ctx, err)
}

// SavePapers notes which papers were prepared, with the hash of each file. Papers
// of people that a further list has changed meanwhile, or of a case that was
// corrected meanwhile, are not noted: with them the approvals of the earlier ones
// would hold for what nobody has looked at.
func (s *Store) SavePapers(ctx context.Context, incidentID, practiceKey string, made casebook.Papers) error {
	return s.savePapers(ctx, incidentID, practiceKey, ledger.KindPapers, made, func(q *sqlgen.Queries, practiceID int, files sqlgen.SaveFilesParams) (int64, error) {
		changed, err := q.SavePapers(ctx, sqlgen.SavePapersParams{
			ID: practiceID, PapersSHA256: made.SHA256, PacketSHA256: made.PacketSHA256, WorksheetSHA256: made.WorksheetSHA256,
			HasNotice: slices.ContainsFunc(made.Files, func(f casebook.File) bool { return path.Base(f.Path) == "notice.pdf" }),
		})
		if err != nil {
			return 0, err
		}
		dropped, err := q.DropOtherFiles(ctx, sqlgen.DropOtherFilesParams{PracticeID: practiceID, Paths: files.Paths})
		return changed + dropped, err
	})
}

// SaveWorksheet notes that the worksheet and the calendar were made anew, and nothing
// of the other papers. Those of an earlier list are not noted, as with SavePapers.
func (s *Store) SaveWorksheet(ctx context.Context, incidentID, practiceKey string, made casebook.Papers) error {
	return s.savePapers(ctx, incidentID, practiceKey, ledger.KindWorksheet, made, func(q *sqlgen.Queries, practiceID int, _ sqlgen.SaveFilesParams) (int64, error) {
		return q.SaveWorksheet(ctx, sqlgen.SaveWorksheetParams{ID: practiceID, WorksheetSHA256: made.WorksheetSHA256})
	})
}

// savePapers notes the files of papers, with what note notes of them, and writes an
// entry of the kind when anything changed.
func (s *Store) savePapers(ctx context.Context, incidentID, practiceKey, kind string, made casebook.Papers,
	note func(q *sqlgen.Queries, practiceID int, files sqlgen.SaveFilesParams) (int64, error)) error {
	save := sqlgen.SaveFilesParams{Paths: []string{}}
	var from []string
	for _, f := range made.Files {
		from = append(from, f.MadeFrom)
		save.Paths = append(save.Paths, f.Path)
		save.Sha256s = append(save.Sha256s, f.SHA256)
		save.Bytes = append(save.Bytes, int(f.Bytes))
	}
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		practice, err := q.LockPractice(ctx, sqlgen.LockPracticeParams{IncidentID: incidentID, PracticeKey: practiceKey})
		if err != nil {
			return orUnknownPractice(err, incidentID, practiceKey)
		}
		if practice.ListSHA256 != made.ListSHA256 || practice.ListNumber != made.ListNumber {
			return nil
		}
		save.PracticeID = practice.ID
		noted, err := note(q, practice.ID, save)
		if err != nil {
			return err
		}
		saved, err := q.SaveFiles(ctx, save)
		if err == nil {
			err = q.FilesMadeFrom(ctx, sqlgen.FilesMadeFromParams{PracticeID: practice.ID, Paths: save.Paths, MadeFroms: from})
		}
		if err != nil || noted+saved == 0 {
			return err
		}
		return appendEntry(ctx, q, incidentID, practiceKey, ledger.Body{
			Kind: kind, Who: engine, Inputs: map[string]string{"people": practice.ListSHA256},
		}, papersResult(made))
	})
}

func papersResult(made casebook.Papers) ledger.Papers {
	result := ledger.Papers{PapersSHA256: made.SHA256, PacketSHA256: made.PacketSHA256, Files: make([]ledger.File, len(made.Files))}
	for i, f := range made.Files {
		result.Files[i] = ledger.File{Path: f.Path, SHA256: f.SHA256, Bytes: f.Bytes}
	}
	return result
}

// ClosePractice closes it, unless it is closed, and returns how many of the
// incident stay open. changes is what its standing was worked out from when it was
// found to owe nothing: it stays open when anything has changed since, and where
// something of its people or its account was altered.
func (s *Store) ClosePractice(ctx context.Context, incidentID, practiceKey string, changes int, on civil.Date, why string) (closed bool, open int, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := lockChain(ctx, q, incidentID, practiceKey); err != nil {
			return err
		}
		n, err := q.ClosePractice(ctx, sqlgen.ClosePracticeParams{
			IncidentID: incidentID, PracticeKey: practiceKey, Changes: changes, ClosedOn: on, ClosedWhy: why,
		})
		closed = n == 1
		if err != nil || !closed {
			return err
		}
		if err := s.sound(ctx, q, incidentID, practiceKey); err != nil {
			return err
		}
		return appendEntry(ctx, q, incidentID, practiceKey, ledger.Body{Kind: ledger.KindClosed, Who: engine}, ledger.Closed{On: on, Why: why})
	})
	if err != nil {
		return false, 0, s.noting(ctx, err)
	}
	if !closed {
		closed, err = s.q.IsClosed(ctx, sqlgen.IsClosedParams{IncidentID: incidentID, PracticeKey: practiceKey})
		if err != nil {
			return false, 0, orUnknownPractice(err, incidentID, practiceKey)
		}
	}
	open, err = s.q.OpenPractices(ctx, incidentID)
	return closed, open, err
}

// utc gives a time as it was written, in whatever zone the connection speaks.
func utc(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}
