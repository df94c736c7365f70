package seeing

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.opentelemetry.io/otel/metric"

	"duenotice/internal/account"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/openitems"
)

// Reading is what is shown of one environment until the next one.
type Reading struct {
	// At is the instant of which it tells.
	At time.Time
	// Watched is what was read from the database; nil in a program that reads nothing there.
	Watched *casebook.Watched
	// Until are the days until which certificates are good, by what they are for.
	Until map[string]time.Time
	// Queues are the task queues, by name.
	Queues map[string]Queue
}

// Queue is what waits in a task queue, and how long the oldest of it has.
type Queue struct {
	Waiting int64
	Oldest  time.Duration
}

// Show replaces what is shown of an environment, "" where there are none.
func (s *Seeing) Show(environment string, r Reading) {
	if s.numbers == nil {
		return
	}
	s.numbers.mu.Lock()
	defer s.numbers.mu.Unlock()
	s.numbers.readings[environment] = r
}

// ReadingFailed counts that an environment could not be read. What was read last is shown
// on, and its age with it.
func (s *Seeing) ReadingFailed(ctx context.Context, environment string) {
	if s.numbers != nil {
		s.numbers.failed.Add(ctx, 1, attributesOf("environment", environment))
	}
}

// numbers are what is warned by. They are of the last reading; nobody who asks for them
// causes one.
type numbers struct {
	failed metric.Int64Counter
	gauges map[string]metric.Float64ObservableGauge

	mu       sync.Mutex
	readings map[string]Reading
}

// gauge is one number, with the labels that it has besides environment.
type gauge struct{ name, words string }

// What is warned by. Their labels are an incident's id, and words of this program: never
// what somebody wrote, a practice's key or name.
var gauges = []gauge{
	{"duenotice_read_timestamp_seconds", "When the numbers below were last read from the database, in seconds of Unix time."},
	{"duenotice_worker_working", "1 while a worker takes work, else 0."},
	{"duenotice_duty_days_left", "Days until the nearest open duty is due; below 0 when that day has passed."},
	{"duenotice_practices", "Practices by phase."},
	{"duenotice_practices_late", "Practices of which something is late."},
	{"duenotice_practices_stopped", "Practices of which the program refuses a step until somebody does something."},
	{"duenotice_people_untold", "People who are owed written notice and were not sent it, by the days that are left at most: late, none for no day."},
	{"duenotice_waiting", "What waits for a person, by for whom and what it is."},
	{"duenotice_waiting_oldest_seconds", "How long the oldest of it has waited."},
	{"duenotice_letters_held", "Letters held back until a person looks."},
	{"duenotice_notices", "Notices to practices that are owed, by what became of their e-mail."},
	{"duenotice_accounts_wrong", "Practices whose people do not add up, twenty at most."},
	{"duenotice_troubles", "What could not be done and was not done since, by step; stopped is true where the program refused it."},
	{"duenotice_alarms", "Traces of somebody who did something past the program, by kind."},
	{"duenotice_ledger_last_timestamp_seconds", "When a practice's ledger was last written since the last anchor, in seconds of Unix time."},
	{"duenotice_anchor_age_seconds", "Age of the last anchor of the ledger."},
	{"duenotice_ledger_unanchored_seconds", "Age of the oldest entry that no anchor has, 0 for none."},
	{"duenotice_certificate_days_left", "Days until a certificate ends."},
	{"duenotice_queue_tasks", "Tasks that wait in a queue of Temporal."},
	{"duenotice_queue_oldest_seconds", "How long the oldest of them has waited."},
}

func newNumbers(meter metric.Meter) (*numbers, error) {
	n := &numbers{gauges: map[string]metric.Float64ObservableGauge{}, readings: map[string]Reading{}}
	var all []metric.Observable
	for _, g := range gauges {
		made, err := meter.Float64ObservableGauge(g.name, metric.WithDescription(g.words))
		if err != nil {
			return nil, err
		}
		n.gauges[g.name] = made
		all = append(all, made)
	}
	var err error
	n.failed, err = meter.Int64Counter("duenotice_read_failures", metric.WithDescription("How often the numbers could not be read from the database."))
	if err != nil {
		return nil, err
	}
	_, err = meter.RegisterCallback(n.observe, all...)
	return n, err
}

func (n *numbers) observe(_ context.Context, o metric.Observer) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for environment, r := range n.readings {
		observe(r, func(name string, value float64, labels ...string) {
			o.ObserveFloat64(n.gauges[name], value, attributesOf(append(labels, "environment", environment)...))
		})
	}
	return nil
}

