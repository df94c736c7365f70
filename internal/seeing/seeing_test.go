package seeing_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/seeing"
)

func open(t *testing.T, options seeing.Options) *seeing.Seeing {
	t.Helper()
	s, err := seeing.Open(t.Context(), options, "worker", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	return s
}

// get asks a handler and returns status and body.
func get(t *testing.T, h http.Handler, path string, header ...string) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestHealthAndReadinessAreAnsweredInWords(t *testing.T) {
	t.Parallel()
	s := open(t, seeing.Options{})
	code, said := get(t, s.Handler(), seeing.HealthPath)
	require.Equal(t, http.StatusOK, code)
	require.Equal(t, "healthy\n", said)
	part := s.Health.Part("")
	code, said = get(t, s.Handler(), seeing.ReadyPath)
	require.Equal(t, http.StatusServiceUnavailable, code)
	require.Equal(t, "not ready: it is starting\n", said)
	part.NotReady("two\nlines")
	s.Health.Pulse("x", -time.Second)
	code, said = get(t, s.Handler(), seeing.HealthPath)
	require.Equal(t, http.StatusServiceUnavailable, code)
	require.Contains(t, said, "stuck: x")
	for _, path := range []string{"/", "/debug/pprof/", "/metrics/"} {
		code, _ = get(t, s.Handler(), path)
		require.Equal(t, http.StatusNotFound, code, path)
	}
}

func TestTheTokenIsAskedForWhereItIsSet(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte("a-long-random-word-1234\n"), 0o600))
	s := open(t, seeing.Options{Listen: "127.0.0.1:0", TokenFile: file})
	for header, want := range map[string]int{
		"": http.StatusUnauthorized, "Bearer": http.StatusUnauthorized, "Bearer ": http.StatusUnauthorized, "Bearer a-long-random-word-123": http.StatusUnauthorized,
		"a-long-random-word-1234": http.StatusUnauthorized, "Bearer a-long-random-word-1234": http.StatusOK,
	} {
		code, said := get(t, s.Handler(), seeing.MetricsPath, "Authorization", header)
		require.Equal(t, want, code, header)
		require.Equal(t, want == http.StatusOK, strings.Contains(said, "go_goroutines"), header)
	}
	code, _ := get(t, s.Handler(), seeing.HealthPath)
	require.Equal(t, http.StatusOK, code, "whoever restarts programs has no token")

	require.NoError(t, os.WriteFile(file, []byte(" \n"), 0o600))
	_, err := seeing.Open(t.Context(), seeing.Options{Listen: "127.0.0.1:0", TokenFile: file}, "worker", slog.New(slog.DiscardHandler))
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, err)
	require.Equal(t, "metrics_token", refusal.Code, "an empty token would let everybody in")
}

