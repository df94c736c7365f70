package stack_test

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestMain lets the test program stand in for the worker: Up runs a copy of it,
// as it runs a copy of the real program.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		os.Exit(standInWorker())
	}
	os.Exit(inOwnTemp(m))
}

// inOwnTemp runs the tests in a folder for temporary files that goes with them:
// the library that fetches PostgreSQL leaves its logs there. Everybody may enter
// it, as /tmp itself: as root PostgreSQL runs as another user.
func inOwnTemp(m *testing.M) int {
	dir, err := os.MkdirTemp("", "duenotice-test-")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := errors.Join(os.Chmod(dir, 0o755), os.Setenv("TMPDIR", dir)); err != nil {
		panic(err)
	}
	return m.Run()
}

// standInWorker writes its pid and its environment to its output folder, which
// also says that it is up, and waits to be told to stop.
func standInWorker() int {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	out := os.Getenv("DUENOTICE_OUT")
	if out == "fail" {
		fmt.Fprintln(os.Stderr, "the worker cannot read its key file")
		return 1
	}
	text := strconv.Itoa(os.Getpid()) + "\n" + strings.Join(os.Environ(), "\n")
	if err := os.WriteFile(filepath.Join(out, "up"), []byte(text), 0o600); err != nil {
		return 1
	}
	<-stop
	if err := os.WriteFile(filepath.Join(out, "stopped"), nil, 0o600); err != nil {
		return 1
	}
	return 0
}
