package viewer_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/encoding/protojson"

	"duenotice/internal/access"
	"duenotice/internal/codec"
	"duenotice/internal/postgres"
)

// role gives a role or takes it away, as an officer does.
func (h *house) role(g access.Grant, granted bool) {
	h.t.Helper()
	store, err := postgres.Open(h.t.Context(), h.database, postgres.As(access.Everywhere(access.Officer)))
	require.NoError(h.t, err)
	defer store.Close()
	_, err = store.ChangeRole(h.t.Context(), postgres.RoleChange{Grant: g, Granted: granted, Who: "Ben Okafor", By: "os:ben", At: h.now})
	require.NoError(h.t, err)
}

var (
	benOfficer = access.Grant{Identity: "os:ben", Name: "Ben Okafor", Role: access.Officer}
	adaCounsel = access.Grant{Identity: "os:ada", Name: "Ada Rivera", Role: access.Counsel, IncidentID: "EX-2026-03"}
	adaOfficer = access.Grant{Identity: "os:ada", Name: "Ada Rivera", Role: access.Officer}
)

func TestASessionIsWorthWhatItsPersonMayDoNow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	sealed := payloads(t, h.codec, summary)
	status, _ := h.send(officer, h.decode(sealed))
	require.Equal(t, http.StatusOK, status, "while nobody holds a role")

	h.role(benOfficer, true)
	nothing := func(when string) {
		t.Helper()
		came := len(h.reached)
		for _, path := range []string{"/", page, "/api/v1/settings"} {
			status, _ := h.get(officer, path)
			require.Equal(t, http.StatusForbidden, status, "%s: %s", when, path)
		}
		status, body := h.send(officer, h.decode(sealed))
		require.Equal(t, http.StatusForbidden, status, when)
		require.Contains(t, body, "no role")
		render := h.request(http.MethodPost, "/duenotice/render", "text")
		render.Header.Set("Origin", h.address.String())
		status, _ = h.send(officer, render)
		require.Equal(t, http.StatusForbidden, status, when)
		require.Len(t, h.reached, came)
	}
	nothing("from the first role on, to who holds none")

	h.role(adaOfficer, true)
	status, _ = h.send(officer, h.decode(sealed))
	require.Equal(t, http.StatusOK, status, "an officer")
	h.role(adaOfficer, false)
	nothing("after the role was taken away")
	h.role(access.Grant{Identity: "os:ada", Name: "Ada Rivera", Role: access.Practice, IncidentID: "EX-2026-03", PracticeKey: "P1"}, true)
	nothing("a practice's person")
}

// The page that a request comes from is what whoever asks says, and Temporal's UI
// shows any ciphertext that a neighbour put into a workflow.
func TestWhoHasOneIncidentDecodesNoOthers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	h.role(benOfficer, true)
	h.role(adaCounsel, true)
	sealed := payloads(t, h.codec, summary)

	status, body := h.send(officer, h.decode(sealed))
	require.Equal(t, http.StatusForbidden, status, "nobody knows of which workflow it is")
	require.NotContains(t, body, "164.404")
	views := h.views()
	require.False(t, views[len(views)-1].Readable, "it is written down that nothing was shown")

	var of string
	known := true
	h.viewer.PlaceOf = func(sealed *commonpb.Payload) (string, bool) {
		require.NotEmpty(t, sealed.GetData())
		return of, known
	}
	for workflow, want := range map[string]int{
		"practice:EX-2026-03:P1": http.StatusOK, "incident:EX-2026-03": http.StatusOK, "mailrun:EX-2026-03:1": http.StatusOK, "launch:EX-2026-03:again": http.StatusOK,
		"practice:EX-2026-04:P1": http.StatusForbidden, "incident:EX-2026-0": http.StatusForbidden, "incident:*": http.StatusForbidden,
		"year-end-log-2027-01-02T06:00:00Z": http.StatusForbidden, "": http.StatusForbidden, "EX-2026-03": http.StatusForbidden,
	} {
		of = workflow
		status, _ := h.send(officer, h.decode(sealed))
		require.Equal(t, want, status, workflow)
	}
	of, known = "practice:EX-2026-03:P1", false
	status, _ = h.send(officer, h.decode(sealed))
	require.Equal(t, http.StatusForbidden, status, "a place that nothing vouches for")

	// One of another incident among many.
	known = true
	asked := 0
	h.viewer.PlaceOf = func(*commonpb.Payload) (string, bool) {
		asked++
		return map[bool]string{true: "incident:EX-2026-04", false: "incident:EX-2026-03"}[asked == 2], true
	}
	status, _ = h.send(officer, h.decode(payloads(t, h.codec, summary, summary, summary)))
	require.Equal(t, http.StatusForbidden, status)
}

