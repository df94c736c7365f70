package cli_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/testkit"
)

// TestAddressesAreCheckedBeforeTheyArePrinted goes from the export over a service's answer
// to the letter at the new address, with who left none owed substitute notice, and says
// when the check is too old.
func TestAddressesAreCheckedBeforeTheyArePrinted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	o.await(id, func(s casebook.Status) bool { return inPhase(s, casebook.PhaseApproval) == 2 })
	before := o.substitute(id)["harbor"].Count

	said := o.must("addresses", "export", id, "--by", "Ada Rivera")
	require.Contains(t, said, "addresses of ")
	path := filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "address-check.csv")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	rows := rowsOf(t, path)
	byStreet := map[string]map[string]string{}
	for _, row := range rows {
		byStreet[row["address1"]] = row
		require.Len(t, row, 8, "nothing but a name and an address")
	}
	moves, gone := byStreet["101 Example Street"], byStreet["102 Example Street"]
	require.Equal(t, "Lane", moves["last_name"])

	answer := filepath.Join(t.TempDir(), "checked.csv")
	var text strings.Builder
	out := csv.NewWriter(&text)
	header := []string{"token", "first_name", "last_name", "address1", "city", "state", "zip", "dpv", "ncoa", "move_type", "moved_on"}
	require.NoError(t, out.Write(header))
	require.NoError(t, out.Write([]string{moves["token"], "HAL", "LANE", "9 SAMPLE AVE", "RENO", "NV", "89501-1234", "Y", "A", "individual", "202605"}))
	require.NoError(t, out.Write([]string{gone["token"], "OLI", "WOOD", "", "", "", "", "", "02", "", ""}))
	require.NoError(t, out.Write([]string{byStreet["103 Example Street"]["token"], "SOMEBODY", "ELSE", "", "", "", "", "N", "", "", ""}))
	require.NoError(t, out.Write([]string{"AAAAAAAAAAAAAAAA-AAAAAAAA", "SOMEBODY", "ELSE", "", "", "", "", "N", "", "", ""}))
	out.Flush()
	require.NoError(t, os.WriteFile(answer, []byte(text.String()), 0o600))
	require.Equal(t, 3, o.do("addresses", "import", id, answer, "--checked-on", testkit.Today().AddDays(1).String(), "--by", "Ada Rivera").code)
	longAgo := testkit.Today().AddDays(-96)
	took := o.do("addresses", "import", id, answer, "--checked-on", longAgo.String(), "--by", "Ada Rivera")
	require.Zero(t, took.code, took.err)
	require.Contains(t, took.out, "List 2 has the new addresses of 2 findings")
	require.Regexp(t, `moved, new address taken +1\n`, took.out)
	require.Contains(t, took.err, "left aside, nobody who waits for a letter has the token: line 5")
	require.Contains(t, took.err, "left aside, the order is of somebody of another name: line 4")
	for _, secret := range []string{"SAMPLE", "LANE", "WOOD", "SOMEBODY", moves["token"]} {
		require.NotContains(t, took.out+took.err, secret)
	}
	testkit.Await(t, func() bool { return o.substitute(id)["harbor"].Count == before+1 })
	o.await(id, func(s casebook.Status) bool { return inPhase(s, casebook.PhaseApproval) == 2 })
	require.Contains(t, o.must("addresses", "import", id, answer, "--checked-on", longAgo.String(), "--by", "Ada Rivera"), "nothing changed")

	require.Contains(t, o.status(id).AddressCheck, longAgo.String())
	require.Contains(t, o.must("status", id), "ADDRESSES addresses were checked on "+longAgo.String())
	require.Contains(t, o.do("approve", id, "--all", "--by", "Ada Rivera", "--yes").err, "checked on "+longAgo.String())
	o.must("approve", id, "--all", "--by", "Ben Okafor", "--yes")
	o.await(id, func(s casebook.Status) bool { return s.Letters.Batches > 0 && s.Letters.NotYetApproved == 0 })
	require.Empty(t, o.status(id).AddressCheck, "no letter waits any more")
	require.True(t, o.status(id).Account.AddsUp)
	lists, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "*", "pieces.csv"))
	require.NoError(t, err)
	printed := ""
	for _, list := range lists {
		content, err := os.ReadFile(list)
		require.NoError(t, err)
		printed += string(content)
	}
	require.Contains(t, printed, "9 SAMPLE AVE")
	require.NotContains(t, printed, "101 Example Street")
	require.NotContains(t, printed, "102 Example Street")

	o.must("report", "callcentre", id, "--hours", "Monday to Friday, 9 to 6 Eastern", "--by", "Ada Rivera")
	callers, err := os.ReadFile(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "callcentre.csv"))
	require.NoError(t, err)
	require.Contains(t, string(callers), "R001-000001,name; ")
	for _, row := range rows {
		require.NotContains(t, string(callers), row["last_name"])
	}
	script, err := os.ReadFile(filepath.Join(o.env["DUENOTICE_OUT"], id, "callcentre-script.pdf"))
	require.NoError(t, err)
	require.Equal(t, "%PDF", string(script[:4]))

	named := []string{"reveal", id, "--first-name", "hal", "--last-name", "LANE", "--reason", "Call of today, identity checked", "--by", "Ada Rivera", "--born"}
	require.Contains(t, o.must(append(named, "1941-02-11")...), "Person H-001 of practice harbor")
	require.Equal(t, 3, o.do(append(named, "1941-02-12")...).code)
	require.Equal(t, 2, o.do(append(named, "11.2.1941")...).code)
	require.Equal(t, 2, o.do("reveal", id, "--last-name", "Lane", "--reason", "x", "--by", "Ada Rivera").code, "a name alone finds nobody")

	page := o.must("report", "person", id, "--practice", "harbor", "--person", "H-001", "--reason", "Complaint 17", "--by", "Ada Rivera")
	require.Contains(t, strings.Join(strings.Fields(page), " "), "it was 101 Example Street Washington DC 20001; DPV Y; NCOALink A; move of individual; from 2026-05-01")
}
