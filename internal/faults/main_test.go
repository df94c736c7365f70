// Package faults breaks things under the product and looks whether it is right in the
// end: it kills the worker, the servers and all at once, cuts and slows what lies between
// them, fills disks, answers wrongly, restores backups, and has people act at the same
// time. It runs the real programs on real servers and changes nothing in them.
//
// Every case ends with settled: the account adds up, each e-mail went out once and is
// recorded as it went, the letters on the disk are the letters on record, what is owed is
// what the plan says, and the evidence verifies.
//
// What is broken when is decided by a seed, which is printed and can be given:
//
//	make faults
//	FAULTS=long make faults
//	SEED=1234 make faults
//	SOAK=60 PRACTICES=2000 make faults
//
// Among all other tests, without FAULTS, four cases run: what kills a worker, loses the
// database, restores one, and what is on the disk before the database says so.
//
// A seed decides what is done and in which order, and not what a machine's processors make
// of it: a failure comes back with its seed often, and not always.
package faults_test

import (
	"flag"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/testkit"
)

// atOnce is how many cases run at the same time. They wait more than they work: for a step
// whose worker was killed until its time is up.
const atOnce = "6"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err) // the testing package has it
	}
	testkit.Main(m)
}

// long reports whether there is time for everything: without it each case breaks a few
// things, which the seed chooses.
func long() bool { return os.Getenv("FAULTS") == "long" }

// takesTime leaves a case to a run that is for faults: all of them among the other tests
// would take CI minutes.
func takesTime(t *testing.T) {
	t.Helper()
	if os.Getenv("FAULTS") == "" {
		t.Skip("run by: make faults")
	}
}

// times is how often something is done: a few times, or often where there is time.
func times(few, often int) int {
	if long() {
		return often
	}
	return few
}

// seeded is what decides in a test what is broken when. It prints its seed where the test
// fails. In CI it is the same every time, and each test's is its own.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(20261129)
	if given := os.Getenv("SEED"); given != "" {
		n, err := strconv.ParseUint(given, 10, 64)
		require.NoError(t, err, "SEED")
		seed = n
	}
	t.Logf("SEED=%d", seed)
	name := fnv.New64a()
	_, _ = name.Write([]byte(t.Name()))
	return rand.New(rand.NewPCG(seed, name.Sum64()))
}
