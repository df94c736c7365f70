package rehearsal

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Where the results are shown, as seen from their folder.
const (
	pageFile     = "README.md"
	chartFile    = "growth.svg"
	capacityFile = "../capacity.md"
)

// Marks between which docs/capacity.md has what is worked out.
const (
	numbersBegin = "<!-- worked out by make rehearsal: begin -->\n"
	numbersEnd   = "<!-- worked out by make rehearsal: end -->\n"
)

// Drawn are the files that follow from the results in a folder, by their path: the page
// with all tables, the chart, and docs/capacity.md with its numbers put in.
func Drawn(dir string) (map[string]string, error) {
	results, err := Read(dir)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, capacityFile)
	page, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	before, rest, begins := strings.Cut(string(page), numbersBegin)
	_, after, ends := strings.Cut(rest, numbersEnd)
	if !begins || !ends {
		return nil, fmt.Errorf("%s has no place for the numbers: the lines %q and %q are missing", path, strings.TrimSpace(numbersBegin), strings.TrimSpace(numbersEnd))
	}
	return map[string]string{
		filepath.Join(dir, pageFile):  Page(results),
		filepath.Join(dir, chartFile): Chart(results),
		path:                          before + numbersBegin + Capacity(results) + numbersEnd + after,
	}, nil
}

// Draw writes them.
func Draw(dir string) error {
	drawn, err := Drawn(dir)
	if err != nil {
		return err
	}
	for path, content := range drawn {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Page is docs/rehearsal/README.md.
func Page(results []Result) string {
	var b strings.Builder
	b.WriteString(`# Rehearsals

For whoever asks how long a large incident takes, and whether it still would after a change. Each size
was taken from its case folder to its close by ` + "`make rehearsal SIZE=...`" + `: with the officers' commands, on the
stack of one machine, e-mail going to a sink that keeps nothing ([ADR 245](../adr/0245-a-rehearsal-types-what-officers-type.md)). This page is made from the
results beside it; nothing in it is written by hand. [capacity.md](../capacity.md) works out other sizes.

## Growth

A part's processor time, of all programs together, grows with the number of practices to the power of the exponent, by
least squares in the logarithms: 1 is linear. Parts with hardly any work at the smallest sizes show less than 1, since what is done once weighs there. The parts from mail to close run into
each other, since a command that records something ends when that is written, and what the practices make of it goes on in the next part: look at them together. Whatever only
waits takes some time as well, so a machine that was busier at one size than at another shows growth that is not the program's; the load stands beside each part.

![Processor time of each part by the number of practices](growth.svg)

`)
	b.WriteString(growthTable(results))
	b.WriteString("\n")
	for _, r := range results {
		b.WriteString(r.Table())
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}
