package bucket

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"duenotice/internal/outfolder"
)

// Bucket is a place of outputs in an object store.
type Bucket struct {
	settings     Settings
	name, prefix string
	store        *minio.Core
	patience     patience
	// broken is what is wrong with the settings, where they were not checked.
	broken error
}

// patience is how long the store is waited for: request is how long a request may take
// with all its tries, stall how long nothing may come of a file that is read.
type patience struct{ request, stall time.Duration }

var _ outfolder.Place = (*Bucket)(nil)

const (
	// tries is how often a request is made before its step fails, which is then tried
	// again by Temporal: a store that is away is not asked in a hurry.
	tries = 4
	// answerLimit is how long the store may take to begin its answer.
	answerLimit = 20 * time.Second
	// slowest is how many bytes a second a file is expected to take at least.
	slowest = 64 << 10
)

// New returns the bucket of settings, which Settings.Check has found fit. It asks nobody.
func New(settings Settings) *Bucket {
	b := &Bucket{settings: settings, patience: patience{request: time.Minute, stall: 30 * time.Second}}
	b.name, b.prefix = settings.parts()
	if b.broken = settings.Check(); b.broken != nil {
		return b
	}
	host, secure := settings.Host()
	transport, err := minio.DefaultTransport(secure)
	if err != nil {
		b.broken = err
		return b
	}
	transport.DialContext = (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	transport.ResponseHeaderTimeout = answerLimit
	region := settings.Region
	if region == "" {
		region = usualRegion
	}
	b.store, b.broken = minio.NewCore(host, &minio.Options{
		Creds: credentials.New(&provider{from: settings.Credentials}), Secure: secure, Region: region, Transport: transport, MaxRetries: tries,
	})
	return b
}

// Address is s3://BUCKET/KEY.
func (b *Bucket) Address(key string) string {
	parts := []string{outfolder.BucketScheme + b.name}
	for _, part := range []string{b.prefix, key} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "/")
}

// Key is what follows the prefix.
func (b *Bucket) Key(address string) (string, bool) {
	return strings.CutPrefix(address, b.Address("")+"/")
}

// object is the whole name of a key in the bucket.
func (b *Bucket) object(key string) string {
	if b.prefix == "" {
		return key
	}
	return b.prefix + "/" + key
}

// ask makes one request, with its limit of time, and says in a person's words what
// became of it.
func (b *Bucket) ask(ctx context.Context, doing, key string, bytes int64, request func(context.Context) error) error {
	if b.broken != nil {
		return b.broken
	}
	limited, cancel := context.WithTimeout(ctx, b.patience.request+time.Duration(bytes/slowest)*time.Second)
	defer cancel()
	return b.problem(ctx, doing, key, request(limited))
}

// The file's own sums go with it, as what S3 calls user metadata.
const (
	metaSum        = "Duenotice-Sha256"
	metaPlainSum   = "Duenotice-Plain-Sha256"
	metaPlainBytes = "Duenotice-Plain-Bytes"
)

// found reads what was written with a file; known is false of one that this program
// did not write.
func found(info minio.ObjectInfo) (f outfolder.Found, known bool) {
	f.Content = outfolder.Content{SHA256: info.UserMetadata[metaSum], Bytes: info.Size}
	if sum := info.UserMetadata[metaPlainSum]; sum != "" {
		if n, err := strconv.ParseInt(info.UserMetadata[metaPlainBytes], 10, 64); err == nil {
			f.Plain = &outfolder.Content{SHA256: sum, Bytes: n}
		}
	}
	return f, f.SHA256 != ""
}

// head asks for what is known of a file, without the file.
func (b *Bucket) head(ctx context.Context, key string) (info minio.ObjectInfo, err error) {
	err = b.ask(ctx, "look for", key, 0, func(ctx context.Context) (err error) {
		info, err = b.store.StatObject(ctx, b.name, b.object(key), minio.StatObjectOptions{})
		return err
	})
	return info, err
}

// Find asks for the sums that were written with the file. One that somebody else put
// there is read.
func (b *Bucket) Find(ctx context.Context, key string) (outfolder.Found, error) {
	info, err := b.head(ctx, key)
	if err != nil {
		return outfolder.Found{}, err
	}
	if f, known := found(info); known {
		return f, nil
	}
	file, err := b.Open(ctx, key)
	if err != nil {
		return outfolder.Found{}, err
	}
	defer func() { _ = file.Close() }() // only read
	sum := sha256.New()
	n, err := io.Copy(sum, file)
	return outfolder.Found{Content: outfolder.Content{SHA256: hex.EncodeToString(sum.Sum(nil)), Bytes: n}}, err
}

// Holds compares the sums.
func (b *Bucket) Holds(ctx context.Context, key string, want outfolder.Content) (bool, error) {
	f, err := b.Find(ctx, key)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && f.Content == want, err
}

// Exists asks for the file's name alone.
func (b *Bucket) Exists(ctx context.Context, key string) (bool, error) {
	_, err := b.head(ctx, key)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Each lists the keys.
func (b *Bucket) Each(ctx context.Context, below string, do func(key string) error) error {
	if b.broken != nil {
		return b.broken
	}
	for info := range b.store.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Prefix: b.object(below) + "/", Recursive: true}) {
		if info.Err != nil {
			return b.problem(ctx, "list", below, info.Err)
		}
		if strings.HasSuffix(info.Key, "/") {
			continue // what consoles make in place of an empty folder
		}
		err := do(strings.TrimPrefix(info.Key, b.object("")))
		if errors.Is(err, fs.SkipAll) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return b.problem(ctx, "list", below, ctx.Err())
}

// Remove takes the files away with one request. In a bucket that keeps versions the
// earlier ones stay until its rules remove them.
func (b *Bucket) Remove(ctx context.Context, keys ...string) error {
	if len(keys) == 1 {
		return b.ask(ctx, "remove", keys[0], 0, func(ctx context.Context) error {
			return b.store.RemoveObject(ctx, b.name, b.object(keys[0]), minio.RemoveObjectOptions{})
		})
	}
	return b.ask(ctx, "remove", keys[0], 0, func(ctx context.Context) (err error) {
		objects := make(chan minio.ObjectInfo, len(keys))
		for _, key := range keys {
			objects <- minio.ObjectInfo{Key: b.object(key)}
		}
		close(objects)
		for failed := range b.store.RemoveObjects(ctx, b.name, objects, minio.RemoveObjectsOptions{}) {
			err = errors.Join(err, failed.Err)
		}
		return err
	})
}

// CleanTemps finds nothing: a file is there whole, or not at all.
func (b *Bucket) CleanTemps(context.Context) (int, error) { return 0, nil }

// isStatus reports an answer of the store by its number.
func isStatus(err error, status int) bool {
	var answer minio.ErrorResponse
	return errors.As(err, &answer) && answer.StatusCode == status
}

// lost reports that somebody else was quicker with the same file.
func lost(err error) bool {
	return isStatus(err, http.StatusPreconditionFailed) || isStatus(err, http.StatusConflict)
}
