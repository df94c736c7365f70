package app

import (
	"os"
	"runtime/debug"
)

const (
	// garbage is how much may be allocated, in per cent of what is in use, before the worker
	// looks for what is not used any more. Go's own 100 keeps a heap of forty megabytes as
	// small as it can be, and took an eighth of the worker's processor time for it.
	garbage = 400
	// roomy is from how many bytes of memory on it looks as often as it needs to, to stay
	// there: below the gigabyte that no process of ours takes.
	roomy = 640 << 20
)

// giveRoom lets a worker trade memory that it has for processor time. Whoever set Go's own
// variables for that is heard instead.
func giveRoom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(roomy)
	}
}
