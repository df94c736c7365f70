package activities

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
)

// mistaken is a printer of whose letters some were typeset for another practice than
// theirs: it is another one once the letter is made.
type mistaken struct {
	printer
	pieces []string
}

func (m *mistaken) Letters(ctx context.Context, id string, run, batch int, each func(*casebook.Letter) error) error {
	return m.printer.Letters(ctx, id, run, batch, func(l *casebook.Letter) error {
		err := each(l)
		for _, piece := range m.pieces {
			if piece == l.PieceID {
				l.Practices[0] = breach.Practice{Key: "OTHER", LegalName: "Another Practice"}
			}
		}
		return err
	})
}

// A letter that says on the page what it should not is in no print file; the others are.
func TestALetterThatIsMisreadIsHeldBack(t *testing.T) {
	t.Parallel()
	c, _, err := casefolder.Read(t.Context(), cases.Folder(t, "st-alphonsus"), civil.MustParse("2026-11-28"), nil)
	require.NoError(t, err)
	var all []string
	require.NoError(t, c.Findings(t.Context(), func(_ int, p *breach.Person) error {
		all = append(all, "R001-"+p.Key)
		return nil
	}))
	require.Len(t, all, 10)
	for name, wrong := range map[string][]string{"one": all[3:4], "some": all[2:5], "all": all} {
		store := &mistaken{printer{c: c}, wrong}
		a := &Activities{
			Store: store, Out: outfolder.New(t.TempDir()), Zone: time.UTC,
			Now: func() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) },
		}
		_, err = a.renderBatch(t.Context(), c.Incident.ID, 1, 1)
		require.NoError(t, err, name)
		require.Equal(t, len(all)-len(wrong), store.saved.Pieces, name)
		require.Len(t, store.saved.Held, len(wrong), name)
		for i, held := range store.saved.Held {
			require.Equal(t, casebook.HeldPiece{PieceID: wrong[i], Reason: breach.HeldMisread}, held)
		}
		folder := a.Out.Incident(c.Incident.ID).Batch(casebook.BatchName(1, 1))
		var m manifest
		content, err := os.ReadFile(filepath.Join(folder, "manifest.json"))
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(content, &m))
		require.Equal(t, map[papers.Check]int{papers.CheckPractice: len(wrong)}, m.Misread, name)
		held, err := os.ReadFile(filepath.Join(folder, "held.csv"))
		require.NoError(t, err)
		require.Contains(t, string(held), ",misread\n")
		_, err = os.Stat(filepath.Join(folder, "letters.pdf"))
		require.Equal(t, name == "all", os.IsNotExist(err))
	}
}
