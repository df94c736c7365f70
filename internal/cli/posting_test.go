package cli_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"duenotice/internal/casebook"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// withoutAddresses takes everybody's address out of a case's list.
func withoutAddresses(t *testing.T, folder string) {
	t.Helper()
	path := filepath.Join(folder, "findings.csv")
	file, err := os.Open(path)
	require.NoError(t, err)
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.NoError(t, file.Close())
	for _, row := range rows[1:] {
		for i, column := range rows[0] {
			if slices.Contains([]string{"address1", "address2", "city", "zip", "email_agreed_on", "deceased_date", "representative_name", "representative_relation"}, column) {
				row[i] = ""
			}
		}
	}
	var changed strings.Builder
	require.NoError(t, csv.NewWriter(&changed).WriteAll(rows))
	require.NoError(t, os.WriteFile(path, []byte(changed.String()), 0o600))
}

// TestAPostingThatIsNotThereIsSaidByStatus on the real stack: the schedule is made, its
// workflow looks by https at the address that was recorded, the practice's own workflow
// hears of it, and status and report open say what is amiss and what to do.
func TestAPostingThatIsNotThereIsSaidByStatus(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 10)
	site := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.URL.Path }))
	t.Cleanup(site.Close)
	at, err := url.Parse(site.URL)
	require.NoError(t, err)
	address := "https://localhost:" + at.Port() + "/notice"

	o := newOffice(t)
	o.env["DUENOTICE_POSTING_LOOKS"], o.env["DUENOTICE_POSTING_HOSTS"] = "on", "localhost:"+at.Port()
	folder := syntheticCase(t, 1, 12)
	withoutAddresses(t, folder)
	const id = "DEMO-2026-03"
	o.startWorker()
	o.must("start", folder)
	notice := filepath.Join(o.env["DUENOTICE_OUT"], id, "practices", "P-00001", "posting.txt")
	testkit.Await(t, func() bool { _, err := os.Stat(notice); return err == nil })
	today := testkit.Today().String()
	require.Contains(t, o.must("record", id, "--practice", "P-00001", "--fact", "posting_started", "--on", today, "--url", address, "--by", "Ada"), address)
	o.must("record", id, "--practice", "P-00001", "--fact", "toll_free_started", "--on", today, "--by", "Ada")

	c := o.temporal()
	hourly, err := c.ScheduleClient().GetHandle(t.Context(), temporalx.PostingScheduleID).Describe(t.Context())
	require.NoError(t, err)
	require.Len(t, hourly.Schedule.Spec.Intervals, 1)
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: temporalx.PostingScheduleID, TaskQueue: temporalx.Queue}, workflows.PostingLooksType, workflows.PostingLooksInput{})
	require.NoError(t, err)
	var done workflows.PostingLooksResult
	require.NoError(t, run.Get(t.Context(), &done))
	require.Equal(t, workflows.PostingLooksResult{Looked: 1, Missed: 1}, done)

	// Nobody vouches for the test's certificate, which is what is said of the page.
	var details string
	testkit.Await(t, func() bool {
		details = o.must("status", id, "--practice", "P-00001")
		return strings.Contains(details, "the notice is not on its page")
	}, func() string { return details })
	require.Contains(t, details, address+" since "+today+": its certificate is not one that browsers take")
	require.Contains(t, details, "record posting_gap")
	require.Contains(t, o.must("report", "open", id), "the notice is to be put back on its page")
	o.await(id, func(s casebook.Status) bool { return s.NeedsPerson > 0 })
	require.Empty(t, asked, "what the certificate does not vouch for is asked nothing")
	pack := o.must("report", "evidence", id, "--practice", "P-00001")
	require.Contains(t, pack, ".zip")
}
