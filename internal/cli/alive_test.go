package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"duenotice/internal/authority"
	"duenotice/internal/casebook"
	"duenotice/internal/cases"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// TestNoWorkerIsTheFirstThingThatStatusSays, and that doctor and every act say.
func TestNoWorkerIsTheFirstThingThatStatusSays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	folder := syntheticCase(t, 2, 4)
	const id = "DEMO-2026-03"
	require.True(t, strings.HasPrefix(o.must("status"), "NOTHING IS WATCHED: no worker takes work; none ever did"))
	require.Equal(t, 7, o.do("status", "--exit-code").code)

	stop := o.startWorkerUntil()
	o.must("start", folder)
	require.NotContains(t, o.must("status", id), "NOTHING IS WATCHED")
	require.Contains(t, []int{4, 5}, o.do("status", id, "--exit-code").code)
	require.True(t, o.status(id).Worker.Working)

	stop()
	require.Regexp(t, `^NOTHING IS WATCHED: no worker takes work; the last sign of life was on \d{4}-\d\d-\d\d at \d\d:\d\d:\d\d `, o.must("status", id))
	require.Equal(t, 7, o.do("status", id, "--exit-code").code, "before late and waiting")
	require.Equal(t, 7, o.do("status", "--exit-code").code)
	require.False(t, o.status(id).Worker.Working)
	doctor := o.do("doctor")
	require.Equal(t, 1, doctor.code)
	require.Contains(t, doctor.out, "worker: no worker takes work")
	act := o.do("delegate", id, "--practice", "P-00001", "all", "--by", "Ada")
	require.Equal(t, 1, act.code)
	require.Contains(t, act.err, "nothing would happen: no worker takes work")

	// Temporal is not needed to see it; without the database it is the answer too.
	o.env["TEMPORAL_ADDRESS"] = "127.0.0.1:1"
	require.Contains(t, o.must("status", id), "NOTHING IS WATCHED")
	o.env["DUENOTICE_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
	gone := o.do("status", id, "--exit-code")
	require.Equal(t, 7, gone.code)
	require.Contains(t, gone.err, "nothing is watched")
	require.Equal(t, 1, o.do("status", id).code)
}

// TestWhatWasEndedFromOutsideIsSeenAndStartedAgain: the incident's workflow and one
// practice's are ended as in Temporal's UI.
func TestWhatWasEndedFromOutsideIsSeenAndStartedAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	folder := syntheticCase(t, 2, 4)
	const id = "DEMO-2026-03"
	o.startWorker()
	o.must("start", folder)
	outside := o.temporal()
	operator := testkit.TemporalOf(o.env).ClientAs(t, authority.Operator, client.Options{})
	for _, workflow := range []string{temporalx.IncidentID(id), temporalx.PracticeID(id, "P-00001")} {
		require.ErrorContains(t, outside.TerminateWorkflow(t.Context(), workflow, "", "a test"), "Request unauthorized")
		require.NoError(t, operator.TerminateWorkflow(t.Context(), workflow, "", "a test"))
	}
	var seen []casebook.Trouble
	testkit.Await(t, func() bool {
		seen = o.status(id).Troubles
		return len(seen) == 2
	})
	require.Empty(t, seen[0].Practice)
	require.Equal(t, casebook.TroubleRestarted, seen[0].Kind)
	require.Contains(t, seen[0].What, "the incident's workflow was ended from outside (terminated), and is started again")
	require.Contains(t, seen[1].Todo, "Find out who ended it")
	require.Contains(t, o.must("status", id), "TROUBLE 2")
	require.Contains(t, o.do("doctor").out, "trouble: practice P-00001: could not run undisturbed")

	running := func(workflow string) bool {
		found, err := outside.DescribeWorkflowExecution(t.Context(), workflow, "")
		require.NoError(t, err)
		return found.GetWorkflowExecutionInfo().GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_RUNNING
	}
	testkit.Await(t, func() bool { return running(temporalx.IncidentID(id)) && running(temporalx.PracticeID(id, "P-00001")) })
	require.Contains(t, o.must("start", folder), "nothing changed")
	o.must("delegate", id, "--practice", "P-00001", "all", "--by", "Ada")
	require.Len(t, o.status(id).Troubles, 2, "each was ended once, and is told of once, also when all runs again")
}

