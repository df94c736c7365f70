package faults_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/mail"
	"duenotice/internal/mailsink"
	"duenotice/internal/officetest"
	"duenotice/internal/synthetic"
	"duenotice/internal/testkit"
)

const apiKey = "SG.test"

// broken is an office with a mail provider and a case, which something is done to.
type broken struct {
	*officetest.Office
	mail *mailsink.Sink
	dir  string
	made synthetic.Made
	id   string
	// tampered: the case itself did something past the program, of which an alarm stays.
	tampered bool
	// pool is the database as its owner sees it.
	pool *pgxpool.Pool
}

// furnish opens an office on servers in which nobody works yet, with a case of so many
// people, discovered some days ago.
func furnish(t *testing.T, on officetest.Servers, people, daysAgo int) *broken {
	t.Helper()
	return furnishOf(t, on, 12, people, daysAgo)
}

// furnishOf is furnish with a case of so many practices.
func furnishOf(t *testing.T, on officetest.Servers, practices, people, daysAgo int) *broken {
	t.Helper()
	sink, err := mailsink.Start(t.Context(), apiKey, time.Now)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	o := officetest.Furnish(t, on, map[string]string{
		"SENDGRID_API_KEY": apiKey, "DUENOTICE_MAIL_FROM": "notices@vendor-of-records.com", "SENDGRID_HOST": sink.URL,
		"DUENOTICE_LOG_FILE": filepath.Join(t.TempDir(), "worker.log"),
	}, nil)
	b := &broken{Office: o, mail: sink, pool: testkit.Pool(t, on.Owner)}
	b.dir, b.made = makeCase(t, practices, people, daysAgo)
	b.Env["CASE"], b.id = b.dir, b.made.IncidentID
	return b
}

// makeCase writes an invented case.
func makeCase(t *testing.T, practices, people, daysAgo int) (string, synthetic.Made) {
	t.Helper()
	params := synthetic.Default(testkit.Today().AddDays(-daysAgo))
	params.People, params.Practices = people, practices
	dir := filepath.Join(t.TempDir(), "case")
	made, err := synthetic.Write(dir, params)
	require.NoError(t, err)
	return dir, made
}

func (b *broken) status() casebook.Status {
	b.T.Helper()
	var s casebook.Status
	require.NoError(b.T, json.Unmarshal([]byte(b.Do("status", b.id, "--json", "--due", "3660d")), &s))
	return s
}

// answered has every practice say who writes its letters, and waits for its papers.
func (b *broken) answered() {
	b.T.Helper()
	for _, key := range b.PracticeKeys("") {
		b.Do("delegate", b.id, "--practice", key, "all", "--by", "Ada Officer")
	}
	b.AwaitNothingIn(b.id, "starting")
}

// approve has two people approve the letters of some practices, or with none of all.
func (b *broken) approve(keys ...string) {
	b.T.Helper()
	for _, who := range []string{"Ada Officer", "Grace Counsel"} {
		if len(keys) == 0 {
			b.Do("approve", b.id, "--all", "--by", who)
		}
		for _, key := range keys {
			b.Do("approve", b.id, "--practice", key, "--by", who)
		}
	}
}

// handed is how often each message was taken by the provider.
func (b *broken) handed() map[string]int {
	times := map[string]int{}
	for _, m := range b.mail.Taken() {
		times[m.Args[mail.MessageIDArg]]++
	}
	return times
}

// number asks the database for one.
func (b *broken) number(query string, args ...any) int {
	b.T.Helper()
	var n int
	require.NoError(b.T, b.pool.QueryRow(b.T.Context(), query, args...).Scan(&n))
	return n
}

// course takes the case from the folder to letters that are printed and recorded as
// mailed, whatever happens meanwhile.
func (b *broken) course() {
	b.T.Helper()
	b.insist("start", b.dir, "--by", "Ada Officer", "--no-wait")
	for _, key := range b.PracticeKeys("") {
		b.insist("delegate", b.id, "--practice", key, "all", "--by", "Ada Officer")
	}
	b.AwaitNothingIn(b.id, "starting")
	b.insist("approve", b.id, "--all", "--by", "Ada Officer")
	b.insist("approve", b.id, "--all", "--by", "Grace Counsel")
	b.AwaitNothingIn(b.id, "waiting approval", "approved")
	b.awaitLetters()
	today := testkit.Today().String()
	b.insist("record", b.id, "--fact", "letters_mailed", "--on", today, "--by", "Ada Officer")
	var told string
	testkit.Await(b.T, func() bool {
		return b.pool.QueryRow(b.T.Context(), "SELECT practice_key FROM outbox WHERE state = 'sent' ORDER BY 1 LIMIT 1").Scan(&told) == nil
	}, func() string { return b.Do("notify", b.id, "--list") })
	b.insist("record", b.id, "--practice", told, "--fact", "acknowledged", "--on", today, "--by", "Ada Officer")
}

// awaitLetters waits until no letter is left to print.
func (b *broken) awaitLetters() {
	b.T.Helper()
	testkit.Await(b.T, func() bool {
		var left int
		err := b.pool.QueryRow(b.T.Context(), "SELECT count(*) FROM finding WHERE state IN ('waiting', 'printing')").Scan(&left)
		return err == nil && left == 0
	}, func() string { return b.Do("status", b.id) })
}

// insist gives a command until it is done, as a person does who is told that it could not
// be done now: the same act twice is the same act once.
func (b *broken) insist(args ...string) {
	b.T.Helper()
	said := ""
	testkit.Await(b.T, func() bool {
		code, out, errs := b.Run(args...)
		said = out + errs
		require.NotEqual(b.T, 2, code, said) // no command line becomes right by itself
		return code == 0
	}, func() string { return said })
}
