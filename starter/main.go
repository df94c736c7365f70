// Command starter is the program duenotice: it starts incidents and carries
// out every other command of the command line.
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
	// A second Ctrl-C ends a program that does not come to its end after the first.
	context.AfterFunc(ctx, stop)
	code := cli.Main(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
