// Command alarms holds the alert rules of docs/monitoring against what Prometheus makes
// of them: its own parser, and its own engine over numbers that a test scraped. It is a
// module of its own so that Prometheus is no part of the product.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "alarms:", err)
		os.Exit(1)
	}
}

// run does one of two things: "check FILE" says what is wrong with rules, "fire FILE" says
// which alarms fire at the end of each history on standard input, in a line each.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if len(args) != 2 {
		return errors.New("usage: alarms check FILE | alarms fire FILE < HISTORIES.json")
	}
	alerts, err := read(args[1])
	if err != nil {
		return err
	}
	switch args[0] {
	case "check":
		_, err := fmt.Fprintf(out, "%d alarms\n", len(alerts))
		return err
	case "fire":
		from, to := json.NewDecoder(in), json.NewEncoder(out)
		for {
			var h history
			switch err := from.Decode(&h); {
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				return fmt.Errorf("a history cannot be read: %w", err)
			}
			firing, err := fire(ctx, alerts, h)
			if err != nil {
				return err
			}
			if err := to.Encode(firing); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("there is no %q", args[0])
}
