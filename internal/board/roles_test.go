package board_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/board"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

// grants are what people hold in the two incidents.
var grants = []access.Grant{
	{Identity: "os:ada", Name: "Ada Rivera", Role: access.Officer},
	{Identity: "os:ben", Name: "Ben Okafor", Role: access.Approver, IncidentID: incidentID},
	{Identity: "db:cleo", Name: "Cleo Marsh", Role: access.Counsel, IncidentID: otherID},
	{Identity: "os:ola", Name: "Ola Keeper", Role: access.Operator},
	{Identity: "db:dee", Name: "Dee Clerk", Role: access.Practice, IncidentID: incidentID, PracticeKey: "harbor"},
	{Identity: "os:eve", Name: "Eve Two", Role: access.Officer, IncidentID: otherID},
	{Identity: "os:eve", Name: "Eve Two", Role: access.Counsel, IncidentID: incidentID},
}

// addresses are one of each kind below an incident.
var addresses = []string{"", "practices", "open", "held", "practice/harbor", "practice/island", "csv/phases.csv", "csv/practices.csv", "csv/open.csv", "csv/held.csv", "practice/harbor/csv/history.csv", "practice/island/csv/duties.csv"}

// TestEachSeesTheBoardsOfTheirIncidents and for the rest there is nothing: no page, no
// table, no line in the list of incidents.
func TestEachSeesTheBoardsOfTheirIncidents(t *testing.T) {
	t.Parallel()
	url := case27(t)
	for who, sees := range map[access.Identity][]string{
		"os:ada": {incidentID, otherID}, "os:ben": {incidentID}, "db:cleo": {otherID}, "os:ola": {incidentID, otherID}, "os:eve": {otherID, incidentID},
	} {
		h := served(t, url, who, grants...)
		var listed []string
		for _, row := range rows(t, h, "/board/incidents.csv") {
			listed = append(listed, row[0])
		}
		require.Equal(t, sees, listed, who)
		for incident, own := range map[string]string{incidentID: "harbor", otherID: "island"} {
			for _, address := range addresses {
				path := "/board/" + incident + "/" + address
				there := contains(sees, incident) && !other(address, own)
				answer := get(t, h, path)
				require.Equal(t, there, answer.Code == http.StatusOK, "%s at %s: %d", who, path, answer.Code)
				if !there {
					require.Equal(t, http.StatusNotFound, answer.Code, "%s at %s", who, path)
					require.NotContains(t, answer.Body.String(), "Example Health Cloud")
				}
				if incident == incidentID {
					require.NotContains(t, answer.Body.String(), "Foreignname")
				}
			}
		}
	}
}

func contains(list []string, one string) bool {
	for _, s := range list {
		if s == one {
			return true
		}
	}
	return false
}

// other reports whether the address names a practice of the other incident.
func other(address, own string) bool {
	for _, key := range []string{"harbor", "island"} {
		if key != own && len(address) >= 9+len(key) && address[:9+len(key)] == "practice/"+key {
			return true
		}
	}
	return false
}

// TestAPracticeAndWhoHoldsNothingSeeNoBoard.
func TestAPracticeAndWhoHoldsNothingSeeNoBoard(t *testing.T) {
	t.Parallel()
	url := case27(t)
	for _, who := range []access.Identity{"db:dee", "os:nobody"} {
		h := served(t, url, who, grants...)
		for _, path := range []string{"/board/", "/board/incidents.csv", "/board/EX-2026-03/", "/board/EX-2026-03/practice/harbor", "/board/EX-2026-03/csv/practices.csv"} {
			answer := get(t, h, path)
			require.Equal(t, http.StatusForbidden, answer.Code, "%s at %s", who, path)
			require.NotContains(t, answer.Body.String(), "Harbor")
		}
	}
	// While nobody holds a role, everybody is an officer, as with every command.
	require.Len(t, rows(t, served(t, url, "os:nobody"), "/board/incidents.csv"), 2)
}

// TestWhoLookedAtPeopleIsForWhoMayOversee: an approver's board does not tell of looks.
func TestWhoLookedAtPeopleIsForWhoMayOversee(t *testing.T) {
	t.Parallel()
	url := case27(t)
	officer := openAt(t, url, postgres.As(access.Everywhere(access.Officer)))
	_, err := officer.Reveal(t.Context(), casebook.Reveal{
		IncidentID: incidentID, PracticeKey: "harbor", PersonKey: "harbor-0001", Reason: "Call of 3 April", Who: "Ada Rivera", Identity: "os:ada",
	})
	require.NoError(t, err)
	for who, sees := range map[access.Identity]bool{"os:ada": true, "os:eve": true, "os:ben": false, "os:ola": false} {
		page := shown(t, served(t, url, who, grants...), "/board/EX-2026-03/practice/harbor")
		require.Contains(t, page, "Approved the papers", who)
		if sees {
			require.Contains(t, page, "Looked at one person", who)
		} else {
			require.NotContains(t, page, "Looked at one person", who)
			require.NotContains(t, page, "Call of 3 April", who)
		}
	}
}

// TestWhoCannotBeToldIsShownNothing: a refusal is said, a fault is not quoted.
func TestWhoCannotBeToldIsShownNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
		words  string
	}{
		{breach.Refuse("not_signed_in", "Sign in.", "your session is over"), http.StatusForbidden, "your session is over"},
		{errors.New("secret of the database"), http.StatusServiceUnavailable, "The database does not answer"},
	} {
		b := &board.Board{
			Surroundings: surroundings(t), Log: slog.New(slog.DiscardHandler),
			Who: func(*http.Request) (access.Identity, []access.Grant, error) { return "", nil, c.err },
		}
		t.Cleanup(b.Close)
		for _, path := range []string{"/board/", "/board/EX-2026-03/"} {
			answer := get(t, b.Handler(), path)
			require.Equal(t, c.status, answer.Code)
			require.Contains(t, answer.Body.String(), c.words)
			require.NotContains(t, answer.Body.String(), "secret of the database")
		}
	}
}

// TestAPanicOnTheBoardIsAnsweredAndNotQuoted.
func TestAPanicOnTheBoardIsAnsweredAndNotQuoted(t *testing.T) {
	t.Parallel()
	b := &board.Board{
		Surroundings: surroundings(t), Log: slog.New(slog.DiscardHandler),
		Who: func(*http.Request) (access.Identity, []access.Grant, error) { panic("Canarylast1") },
	}
	t.Cleanup(b.Close)
	w := httptest.NewRecorder()
	b.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/board/", nil))
	require.Equal(t, http.StatusInternalServerError, w.Code)
	require.NotContains(t, w.Body.String(), "Canary")
}