// show says the value of a gauge with labels, each a name and a value.
type show func(name string, value float64, labels ...string)

func observe(r Reading, show show) {
	if r.Watched != nil {
		show("duenotice_read_timestamp_seconds", seconds(r.At))
		show("duenotice_worker_working", oneIf(r.Watched.Worker.Working))
		for _, w := range r.Watched.Incidents {
			observeIncident(*r.Watched, w, show)
		}
		observeTroubles(r.Watched.Troubles, show)
	}
	for what, until := range r.Until {
		show("duenotice_certificate_days_left", until.Sub(r.At).Hours()/24, "certificate", what)
	}
	for name, q := range r.Queues {
		show("duenotice_queue_tasks", float64(q.Waiting), "queue", name)
		show("duenotice_queue_oldest_seconds", q.Oldest.Seconds(), "queue", name)
	}
}

func observeIncident(r casebook.Watched, w casebook.WatchedIncident, show show) {
	status, id := w.Status, w.Status.Incident
	if days, is := daysLeft(status.NextDue, r.AsOf); is {
		show("duenotice_duty_days_left", days, "incident", id)
	}
	for _, phase := range casebook.Phases {
		show("duenotice_practices", float64(status.In(phase)), "incident", id, "phase", string(phase))
	}
	show("duenotice_practices_late", float64(status.Late), "incident", id)
	show("duenotice_practices_stopped", float64(stopped(r.Troubles, id)), "incident", id)
	for _, u := range w.Untold {
		show("duenotice_people_untold", float64(u.People), "incident", id, "days_left", u.Left)
	}
	for _, x := range openitems.Waits(w, r.Troubles) {
		show("duenotice_waiting", float64(x.Count), "incident", id, "whom", x.Whom, "what", x.Kind)
		show("duenotice_waiting_oldest_seconds", r.At.Sub(x.Since).Seconds(), "incident", id, "whom", x.Whom, "what", x.Kind)
	}
	show("duenotice_letters_held", float64(status.Account.Lines.In(account.Held)), "incident", id)
	n := status.Notices
	for state, count := range map[string]int{
		"to_send": n.ToSend, "kept_back": n.KeptBack, "stopped": n.Stopped, "refused": n.Refused, "bounced": n.Bounced, "unknown": n.Unknown, "no_email": n.NoEmail,
	} {
		show("duenotice_notices", float64(count), "incident", id, "state", state)
	}
	show("duenotice_accounts_wrong", float64(len(status.Account.DoNotAddUp)), "incident", id)
	if !w.LedgerAt.IsZero() {
		show("duenotice_ledger_last_timestamp_seconds", seconds(w.LedgerAt), "incident", id)
	}
	if !w.AnchoredAt.IsZero() {
		show("duenotice_anchor_age_seconds", r.At.Sub(w.AnchoredAt).Seconds(), "incident", id)
	}
	unanchored := 0.0
	if !w.UnanchoredSince.IsZero() {
		unanchored = r.At.Sub(w.UnanchoredSince).Seconds()
	}
	show("duenotice_ledger_unanchored_seconds", unanchored, "incident", id)
}

// observeTroubles counts them; each kind of alarm is there also while there is none.
func observeTroubles(troubles []casebook.Trouble, show show) {
	type kind struct {
		incident, step string
		stopped        bool
	}
	counts, alarms := map[kind]int{}, map[string]int{}
	for _, t := range troubles {
		counts[kind{t.Incident, t.Kind, t.Stopped}]++
		alarms[t.Kind]++
	}
	for k, n := range counts {
		show("duenotice_troubles", float64(n), "incident", k.incident, "step", k.step, "stopped", strconv.FormatBool(k.stopped))
	}
	for _, k := range casebook.Alarms {
		show("duenotice_alarms", float64(alarms[k]), "kind", k)
	}
}

// stopped counts an incident's practices of which a step is refused.
func stopped(troubles []casebook.Trouble, incident string) int {
	practices := map[string]bool{}
	for _, t := range troubles {
		if t.Incident == incident && t.Practice != "" && t.Stopped && !slices.Contains(casebook.Alarms, t.Kind) {
			practices[t.Practice] = true
		}
	}
	return len(practices)
}

func daysLeft(due, asOf civil.Date) (days float64, is bool) {
	if due.IsZero() {
		return 0, false
	}
	return float64(due.DaysSince(asOf)), true
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
