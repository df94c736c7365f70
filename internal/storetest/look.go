package storetest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
)

// look holds what must always be so, and notes what can be seen.
func (h *history) look(what string) {
	h.t.Helper()
	lines := []string{what}
	_, _, people := Case()
	incident, err := h.store.Incident(h.t.Context(), IncidentID)
	require.NoError(h.t, err)
	for _, key := range []string{"P1", "P2", "P3", "P4"} {
		state, p := h.stand(key)
		again, _ := h.stand(key)
		require.Equal(h.t, state, again, "looking changes nothing")

		onList := len(slices.DeleteFunc(slices.Clone(people), func(r breach.Person) bool { return r.PracticeKey != key }))
		require.Equal(h.t, onList, p.Account.Total(), "%s: everybody is in the account, once: %v", what, p.Account)
		if state.Printable {
			require.True(h.t, state.Notifiable && !state.AssessmentPending, what)
			require.GreaterOrEqual(h.t, len(p.Approvals), incident.Incident.ApproversNeeded(), what)
			require.NotEmpty(h.t, p.PapersSHA256, what)
			require.True(h.t, incident.Incident.Entity.WritesLetters(p.Practice), what)
			require.False(h.t, holdingOn(incident.Incident.Holds, breach.CoversIndividual, h.now), what)
		}
		settled := []string{}
		for _, d := range state.Deadlines {
			if d.Open {
				continue
			}
			settled = append(settled, d.ObligationID)
			switch d.Kind {
			case breach.IndividualNotice:
				require.Zero(h.t, p.Account.Untold(""), "%s: %s has people untold: %v", what, key, p.Account)
			case breach.SubstituteNotice:
				require.Zero(h.t, p.Account.Unreached(""), "%s: %s has people unreached: %v", what, key, p.Account)
			}
		}
		lines = append(lines, fmt.Sprintf("  %s %s printable=%t needs=%q late=%t disputed=%d settled=%v account=%v",
			key, state.Phase, state.Printable, state.NeedsPerson, state.Late, p.Disputed, settled, written(p.Account)))
	}
	h.seen = append(h.seen, strings.Join(lines, "\n"))
}

func (h *history) everybody() map[string]account.Account {
	all := map[string]account.Account{}
	for _, key := range []string{"P1", "P2", "P3", "P4"} {
		p, err := h.store.Practice(h.t.Context(), IncidentID, key)
		require.NoError(h.t, err)
		all[key] = p.Account
	}
	return all
}

// written is an account in one order.
func written(a account.Account) []string {
	lines := []string{}
	for _, l := range a {
		if l.People > 0 {
			lines = append(lines, fmt.Sprintf("%s/%s/%s/%s=%d mailed %s told %s", l.State, l.Why, l.Letter, l.Residence, l.People, l.MailedOn, l.ToldOn))
		}
	}
	slices.Sort(lines)
	return lines
}
