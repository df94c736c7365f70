package cli_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"duenotice/activities"
	"duenotice/internal/app"
	"duenotice/internal/authority"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/codec"
	"duenotice/internal/evidence"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// TestNothingCrossesBetweenEnvironments has one worker and one configuration for
// two environments, an incident of the same id in each, and tries by every way we
// could think of to reach from one what is the other's.
func TestNothingCrossesBetweenEnvironments(t *testing.T) {
	t.Parallel()
	x := newTenants(t)
	stop := x.startWorker()
	testkit.Await(t, func() bool { return x.do("", "doctor").code == 0 }, func() string { return x.do("", "doctor").out + x.log.String() })
	three, four := tenantsCase(t, ehr3, 3, 12, 3), tenantsCase(t, ehr4, 2, 5, 4)

	t.Run("a case in another's environment", func(t *testing.T) {
		x.refused(ehr4, 3, "environment ehr-4 was named", "start", three)
		x.refused(ehr3, 3, "environment ehr-3 was named", "start", four)
		x.refused("", 3, `of environment "ehr-5"`, "start", tenantsCase(t, "ehr-5", 2, 4, 5))
		x.refused("ehr-5", 2, "ehr-3, ehr-4", "status")
		require.Contains(t, x.must("", "status"), "There is no incident")
	})

	// No environment is named: the case knows its own.
	require.Contains(t, x.must("", "start", three, "--by", "Ada Rivera"), "3 practices, 12 people")
	require.Contains(t, x.must("", "start", four, "--by", "Ben Okafor"), "2 practices, 5 people")

	t.Run("a command that does not say where", func(t *testing.T) {
		for _, args := range [][]string{
			{"status", tenantCase}, {"approve", tenantCase, "--list"}, {"keys"}, {"report", "evidence", tenantCase}, {"audit", "replay", tenantCase},
			{"record", tenantCase, "--fact", "letters_mailed", "--on", "2026-04-20", "--by", "Ada"}, {"ui"},
		} {
			x.refused("", 2, "ehr-3, ehr-4", args...)
		}
		x.refused("ehr-5", 2, "ehr-3, ehr-4", "plan", three)
		x.refused("", 1, "name theirs", "up")
		x.refused("", 1, "name theirs", "demo")
	})
	t.Run("each sees its own", func(t *testing.T) {
		people := map[string]int{}
		for _, name := range []string{ehr3, ehr4} {
			var status casebook.Status
			require.NoError(t, json.Unmarshal([]byte(x.must(name, "status", tenantCase, "--json")), &status))
			people[name] = status.People
		}
		require.Equal(t, map[string]int{ehr3: 12, ehr4: 5}, people)
		all := x.must("", "status")
		require.Contains(t, all, "ENVIRONMENT")
		require.Regexp(t, `(?m)^ehr-3 .* 3 +12 `, all)
		require.Regexp(t, `(?m)^ehr-4 .* 2 +5 `, all)
	})
	t.Run("the other's practice", func(t *testing.T) {
		x.must(ehr3, "status", tenantCase, "--practice", onlyInEHR3)
		x.refused(ehr4, 3, "has no practice "+onlyInEHR3, "delegate", tenantCase, "--practice", onlyInEHR3, "none", "--by", "Ben")
		x.refused(ehr4, 3, "has no practice "+onlyInEHR3, "report", "evidence", tenantCase, "--practice", onlyInEHR3)
		x.refused(ehr4, 3, "has no practice "+onlyInEHR3, "handover", tenantCase, "--practice", onlyInEHR3, "--to", "Ben", "--by", "Ben")
	})
	t.Run("the other's database", func(t *testing.T) { x.databases(t) })
	t.Run("the other's keys", func(t *testing.T) { x.keys(t) })
	t.Run("the other's workflows", func(t *testing.T) { x.workflows(t) })
	t.Run("the other's files", func(t *testing.T) { x.files(t, three, four) })
	t.Run("the other's evidence", func(t *testing.T) { x.evidence(t) })
	t.Run("what was logged", func(t *testing.T) {
		for line := range strings.Lines(x.log.String()) {
			require.Contains(t, line, `"environment":"ehr-`, "every line says of which environment it is")
		}
	})

	stop()
	t.Run("a worker on the other's queue", func(t *testing.T) { x.worker(t) })
}

