package e2e_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/testkit"
)

// machine is a worker on another machine: it shares the office's database, Temporal and
// bucket, and has a disk of its own.
func (o *office) machine(endpoint string) *office {
	other := &office{t: o.t, env: maps.Clone(o.env), out: o.t.TempDir(), errs: o.errs}
	other.env["DUENOTICE_S3_ENDPOINT"] = endpoint
	other.startWorker()
	o.t.Cleanup(other.killWorker)
	return other
}

// TestTwoMachinesShareOneCaseThroughABucket: two workers with different disks print the
// letters of one case. One of them is killed in the middle and does not come back. What
// an officer copies out of the bucket adds up to everybody on the list, and nothing of
// it was ever on either machine's disk.
func TestTwoMachinesShareOneCaseThroughABucket(t *testing.T) {
	t.Parallel()
	store := testkit.Bucket(t)
	endpoint, written := counted(t, store.Endpoint)
	store.Endpoint = endpoint
	o := newOffice(t, store.Env("prod"))
	o.seen = filepath.Join(store.Folder, "prod")
	endpoint, writtenThere := counted(t, endpoint)
	other := o.machine(endpoint)
	awaitWorkers(o, 2)
	dir, made := makeCase(t, 6_000, 20)
	o.env["CASE"] = dir

	killed := make(chan struct{})
	go func() {
		defer close(killed)
		// The first papers are there: both are in the middle of theirs.
		look := time.NewTicker(20 * time.Millisecond)
		defer look.Stop()
		for {
			entries, err := os.ReadDir(filepath.Join(o.seen, made.IncidentID, "practices"))
			if err == nil && len(entries) > made.Practices/3 {
				other.killWorker()
				return
			}
			select {
			case <-t.Context().Done():
				return
			case <-look.C:
			}
		}
	}()
	steer(o, dir, made, 0)
	awaitAllIn(o, made.IncidentID, casebook.PhaseClosed, casebook.PhasePosting)
	<-killed

	printed := t.TempDir()
	testkit.Await(t, func() bool {
		code, _, _ := o.run("report", "files", made.IncidentID, "--to", printed)
		return code == 0 && summaryIn(t, printed, made.IncidentID).Letters > 0
	}, func() string { return o.do("status", made.IncidentID) })
	require.Empty(t, filesBelow(t, o.out), "the case is on this machine's disk")
	require.Empty(t, filesBelow(t, other.out))
	require.Positive(t, writtenThere.Load(), "the other machine wrote nothing before it was killed")
	require.Greater(t, written.Load(), writtenThere.Load(), "what was left is this machine's")
	fetched := &office{t: t, env: o.env, out: printed}
	reconcile(fetched, made)

	t.Run("every file is what was written", func(t *testing.T) {
		var status casebook.Status
		require.NoError(t, json.Unmarshal([]byte(o.do("status", made.IncidentID, "--json")), &status))
		require.Empty(t, status.Account.DoNotAddUp)
		pack := o.do("report", "evidence", made.IncidentID, "--practice", practiceKeys(o)[0], "--json")
		var told struct{ Pack string }
		require.NoError(t, json.Unmarshal([]byte(pack), &told))
		require.True(t, strings.HasPrefix(told.Pack, "s3://"+store.Bucket+"/prod/"), told.Pack)
	})
	t.Run("a batch of two tries is not printed", func(t *testing.T) {
		batches, err := os.ReadDir(filepath.Join(printed, made.IncidentID, "mail"))
		require.NoError(t, err)
		batch := batches[0].Name()
		o.do("report", "files", made.IncidentID, "--batch", batch, "--to", t.TempDir())
		list := filepath.Join(o.seen, made.IncidentID, "mail", batch, "pieces.csv")
		require.NoError(t, os.Remove(list))
		require.NoError(t, os.WriteFile(list, []byte("piece_id\n"), 0o600))
		code, _, errs := o.run("report", "files", made.IncidentID, "--batch", batch, "--to", t.TempDir())
		require.Equal(t, 1, code)
		require.NotEmpty(t, errs)
		code, _, errs = o.run("report", "files", made.IncidentID, "--batch", "run-009-batch-0009", "--to", t.TempDir())
		require.Equal(t, 1, code)
		require.Contains(t, errs, "there is nothing in s3://")
	})
}

// counted is a way to the store by which files that are written are counted.
func counted(t *testing.T, endpoint string) (way string, written *atomic.Int64) {
	t.Helper()
	target, err := url.Parse(endpoint)
	require.NoError(t, err)
	written = new(atomic.Int64)
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		if r.In.Method == http.MethodPut {
			written.Add(1)
		}
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = target.Scheme, target.Host, r.In.Host
	}})
	t.Cleanup(proxy.Close)
	return proxy.URL, written
}

// awaitWorkers waits until so many workers work.
func awaitWorkers(o *office, n int) {
	o.t.Helper()
	pool, err := pgxpool.New(o.t.Context(), o.env["DUENOTICE_OWNER_DATABASE_URL"])
	require.NoError(o.t, err)
	defer pool.Close()
	testkit.Await(o.t, func() bool {
		var working int
		err := pool.QueryRow(o.t.Context(), `SELECT count(*) FROM worker_sign WHERE problem = '' AND NOT ended AND worked_at IS NOT NULL`).Scan(&working)
		return err == nil && working >= n
	}, func() string { return "the other worker does not work" })
}

func summaryIn(t *testing.T, root, incident string) (s casebook.Summary) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(readFile(t, filepath.Join(root, incident, "summary.json"))), &s))
	return s
}
