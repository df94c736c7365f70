package play

import (
	"context"
	"os/exec"
	"runtime"
	"strings"

	"duenotice/internal/rehearsal"
)

func machine(note string) rehearsal.Machine {
	return rehearsal.Machine{OS: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(), Note: note}
}

// commit is what the rehearsed program is built from; a tree without git has none to tell.
func commit(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--exclude=*").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}