// TestNumbersTellWhatWasReadAndNoMore: values as read, labels of the fixed kinds, and of
// practices no key.
func TestNumbersTellWhatWasReadAndNoMore(t *testing.T) {
	t.Parallel()
	s := open(t, seeing.Options{Listen: "127.0.0.1:0"})
	at := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	hours := func(n int) time.Time { return at.Add(-time.Duration(n) * time.Hour) }
	s.Show("prod", seeing.Reading{
		At: at, Until: map[string]time.Time{"temporal": at.AddDate(0, 0, 10)}, Queues: map[string]seeing.Queue{"duenotice-mail": {Waiting: 7, Oldest: time.Minute}},
		Watched: &casebook.Watched{
			At: at, AsOf: civil.MustParse("2026-04-01"), Worker: casebook.Watch{Working: true},
			Troubles: []casebook.Trouble{
				{Incident: "EX", Practice: "quibble-key", Kind: "PlanPractice", Stopped: true, Since: hours(5), What: "Pat Quibble"},
				{Incident: "EX", Practice: "quibble-key", Kind: "PreparePapers", Stopped: true, Since: hours(9)},
				{Incident: "EX", Practice: "other", Kind: "SendNotice", Since: hours(1)},
				{Incident: "EX", Practice: "other", Kind: casebook.TroubleAltered, Stopped: true, Since: hours(1)},
			},
			Incidents: []casebook.WatchedIncident{{
				Status: casebook.Status{
					Incident: "EX", Late: 2, NextDue: civil.MustParse("2026-03-30"),
					Phases: []casebook.PhaseCount{
						{Phase: casebook.PhaseApproval, Practices: 3}, {Phase: casebook.PhaseLettersReady, Practices: 1},
						{Phase: casebook.PhaseNotice, Practices: 4}, {Phase: casebook.PhaseApproved, Practices: 9},
					},
					Account: casebook.IncidentAccount{Lines: account.Account{{State: account.Held, People: 4}, {State: account.Waiting, People: 9}}, DoNotAddUp: []string{"quibble-key"}},
					Notices: casebook.NoticeCounts{Refused: 6},
				},
				Since: map[casebook.Phase]time.Time{
					casebook.PhaseApproval: hours(2), casebook.PhaseLettersReady: hours(50), casebook.PhaseNotice: hours(3), casebook.PhaseApproved: hours(500),
				},
				Untold:    []casebook.UntoldCount{{Left: casebook.LeftLate, People: 5}, {Left: "7", People: 1}},
				Disputing: 1, DisputedSince: hours(60), AnchoredAt: hours(4), UnanchoredSince: hours(3), LedgerAt: hours(1),
			}},
		},
	})
	s.ReadingFailed(t.Context(), "prod")
	_, text := get(t, s.Handler(), seeing.MetricsPath)
	for _, line := range []string{
		`duenotice_worker_working{environment="prod"} 1`,
		`duenotice_read_timestamp_seconds{environment="prod"} 1.7750448e+09`,
		`duenotice_read_failures_total{environment="prod"} 1`,
		`duenotice_duty_days_left{environment="prod",incident="EX"} -2`,
		`duenotice_practices{environment="prod",incident="EX",phase="waiting approval"} 3`,
		`duenotice_practices_late{environment="prod",incident="EX"} 2`,
		`duenotice_practices_stopped{environment="prod",incident="EX"} 1`,
		`duenotice_people_untold{days_left="late",environment="prod",incident="EX"} 5`,
		`duenotice_people_untold{days_left="7",environment="prod",incident="EX"} 1`,
		`duenotice_waiting{environment="prod",incident="EX",what="step",whom="approver"} 3`,
		`duenotice_waiting_oldest_seconds{environment="prod",incident="EX",what="step",whom="officer"} 180000`,
		`duenotice_waiting_oldest_seconds{environment="prod",incident="EX",what="notice",whom="officer"} 10800`,
		`duenotice_waiting_oldest_seconds{environment="prod",incident="EX",what="dispute",whom="officer"} 216000`,
		`duenotice_waiting_oldest_seconds{environment="prod",incident="EX",what="trouble",whom="operator"} 32400`,
		`duenotice_letters_held{environment="prod",incident="EX"} 4`,
		`duenotice_notices{environment="prod",incident="EX",state="refused"} 6`,
		`duenotice_notices{environment="prod",incident="EX",state="bounced"} 0`,
		`duenotice_accounts_wrong{environment="prod",incident="EX"} 1`,
		`duenotice_troubles{environment="prod",incident="EX",step="PlanPractice",stopped="true"} 1`,
		`duenotice_alarms{environment="prod",kind="altered"} 1`,
		`duenotice_alarms{environment="prod",kind="payload refused"} 0`,
		`duenotice_anchor_age_seconds{environment="prod",incident="EX"} 14400`,
		`duenotice_ledger_unanchored_seconds{environment="prod",incident="EX"} 10800`,
		`duenotice_certificate_days_left{certificate="temporal",environment="prod"} 10`,
		`duenotice_queue_tasks{environment="prod",queue="duenotice-mail"} 7`,
		`duenotice_queue_oldest_seconds{environment="prod",queue="duenotice-mail"} 60`,
	} {
		require.Contains(t, text, "\n"+line+"\n")
	}
	require.NotContains(t, text, "uibble")
	// A closed incident is shown no longer, and a program that reads nothing claims nothing.
	s.Show("prod", seeing.Reading{At: at, Until: map[string]time.Time{"pages": at}})
	_, text = get(t, s.Handler(), seeing.MetricsPath)
	require.NotContains(t, text, `incident="EX"`)
	require.NotContains(t, text, "duenotice_worker_working{")
}

