package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"duenotice/internal/access"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// PeopleOfLetter are the practices and keys of whom a letter is for, whoever sends it
// first. A letter that is none of the incident is refused with code "unknown_letter".
func (s *Store) PeopleOfLetter(ctx context.Context, incidentID, piece string) ([]casebook.Reveal, error) {
	unknown := breach.Refuse("unknown_letter", "Give the Reference at the foot of the letter.", "%s is no letter of incident %s", piece, incidentID)
	run, number, ok := readPieceID(piece)
	if !ok {
		return nil, unknown
	}
	rows, err := s.pool.Query(ctx, "SELECT practice_key, person_key FROM people_of_letter($1, $2, $3)", incidentID, run, number)
	if err != nil {
		return nil, err
	}
	people, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (casebook.Reveal, error) {
		r := casebook.Reveal{IncidentID: incidentID}
		return r, row.Scan(&r.PracticeKey, &r.PersonKey)
	})
	if err == nil && len(people) == 0 {
		return nil, unknown
	}
	return people, err
}

// PeopleOfName are the practices and keys of whom a name and birth date find, however the
// name is written; a zero date finds people whose birth date is not known. That somebody
// looks, and why, is on record before the database answers. It is refused with code
// "nobody_of_name" where nobody is found, and with "too_many_searches" after as many in an
// hour as somebody on the telephone needs: with a list of names one could try who is here.
func (s *Store) PeopleOfName(ctx context.Context, ask casebook.Reveal, firstName, lastName string, born civil.Date) ([]casebook.Reveal, error) {
	if err := checkLook(ask); err != nil {
		return nil, err
	}
	if _, err := s.Incident(ctx, ask.IncidentID); err != nil {
		return nil, err
	}
	key, err := s.dataKey(ctx, s.q, ask.IncidentID)
	if err != nil {
		return nil, err
	}
	hash := pgtype.UUID{Bytes: finding.NewReader(ask.IncidentID, key).NameHash(firstName, lastName, born), Valid: true}
	err = s.inNameOf(ctx, access.Identity(ask.Identity), func(q *sqlgen.Queries) error {
		return q.InsertSearch(ctx, sqlgen.InsertSearchParams{IncidentID: ask.IncidentID, NameHash: hash, Reason: ask.Reason, Who: ask.Who})
	})
	if stateOf(err) == limitExceeded {
		return nil, breach.Refuse("too_many_searches", "Ask the caller for the Reference at the foot of the letter, or try again in an hour.", "more people were looked for by name in an hour than somebody on the telephone asks about")
	}
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, "SELECT practice_key, person_key FROM people_of_name($1, $2)", ask.IncidentID, hash)
	if err != nil {
		return nil, err
	}
	people, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (casebook.Reveal, error) {
		r := casebook.Reveal{IncidentID: ask.IncidentID}
		return r, row.Scan(&r.PracticeKey, &r.PersonKey)
	})
	if err == nil && len(people) == 0 {
		return nil, breach.Refuse("nobody_of_name", "Ask how the name is spelt, or for the Reference at the foot of the letter. A birth date that the list does not have is given as unknown.",
			"incident %s has nobody of that name and birth date", ask.IncidentID)
	}
	return people, err
}

// limitExceeded is PostgreSQL's state for what goes beyond a limit.
const limitExceeded = "54000"

