package casefolder_test

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
)

func TestRowsGoOnAfterABadOne(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", casefolder.MaxRecord+1)
	open := `"open` + "\n" + strings.Repeat("x\n", casefolder.MaxRecord) + "end"
	for _, c := range []struct {
		name, text string
		want       []casefolder.Record
	}{
		{"nothing", "", nil},
		{"an empty line", "\n\r\n", nil},
		{"no newline at the end", "a,b\nc", []casefolder.Record{{Line: 1, Fields: []string{"a", "b"}}, {Line: 2, Offset: 4, Fields: []string{"c"}}}},
		{"a comma at the end", `"a",`, []casefolder.Record{{Line: 1, Fields: []string{"a", ""}}}},
		{"a cell of two lines", "\"a\nb\",c\nd\n", []casefolder.Record{{Line: 1, Fields: []string{"a\nb", "c"}}, {Line: 3, Offset: 8, Fields: []string{"d"}}}},
		{"doubled marks", `"a""b","""",""` + "\n", []casefolder.Record{{Line: 1, Fields: []string{`a"b`, `"`, ""}}}},
		{"a bare mark", "a\"b\nc\n", []casefolder.Record{{Line: 1, Err: casefolder.ErrQuotes}, {Line: 2, Offset: 4, Fields: []string{"c"}}}},
		{"text behind a mark", "\"a\"b\nc\n", []casefolder.Record{{Line: 1, Err: casefolder.ErrQuotes}, {Line: 2, Offset: 5, Fields: []string{"c"}}}},
		{"an open mark", "\"a\nc\n", []casefolder.Record{{Line: 1, Err: casefolder.ErrQuotes}, {Line: 2, Offset: 3, Fields: []string{"c"}}}},
		{"a row too long", long + "\nc\n", []casefolder.Record{{Line: 1, Err: casefolder.ErrLongRecord}, {Line: 2, Offset: casefolder.MaxRecord + 2, Fields: []string{"c"}}}},
		{"a last row too long", long, []casefolder.Record{{Line: 1, Err: casefolder.ErrLongRecord}}},
		{"a row as long as may be", long[2:] + "\nc", []casefolder.Record{{Line: 1, Fields: []string{long[2:]}}, {Line: 2, Offset: casefolder.MaxRecord, Fields: []string{"c"}}}},
	} {
		for _, source := range []io.Reader{strings.NewReader(c.text), iotest.OneByteReader(strings.NewReader(c.text)), iotest.DataErrReader(strings.NewReader(c.text))} {
			got, err := casefolder.ReadRecords(source)
			require.NoError(t, err, c.name)
			require.Equal(t, c.want, got, c.name)
		}
	}
	got, err := casefolder.ReadRecords(strings.NewReader(open))
	require.NoError(t, err)
	require.ErrorIs(t, got[0].Err, casefolder.ErrQuotes)
	require.Len(t, got, 1+casefolder.MaxRecord+1, "an open mark costs its own row only")
}

func TestTroubleOfTheSourceIsNotTheEndOfTheList(t *testing.T) {
	t.Parallel()
	trouble := errors.New("disk on fire")
	_, err := casefolder.ReadRecords(io.MultiReader(strings.NewReader("a,b\nc"), iotest.ErrReader(trouble)))
	require.ErrorIs(t, err, trouble)
}

// FuzzRecordsAgainstEncodingCSV holds the reader of rows equal to encoding/csv
// on everything that encoding/csv accepts.
func FuzzRecordsAgainstEncodingCSV(f *testing.F) {
	for _, s := range []string{"a,b\nc,d\n", "\"a\"\"b\",c\r\n\r\nd\n", "\"a\nb\"\n", "a\"b\nc\n", ",\n,", "\"\",\"\n\"", "\"a\r\nb\",\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		reader := csv.NewReader(strings.NewReader(text))
		reader.FieldsPerRecord = -1
		var want []casefolder.Record
		for {
			fields, err := reader.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				break
			}
			line, _ := reader.FieldPos(0)
			want = append(want, casefolder.Record{Line: line, Fields: fields})
		}
		got, err := casefolder.ReadRecords(strings.NewReader(text))
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(got), len(want))
		for i, w := range want {
			g := got[i]
			for j := range g.Fields { // encoding/csv rewrites line ends inside cells
				g.Fields[j] = strings.ReplaceAll(g.Fields[j], "\r\n", "\n")
			}
			require.NoError(t, g.Err)
			require.Equal(t, w.Line, g.Line)
			require.Equal(t, w.Fields, g.Fields)
		}
	})
}