// databases tries to open, to migrate and to serve each environment's database as the other's.
func (x *tenants) databases(t *testing.T) {
	t.Helper()
	before := x.everything(t, ehr3)
	for _, other := range []string{ehr4, ""} {
		_, err := postgres.Open(t.Context(), x.urls[ehr3], postgres.InEnvironment(other))
		requireRefusal(t, err, "other_environment")
		requireRefusal(t, postgres.MigrateFor(t.Context(), x.urls[ehr3], other, x.config(ehr3).Master()), "other_environment")
	}
	// As before there were environments, with the variables alone.
	alone := terminal{now: time.Now(), env: map[string]string{
		"DUENOTICE_DATABASE_URL": x.urls[ehr3], "DUENOTICE_KEY_FILE": x.settings[ehr3]["key_file"], "TEMPORAL_CONFIG_FILE": os.DevNull,
	}}
	r := alone.run(t, "status")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "that of environment ehr-3")

	y := x.swapped("database_url_file")
	for _, args := range [][]string{
		{"status", tenantCase}, {"approve", tenantCase, "--list"}, {"keys"}, {"keys", "rotate"}, {"audit", "replay", tenantCase}, {"report", "evidence", tenantCase},
	} {
		y.refused(ehr4, 1, "the database is that of environment ehr-3, not of ehr-4", args...)
	}
	require.Contains(t, y.do("", "doctor").out, "the database is that of environment ehr-4, not of ehr-3")
	stop := y.startWorker()
	testkit.Await(t, func() bool {
		log := y.log.String()
		return strings.Contains(log, "that of environment ehr-3, not of ehr-4") && strings.Contains(log, "that of environment ehr-4, not of ehr-3")
	})
	stop()
	require.Equal(t, before, x.everything(t, ehr3), "and nothing was written")

	// By another way than its file: the same address given twice is seen before anything is opened.
	file, err := os.ReadFile(x.settings[ehr4]["database_url_file"])
	require.NoError(t, err)
	x.write("ehr-4.url", x.urls[ehr3])
	x.refused(ehr4, 1, "the same database", "status")
	x.write("ehr-4.url", string(file))

	practice := legalName(t, x, ehr3)
	require.Contains(t, before, practice)
	require.NotContains(t, x.everything(t, ehr4), practice)
}

// changing is what changes by itself: signs of life, and what fails just now.
var changing = regexp.MustCompile(`(?s)<(worker_sign|trouble)>.*?</(worker_sign|trouble)>`)

// everything is all that is in an environment's database.
func (x *tenants) everything(t *testing.T, environment string) (all string) {
	t.Helper()
	require.NoError(t, testkit.Pool(t, x.urls[environment]).QueryRow(t.Context(), "SELECT schema_to_xml('public', true, false, '')::text").Scan(&all))
	return changing.ReplaceAllString(all, "")
}

// legalName is that of the practice which only the environment has.
func legalName(t *testing.T, x *tenants, environment string) (name string) {
	t.Helper()
	require.NoError(t, testkit.Pool(t, x.urls[environment]).QueryRow(t.Context(),
		"SELECT facts->>'legal_name' FROM practice WHERE practice_key = $1", onlyInEHR3).Scan(&name))
	require.NotEmpty(t, name)
	return name
}

