package stack

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	worker = "worker"
	// workerGrace is how long a worker may take to finish the activities at hand.
	workerGrace = 30 * time.Second
)

// CopyExecutable copies the running program into the state folder's bin/ and
// returns the copy's path: "go run" deletes its program when the command ends,
// and a worker outlives that. The name holds a hash of the content, so that the
// same build is the same path and another build another one.
func CopyExecutable(dir string) (string, error) {
	f, err := openFolder(dir)
	if err != nil {
		return "", err
	}
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("cannot find this program's file: %w", err)
	}
	program, err := os.Open(self)
	if err != nil {
		return "", fmt.Errorf("cannot copy this program: %w", err)
	}
	defer func() { _ = program.Close() }() // only read
	if err := os.MkdirAll(f.path("bin"), 0o700); err != nil {
		return "", fmt.Errorf("cannot copy this program: %w", err)
	}
	tmp, err := os.CreateTemp(f.path("bin"), ".copy-*")
	if err != nil {
		return "", fmt.Errorf("cannot copy this program: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when it was renamed
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(tmp, hash), program)
	if err := errors.Join(err, tmp.Chmod(0o700), tmp.Close()); err != nil {
		return "", fmt.Errorf("cannot copy this program: %w", err)
	}
	path := f.path("bin", "duenotice-"+hex.EncodeToString(hash.Sum(nil)[:6]))
	if isProgram(path) {
		return path, nil
	}
	return path, os.Rename(tmp.Name(), path)
}

// placeUI gives the worker a port on which it shows Temporal's UI: the one it had
// last, unless something else has that now.
func (i *Info) placeUI(ctx context.Context, f folder) error {
	found := f.keptPorts(worker)
	if _, ok := f.running(worker); !ok || found[0] == 0 {
		var err error
		if found, err = f.choosePorts(ctx, worker, 1); err != nil {
			return err
		}
	}
	name, err := f.uiName()
	if err != nil {
		return err
	}
	listen := address(found[0])
	i.TemporalUI = "http://" + net.JoinHostPort(name, strconv.Itoa(found[0]))
	i.WorkerEnv = slices.Concat(i.WorkerEnv, []string{
		"DUENOTICE_UI_LISTEN=" + listen, "DUENOTICE_UI_UPSTREAM=" + i.UIUpstream, "DUENOTICE_TEMPORAL_UI=" + i.TemporalUI,
	})
	return nil
}

// uiName is the host name of this stack's page, made once: a label that nobody can
// guess below localhost, which browsers take for this machine. A browser sends the
// page's cookie to every port of the name it is from, also to another account's;
// this name is known to nobody else, and a page of another name is refused there.
func (f folder) uiName() (string, error) { return f.localName(worker, "ui-name.json") }

// localName is a host name of a page of this stack, kept in a file of one of its parts.
func (f folder) localName(part, file string) (string, error) {
	path := f.path(part, file)
	var label string
	if readJSON(path, &label) && uiLabel.MatchString(label) {
		return label + ".localhost", nil
	}
	label = strings.ToLower(rand.Text())
	if err := writeJSON(path, label); err != nil {
		return "", fmt.Errorf("the name of a page on this machine cannot be kept: %w", err)
	}
	return label + ".localhost", nil
}

// uiLabel is what rand.Text gives, in small letters.
var uiLabel = regexp.MustCompile(`^[a-z2-7]{26,}$`)

// startWorker runs a worker by its name with more environment, unless the very same one
// runs already. One of another build or with other settings is replaced.
func (f folder) startWorker(ctx context.Context, i *Info, name string, more []string, progress func(string)) error {
	wanted := i.workerSettings(more)
	if running, ok := f.running(name); ok {
		if running.Wanted == wanted {
			return nil
		}
		progress("Replacing " + titleOf(name) + ": it is of another build or has other settings")
		if err := stopWorker(ctx, running); err != nil {
			return err
		}
	}
	progress("Starting " + titleOf(name))
	_, err := f.start(spec{name: name, args: i.WorkerArgs, env: append(i.workerEnv(), more...), wanted: wanted})
	return err
}

func stopWorker(ctx context.Context, p *proc) error { return p.stop(ctx, syscall.SIGTERM, workerGrace) }

// workerEnv is the whole environment of the worker: ours, but its database and
// Temporal are the stack's whatever ours says.
func (i *Info) workerEnv() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		// PG... too: the database driver reads what libpq reads.
		return strings.HasPrefix(v, "TEMPORAL_") || strings.HasPrefix(v, "PG")
	})
	return slices.Concat(env, i.Env(), i.WorkerEnv)
}

// workerSettings is a hash of all that makes a worker another one.
func (i *Info) workerSettings(more []string) string {
	h := sha256.New()
	list := slices.Concat(i.WorkerArgs, i.Env(), i.WorkerEnv, more)
	if known, err := i.Certificates.ID(); err == nil { // where they cannot be read, the worker says so when it starts
		list = append(list, known)
	}
	for _, v := range os.Environ() {
		if strings.HasPrefix(v, "DUENOTICE_") || strings.HasPrefix(v, "SENDGRID_") {
			list = append(list, v)
		}
	}
	for _, v := range list {
		fmt.Fprintf(h, "%d:%s", len(v), v)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// removeOldCopies deletes copies of this program that no worker runs any more.
func (f folder) removeOldCopies(keep string) {
	entries, err := os.ReadDir(f.path("bin"))
	if err != nil {
		return // nothing was copied
	}
	for _, e := range entries {
		if path := f.path("bin", e.Name()); path != keep && strings.HasPrefix(e.Name(), "duenotice-") {
			_ = os.Remove(path) // left for the next time
		}
	}
}
