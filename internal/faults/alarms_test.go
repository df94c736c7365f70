package faults_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"duenotice/internal/account"
	"duenotice/internal/app"
	"duenotice/internal/authority"
	"duenotice/internal/mailsink"
	"duenotice/internal/officetest"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/internal/seeing"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// alarms gathers of each alarm of the runbook what was scraped before and during a fault.
type alarms struct {
	mu    sync.Mutex
	cases map[string]sights
}

// sights are what Prometheus scraped until all was well, and until the thing had happened.
type sights struct{ was, is officetest.History }

func (a *alarms) add(alarm string, was, is officetest.History) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cases[alarm] = sights{was, is}
}

// longer than any rule waits, in minutes.
const longer = 70

// of is a fault that is there for longer than any rule waits.
func (a *alarms) of(t *testing.T, alarm, was, is string) {
	t.Helper()
	a.add(alarm, officetest.History{Start: officetest.ReadAt(t, was), Scrapes: []officetest.Scrape{{Times: longer, Text: was}}},
		officetest.History{Start: officetest.ReadAt(t, is), Scrapes: []officetest.Scrape{{Times: longer, Text: is}}})
}

// TestEachAlarmOfTheRunbookFires breaks what each alarm of docs/runbook.md is for under the
// real programs, and reads what they show meanwhile as Prometheus does. By the rules of
// docs/monitoring and Prometheus's own engine the alarm fires then, and did not before.
// What takes days is shown for such a day by the code that shows it to operators.
func TestEachAlarmOfTheRunbookFires(t *testing.T) {
	t.Parallel()
	takesTime(t)
	all := &alarms{cases: map[string]sights{}}
	t.Run("faults", func(t *testing.T) {
		t.Run("people who do nothing", func(t *testing.T) { t.Parallel(); all.nobodyActs(t) })
		t.Run("things that break", func(t *testing.T) { t.Parallel(); all.thingsBreak(t) })
	})
	if t.Failed() {
		return
	}
	runbook := regexp.MustCompile(`(?m)^### (Duenotice\w+)$`).FindAllStringSubmatch(officetest.ReadFile(t, filepath.Join("..", "..", "docs", "runbook.md")), -1)
	require.NotEmpty(t, runbook)
	var histories []officetest.History
	for _, found := range runbook {
		seen, is := all.cases[found[1]]
		require.True(t, is, "no fault lets %s fire", found[1])
		histories = append(histories, seen.was, seen.is)
	}
	firing := officetest.Fire(t, histories...)
	for i, found := range runbook {
		require.NotContains(t, firing[2*i], found[1], "before")
		require.Contains(t, firing[2*i+1], found[1], "while it is broken")
	}
}

