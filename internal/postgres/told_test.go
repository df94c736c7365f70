package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// TestTheNumberToldIsKeptWithTheDuty, whether it is recorded for one practice or
// for the whole incident, and stays when the plan's count grows.
func TestTheNumberToldIsKeptWithTheDuty(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	of := func(rule, kind, place string, count int) casebook.PlannedObligation {
		o := duty(rule, kind, place, "2026-05-15")
		o.Count = count
		return o
	}
	save := func(key string, count int) {
		_, err := store.SavePlan(t.Context(), incidentID, key, planOf(
			of("hipaa.164.410.business_associate", breach.CoveredEntityNotice, "US", count),
			of("hipaa.164.408.annual_log", breach.HHSNotice, "US", count),
			of("state.tx.regulator.attorney_general", breach.RegulatorNotice, "TX", count),
			of("state.ny.regulator.state_police", breach.RegulatorNotice, "NY", count+1),
		), casebook.Standing{Phase: casebook.PhaseOpen})
		require.NoError(t, err)
	}
	save("P1", 260)
	save("P2", 9)
	require.Empty(t, practice(t, store, "P1").Told, "nobody was told")

	_, err := store.ActOnIncident(t.Context(), record("r1", "", breach.RegulatorNotified, "TX", "2026-04-01"))
	require.NoError(t, err)
	require.Equal(t, map[string]int{"state.tx.regulator.attorney_general": 260}, practice(t, store, "P1").Told)
	require.Equal(t, map[string]int{"state.tx.regulator.attorney_general": 9}, practice(t, store, "P2").Told)

	save("P1", 560)
	require.Equal(t, 260, practice(t, store, "P1").Told["state.tx.regulator.attorney_general"], "a list that grew tells nobody")

	counted := record("r2", "P1", breach.RegulatorUpdated, "NY:state_police TX:attorney_general", "2026-04-05")
	counted.Record.Fact.Count = 500
	_, err = store.ActOnPractice(t.Context(), counted, allowed)
	require.NoError(t, err)
	_, err = store.ActOnPractice(t.Context(), record("r3", "P1", breach.PracticeNotified, "", "2026-04-05"), allowed)
	require.NoError(t, err)
	whole := record("r4", "", breach.HHSFiled, "", "2026-04-05")
	whole.Record.Fact.Count = 269
	_, err = store.ActOnIncident(t.Context(), whole)
	require.NoError(t, err)
	require.Equal(t, map[string]int{
		"state.tx.regulator.attorney_general": 500, "state.ny.regulator.state_police": 500, "hipaa.164.410.business_associate": 560, "hipaa.164.408.annual_log": 560,
	}, practice(t, store, "P1").Told, "a number for all practices together is not one practice's")

	agencies, err := store.AgenciesToTell(t.Context(), incidentID, "P1")
	require.NoError(t, err)
	require.Equal(t, []int{561, 560}, []int{agencies[0].Count, agencies[1].Count})
}
