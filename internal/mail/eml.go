package mail

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"duenotice/internal/outfolder"
)

type emlFolder struct{ dir string }

// NewEMLFolder returns a sender that puts each message into dir as ID.eml, for
// a person to look at or to send with a mail program.
func NewEMLFolder(dir string) Sender { return emlFolder{dir} }

func (emlFolder) Name() string { return "eml" }

// Sent reports whether the message's file is there.
func (e emlFolder) Sent(_ context.Context, id string) (sent, known bool, err error) {
	if err := checkID(id); err != nil {
		return false, true, err
	}
	info, err := os.Lstat(e.path(id))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, true, nil
	case err != nil:
		return false, false, fmt.Errorf("look for the e-mail in the outbox: %w", err)
	case !info.Mode().IsRegular():
		return false, false, fmt.Errorf("%s is in the way and is no ordinary file: move it, then run this again", e.path(id))
	}
	return true, true, nil
}

// Send writes the message's file. One that is there already is the message,
// handed over earlier: a person may have sent it on, so it is never rewritten.
func (e emlFolder) Send(ctx context.Context, m Message) (Receipt, error) {
	if err := m.check(); err != nil {
		return Receipt{}, err
	}
	if err := ctx.Err(); err != nil {
		return Receipt{}, &Unavailable{Err: err}
	}
	receipt := Receipt{ProviderID: m.ID + ".eml"}
	sent, _, err := e.Sent(ctx, m.ID)
	if err != nil {
		return Receipt{}, err
	}
	if sent {
		return receipt, nil
	}
	if _, err := outfolder.WriteFile(e.path(m.ID), m.eml()); err != nil {
		return Receipt{}, fmt.Errorf("write the e-mail to the outbox: %w", err)
	}
	return receipt, nil
}

func (e emlFolder) path(id string) string { return filepath.Join(e.dir, id+".eml") }
