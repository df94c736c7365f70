package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/datakey"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// changed are columns in clear of a finding, each changed as the tables' owner may.
var changed = map[string]string{
	"minor": "minor = NOT minor", "deceased": "deceased = NOT deceased", "protected": "protected = NOT protected", "usable_address": "usable_address = NOT usable_address",
	"agreed_email": "agreed_email = NOT agreed_email", "data_classes": "data_classes = data_classes + 1", "residence": "residence = 'TX'",
	"mail_key": "mail_key = gen_random_uuid()", "code_hash": "code_hash = gen_random_uuid()",
}

// uncovered are the columns of a finding that the record says nothing of, with what
// keeps them true instead.
var uncovered = map[string]string{
	"practice_id": "the record opens under its practice alone", "person_key": "the record opens under its person alone", "sealed": "it is the record",
	"row_no": "tells a person where the row stood, and decides nothing", "list_number": "decides nothing of a person",
	"letter_hash": "compared when a record is read whole", "other_hash": "compared when a record is read whole", "name_hash": "compared when a record is read whole",
	"state": "must be one that such a person can be in, with a letter in a mail run where it says so", "state_why": "counted in the account",
	"letter": "counted in the account", "mailed_on": "of the batch", "told_on": "of the record", "returned": "of the list of letters that came back",
	"email_bounced": "of the list of e-mails that came back",
}

// TestEveryColumnInClearIsSealedOrAccountedFor: whoever adds a column to finding says
// here what keeps it true.
func TestEveryColumnInClearIsSealedOrAccountedFor(t *testing.T) {
	t.Parallel()
	for _, column := range columnsOf(t, testkit.Migrated(t, migrate), "finding") {
		_, sealed := changed[column]
		require.NotEqual(t, sealed, uncovered[column] != "", column)
	}
}

// TestAColumnInClearThatWasChangedIsRefusedWhereItIsUsed: no letter is planned or
// printed, nobody is listed or counted; the ledger has it once, and status an alarm.
func TestAColumnInClearThatWasChangedIsRefusedWhereItIsUsed(t *testing.T) {
	t.Parallel()
	uses := map[string]func(context.Context, *postgres.Store) error{
		"listing the practice's people": func(ctx context.Context, s *postgres.Store) error {
			return s.People(ctx, incidentID, "P1", func(*breach.Person) error { return nil })
		},
		"planning letters": func(ctx context.Context, s *postgres.Store) error {
			_, err := s.PlanMailRun(ctx, casebook.MailRun{IncidentID: incidentID, Number: 1}, 10)
			return err
		},
		"counting a practice": func(ctx context.Context, s *postgres.Store) error {
			_, err := s.LoadList(ctx, incidentID, amendment("list-2", person("P1", "new")))
			return err
		},
		"counting people of several practices": func(ctx context.Context, s *postgres.Store) error {
			_, err := s.LoadList(ctx, incidentID, amendment("list-2", person("P2", "new")))
			return err
		},
		"telling how many residents there are": func(ctx context.Context, s *postgres.Store) error {
			_, err := s.PlanMailRun(ctx, casebook.MailRun{IncidentID: incidentID, Number: 1, Residents: map[string]int{"VA": 0}}, 10)
			return err
		},
	}
	for column, set := range changed {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			store, url := open(t)
			both := practices("P1", "P2")
			for i := range both {
				both[i].CountingEntity = "ACE"
			}
			loaded(t, store, caseOf(incident(), both, person("P1", "a")))
			approved(t, store, "P1")
			alter(t, url, "UPDATE finding SET "+set)
			for name, use := range uses {
				err := use(t.Context(), store)
				require.ErrorIs(t, err, datakey.ErrAltered, name)
				refused(t, err, "altered")
				require.ErrorContains(t, err, column, name)
				require.ErrorContains(t, err, "restore the rows from a backup")
				require.NotContains(t, err.Error(), "Example Street")
			}
			require.Equal(t, []string{column}, notedAlterations(t, store, "P1"), "once, however often it was met")
			alarms, err := store.Troubles(t.Context(), incidentID)
			require.NoError(t, err)
			require.Len(t, alarms, 1)
			require.Equal(t, casebook.TroubleAltered, alarms[0].Kind)

			alter(t, url, "UPDATE finding SET "+strings.ReplaceAll(set, "+", "-"))
			if strings.Contains(set, "gen_random") || column == "residence" {
				return // nobody knows what it was
			}
			altered, err := store.CheckPeople(t.Context(), incidentID)
			require.NoError(t, err)
			require.Zero(t, altered)
			alarms, err = store.Troubles(t.Context(), incidentID)
			require.NoError(t, err)
			require.Empty(t, alarms, "what was put right is no alarm")
		})
	}
}

// TestALetterOfWhomSomethingWasChangedIsNotPrinted, between planning and printing too.
func TestALetterOfWhomSomethingWasChangedIsNotPrinted(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a"), person("P1", "b")))
	approved(t, store, "P1")
	require.Equal(t, 2, mailRun(t, store, 1, 10).Pieces)
	alter(t, url, "UPDATE finding SET minor = true WHERE person_key = 'b'")
	err := store.Letters(t.Context(), incidentID, 1, 1, func(*casebook.Letter) error { return nil })
	refused(t, err, "altered")
	require.Equal(t, []string{"minor"}, notedAlterations(t, store, "P1"))
}