// keys tries to read people, and what passes through Temporal, with the other's keys.
func (x *tenants) keys(t *testing.T) {
	t.Helper()
	read := func(config app.Config, keys app.Config) (int, error) {
		store, err := postgres.Open(t.Context(), config.DatabaseURL, postgres.WithMaster(keys.Master()), postgres.InEnvironment(config.Environment))
		require.NoError(t, err)
		defer store.Close()
		n := 0
		err = store.People(t.Context(), tenantCase, "P-00001", func(*breach.Person) error { n++; return nil })
		return n, err
	}
	n, err := read(x.config(ehr3), x.config(ehr3))
	require.NoError(t, err)
	require.Positive(t, n)
	n, err = read(x.config(ehr3), x.config(ehr4))
	require.Error(t, err)
	require.Zero(t, n)

	y := x.swapped("key_file")
	require.Contains(t, y.do(ehr3, "doctor").out, "WRONG  master key")
	y.refused(ehr3, 3, "master key", "keys", "rotate")

	sealed, err := codec.NewReading(x.config(ehr3).Keyring)
	require.NoError(t, err)
	others, err := codec.NewReading(x.config(ehr4).Keyring)
	require.NoError(t, err)
	payloads := x.payloads(t, ehr3)
	for _, p := range payloads {
		_, err := sealed.Decode([]*commonpb.Payload{p})
		require.NoError(t, err)
		for _, tried := range []*codec.Codec{others, others.Viewer()} {
			_, err = tried.Decode([]*commonpb.Payload{p})
			require.Error(t, err, "with the other's keys")
		}
	}
}

// payloads are those of the incident's history in the environment.
func (x *tenants) payloads(t *testing.T, environment string) (all []*commonpb.Payload) {
	t.Helper()
	var history historypb.History
	c := x.server(environment).Client(t, client.Options{})
	events := c.GetWorkflowHistory(t.Context(), temporalx.IncidentID(tenantCase), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(t, err)
		history.Events = append(history.Events, event)
	}
	require.NoError(t, proxy.VisitPayloads(t.Context(), &history, proxy.VisitPayloadsOptions{
		SkipSearchAttributes: true,
		Visitor: func(_ *proxy.VisitPayloadsContext, p []*commonpb.Payload) ([]*commonpb.Payload, error) {
			all = append(all, p...)
			return p, nil
		},
	}))
	require.NotEmpty(t, all)
	return all
}

func (x *tenants) server(environment string) testkit.TemporalServer {
	s := x.settings[environment]
	return testkit.TemporalServer{
		Address: s["temporal_address"], Namespace: s["temporal_namespace"], Certificates: authority.Folder(x.env["DUENOTICE_TEMPORAL_CERTIFICATES"]),
	}
}

// workflows tries to reach the other's workflows with an environment's own client.
func (x *tenants) workflows(t *testing.T) {
	t.Helper()
	dial := func(environment string) client.Client {
		c, err := app.DialTemporal(t.Context(), x.config(environment), nil)
		require.NoError(t, err)
		t.Cleanup(c.Close)
		return c
	}
	its, others := dial(ehr3), dial(ehr4)
	theirs := temporalx.PracticeID(tenantCase, onlyInEHR3)
	_, err := its.DescribeWorkflowExecution(t.Context(), theirs, "")
	require.NoError(t, err)
	var missing *serviceerror.NotFound
	_, err = others.DescribeWorkflowExecution(t.Context(), theirs, "")
	require.ErrorAs(t, err, &missing)
	_, err = others.UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: theirs, UpdateName: workflows.UpdateAct, WaitForStage: client.WorkflowUpdateStageCompleted, Args: []any{casebook.Act{}},
	})
	require.ErrorAs(t, err, &missing)
	worker := x.server(ehr4).Client(t, client.Options{}) // nobody else may signal
	require.ErrorAs(t, worker.SignalWorkflow(t.Context(), theirs, "", activities.SignalFactsChanged, nil), &missing)

	// Every workflow runs on its own environment's queue, with its own practices.
	for name, c := range map[string]client.Client{ehr3: its, ehr4: others} {
		var ids []string
		testkit.Await(t, func() bool { // visibility comes a moment later
			ids = ids[:0]
			list, err := c.WorkflowService().ListWorkflowExecutions(t.Context(), listOf(x.settings[name]["temporal_namespace"]))
			require.NoError(t, err)
			for _, w := range list.GetExecutions() {
				require.Equal(t, "duenotice-"+name, w.GetTaskQueue())
				ids = append(ids, w.GetExecution().GetWorkflowId())
			}
			return slices.Contains(ids, temporalx.PracticeID(tenantCase, "P-00002"))
		})
		require.Equal(t, name == ehr3, slices.Contains(ids, theirs), name)
	}

	for name, c := range map[string]client.Client{ehr3: its, ehr4: others} {
		yearly, err := c.ScheduleClient().GetHandle(t.Context(), temporalx.YearEndScheduleID).Describe(t.Context())
		require.NoError(t, err)
		action, ok := yearly.Schedule.Action.(*client.ScheduleWorkflowAction)
		require.True(t, ok)
		require.Equal(t, "duenotice-"+name, action.TaskQueue)
	}

	// An environment whose namespace is the other's: nobody works there on its queue.
	y := x.swapped("temporal_namespace")
	y.refused(ehr3, 1, "takes no work from the queue duenotice-ehr-3", "delegate", tenantCase, "--practice", "P-00001", "none", "--by", "Ada")
	require.Contains(t, y.do(ehr3, "doctor").out, "none takes work from the queue duenotice-ehr-3")
}