// TestAFolderThatCannotBeWrittenIsSeen with what to do; the days and the acts go on,
// and so does the step when it is mended.
func TestAFolderThatCannotBeWrittenIsSeen(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	folder := syntheticCase(t, 2, 4)
	const id = "DEMO-2026-03"
	o.startWorker()
	// Something lies where the incident's folder belongs.
	blocked := filepath.Join(o.env["DUENOTICE_OUT"], id)
	require.NoError(t, os.WriteFile(blocked, nil, 0o600))
	// The command says for what it waits, and does not wait for ever.
	o.hopeless = 5 * time.Second
	began := time.Now()
	started := o.do("start", folder)
	require.Equal(t, 1, started.code)
	require.Greater(t, time.Since(began), o.hopeless, "a step is given its time")
	require.Regexp(t, `Waiting: (practice P-0000\d|incident DEMO-2026-03): could not `, started.err)
	require.Contains(t, started.err, "it does not go on")
	testkit.Await(t, func() bool { return len(o.status(id).Troubles) == 4 }, func() string { return o.must("status", id) })
	status := o.must("status", id)
	require.Contains(t, status, "practice P-00001: could not make the practice's papers")
	require.Contains(t, status, "could not be sure who was written to", "nor can it be read what was printed")
	require.Contains(t, status, "could not count the practices and write summary.json")
	require.Contains(t, status, "Do: ")
	require.Contains(t, o.must("delegate", id, "--practice", "P-00001", "all", "--by", "Ada"), "delegation all", "people are answered meanwhile")

	require.NoError(t, os.Remove(blocked))
	testkit.Await(t, func() bool { return len(o.status(id).Troubles) == 0 }, func() string { return o.must("status", id) })
	require.FileExists(t, filepath.Join(blocked, "practices", "P-00001", "notice.pdf"))
}

// TestTheSummarySaysWhatStatusSays soon after the last change, though no practice
// closed and nothing else gave the incident word.
func TestTheSummarySaysWhatStatusSays(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	folder := syntheticCase(t, 2, 4)
	const id = "DEMO-2026-03"
	o.startWorker()
	o.must("start", folder)
	path := filepath.Join(o.env["DUENOTICE_OUT"], id, "summary.json")
	summary := func() (s casebook.Summary) {
		content, err := os.ReadFile(path)
		if err == nil {
			require.NoError(t, json.Unmarshal(content, &s))
		}
		return s
	}
	testkit.Await(t, func() bool { return summary().PracticeNotices == 2 })
	// Late by the day of discovery, and not late any more by one record for one practice.
	before := summary()
	require.NotZero(t, before.Late)
	// The last change is somebody's of whom no workflow hears.
	_, err := testkit.Pool(t, o.env["DUENOTICE_OWNER_DATABASE_URL"]).Exec(t.Context(), "UPDATE practice SET late_at = '2999-01-01' WHERE practice_key = 'P-00002'")
	require.NoError(t, err)
	testkit.Await(t, func() bool { return summary().Late == before.Late-1 })
}

// TestAfterClose gives acts to a practice that is closed, as the case's acts.txt has
// them: nothing hangs, the same twice is once, a fact is kept, and an assessment
// that makes it a breach after all opens the practice and the incident.
func TestAfterClose(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	folder := cases.Folder(t, "after-close")
	const id = "AFTER-CLOSE"
	o.startWorker()
	o.must("start", folder)
	factors := filepath.Join(folder, "factors.yaml")
	low := func(who string) []string {
		return []string{"assess", id, "--practice", "P1", "--conclusion", "low_probability", "--factors", factors, "--by", who}
	}
	o.must(low("Ada Rivera")...)
	o.must(low("Ben Okafor")...)
	o.await(id, func(s casebook.Status) bool { return s.Phase == casebook.IncidentClosed })

	require.Contains(t, o.must(low("Ben Okafor")...), "already done; nothing changed")
	// Closed some days ago: start neither opens it nor moves the day.
	database := testkit.Pool(t, o.env["DUENOTICE_OWNER_DATABASE_URL"])
	_, err := database.Exec(t.Context(), "UPDATE incident SET closed_on = closed_on - 5")
	require.NoError(t, err)
	require.Contains(t, o.must("start", folder), "nothing changed")
	require.Equal(t, casebook.IncidentClosed, o.status(id).Phase)
	var days int
	require.NoError(t, database.QueryRow(t.Context(), "SELECT $1::date - closed_on FROM incident", testkit.Today().String()).Scan(&days))
	require.InDelta(t, 5, days, 1)

	// A fact that makes nothing owed is kept, and the practice stays closed.
	today := testkit.Today().String()
	record := func(kind string) []string {
		return []string{"record", id, "--practice", "P1", "--fact", kind, "--on", today, "--by", "Ada Rivera"}
	}
	require.Contains(t, o.do(record("acknowledged")...).err, "before the practice was notified", "it is refused, with a reason")
	fact := record("practice_notified")
	require.Contains(t, o.must(fact...), "by Ada Rivera")
	require.Contains(t, o.must(fact...), "nothing changed")
	require.Equal(t, casebook.IncidentClosed, o.status(id).Phase)
	require.Equal(t, 3, o.do("delegate", id, "--practice", "P1", "none", "--by", "Ada Rivera").code, "it is refused, with a reason")
	whole := o.do("record", id, "--fact", "acknowledged", "--on", today, "--by", "Ada Rivera")
	require.Equal(t, 3, whole.code)
	require.Contains(t, whole.err, "--practice")

	require.Contains(t, o.must("assess", id, "--practice", "P1", "--conclusion", "presumed", "--by", "Ada Rivera"), "presumed")
	o.await(id, func(s casebook.Status) bool {
		return s.Phase == casebook.IncidentRunning && inPhase(s, casebook.PhaseApproval) == 1
	})
	require.Contains(t, o.must("approve", id, "--all", "--by", "Ada Rivera"), "1 letter")
	require.Empty(t, o.status(id).Troubles)
}
