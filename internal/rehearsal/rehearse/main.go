// Rehearse rehearses an incident of a size on this machine, and makes table, chart and
// the numbers of docs/capacity.md from the results of all sizes. "make rehearsal" runs it.
//
//	go run ./internal/rehearsal/rehearse -size tiny
//	go run ./internal/rehearsal/rehearse -draw
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"duenotice/internal/rehearsal"
	"duenotice/internal/rehearsal/play"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "rehearsal:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	name := flag.String("size", "tiny", "tiny, small, medium or full")
	dir := flag.String("dir", ".duenotice/rehearsal", "folder in which each size has one of its own")
	results := flag.String("results", "docs/rehearsal", "folder of the results' files; empty keeps none")
	engine := flag.String("engine", "", "where Temporal keeps its state: sqlite or postgresql")
	note := flag.String("note", "", "what is to be said of the machine beside the numbers")
	anew := flag.Bool("anew", false, "forget what there is of this size, and begin again")
	draw := flag.Bool("draw", false, "rehearse nothing; make table, chart and page from the results there are")
	flag.Parse()
	if !*draw {
		size, err := rehearsal.SizeOf(*name)
		if err != nil {
			return err
		}
		own := filepath.Join(*dir, size.Name)
		if *anew {
			if err := play.Remove(ctx, own); err != nil {
				return err
			}
		}
		result, err := play.Run(ctx, play.Options{Size: size, Dir: own, Note: *note, Engine: *engine, Out: os.Stderr})
		if err != nil {
			return err
		}
		fmt.Fprint(os.Stdout, result.Table())
		if err := result.Check(); err != nil {
			return err
		}
		if *results == "" {
			return nil
		}
		if err := result.Write(*results); err != nil {
			return err
		}
	}
	return rehearsal.Draw(*results)
}
