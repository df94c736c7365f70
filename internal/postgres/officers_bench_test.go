//go:build unix

package postgres_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// officersPractices is how many practices there are, with 75 people each, unless
// DUENOTICE_BENCH_PRACTICES says another number: 45000 is the size of the largest
// incident that the program is made for, with 3.4 million people.
const officersPractices = 450

// BenchmarkOfficers reads and writes what officers' commands do, on an incident in the
// middle of its course, and then gives the commands themselves. "ms" is what a command waits
// for the database and its rows, and "cpu-ms" the processor time of both sides.
func BenchmarkOfficers(b *testing.B) {
	n := practicesOfBench(b)
	store, url := inItsMiddle(b, n)
	officer := openAt(b, url, postgres.As(access.Everywhere(access.Officer)))
	spent := newSpent(b, url)
	key, at, day := fmt.Sprintf("P%05d", n/2), started.AddDate(0, 0, 20), discovered.AddDays(36)
	acts := 0
	for _, c := range []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"status", func(ctx context.Context) error {
			_, err := store.Status(ctx, incidentID, at, day)
			return err
		}},
		{"status-as-officer", func(ctx context.Context) error {
			_, err := officer.Status(ctx, incidentID, at, day)
			return err
		}},
		{"board-numbers", func(ctx context.Context) error {
			_, err := officer.Board(ctx, incidentID, at, day, casebook.Ladder{Steps: []int{1, 10, 100, 500, 1000}, Line: 500, Least: 400, Most: 599})
			return err
		}},
		{"summary", func(ctx context.Context) error {
			_, err := store.Summary(ctx, incidentID, at)
			return err
		}},
		{"status-practice", func(ctx context.Context) error {
			_, err := store.StatusDetails(ctx, incidentID, postgres.Filter{Practice: key}, at)
			return err
		}},
		{"status-late", func(ctx context.Context) error {
			return store.EachStatusLine(ctx, incidentID, postgres.Filter{Late: true}, at, func([]casebook.StatusLine) error { return nil })
		}},
		{"status-held", func(ctx context.Context) error {
			_, err := store.HeldLetters(ctx, incidentID)
			return err
		}},
		{"approve-list", func(ctx context.Context) error {
			_, err := store.Waiting(ctx, incidentID, "Robin Officer")
			return err
		}},
		{"status-csv", func(ctx context.Context) error {
			return store.EachStatusLine(ctx, incidentID, postgres.Filter{}, at, func([]casebook.StatusLine) error { return nil })
		}},
		{"status-json", func(ctx context.Context) error {
			return store.EachStatus(ctx, incidentID, postgres.Filter{}, at, func([]casebook.PracticeStatus) error { return nil })
		}},
		{"report-open", func(ctx context.Context) error {
			return store.EachStatus(ctx, incidentID, postgres.Filter{Brief: true}, at, func(part []casebook.PracticeStatus) error {
				keys := make([]string, len(part))
				for i := range part {
					keys[i] = part[i].Key
				}
				if _, err := store.NoticesOf(ctx, incidentID, keys); err != nil {
					return err
				}
				_, err := store.HeardToCall(ctx, incidentID, keys)
				return err
			})
		}},
		{"report-calendar", func(ctx context.Context) error {
			return store.EachDuty(ctx, incidentID, func([]casebook.PracticeDuties) error { return nil })
		}},
		{"report-unopened", func(ctx context.Context) error {
			return store.EachHeard(ctx, incidentID, func([]casebook.Heard) error { return nil })
		}},
		{"letters-to-print", func(ctx context.Context) error {
			_, err := store.LettersToPrint(ctx, incidentID)
			return err
		}},
		{"practice", func(ctx context.Context) error {
			_, err := store.Practice(ctx, incidentID, key)
			return err
		}},
		{"record", func(ctx context.Context) error {
			acts++
			_, err := store.ActOnPractice(ctx, casebook.Act{
				ID: fmt.Sprintf("bench-%d", acts), IncidentID: incidentID, PracticeKey: key, Kind: casebook.ActRecord, Who: "Robin Officer", At: at,
				Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.Acknowledged, On: day}},
			}, allowed)
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			before := spent.sofar(b)
			for b.Loop() {
				require.NoError(b, c.do(b.Context()))
			}
			worked := spent.sofar(b) - before
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms")
			b.ReportMetric(worked.Seconds()*1000/float64(b.N), "cpu-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
	giveCommands(b, url, spent)
}

// practicesOfBench is how many practices there are.
func practicesOfBench(b *testing.B) int {
	b.Helper()
	given := os.Getenv("DUENOTICE_BENCH_PRACTICES")
	if given == "" {
		return officersPractices
	}
	n, err := strconv.Atoi(given)
	require.NoError(b, err)
	return n
}