// files tries what lies in one's output folder for the other's.
func (x *tenants) files(t *testing.T, three, four string) {
	t.Helper()
	its, others := outfolder.New(x.settings[ehr3]["out"]).Incident(tenantCase), outfolder.New(x.settings[ehr4]["out"]).Incident(tenantCase)
	require.FileExists(t, its.People(onlyInEHR3))
	require.NoFileExists(t, others.People(onlyInEHR3))
	known := patients(t, four)
	foreign := slices.DeleteFunc(patients(t, three), func(word string) bool { return slices.Contains(known, word) })
	require.NotEmpty(t, foreign)
	found := 0
	for root, wanted := range map[string]bool{x.settings[ehr3]["out"]: true, x.settings[ehr4]["out"]: false} {
		require.NoError(t, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".csv" {
				return err
			}
			rows := csvWords(t, path)
			for _, word := range foreign {
				if strings.Contains(rows, word) {
					require.True(t, wanted, "%s has somebody of the other environment", path)
					found++
				}
			}
			return nil
		}))
	}
	require.Positive(t, found)

	// A file of the other's put where one of its own is: it is not the one that was made.
	foreignList, err := os.ReadFile(its.People("P-00001"))
	require.NoError(t, err)
	own, err := os.ReadFile(others.People("P-00001"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(others.People("P-00001"), foreignList, 0o600))
	x.refused(ehr4, 3, "people.csv", "handover", tenantCase, "--practice", "P-00001", "--to", "Ben", "--by", "Ben")
	require.NoError(t, os.WriteFile(others.People("P-00001"), own, 0o600))

	// And the folders changed over: what lies there is not what was made.
	x.swapped("out").refused(ehr4, 3, "people.csv", "handover", tenantCase, "--practice", "P-00001", "--to", "Ben", "--by", "Ben")
}

// csvWords are the names and streets of a list, as patients gives them.
func csvWords(t *testing.T, path string) string {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var words strings.Builder
	first, last := slices.Index(rows[0], "first_name"), slices.Index(rows[0], "last_name")
	for _, row := range rows[1:] {
		if first >= 0 && last >= 0 {
			fmt.Fprintln(&words, row[first], row[last])
		}
		fmt.Fprintln(&words, strings.Join(row, "\n"))
	}
	return words.String()
}

