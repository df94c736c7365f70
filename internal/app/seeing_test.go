package app_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/postgres"
	"duenotice/internal/seeing"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// line is a connection to a server that a test can cut.
type line struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

func lineTo(t *testing.T, to string) *line {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	through := &line{listener: l, to: to}
	t.Cleanup(func() {
		require.NoError(t, l.Close())
		through.set(true)
	})
	go through.accept(context.WithoutCancel(t.Context()))
	return through
}

func (l *line) accept(ctx context.Context) {
	for {
		here, err := l.listener.Accept()
		if err != nil {
			return
		}
		there, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.to)
		if err != nil || !l.keep(here, there) {
			_ = here.Close()
			continue
		}
		go func() { _, _ = io.Copy(there, here); _ = there.Close() }()
		go func() { _, _ = io.Copy(here, there); _ = here.Close() }()
	}
}

func (l *line) keep(conns ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		for _, c := range conns {
			_ = c.Close()
		}
		return false
	}
	l.conns = append(l.conns, conns...)
	return true
}

// set cuts the line or mends it.
func (l *line) set(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = cut
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.conns = nil
}

func (l *line) address() string { return l.listener.Addr().String() }

// says asks a program at its own port.
func says(t *testing.T, address, path string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+path, nil)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { require.NoError(t, answer.Body.Close()) }()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, string(body)
}

// awaitReady waits until the program is ready, or not ready for a reason with words in it.
func awaitReady(t *testing.T, address, why string) {
	t.Helper()
	var code int
	var said string
	testkit.Await(t, func() bool {
		code, said = says(t, address, seeing.ReadyPath)
		if why == "" {
			return code == http.StatusOK
		}
		return code == http.StatusServiceUnavailable && strings.Contains(said, why)
	}, func() string { return said })
	code, said = says(t, address, seeing.HealthPath)
	require.Equal(t, http.StatusOK, code, "whoever is not ready is not stuck: "+said)
}

// TestAWorkerSaysWhetherItIsReadyAndWhyNot while its servers go and come back, its tables
// are those of an earlier program, and its keys are away; and what it shows names no
// practice, to whoever asks or collects.
func TestAWorkerSaysWhetherItIsReadyAndWhyNot(t *testing.T) {
	t.Parallel()
	config, _ := desk(t)
	owner := config.DatabaseURL
	database, err := url.Parse(owner)
	require.NoError(t, err)
	toDatabase, toTemporal := lineTo(t, database.Host), lineTo(t, config.TemporalAddress)
	database.Host = toDatabase.address()
	config.DatabaseURL, config.TemporalAddress = database.String(), toTemporal.address()
	var took lines
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(&took, r.Body)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(collector.Close)
	config.Seeing = seeing.Options{Listen: freeAddress(t), OTLP: collector.URL}
	oneCase(t, config)
	stop := works(t, config)

	awaitReady(t, config.Seeing.Listen, "")
	toDatabase.set(true)
	awaitReady(t, config.Seeing.Listen, "database")
	toDatabase.set(false)
	awaitReady(t, config.Seeing.Listen, "")
	toTemporal.set(true)
	awaitReady(t, config.Seeing.Listen, "Temporal does not answer")
	toTemporal.set(false)
	awaitReady(t, config.Seeing.Listen, "")

	conn, err := pgx.Connect(t.Context(), owner)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.Background())) }()
	_, err = conn.Exec(t.Context(), "CREATE TABLE newer AS SELECT * FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version); DELETE FROM goose_db_version WHERE version_id IN (SELECT version_id FROM newer)")
	require.NoError(t, err)
	awaitReady(t, config.Seeing.Listen, "earlier version of this program")
	_, err = conn.Exec(t.Context(), "INSERT INTO goose_db_version OVERRIDING SYSTEM VALUE SELECT * FROM newer; DROP TABLE newer")
	require.NoError(t, err)
	awaitReady(t, config.Seeing.Listen, "")
	away := config.KeyFile + ".away"
	require.NoError(t, os.Rename(config.KeyFile, away))
	awaitReady(t, config.Seeing.Listen, filepath.Base(config.KeyFile))
	require.NoError(t, os.Rename(away, config.KeyFile))
	awaitReady(t, config.Seeing.Listen, "")

	temporal, err := app.DialTemporal(t.Context(), config, nil)
	require.NoError(t, err)
	t.Cleanup(temporal.Close)
	_, err = temporal.ExecuteWorkflow(t.Context(), app.IncidentOptions(breach.Incident{ID: "EX"}, config.Queue()), workflows.IncidentType, workflows.IncidentInput{IncidentID: "EX"})
	require.NoError(t, err)
	var text string
	testkit.Await(t, func() bool {
		_, text = says(t, config.Seeing.Listen, seeing.MetricsPath)
		// A reading that met the cut database is made again after some seconds.
		return strings.Contains(text, `temporal_activity_execution_latency_seconds_count{activity_type="PlanPractice"`) &&
			strings.Contains(text, `duenotice_practices{incident="EX",phase="`)
	}, func() string { return text })
	require.Contains(t, text, `temporal_activity_schedule_to_start_latency_seconds_bucket{activity_type="PlanPractice"`)
	require.NotContains(t, text, "P1")
	require.NoError(t, stop())
	spans := took.String()
	require.Contains(t, spans, "RunActivity:PlanPractice")
	require.Contains(t, spans, "duenotice_practices_late")
	require.NotContains(t, spans, "practice:EX:")
	require.NotContains(t, spans, "Practice P1, Inc.")
}

