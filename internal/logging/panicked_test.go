package logging_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/logging"
)

type birthday struct{ year, month, day int }

// careless panics beside the arguments that Go's stack trace would print.
func careless(value any, _ birthday) { panic(value) }

// recovered is what may be said of the panic of f.
func recovered(t *testing.T, f func()) (said string) {
	t.Helper()
	defer func() { said = string(logging.Panicked(recover())) }()
	f()
	return ""
}

func TestAPanicTellsWhereItWasAndNamesNobody(t *testing.T) {
	t.Parallel()
	type person struct{ LastName string }
	for _, value := range []any{
		"Quillonbury", errors.New("no letter for Quillonbury"), fmt.Errorf("while: %w", errors.New("Quillonbury")),
		person{"Quillonbury"}, &person{"Quillonbury"}, []string{"Quillonbury"},
	} {
		said := recovered(t, func() { careless(value, birthday{1931, 7, 23}) })
		require.NotContains(t, said, "Quillonbury")
		require.NotContains(t, said, "0x")
		require.Contains(t, said, fmt.Sprintf("%T", value))
		require.Regexp(t, `it was in internal/logging_test\.careless \(panicked_test\.go:\d+\), called by internal/logging_test\.`, said)
	}
}

// The SDK recovers some panics itself and keeps the trace.
func TestAStackTraceIsReadWithoutTheArguments(t *testing.T) {
	t.Parallel()
	said := string(logging.PanickedAt("query handler [panic]:\nduenotice/activities.(*Activities).People(0x1776, {0x78b, 0x7, 0x17})\n\t/src/people.go:38 +0xe5\n" +
		"reflect.Value.Call({0xe5})\n\t/usr/local/go/src/reflect/value.go:369 +0xb9\nduenotice/workflows.run.func1(...)\n\tduenotice/workflows/run.go:5"))
	require.Contains(t, said, "it was in activities.(*Activities).People (people.go:38), called by workflows.run.func1 (run.go:5)")
	require.NotContains(t, said, "0x")
}

func TestAPanicThatCannotNameAPersonIsShown(t *testing.T) {
	t.Parallel()
	var none []string
	require.Contains(t, recovered(t, func() { _ = none[len(t.Name())] }), "index out of range")
	require.Contains(t, recovered(t, func() { careless(logging.Plain("start it with the other key"), birthday{}) }), "start it with the other key")
}
