package activities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
)

// manifest is mail/BATCH/manifest.json: what the printer checks a delivery by.
type manifest struct {
	Batch  string `json:"batch"`
	Pieces int    `json:"pieces"`
	Pages  int    `json:"pages"`
	// Held is the number of letters held back, which held.csv lists.
	Held int `json:"held"`
	// Sheets of all letters, letters by their sheets and by their class of mail: what a
	// mail house orders paper and postage by.
	Sheets   int            `json:"sheets"`
	BySheets map[int]int    `json:"letters_by_sheets,omitempty"`
	Classes  map[string]int `json:"mail_classes,omitempty"`
	// Misread counts, of the letters held back because they did not read back as they
	// should, what was not as it should be.
	Misread map[papers.Check]int `json:"misread,omitempty"`
	Files   []manifestFile       `json:"files"`
	// PlannedAt tells letters to practices of one plan from those of another.
	PlannedAt time.Time `json:"planned_at,omitzero"`

	// before are the contents of the batch's files as they lie there whole, none where
	// they do not.
	before map[string]outfolder.Content
}

// manifestFile is a file as it is on the disk; Plain is what is in it when it is
// encrypted.
type manifestFile struct {
	Name   string             `json:"name"`
	SHA256 string             `json:"sha256"`
	Bytes  int64              `json:"bytes"`
	Plain  *outfolder.Content `json:"plain,omitempty"`
}

// content is what is in the file, whether or not it is encrypted.
func (f manifestFile) content() outfolder.Content {
	if f.Plain != nil {
		return *f.Plain
	}
	return outfolder.Content{SHA256: f.SHA256, Bytes: f.Bytes}
}

func manifestOf(w outfolder.Written) manifestFile {
	return manifestFile{path.Base(filepath.ToSlash(w.Path)), w.SHA256, w.Bytes, w.Plain}
}

// writeBatch writes the files of a batch. One in which every letter was held back
// has no letters.pdf, and a pieces.csv without rows.
// Its record is there before the manifest says that it is whole. A batch that lies there
// whole with other letters is refused with code "printed_before".
func (a *Activities) writeBatch(ctx context.Context, folder outfolder.Incident, made madeLetters, batch *casebook.Batch, seal func() ([]byte, error)) error {
	before, err := a.manifestThere(ctx, folder.Manifest(batch.Name))
	if err != nil {
		return err
	}
	m := manifest{before: before, Batch: batch.Name, Pieces: batch.Pieces, Pages: batch.Pages, Held: len(made.heldPieces), Misread: made.misread}
	m.Sheets, m.BySheets, m.Classes = papers.Sums(made.pieces)
	letters, err := a.batchFile(ctx, &m, folder.Letters(batch.Name), len(made.pieces) > 0, func(w io.Writer) error {
		_, err := w.Write(made.file)
		return err
	})
	if err != nil {
		return err
	}
	list, err := a.batchFile(ctx, &m, folder.Pieces(batch.Name), true, func(w io.Writer) error { return papers.PiecesCSV(w, made.pieces) })
	if err != nil {
		return err
	}
	_, err = a.batchFile(ctx, &m, folder.Held(batch.Name), len(made.held) > 0, func(w io.Writer) error { return papers.HeldCSV(w, made.held) })
	if err != nil {
		return err
	}
	// Of what is in them: encrypting the same letters again gives other bytes.
	batch.PDFSHA256, batch.PDFBytes = letters.SHA256, letters.Bytes
	batch.CSVSHA256, batch.CSVBytes = list.SHA256, list.Bytes
	sealed, err := seal()
	if err != nil {
		return err
	}
	if sealed != nil {
		if _, err := a.Out.WriteFile(ctx, folder.Record(batch.Name), sealed); err != nil {
			return err
		}
	}
	content, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	_, err = a.Out.WriteFile(ctx, folder.Manifest(batch.Name), append(content, '\n'))
	return err
}