// TestOnePracticesAlteredRowKeepsNoOthersLetterBack: others have days to keep.
func TestOnePracticesAlteredRowKeepsNoOthersLetterBack(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2", "P3"), person("P1", "a"), person("P1", "b"), person("P2", "c"), person("P3", "d")))
	approved(t, store, "P1", "P2")
	prepare(t, store, "P3", "papers of P3")
	alter(t, url, "UPDATE finding SET protected = false WHERE person_key = 'a'")
	// Nobody approved the letters of the third.
	alter(t, url, "UPDATE practice SET printable = true WHERE practice_key = 'P3'")
	run, err := store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: incidentID, Number: 1}, 10)
	require.NoError(t, err)
	require.Equal(t, 1, run.Pieces, "the second's letter goes out")
	require.Equal(t, []string{"protected"}, notedAlterations(t, store, "P1"))
	require.Equal(t, []string{"printable"}, notedAlterations(t, store, "P3"))
	require.Empty(t, notedAlterations(t, store, "P2"))
}

// TestTheCheckFindsWhatNobodyUses: each thing that is kept in clear and decides
// something, changed by the tables' owner, is found by the worker's own look.
func TestTheCheckFindsWhatNobodyUses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, column string }{
		"a person is dropped":              {"DELETE FROM finding WHERE person_key = 'a'", "list_sha256"},
		"somebody is said to be told":      {"UPDATE finding SET state = 'mailed' WHERE person_key = 'a'", "state"},
		"a letter for who is none":         {"UPDATE finding SET state = 'dead_50_years' WHERE person_key = 'a'", "state"},
		"whether the list changed":         {"UPDATE finding SET letter_hash = gen_random_uuid() WHERE person_key = 'a'", "letter_hash"},
		"a note of the list":               {"UPDATE finding SET other_hash = gen_random_uuid() WHERE person_key = 'a'", "other_hash"},
		"the counts that the law rests on": {`UPDATE practice SET tally = jsonb_set(tally, '{people}', '1') WHERE practice_key = 'P1'`, "tally"},
		"the number of people":             {"UPDATE practice SET people = 1 WHERE practice_key = 'P1'", "people"},
		"the account":                      {"UPDATE account SET people = people - 1 WHERE state = 'waiting'", "account"},
		"the account's other line":         {"UPDATE account SET state = 'told' WHERE state = 'waiting'", "account"},
		"whether letters may be printed":   {"UPDATE practice SET printable = true", "printable"},
		"a standing of long ago":           {"UPDATE practice SET printable = true, standing_of = changes, standing_seal = decode(repeat('00', 16), 'hex')", "printable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, url := open(t)
			loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a"), person("P1", "b")))
			prepare(t, store, "P1", "papers")
			altered, err := store.CheckPeople(t.Context(), incidentID)
			require.NoError(t, err)
			require.Zero(t, altered)
			alter(t, url, c.change)
			for range 2 {
				altered, err = store.CheckPeople(t.Context(), incidentID)
				require.NoError(t, err)
				require.Equal(t, 1, altered)
			}
			noted := notedAlterations(t, store, "P1")
			require.Len(t, noted, 1)
			require.Contains(t, noted[0], c.column)
			alarms, err := store.Troubles(t.Context(), incidentID)
			require.NoError(t, err)
			require.Len(t, alarms, 1)
			require.Contains(t, alarms[0].What, c.column)
		})
	}
}

// TestAPracticeOfWhichSomethingWasAlteredStaysOpen: that nobody is owed anything
// rests on its account.
func TestAPracticeOfWhichSomethingWasAlteredStaysOpen(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"the account": "UPDATE account SET state = 'told' WHERE state = 'waiting'", "a person": "UPDATE finding SET protected = false, state = 'dead_50_years'",
	} {
		store, url := open(t)
		loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a")))
		alter(t, url, change)
		_, _, err := store.ClosePractice(t.Context(), incidentID, "P1", 0, today, "done")
		refused(t, err, "altered")
		require.Len(t, notedAlterations(t, store, "P1"), 1, name)
		require.Equal(t, casebook.PhaseStarting, practice(t, store, "P1").Phase)
		closed, _, err := store.ClosePractice(t.Context(), incidentID, "P2", 0, today, "done")
		require.NoError(t, err)
		require.True(t, closed)
	}
}

// TestNobodyIsWhereTheyCannotBe: every state is one of some person, and none of all.
func TestNobodyIsWhereTheyCannotBe(t *testing.T) {
	t.Parallel()
	for _, state := range account.States {
		may := 0
		for _, who := range []account.Person{{}, {Usable: true}, {Protected: true}, {Protected: true, Usable: true}} {
			if who.MayBe(state) {
				may++
			}
			begins, _ := who.Begins()
			require.True(t, who.MayBe(begins))
		}
		require.Positive(t, may, state)
		require.Less(t, may, 4, state)
	}
}

func alter(t *testing.T, url, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	_, err = conn.Exec(t.Context(), "SET session_replication_role = replica") // past every trigger, as the owner can
	require.NoError(t, err)
	tag, err := conn.Exec(t.Context(), statement)
	require.NoError(t, err)
	require.Positive(t, tag.RowsAffected())
}

// notedAlterations are the columns that a practice's chain says were changed.
func notedAlterations(t *testing.T, store *postgres.Store, practice string) (noted []string) {
	t.Helper()
	require.NoError(t, store.Ledger(t.Context(), incidentID, practice, func(e ledger.Entry) error {
		body, err := e.Decode()
		require.NoError(t, err)
		if body.Kind != ledger.KindAltered {
			return nil
		}
		require.NotContains(t, e.Body, `"a"`, "the patient's key stays out of the chain")
		what, err := ledger.ResultOf[ledger.Altered](body)
		require.NoError(t, err)
		noted = append(noted, fmt.Sprint(strings.Join(what.Columns, " ")))
		return nil
	}))
	return noted
}
