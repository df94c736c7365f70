package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres/sqlgen"
)

// names are the states as the database has them.
func names(states []account.State) []string {
	list := make([]string, len(states))
	for i, s := range states {
		list[i] = string(s)
	}
	return list
}

// moveByRecord moves those in the account of whom a recorded fact says that they
// were told: of one practice, or with 0 of all of the incident's. A fact that
// says nothing of people moves nobody.
func moveByRecord(ctx context.Context, q *sqlgen.Queries, act casebook.Act, practiceID int) error {
	fact := act.Record.Fact
	switch fact.Kind {
	case breach.LettersMailed:
		return mailBatches(ctx, q, act, practiceID)
	case breach.PracticeMailed:
		return mailedItself(ctx, q, act, practiceID)
	case breach.PostingStarted:
		return tell(ctx, q, act.IncidentID, practiceID, telling{account.Substitute, anybody, account.BySubstitute}, fact.On)
	case breach.EmailsSent:
		return tellCounted(ctx, q, act, practiceID, telling{account.TellByEmail, account.ByEmail, account.ByEmail})
	case breach.ToldOtherwise:
		moved, err := q.TellPerson(ctx, sqlgen.TellPersonParams{
			PracticeID: practiceID, PersonKey: act.Record.PersonKey, Why: account.ByHand, ToldOn: fact.On,
			FromStates: names(account.TellByHand.From), ToState: string(account.TellByHand.To),
		})
		if err == nil && moved == 0 {
			return breach.Refuse("nobody_to_tell", "Look with status --practice and in people.csv who is owed something.",
				"practice %s has nobody of that key who is still to be told", act.PracticeKey)
		}
		return err
	}
	return nil
}

// mailLetters notes the mailing of letters that are printed and of which none is
// noted yet: of one batch, or with an empty name of all, and of one practice or
// with 0 of all. A second mailing finds only those of the first that were not in it.
func mailLetters(ctx context.Context, q *sqlgen.Queries, incidentID string, practiceID int, batch string, on civil.Date) error {
	batches, err := q.BatchesToMail(ctx, sqlgen.BatchesToMailParams{
		IncidentID: incidentID, Name: batch, PracticeID: practiceID, FromStates: names(account.Mail.From),
	})
	if err != nil {
		return err
	}
	for _, b := range batches {
		err := q.MailPieces(ctx, sqlgen.MailPiecesParams{
			RunID: b.RunID, FirstPiece: b.FirstPiece, LastPiece: b.LastPiece, PracticeID: practiceID, MailedOn: on, ToldBefore: account.ToldBefore,
			FromStates: names(account.Mail.From), ToState: string(account.Mail.To),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// telling is what tells people: the move it is, those it is for by why they stand
// where they do, and how they were told then.
type telling struct {
	move      account.Move
	only, how string
}

// anybody is telling.only for everybody but those who are owed nothing, or something else.
const anybody = "*"

// tell moves everybody whom something told who is owed it.
func tell(ctx context.Context, q *sqlgen.Queries, incidentID string, practiceID int, what telling, on civil.Date) error {
	but := []string{account.Kin, account.ByEmail}
	if what.only != anybody {
		but = []string{}
	}
	return q.TellFindings(ctx, sqlgen.TellFindingsParams{
		IncidentID: incidentID, PracticeID: practiceID, FromStates: names(what.move.From), ToState: string(what.move.To),
		Why: what.how, ButWhys: but, OnlyWhy: what.only, ToldOn: on,
	})
}

// tellCounted is tell for a record that says how many people were told. Fewer than
// are owed it tells nobody in particular: who they were nobody can say.
func tellCounted(ctx context.Context, q *sqlgen.Queries, act casebook.Act, practiceID int, what telling) error {
	owed, err := q.InAccount(ctx, sqlgen.InAccountParams{PracticeID: practiceID, States: names(what.move.From), OnlyWhy: what.only})
	if err != nil || act.Record.Fact.Count < owed {
		return err
	}
	return tell(ctx, q, act.IncidentID, practiceID, what, act.Record.Fact.On)
}

// moveByDelegation moves who waits for a letter when somebody else is to write it.
func moveByDelegation(ctx context.Context, q *sqlgen.Queries, practiceID int, ours bool) error {
	move := account.Undelegate
	if ours {
		move = account.Delegate
	}
	if err := q.MovePractice(ctx, sqlgen.MovePracticeParams{PracticeID: practiceID, FromStates: names(move.From), ToState: string(move.To)}); err != nil || !ours {
		return err
	}
	incidentID, err := q.IncidentOfPractice(ctx, practiceID)
	if err != nil {
		return err
	}
	return holdDisputed(ctx, q, incidentID, practiceID)
}

// accountOf is the incident's account.
func accountOf(ctx context.Context, q *sqlgen.Queries, incidentID string) (account.Account, error) {
	rows, err := q.IncidentAccount(ctx, incidentID)
	if err != nil {
		return nil, err
	}
	whole := make(account.Account, len(rows))
	for i, r := range rows {
		whole[i] = account.Line{
			State: account.State(r.State), Why: r.Why, Letter: account.Letter(r.Letter), People: r.People, MailedOn: r.MailedOn, ToldOn: r.ToldOn,
		}
	}
	return whole, nil
}

// SharesLetters returns the other practices for whose people letters of this one also write.
func (s *Store) SharesLetters(ctx context.Context, incidentID, practiceKey string) ([]string, error) {
	id, err := s.q.PracticeID(ctx, sqlgen.PracticeIDParams{IncidentID: incidentID, PracticeKey: practiceKey})
	if err != nil {
		return nil, orUnknownPractice(err, incidentID, practiceKey)
	}
	return s.q.SharesLetters(ctx, id)
}

// HeldLetters lists the incident's letters that are held back, in practice and
// person key order, within the reach of whoever has the store.
func (s *Store) HeldLetters(ctx context.Context, incidentID string) ([]casebook.HeldLetter, error) {
	rows, err := s.pool.Query(ctx, "SELECT practice_key, person_key, why, batch FROM held_letters($1)", incidentID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[casebook.HeldLetter])
}
