package givenfile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
)

// Sum is the SHA-256 of a file that somebody hands over, in hexadecimal; "" where there is
// none.
func Sum(path string) (string, error) {
	file, err := Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer file.Close() //nolint:errcheck // only read
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// UntilDone reads from src until the context ends, and then returns its error.
func UntilDone(ctx context.Context, src io.Reader) io.Reader { return &untilDone{ctx, src} }

type untilDone struct {
	ctx context.Context //nolint:containedctx // a reader has no other way to be told
	src io.Reader
}

func (r *untilDone) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.src.Read(p)
}
