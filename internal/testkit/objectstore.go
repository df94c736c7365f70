package testkit

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"duenotice/internal/stack"
)

// ObjectStore is a bucket of a real object store that speaks S3.
type ObjectStore struct {
	// Endpoint is http://host:port.
	Endpoint string
	// Bucket is the test's own and was empty.
	Bucket string
	// AccessKeyID and SecretAccessKey open every bucket.
	AccessKeyID, SecretAccessKey string
	// Folder has the bucket's objects as files, for looking past the store.
	Folder string

	program string
}

// Bucket makes a bucket for the test.
func Bucket(t testing.TB) ObjectStore {
	t.Helper()
	at, err := servers(t).ObjectStore(t.Context())
	if err != nil {
		t.Fatalf("testkit: this test needs an object store: %v", err)
	}
	at.Bucket = "test-" + strings.ToLower(rand.Text()[:16])
	at.Folder = filepath.Join(at.Folder, at.Bucket)
	if err := os.Mkdir(at.Folder, 0o700); err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return at
}

// User makes a user of the store who may do nothing yet, and returns the keys.
func (o ObjectStore) User(t testing.TB) (accessKeyID, secretAccessKey string) {
	t.Helper()
	accessKeyID, secretAccessKey = "user-"+rand.Text()[:12], rand.Text()
	create := exec.CommandContext(t.Context(), o.program, "admin", "create-user", "--access", accessKeyID, "--secret", secretAccessKey, "--role", "user")
	create.Env = append(os.Environ(), "ADMIN_ENDPOINT_URL="+o.Endpoint, "ADMIN_ACCESS_KEY_ID="+o.AccessKeyID, "ADMIN_SECRET_ACCESS_KEY="+o.SecretAccessKey)
	if out, err := create.CombinedOutput(); err != nil {
		t.Fatalf("testkit: %v: %s", err, out)
	}
	return accessKeyID, secretAccessKey
}

// Env is what a program is told to keep its outputs in the bucket, below prefix.
func (o ObjectStore) Env(prefix string) map[string]string {
	return map[string]string{
		"DUENOTICE_OUT": "s3://" + o.Bucket + "/" + prefix, "DUENOTICE_S3_ENDPOINT": o.Endpoint,
		"DUENOTICE_S3_ACCESS_KEY_ID": o.AccessKeyID, "DUENOTICE_S3_SECRET_ACCESS_KEY": o.SecretAccessKey,
	}
}

// ObjectStore is the object store, without a bucket.
func (s *Servers) ObjectStore(ctx context.Context) (ObjectStore, error) {
	return s.objects.get(func() (ObjectStore, error) {
		dir, err := s.dir(ctx)
		if err != nil {
			return ObjectStore{}, err
		}
		program, err := buildGateway(ctx)
		if err != nil {
			return ObjectStore{}, err
		}
		return s.startGateway(ctx, program, filepath.Join(dir, "objects"))
	})
}

// buildGateway builds the store, versitygw, of a module of its own: nothing of it is
// linked into the programs. What was built is kept as the other tools are.
func buildGateway(ctx context.Context) (string, error) {
	found, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	root := filepath.Dir(strings.TrimSpace(string(found)))
	bin := filepath.Join(root, ".bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return "", err
	}
	unlock, err := stack.Lock(ctx, filepath.Join(bin, ".versitygw.lock"), nil)
	if err != nil {
		return "", err
	}
	defer unlock()
	build := exec.CommandContext(ctx, "go", "-C", filepath.Join(root, "tools", "versitygw"), "build", "-o", bin+string(filepath.Separator), "tool")
	// As make builds it: what a test is compiled with says nothing of it.
	build.Env = append(os.Environ(), "GOFLAGS=", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build versitygw: %w\n%s", err, out)
	}
	return filepath.Join(bin, "versitygw"), nil
}

// startGateway starts the store. It ends when its standard input does, and so with
// whoever started it, however that ends.
func (s *Servers) startGateway(ctx context.Context, program, dir string) (ObjectStore, error) {
	at := ObjectStore{AccessKeyID: "test-" + rand.Text()[:12], SecretAccessKey: rand.Text(), Folder: filepath.Join(dir, "buckets"), program: program}
	sidecar, users := filepath.Join(dir, "sidecar"), filepath.Join(dir, "users")
	for _, folder := range []string{at.Folder, users} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return at, err
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return at, err
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return at, err
	}
	at.Endpoint = "http://" + address
	run := []string{"-c", `"$@" & cat >/dev/null; kill $!; wait`, "sh", program, "--port", address, "--quiet", "--iam-dir", users, "posix"}
	// What is known of a file is kept with it, and so is seen all at once, as in a store in
	// production. Beside it, where the file system cannot, one who looks while it is written
	// over sees some of both.
	if unix.Setxattr(at.Folder, "user.duenotice.try", []byte("x"), 0) != nil {
		if err := os.Mkdir(sidecar, 0o700); err != nil {
			return at, err
		}
		run = append(run, "--sidecar", sidecar)
	}
	gateway := exec.CommandContext(context.WithoutCancel(ctx), "/bin/sh", append(run, at.Folder)...)
	gateway.Env = append(os.Environ(), "ROOT_ACCESS_KEY_ID="+at.AccessKeyID, "ROOT_SECRET_ACCESS_KEY="+at.SecretAccessKey)
	var said bytes.Buffer
	gateway.Stdout, gateway.Stderr = &said, &said
	stdin, err := gateway.StdinPipe()
	if err != nil {
		return at, err
	}
	if err := gateway.Start(); err != nil {
		return at, err
	}
	s.stopObjects = func() error { return errors.Join(stdin.Close(), ignoreExit(gateway.Wait())) }
	for range 200 {
		connection, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", address)
		if err == nil {
			return at, connection.Close()
		}
		select {
		case <-ctx.Done():
			return at, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return at, errors.Join(fmt.Errorf("the object store does not answer at %s", address), s.stopObjects(), errors.New(said.String()))
}

// ignoreExit leaves out that a program ended by a signal, which it was meant to.
func ignoreExit(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}
