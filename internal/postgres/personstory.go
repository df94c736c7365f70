package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
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
	if gone && len(story.Lists)+len(story.Letters) == 0 {
		return story, err
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
