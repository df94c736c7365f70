package match

import (
	_ "embed"
	"slices"
	"strings"
)

// alike says how far two names or dates agree.
type alike int

const (
	other alike = iota
	// unknown: one of the two is missing, or is an initial of the other.
	unknown
	// near: a slip of the hand is between them.
	near
	// short: one is a short form of the other.
	short
	// swapped: day and month stand in each other's place.
	swapped
	same
)

//go:embed nicknames.txt
var nicknamesText string

// nicknames have for each short form the names it is short for.
var nicknames = func() map[string][]string {
	of := map[string][]string{}
	for line := range strings.Lines(nicknamesText) {
		formal, shorts, _ := strings.Cut(strings.TrimSpace(line), ":")
		if formal == "" || strings.HasPrefix(formal, "#") {
			continue
		}
		for s := range strings.FieldsSeq(shorts) {
			of[s] = append(of[s], formal)
		}
	}
	return of
}()

// formalNames are the names a first name can stand for: itself, and those it is short
// for. Alexander and Alexandra have none in common, though both are Alex.
func formalNames(first string) []string {
	if first == "" {
		return nil
	}
	return append([]string{first}, nicknames[first]...)
}

func firstNames(a, b *marks) alike {
	switch {
	case a.first == "" || b.first == "":
		return unknown
	case a.first == b.first:
		return same
	case len(a.first) == 1 && strings.HasPrefix(b.first, a.first), len(b.first) == 1 && strings.HasPrefix(a.first, b.first):
		return unknown
	case slices.ContainsFunc(a.formal, func(name string) bool { return slices.Contains(b.formal, name) }):
		return short
	case slipped(a.first, b.first):
		return near
	}
	return other
}

// lastNames: near also where one is a part of the other, as Smith is of Smith-Jones.
func lastNames(a, b *marks) alike {
	switch {
	case a.last == b.last:
		return same
	case slipped(a.last, b.last):
		return near
	case len(a.lasts) != len(b.lasts) && slices.ContainsFunc(a.lasts, func(w string) bool { return len(w) > 2 && slices.Contains(b.lasts, w) }):
		return near
	}
	return other
}

// births: near is one digit of day or month, in one year. A year apart is a father and a
// son, or sisters.
func births(a, b string) alike {
	switch {
	case a == "" || b == "":
		return unknown
	case a == b:
		return same
	case len(a) != 10 || len(b) != 10 || a[:4] != b[:4]:
		return other
	case a[5:7] == b[8:] && a[8:] == b[5:7]:
		return swapped
	}
	differ := 0
	for i := range a {
		if a[i] != b[i] {
			differ++
		}
	}
	if differ == 1 {
		return near
	}
	return other
}

// middlesDiffer reports middle names that are two people's: other letters at their
// beginning.
func middlesDiffer(a, b *marks) bool {
	if a.middle == "" || b.middle == "" {
		return false
	}
	return !strings.HasPrefix(a.middle, b.middle) && !strings.HasPrefix(b.middle, a.middle) && !slipped(a.middle, b.middle)
}

// slipped reports two words of five letters or more between which one letter is another,
// missing, too many, or in its neighbour's place. Shorter ones are two names too often.
func slipped(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 5 || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(y) > len(x) {
		return slices.Equal(x[i:], y[i+1:])
	}
	if i == len(x) {
		return false // the same word
	}
	return slices.Equal(x[i+1:], y[i+1:]) || i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && slices.Equal(x[i+2:], y[i+2:])
}