// nobodyActs: the days of a case come near and pass, and something waits for a person. Then
// the worker dies: what comes waits in the queue, and the ledger has no further anchor.
func (a *alarms) nobodyActs(t *testing.T) {
	t.Helper()
	on := officetest.SharedServers(t)
	b := furnish(t, on, 300, 20)
	b.Begin()
	none := b.shownIn(0)
	b.insist("start", b.dir, "--by", "Ada Officer")
	b.AwaitNothingIn(b.id, "starting")
	early := b.shownIn(0)

	b.KillWorker()
	day := 24 * time.Hour
	a.of(t, "DuenoticeWaitsForPerson", early, b.shownIn(4*day))
	a.of(t, "DuenoticeLedgerNotAnchored", early, b.shownIn(27*time.Hour))
	a.of(t, "DuenoticePeopleUntoldNear", none, b.shownIn(35*day))
	a.of(t, "DuenoticePeopleUntoldLate", early, b.shownIn(42*day))
	a.of(t, "DuenoticeDutyNear", none, b.shownIn(35*day))
	a.of(t, "DuenoticeDutyLate", none, b.shownIn(42*day))
	until, err := on.Temporal.Certificates.Until()
	require.NoError(t, err)
	a.of(t, "DuenoticeCertificateEnds", early, b.shownIn(time.Until(until)-13*day))

	// Somebody asks for something, and nobody takes it. It is not encrypted, so that the
	// next worker does not believe it and says so.
	b.tampered = true
	c := on.Temporal.Client(t, client.Options{})
	require.NoError(t, c.SignalWorkflow(t.Context(), temporalx.IncidentID(b.id), "", workflows.SignalCountAgain, nil))
	waits := regexp.MustCompile(`(?m)^(duenotice_queue_oldest_seconds\{queue="duenotice"\}) (\S+)$`)
	age := func(text string) float64 {
		found := waits.FindStringSubmatch(text)
		require.NotNil(t, found, text)
		seconds, err := strconv.ParseFloat(found[2], 64)
		require.NoError(t, err)
		return seconds
	}
	testkit.Await(t, func() bool { return age(b.shownIn(0)) > 1 })
	first, began := b.shownIn(0), time.Now()
	testkit.Await(t, func() bool { return time.Since(began) > 20*time.Second })
	second, took := b.shownIn(0), time.Since(began).Seconds()
	require.InDelta(t, took, age(second)-age(first), 2, "it grows older as time goes")
	standing := officetest.History{Start: officetest.ReadAt(t, second)}
	for minute := range longer {
		standing.Scrapes = append(standing.Scrapes, officetest.Scrape{Times: 1, Text: waits.ReplaceAllString(second, fmt.Sprintf("$1 %v", age(second)+60*float64(minute)))})
	}
	a.add("DuenoticeQueueStands", officetest.History{Start: officetest.ReadAt(t, early), Scrapes: []officetest.Scrape{{Times: longer, Text: early}}}, standing)
	b.StartWorker()
	b.AwaitWorker()
	b.course()
	b.settled()
}

