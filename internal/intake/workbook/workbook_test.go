package workbook_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"duenotice/internal/breach"
	"duenotice/internal/intake/rows"
	"duenotice/internal/intake/workbook"
)

func read(t testing.TB, content []byte) ([]rows.Row, error) {
	t.Helper()
	r, err := workbook.Open(bytes.NewReader(content), int64(len(content)), t.TempDir())
	if err != nil {
		return nil, err
	}
	defer func() { require.NoError(t, r.Close()) }()
	var all []rows.Row
	var row rows.Row
	for {
		err := r.Next(&row)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		kept := row
		kept.Cells, kept.Carried = slices.Clone(row.Cells), append([]int(nil), row.Carried...)
		all = append(all, kept)
	}
}

func book(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	require.NoError(t, f.Close())
	return b.Bytes()
}

func TestSheetsAreTablesAndMergedCellsAreCarried(t *testing.T) {
	t.Parallel()
	content := book(t, func(f *excelize.File) {
		require.NoError(t, f.SetSheetRow("Sheet1", "A1", &[]any{"Practice", "Last", "Zip"}))
		require.NoError(t, f.SetSheetRow("Sheet1", "A2", &[]any{"Oak Street", "Doe", 1013}))
		require.NoError(t, f.SetSheetRow("Sheet1", "A3", &[]any{nil, "Roe", 29221.5}))
		require.NoError(t, f.SetSheetRow("Sheet1", "A5", &[]any{"Elm", "Poe", true}))
		require.NoError(t, f.MergeCell("Sheet1", "A2", "A3"))
		_, err := f.NewSheet("More")
		require.NoError(t, err)
		require.NoError(t, f.SetSheetRow("More", "A1", &[]any{"x"}))
	})
	all, err := read(t, content)
	require.NoError(t, err)
	require.Equal(t, []rows.Row{
		{Table: "Sheet1", Number: 1, Cells: []string{"Practice", "Last", "Zip"}},
		{Table: "Sheet1", Number: 2, Cells: []string{"Oak Street", "Doe", "1013"}},
		{Table: "Sheet1", Number: 3, Cells: []string{"Oak Street", "Roe", "29221.5"}, Carried: []int{0}},
		{Table: "Sheet1", Number: 5, Cells: []string{"Elm", "Poe", "1"}},
		{Table: "More", Number: 1, Cells: []string{"x"}},
	}, all)
}

// The library ends a sheet without an error where its XML breaks off: people behind it
// would be told nothing.
func TestASheetThatBreaksOffIsRefused(t *testing.T) {
	t.Parallel()
	content := book(t, func(f *excelize.File) {
		for n := range 20 {
			cell, err := excelize.CoordinatesToCellName(1, n+1)
			require.NoError(t, err)
			require.NoError(t, f.SetSheetRow("Sheet1", cell, &[]any{"a", "b"}))
		}
	})
	broken := rewrite(t, content, "xl/worksheets/sheet1.xml", func(part string) string {
		return strings.Replace(part, `<row r="9"`, `<row r="9" &broken`, 1)
	})
	_, err := read(t, broken)
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "workbook_damaged", refusal.Code)
}

func TestAWorkbookWithAPasswordIsRefused(t *testing.T) {
	t.Parallel()
	_, err := read(t, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"))
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok)
	require.Equal(t, "workbook_closed", refusal.Code)
}

// rewrite changes one part of a workbook.
func rewrite(t testing.TB, content []byte, name string, change func(string) string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for _, part := range from.File {
		src, err := part.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(src)
		require.NoError(t, err)
		w, err := to.Create(part.Name)
		require.NoError(t, err)
		if part.Name == name {
			changed := change(string(text))
			require.NotEqual(t, string(text), changed, "the test changes nothing")
			text = []byte(changed)
		}
		_, err = w.Write(text)
		require.NoError(t, err)
	}
	require.NoError(t, to.Close())
	return b.Bytes()
}

func FuzzWorkbook(f *testing.F) {
	f.Add(book(f, func(x *excelize.File) { _ = x.SetSheetRow("Sheet1", "A1", &[]any{"Last", "Zip"}) }))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<16 {
			return
		}
		_, _ = read(t, content) // it may refuse; it may not panic or hang
	})
}
