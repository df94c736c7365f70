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
// is made again. One that is there and empty may be a disk that is not mounted.
func claimStorage(ctx context.Context, store storageKeeper, config Config) error {
	out := config.Out
	there, err := store.Storage(ctx, "")
	if err != nil {
		return err
	}
	if _, err := os.Stat(out); errors.Is(err, fs.ErrNotExist) && there != "" && config.databaseIsHere() {
		return outfolder.New(out).MarkAs(there)
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

// databaseIsHere reports whether the database is on this machine.
func (c Config) databaseIsHere() bool {
	target, err := postgres.Target(c.DatabaseURL)
	host, _, _ := strings.Cut(target, "/")
	return err == nil && (strings.HasPrefix(target, "/") || loopback(host))
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

// loopback reports whether an address host:port stays on this machine.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}
