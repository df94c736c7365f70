// Command worker runs Duenotice's workflows and activities until it is told to
// stop: the command line's "worker" as a program of its own.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"duenotice/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Main(ctx, append([]string{"worker"}, os.Args[1:]...))
	stop()
	os.Exit(code)
}
