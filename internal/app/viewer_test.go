package app_test

import (
	"bytes"
	"context"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// lines is a log that two goroutines may use.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Days are watched whether or not a page can be shown.
func TestAWorkerGoesOnWhenItsPageHasNoPort(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := "http://" + taken.Addr().String()
	server := testkit.Temporal(t, temporalx.SearchAttributes()...)
	config, err := app.LoadConfig(surroundings(t, map[string]string{
		"DUENOTICE_DATABASE_URL": testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) }),
		"DUENOTICE_OUT":          t.TempDir(), "TEMPORAL_ADDRESS": server.Address, "TEMPORAL_NAMESPACE": server.Namespace, "DUENOTICE_TEMPORAL_CERTIFICATES": string(server.Certificates),
		"DUENOTICE_TEMPORAL_UI": address, "DUENOTICE_UI_LISTEN": taken.Addr().String(), "DUENOTICE_UI_UPSTREAM": "http://127.0.0.1:1",
	}), t.TempDir())
	require.NoError(t, err)

	var log lines
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- (&app.Worker{Config: config, Log: &log}).Run(ctx) }()
	testkit.Await(t, func() bool { return bytes.Contains([]byte(log.String()), []byte("is not served")) })
	require.NoError(t, taken.Close())
	page := &app.Viewer{Config: config}
	testkit.Await(t, func() bool { return page.Check(t.Context()) == nil })
	stop()
	require.NoError(t, <-ended)
	require.ErrorContains(t, page.Check(context.Background()), "not served", "the page ends with the worker")
}