// inItsMiddle makes an incident of n practices of 75 people each in the middle of its
// course. The program's own steps take hours for the largest; what is read is the same
// rows, but nobody's record can be opened.
func inItsMiddle(b *testing.B, n int) (*postgres.Store, string) {
	b.Helper()
	store, url, there := kept(b)
	if there {
		return store, url
	}
	keys := manyKeys(n)
	in := caseOf(incident(), practices(keys...))
	in.Findings = manyPeople(keys, n)
	loaded(b, store, in)
	pool := testkit.Pool(b, url)
	for _, statement := range []string{
		`INSERT INTO finding (practice_id, row_no, data_classes, list_number, protected, usable_address, minor, letter_hash, other_hash, mail_key,
			person_key, residence, deceased, sealed, agreed_email, state, letter, mailed_on)
			SELECT f.practice_id, f.row_no * 100 + s, f.data_classes, 1, f.protected, f.usable_address, false, f.letter_hash, f.other_hash, f.mail_key,
				f.person_key || s, f.residence, false, f.sealed, false,
				CASE WHEN f.practice_id % 3 = 0 THEN 'mailed' ELSE 'waiting' END, CASE WHEN f.practice_id % 3 = 0 THEN 'own' ELSE '' END,
				CASE WHEN f.practice_id % 3 = 0 THEN date '2026-04-20' END
			FROM finding f CROSS JOIN generate_series(1, 74) s`,
		`UPDATE practice SET people = 75, findings = 75, changes = 3, standing_of = 3, papers_sha256 = 'papers' || id,
			phase = CASE WHEN id % 3 = 0 THEN 'mailed' WHEN id % 3 = 1 THEN 'waiting approval' ELSE 'waiting practice' END,
			next_due = date '2026-05-15' - id % 30, late_at = timestamptz '2026-05-16 04:00Z' - id % 30 * interval '1 day',
			needs_person = CASE WHEN id % 3 = 1 THEN 'letters wait for approval, 1 of 2 given (approve)' ELSE '' END,
			first_planned_at = now(), notifiable = true, discovered = date '2026-03-16', has_notice = true, printable = id % 50 = 0`,
		`INSERT INTO obligation (practice_id, obligation_id, position, rule, kind, regime, jurisdiction, recipient, form, count, trigger, clock, due,
				citation, why, confidence, settled_on, due_ends)
			SELECT p.id, k.kind || k.form, k.position, 'hipaa.' || k.kind, (k.kind), 'hipaa', 'US', 'somebody', k.form, p.people, 'discovered', '60 calendar days',
				p.next_due + k.position, '45 CFR 164.404(b)', 'people; discovered 2026-03-16', 'verified',
				CASE WHEN (p.id + k.position) % 3 = 0 THEN date '2026-04-20' END, p.late_at
			FROM practice p CROSS JOIN (VALUES (1, 'covered_entity_notice', ''), (2, 'individual_notice', ''), (3, 'hhs_notice', 'annual_log'),
				(4, 'substitute_notice', 'conspicuous')) AS k (position, kind, form)`,
		`INSERT INTO obligation_change (practice_id, obligation_id, what, new_due) SELECT practice_id, obligation_id, 'added', due FROM obligation`,
		`INSERT INTO outbox (id, incident_id, practice_key, step, state, sent_on)
			SELECT 'm' || id, incident_id, practice_key, 'practice_notice', (ARRAY['sent', 'sent', 'sent', 'bounced', 'no_email'])[1 + id % 5], '2026-03-20' FROM practice`,
		`INSERT INTO act (incident_id, id, practice_key, kind, who, at, terms)
			SELECT p.incident_id, p.practice_key || k, p.practice_key, k, 'Robin Officer', now(),
				CASE k WHEN 'record' THEN '{"Record": {"Fact": {"fact": "practice_notified", "on": "2026-03-20"}}}'::jsonb ELSE '{"Approve": {"SHA256": "x"}}' END
			FROM practice p CROSS JOIN unnest(ARRAY['record', 'approve']) k`,
		`INSERT INTO approval (practice_id, papers_sha256, person, who, at, act_id)
			SELECT id, papers_sha256, 'robin other', 'Robin Other', now(), practice_key || 'approve' FROM practice WHERE id % 3 < 2`,
		`INSERT INTO ledger (incident_id, practice_key, seq, at, prev, hash, body)
			SELECT p.incident_id, p.practice_key, 0, now(), '', '', '{"kind":"papers","who":"duenotice","n":' || s || '}' FROM practice p CROSS JOIN generate_series(1, 5) s`,
		`SELECT count_account((SELECT array_agg(id) FROM practice))`,
		`UPDATE incident SET findings = (SELECT sum(findings) FROM practice)`,
		`VACUUM ANALYZE`,
	} {
		_, err := pool.Exec(b.Context(), statement)
		require.NoError(b, err, statement)
	}
	return store, url
}

// started is when the case of the benchmark began.
var started = time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)

// kept opens the database of DUENOTICE_BENCH_DATABASE_URL, which stays after the benchmark
// and whose incident is measured as it is there; without it, one of the benchmark's own.
func kept(b *testing.B) (store *postgres.Store, url string, there bool) {
	b.Helper()
	url = os.Getenv("DUENOTICE_BENCH_DATABASE_URL")
	if url == "" {
		store, url = open(b)
		return store, url, false
	}
	require.NoError(b, migrate(url))
	store = openAt(b, url, postgres.WithMaster(masterOf("test")))
	_, err := store.Incident(b.Context(), incidentID)
	_, missing := breach.AsRefusal(err)
	require.True(b, err == nil || missing, err)
	return store, url, err == nil
}
