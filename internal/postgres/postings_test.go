package postgres_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/evidence"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// posted is an incident of practices whose notices are posted.
func posted(t *testing.T, store *postgres.Store, keys ...string) {
	t.Helper()
	var people []breach.Person
	for _, key := range keys {
		people = append(people, person(key, "one of "+key))
	}
	loaded(t, store, caseOf(incident(), practices(keys...), people...))
	for _, key := range keys {
		_, err := store.SavePlan(t.Context(), incidentID, key, planOf(duty("hipaa.media", breach.MediaNotice, "VA", "2026-05-15")),
			casebook.Standing{Phase: casebook.PhaseOpen, PostingURL: "https://" + key + ".example.org"})
		require.NoError(t, err)
	}
}

func lookAt(key string, on civil.Date, problem string) casebook.Look {
	return casebook.Look{Practice: key, URL: "https://" + key + ".example.org", At: noon.AddDate(0, 0, on.DaysSince(today)), On: on, Shown: problem == "", Problem: problem, TextSHA256: "text"}
}

func TestLooksAreMadeOnceADayAndAgainWhereTheNoticeWasMissed(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	posted(t, store, "P1", "P2", "P3")
	waiting := func(on civil.Date) (keys []string) {
		places, err := store.PostingsToLookAt(t.Context(), incidentID, "", on, 10)
		require.NoError(t, err)
		for _, p := range places {
			require.Equal(t, "https://"+p.PracticeKey+".example.org", p.URL)
			keys = append(keys, p.PracticeKey)
		}
		return keys
	}
	require.Equal(t, []string{"P1", "P2", "P3"}, waiting(today))
	after, err := store.PostingsToLookAt(t.Context(), incidentID, "P1", today, 1)
	require.NoError(t, err)
	require.Equal(t, []casebook.PostingPlace{{PracticeKey: "P2", URL: "https://P2.example.org"}}, after)

	before := practice(t, store, "P1").Changes
	news, err := store.SaveLooks(t.Context(), incidentID, []casebook.Look{lookAt("P1", today, ""), lookAt("P2", today, "gone"), lookAt("P3", today, "")})
	require.NoError(t, err)
	require.Equal(t, []string{"P1", "P2", "P3"}, news, "that somebody looks at all is news once")
	require.Equal(t, before+1, practice(t, store, "P1").Changes)
	require.Equal(t, []string{"P2"}, waiting(today))
	incidents, err := store.PostingIncidents(t.Context(), today)
	require.NoError(t, err)
	require.Equal(t, []string{incidentID}, incidents)

	// The next day nothing changed but that P3 lost its notice.
	tomorrow := today.AddDays(1)
	require.Equal(t, []string{"P1", "P2", "P3"}, waiting(tomorrow))
	news, err = store.SaveLooks(t.Context(), incidentID, []casebook.Look{lookAt("P1", tomorrow, ""), lookAt("P2", tomorrow, "gone"), lookAt("P3", tomorrow, "gone")})
	require.NoError(t, err)
	require.Equal(t, []string{"P2", "P3"}, news, "another day missed is another day to be kept")
	p2 := practice(t, store, "P2")
	require.True(t, p2.Posting.Amiss())
	require.Equal(t, today, p2.Posting.Since)
	require.Contains(t, p2.Facts, breach.Fact{Kind: breach.PostingMissed, On: today, Through: tomorrow})
	require.Empty(t, practice(t, store, "P1").Facts)
	news, err = store.SaveLooks(t.Context(), incidentID, []casebook.Look{lookAt("P2", tomorrow, "")})
	require.NoError(t, err)
	require.Equal(t, []string{"P2"}, news)
	require.Contains(t, practice(t, store, "P2").Facts, breach.Fact{Kind: breach.PostingMissed, On: today, Through: today})

	// One whose posting is not kept any more is not looked at.
	_, err = store.SavePlan(t.Context(), incidentID, "P2", planOf(), casebook.Standing{Phase: casebook.PhaseOpen, Changes: practice(t, store, "P2").Changes})
	require.NoError(t, err)
	require.Equal(t, []string{"P1", "P3"}, waiting(tomorrow.AddDays(1)))
}

// TestEachLookIsInTheEvidence of its practice, with a proof that the incident's ledger has
// it, and none of another practice's.
func TestEachLookIsInTheEvidence(t *testing.T) {
	t.Parallel()
	store, address := open(t)
	keys := []string{"P1", "P2", "P3", "P4", "P5"}
	posted(t, store, keys...)
	for n := range 3 {
		var looks []casebook.Look
		for _, key := range keys[n:] {
			looks = append(looks, lookAt(key, today.AddDays(n), map[bool]string{true: "nothing of the notice is on it"}[n == 1 && key == "P3"]))
		}
		_, err := store.SaveLooks(t.Context(), incidentID, looks)
		require.NoError(t, err)
	}
	key := newKey(t)
	for n, practice := range keys {
		require.NoError(t, store.Evidence(t.Context(), incidentID, practice, today, func(src evidence.Source) error {
			require.Len(t, src.Looks, min(n+1, 3), practice)
			for _, l := range src.Looks {
				require.Contains(t, l.Look, fmt.Sprintf("%q", practice))
			}
			return nil
		}))
		_, _, err := evidenceOf(t, store, key, practice)
		require.NoError(t, err, practice)
	}
	_, _, err := evidenceOf(t, store, key, "")
	require.NoError(t, err)
	// Who changes a look that was made is found out, with the practice and beside it.
	_, err = testkit.Pool(t, address).Exec(t.Context(), `UPDATE posting_look l SET look = replace(look, 'nothing of the notice is on it', 'all is well')
		FROM practice p WHERE p.id = l.practice_id AND p.practice_key = 'P3'`)
	require.NoError(t, err)
	_, _, err = evidenceOf(t, store, key, "P3")
	require.ErrorContains(t, err, "is not the one that the incident's ledger took in")
}

// TestStatusHasTheOutletsThatWereTold while a State's media are not all told.
func TestStatusHasTheOutletsThatWereTold(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	media := duty("hipaa.media", breach.MediaNotice, "VA", "2026-05-15")
	for _, key := range []string{"P1", "P2"} {
		_, err := store.SavePlan(t.Context(), incidentID, key, planOf(media), casebook.Standing{Phase: casebook.PhaseOpen})
		require.NoError(t, err)
	}
	sent := breach.Fact{Kind: breach.MediaSent, Jurisdiction: "VA", On: today, Outlet: "Example Press"}
	for _, fact := range []breach.Fact{sent, {Kind: breach.Acknowledged, On: today}} {
		_, err := store.ActOnPractice(t.Context(), casebook.Act{
			ID: fact.Kind, IncidentID: incidentID, PracticeKey: "P1", Kind: casebook.ActRecord, Who: "Robin Officer", At: noon, Record: &casebook.RecordTerms{Fact: fact},
		}, allowed)
		require.NoError(t, err)
	}
	details, err := store.StatusDetails(t.Context(), incidentID, postgres.Filter{}, noon)
	require.NoError(t, err)
	require.Equal(t, breach.Facts{sent}, details[0].MediaSent)
	require.Empty(t, details[1].MediaSent)
	media.SettledOn = today
	_, err = store.SavePlan(t.Context(), incidentID, "P1", planOf(media), casebook.Standing{Phase: casebook.PhaseOpen, Changes: 2})
	require.NoError(t, err)
	details, err = store.StatusDetails(t.Context(), incidentID, postgres.Filter{Practice: "P1"}, noon)
	require.NoError(t, err)
	require.Empty(t, details[0].MediaSent, "what is done needs no list")
}