// TestThePlaceInAPayloadSaysWhoMaySeeIt, as the programs have it: the payload's own,
// which cannot be written over, and none in clear.
func TestThePlaceInAPayloadSaysWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	h.role(benOfficer, true)
	h.role(adaCounsel, true)
	h.viewer.PlaceOf = codec.WorkflowOf
	of := func(workflow string) *commonpb.Payload {
		plain, err := converter.GetDefaultDataConverter().ToPayload(summary)
		require.NoError(t, err)
		p, err := h.codec.Seal(codec.Place{Namespace: "default", Workflow: workflow, Purpose: codec.Signal}, plain)
		require.NoError(t, err)
		return p
	}
	asks := func(p *commonpb.Payload) int {
		text, err := protojson.Marshal(&commonpb.Payloads{Payloads: []*commonpb.Payload{p}})
		require.NoError(t, err)
		status, _ := h.send(officer, h.decode(string(text)))
		return status
	}
	require.Equal(t, http.StatusOK, asks(of("practice:EX-2026-03:P1")))
	require.Equal(t, http.StatusForbidden, asks(of("practice:EX-2026-04:P1")))
	require.Equal(t, http.StatusForbidden, asks(of("")))
	written := of("practice:EX-2026-04:P1")
	written.Metadata[codec.WorkflowField] = []byte("practice:EX-2026-03:P1")
	require.Equal(t, http.StatusUnprocessableEntity, asks(written))
	open := &commonpb.Payload{Metadata: map[string][]byte{codec.WorkflowField: []byte("practice:EX-2026-03:P1")}, Data: []byte("x")}
	require.Equal(t, http.StatusForbidden, asks(open))
}

func TestWhoHasOneIncidentSeesNoOtherWorkflows(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	const namespace = "/api/v1/namespaces/default/"
	others := []string{
		namespace + "workflows", namespace + "workflows?query=x", namespace + "workflow-count", namespace + "archived-workflows", namespace + "schedules", namespace + "batch-operations",
		namespace + "workflows/practice%3AEX-2026-04%3AP1", namespace + "workflows/incident:EX-2026-04/history", namespace + "workflows/year-end-log",
		namespace + "workflows/incident:EX-2026-03%2F..%2Fincident:EX-2026-04/history", namespace + "workflows/incident:EX-2026-03%252F",
		namespace + "workflows/incident:EX-2026-03/history?execution.workflowId=incident:EX-2026-04",
		namespace + "workflows/incident:EX-2026-03/history?execution.workflow_id=incident:EX-2026-04",
		namespace + "workflows?query=" + url.QueryEscape(`WorkflowId="incident:EX-2026-04"`), namespace + "workflows?query=" + url.QueryEscape(`WorkflowId="incident:EX-2026-03" OR WorkflowId!="x"`),
		namespace + "workflows?query=" + url.QueryEscape(`WorkflowId="incident:EX-2026-03"`) + "&query=x",
		"/api/v1/nexus/endpoints", "/api/v1/search-attributes",
	}
	own := []string{
		namespace + "workflows/practice%3AEX-2026-03%3AP1", namespace + "workflows/incident:EX-2026-03/history?execution.runId=r1", "/api/v1/settings", "/api/v1/namespaces",
		namespace + "workflows?pageSize=1&query=" + url.QueryEscape(`WorkflowId="incident:EX-2026-03"`), "/api/v1/cluster-info", namespace + "search-attributes", namespace + "task-queues/duenotice", page, "/", "/_app/immutable/entry/start.js",
	}
	for _, path := range append(others, own...) {
		status, _ := h.get(officer, path)
		require.Equal(t, http.StatusOK, status, "who may see all: %s", path)
	}
	h.role(benOfficer, true)
	h.role(adaCounsel, true)
	came := len(h.reached)
	for _, path := range others {
		status, body := h.get(officer, path)
		require.Equal(t, http.StatusForbidden, status, path)
		require.Contains(t, body, "duenotice ui INCIDENT")
	}
	require.Len(t, h.reached, came)
	for _, path := range own {
		status, _ := h.get(officer, path)
		require.Equal(t, http.StatusOK, status, path)
	}
	require.Equal(t, 1, strings.Count(h.log.String(), "of no incident of the person's"), "a line a minute, however often")
}
