package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// version is set when it is built: the hash of the source that it was built from.
var version = "unknown"

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Fprintln(os.Stdout, "duenotice-engine", version)
		return
	}
	if len(os.Args) != 3 || os.Args[1] != "--settings" {
		fmt.Fprintln(os.Stderr, "usage: duenotice-engine --settings FILE.json | --version")
		os.Exit(2)
	}
	// What Temporal keeps is its owner's alone, wherever the folder lies.
	syscall.Umask(0o077)
	// Libraries of the UI write a line for each connection; this takes the plain
	// logger of the standard library along.
	slog.SetDefault(slog.New(slog.DiscardHandler))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "duenotice-engine:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, path string) error {
	s, err := readSettings(path)
	if err != nil {
		return err
	}
	certificates, err := openCertificates(s.Certificates)
	if err != nil {
		return err
	}
	store, err := prepareStore(s)
	if err != nil {
		return err
	}
	server, err := newServer(s, store, certificates)
	if err != nil {
		return err
	}
	ui, err := startUI(s, certificates)
	if err != nil {
		return err
	}
	defer ui.stop()
	if err := server.Start(); err != nil {
		return fmt.Errorf("Temporal's server does not start: %w", err)
	}
	select {
	case <-ctx.Done():
	case err = <-ui.failed:
	}
	server.Stop() //nolint:errcheck // it drains as far as it can, and the state is safe at any moment
	return err
}
