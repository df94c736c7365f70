package faults_test

import (
	"encoding/csv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/mailsink"
	"duenotice/internal/officetest"
	"duenotice/internal/testkit"
)

// TestTheMailServiceAnswersWrongly has the provider refuse, break, limit, keep the message
// and say nothing, or say something else, to one practice after the other, as the seed
// has it, while the worker is killed now and then. What was taken is not sent again, what
// was refused is a person's to mend, and what nobody knows is a person's to find out.
func TestTheMailServiceAnswersWrongly(t *testing.T) {
	t.Parallel()
	takesTime(t)
	random := seeded(t)
	b := furnish(t, officetest.SharedServers(t), 600, 20)
	answers := []mailsink.Answer{
		mailsink.Broken, mailsink.Unavailable, mailsink.Limited(time.Second), mailsink.Cut, mailsink.Accepted, mailsink.BadAddress, mailsink.TooLarge,
	}
	if long() {
		answers = append(answers, mailsink.Silence, mailsink.Unauthorized, mailsink.Forbidden)
	}
	rows, err := csv.NewReader(strings.NewReader(officetest.ReadFile(t, b.dir+"/practices.csv"))).ReadAll()
	require.NoError(t, err)
	for i, row := range rows[1:] {
		to := row[officetest.Column(rows[0], "email")]
		if to == "" {
			continue
		}
		b.mail.Next(to, answers[i%len(answers)])
		for range random.IntN(3) {
			b.mail.Next(to, answers[random.IntN(len(answers))])
		}
	}
	b.Begin()
	b.insist("start", b.dir, "--by", "Ada Officer")
	meanwhile(t, func(stop <-chan struct{}) {
		for range times(1, 6) {
			if !pause(stop, random, time.Second, 5*time.Second) {
				return
			}
			b.KillWorker()
			b.StartWorker()
		}
	}, func() {
		testkit.Await(t, func() bool {
			return b.number("SELECT count(*) FROM outbox WHERE step = 'practice_notice'") == b.made.Practices-b.toldBefore() &&
				b.number("SELECT count(*) FROM outbox WHERE state IN ('intended', 'sending')") == 0
		}, func() string { return b.Do("notify", b.id, "--list") })
	})
	b.mail.Always(&mailsink.Accepted)
	b.mendNotices()
	b.settled()
	b.everyPracticeWasTold()
}

// TestTheWireToTheMailServiceBreaks tears the connections to the mail provider, each in its
// own way: in the middle of the request, after it without an answer, in the middle of the
// answer, by an end, by a reset or by saying nothing until the worker gives up, and carries
// some byte by byte, while the worker is killed now and then. The provider has what came
// whole, whatever the worker heard of it: what is on record is what the provider has.
func TestTheWireToTheMailServiceBreaks(t *testing.T) {
	t.Parallel()
	takesTime(t)
	random := seeded(t)
	b := furnish(t, officetest.SharedServers(t), 600, 20)
	w := newWire(t, strings.TrimPrefix(b.mail.URL, "http://"))
	b.WorkerEnv["SENDGRID_HOST"] = "http://" + w.address()
	var tears []tear
	for range times(1, 4) {
		tears = append(tears,
			tear{asked: 0, answered: -1, reset: true},
			tear{asked: 1 + random.IntN(1_000), answered: -1, reset: random.IntN(2) == 0}, // of its head
			tear{asked: 2_000 + random.IntN(10_000), answered: -1},                        // of the message
			tear{asked: 2_000 + random.IntN(10_000), answered: -1, silent: true},
			tear{asked: -1, answered: 0, reset: random.IntN(2) == 0},
			tear{asked: -1, answered: 0, silent: true},
			tear{asked: -1, answered: 1 + random.IntN(20)},                 // of the line that says it was taken
			tear{asked: -1, answered: 30 + random.IntN(200), reset: true},  // of what follows that line
			tear{asked: -1, answered: 30 + random.IntN(200), silent: true}, // the same
			tear{asked: -1, answered: -1, piece: 64 + random.IntN(1_000), pause: time.Millisecond},
		)
	}
	random.Shuffle(len(tears), func(i, j int) { tears[i], tears[j] = tears[j], tears[i] })
	var mu sync.Mutex
	w.tearing(func() tear {
		mu.Lock()
		defer mu.Unlock()
		if len(tears) == 0 {
			return whole
		}
		next := tears[0]
		tears = tears[1:]
		return next
	})
	left := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(tears)
	}
	b.Begin()
	b.insist("start", b.dir, "--by", "Ada Officer")
	meanwhile(t, func(stop <-chan struct{}) {
		for range times(1, 6) {
			if !pause(stop, random, time.Second, 10*time.Second) {
				return
			}
			b.KillWorker()
			b.StartWorker()
		}
	}, func() {
		b.mendNotices()
		// Who was told is told that it was another day, until each way of breaking was tried.
		for keys := b.inState(casebook.MessageSent); left() > 0; keys = b.inState(casebook.MessageSent) {
			require.NotEmpty(t, keys)
			for _, key := range keys {
				b.insist("record", b.id, "--practice", key, "--fact", "notice_bounced", "--on", testkit.Today().String(), "--by", "Ada Officer")
				b.insist("notify", b.id, "--practice", key, "--by", "Ada Officer")
			}
			b.mendNotices()
		}
	})
	b.settled()
	b.everyPracticeWasTold()
}

