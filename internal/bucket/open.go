package bucket

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/minio/minio-go/v7"

	"duenotice/internal/outfolder"
)

// Open reads a file and compares it with the sum that was written with it.
func (b *Bucket) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if b.broken != nil {
		return nil, b.broken
	}
	limited, cancel := context.WithCancelCause(ctx)
	r := &reader{b: b, key: key, ctx: ctx, cancel: cancel, hash: sha256.New()}
	r.stall = time.AfterFunc(b.patience.request, func() { cancel(errStalled) })
	body, info, _, err := b.store.GetObject(limited, b.name, b.object(key), minio.GetObjectOptions{})
	if err != nil {
		r.end()
		return nil, b.problem(ctx, "read", key, r.cause(limited, err))
	}
	r.limited, r.body, r.left = limited, body, info.Size
	if f, known := found(info); known {
		r.want = f.SHA256
	}
	return r, nil
}

// errStalled is why a file is not read on.
var errStalled = errors.New("the store stopped sending in the middle of the file")

// reader is a file that is being read.
type reader struct {
	b            *Bucket
	key          string
	ctx, limited context.Context
	cancel       context.CancelCauseFunc
	stall        *time.Timer
	body         io.ReadCloser
	hash         hash.Hash
	left         int64  // of the length that the store named
	want         string // "" of a file that this program did not write
}

// Read reads on. The end is io.EOF only of a file that is whole and what was written.
func (r *reader) Read(p []byte) (int, error) {
	r.stall.Reset(r.b.patience.stall)
	n, err := r.body.Read(p)
	r.hash.Write(p[:n])
	r.left -= int64(n)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF) && r.left > 0:
		return n, r.b.problem(r.ctx, "read", r.key, io.ErrUnexpectedEOF)
	case errors.Is(err, io.EOF) && r.want != "" && hex.EncodeToString(r.hash.Sum(nil)) != r.want:
		return n, &outfolder.Problem{What: "read " + r.b.Address(r.key), Err: outfolder.ErrDamaged,
			Todo: "Bring back an earlier version or a copy of it, or remove it: a paper is then made again when its practice changes."}
	case errors.Is(err, io.EOF):
		return n, io.EOF
	}
	return n, r.b.problem(r.ctx, "read", r.key, r.cause(r.limited, err))
}

// cause is why a request was given up, where this program did it.
func (r *reader) cause(limited context.Context, err error) error {
	if why := context.Cause(limited); errors.Is(why, errStalled) {
		return why
	}
	return err
}

func (r *reader) end() {
	r.stall.Stop()
	r.cancel(nil)
}

// Close ends the request, wherever it was.
func (r *reader) Close() error {
	r.end()
	return r.body.Close()
}
