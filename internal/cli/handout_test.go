package cli_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/internal/postgres/pagedoor"
	"duenotice/internal/testkit"
)

// TestAddressesAndCodesOfManyPractices are given by one command each, and a second run
// gives what is left.
func TestAddressesAndCodesOfManyPractices(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	o.env["DUENOTICE_PAGES_ADDRESS"] = "https://notice.example.com" // the worker was told of none, and makes none
	config, err := app.LoadConfig(func(name string) string { return o.env[name] }, o.dir)
	require.NoError(t, err)
	store, err := postgres.Open(t.Context(), config.DatabaseURL, postgres.WithMaster(config.Master()))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	_, err = store.MakePage(t.Context(), packet.Practice{IncidentID: id, Key: "harbor"})
	require.NoError(t, err)
	given := func(r result) (rows [][]string) {
		t.Helper()
		rows, err := csv.NewReader(bytes.NewBufferString(r.out)).ReadAll()
		require.NoError(t, err, "%s%s", r.out, r.err)
		return rows
	}
	dir := t.TempDir()
	list, left := filepath.Join(dir, "call.csv"), filepath.Join(dir, "left.csv")
	require.NoError(t, os.WriteFile(list, []byte("practice_key,note\nharbor,x\nnowhere,y\nbay,z\nharbor,again\n"), 0o600))

	require.Equal(t, "practice_key\n", o.must("practice", "code", "--template"))
	require.Equal(t, 2, o.do("practice", "link", id).code)
	require.Equal(t, 2, o.do("practice", "link", id, "harbor", "--from", list).code)
	require.Equal(t, 3, o.do("practice", "link", id, "nothing-*").code)

	links := o.do("practice", "link", id, "--from", list)
	require.Equal(t, 3, links.code, "one row is no practice's, and another practice has no page")
	require.Equal(t, []string{"practice_key", "name", "address"}, given(links)[0])
	require.Len(t, given(links), 2)
	require.True(t, strings.HasPrefix(given(links)[1][2], "https://notice.example.com/p/"))
	require.Contains(t, links.err, "line 3, practice nowhere: incident "+id+" has no practice nowhere")
	require.Contains(t, links.err, "line 4, practice bay: practice bay has no page")
	require.Contains(t, links.err, "4 rows: 1 done, 1 done before, 2 refused.")

	codes := func(more ...string) result {
		return o.do(append([]string{"practice", "code", id, "--by", "Ada Rivera"}, more...)...)
	}
	dry := codes("--from", list, "--dry-run")
	require.Equal(t, 3, dry.code)
	require.Contains(t, dry.out, "Practice harbor: a code.")
	require.Contains(t, dry.err, "Nothing was changed.")
	waiting, err := store.CodesWaiting(t.Context(), id, postgres.CodeByTelephone)
	require.NoError(t, err)
	require.Empty(t, waiting)

	first := codes("--from", list, "--refused", left)
	require.Equal(t, 3, first.code, first.err)
	rows := given(first)
	require.Len(t, rows, 2)
	require.Equal(t, []string{"practice_key", "name", "privacy_officer", "phone", "code", "good_until"}, rows[0])
	require.Equal(t, []string{"harbor", "Harbor Clinic PLLC"}, rows[1][:2])
	require.NotContains(t, first.out, "/p/", "with the address beside it the list would open the page")
	refused := given(result{out: readText(t, left)})
	require.Equal(t, [][]string{{"nowhere", "y"}, {"bay", "z"}}, [][]string{refused[1][:2], refused[2][:2]})

	again := codes("--from", list)
	require.Len(t, given(again), 1, "the header alone")
	require.Contains(t, again.err, "4 rows: 0 done, 2 done before, 2 refused.")
	_, err = store.MakePage(t.Context(), packet.Practice{IncidentID: id, Key: "bay"})
	require.NoError(t, err)
	require.Len(t, given(codes("--practice", "harbor,bay", "--yes")), 2, "bay alone")
	anew := codes("*", "--anew", "--yes", "--valid", "2h")
	require.Zero(t, anew.code, anew.err)
	require.Len(t, given(anew), 3)

	// What was given opens the page.
	door, err := pagedoor.Open(context.WithoutCancel(t.Context()), testkit.Login(t, o.env["DUENOTICE_OWNER_DATABASE_URL"], "duenotice_page"))
	require.NoError(t, err)
	t.Cleanup(door.Close)
	o.comesIn(door, packet.Practice{IncidentID: id, Key: "harbor"}, given(links)[1][2], rows[1][4])
}
