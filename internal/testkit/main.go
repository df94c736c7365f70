package testkit

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
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
	flag.Parse()
	manyAtOnce(flag.CommandLine)
	shared = NewServers(nil)
	code := m.Run()
	if err := shared.Stop(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "testkit: the servers do not stop:", err)
		return max(code, 1)
	}
	return code
}

// perCore is how many tests run at once for each core. A test with servers waits for
// them and for our own timers about as long as it works: with one test a core, which is
// go test's own, cores idle. Each of those tests has a worker of its own, so that many
// more would only cost memory and patience.
const perCore = 2

// manyAtOnce lets more tests run at once than there are cores, unless somebody said
// with -parallel how many.
func manyAtOnce(flags *flag.FlagSet) {
	const name = "test.parallel"
	said := false
	flags.Visit(func(f *flag.Flag) { said = said || f.Name == name })
	if said {
		return
	}
	// The flag is go test's, and takes numbers; a program without it would say so here.
	if err := flags.Set(name, strconv.Itoa(perCore*runtime.GOMAXPROCS(0))); err != nil {
		panic("testkit: " + err.Error())
	}
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
