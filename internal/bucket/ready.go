package bucket

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/google/uuid"

	"duenotice/internal/outfolder"
)

// Ready writes a file, sees that it is not written a second time, reads it, and takes
// it away. A store that does not compare before it writes would let two workers undo
// each other's files without a word, and one that does not encrypt although it was
// asked to would keep patients' data as it must not.
func (b *Bucket) Ready(ctx context.Context) (err error) {
	key := ".duenotice-try-" + uuid.NewString()
	words := []byte("Duenotice tries whether it can write here.\n")
	if err := b.CreateOnce(ctx, key, words); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Remove(context.WithoutCancel(ctx), key)) }()
	if err := b.CreateOnce(ctx, key, words); !errors.Is(err, fs.ErrExist) {
		return errors.Join(err, &outfolder.Problem{
			What: "the store of " + b.Address("") + " wrote a file over another although it was told not to (If-None-Match)",
			Todo: "Take a newer version of the store, or another one: with this one two workers would undo each other's files.",
		})
	}
	file, err := b.Open(ctx, key)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, file)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return b.encrypts(ctx, key)
}

// encrypts sees that the store encrypts what it was asked to.
func (b *Bucket) encrypts(ctx context.Context, key string) error {
	if b.settings.Encryption == "" {
		return nil
	}
	info, err := b.head(ctx, key)
	if err != nil {
		return err
	}
	if info.Metadata.Get("X-Amz-Server-Side-Encryption") == "" {
		return &outfolder.Problem{
			What: "the store of " + b.Address("") + " does not say that it encrypted what DUENOTICE_S3_ENCRYPTION asks it to",
			Todo: "See that the store can and may encrypt, or leave DUENOTICE_S3_ENCRYPTION out and let the bucket or its disks encrypt.",
		}
	}
	return nil
}
