package typeface

import (
	"slices"
	"strings"

	"github.com/go-text/typesetting/bidi"
	unibidi "golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// Read is the text of a line whose characters are given as they stand on paper, from
// left to right, as a program finds them in a PDF: in the order in which it is read.
func Read(standing string) string {
	if !mayRunLeftward(standing) {
		return standing
	}
	runes := []rune(standing)
	if !runsLeftward(runes) {
		return standing
	}
	items := make([]item, len(runes))
	for i := range items {
		items[i] = item{from: i, to: i + 1}
	}
	var b strings.Builder
	for _, i := range visual(levelled(runes, items)) {
		if r := runes[i.from]; string(r) != rightToLeftMark {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// rightToLeftMark says that what is beside it runs leftwards, and is not seen.
const rightToLeftMark = "\u200F"

// firstLeftward is where Hebrew begins: no character before it runs leftwards.
const firstLeftward = '\u0590'

// runsLeftward reports whether there is something in a line that runs leftwards.
func runsLeftward(line []rune) bool {
	for _, r := range line {
		if r < firstLeftward {
			continue
		}
		if class, _ := unibidi.LookupRune(r); class.Class() == unibidi.R || class.Class() == unibidi.AL {
			return true
		}
	}
	return false
}

// mayRunLeftward is false, and quickly, for nearly every line.
func mayRunLeftward(line string) bool {
	for _, r := range line {
		if r >= firstLeftward && (r < '\u2000' || r > '\u2BFF') {
			return true
		}
	}
	return false
}

// levelled gives each item its level within a line that runs from left to right, as
// ours do: an Arabic name within an English letter runs leftwards at its place.
func levelled(line []rune, items []item) []item {
	var paragraph bidi.Paragraph
	runs := paragraph.Segment(line, bidi.LeftToRight)
	levels := make([]int, len(line))
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		end := run.End
		if run.Level > 0 && run.IsLeftToRight() {
			// The library puts what runs the same way into one run. A number amid words
			// that run leftwards stands between them; what comes behind it may not.
			end = run.Start + numberLength(line[run.Start:run.End])
		}
		for at := run.Start; at < end; at++ {
			levels[at] = int(run.Level)
		}
	}
	for i := range items {
		items[i].level = levels[items[i].from]
	}
	return items
}

// numberLength is how many characters at the beginning of a text are a number, with
// the signs within it.
func numberLength(text []rune) int {
	n := 0
	for i, r := range text {
		class, _ := unibidi.LookupRune(r)
		switch class.Class() {
		case unibidi.EN, unibidi.AN:
			n = i + 1
		case unibidi.ES, unibidi.CS, unibidi.ET, unibidi.NSM:
		default:
			return n
		}
	}
	return n
}

// visual is the order in which items stand on paper, from left to right (UAX #9, rule L2).
func visual(items []item) []item {
	most := 0
	for _, i := range items {
		most = max(most, i.level)
	}
	for level := most; level > 0; level-- {
		for from := 0; from < len(items); from++ {
			to := from
			for to < len(items) && items[to].level >= level {
				to++
			}
			slices.Reverse(items[from:to])
			from = max(from, to)
		}
	}
	return items
}
