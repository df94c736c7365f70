package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/acsfile/acstest"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/testkit"
)

// TestThePostalServicesFileIsTakenAsItIs: letters are known by barcode and by keyline; a
// new address of the same name means another letter, one of another name is left to a
// person, a forwarded letter did not come back, and the same file changes nothing twice.
func TestThePostalServicesFileIsTakenAsItIs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	incident, err := os.ReadFile(filepath.Join(folder, "incident.yaml"))
	require.NoError(t, err)
	run := breach.PrintRun{MailerID: "900000001", ServiceType: "270", FirstSerial: 4000}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "incident.yaml"), append(incident, "\nprint_run: {mailer_id: 900000001, service_type: 270, first_serial: 4000}\n"...), 0o600))
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	o.must("approve", id, "--all", "--by", "Ada Rivera")
	o.must("approve", id, "--all", "--by", "Ben Okafor")
	o.await(id, func(s casebook.Status) bool { return s.Letters.Batches > 0 && s.Letters.NotYetApproved == 0 })
	harbor := o.lettersOf(id, folder, "harbor")
	require.GreaterOrEqual(t, len(harbor), 5)
	before := o.substitute(id)["harbor"].Count

	today := strings.ReplaceAll(testkit.Today().String(), "-", "")
	barcode := func(piece string) string {
		code, err := run.Tracking(officePieceNumber(t, piece))
		require.NoError(t, err)
		return code + "20001"
	}
	moved := func(piece string, change func(*acstest.Record)) acstest.Record {
		whose := o.findingOf(id, folder, piece)
		r := acstest.Record{
			Keyline: piece, On: today, Code: " ", Move: "I", Action: "R", LastName: strings.ToUpper(whose["last_name"]), FirstName: strings.ToUpper(whose["first_name"]),
			Label: "9 SAMPLE AVE APT 4B", City: "RENO", State: "NV", ZIP: "89501", Plus4: "1234",
		}
		change(&r)
		return r
	}
	file := filepath.Join(t.TempDir(), "fulfillment.txt")
	require.NoError(t, os.WriteFile(file, acstest.File(today,
		acstest.Record{Barcode: barcode(harbor[0]), On: today, Nixie: true, Code: "N", Action: "R"},
		moved(harbor[1], func(*acstest.Record) {}),
		moved(harbor[2], func(r *acstest.Record) { r.LastName = "SOMEBODY" }),
		moved(harbor[3], func(r *acstest.Record) { r.Keyline, r.Barcode, r.Action = "", barcode(harbor[3]), "F" }),
		acstest.Record{Barcode: "00270900000001003999", On: today, Nixie: true, Code: "N", Action: "R"}, // of other mail, before ours
		acstest.Record{Barcode: barcode(harbor[0]), On: today, Nixie: true, Code: "N", Action: "R"},
		// Of another incident, whose letters have the same References.
		acstest.Record{Keyline: harbor[4], Barcode: "00270900000001900001", On: today, Nixie: true, Code: "N", Action: "R"},
	), 0o600))

	took := o.do("returns", id, file, "--by", "Ada Rivera")
	require.Zero(t, took.code, took.err)
	require.Contains(t, took.out, "list 2 is recorded")
	require.Regexp(t, `came back +3\n`, took.out)
	require.Contains(t, took.out, "1 letter was forwarded")
	require.Contains(t, took.out, "list 3 has new addresses of 1 finding")
	require.Contains(t, took.err, "letter "+harbor[2]+": its new address was not taken: the order is of somebody of another name")
	require.Contains(t, took.err, "2 lines are of no letter of this incident")
	require.Contains(t, took.err, "line 7, letter "+harbor[0]+": the letter is on an earlier line")
	require.NotContains(t, took.out+took.err, "SAMPLE", "no address is shown")
	require.NotContains(t, took.out+took.err, "SOMEBODY", "and no name")
	require.Equal(t, 2, o.status(id).Letters.Returned, "for one of the three another letter is owed")
	testkit.Await(t, func() bool { return o.substitute(id)["harbor"].Count == before+2 })
	o.await(id, func(s casebook.Status) bool { return inPhase(s, casebook.PhaseApproval) == 1 })

	again := o.must("returns", id, file, "--by", "Ada Rivera")
	require.Contains(t, again, "nothing changed")
	require.Contains(t, again, "taken before, as list 3")
	require.Equal(t, 2, o.status(id).Letters.Returned)

	// Where machines saw letters is kept, and changes nothing that is owed.
	scans := filepath.Join(t.TempDir(), "scans.json")
	seen := func(imb, more string) string {
		return `{"imb": "` + imb + `", "scanDatetime": "` + testkit.Today().String() + `T23:59:59", "scanEventCode": "919", "scanFacilityZip": "20001"` + more + `}`
	}
	require.NoError(t, os.WriteFile(scans, []byte(`{"events": [`+strings.Join([]string{
		seen(barcode(harbor[3]), ""), seen(barcode(harbor[3]), `, "mailPhase": "Forwarded"`), seen(barcode(harbor[4]), `, "handlingEventType": "L"`),
		seen("00270900000001003999", ""), seen("00270999999991004001", ""),
	}, ",")+`]}`), 0o600))
	owed := o.status(id)
	traced := o.do("tracing", id, scans, "--by", "Ada Rivera")
	require.Zero(t, traced.code, traced.err)
	require.Contains(t, traced.out, "3 scans of its letters in the file, 2 new")
	require.Regexp(t, `letters seen on their way +1\n`, traced.out)
	require.Contains(t, traced.err, "2 scans are of no letter of this incident")
	require.Contains(t, o.must("tracing", id, scans, "--by", "Ada Rivera"), "0 new")
	require.Equal(t, owed.Account, o.status(id).Account)
	require.Contains(t, o.must("report", "person", id, "--letter", harbor[4], "--reason", "Call of today", "--by", "Ada Rivera"), harbor[4]+" delivered, as far as the Postal Service knows, from 20001")
	require.Equal(t, 2, o.do("tracing", id, "--by", "Ada Rivera").code)
	require.Contains(t, o.must("tracing", id, "--unseen", "0", "--by", "Ada Rivera"), "a scan is known of every letter mailed by", "no mailing is recorded")

	// By its number each piece is known: no correction gives it another.
	renumbered, err := os.ReadFile(filepath.Join(folder, "incident.yaml"))
	require.NoError(t, err)
	other := filepath.Join(t.TempDir(), "incident.yaml")
	require.NoError(t, os.WriteFile(other, []byte(strings.Replace(string(renumbered), "first_serial: 4000", "first_serial: 5000", 1)), 0o600))
	refused := o.do("amend", id, "--incident", other, "--by", "Ada Rivera")
	require.Equal(t, 3, refused.code)
	require.Contains(t, refused.err, "serial numbers of the Intelligent Mail barcode already")

	// The other letter goes to the new address, and everybody is accounted for.
	o.must("approve", id, "--all", "--by", "Ada Rivera")
	o.must("approve", id, "--all", "--by", "Ben Okafor")
	testkit.Await(t, func() bool {
		lists, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "*", "pieces.csv"))
		require.NoError(t, err)
		return slices.ContainsFunc(lists, func(list string) bool {
			content, err := os.ReadFile(list)
			require.NoError(t, err)
			return strings.Contains(string(content), "9 SAMPLE AVE APT 4B")
		})
	})
	require.True(t, o.status(id).Account.AddsUp)

	// What became of whoever moved is one page, and who looked is on it.
	whose := o.findingOf(id, folder, harbor[2])
	page := o.must("report", "person", id, "--letter", harbor[1], "--reason", "Call of today, identity checked", "--by", "Ada Rivera")
	for _, want := range []string{"9 SAMPLE AVE APT 4B", "Letter " + harbor[1] + ":", "came back on " + testkit.Today().String() + " (moved); another letter is in its place", "Letter R002-", "Call of today", "Substitute notice"} {
		require.Contains(t, page, want)
	}
	require.NotContains(t, page, whose["last_name"], "of nobody else")
	var stories []casebook.PersonStory
	require.NoError(t, json.Unmarshal([]byte(o.must("report", "person", id, "--letter", harbor[1], "--reason", "Call of today", "--by", "Ada Rivera", "--json")), &stories))
	require.Len(t, stories, 1)
	require.Len(t, stories[0].Letters, 2)
	require.Contains(t, o.must("reveal", id, "--letter", harbor[2], "--reason", "An envelope came back", "--by", "Ada Rivera"), whose["last_name"])
	require.Equal(t, 2, o.do("report", "person", id, "--letter", harbor[1], "--by", "Ada Rivera").code, "a look needs a reason")
	require.Equal(t, 3, o.do("report", "person", id, "--letter", "R009-000001", "--reason", "x", "--by", "Ada Rivera").code)
}

// officePieceNumber is a letter's number in the first run, which is its number in the incident.
func officePieceNumber(t *testing.T, piece string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.TrimPrefix(piece, "R001-"))
	require.NoError(t, err)
	return n
}
