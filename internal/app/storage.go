package app

import (
	"context"

	"duenotice/internal/breach"
	"duenotice/internal/outfolder"
)

// storageKeeper knows which output folder a database's papers are in.
type storageKeeper interface {
	Storage(ctx context.Context, id string) (string, error)
}

// claimStorage makes the output folder the one of the database, or finds that it
// is. Another folder is refused with code "other_storage": papers would lie on two
// machines' disks, and each would look whole.
func claimStorage(ctx context.Context, store storageKeeper, out string) error {
	there, err := store.Storage(ctx, "")
	if err != nil {
		return err
	}
	if there == "" {
		id, err := outfolder.New(out).Mark()
		if err != nil {
			return err
		}
		// Somebody may have been quicker, with another folder: then that stands.
		if _, err := store.Storage(ctx, id); err != nil {
			return err
		}
	}
	return sameStorage(ctx, store, out)
}

// sameStorage refuses an output folder that is not the database's.
func sameStorage(ctx context.Context, store storageKeeper, out string) error {
	folder := outfolder.New(out)
	there, err := store.Storage(ctx, "")
	if err != nil || there == "" {
		return err
	}
	id, err := folder.ReadMark()
	if err != nil || id == there {
		return err
	}
	return breach.Refuse("other_storage",
		"Let every worker have the same folder: mount the shared one there, or set DUENOTICE_OUT to it. If it was moved, move the file "+outfolder.MarkName+
			" with it; if it is lost and this one takes its place, write "+there+" into "+folder.MarkFile()+".",
		"the output folder %s is not the one that this database's papers are in", out)
}