// TestNoAddressIsSeen of what a server of pages is asked for: links, keys and names stand there.
func TestNoAddressIsSeen(t *testing.T) {
	t.Parallel()
	c := &collector{}
	s := open(t, seeing.Options{Listen: "127.0.0.1:0", OTLP: c.serve(t)})
	pages := s.Web(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/list" {
			w.WriteHeader(http.StatusInternalServerError)
		}
		require.NoError(t, http.NewResponseController(w).Flush())
	}), []string{"p", "list"})
	for _, path := range []string{"/p/quibblesecret", "/quibblesecret", "/list?who=quibblesecret", "/"} {
		get(t, pages, path, "User-Agent", "quibblesecret", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate", "x=quibblesecret")
	}
	r := httptest.NewRequestWithContext(t.Context(), "QUIBBLE", "/p/x", nil)
	pages.ServeHTTP(httptest.NewRecorder(), r)
	_, text := get(t, s.Handler(), seeing.MetricsPath)
	for _, label := range []string{
		`{code="200",method="GET",part="/p"`, `{code="200",method="GET",part="other"`, `{code="500",method="GET",part="/list"`, `{code="200",method="GET",part="/"`, `{code="200",method="other",part="/p"`,
	} {
		require.Contains(t, text, "duenotice_http_request_duration_seconds_count"+label)
	}
	require.NoError(t, s.Close(t.Context()))
	require.Contains(t, c.heard(), "GET /list", "spans were sent")
	require.NotContains(t, strings.ToLower(text+c.heard()), "quibble")
	require.NotContains(t, c.heard(), "\x0a\xf7\x65\x19\x16\xcd\x43\xdd", "nobody outside chooses a trace")
}

// TestASpanLeavesWithItsListedAttributesOnly: what a step failed by, and its workflow's ID
// with the practice's key, stay here.
func TestASpanLeavesWithItsListedAttributesOnly(t *testing.T) {
	t.Parallel()
	c := &collector{}
	s := open(t, seeing.Options{OTLP: c.serve(t)})
	var options client.Options
	require.NoError(t, s.OfClient(&options))
	require.Len(t, options.Interceptors, 1)
	tracing, is := options.Interceptors[0].(interceptor.WorkerInterceptor)
	require.True(t, is)
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{tracing}})
	env.RegisterActivity(failingStep)
	_, err := env.ExecuteActivity(failingStep)
	require.Error(t, err)
	require.NoError(t, s.Close(t.Context()))
	heard := c.heard()
	require.Contains(t, heard, "RunActivity:failingStep")
	require.Contains(t, heard, "temporalRunID")
	require.NotContains(t, heard, "temporalWorkflowID")
	require.NotContains(t, heard, "Quillonbury")
}

func failingStep(context.Context) error { return breach.Refuse("x", "", "no letter for Quillonbury") }

// A program that shows nothing is no slower for it, and a collector that is away stops nothing.
func TestNothingIsSentUnlessAskedFor(t *testing.T) {
	t.Parallel()
	s := open(t, seeing.Options{})
	var options client.Options
	require.NoError(t, s.OfClient(&options))
	require.Nil(t, options.MetricsHandler)
	require.Empty(t, options.Interceptors)
	stop, err := s.Serve(t.Context())
	require.NoError(t, err)
	require.NoError(t, stop())
	require.NoError(t, s.Close(t.Context()))

	away := open(t, seeing.Options{OTLP: "http://127.0.0.1:1"})
	limited, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.Error(t, away.Close(limited))
}

// collector takes what is sent by OTLP and keeps its bytes.
type collector struct {
	mu   sync.Mutex
	took bytes.Buffer
}

func (c *collector) serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		c.mu.Lock()
		defer c.mu.Unlock()
		if err == nil {
			c.took.Write(body)
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func (c *collector) heard() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.took.String()
}
