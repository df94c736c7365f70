package postgres_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/evidence"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// evidenceOf packs what the database holds, and verifies it.
func evidenceOf(t testing.TB, store *postgres.Store, key *evidence.Key, practice string) (evidence.Report, []byte, error) {
	t.Helper()
	require.NoError(t, store.PublishKey(t.Context(), incidentID, key.Public(), "duenotice", noon))
	anchored(t, store)
	var pack []byte
	absent := func(string) ([]byte, error) { return nil, fs.ErrNotExist }
	err := store.Evidence(t.Context(), incidentID, practice, today, func(src evidence.Source) (err error) {
		pack, err = evidence.Build(src, evidence.Input{
			AsOf: today, Key: key, Paper: absent,
			Proof: func(string) (string, []byte, error) { return "", nil, fs.ErrNotExist },
		})
		return err
	})
	if err != nil {
		return evidence.Report{}, nil, err
	}
	report, err := evidence.VerifyBytes(pack, evidence.Trust{PublicKey: key.Public(), Now: time.Now()})
	return report, pack, err
}

func newKey(t testing.TB) *evidence.Key {
	t.Helper()
	key, err := evidence.EnsureKey(filepath.Join(t.TempDir(), "key.pem"))
	require.NoError(t, err)
	return key
}

// lived is an incident of two practices in which a good deal was done.
func lived(t testing.TB, store *postgres.Store) {
	t.Helper()
	ctx := t.Context()
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	for _, p := range []string{"P1", "P2"} {
		plan := planOf(duty("hipaa.media", breach.MediaNotice, "VA", "2026-05-15"), duty("hipaa.hhs", breach.HHSNotice, "US", "2026-05-15"))
		_, err := store.SavePlan(ctx, incidentID, p, plan, casebook.Standing{Phase: casebook.PhaseOpen})
		require.NoError(t, err)
		require.NoError(t, store.SavePapers(ctx, incidentID, p, papersOf(practice(t, store, p), "papers")))
		// A year that was slipped moves a day, and another plan moves it back.
		for _, due := range []string{"2026-05-20", "2026-05-15"} {
			moved := planOf(duty("hipaa.media", breach.MediaNotice, "VA", due), duty("hipaa.hhs", breach.HHSNotice, "US", "2026-05-15"))
			_, err := store.SavePlan(ctx, incidentID, p, moved, casebook.Standing{Phase: casebook.PhaseOpen})
			require.NoError(t, err)
		}
		_, err = store.ActOnPractice(ctx, casebook.Act{
			ID: "record " + p, IncidentID: incidentID, PracticeKey: p, Kind: casebook.ActRecord, Who: "Robin Officer", At: noon,
			Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.MediaSent, Jurisdiction: "VA", On: today, Reference: "press"}, ProofSHA256: fmt.Sprintf("%064d", 7)},
		}, allowed)
		require.NoError(t, err)
		anchored(t, store)
	}
	_, err := store.ActOnIncident(ctx, casebook.Act{
		ID: "hold", IncidentID: incidentID, Kind: casebook.ActHold, Who: "Robin Officer", At: noon,
		Hold: &breach.Hold{Kind: breach.OralHold, StatedOn: today, Official: "A. Agent", Agency: "FBI", Statement: "It would impede the investigation."},
	})
	require.NoError(t, err)
}

// TestEvidenceHasTheAccountOfItsMoment, as status has it and without where people live.
func TestEvidenceHasTheAccountOfItsMoment(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	lived(t, store)
	status, err := store.Status(t.Context(), incidentID, noon, today)
	require.NoError(t, err)
	for practice, findings := range map[string]int{"P1": 1, "": 2} {
		require.NoError(t, store.Evidence(t.Context(), incidentID, practice, today, func(src evidence.Source) error {
			require.Equal(t, findings, src.Account.Findings)
			require.True(t, src.Account.AddsUp)
			require.True(t, src.Account.Lines.AddsUpTo(findings))
			for _, l := range src.Account.Lines {
				require.Empty(t, l.Residence)
			}
			if practice == "" {
				require.Equal(t, status.Account, src.Account)
			}
			return nil
		}))
	}
}

func TestWhatTheDatabaseHoldsVerifies(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	lived(t, store)
	key := newKey(t)
	for _, practice := range []string{"P1", "P2", ""} {
		report, pack, err := evidenceOf(t, store, key, practice)
		require.NoError(t, err)
		_, again, err := evidenceOf(t, store, key, practice)
		require.NoError(t, err)
		require.Equal(t, pack, again, "the same ledger gives the same bytes")
		require.Equal(t, practice, report.Practice)
		require.Equal(t, 2, report.Anchors)
		for _, patient := range []string{"Ada Example", "Example a", "Richmond"} {
			require.NotContains(t, string(pack), patient, "nobody's patient is in it")
		}
		if practice == "P1" {
			require.NotContains(t, string(pack), `practices/P2/`, "nor another practice")
			require.NotContains(t, string(pack), `"P2"`)
		}
	}
}

// TestThePackCatchesTheSuperuser changes the database where no chain alone
// would show it.
func TestThePackCatchesTheSuperuser(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ tamper, link string }{
		"a duty's day":   {`UPDATE obligation SET due = '2026-06-30' WHERE obligation_id = 'hipaa.media.VA'`, "duties.json"},
		"a duty removed": {`UPDATE obligation SET dropped = true WHERE obligation_id = 'hipaa.hhs'`, "duties.json"},
		"the last entry cut off": {`DELETE FROM ledger WHERE practice_key = 'P1'
			AND seq = (SELECT max(seq) FROM ledger WHERE practice_key = 'P1')`, "practice P1"},
		"a whole chain cut off": {`DELETE FROM ledger WHERE practice_key = 'P1'`, "practice P1"},
		"a chain written anew": {`CREATE TEMP TABLE old AS SELECT * FROM ledger WHERE practice_key = 'P1';
			DELETE FROM ledger WHERE practice_key = 'P1'; SET LOCAL session_replication_role = origin;
			INSERT INTO ledger SELECT incident_id, practice_key, 0, at, '', '', replace(body, 'Robin', 'Other') FROM old ORDER BY seq`, "the incident's ledger"},
		"an anchor's rows": {`DELETE FROM ledger_anchor WHERE practice_key = 'P1'`, "the incident's ledger"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, url := open(t)
			lived(t, store)
			key := newKey(t)
			_, _, err := evidenceOf(t, store, key, "P1")
			require.NoError(t, err)
			tamper(t, testkit.Pool(t, url), c.tamper)
			_, _, err = evidenceOf(t, store, key, "P1")
			var link *evidence.Broken
			var chain *ledger.Broken
			require.True(t, errors.As(err, &link) || errors.As(err, &chain), "%v", err)
			require.ErrorContains(t, err, c.link)
		})
	}
}

func TestAKeyIsPublishedOnce(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	for _, key := range []string{"k-1", "k-1", "k-2", "k-2", "k-1"} {
		require.NoError(t, store.PublishKey(t.Context(), incidentID, key, "duenotice", noon))
	}
	require.Equal(t, []string{"incident_loaded", "evidence_key", "evidence_key", "evidence_key"}, kinds(t, chains(t, store, "")[""]))
}