// mendNotices does until no notice waits what a person does who reads the list: what was
// refused is sent again, and what is not known is looked up in the provider's activity.
func (b *broken) mendNotices() {
	b.T.Helper()
	testkit.Await(b.T, func() bool {
		taken := b.handed()
		for _, key := range b.inState(casebook.MessageUnknown) {
			id := ""
			require.NoError(b.T, b.pool.QueryRow(b.T.Context(), "SELECT id FROM outbox WHERE practice_key = $1 ORDER BY attempt DESC LIMIT 1", key).Scan(&id))
			if taken[id] > 0 {
				b.insist("record", b.id, "--practice", key, "--fact", "practice_notified", "--on", testkit.Today().String(), "--by", "Ada Officer")
			} else {
				b.insist("notify", b.id, "--practice", key, "--by", "Ada Officer")
			}
		}
		if len(b.inState(casebook.MessageRejected)) > 0 {
			b.insist("notify", b.id, "--by", "Ada Officer")
		}
		return b.number("SELECT count(DISTINCT practice_key) FROM outbox WHERE step = 'practice_notice'") == b.made.Practices-b.toldBefore() &&
			len(b.inState(casebook.MessageRejected, casebook.MessageUnknown, casebook.MessageIntended, casebook.MessageSending)) == 0
	}, func() string { return b.Do("notify", b.id, "--list") })
}

func (b *broken) everyPracticeWasTold() {
	b.T.Helper()
	require.Zero(b.T, b.number(`SELECT count(*) FROM obligation d JOIN practice p ON p.id = d.practice_id
		WHERE d.kind = 'covered_entity_notice' AND NOT d.dropped AND d.settled_on IS NULL`), "practices that were not told")
}

// inState are the practices whose notice's latest message is in one of the states.
func (b *broken) inState(states ...string) []string {
	b.T.Helper()
	rows, err := b.pool.Query(b.T.Context(), `SELECT practice_key FROM (
		SELECT DISTINCT ON (practice_key) practice_key, state FROM outbox WHERE step = 'practice_notice' ORDER BY practice_key, attempt DESC) o
		WHERE state = ANY($1) ORDER BY 1`, states)
	require.NoError(b.T, err)
	var keys []string
	for rows.Next() {
		var key string
		require.NoError(b.T, rows.Scan(&key))
		keys = append(keys, key)
	}
	require.NoError(b.T, rows.Err())
	return keys
}

// toldBefore is how many practices knew of it before the case was started.
func (b *broken) toldBefore() int {
	b.T.Helper()
	rows, err := csv.NewReader(strings.NewReader(officetest.ReadFile(b.T, b.dir+"/practices.csv"))).ReadAll()
	require.NoError(b.T, err)
	n := 0
	for _, row := range rows[1:] {
		if row[officetest.Column(rows[0], "notified_on")] != "" {
			n++
		}
	}
	return n
}
