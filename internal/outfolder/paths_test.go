package outfolder_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/outfolder"
)

func TestPathsAreTheContracts(t *testing.T) {
	t.Parallel()
	out := outfolder.New("out")
	incident := out.Incident("EX-2026-03")
	for want, got := range map[string]string{
		"out/outbox":                                           out.Outbox(),
		"out/outbox/handed-over/1.json":                        out.HandedOver("1"),
		"out/EX-2026-03":                                       incident.Dir(),
		"out/EX-2026-03/summary.json":                          incident.Summary(),
		"out/EX-2026-03/practices/P.1_a":                       incident.Practice("P.1_a"),
		"out/EX-2026-03/practices/P1/notice.pdf":               incident.Notice("P1"),
		"out/EX-2026-03/practices/P1/people.csv":               incident.People("P1"),
		"out/EX-2026-03/practices/P1/hhs-worksheet.json":       incident.WorksheetJSON("P1"),
		"out/EX-2026-03/practices/P1/hhs-worksheet.pdf":        incident.WorksheetPDF("P1"),
		"out/EX-2026-03/board.html":                            incident.Board(),
		"out/EX-2026-03/practices/P1/deadlines.ics":            incident.Deadlines("P1"),
		"out/EX-2026-03/mail/run-001-batch-0001":               incident.Batch("run-001-batch-0001"),
		"out/EX-2026-03/mail/run-001-batch-0001/letters.pdf":   incident.Letters("run-001-batch-0001"),
		"out/EX-2026-03/mail/run-001-batch-0001/pieces.csv":    incident.Pieces("run-001-batch-0001"),
		"out/EX-2026-03/mail/run-001-batch-0001/manifest.json": incident.Manifest("run-001-batch-0001"),
		"out/EX-2026-03/records/run-001-batch-0001.sealed":     incident.Record("run-001-batch-0001"),
		"out/EX-2026-03/media/VA-P1.pdf":                       incident.Media("VA", "P1"),
	} {
		require.Equal(t, filepath.FromSlash(want), got)
	}
}

// TestNoIncidentIsNamedAsAFolderBesideIt: its papers would lie among the others.
func TestNoIncidentIsNamedAsAFolderBesideIt(t *testing.T) {
	t.Parallel()
	out := outfolder.New("out")
	for _, beside := range []string{out.Outbox(), filepath.Dir(out.AnnualLog(2026))} {
		require.Equal(t, "out", filepath.Dir(beside))
		require.False(t, breach.IsIncidentID(filepath.Base(beside)), beside)
	}
}

// TestAKeyOfBeforeStopsNoCase: an earlier program took a practice key that begins
// with a dot. It names a folder like any other, and its files stay.
func TestAKeyOfBeforeStopsNoCase(t *testing.T) {
	t.Parallel()
	out := outfolder.New(t.TempDir())
	for _, key := range []string{".duenotice-part-1", ".hidden", "CON", "-rf"} {
		incident := out.Incident("EX-1")
		for _, path := range []string{incident.Notice(key), incident.People(key), incident.Pack(key), incident.Media("VA", key)} {
			_, err := outfolder.WriteFile(path, []byte(key))
			require.NoError(t, err)
			removed, err := outfolder.CleanTemps(out.Root())
			require.NoError(t, err)
			require.Zero(t, removed)
			require.FileExists(t, path)
		}
	}
}

func TestNoNameLeavesItsFolder(t *testing.T) {
	t.Parallel()
	out := outfolder.New(t.TempDir())
	for _, bad := range []string{"", ".", "..", "../P2", "a/b", `a\b`, "/etc", "a\x00b"} {
		require.Panics(t, func() { out.Incident(bad) }, "%q", bad)
		require.Panics(t, func() { out.Incident("EX-1").People(bad) }, "%q", bad)
		require.Panics(t, func() { out.Incident("EX-1").Letters(bad) }, "%q", bad)
		require.Panics(t, func() { out.Incident("EX-1").Media(bad, "P1") }, "%q", bad)
		require.Panics(t, func() { out.Incident("EX-1").Media("VA", bad) }, "%q", bad)
	}
}
