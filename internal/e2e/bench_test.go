//go:build unix

package e2e_test

import (
	"context"
	"encoding/csv"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/officetest"
	"duenotice/internal/synthetic"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// benchPractices is how many practices a launch is measured with: several
// bursts, and seconds of work on any machine.
const benchPractices = 200

// BenchmarkLaunch starts the workflows of 200 practices on a real server, with a
// worker as a process of its own, and waits until every one has decided what is
// owed, prepared its papers, told its practice, and set its timers. Then the same
// server starts as many bare child workflows, in the same bursts, that each run
// as many activities, which do nothing, and set as many timers. "of-bare" is the
// ratio of the processor times of all programs together: what is left when everything
// of ours is added. The ratio by the clock says the same on a machine that nobody else uses.
// "of-three-steps" is the same against bare children of three steps and a timer each, as a
// practice had when it was opened by its own workflow: fewer steps of ours cannot make it
// worse, as they do the first ratio.
//
// Actions are what Temporal Cloud would count (temporalx.Actions).
func BenchmarkLaunch(b *testing.B) {
	var ours, bare time.Duration
	var life work
	var peak int64
	var worked, bareWorked, bareThree launchTime
	for b.Loop() {
		o := newOffice(b, nil)
		incident := makeMany(b)
		spent := newLaunchSpent(b, o)
		began, before := time.Now(), spent.sofar(b)
		o.Do("start", incident.dir, "--by", "Ada Officer", "--no-wait")
		incident.awaitTold(b, o)
		ours += time.Since(began)
		worked.add(spent.sofar(b), before)
		life = incident.work(b, o)
		peak = max(peak, o.endWorker())
		before = spent.sofar(b)
		bare += launchBare(b, life.perPractice())
		bareWorked.add(spent.sofar(b), before)
		before = spent.sofar(b)
		launchBare(b, work{practices: 1, activities: 3, timers: 1})
		bareThree.add(spent.sofar(b), before)
	}
	launched := float64(benchPractices * b.N)
	report := func(d time.Duration, unit string) { b.ReportMetric(float64(d.Milliseconds())/launched, unit) }
	b.ReportMetric(launched/ours.Seconds(), "practices/s")
	b.ReportMetric(launched/bare.Seconds(), "bare-children/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "of-bare-by-the-clock")
	b.ReportMetric(bareWorked.all().Seconds()/worked.all().Seconds(), "of-bare")
	b.ReportMetric(bareThree.all().Seconds()/worked.all().Seconds(), "of-three-steps")
	b.ReportMetric(float64(life.actions)/benchPractices, "actions/practice")
	b.ReportMetric(float64(life.events)/benchPractices, "events/practice")
	b.ReportMetric(float64(peak)/(1<<20), "worker-peak-MiB")
	report(worked.worker, "worker-cpu-ms/practice")
	report(worked.database, "postgres-cpu-ms/practice")
	report(worked.temporal, "temporal-cpu-ms/practice")
	report(bareWorked.temporal, "bare-temporal-cpu-ms/child")
	report(bareWorked.here, "bare-worker-cpu-ms/child")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkWholeLife takes the usual invented case to its last duty and counts
// what that takes of Temporal for each practice.
func BenchmarkWholeLife(b *testing.B) {
	var life work
	practices := 0
	for b.Loop() {
		o := newOffice(b, nil)
		dir, made := officetest.MakeCase(b, 6_000, officetest.LongAgo)
		o.Env["CASE"] = dir
		o.SteerToTheEnd(dir, made)
		life = manyCase{id: made.IncidentID, dir: dir}.work(b, o)
		practices = made.Practices
		o.KillWorker()
	}
	b.ReportMetric(float64(life.actions)/float64(practices), "actions/practice")
	b.ReportMetric(float64(life.events)/float64(practices), "events/practice")
}

// manyCase is a case folder with many practices.
type manyCase struct{ id, dir string }

func makeMany(b *testing.B) manyCase {
	b.Helper()
	params := synthetic.Default(testkit.Today().AddDays(-20))
	params.Practices, params.People = benchPractices, 10*benchPractices
	params.Delegations = synthetic.Delegations{} // everybody delegates everything
	dir := filepath.Join(b.TempDir(), "case")
	made, err := synthetic.Write(dir, params)
	require.NoError(b, err)
	return manyCase{made.IncidentID, dir}
}

// awaitTold waits until every practice has been started and told, and so waits
// for people. It asks the database: asking as an officer would slows the worker.
func (m manyCase) awaitTold(b *testing.B, o *office) {
	b.Helper()
	pool := testkit.Pool(b, o.Env["DUENOTICE_OWNER_DATABASE_URL"])
	testkit.Await(b, func() bool {
		told := 0
		err := pool.QueryRow(b.Context(), `SELECT count(*) FROM practice p WHERE incident_id = $1 AND phase <> $2 AND (
			NOT EXISTS (SELECT FROM obligation o WHERE o.practice_id = p.id AND o.kind = ANY($3) AND NOT o.dropped AND o.settled_on IS NULL)
			OR EXISTS (SELECT FROM outbox x WHERE x.incident_id = p.incident_id AND x.practice_key = p.practice_key AND x.step = $4 AND x.state <> ALL($5)))`,
			m.id, casebook.PhaseStarting, []string{breach.CoveredEntityNotice, breach.DataOwnerNotice}, casebook.NoticeStep, []string{casebook.MessageIntended, casebook.MessageSending}).Scan(&told)
		return err == nil && told == benchPractices
	})
}

// keys are its practices' keys.
func (m manyCase) keys(b *testing.B) []string {
	b.Helper()
	rows, err := csv.NewReader(strings.NewReader(officetest.ReadFile(b, filepath.Join(m.dir, "practices.csv")))).ReadAll()
	require.NoError(b, err)
	var keys []string
	for _, row := range rows[1:] {
		keys = append(keys, row[officetest.Column(rows[0], "practice_key")])
	}
	return keys
}

// work is what the practices' workflows took of Temporal.
type work struct {
	practices, actions, events, activities, timers int
}

func (w work) perPractice() work {
	return work{practices: 1, activities: (w.activities + w.practices/2) / w.practices, timers: (w.timers + w.practices/2) / w.practices}
}

// work counts the events of all practices' histories.
func (m manyCase) work(b *testing.B, o *office) work {
	b.Helper()
	c := testkit.TemporalOf(o.Env).Client(b, client.Options{})
	var w work
	for _, key := range m.keys(b) {
		w.practices++
		var actions temporalx.Actions
		events := c.GetWorkflowHistory(b.Context(), temporalx.PracticeID(m.id, key), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			require.NoError(b, err)
			w.events++
			actions.Add(event)
			switch event.GetEventType() {
			case enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
				w.activities++
			case enumspb.EVENT_TYPE_TIMER_STARTED:
				w.timers++
			}
		}
		w.actions += actions.Count()
	}
	return w
}

// endWorker ends the worker and says how many bytes of memory it had at most.
func (o *office) endWorker() int64 {
	process := o.Worker()
	o.KillWorker()
	took, ok := process.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return took.Maxrss << 10 // kibibytes on Linux
}

// launchTime is the processor time of the programs that take part in a launch; here is
// this one, in which the officer's command runs and, of the bare children, the worker.
type launchTime struct{ worker, database, temporal, here time.Duration }

func (t launchTime) all() time.Duration { return t.worker + t.database + t.temporal + t.here }

// add takes in what was used between two moments.
func (t *launchTime) add(after, before launchTime) {
	t.worker += after.worker - before.worker
	t.database += after.database - before.database
	t.temporal += after.temporal - before.temporal
	t.here += after.here - before.here
}

type launchSpent struct{ worker, database, temporal testkit.Process }

func newLaunchSpent(b *testing.B, o *office) launchSpent {
	b.Helper()
	return launchSpent{
		testkit.ProcessOf(o.Worker().Process), testkit.DatabaseProcess(b, o.Env["DUENOTICE_OWNER_DATABASE_URL"]), testkit.TemporalOf(o.Env).Process(b),
	}
}

func (s launchSpent) sofar(b *testing.B) launchTime {
	b.Helper()
	return launchTime{s.worker.Spent(b), s.database.Spent(b), s.temporal.Spent(b), testkit.SpentHere(b)}
}

const (
	bareQueue  = "bare"
	bareParent = "BareParent"
	bareChild  = "BareChild"
	bareStep   = "BareStep"
	bareBurst  = 100
)

// launchBare measures the same number of children that do as many activities
// and timers each, and nothing in them.
func launchBare(b *testing.B, each work) time.Duration {
	b.Helper()
	// Like the program, so that the ratio is not of what either leaves out.
	c := testkit.Temporal(b).Client(b, client.Options{ConnectionOptions: client.ConnectionOptions{GrpcCompression: &client.GrpcCompressionNone{}}})
	w := worker.New(c, bareQueue, worker.Options{})
	done := make(chan struct{}, benchPractices)
	w.RegisterActivityWithOptions(func(_ context.Context, last bool) error {
		if last {
			done <- struct{}{}
		}
		return nil
	}, activity.RegisterOptions{Name: bareStep})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		for n := range each.timers {
			_ = workflow.NewTimer(ctx, time.Duration(n+1)*24*time.Hour)
		}
		for n := range each.activities {
			step := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
			if err := workflow.ExecuteActivity(step, bareStep, n == each.activities-1).Get(ctx, nil); err != nil {
				return err
			}
		}
		return workflow.Await(ctx, func() bool { return false })
	}, workflow.RegisterOptions{Name: bareChild})
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		for first := 0; first < benchPractices; first += bareBurst {
			starts := make([]workflow.ChildWorkflowFuture, bareBurst)
			for n := range starts {
				starts[n] = workflow.ExecuteChildWorkflow(workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
					WorkflowID: "bare:" + strconv.Itoa(first+n), ParentClosePolicy: enumspb.PARENT_CLOSE_POLICY_ABANDON,
				}), bareChild)
			}
			for _, start := range starts {
				if err := start.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
					return err
				}
			}
		}
		return nil
	}, workflow.RegisterOptions{Name: bareParent})
	require.NoError(b, w.Start())
	defer w.Stop()
	began := time.Now()
	_, err := c.ExecuteWorkflow(b.Context(), client.StartWorkflowOptions{TaskQueue: bareQueue}, bareParent)
	require.NoError(b, err)
	for range benchPractices {
		select {
		case <-done:
		case <-time.After(5 * time.Minute):
			b.Fatal("the bare children did not get through")
		}
	}
	return time.Since(began)
}
