package acsfile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/acsfile"
	"duenotice/internal/acsfile/acstest"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

func sample(t testing.TB) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "version02.txt"))
	require.NoError(t, err)
	return file
}

func read(file []byte) (records []acsfile.Record, err error) {
	err = acsfile.Read(bytes.NewReader(file), func(r *acsfile.Record) error {
		records = append(records, *r)
		return nil
	})
	return records, err
}

// TestAFileIsReadByItsLayout reads a file that was written apart from this package.
func TestAFileIsReadByItsLayout(t *testing.T) {
	t.Parallel()
	file := sample(t)
	require.True(t, acsfile.Is(file[:32]))
	got, err := read(file)
	require.NoError(t, err)
	on := civil.MustParse
	require.Equal(t, []acsfile.Record{
		{Line: 2, Keyline: "R001-000123", Tracking: "00270900000001000501", On: on("2026-04-18"), Code: ' ', Move: 'I', Action: 'R', LastName: "EXEMPLAR", FirstName: "QUILLA M",
			New: acsfile.Address{Line1: "900 N SAMPLE AVE APT 4B", City: "RENO", State: "NV", ZIP: "89501-1234"}},
		{Line: 3, Tracking: "00270900000001000502", On: on("2026-04-19"), Code: ' ', Move: 'F', Action: 'F', LastName: "MUSTER", FirstName: "KIM",
			New: acsfile.Address{Line1: "PO BOX 77", Line2: "URB LAS DELICIAS", City: "PONCE", State: "PR", ZIP: "00716"}},
		{Line: 4, Tracking: "00270900000001000503", On: on("2026-04-19"), Code: 'K', Move: 'I', Action: 'R', LastName: "PROBE", FirstName: "ADA"},
		{Line: 5, Keyline: "R001-000126", On: on("2026-04-19"), Nixie: true, Code: 'N', Move: ' ', Action: 'R'},
		{Line: 6, Tracking: "00270900000001000505", On: on("2026-04-20"), Nixie: true, Code: 'P', Move: ' ', Action: 'D'},
	}, got)
	for i, want := range []struct {
		back   bool
		reason string
	}{{true, "moved"}, {false, "moved"}, {true, "moved"}, {true, "undeliverable"}, {true, "deceased"}} {
		require.Equal(t, want.back, got[i].CameBack(), "line %d", got[i].Line)
		require.Equal(t, want.reason, got[i].Reason(), "line %d", got[i].Line)
	}
}

// TestALineIsPutTogether where the Postal Service formatted none.
func TestALineIsPutTogether(t *testing.T) {
	t.Parallel()
	for want, other := range map[string]map[int]string{
		"12 N OAK ST NW APT 3": {221: "H", 258: "12", 268: "N", 270: "OAK", 298: "ST", 302: "NW", 304: "APT", 308: "3"},
		"PO BOX 7":             {221: "P", 258: "7", 270: "PO BOX"},
		"RR 2 BOX 9":           {221: "R", 270: "RR 2 BOX 9"},
		"5 ELM CT PMB 88":      {221: "S", 222: "PMB 88", 258: "5", 270: "ELM", 298: "CT"},
	} {
		got, err := read(acstest.File("20260420", acstest.Record{On: "20260420", Code: " ", Move: "I", Action: "R", City: "RENO", State: "NV", ZIP: "89501", Other: other}))
		require.NoError(t, err)
		require.Equal(t, want, got[0].New.Line1)
	}
}

// TestEachReasonIsAWordOfOurs and nothing that the Postal Service may say has none.
func TestEachReasonIsAWordOfOurs(t *testing.T) {
	t.Parallel()
	for code := range 256 {
		require.Contains(t, breach.ReturnReasons, (&acsfile.Record{Code: byte(code)}).Reason())
	}
}

// TestAFileThatIsNotWholeIsRefused with the line, and no word of what stands there.
func TestAFileThatIsNotWholeIsRefused(t *testing.T) {
	t.Parallel()
	whole := string(sample(t))
	lines := strings.SplitAfter(whole, "\r\n")
	for name, c := range map[string]struct{ file, want string }{
		"empty":                    {"", "line 1"},
		"no header":                {strings.Join(lines[1:], ""), "line 1"},
		"an earlier version":       {"H00" + whole[3:], `version "00"`},
		"a record is missing":      {strings.Join(lines[:5], ""), "a part is missing"},
		"cut within a record":      {whole[:len(whole)-300], "line 6"},
		"a record too many":        {whole + lines[1], "a part is missing"},
		"a line that is longer":    {strings.Replace(whole, "QUILLA", "QUILLAAA", 1), "line 2"},
		"no end of a line":         {strings.Replace(whole, "*\r\n", " \r\n", 1), "line 1"},
		"another kind of record":   {lines[0] + "X" + whole[len(lines[0])+1:], "line 2"},
		"no kind of notice":        {lines[0] + lines[1][:544] + "X" + lines[1][545:] + strings.Join(lines[2:], ""), "line 2"},
		"no day":                   {lines[0] + lines[1][:524] + "20261301" + lines[1][532:] + strings.Join(lines[2:], ""), "line 2"},
		"a header without a count": {lines[0][:27] + "ABCDEFGHI" + whole[36:], "line 1"},
		"a header without a day":   {lines[0][:9] + "00000000" + whole[17:], "line 1"},
		"a very long line":         {whole + strings.Repeat("D", 10_000), "line 7"},
	} {
		_, err := read([]byte(c.file))
		refusal, is := breach.AsRefusal(err)
		require.True(t, is, "%s: %v", name, err)
		require.Equal(t, "acs_file", refusal.Code, name)
		require.Contains(t, refusal.Message, c.want, name)
		require.NotContains(t, refusal.Message, "EXEMPLAR", name)
	}
}

// TestEndsOfLinesDoNotMatter: files are downloaded, unpacked and opened on the way.
func TestEndsOfLinesDoNotMatter(t *testing.T) {
	t.Parallel()
	whole := string(sample(t))
	want, err := read([]byte(whole))
	require.NoError(t, err)
	for _, file := range []string{strings.ReplaceAll(whole, "\r\n", "\n"), strings.TrimSpace(whole), whole + "\r\n", whole + "\x1a"} {
		got, err := read([]byte(file))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample(f))
	f.Add(acstest.File("20260420"))
	f.Add([]byte("H02"))
	f.Fuzz(func(t *testing.T, file []byte) {
		records, err := read(file)
		for _, r := range records {
			_, _ = r.CameBack(), r.Reason()
		}
		if _, is := breach.AsRefusal(err); err != nil && !is {
			t.Fatalf("an error that is no refusal: %v", err)
		}
	})
}