// TestThePagesSayWhetherTheyAreReady: to their own port, and with nothing of the worker's.
func TestThePagesSayWhetherTheyAreReady(t *testing.T) {
	t.Parallel()
	owner := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	listen := freeAddress(t)
	config := app.PagesConfig{
		Address: "http://" + listen, Listen: listen, DatabaseURL: testkit.Login(t, owner, "duenotice_page"), Seeing: seeing.Options{Listen: freeAddress(t)},
	}
	pagesServed(t, config)
	awaitReady(t, config.Seeing.Listen, "")
	code, _ := says(t, listen, "/p/quibblesecret")
	require.NotZero(t, code)
	_, text := says(t, config.Seeing.Listen, seeing.MetricsPath)
	require.Contains(t, text, `part="/p"`)
	require.NotContains(t, text, "quibble")
	require.NotContains(t, text, "duenotice_worker_working", "it reads nothing of cases")
	code, _ = says(t, listen, seeing.MetricsPath)
	require.Equal(t, http.StatusNotFound, code, "practices reach none of it")
	conn, err := pgx.Connect(t.Context(), owner)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.Background())) }()
	_, err = conn.Exec(t.Context(), "DELETE FROM goose_db_version WHERE version_id > 1")
	require.NoError(t, err)
	awaitReady(t, config.Seeing.Listen, "earlier version of this program")
}

// TestTheBoardSaysWhetherItIsReady where it is a service of its own.
func TestTheBoardSaysWhetherItIsReady(t *testing.T) {
	t.Parallel()
	owner := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	listen := freeAddress(t)
	config, err := app.LoadConfig(surroundings(t, map[string]string{
		"DUENOTICE_DATABASE_URL": owner, "DUENOTICE_TEMPORAL_UI": "http://" + listen, "DUENOTICE_UI_LISTEN": listen,
		"DUENOTICE_METRICS_LISTEN": freeAddress(t),
	}), t.TempDir())
	require.NoError(t, err)
	board := &app.Viewer{Config: config, Log: t.Output()}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- board.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	awaitReady(t, config.Seeing.Listen, "")
	testkit.Await(t, func() bool { return (&app.Viewer{Config: config}).Check(t.Context()) == nil })
	_, text := says(t, config.Seeing.Listen, seeing.MetricsPath)
	require.Contains(t, text, `part="/duenotice"`)
}

// A setting that would show something to others is refused wherever it is read.
func TestWhatIsShownIsRefusedWhereItWouldBeSeen(t *testing.T) {
	t.Parallel()
	for variable, code := range map[string]string{
		"DUENOTICE_METRICS_LISTEN=0.0.0.0:9464": "metrics_listen", "DUENOTICE_OTLP_ENDPOINT=http://collector:4318": "otlp_endpoint",
	} {
		name, value, _ := strings.Cut(variable, "=")
		_, err := app.LoadConfig(surroundings(t, map[string]string{name: value}), t.TempDir())
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, variable)
		require.Equal(t, code, refusal.Code)
		variable = strings.Replace(variable, "DUENOTICE_", "DUENOTICE_PAGES_", 1)
		_, err = app.LoadPagesConfig(append(append([]string{}, pagesTold...), variable))
		refusal, ok = breach.AsRefusal(err)
		require.True(t, ok, variable)
		require.Equal(t, code, refusal.Code)
	}
}
