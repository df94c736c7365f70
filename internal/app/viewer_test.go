package app_test

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"strings"
	"sync"
	"syscall"
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

// serving is a page at a name below localhost, on a port that was free.
func serving(t *testing.T) (page *app.Viewer, port string, ended chan error, log *lines) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err = net.SplitHostPort(free.Addr().String())
	require.NoError(t, err)
	require.NoError(t, free.Close())
	config, err := app.LoadConfig(surroundings(t, map[string]string{
		"DUENOTICE_DATABASE_URL": testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) }),
		"DUENOTICE_TEMPORAL_UI":  "http://k3x9ab.localhost:" + port, "DUENOTICE_UI_LISTEN": "127.0.0.1:" + port, "DUENOTICE_UI_UPSTREAM": "http://127.0.0.1:1",
	}), t.TempDir())
	require.NoError(t, err)
	log, ended = &lines{}, make(chan error, 1)
	page = &app.Viewer{Config: config, Log: log}
	return page, port, ended, log
}

// Browsers try both loopback addresses for a name below localhost. Whoever had the
// other one would be sent the login's cookie.
func TestThePageHasItsPortAtBothLoopbackAddresses(t *testing.T) {
	t.Parallel()
	page, port, ended, _ := serving(t)
	other, err := net.Listen("tcp6", "[::1]:"+port)
	if err != nil {
		t.Skip("this machine has no IPv6")
	}
	require.ErrorContains(t, page.Run(t.Context()), "the other loopback address")
	require.NoError(t, other.Close())

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { ended <- page.Run(ctx) }()
	testkit.Await(t, func() bool { return page.Check(t.Context()) == nil })
	_, err = net.Listen("tcp6", "[::1]:"+port)
	require.ErrorIs(t, err, syscall.EADDRINUSE)
	stop()
	require.NoError(t, <-ended)
	again, err := net.Listen("tcp6", "[::1]:"+port)
	require.NoError(t, err, "both are given back")
	require.NoError(t, again.Close())
}

// The page is served beside the worker, whose memory and files a neighbour could
// else use up.
func TestThePageCutsOffWhoSendsTooMuch(t *testing.T) {
	t.Parallel()
	server := app.PageServer(nil, app.Times{})
	require.NotZero(t, server.ReadHeaderTimeout)
	require.NotZero(t, server.ReadTimeout)
	require.NotZero(t, server.WriteTimeout)
	require.NotZero(t, server.IdleTimeout)

	page, port, ended, log := serving(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { ended <- page.Run(ctx) }()
	testkit.Await(t, func() bool { return page.Check(t.Context()) == nil })
	before := log.String()
	conn, err := net.Dial("tcp", "127.0.0.1:"+port)
	require.NoError(t, err)
	go func() {
		_, _ = conn.Write([]byte("GET / HTTP/1.1\r\nHost: k3x9ab.localhost\r\nX: " + strings.Repeat("x", 1<<20)))
	}()
	answer, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, answer, "431")
	require.NoError(t, conn.Close())
	for range 20 {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		require.NoError(t, err)
		_, err = conn.Write([]byte("no request\r\n\r\n"))
		require.NoError(t, err)
		answer, err := bufio.NewReader(conn).ReadString('\n')
		require.NoError(t, err)
		require.Contains(t, answer, "400")
		require.NoError(t, conn.Close())
	}
	require.Equal(t, before, log.String())
	stop()
	require.NoError(t, <-ended)
}
