package seeing_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/seeing"
)

// everything is a text with every number that a program of ours can show.
func everything(t *testing.T) string {
	t.Helper()
	s := open(t, seeing.Options{Listen: "127.0.0.1:0"})
	var options client.Options
	require.NoError(t, s.OfClient(&options))
	// Of the many that Temporal's client has, the one that is named.
	options.MetricsHandler.Timer("temporal_activity_schedule_to_start_latency").Record(time.Second)
	at := time.Unix(1_800_000_000, 0)
	s.Show("", seeing.Reading{
		At: at, Until: map[string]time.Time{"temporal": at}, Queues: map[string]seeing.Queue{"duenotice": {}},
		Watched: &casebook.Watched{
			At: at, AsOf: civil.OfTime(at.UTC()), Troubles: []casebook.Trouble{{Kind: "PlanPractice"}},
			Incidents: []casebook.WatchedIncident{{
				Status: casebook.Status{Incident: "EX", NextDue: civil.OfTime(at.UTC()), Phases: []casebook.PhaseCount{{Phase: casebook.PhaseApproval, Practices: 1}}},
				Untold: []casebook.UntoldCount{{Left: casebook.LeftLate}}, LedgerAt: at, AnchoredAt: at, UnanchoredSince: at,
			}},
		},
	})
	s.ReadingFailed(t.Context(), "")
	s.Web(http.NotFoundHandler(), nil).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	_, text := get(t, s.Handler(), seeing.MetricsPath)
	return text
}

// metricName finds what an expression names.
var metricName = regexp.MustCompile(`\b(duenotice_|temporal_|process_|go_)[a-z_]+`)

// TestDashboardRulesAndRunbookNameWhatIsShown: each number that they name is one that the
// programs show, each of ours is on the dashboard or in the rules, each alarm has its place
// in the runbook, and each place its alarm.
func TestDashboardRulesAndRunbookNameWhatIsShown(t *testing.T) {
	t.Parallel()
	docs := filepath.Join("..", "..", "docs")
	read := func(path ...string) string {
		text, err := os.ReadFile(filepath.Join(append([]string{docs}, path...)...))
		require.NoError(t, err)
		return string(text)
	}
	text := everything(t)
	shown := func(name string) bool {
		return strings.Contains(text, "\n"+name+"{") || strings.Contains(text, "\n"+name+" ")
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(read("monitoring", "dashboard.json")), &dashboard))
	require.NotEmpty(t, dashboard.Panels)
	named := map[string]bool{}
	for _, p := range dashboard.Panels {
		require.NotEmpty(t, p.Targets, p.Title)
		for _, target := range p.Targets {
			names := metricName.FindAllString(target.Expr, -1)
			require.NotEmpty(t, names, p.Title)
			for _, name := range names {
				named[name] = true
			}
		}
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert       string            `yaml:"alert"`
				Expr        string            `yaml:"expr"`
				Annotations map[string]string `yaml:"annotations"`
			} `yaml:"rules"`
		} `yaml:"groups"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(read("monitoring", "alerts.yml")), &rules))
	runbook := read("runbook.md")
	alarms := map[string]bool{}
	for _, r := range rules.Groups[0].Rules {
		alarms[r.Alert] = true
		require.Contains(t, runbook, "\n### "+r.Alert+"\n")
		require.Equal(t, "docs/runbook.md#"+strings.ToLower(r.Alert), r.Annotations["runbook"])
		for _, name := range metricName.FindAllString(r.Expr, -1) {
			named[name] = true
		}
	}
	for _, place := range regexp.MustCompile(`(?m)^### (\w+)\n\n([^\n]+)`).FindAllStringSubmatch(runbook, -1) {
		require.True(t, alarms[place[1]], "the runbook tells of %s, which is no alarm", place[1])
		require.Regexp(t, `\*Look\*.*\*[Dd]o\*|\*Look\* and \*do\*`, place[2], place[1])
	}
	for name := range named {
		require.True(t, shown(name), "%s is named and not shown", name)
	}
	for _, name := range metricName.FindAllString(runbook, -1) {
		require.True(t, shown(name) || shown(name+"_count"), "the runbook names %s, which is not shown", name)
	}
	for _, line := range strings.Split(text, "\n") {
		if kind, is := strings.CutPrefix(line, "# TYPE duenotice_"); is && !strings.HasSuffix(kind, "histogram") {
			name, _, _ := strings.Cut("duenotice_"+kind, " ")
			require.True(t, named[name] || name == "duenotice_ledger_last_timestamp_seconds", "%s is shown, and neither on the dashboard nor in the rules", name)
		}
	}
}
