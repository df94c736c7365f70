package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/testkit"
)

// TestLettersThatComeBackChangeWhatIsOwed: a list with a bad row is refused and
// writes nothing; nine letters that came back want another form of notice, ten a
// conspicuous one, whose day is watched in Temporal, and a better address another letter.
func TestLettersThatComeBackChangeWhatIsOwed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	today := testkit.Today()
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	o.must("approve", id, "--all", "--by", "Ada Rivera")
	o.must("approve", id, "--all", "--by", "Ben Okafor")
	o.await(id, func(s casebook.Status) bool { return s.Letters.Batches > 0 && s.Letters.NotYetApproved == 0 })
	harbor := o.lettersOf(id, folder, "harbor")
	require.GreaterOrEqual(t, len(harbor), 11)

	file := filepath.Join(t.TempDir(), "came-back.csv")
	cameBack := func(rows ...string) result {
		require.NoError(t, os.WriteFile(file, []byte("piece_id,returned_on,reason\n"+strings.Join(rows, "\n")+"\n"), 0o600))
		return o.do("returns", id, file, "--by", "Ada Rivera")
	}
	row := func(piece string) string { return fmt.Sprintf("%s,%s,moved", piece, today) }
	before := o.substitute(id)
	bad := cameBack(row(harbor[0]), row(harbor[0]), row("R009-000001"), harbor[1]+","+today.AddDays(1).String()+",",
		harbor[2]+","+today.AddDays(-1).String()+",", harbor[3]+","+today.String()+",lost")
	require.Equal(t, 3, bad.code)
	for _, place := range []string{"E502", "line 3, piece_id", "E501", "line 4, piece_id", "E112", "line 5, returned_on", "E503", "line 6, returned_on", "E110", "line 7, reason"} {
		require.Contains(t, bad.err, place)
	}
	require.Equal(t, 3, o.do("returns", id, filepath.Join(t.TempDir(), "none.csv"), "--by", "Ada").code)
	require.Equal(t, 2, o.do("returns", id, file).code, "an act needs the person who did it")
	require.Equal(t, 3, o.do("returns", "NONE", file, "--by", "Ada").code)
	require.Equal(t, before, o.substitute(id))
	require.Zero(t, o.status(id).Letters.Returned)

	nine := make([]string, 0, 9)
	for _, piece := range harbor[:9] {
		nine = append(nine, row(piece))
	}
	first := cameBack(nine...)
	require.Zero(t, first.code, first.err)
	require.Contains(t, first.out, "list 2 is recorded")
	require.Contains(t, cameBack(nine...).out, "nothing changed")
	require.Equal(t, 9, o.status(id).Letters.Returned)
	owed := before["harbor"].Count + 9
	testkit.Await(t, func() bool { return o.substitute(id)["harbor"].Count == owed })

	conspicuous := cameBack(append(nine, row(harbor[9]))...)
	require.Zero(t, conspicuous.code, conspicuous.err)
	require.Regexp(t, `listed before +9\n`, conspicuous.out)
	testkit.Await(t, func() bool {
		now := o.substitute(id)["harbor"]
		return now.Form == breach.FormConspicuous && now.Count == owed+1
	})
	testkit.Await(t, func() bool {
		return strings.Contains(strings.Join(pageInUI(t, o.temporal(), id, "harbor"), "\n"), "Substitute notice due")
	})
	require.Contains(t, o.must("status", id), "  10 came back")
	require.NotContains(t, first.out+conspicuous.out+bad.err, "Example Street")
	pack := filepath.Join(o.env["DUENOTICE_OUT"], id, "evidence", id+"-harbor.zip")
	o.must("report", "evidence", id, "--practice", "harbor")
	require.Contains(t, o.must("verify", pack, "--without-key"), "every link holds")
	content, err := os.ReadFile(pack)
	require.NoError(t, err)
	require.Contains(t, string(content), "letters_returned")

	// A better address for one of them: nine are left, and a letter waits.
	gone := o.findingOf(id, folder, harbor[0])
	gone["address1"] = "9 New Street"
	list := filepath.Join(t.TempDir(), "later.csv")
	var columns, values []string
	for _, column := range []string{"person_key", "practice_key", "first_name", "last_name", "birth_date", "address1", "city", "state", "zip", "data_classes"} {
		columns, values = append(columns, column), append(values, gone[column])
	}
	require.NoError(t, os.WriteFile(list, []byte(strings.Join(columns, ",")+"\n"+strings.Join(values, ",")+"\n"), 0o600))
	require.Contains(t, o.must("amend", id, "--findings", list, "--by", "Ada Rivera"), "list 4 is loaded")
	testkit.Await(t, func() bool { return o.substitute(id)["harbor"].Count == owed })
	o.await(id, func(s casebook.Status) bool { return inPhase(s, casebook.PhaseApproval) == 1 })
	require.Equal(t, 9, o.status(id).Letters.Returned)
}

func (o *office) status(id string) casebook.Status {
	o.t.Helper()
	var s casebook.Status
	require.NoError(o.t, json.Unmarshal([]byte(o.must("status", id, "--json")), &s))
	return s
}

// substitute is the substitute notice that each practice owes.
func (o *office) substitute(id string) map[string]breach.Obligation {
	o.t.Helper()
	owed := map[string]breach.Obligation{}
	for _, key := range []string{"bay", "harbor"} {
		var s casebook.Status
		require.NoError(o.t, json.Unmarshal([]byte(o.must("status", id, "--practice", key, "--json")), &s))
		for _, duty := range s.Details[0].Obligations {
			if duty.Kind == breach.SubstituteNotice && duty.Form != breach.FormKept {
				owed[key] = duty.Obligation
			}
		}
	}
	return owed
}

// lettersOf are the pieces of people of one practice.
func (o *office) lettersOf(id, folder, practice string) []string {
	o.t.Helper()
	lists, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "*", "pieces.csv"))
	require.NoError(o.t, err)
	var pieces []string
	for _, list := range lists {
		for _, row := range rowsOf(o.t, list) {
			if o.findingOf(id, folder, row["piece_id"])["practice_key"] == practice {
				pieces = append(pieces, row["piece_id"])
			}
		}
	}
	return pieces
}

// findingOf is the row of the case folder to whose address a piece went.
func (o *office) findingOf(id, folder, piece string) map[string]string {
	o.t.Helper()
	lists, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "*", "pieces.csv"))
	require.NoError(o.t, err)
	for _, list := range lists {
		for _, row := range rowsOf(o.t, list) {
			if row["piece_id"] != piece {
				continue
			}
			for _, finding := range rowsOf(o.t, filepath.Join(folder, "findings.csv")) {
				if strings.Contains(row["address_block"], finding["address1"]) {
					return finding
				}
			}
		}
	}
	return nil
}
