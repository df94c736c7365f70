package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// TestAnIncidentIsShreddedByItsKey: after its retention and not before, not
// while a legal hold stands, with a record before and after. Then nobody reads
// its people, whatever else they have, while all that proves what was done
// stays, and other incidents' people are read as before.
func TestAnIncidentIsShreddedByItsKey(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a"), person("P1", "b")))
	i := incident()
	i.ID = "EX-OTHER"
	loaded(t, store, caseOf(i, practices("P1"), person("P1", "a")))
	approved(t, store, "P1")
	mailRun(t, store, 1, 10)
	finish(t, store, 1, 1)

	// A practice could open its packet without that key.
	page := packet.Practice{IncidentID: incidentID, Key: "P1"}
	_, err := store.MakePage(ctx, page)
	require.NoError(t, err)
	_, err = store.GiveCode(ctx, page, postgres.CodeByTelephone, "Robin Officer", time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.NoError(t, store.SavePacket(ctx, page, "made", []packet.Part{{Name: packet.PartPeople, Content: []byte("Ada Example")}}))
	left := func() (n int) {
		require.NoError(t, testkit.Pool(t, url).QueryRow(ctx, "SELECT (SELECT count(*) FROM page_part) + (SELECT count(wrapped) FROM page_code)").Scan(&n))
		return n
	}
	require.Equal(t, 2, left())

	closed := civil.MustParse("2026-05-20")
	last := closed.AddYears(6)
	after := last.AddDays(1)
	shred := func(today civil.Date) error {
		if _, _, err := store.IntendShred(ctx, incidentID, "Robin Officer", noon, today); err != nil {
			return err
		}
		return store.Shred(ctx, incidentID, "Robin Officer", noon.Add(time.Minute), today)
	}
	refused(t, shred(after), "not_closed")
	require.NoError(t, store.SetIncidentPhase(ctx, incidentID, casebook.IncidentClosed, closed))
	refused(t, shred(last), "retention")

	hold := func(matter string, release bool) bool {
		fresh, err := store.SetLegalHold(ctx, incidentID, matter, release, "Casey Counsel", noon)
		require.NoError(t, err)
		return fresh
	}
	require.True(t, hold("Doe v. Example", false))
	require.False(t, hold("doe  v. example", false), "the same hold")
	require.True(t, hold("OCR audit", false))
	refused(t, shred(after), "legal_hold")
	require.True(t, hold("Doe v. Example", true))
	require.False(t, hold("Doe v. Example", true))
	require.True(t, hold("Doe v. Example", false), "held again")
	require.True(t, hold("Doe v. Example", true))
	refused(t, shred(after), "legal_hold")
	require.True(t, hold("OCR audit", true))

	require.ErrorContains(t, store.Shred(ctx, incidentID, "Robin Officer", noon, after), "before its destruction is written down")
	retained, err := store.RetainedIncidents(ctx)
	require.NoError(t, err)
	require.Equal(t, []postgres.Retained{{IncidentID: incidentID, ClosedOn: closed, Until: last, Findings: 2, LegalHolds: []string{}}}, retained)

	wrapped := wrappedKey(t, url, incidentID)
	evidence := provedOf(t, store)

	// The intent is on record, and whoever set out dies: before the key is gone, and
	// once more while it is being destroyed.
	what := casebook.ShredTerms{ClosedOn: closed, RetainedUntil: last, Findings: 2}
	intended, done, err := store.IntendShred(ctx, incidentID, "Robin Officer", noon, after)
	require.NoError(t, err)
	require.False(t, done)
	require.Equal(t, what, intended)
	store.Close()
	store = openAt(t, url, postgres.WithMaster(masterOf("test")))
	dying := testkit.Pool(t, url)
	_, err = dying.Exec(ctx, `CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
		CREATE TRIGGER die AFTER UPDATE ON incident_key FOR EACH ROW EXECUTE FUNCTION die()`)
	require.NoError(t, err)
	require.Error(t, shred(after))
	_, err = dying.Exec(ctx, "DROP TRIGGER die ON incident_key; DROP FUNCTION die()")
	require.NoError(t, err)
	require.Len(t, people(t, store, "P1"), 2, "nothing was destroyed")
	require.Equal(t, 2, left())
	told := kinds(t, chains(t, store, "")[""])
	require.Equal(t, "intent key_shredding intended", told[len(told)-1], "what was begun shows, once")

	require.NoError(t, shred(after), "the same again finishes it")
	require.NoError(t, shred(after), "again is the same")
	require.Zero(t, left(), "nothing is left that a practice could open")
	refused(t, store.SavePacket(ctx, page, "again", nil), "shredded")
	require.Equal(t, append(told, "act", "result key_shredding finished"), kinds(t, chains(t, store, "")[""]))

	for _, s := range []*postgres.Store{store, openAt(t, url, postgres.WithMaster(masterOf("test")))} {
		refused(t, s.People(ctx, incidentID, "P1", func(*breach.Person) error { return nil }), "shredded")
		refused(t, s.Letters(ctx, incidentID, 1, 1, func(*casebook.Letter) error { return nil }), "shredded")
		_, err = s.LoadList(ctx, incidentID, amendment("list-9", person("P1", "c")))
		refused(t, err, "shredded")
		readable(t, s, "EX-OTHER")
	}
	require.Equal(t, evidence, provedOf(t, store))

	acts, err := store.Acts(ctx, incidentID, "")
	require.NoError(t, err)
	require.Equal(t, casebook.Act{
		ID: "shred", IncidentID: incidentID, Kind: casebook.ActShred, Who: "Robin Officer", At: noon.Add(time.Minute), Shred: &what,
	}, acts[len(acts)-1])

	// The bytes are gone from the table's file, not only from the row.
	pool := testkit.Pool(t, url)
	_, err = pool.Exec(ctx, "CHECKPOINT")
	require.NoError(t, err)
	var still bool
	require.NoError(t, pool.QueryRow(ctx, "SELECT position($1::bytea IN pg_read_binary_file(pg_relation_filepath('incident_key'))) > 0", wrapped).Scan(&still))
	require.False(t, still)
	require.NoError(t, pool.QueryRow(ctx, "SELECT position($1::bytea IN pg_read_binary_file(pg_relation_filepath('incident_key'))) > 0",
		wrappedKey(t, url, "EX-OTHER")).Scan(&still))
	require.True(t, still, "what is there is found this way")

	_, err = store.RotateKeys(ctx)
	require.NoError(t, err, "a destroyed key needs no wrapping")
}

func wrappedKey(t *testing.T, url, id string) []byte {
	t.Helper()
	var wrapped []byte
	require.NoError(t, testkit.Pool(t, url).QueryRow(t.Context(), "SELECT wrapped FROM incident_key WHERE incident_id = $1", id).Scan(&wrapped))
	require.NotEmpty(t, wrapped)
	return wrapped
}

// provedOf is what has to outlive the people.
func provedOf(t *testing.T, store *postgres.Store) []any {
	t.Helper()
	status, err := store.Status(t.Context(), incidentID, noon, today)
	require.NoError(t, err)
	summary, err := store.Summary(t.Context(), incidentID, noon)
	require.NoError(t, err)
	acts, err := store.Acts(t.Context(), incidentID, "P1")
	require.NoError(t, err)
	approvals := acts[:0]
	for _, a := range acts {
		if a.Kind == casebook.ActApprove {
			approvals = append(approvals, a)
		}
	}
	require.NotEmpty(t, approvals)
	run, err := store.MailRun(t.Context(), incidentID, 1)
	require.NoError(t, err)
	return []any{status, summary, approvals, run, practice(t, store, "P1")}
}
