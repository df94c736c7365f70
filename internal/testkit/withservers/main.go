// Withservers runs a command with real servers for its tests to share: a
// PostgreSQL and a Temporal server that are started first, named in its
// environment, and removed after it.
//
//	go run ./internal/testkit/withservers go test ./...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sync/errgroup"

	"duenotice/internal/authority"
	"duenotice/internal/testkit"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withservers COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	cancel()
	var failed *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &failed) && failed.ExitCode() > 0:
		os.Exit(failed.ExitCode())
	default:
		fmt.Fprintln(os.Stderr, "withservers:", err)
		os.Exit(1)
	}
}

// run starts the servers, then the command, and stops the servers whatever
// became of it.
func run(ctx context.Context, command []string) (err error) {
	servers := testkit.NewServers(func(line string) { fmt.Fprintln(os.Stderr, line) })
	defer func() { err = errors.Join(err, servers.Stop(context.WithoutCancel(ctx))) }()

	var database, temporal string
	var certificates authority.Folder
	var both errgroup.Group
	both.Go(func() (err error) { database, err = servers.DatabaseURL(ctx); return err })
	both.Go(func() (err error) { temporal, certificates, err = servers.Temporal(ctx); return err })
	if err := both.Wait(); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	// An interrupt reaches the command from the terminal as well: it may end by itself.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "DUENOTICE_TEST_DATABASE_URL="+database, "DUENOTICE_TEST_TEMPORAL_ADDRESS="+temporal,
		"DUENOTICE_TEST_TEMPORAL_CERTIFICATES="+string(certificates))
	return cmd.Run()
}