// removeBatch takes away the files of a batch that was taken back while it was printed: a
// mail house must not find letters whose people get others. The manifest goes first: without
// it a batch is not whole.
func (a *Activities) removeBatch(ctx context.Context, incidentID, name string) error {
	if a.Rehearsal {
		return nil
	}
	folder := a.Out.Incident(incidentID)
	for _, address := range []string{
		folder.Manifest(name), folder.Record(name), folder.Letters(name), folder.Pieces(name), folder.Held(name),
	} {
		if err := a.Out.RemovePatientFile(ctx, address); err != nil {
			return err
		}
	}
	return nil
}

// manifestThere reads what a manifest says is in the files of a batch, by the names they
// have before they are encrypted.
func (a *Activities) manifestThere(ctx context.Context, address string) (map[string]outfolder.Content, error) {
	content, err := a.Out.ReadFile(ctx, address)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look whether the batch was printed before: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(content, &m); err != nil {
		return nil, fmt.Errorf("the manifest %s is not as it was written: restore it, or move the batch's folder away: %w", address, err)
	}
	return m.contents(), nil
}

// contents is what is in a batch's files, by the names they have before they are encrypted.
func (m manifest) contents() map[string]outfolder.Content {
	there := map[string]outfolder.Content{}
	for _, f := range m.Files {
		there[strings.TrimSuffix(f.Name, ".age")] = f.content()
	}
	return there
}

// OrderedBatch is what a batch's manifest says for its order: as its files lie there.
func OrderedBatch(ctx context.Context, out outfolder.Folder, incidentID, name string) (papers.OrderBatch, error) {
	content, err := out.ReadFile(ctx, out.Incident(incidentID).Manifest(name))
	if err != nil {
		return papers.OrderBatch{}, err
	}
	var m manifest
	if err := json.Unmarshal(content, &m); err != nil {
		return papers.OrderBatch{}, fmt.Errorf("the manifest of batch %s is not as it was written: restore it: %w", name, err)
	}
	if m.Sheets == 0 && m.Pieces > 0 {
		return papers.OrderBatch{}, breach.Refuse("printed_earlier", "Order it with pieces.csv and manifest.json.", "batch %s was printed by an earlier program, which counted no sheets", name)
	}
	b := papers.OrderBatch{Name: name, Pieces: m.Pieces, Pages: m.Pages, Sheets: m.Sheets, BySheets: m.BySheets, Classes: m.Classes}
	for _, f := range m.Files {
		if !strings.HasPrefix(f.Name, "held.csv") { // ours, not the mail house's
			b.Files = append(b.Files, papers.OrderFile{Name: f.Name, SHA256: f.SHA256, Bytes: f.Bytes})
		}
	}
	return b, nil
}

// batchFile writes one file of a batch and lists it in the manifest. One that is
// not wanted is removed: an attempt that did not end may have left it.
func (a *Activities) batchFile(ctx context.Context, m *manifest, address string, wanted bool, content func(io.Writer) error) (outfolder.Content, error) {
	if !wanted {
		return outfolder.Content{}, a.Out.RemovePatientFile(ctx, address)
	}
	file, err := a.Out.CreatePatientFile(address)
	if err != nil {
		return outfolder.Content{}, err
	}
	defer file.Abort()
	if err := content(file); err != nil {
		return outfolder.Content{}, err
	}
	if was, ok := m.before[path.Base(filepath.ToSlash(address))]; ok && was != file.Content() {
		return outfolder.Content{}, breach.Refuse("printed_before",
			"If it was never mailed, move its folder away: it is then printed by itself. Else take it over with adopt.",
			"batch %s lies printed with other letters than those that would be printed now; perhaps this database was restored from a backup", m.Batch)
	}
	written, err := file.Commit(ctx)
	if err != nil {
		return outfolder.Content{}, err
	}
	m.Files = append(m.Files, manifestOf(written))
	return written.Content(), nil
}