// thingsBreak breaks one thing after the other under a case, then mends all of it, and the
// case goes on to its letters as if nothing had been.
func (a *alarms) thingsBreak(t *testing.T) {
	t.Helper()
	on := officetest.SharedServers(t)
	b := furnish(t, on, 300, 20)
	database, by := through(t, on.Program)
	b.WorkerEnv["DUENOTICE_DATABASE_URL"], b.WorkerEnv["DUENOTICE_OWNER_DATABASE_URL"] = by(on.Program), by(on.Owner)
	temporal := newWire(t, on.Temporal.Address)
	b.WorkerEnv["TEMPORAL_ADDRESS"] = temporal.address()
	shows := b.shows()
	b.mail.Always(&mailsink.BadAddress)
	b.tampered = true
	b.Begin()
	well := shows.until(t, `^duenotice_worker_working 1$`)
	b.insist("start", b.dir, "--by", "Ada Officer")
	b.answered()
	keys := b.writing()

	// A provider that refuses, and letters that cannot be printed.
	b.approve()
	testkit.Await(t, func() bool {
		return b.number("SELECT count(*) FROM finding WHERE state IN ('waiting', 'printing')") == 0
	})
	require.Positive(t, b.status().Account.Lines.In(account.Held))

	// A folder that cannot be written, a count that is not the list's, a workflow that
	// somebody ended.
	folder := filepath.Join(b.Out, b.id, "practices", keys[0])
	require.NoError(t, os.Rename(folder, folder+".away"))
	require.NoError(t, os.WriteFile(folder, nil, 0o600))
	b.insist("record", b.id, "--practice", keys[0], "--fact", "practice_notified", "--on", testkit.Today().String(), "--by", "Ada Officer")
	b.sql("UPDATE practice SET findings = findings + 1 WHERE practice_key = $1", keys[1])
	require.NoError(t, on.Temporal.ClientAs(t, authority.Operator, client.Options{}).TerminateWorkflow(t.Context(), temporalx.PracticeID(b.id, keys[2]), "", "it is in the way"))
	a.of(t, "DuenoticeNoticesNotTaken", well, shows.until(t, `^duenotice_notices\{[^}]*state="refused"\} [1-9]`))
	a.of(t, "DuenoticeLettersHeld", well, shows.until(t, `^duenotice_letters_held\{[^}]*\} [1-9]`))
	a.of(t, "DuenoticeTroubles", well, shows.until(t, `^duenotice_troubles\{[^}]*stopped="false"[^}]*\} [1-9]`))
	a.of(t, "DuenoticeAccountWrong", well, shows.until(t, `^duenotice_accounts_wrong\{[^}]*\} [1-9]`))
	a.of(t, "DuenoticeTamperedWith", well, shows.until(t, `^duenotice_alarms\{[^}]*\} [1-9]`))
	require.NoError(t, os.Remove(folder))
	require.NoError(t, os.Rename(folder+".away", folder))
	b.sql("UPDATE practice SET findings = findings - 1 WHERE practice_key = $1", keys[1])

	// A rulebook that this program does not have.
	var rulebook string
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT rulebook_sha256 FROM incident").Scan(&rulebook))
	b.sql("UPDATE incident SET rulebook_sha256 = 'of another program'")
	b.Run("record", b.id, "--practice", keys[1], "--fact", "practice_notified", "--on", testkit.Today().String(), "--by", "Ada Officer")
	a.of(t, "DuenoticePracticesStopped", well, shows.until(t, `^duenotice_practices_stopped\{[^}]*\} [1-9]`))
	b.sql("UPDATE incident SET rulebook_sha256 = $1", rulebook)

	// Servers that are away, from the worker and from the practices' pages.
	temporal.away()
	a.of(t, "DuenoticeNobodyWorks", well, shows.until(t, `^duenotice_worker_working 0$`))
	temporal.back()
	shows.until(t, `^duenotice_worker_working 1$`)
	pages := servePages(t, by(testkit.Login(t, on.Owner, "duenotice_page")))
	require.Equal(t, http.StatusUnprocessableEntity, pages.tried(t), "the link is nobody's")
	answered := pages.scrape(t)
	before := shows.scrape(t)
	database.away()
	require.GreaterOrEqual(t, pages.tried(t), http.StatusInternalServerError)
	failed := pages.scrape(t)
	require.GreaterOrEqual(t, pages.tried(t), http.StatusInternalServerError)
	failing := pages.scrape(t)
	still := shows.until(t, `^duenotice_read_failures_total(\{[^}]*\})? [1-9]`)
	require.Equal(t, officetest.ReadAt(t, before), officetest.ReadAt(t, still), "it shows on what it read last")
	database.back()
	now := time.Now()
	a.add("DuenoticeNotRead", officetest.History{Start: officetest.ReadAt(t, before), Scrapes: []officetest.Scrape{{Times: 4, Text: before}}},
		officetest.History{Start: officetest.ReadAt(t, still), Scrapes: []officetest.Scrape{{Times: 12, Text: still}}})
	a.add("DuenoticePagesFail", officetest.History{Job: "duenotice-pages", Start: now, Scrapes: []officetest.Scrape{{Times: 10, Text: answered}}},
		officetest.History{Job: "duenotice-pages", Start: now, Scrapes: []officetest.Scrape{{Times: 3, Text: answered}, {Times: 2, Text: failed}, {Times: 7, Text: failing}}})

	// And a worker that is gone.
	shows.until(t, `^duenotice_worker_working 1$`)
	b.KillWorker()
	gone := shows.scrape(t)
	require.Empty(t, gone, "nobody answers")
	a.add("DuenoticeDown", officetest.History{Start: officetest.ReadAt(t, well), Scrapes: []officetest.Scrape{{Times: 10, Text: well}}},
		officetest.History{Start: officetest.ReadAt(t, well), Scrapes: []officetest.Scrape{{Times: 3, Text: well}, {Times: 7, Text: gone}}})
	b.StartWorker()
	b.mail.Always(&mailsink.Accepted)
	b.mendNotices()
	b.settled()
	b.everyPracticeWasTold()
}