// PersonStory is what became of the person that ask names, who is shown first (Reveal): the
// database tells it to nobody else. Somebody who left the list has no row any more, and
// is in the story all the same; one who never was there is refused with code "unknown_person".
func (s *Store) PersonStory(ctx context.Context, ask casebook.Reveal) (casebook.PersonStory, error) {
	story := casebook.PersonStory{PracticeKey: ask.PracticeKey, PersonKey: ask.PersonKey, State: account.Left}
	person, err := s.Reveal(ctx, ask)
	refusal, is := breach.AsRefusal(err)
	gone := is && refusal.Code == "unknown_person"
	if err != nil && !gone {
		return story, err
	}
	if !gone {
		story.Person = &person
	}
	practiceID, readErr := s.q.PracticeID(ctx, sqlgen.PracticeIDParams{IncidentID: ask.IncidentID, PracticeKey: ask.PracticeKey})
	if readErr != nil {
		return story, orUnknownPractice(readErr, ask.IncidentID, ask.PracticeKey)
	}
	if story.Lists, readErr = s.listsWith(ctx, practiceID, ask.PersonKey); readErr != nil {
		return story, readErr
	}
	if story.Letters, readErr = s.lettersTo(ctx, practiceID, ask.PersonKey); readErr != nil {
		return story, readErr
	}
	if readErr = s.tellLanguages(ctx, ask.IncidentID, practiceID, ask.PersonKey, story.Letters); readErr != nil {
		return story, readErr
	}
	if story.Scans, readErr = s.scansOf(ctx, practiceID, ask.PersonKey); readErr != nil {
		return story, readErr
	}
	if story.Addresses, readErr = s.addressesOf(ctx, ask, practiceID); readErr != nil {
		return story, readErr
	}
	if gone && len(story.Lists)+len(story.Letters) == 0 {
		return story, err
	}
	if gone {
		if readErr := s.pool.QueryRow(ctx, "SELECT left_as($1, $2)", practiceID, ask.PersonKey).Scan(&story.Why); readErr != nil {
			return story, readErr
		}
	}
	if !gone {
		row, readErr := s.q.PersonOfPractice(ctx, sqlgen.PersonOfPracticeParams{PracticeID: practiceID, PersonKey: ask.PersonKey})
		if errors.Is(readErr, pgx.ErrNoRows) {
			return story, breach.Refuse("unknown_person", "Give the command again.", "the person left the list of practice %s just now", ask.PracticeKey)
		}
		if readErr != nil {
			return story, readErr
		}
		f := row.Finding
		story.State, story.Why, story.MailedOn, story.ToldOn = account.State(f.State), f.StateWhy, f.MailedOn, f.ToldOn
	}
	looks, readErr := s.Reveals(ctx, ask.IncidentID)
	story.Looks = slices.DeleteFunc(looks, func(r casebook.Reveal) bool { return r.PracticeKey != ask.PracticeKey || r.PersonKey != ask.PersonKey })
	return story, readErr
}

func (s *Store) listsWith(ctx context.Context, practiceID int, person string) ([]casebook.PersonList, error) {
	rows, err := s.pool.Query(ctx, "SELECT number, sha256, by_whom, loaded_at, what FROM lists_with($1, $2)", practiceID, person)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (casebook.PersonList, error) {
		var l casebook.PersonList
		err := row.Scan(&l.Number, &l.SHA256, &l.By, &l.LoadedAt, &l.What)
		l.LoadedAt = l.LoadedAt.UTC()
		return l, err
	})
}

func (s *Store) lettersTo(ctx context.Context, practiceID int, person string) ([]casebook.PersonLetter, error) {
	rows, err := s.pool.Query(ctx, `SELECT run, piece_no, batch, pdf_sha256, printed_at, mailed_on, held, superseded, returned_on, returned_why
		FROM letters_to($1, $2)`, practiceID, person)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (casebook.PersonLetter, error) {
		var l casebook.PersonLetter
		var run, piece int
		var printed *time.Time
		var mailed, returned civil.Date
		err := row.Scan(&run, &piece, &l.Batch, &l.PDFSHA256, &printed, &mailed, &l.Held, &l.Superseded, &returned, &l.ReturnedWhy)
		l.PieceID, l.MailedOn, l.ReturnedOn = pieceID(run, piece), mailed, returned
		if printed != nil {
			l.PrintedAt = printed.UTC()
		}
		return l, err
	})
}

func (s *Store) scansOf(ctx context.Context, practiceID int, person string) ([]casebook.PersonScan, error) {
	rows, err := s.pool.Query(ctx, "SELECT run, piece_no, scanned_at, operation, facility, kind FROM scans_of($1, $2)", practiceID, person)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (casebook.PersonScan, error) {
		var scan casebook.PersonScan
		var run, piece int
		err := row.Scan(&run, &piece, &scan.At, &scan.Operation, &scan.Facility, &scan.Kind)
		scan.PieceID, scan.At = pieceID(run, piece), scan.At.UTC()
		return scan, err
	})
}

// addressesOf is what services said of the person's address.
func (s *Store) addressesOf(ctx context.Context, ask casebook.Reveal, practiceID int) ([]casebook.PersonAddress, error) {
	rows, err := s.pool.Query(ctx, "SELECT number, checked_on, outcome, sealed FROM address_checks_of($1, $2)", practiceID, ask.PersonKey)
	if err != nil {
		return nil, err
	}
	sealed := map[int][]byte{}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (casebook.PersonAddress, error) {
		var a casebook.PersonAddress
		var note []byte
		err := row.Scan(&a.Check, &a.CheckedOn, &a.Outcome, &note)
		sealed[a.Check] = note
		return a, err
	})
	if err != nil || len(list) == 0 {
		return list, err
	}
	key, err := s.dataKey(ctx, s.q, ask.IncidentID)
	if err != nil {
		return nil, err
	}
	read := finding.NewReader(ask.IncidentID, key)
	for i := range list {
		note, err := openAddress(read, ask.PracticeKey, ask.PersonKey, sealed[list[i].Check])
		if err != nil {
			return nil, err
		}
		list[i].Was, list[i].Said = note.Was, note.Said
	}
	return list, nil
}
