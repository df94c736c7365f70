package flat_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/intake/flat"
	"duenotice/internal/intake/rows"
)

func encodingOf(text string, piece int) flat.Encoding {
	var s flat.Sniffer
	for part := range slices.Chunk([]byte(text), piece) {
		_, _ = s.Write(part) // it never fails
	}
	return s.Encoding()
}

func TestEncodingsAreToldApart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]flat.Encoding{
		"plain": flat.UTF8, "Muñoz, 日本": flat.UTF8, "\xef\xbb\xbfMuñoz": flat.UTF8, "Mu\xf1oz": flat.Windows1252, "Mu\xf1": flat.Windows1252,
		"\xff\xfea\x00": flat.UTF16, "\xfe\xff\x00a": flat.UTF16, "a\x00b\x00c\x00": flat.UTF16, "a\x00bcdefgh": flat.Unknown, "Mu\x81oz": flat.Unknown,
	} {
		for _, piece := range []int{1, 2, 3, 100} {
			require.Equal(t, want, encodingOf(text, piece), "%q in pieces of %d", text, piece)
		}
	}
}

func read(text string, encoding flat.Encoding) (all []rows.Row, separator byte, err error) {
	r, err := flat.New(strings.NewReader(text), encoding)
	if err != nil {
		return nil, 0, err
	}
	var row rows.Row
	for {
		err := r.Next(&row)
		if errors.Is(err, io.EOF) {
			return all, r.Separator, nil
		}
		if err != nil {
			return all, r.Separator, err
		}
		kept := row
		kept.Cells = append([]string(nil), row.Cells...)
		all = append(all, kept)
	}
}

func TestSeparatorsAndRows(t *testing.T) {
	t.Parallel()
	for text, c := range map[string]struct {
		separator byte
		rows      []rows.Row
	}{
		"a,b\n1,2\n":               {',', []rows.Row{{Number: 1, Cells: []string{"a", "b"}}, {Number: 2, Cells: []string{"1", "2"}}}},
		"a;b\n\"1;x\";2,5\n":       {';', []rows.Row{{Number: 1, Cells: []string{"a", "b"}}, {Number: 2, Cells: []string{"1;x", "2,5"}}}},
		"a\tb\r\n1\t2\r\n":         {'\t', []rows.Row{{Number: 1, Cells: []string{"a", "b"}}, {Number: 2, Cells: []string{"1", "2"}}}},
		"sep=|\na|b\n":             {'|', []rows.Row{{Number: 2, Cells: []string{"a", "b"}}}},
		"Name\nDoe\n":              {',', []rows.Row{{Number: 1, Cells: []string{"Name"}}, {Number: 2, Cells: []string{"Doe"}}}},
		"a,b\n\"x,2\n3,4\n":        {',', []rows.Row{{Number: 1, Cells: []string{"a", "b"}}, {Number: 2, Problem: rows.Quotes}, {Number: 3, Cells: []string{"3", "4"}}}},
		"\xef\xbb\xbfa,b\n1,2\n":   {',', []rows.Row{{Number: 1, Cells: []string{"a", "b"}}, {Number: 2, Cells: []string{"1", "2"}}}},
		"a,b\n\n\"1\n1\",2\n3,4\n": {',', []rows.Row{{Number: 1, Cells: []string{"a", "b"}}, {Number: 3, Cells: []string{"1\n1", "2"}}, {Number: 5, Cells: []string{"3", "4"}}}},
	} {
		all, separator, err := read(text, flat.UTF8)
		require.NoError(t, err)
		require.Equal(t, string(c.separator), string(separator), "%q", text)
		require.Equal(t, c.rows, all, "%q", text)
	}
}

func FuzzFlat(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "sep=;\na;b", "\"a", "\xff\xfea\x00", "Mu\xf1oz;x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		encoding := encodingOf(text, 7)
		require.Equal(t, encoding, encodingOf(text, 1000), "whatever the pieces are")
		last := 0
		all, _, err := read(text, encoding)
		require.NoError(t, err)
		for _, row := range all {
			require.Greater(t, row.Number, last, "rows are in order")
			last = row.Number
		}
	})
}
