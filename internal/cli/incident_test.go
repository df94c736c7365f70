package cli_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/keyring"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// office is a command line with a real database, a real Temporal and a worker.
type office struct {
	terminal
	t   *testing.T
	dir string
}

func newOffice(t *testing.T) *office {
	t.Helper()
	server := testkit.Temporal(t, temporalx.SearchAttributes()...)
	url := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	o := &office{t: t, dir: filepath.Join(t.TempDir(), "state")}
	keys := filepath.Join(t.TempDir(), "keys")
	_, err := keyring.Ensure(keys, civil.MustParse("2026-04-12"))
	require.NoError(t, err)
	// Today, as the worker sees it: it runs on the machine's clock.
	o.now = time.Now()
	o.env = map[string]string{
		"DUENOTICE_DATABASE_URL": testkit.ProgramLogin(t, url), "DUENOTICE_OWNER_DATABASE_URL": url, "DUENOTICE_KEY_FILE": keys, "DUENOTICE_OUT": filepath.Join(t.TempDir(), "out"),
		"TEMPORAL_ADDRESS": server.Address, "TEMPORAL_NAMESPACE": server.Namespace, "DUENOTICE_TEMPORAL_CERTIFICATES": string(server.Certificates), "DUENOTICE_TIMEZONE": testkit.Zone(),
	}
	return o
}

// startWorker runs a worker until the test ends.
func (o *office) startWorker() {
	o.t.Helper()
	o.t.Cleanup(o.startWorkerUntil())
}

// startWorkerUntil runs a worker until stop is called.
func (o *office) startWorkerUntil() (stop func()) {
	o.t.Helper()
	config, err := app.LoadConfig(func(name string) string { return o.env[name] }, o.dir)
	require.NoError(o.t, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(o.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- (&app.Worker{Config: config, Log: o.t.Output()}).Run(ctx) }()
	testkit.Await(o.t, func() bool { // doctor's code is of the pages' server too, which no test of commands has
		found := o.do("doctor").out
		return strings.Contains(found, "worker: gives signs of life") && strings.Contains(found, "is worked on")
	})
	return func() {
		cancel()
		require.NoError(o.t, <-ended)
	}
}

func (o *office) do(args ...string) result {
	o.t.Helper()
	// The clock moves on, or progress and pollers look older than they are.
	o.now = time.Now()
	return o.runIn(o.t.Context(), append(args, "--dir", o.dir))
}

func (o *office) must(args ...string) string {
	o.t.Helper()
	r := o.do(args...)
	require.Zero(o.t, r.code, "%v: %s", args, r.err)
	return r.out
}

func TestAnIncidentFromStartToItsLetters(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	folder := syntheticCase(t, 3, 12)
	const id = "DEMO-2026-03"

	require.Equal(t, 1, o.do("start", folder).code, "without a worker nothing is started")
	o.startWorker()
	refused := syntheticCase(t, 3, 12)
	require.NoError(t, os.WriteFile(filepath.Join(refused, "practices.csv"), []byte("nope\n"), 0o600))
	require.Equal(t, 3, o.do("start", refused).code)
	require.Contains(t, o.must("status"), "There is no incident")

	require.Contains(t, o.must("start", folder, "--by", "Ada Rivera"), "3 practices, 12 people")
	require.Contains(t, o.must("start", folder), "nothing changed")

	var status casebook.Status
	require.NoError(t, json.Unmarshal([]byte(o.must("status", "--json")), &status))
	require.Equal(t, id, status.Incident)
	require.Equal(t, 3, status.Practices)

	r := o.do("status", "--exit-code")
	require.Contains(t, []int{4, 5}, r.code)
	require.Equal(t, status.Late > 0, r.code == 4)

	var waiting struct{ Practices []casebook.WaitingPractice }
	require.NoError(t, json.Unmarshal([]byte(o.must("approve", id, "--list", "--json")), &waiting))
	require.NotEmpty(t, waiting.Practices)
	key := waiting.Practices[0].Key

	require.Equal(t, 3, o.do("record", id, "--practice", key, "--fact", "hhs_filed", "--on", "2026-04-20", "--by", "Ada").code, "no reference")
	require.Contains(t, o.must("approve", id, "--practice", key, "--by", "Ada Rivera"), "letters approved")
	require.Contains(t, o.must("approve", id, "--practice", key, "--by", "ada  rivera"), "already approved")
	require.Contains(t, o.must("approve", id, "--all", "--by", "Ben Okafor"), "approved, by Ben Okafor")
	require.Contains(t, o.must("approve", id, "--all", "--by", "Ben Okafor"), "already approved")
	letters, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "*", "letters.pdf"))
	require.NoError(t, err)
	require.NotEmpty(t, letters, "the command waits until they are printed")

	fact := []string{"record", id, "--practice", key, "--fact", "letters_mailed", "--on", "2026-04-20", "--by", "Ada Rivera"}
	early := o.do(fact...)
	require.Equal(t, 3, early.code)
	require.Contains(t, early.err, "before the letters were printed")
	today := testkit.Today().String()
	fact = []string{"record", id, "--fact", "letters_mailed", "--on", today, "--by", "Ada Rivera"}
	require.Contains(t, o.must(fact...), "letters mailed on "+today+": run-001-batch-0001, by Ada Rivera")
	require.Contains(t, o.must(fact...), "nothing changed")
	// A record for the whole incident is told to each practice's workflow.
	testkit.Await(t, func() bool { return strings.Contains(o.must("status", id, "--practice", key), "done "+today) })
	require.Equal(t, 3, o.do("delegate", id, "--practice", "NOPE", "all", "--by", "Ada").code)
}

func TestALaterListAndAHold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	folder := syntheticCase(t, 2, 4)
	const id = "DEMO-2026-03"
	o.startWorker()
	o.must("start", folder)

	list := filepath.Join(t.TempDir(), "later.csv")
	practices, err := os.ReadFile(filepath.Join(folder, "findings.csv"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(list, append(practices,
		"person_key,practice_key\n"...), 0o600))
	require.Equal(t, 3, o.do("amend", id, "--findings", list, "--by", "Ada").code)

	later := "person_key,practice_key,first_name,last_name,address1,city,state,zip,data_classes,birth_date\n" +
		"LATER-1,P-00001,Lena,Example,9 Example Way,Somerset,NJ,08873,name;diagnosis,1980-01-02\n"
	require.NoError(t, os.WriteFile(list, []byte(later), 0o600))
	require.Contains(t, o.must("amend", id, "--findings", list, "--dry-run", "--by", "Ada"), "Nothing was changed")
	var before, after casebook.Status
	require.NoError(t, json.Unmarshal([]byte(o.must("status", id, "--json")), &before))
	require.Contains(t, o.must("amend", id, "--findings", list, "--by", "Ada"), "list 2 is loaded")
	require.Contains(t, o.must("amend", id, "--findings", list, "--by", "Ada"), "nothing changed")
	require.NoError(t, json.Unmarshal([]byte(o.must("status", id, "--json")), &after))
	require.Equal(t, before.People+1, after.People)

	hold := []string{"hold", id, "--kind", "oral", "--stated-on", "2026-04-01", "--official", "Det. C. Example",
		"--agency", "Example County Sheriff", "--statement", "Notice would impede our investigation.", "--by", "Ada"}
	o.must(hold...)
	require.Contains(t, o.must(hold...), "nothing changed")
	o.must("release", id, "--on", "2026-04-02", "--by", "Ada")
	require.Equal(t, 3, o.do("release", id, "--on", "2026-04-03", "--by", "Ada").code, "there is none to release any more")
}
