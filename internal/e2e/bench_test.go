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

	"duenotice/internal/casebook"
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
// ratio of the two speeds: what is left when everything of ours is added.
//
// Actions are what Temporal Cloud would count: starts, activities, timers,
// signals, updates and changes of search attributes.
func BenchmarkLaunch(b *testing.B) {
	var ours, bare time.Duration
	var life work
	var used usage
	for b.Loop() {
		o := newOffice(b, nil)
		incident := makeMany(b)
		began := time.Now()
		o.do("start", incident.dir, "--by", "Ada Officer", "--no-wait")
		incident.awaitTold(b, o)
		ours += time.Since(began)
		life = incident.work(b, o)
		ended := o.endWorker()
		used = usage{peak: max(used.peak, ended.peak), cpu: used.cpu + ended.cpu}
		bare += launchBare(b, life.perPractice())
	}
	launched := float64(benchPractices * b.N)
	b.ReportMetric(launched/ours.Seconds(), "practices/s")
	b.ReportMetric(launched/bare.Seconds(), "bare-children/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "of-bare")
	b.ReportMetric(float64(life.actions)/benchPractices, "actions/practice")
	b.ReportMetric(float64(life.events)/benchPractices, "events/practice")
	b.ReportMetric(float64(used.peak)/(1<<20), "worker-peak-MiB")
	b.ReportMetric(float64(used.cpu.Milliseconds())/launched, "worker-cpu-ms/practice")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkWholeLife takes the usual invented case to its last duty and counts
// what that takes of Temporal for each practice.
func BenchmarkWholeLife(b *testing.B) {
	var life work
	practices := 0
	for b.Loop() {
		o := newOffice(b, nil)
		dir, made := makeCase(b, 6_000, longAgo)
		o.env["CASE"] = dir
		steerToTheEnd(o, dir, made)
		life = manyCase{id: made.IncidentID, dir: dir}.work(b, o)
		practices = made.Practices
		o.killWorker()
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
	pool := testkit.Pool(b, o.env["DUENOTICE_OWNER_DATABASE_URL"])
	testkit.Await(b, func() bool {
		told := 0
		err := pool.QueryRow(b.Context(), "SELECT count(*) FROM practice WHERE incident_id = $1 AND phase <> $2", m.id, casebook.PhaseStarting).Scan(&told)
		return err == nil && told == benchPractices
	})
}

// keys are its practices' keys.
func (m manyCase) keys(b *testing.B) []string {
	b.Helper()
	rows, err := csv.NewReader(strings.NewReader(readFile(b, filepath.Join(m.dir, "practices.csv")))).ReadAll()
	require.NoError(b, err)
	var keys []string
	for _, row := range rows[1:] {
		keys = append(keys, row[column(rows[0], "practice_key")])
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
	c := testkit.TemporalOf(o.env).Client(b, client.Options{})
	var w work
	for _, key := range m.keys(b) {
		w.practices++
		events := c.GetWorkflowHistory(b.Context(), temporalx.PracticeID(m.id, key), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			require.NoError(b, err)
			w.events++
			switch event.GetEventType() {
			case enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
				w.activities++
				w.actions++
			case enumspb.EVENT_TYPE_TIMER_STARTED:
				w.timers++
				w.actions++
			case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
				enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED, enumspb.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
				enumspb.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED, enumspb.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
				w.actions++
			}
		}
	}
	return w
}

// usage is what a process took: bytes of memory at most, and processor time.
type usage struct {
	peak int64
	cpu  time.Duration
}

// endWorker ends the worker and says what it took.
func (o *office) endWorker() usage {
	o.mu.Lock()
	process := o.worker
	o.mu.Unlock()
	o.killWorker()
	took, ok := process.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return usage{}
	}
	// Kibibytes on Linux.
	return usage{peak: took.Maxrss << 10, cpu: process.ProcessState.UserTime() + process.ProcessState.SystemTime()}
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
	c := testkit.Temporal(b).Client(b, client.Options{})
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
