// Package e2e runs the product as its users do: the CLI's commands against a
// real PostgreSQL and a real Temporal, with the worker as a process of its own
// that can be killed.
package e2e_test

import (
	"io"
	"testing"

	"duenotice/internal/officetest"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// office is one officer's desk.
type office struct{ *officetest.Office }

func newOffice(t testing.TB, extra map[string]string) *office {
	t.Helper()
	return &office{officetest.New(t, extra)}
}

// openOffice is newOffice on servers of the test's own.
func openOffice(t testing.TB, on officetest.Servers, extra map[string]string, errs io.Writer) *office {
	t.Helper()
	o := officetest.Furnish(t, on, extra, errs)
	o.Begin()
	return &office{o}
}
