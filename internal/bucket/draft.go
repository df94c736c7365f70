package bucket

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"strconv"
	"sync"

	"github.com/minio/minio-go/v7"

	"duenotice/internal/outfolder"
)

// Create begins a file in memory.
func (b *Bucket) Create(key string) (outfolder.Draft, error) {
	return &draft{b: b, key: key, hash: sha256.New(), content: &content{}}, b.broken
}

// Write writes a whole file.
func (b *Bucket) Write(ctx context.Context, key string, whole []byte) error {
	_, err := b.commit(ctx, key, newUpload(sumOf(whole), int64(len(whole)), func() io.ReadSeeker { return bytes.NewReader(whole) }, nil))
	return err
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

type draft struct {
	b       *Bucket
	key     string
	hash    hash.Hash
	content *content // nil when it is over
}

func (d *draft) Write(p []byte) (int, error) {
	if d.content == nil {
		return 0, fmt.Errorf("write to %s: %w", d.b.Address(d.key), os.ErrClosed)
	}
	d.hash.Write(p)
	return d.content.Write(p)
}

func (d *draft) Commit(ctx context.Context, plain *outfolder.Content) (outfolder.Found, error) {
	if d.content == nil {
		return outfolder.Found{}, fmt.Errorf("commit %s: %w", d.b.Address(d.key), os.ErrClosed)
	}
	defer d.Abort()
	whole := d.content
	return d.b.commit(ctx, d.key, newUpload(hex.EncodeToString(d.hash.Sum(nil)), whole.size, whole.reader, plain))
}

func (d *draft) Abort() { d.content = nil }

// body is what a request sends. The client begins a request again from its start while the
// transport may still read for the one that was answered early: what is sent then is too
// short or has another sum, so that the store refuses it and it is sent once more.
type body struct {
	mu   sync.Mutex
	from io.ReadSeeker
}

func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.from.Read(p)
}

func (b *body) Seek(offset int64, whence int) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.from.Seek(offset, whence)
}

// upload is a file that is to be written.
type upload struct {
	outfolder.Found

	reader func() io.ReadSeeker
}

func newUpload(sum string, size int64, reader func() io.ReadSeeker, plain *outfolder.Content) upload {
	return upload{outfolder.Found{Content: outfolder.Content{SHA256: sum, Bytes: size}, Plain: plain}, reader}
}

// same reports whether a file that is there says the same: of an encrypted one
// when what is in it is the same.
func (u upload) same(there outfolder.Found) bool {
	return u.Content == there.Content || (u.Plain != nil && there.Plain != nil && *u.Plain == *there.Plain)
}

const (
	// smallFile is up to how many bytes a file is sent without asking what is there: most
	// files are new.
	smallFile = 256 << 10
	// commitTries is how often others may be quicker with the same file.
	commitTries = 20
)

// commit writes a file over the one that was looked at, or where there is none, and
// over no other: of two workers that write the same, one writes it and both return
// what that one wrote.
func (b *Bucket) commit(ctx context.Context, key string, u upload) (outfolder.Found, error) {
	look := u.Bytes > smallFile
	for range commitTries {
		over := ""
		if look {
			info, err := b.head(ctx, key)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return outfolder.Found{}, err
			}
			if err == nil {
				there, known := found(info)
				if known && u.same(there) {
					return there, nil
				}
				over = info.ETag
			}
		}
		err := b.put(ctx, key, u, over)
		if err == nil {
			return u.Found, nil
		}
		// That it is gone again is as good as that another is there.
		if !lost(err) && !(over != "" && errors.Is(err, fs.ErrNotExist)) {
			return outfolder.Found{}, err
		}
		look = true
	}
	return outfolder.Found{}, &outfolder.Problem{What: fmt.Sprintf("write %s: others wrote it %d times meanwhile", b.Address(key), commitTries),
		Todo: "It is tried again by itself. If it stays, see whether another program writes into the bucket."}
}

// CreateOnce writes a file where there is none.
func (b *Bucket) CreateOnce(ctx context.Context, key string, whole []byte) error {
	err := b.put(ctx, key, newUpload(sumOf(whole), int64(len(whole)), func() io.ReadSeeker { return bytes.NewReader(whole) }, nil), "")
	if lost(err) {
		return fs.ErrExist
	}
	return err
}

// put writes a file over the one with the tag, or with "" where there is none.
func (b *Bucket) put(ctx context.Context, key string, u upload, over string) error {
	return b.ask(ctx, "write", key, u.Bytes, func(ctx context.Context) error {
		secure, err := b.settings.encryption()
		if err != nil {
			return err
		}
		options := minio.PutObjectOptions{
			ContentType: "application/octet-stream", ServerSideEncryption: secure,
			// The sum of the whole is given instead of one for each part: the store compares
			// what it took in, and takes nothing that was cut short.
			DisableContentSha256: true,
			UserMetadata:         map[string]string{metaSum: u.SHA256},
		}
		if u.Plain != nil {
			options.UserMetadata[metaPlainSum] = u.Plain.SHA256
			options.UserMetadata[metaPlainBytes] = strconv.FormatInt(u.Plain.Bytes, 10)
		}
		if over == "" {
			options.SetMatchETagExcept("*")
		} else {
			options.SetMatchETag(over)
		}
		_, err = b.store.PutObject(ctx, b.name, b.object(key), &body{from: u.reader()}, u.Bytes, "", u.SHA256, options)
		return err
	})
}
