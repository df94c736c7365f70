package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// Every duty that was ever owed stays known, with how often it changed.
func TestDutiesEverOwedCountTheirChanges(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a")))
	standing := casebook.Standing{Phase: casebook.PhaseOpen}
	type seen struct {
		id        string
		dropped   bool
		changes   int
		due       civil.Date
		dueBefore civil.Date
	}
	look := func() []seen {
		list, err := store.DutiesEverOwed(t.Context(), incidentID, "P1")
		require.NoError(t, err)
		var all []seen
		for _, d := range list {
			all = append(all, seen{d.ID(), d.Dropped, d.Changes, d.Due, d.DueBefore})
		}
		return all
	}
	first := duty("media", breach.MediaNotice, "VA", "2026-05-15")
	individual := duty("individual", breach.IndividualNotice, "US", "2026-05-15")
	save(t, store, planOf(first, individual), standing)
	want := []seen{{"media.VA", false, 0, day("2026-05-15"), civil.Date{}}, {"individual", false, 0, day("2026-05-15"), civil.Date{}}}
	require.Equal(t, want, look())
	save(t, store, planOf(first, individual), standing)
	require.Equal(t, want, look(), "the same plan changes nothing")

	individual.Due = civil.Date{}
	save(t, store, planOf(individual), standing)
	require.Equal(t, []seen{
		{"individual", false, 1, civil.Date{}, day("2026-05-15")}, {"media.VA", true, 1, day("2026-05-15"), day("2026-05-15")},
	}, look())

	individual.Due, individual.SettledOn = day("2026-06-01"), day("2026-05-20")
	save(t, store, planOf(first, individual), standing)
	require.Equal(t, []seen{
		{"media.VA", false, 2, day("2026-05-15"), day("2026-05-15")}, {"individual", false, 3, day("2026-06-01"), day("2026-05-15")},
	}, look())

	list, err := store.DutiesEverOwed(t.Context(), incidentID, "P9")
	require.NoError(t, err)
	require.Empty(t, list)
}

// The officer's calendar is made of what each practice's own is made of.
func TestEveryDutyIsEachPracticesOwn(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P2", "P1", "P3"), person("P1", "a"), person("P2", "b"), person("P3", "c")))
	standing := casebook.Standing{Phase: casebook.PhaseOpen}
	for _, key := range []string{"P1", "P3"} {
		for _, due := range []string{"2026-05-15", "2026-06-01"} {
			_, err := store.SavePlan(t.Context(), incidentID, key, planOf(duty("media", breach.MediaNotice, "VA", due), duty(key, breach.IndividualNotice, "US", due)), standing)
			require.NoError(t, err)
		}
	}
	var all []casebook.PracticeDuties
	gather := func(part []casebook.PracticeDuties) error { all = append(all, part...); return nil }
	err := store.EachDuty(t.Context(), incidentID, gather)
	require.NoError(t, err)
	require.Len(t, all, 3)
	for i, key := range []string{"P1", "P2", "P3"} {
		require.Equal(t, key, all[i].Practice.Key, "in key order")
		own, err := store.DutiesEverOwed(t.Context(), incidentID, key)
		require.NoError(t, err)
		require.ElementsMatch(t, own, all[i].Duties)
	}
	require.Len(t, all[0].Duties, 2)
	require.Equal(t, 1, all[0].Duties[0].Changes)
	require.Empty(t, all[1].Duties, "a practice without a plan")
	err = store.EachDuty(t.Context(), "NOT-THERE", gather)
	_, refused := breach.AsRefusal(err)
	require.True(t, refused, "%v", err)
}
