package logging

import (
	"fmt"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// Plain is the text of a panic that names nobody: whoever panics with it says so.
type Plain string

// Panicked is what may be shown, logged or handed to Temporal of a panic: where it
// was, and its text only where that cannot name a person. It is called in the
// deferred function that recovered the value.
//
// Go's own stack trace would not do. It prints the arguments of each call, and a
// birth date among them is three legible numbers.
func Panicked(value any) Plain {
	if plain, ok := value.(Plain); ok {
		return plain
	}
	said := fmt.Sprintf("a %T, whose text is left out because it may name a person", value)
	if Harmless(value) {
		said = fmt.Sprint(value)
	}
	var calls []string
	for _, call := range stack() {
		calls = append(calls, call.Function, fmt.Sprintf("%s:%d", path.Base(call.File), call.Line))
	}
	return panicked(said, calls)
}

// traced are a call's function and place in a stack trace as Go prints it.
var traced = regexp.MustCompile(`(?m)^(\S+)\(.*\)\n\t(?:.*/)?(\S+\.go:\d+)`)

// PanickedAt is Panicked where others recovered the value and only the stack trace
// they took is left.
func PanickedAt(trace string) Plain {
	var calls []string
	for _, call := range traced.FindAllStringSubmatch(trace, -1) {
		calls = append(calls, call[1:]...)
	}
	return panicked("its text is left out because it may name a person", calls)
}

// shown is how many calls are named: an error's text is cut at 4 KB by Temporal.
const shown = 12

// panicked names of the calls, each a function and a place, innermost first, this
// program's own.
func panicked(said string, calls []string) Plain {
	var own []string
	for call := range slices.Chunk(calls, 2) {
		if name, ok := strings.CutPrefix(call[0], "duenotice/"); ok && len(own) < shown {
			own = append(own, name+" ("+call[1]+")")
		}
	}
	if len(own) == 0 {
		own = []string{"code that is not its own"}
	}
	return Plain("the program panicked: " + said + "; it was in " + strings.Join(own, ", called by "))
}

// Harmless says whether a panic's value names nobody: it is Plain, Go's own (an
// index out of range knows numbers and types only), or Temporal's SDK's, which
// tells workflow tasks apart by it and never holds a patient.
func Harmless(value any) bool {
	switch value.(type) {
	case Plain, runtime.Error:
		return true
	default:
		panicking := stack()
		return len(panicking) > 0 && strings.HasPrefix(panicking[0].Function, "go.temporal.io/sdk/")
	}
}

// stack is the calls that led to the panic that is being recovered from,
// innermost first: what stands below the runtime's own part.
func stack() []runtime.Frame {
	places := make([]uintptr, 256)
	frames := runtime.CallersFrames(places[:runtime.Callers(1, places)])
	var calls []runtime.Frame
	panicked := false
	for {
		call, more := frames.Next()
		switch {
		case !panicked:
			panicked = call.Function == "runtime.gopanic"
		case len(calls) > 0 || !strings.HasPrefix(call.Function, "runtime."):
			calls = append(calls, call)
		}
		if !more {
			return calls
		}
	}
}
