package mail

import (
	"context"
	"errors"
	"fmt"

	"duenotice/internal/outfolder"
)

type emlFolder struct{ out outfolder.Folder }

// NewEMLFolder returns a sender that puts each message into the outbox of out as
// FILE.eml, for a person to send with a mail program. It sends nothing.
func NewEMLFolder(out outfolder.Folder) Sender { return emlFolder{out} }

func (emlFolder) Name() string { return "eml" }

// Ready finds out with the message: whether a folder can be written is known
// when it is.
func (emlFolder) Ready() error { return nil }

// Outcome reports whether the message's file was written. It may be gone since,
// moved by whoever sent it, and is then not known to have been.
func (e emlFolder) Outcome(ctx context.Context, id, file string) (Outcome, error) {
	if err := errors.Join(checkID(id), checkFile(file)); err != nil {
		return NotKnown, err
	}
	there, err := e.out.Exists(ctx, e.out.Mail(file))
	switch {
	case err != nil:
		return NotKnown, fmt.Errorf("look for the e-mail in the outbox: %w", err)
	case !there:
		return NotTaken, nil
	}
	return Written, nil
}

// Send writes the message's file. One that is there already is the message,
// written earlier: a person may have sent it on, so it is never rewritten.
func (e emlFolder) Send(ctx context.Context, m Message) (Receipt, error) {
	if err := m.check(true); err != nil {
		return Receipt{}, err
	}
	if err := checkFile(m.File); err != nil {
		return Receipt{}, err
	}
	if err := ctx.Err(); err != nil {
		return Receipt{}, &Unavailable{Err: err}
	}
	receipt := Receipt{Outcome: Written, ProviderID: m.File + ".eml"}
	there, err := e.Outcome(ctx, m.ID, m.File)
	if err != nil {
		return Receipt{}, err
	}
	if there == Written {
		return receipt, nil
	}
	if _, err := e.out.WriteFile(ctx, e.out.Mail(m.File), m.eml()); err != nil {
		return Receipt{}, fmt.Errorf("write the e-mail to the outbox: %w", err)
	}
	return receipt, nil
}
