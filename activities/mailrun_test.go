package activities

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
)

// printer is the part of the store a mail run needs, in memory: every person of
// a case folder in one batch.
type printer struct {
	Store
	c     *casefolder.Case
	saved casebook.Batch
	halt  breach.HaltCounts
	// withdrawn are the batches that were taken back.
	withdrawn []int
}

func (p *printer) WithdrawnBatches(context.Context, string, int) ([]int, error) {
	return p.withdrawn, nil
}

func (p *printer) Incident(context.Context, string) (casebook.Incident, error) {
	return casebook.Incident{Incident: p.c.Incident}, nil
}

func (p *printer) HaltCounts(context.Context, string) (now, accepted breach.HaltCounts, err error) {
	return p.halt, breach.HaltCounts{}, nil
}

func (p *printer) FinishedBatches(context.Context, string, int) (map[int]bool, error) {
	return nil, nil
}

func (p *printer) MailRun(context.Context, string, int) (casebook.MailRun, error) {
	return casebook.MailRun{Number: 1, Batches: 1, MailOn: civil.MustParse("2026-11-28")}, nil
}

func (p *printer) IntendBatch(context.Context, string, int, string) error { return nil }

func (p *printer) SaveBatch(_ context.Context, _ string, _ int, b casebook.Batch) error {
	p.saved = b
	return nil
}

func (p *printer) Letters(ctx context.Context, _ string, _, _ int, each func(*casebook.Letter) error) error {
	return p.c.Findings(ctx, func(_ int, person *breach.Person) error {
		letter := casebook.Letter{PieceID: "R001-" + person.Key, Person: *person}
		for _, practice := range p.c.Practices {
			if practice.Key == person.PracticeKey {
				letter.Practices = append(letter.Practices, practice)
			}
		}
		return each(&letter)
	})
}

// What is held back stands in held.csv and in the batch, with its true reason
// and without a name; a batch of which nothing is printed is finished like any other.
func TestABatchSaysWhatItHeldBack(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		files  []string
		held   string
		batch  []casebook.HeldPiece
		pieces int
	}{
		"held-all": {
			files: []string{"held.csv", "manifest.json", "pieces.csv"},
			held:  "practice_key,person_key,reason\nP1,K1,script\n", batch: []casebook.HeldPiece{{PieceID: "R001-K1", Reason: breach.HeldScript}},
		},
		"held-one-of-two": {
			files: []string{"held.csv", "letters.pdf", "manifest.json", "pieces.csv"}, pieces: 1,
			held: "practice_key,person_key,reason\nP1,K2,script\n", batch: []casebook.HeldPiece{{PieceID: "R001-K2", Reason: breach.HeldScript}},
		},
		"held-long-address": {
			files: []string{"held.csv", "letters.pdf", "manifest.json", "pieces.csv"}, pieces: 1,
			held: "practice_key,person_key,reason\nP1,K2,address_too_long\n", batch: []casebook.HeldPiece{{PieceID: "R001-K2", Reason: breach.HeldAddressTooLong}},
		},
		"spanish": {
			files: []string{"held.csv", "manifest.json", "pieces.csv"},
			held:  "practice_key,person_key,reason\nP1,K1,language\n", batch: []casebook.HeldPiece{{PieceID: "R001-K1", Reason: breach.HeldLanguage}},
		},
		"st-alphonsus": {files: []string{"letters.pdf", "manifest.json", "pieces.csv"}, pieces: 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, report, err := casefolder.Read(t.Context(), cases.Folder(t, name), civil.MustParse("2026-11-28"), nil)
			require.NoError(t, err)
			require.False(t, report.Refused())
			store := &printer{c: c}
			a := &Activities{
				Store: store, Out: outfolder.New(t.TempDir()), Zone: time.UTC,
				Now: func() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) },
			}
			folder := a.Out.Incident(c.Incident.ID).Batch(casebook.BatchName(1, 1))
			// What an attempt left that did not end.
			require.NoError(t, os.MkdirAll(folder, 0o755))
			for _, name := range []string{"letters.pdf", "held.csv"} {
				require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte("half"), 0o600))
			}
			for range 2 {
				_, err = a.renderBatch(t.Context(), c.Incident.ID, 1, 1)
				require.NoError(t, err)
				require.Equal(t, want.batch, store.saved.Held)
				require.Equal(t, want.pieces, store.saved.Pieces)
				entries, err := os.ReadDir(folder)
				require.NoError(t, err)
				var files []string
				for _, e := range entries {
					files = append(files, e.Name())
				}
				require.Equal(t, want.files, files)
				if want.held != "" {
					held, err := os.ReadFile(filepath.Join(folder, "held.csv"))
					require.NoError(t, err)
					require.Equal(t, want.held, string(held))
				}
				if want.pieces == 0 {
					pieces, err := os.ReadFile(filepath.Join(folder, "pieces.csv"))
					require.NoError(t, err)
					require.Equal(t, 1, strings.Count(string(pieces), "\n"), "the names of the columns alone")
					require.True(t, strings.HasPrefix(string(pieces), "piece_id,first_page,pages,address_block,"))
					require.Empty(t, store.saved.PDFSHA256)
				}
				var m manifest
				content, err := os.ReadFile(filepath.Join(folder, "manifest.json"))
				require.NoError(t, err)
				require.NoError(t, json.Unmarshal(content, &m))
				require.Equal(t, len(want.batch), m.Held)
				require.Len(t, m.Files, len(want.files)-1, "every file but itself")
			}
		})
	}
}

// TestABatchSaysInWhichLanguageItsLettersAre: pieces.csv of those that are printed, and the
// record of every letter, also of one that is held back for its language.
func TestABatchSaysInWhichLanguageItsLettersAre(t *testing.T) {
	t.Parallel()
	texts := breach.Translation{WhatHappened: "Pasó.", WhatWeAreDoing: "Hacemos.", WhatYouCanDo: "Puede."}
	for name, c := range map[string]struct {
		given map[string]breach.Translation
		want  breach.LetterLanguage
	}{
		"translated":     {map[string]breach.Translation{"es": texts}, breach.LetterLanguage{Tag: "es", Asked: "es", Reason: breach.LanguageChosen}},
		"not translated": {nil, breach.LetterLanguage{Asked: "es", Reason: breach.LanguageMissing}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read, _, err := casefolder.Read(t.Context(), cases.Folder(t, "spanish"), civil.MustParse("2026-11-28"), nil)
			require.NoError(t, err)
			read.Incident.Translations = c.given
			store := &printer{c: read}
			a := &Activities{Store: store, Out: outfolder.New(t.TempDir()), Zone: time.UTC, Now: func() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) }}
			_, err = a.renderBatch(t.Context(), read.Incident.ID, 1, 1)
			require.NoError(t, err)
			require.Equal(t, []casebook.PieceLanguages{{LetterLanguage: c.want, PieceIDs: []string{"R001-K1"}}}, store.saved.Languages)
			pieces, err := os.ReadFile(filepath.Join(a.Out.Incident(read.Incident.ID).Batch(casebook.BatchName(1, 1)), "pieces.csv"))
			require.NoError(t, err)
			require.Equal(t, c.want.Tag == "es", strings.Contains(string(pieces), ",P1,es,first_class,"), "%s", pieces)
		})
	}
}
