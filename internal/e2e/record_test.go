package e2e_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"

	"duenotice/internal/codec"
	"duenotice/internal/keyring"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

var record = flag.Bool("record", false, "write the histories of the finished case to workflows/testdata/histories")

// recordHistories saves what Temporal kept of a finished invented case, as
// fixtures for the replay test.
func recordHistories(t *testing.T, o *office, incident string, practices map[string]string) {
	t.Helper()
	c := testkit.TemporalOf(o.Env).Client(t, client.Options{})
	sealed := codecOf(t, o)
	ids := map[string]string{
		"incident": temporalx.IncidentID(incident), "launch": temporalx.LaunchID(incident), "mailrun": temporalx.MailRunID(incident, 1),
	}
	for name, key := range practices {
		ids["practice-"+name] = temporalx.PracticeID(incident, key)
	}
	for name, id := range ids {
		// In clear, so that a change can be reviewed and a leak be seen; the replay
		// test encrypts them again.
		history, _ := inClear(t, c, sealed, id, "")
		writeHistory(t, name, history)
	}
}

// writeHistory makes a history a fixture.
func writeHistory(t *testing.T, name string, history *historypb.History) {
	t.Helper()
	content, err := temporalproto.CustomJSONMarshalOptions{Indent: " "}.Marshal(history)
	require.NoError(t, err)
	path := filepath.Join("..", "..", "workflows", "testdata", "histories", name+".json")
	require.NoError(t, os.WriteFile(path, append(content, '\n'), 0o600))
}

// codecOf decrypts what the office's programs encrypt.
func codecOf(t *testing.T, o *office) *codec.Codec {
	t.Helper()
	keys, err := keyring.Load(o.Env["DUENOTICE_KEY_FILE"])
	require.NoError(t, err)
	sealed, err := codec.New(keys)
	require.NoError(t, err)
	return sealed
}

// traceNumber is all that may go through Temporal in clear: a trace's number in a header,
// where traces are wanted (ADR 235).
var traceNumber = regexp.MustCompile(`^\{"traceparent":"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]"\}$`)

// inClear is a workflow's history decrypted, and beside it what its payloads
// hold, which the history's own text shows in base64 only.
func inClear(t *testing.T, c client.Client, sealed *codec.Codec, id, run string) (*historypb.History, []byte) {
	t.Helper()
	history, held := &historypb.History{}, []byte(nil)
	events := c.GetWorkflowHistory(t.Context(), id, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(t, err)
		history.Events = append(history.Events, event)
	}
	require.NoError(t, proxy.VisitPayloads(t.Context(), history, proxy.VisitPayloadsOptions{
		SkipSearchAttributes: true,
		Visitor: func(_ *proxy.VisitPayloadsContext, p []*commonpb.Payload) ([]*commonpb.Payload, error) {
			if len(p) == 1 && traceNumber.Match(p[0].GetData()) {
				held = append(held, p[0].GetData()...)
				return p, nil
			}
			opened, err := sealed.Decode(p)
			for _, payload := range opened {
				held = append(held, payload.GetData()...)
			}
			return opened, err
		},
	}))
	return history, held
}