// evidence tries to have one's pack pass as the other's.
func (x *tenants) evidence(t *testing.T) {
	t.Helper()
	type packed struct {
		Pack      string          `json:"pack"`
		PublicKey string          `json:"public_key_file"`
		Report    evidence.Report `json:"report"`
	}
	packs := map[string]packed{}
	for _, name := range []string{ehr3, ehr4} {
		var p packed
		require.NoError(t, json.Unmarshal([]byte(x.must(name, "report", "evidence", tenantCase, "--json")), &p))
		packs[name] = p
	}
	reader := terminal{now: time.Now()}
	require.NotEqual(t, packs[ehr3].Report.Fingerprint, packs[ehr4].Report.Fingerprint)
	require.Zero(t, reader.run(t, "verify", packs[ehr3].Pack, "--key", packs[ehr3].PublicKey).code)
	require.Equal(t, 6, reader.run(t, "verify", packs[ehr3].Pack, "--key", packs[ehr4].PublicKey).code)
	require.Equal(t, 6, reader.run(t, "verify", packs[ehr4].Pack, "--key", packs[ehr3].PublicKey).code)
}

// worker has a worker with one's database and keys take the other's work: it can
// read none of it, does nothing, and leaves it to the right one.
func (x *tenants) worker(t *testing.T) {
	t.Helper()
	before := x.everything(t, ehr3)
	c, err := app.DialTemporal(t.Context(), x.config(ehr4), nil)
	require.NoError(t, err)
	defer c.Close()
	wrong := x.config(ehr3)
	wrong.TemporalNamespace, wrong.TaskQueue = x.config(ehr4).TemporalNamespace, x.config(ehr4).Queue()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- (&app.Worker{Config: wrong, Log: x.log}).Run(ctx) }()
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "incident:STRAY", TaskQueue: wrong.Queue()},
		workflows.IncidentType, workflows.IncidentInput{IncidentID: tenantCase})
	require.NoError(t, err)
	var seen []enumspb.EventType
	testkit.Await(t, func() bool {
		seen = nil
		events := c.GetWorkflowHistory(t.Context(), run.GetID(), run.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			require.NoError(t, err)
			seen = append(seen, event.GetEventType())
		}
		return slices.Contains(seen, enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED)
	})
	require.NotContains(t, seen, enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
	require.NotContains(t, seen, enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
	require.NoError(t, x.server(ehr4).ClientAs(t, authority.Operator, client.Options{}).TerminateWorkflow(t.Context(), run.GetID(), run.GetRunID(), "tried"))
	cancel()
	require.NoError(t, <-ended)
	require.Equal(t, before, x.everything(t, ehr3))
}

func requireRefusal(t *testing.T, err error, code string) {
	t.Helper()
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, code, refusal.Code)
}

func TestAnEnvironmentThatCannotBeServedStopsNoOther(t *testing.T) {
	t.Parallel()
	x := newTenants(t)
	x.write("ehr-4.url", "postgres://nobody:secret@127.0.0.1:1/nothing?sslmode=disable")
	x.startWorker()
	testkit.Await(t, func() bool { return x.do(ehr3, "doctor").code == 0 })
	testkit.Await(t, func() bool { return strings.Contains(x.log.String(), "is not served") })
	for line := range strings.Lines(x.log.String()) {
		require.Contains(t, line, `"environment":"ehr-4"`)
	}
	x.must("", "start", tenantsCase(t, ehr3, 2, 4, 3), "--by", "Ada Rivera")

	r := x.do("", "status")
	require.Equal(t, 1, r.code, "who asks for all is not told that this is all")
	require.Contains(t, r.out, tenantCase)
	require.Contains(t, r.err, "not looked at: ehr-4")
	require.NotContains(t, r.err+x.log.String(), "secret")
	r = x.do("", "doctor")
	require.Equal(t, 1, r.code)
	require.Regexp(t, `(?s)Environment ehr-3\n.*ok     database.*Environment ehr-4\n.*WRONG  database.*database_url_file of environment ehr-4`, r.out)

	x.write("ehr-4.url", x.urls[ehr4])
	testkit.Await(t, func() bool { return x.do("", "doctor").code == 0 }, func() string { return x.do("", "doctor").out })
	require.Zero(t, x.do("", "status").code)
}

func listOf(namespace string) *workflowservice.ListWorkflowExecutionsRequest {
	return &workflowservice.ListWorkflowExecutionsRequest{Namespace: namespace, PageSize: 100}
}
