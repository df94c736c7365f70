package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
)

// RecordStore knows whose letters are in a batch, by records that lie beside the letters:
// what a database that was restored from a backup of before learns it by.
type RecordStore interface {
	// SealBatch returns the record of a batch that was made.
	SealBatch(ctx context.Context, incidentID string, run int, b casebook.Batch) ([]byte, error)
	// CheckBatch refuses a record that is not of this incident and database.
	CheckBatch(ctx context.Context, incidentID, name string, sealed []byte) error
	// AdoptedBatches returns the SHA-256 of the record of each batch that somebody said
	// is to be adopted, by its name.
	AdoptedBatches(ctx context.Context, incidentID string) (map[string]string, error)
	// AdoptRun takes over batches of one run, by their records.
	AdoptRun(ctx context.Context, incidentID string, run int, sealed map[string][]byte) error
	PostRecordStore
}

// BatchLister lists the batches that a database knows.
type BatchLister interface {
	Batches(ctx context.Context, incidentID, practiceKey string) ([]casebook.MailedBatch, error)
}

// PrintedBefore returns the batches that lie whole in the incident's folder and that the
// database does not know as printed: unknown are those of which it does not even know the
// mail run, unsaved those that it has planned. Unknown batches are of a time that the
// database has forgotten; an unsaved one may as well be about to be saved.
func PrintedBefore(ctx context.Context, store BatchLister, folder outfolder.Incident, incidentID string) (unknown, unsaved []string, err error) {
	// The folder first: a batch that is printed meanwhile is known by then.
	names, err := folder.PrintedBatches(ctx)
	if err != nil || len(names) == 0 {
		return nil, nil, err
	}
	there, err := store.Batches(ctx, incidentID, "")
	if err != nil {
		return nil, nil, err
	}
	printed := map[string]bool{}
	for _, b := range there {
		printed[b.Name] = !b.PrintedAt.IsZero()
	}
	for _, name := range names {
		if _, _, ok := casebook.BatchOf(name); !ok {
			continue // letters to practices are PostPrintedBefore's
		}
		switch saved, known := printed[name]; {
		case !known:
			unknown = append(unknown, name)
		case !saved:
			unsaved = append(unsaved, name)
		}
	}
	return unknown, unsaved, nil
}

// ErrPrintedBefore says that a database was restored from a backup of before letters were
// printed. Whatever is printed now could go to the same people once more.
func ErrPrintedBefore(incidentID string, batches []string) error {
	return breach.Refuse("printed_before",
		fmt.Sprintf("Look at them with duenotice adopt %s --list, then take them over with duenotice adopt %s --by YOUR NAME. docs/deployment.md has the whole drill.", incidentID, incidentID),
		"%d batches of letters lie printed in the output folder that this database does not know, the first of them %s: it was restored from a backup of before. No letter is printed, so that nobody gets a second one",
		len(batches), batches[0])
}

// adoptPrinted takes over what lies printed and was forgotten, as far as somebody said so,
// and refuses to go on with code "printed_before" while anything is left of it.
func (a *Activities) adoptPrinted(ctx context.Context, incidentID string) error {
	if a.Rehearsal || a.Records == nil {
		return nil
	}
	unknown, _, err := PrintedBefore(ctx, a.Store, a.Out.Incident(incidentID), incidentID)
	if err != nil || len(unknown) == 0 {
		return err
	}
	left, err := a.adopt(ctx, incidentID, unknown)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return ErrPrintedBefore(incidentID, left)
	}
	return nil
}

// adoptUnsaved takes over a batch that was planned here and lies printed, if somebody said
// so: adopted is then true.
func (a *Activities) adoptUnsaved(ctx context.Context, incidentID, name string) (adopted bool, err error) {
	if a.Rehearsal || a.Records == nil {
		return false, nil
	}
	sealed, sum, err := ReadRecord(ctx, a.Out, incidentID, name)
	if err != nil || sealed == nil {
		return false, err
	}
	said, err := a.Records.AdoptedBatches(ctx, incidentID)
	if err != nil || said[name] != sum {
		return false, err
	}
	run, _, _ := casebook.BatchOf(name)
	return true, a.Records.AdoptRun(ctx, incidentID, run, map[string][]byte{name: sealed})
}

// adopt takes over those of the batches that somebody looked at and said so, and returns
// the others.
func (a *Activities) adopt(ctx context.Context, incidentID string, names []string) (left []string, err error) {
	said, err := a.Records.AdoptedBatches(ctx, incidentID)
	if err != nil {
		return nil, err
	}
	runs := map[int]map[string][]byte{}
	for _, name := range names {
		sealed, sum, err := ReadRecord(ctx, a.Out, incidentID, name)
		if err != nil {
			return nil, err
		}
		if sealed == nil || said[name] != sum {
			left = append(left, name)
			continue
		}
		run, _, _ := casebook.BatchOf(name)
		if runs[run] == nil {
			runs[run] = map[string][]byte{}
		}
		runs[run][name] = sealed
	}
	for _, run := range slices.Sorted(maps.Keys(runs)) {
		if err := a.Records.AdoptRun(ctx, incidentID, run, runs[run]); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// ReadRecord returns the record that lies beside a batch of letters, and its SHA-256;
// none where there is none.
func ReadRecord(ctx context.Context, out outfolder.Folder, incidentID, name string) (sealed []byte, sum string, err error) {
	sealed, err = out.ReadFile(ctx, out.Incident(incidentID).Record(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("the record of batch %s cannot be read: %w", name, err)
	}
	hash := sha256.Sum256(sealed)
	return sealed, hex.EncodeToString(hash[:]), nil
}

// allowedAdopt decides whether batches may be adopted: each lies there, as it was looked
// at, and is of this incident.
func (a *Activities) allowedAdopt(ctx context.Context, incidentID string, terms casebook.AdoptTerms) error {
	if len(terms.Batches) == 0 {
		return breach.Refuse("nothing_to_adopt", "", "no batch is named")
	}
	if a.Records == nil {
		return errors.New("nothing lies printed in a rehearsal")
	}
	for _, b := range terms.Batches {
		_, _, letters := casebook.BatchOf(b.Name)
		if _, notices := casebook.PostBatchNumber(b.Name); !letters && !notices {
			return breach.Refuse("unknown_batch", "Look with adopt --list.", "%q is not a batch of letters", b.Name)
		}
		sealed, sum, err := ReadRecord(ctx, a.Out, incidentID, b.Name)
		if err != nil {
			return err
		}
		if sealed == nil || sum != b.SHA256 {
			return breach.Refuse("changed_since_looked", "Look again with adopt --list.", "the record of batch %s is not the one that was looked at", b.Name)
		}
		if letters {
			err = a.Records.CheckBatch(ctx, incidentID, b.Name, sealed)
		} else {
			_, _, err = a.Records.OpenPost(ctx, incidentID, b.Name, sealed)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
