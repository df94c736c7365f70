package activities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
)

// PostRecordStore knows which practices' letters are in a batch, by records beside them.
type PostRecordStore interface {
	PostLister
	// SealPost returns the record of a batch of letters to practices that was made.
	SealPost(ctx context.Context, b casebook.PostBatch, made casebook.Batch) ([]byte, error)
	// OpenPost reads one, or refuses it with code "foreign_record".
	OpenPost(ctx context.Context, incidentID, name string, sealed []byte) (casebook.PostBatch, casebook.Batch, error)
	// AdoptPost takes a batch over by its record; adopted is false where nobody said so.
	AdoptPost(ctx context.Context, incidentID, name string, sealed []byte) (adopted bool, err error)
}

// PostLister lists the batches of letters to practices that a database knows.
type PostLister interface {
	PostBatches(ctx context.Context, incidentID string) ([]casebook.PostBatchState, error)
}

// PostPrintedBefore returns the batches of letters to practices that lie whole in the
// incident's folder and that the database does not know as printed: unknown are those that
// it did not even plan, unsaved those that it did.
func PostPrintedBefore(ctx context.Context, store PostLister, folder outfolder.Incident, incidentID string) (unknown, unsaved []string, err error) {
	// The folder first: a batch that is printed meanwhile is known by then.
	names, err := folder.PrintedBatches(ctx)
	if err != nil || len(names) == 0 {
		return nil, nil, err
	}
	there, err := store.PostBatches(ctx, incidentID)
	if err != nil {
		return nil, nil, err
	}
	printed := map[string]bool{}
	for _, b := range there {
		printed[b.Name] = !b.PrintedAt.IsZero()
	}
	for _, name := range names {
		if _, ok := casebook.PostBatchNumber(name); !ok {
			continue
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

// ErrPostPrintedBefore says that a database was restored from a backup of before letters to
// practices were printed: who has one could get another.
func ErrPostPrintedBefore(incidentID string, batches []string) error {
	return breach.Refuse("printed_before",
		fmt.Sprintf("Look at them with duenotice adopt %s --list, then take them over with duenotice adopt %s --by YOUR NAME. One that was never mailed can be moved away. docs/deployment.md has the whole drill.", incidentID, incidentID),
		"%d batches of letters to practices lie printed in the output folder that this database does not know, the first of them %s: it was restored from a backup of before. No letter to a practice is printed, so that nobody gets a second one",
		len(batches), batches[0])
}

// postKnown refuses, with code "printed_before", that letters to practices are planned
// while some lie printed that this database does not know.
func (a *Activities) postKnown(ctx context.Context, incidentID string) error {
	if a.Rehearsal || a.Records == nil {
		return nil
	}
	unknown, _, err := PostPrintedBefore(ctx, a.Records, a.Out.Incident(incidentID), incidentID)
	if err == nil && len(unknown) > 0 {
		err = ErrPostPrintedBefore(incidentID, unknown)
	}
	return err
}

// AdoptPost takes over letters to practices that lie printed and were forgotten, as far as
// somebody said so, and refuses with code "printed_before" while anything is left of it.
//
// It is no method, because each exported one is a step that a worker offers.
func AdoptPost(ctx context.Context, a *Activities, incidentID string) error {
	unknown, unsaved, err := PostPrintedBefore(ctx, a.Records, a.Out.Incident(incidentID), incidentID)
	if err != nil {
		return err
	}
	var left []string
	for i, names := range [][]string{unknown, unsaved} {
		for _, name := range names {
			sealed, _, err := ReadRecord(ctx, a.Out, incidentID, name)
			if err != nil {
				return err
			}
			adopted := false
			if sealed != nil {
				if adopted, err = a.Records.AdoptPost(ctx, incidentID, name, sealed); err != nil {
					return err
				}
			}
			// What is planned here may be about to be saved; whoever prints it says what is wrong.
			if planned := i == 1; !adopted && !planned {
				left = append(left, name)
			}
		}
	}
	if len(left) > 0 {
		return ErrPostPrintedBefore(incidentID, left)
	}
	return nil
}

// recordPost writes the record of a batch whose letters are in the folder.
func (a *Activities) recordPost(ctx context.Context, b casebook.PostBatch, made casebook.Batch) error {
	if a.Records == nil {
		return nil
	}
	sealed, err := a.Records.SealPost(ctx, b, made)
	if err != nil {
		return err
	}
	_, err = a.Out.WriteFile(ctx, a.Out.Incident(b.IncidentID).Record(made.Name), sealed)
	return err
}

// postLies looks whether the letters of a batch lie there already. Those of the same plan
// that lie whole, with their record, are the batch: whoever printed them died before the
// database heard of it, and somebody may have mailed them. What lies there by another plan
// is refused with code "printed_before": this database was restored from a backup of before.
func (a *Activities) postLies(ctx context.Context, b casebook.PostBatch) (lies casebook.PostBatch, made *casebook.Batch, err error) {
	name := casebook.PostBatchName(b.Number)
	content, err := a.Out.ReadFile(ctx, a.Out.Incident(b.IncidentID).Manifest(name))
	if errors.Is(err, fs.ErrNotExist) {
		return lies, nil, nil
	}
	if err != nil {
		return lies, nil, fmt.Errorf("look whether the letters to practices were printed before: %w", err)
	}
	var m manifest
	if unread := json.Unmarshal(content, &m); unread != nil || !m.PlannedAt.Equal(b.PlannedAt) {
		return lies, nil, breach.Refuse("printed_before",
			"Take them over with adopt. Or, if they were mailed, record practice_notified for their practices; then move that folder away: whoever is still owed a letter has it printed by itself.",
			"letters to practices lie printed in %s from before this database knew of them: it was restored from a backup", name)
	}
	if a.Records == nil {
		return lies, nil, nil
	}
	sealed, _, err := ReadRecord(ctx, a.Out, b.IncidentID, name)
	if err != nil || sealed == nil {
		return lies, nil, err // an earlier program printed them, and they are printed anew
	}
	lies, of, err := a.Records.OpenPost(ctx, b.IncidentID, name, sealed)
	if err != nil {
		return lies, nil, err
	}
	if files := m.contents(); !lies.PlannedAt.Equal(b.PlannedAt) || files["pieces.csv"].SHA256 != of.CSVSHA256 || files["letters.pdf"].SHA256 != of.PDFSHA256 {
		return lies, nil, nil // the record is of an attempt, and the files are of another
	}
	return lies, &of, nil
}
