package app

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
)

// storageKeeper knows which output folder a database's papers are in.
type storageKeeper interface {
	Storage(ctx context.Context, id string) (string, error)
}

// claimStorage makes the output folder the one of the database, or finds that it
// is. Another folder is refused with code "other_storage": papers would lie on two
// machines' disks, and each would look whole. Where the database is on this machine
// there is no other, and a folder that is not there was taken away by somebody: it
// is made again. One that is there and empty may be a disk that is not mounted. A
// bucket is there or it is not: nobody but its owner makes one.
func claimStorage(ctx context.Context, store storageKeeper, config Config) error {
	out := config.Outputs()
	there, err := store.Storage(ctx, "")
	if err != nil {
		return err
	}
	if config.inFolder() {
		if _, err := os.Stat(config.Out); errors.Is(err, fs.ErrNotExist) && there != "" && config.databaseIsHere() {
			return out.MarkAs(ctx, there)
		}
	}
	if there == "" {
		id, err := out.Mark(ctx)
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

// inFolder reports whether outputs are in a folder of a file system.
func (c Config) inFolder() bool { return !outfolder.InBucket(c.Out) }

// databaseIsHere reports whether the database is on this machine.
func (c Config) databaseIsHere() bool {
	target, err := postgres.Target(c.DatabaseURL)
	host, _, _ := strings.Cut(target, "/")
	return err == nil && (strings.HasPrefix(target, "/") || loopback(host))
}

// sameStorage refuses an output folder that is not the database's.
func sameStorage(ctx context.Context, store storageKeeper, out outfolder.Folder) error {
	there, err := store.Storage(ctx, "")
	if err != nil || there == "" {
		return err
	}
	id, err := out.ReadMark(ctx)
	if err != nil || id == there {
		return err
	}
	return breach.Refuse("other_storage",
		"Let every worker have the same one: mount the shared folder there, or set DUENOTICE_OUT to it or to the bucket. If it was moved, move the file "+outfolder.MarkName+
			" with it; if it is lost and this one takes its place, write "+there+" into "+out.MarkFile()+".",
		"the output folder %s is not the one that this database's papers are in", out.Root())
}

// loopback reports whether an address host:port stays on this machine.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
