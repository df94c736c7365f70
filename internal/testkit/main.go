package testkit

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
)

// shared is the test program's servers, nil before Main.
var shared *Servers

// Main runs the tests of a package and ends the program, stopping the servers
// that they used. It is called from TestMain.
func Main(m *testing.M) { os.Exit(Run(m)) }

// Run is Main for a TestMain that has more to do: it returns the exit code.
func Run(m *testing.M) int {
	shared = NewServers(nil)
	code := m.Run()
	if err := shared.Stop(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "testkit: the servers do not stop:", err)
		return max(code, 1)
	}
	return code
}

// servers returns the test program's servers.
func servers(t testing.TB) *Servers {
	t.Helper()
	if shared == nil {
		t.Fatal("testkit: this package needs: func TestMain(m *testing.M) { testkit.Main(m) }")
	}
	return shared
}

// perKey holds one lazily made value per key.
type perKey[T any] struct {
	mu     sync.Mutex
	values map[string]*lazy[T]
}

func (p *perKey[T]) get(key string, create func() (T, error)) (T, error) {
	p.mu.Lock()
	if p.values == nil {
		p.values = map[string]*lazy[T]{}
	}
	if p.values[key] == nil {
		p.values[key] = &lazy[T]{}
	}
	l := p.values[key]
	p.mu.Unlock() // making one value keeps nobody from another
	return l.get(create)
}