// sql changes something past the program.
func (b *broken) sql(statement string, args ...any) {
	b.T.Helper()
	_, err := b.pool.Exec(b.T.Context(), statement, args...)
	require.NoError(b.T, err)
}

// shown is where a program shows its numbers.
type shown string

// shows has the worker show its numbers, from its next start on.
func (b *broken) shows() shown {
	b.T.Helper()
	l, err := new(net.ListenConfig).Listen(b.T.Context(), "tcp", "127.0.0.1:0")
	require.NoError(b.T, err)
	require.NoError(b.T, l.Close())
	b.WorkerEnv["DUENOTICE_METRICS_LISTEN"] = l.Addr().String()
	return shown(l.Addr().String())
}

// scrape reads them as Prometheus does; "" where nobody answers.
func (s shown) scrape(t *testing.T) string {
	t.Helper()
	_, text := get(t, "http://"+string(s)+seeing.MetricsPath)
	return text
}

// until reads them until a line is there: they are read from the database once a minute.
func (s shown) until(t *testing.T, line string) (text string) {
	t.Helper()
	wanted := regexp.MustCompile("(?m)" + line)
	testkit.Await(t, func() bool { text = s.scrape(t); return wanted.MatchString(text) }, func() string { return line + "\n" + text })
	return text
}

func get(t *testing.T, url string) (code int, text string) {
	t.Helper()
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, ""
	}
	return answer.StatusCode, string(content)
}

// shownIn is what a worker would show of the case as it is once so much time has passed.
func (b *broken) shownIn(ahead time.Duration) string {
	b.T.Helper()
	ctx := b.T.Context()
	config, err := app.LoadConfig(func(name string) string { return b.Env[name] }, b.T.TempDir())
	require.NoError(b.T, err)
	store, err := postgres.Open(ctx, config.DatabaseURL, postgres.WithMaster(config.Master()))
	require.NoError(b.T, err)
	defer store.Close()
	temporal := testkit.TemporalOf(b.Env).Client(b.T, client.Options{})
	reading, err := app.Reading(ctx, config, store, temporal, time.Now().Add(ahead))
	require.NoError(b.T, err)
	open, err := seeing.Open(ctx, seeing.Options{Listen: "127.0.0.1:0"}, "worker", slog.New(slog.DiscardHandler))
	require.NoError(b.T, err)
	defer func() { require.NoError(b.T, open.Close(context.WithoutCancel(ctx))) }()
	open.Show("", reading)
	w := httptest.NewRecorder()
	open.Handler().ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, seeing.MetricsPath, nil))
	require.Equal(b.T, http.StatusOK, w.Code)
	return w.Body.String()
}

// served are the practices' pages, with where they show their numbers.
type served struct {
	shown
	at string
}

// tried is the code with which somebody is answered who tries to come in.
func (s served) tried(t *testing.T) int {
	t.Helper()
	form := url.Values{"code": {packet.NewCode().String()}}
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.at+"/p/"+packet.NewLink().String(), strings.NewReader(form.Encode()))
	require.NoError(t, err)
	ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	ask.Header.Set("Origin", "http://"+s.at)
	answer, err := http.DefaultClient.Do(ask)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode
}

// servePages serves them from a database.
func servePages(t *testing.T, database string) served {
	t.Helper()
	free := func() string {
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		require.NoError(t, l.Close())
		return l.Addr().String()
	}
	s := served{shown: shown(free()), at: free()}
	server := &app.Pages{Log: t.Output(), Config: app.PagesConfig{
		Address: "http://" + s.at, Listen: s.at, DatabaseURL: database, Seeing: seeing.Options{Listen: string(s.shown)},
	}}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	testkit.Await(t, func() bool { return server.Check(t.Context()) == nil })
	return s
}
