package casefolder_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
)

// printed has two letters, which were mailed on April 1.
func printed(context.Context, []string) (map[string]civil.Date, error) {
	mailed := civil.MustParse("2026-04-01")
	return map[string]civil.Date{"R001-000001": mailed, "R001-000002": mailed}, nil
}

func readReturns(t testing.TB, content string, sink casefolder.Sink) (*casefolder.Returns, casefolder.Report) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "came-back.csv")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	list, report, err := casefolder.ReadReturns(t.Context(), path, casefolder.ListOptions{}, today, printed, sink)
	require.NoError(t, err)
	return list, report
}

func TestLettersThatCameBack(t *testing.T) {
	t.Parallel()
	list, report := readReturns(t, "\ufeffreturned_on,name,piece_id,reason\r\n2026-04-01,Ada, R001-000002 ,Moved\r\n2026-04-12,,R001-000001,\r\n", nil)
	require.False(t, report.Refused())
	require.Equal(t, []casefolder.FileCounts{{Name: "came-back.csv", Rows: 2, OK: 2}}, report.Files)
	require.Equal(t, []breach.ReturnedLetter{
		{PieceID: "R001-000002", On: civil.MustParse("2026-04-01"), Reason: "moved"}, {PieceID: "R001-000001", On: civil.MustParse("2026-04-12")},
	}, list.Letters)
	require.Len(t, list.SHA256, 64)

	for name, c := range map[string]struct {
		rows string
		want []string
	}{
		"nothing":                 {"", []string{"E010 came-back.csv:0"}},
		"a letter nobody printed": {"R001-000003,2026-04-02,\n", []string{"E501 came-back.csv:2 piece_id"}},
		"a letter twice":          {"R001-000001,2026-04-02,\n\nR001-000001,2026-04-03,moved\n", []string{"E502 came-back.csv:4 piece_id"}},
		"before it was mailed":    {"R001-000001,2026-03-31,\n", []string{"E503 came-back.csv:2 returned_on"}},
		"in the future":           {"R001-000001,2026-04-21,\n", []string{"E112 came-back.csv:2 returned_on"}},
		"without a day":           {"R001-000001,,moved\n", []string{"E107 came-back.csv:2 returned_on"}},
		"without a letter":        {",2026-04-02,moved\n", []string{"E107 came-back.csv:2 piece_id"}},
		"on no day":               {"R001-000001,2026-04-31,\n", []string{"E108 came-back.csv:2 returned_on"}},
		"for another reason":      {"R001-000001,2026-04-02,lost\n", []string{"E110 came-back.csv:2 reason"}},
		"a name for a letter":     {canary + ",2026-04-02,\n", []string{"E111 came-back.csv:2 piece_id"}},
		"every bad row is reported": {"R001-000003,2026-04-21,\nR001-000001,2026-04-02\nR001-000002,2026-04-02,x\n", []string{
			"E112 came-back.csv:2 returned_on", "E501 came-back.csv:2 piece_id", "E008 came-back.csv:3", "E110 came-back.csv:4 reason"}},
	} {
		var got []string
		_, report := readReturns(t, "piece_id,returned_on,reason\n"+c.rows, func(p casefolder.Problem) error {
			got = append(got, place(p))
			require.NotContains(t, p.Message+p.PracticeKey, canary)
			require.NotEmpty(t, p.Fix)
			return nil
		})
		require.Equal(t, c.want, got, name)
		require.True(t, report.Refused(), name)
	}
	_, report = readReturns(t, "piece_id,reason\nR001-000001,moved\n", nil)
	require.Equal(t, 1, report.ByRule["E005"])

	_, _, err := casefolder.ReadReturns(t.Context(), filepath.Join(t.TempDir(), "none.csv"), casefolder.ListOptions{}, today, printed, nil)
	_, refused := breach.AsRefusal(err)
	require.True(t, refused)
}

// TestAListOfReturnsIsOneFile: what is checked is what was looked up.
func TestAListOfReturnsIsOneFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "came-back.csv")
	const header = "piece_id,returned_on\n"
	require.NoError(t, os.WriteFile(path, []byte(header+"R001-000001,2026-04-02\n"), 0o600))
	_, _, err := casefolder.ReadReturns(t.Context(), path, casefolder.ListOptions{}, today, func(ctx context.Context, ids []string) (map[string]civil.Date, error) {
		require.Equal(t, []string{"R001-000001"}, ids)
		require.NoError(t, os.WriteFile(path, []byte(header+"R001-000002,2026-04-02\n"), 0o600))
		return printed(ctx, ids)
	}, nil)
	refusal, refused := breach.AsRefusal(err)
	require.True(t, refused)
	require.Equal(t, "list_changed", refusal.Code)

	broken := errors.New("the database is away")
	_, _, err = casefolder.ReadReturns(t.Context(), path, casefolder.ListOptions{}, today, func(context.Context, []string) (map[string]civil.Date, error) { return nil, broken }, nil)
	require.Equal(t, broken, err)
}

func FuzzReturns(f *testing.F) {
	f.Add("R001-000001,2026-04-02,moved\n")
	f.Add("R001-000001,2026-04-02,\nR001-000001,2026-04-03," + canary + "\n")
	f.Add("\"" + canary + "\n,,\n")
	f.Add("=R001-000002,46000,refused\r\n" + strings.Repeat(",", 9))
	path := filepath.Join(f.TempDir(), "came-back.csv")
	f.Fuzz(func(t *testing.T, rows string) {
		require.NoError(t, os.WriteFile(path, []byte("piece_id,returned_on,reason\n"+rows), 0o600))
		list, report, err := casefolder.ReadReturns(t.Context(), path, casefolder.ListOptions{}, today, printed, noEcho(t))
		require.NoError(t, err)
		counts := report.Files[0]
		require.Equal(t, counts.Rows, counts.OK+counts.Warned+counts.Refused)
		if report.Refused() {
			return
		}
		seen := map[string]bool{}
		for _, l := range list.Letters {
			require.False(t, seen[l.PieceID], "each once")
			seen[l.PieceID] = true
			require.Contains(t, []string{"R001-000001", "R001-000002"}, l.PieceID)
			require.False(t, l.On.Before(civil.MustParse("2026-04-01")) || l.On.After(today))
		}
		require.NotEmpty(t, list.Letters)
	})
}
