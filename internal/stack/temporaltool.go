package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	// temporalVersion is the version of Temporal's CLI that tools/go.mod pins. 1.5.1
	// brings server 1.29.1; newer ones cannot be built as a Go tool.
	temporalVersion = "v1.5.1"
	temporalPackage = "github.com/temporalio/cli/cmd/temporal"
	// temporalVariable names a temporal program to use instead.
	temporalVariable = "DUENOTICE_TEMPORAL_CLI"
)

// TemporalCLI returns the path of Temporal's CLI, which holds the server: the one
// that DUENOTICE_TEMPORAL_CLI names, the one on PATH, or the one built from this
// project's tools/ module and kept in the user's cache. Where there is none yet,
// it is built, which takes about three minutes, once.
func TemporalCLI(ctx context.Context, progress func(string)) (string, error) {
	if named := os.Getenv(temporalVariable); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("%s names no program that can be run: %w", temporalVariable, err)
		}
		return filepath.Abs(path)
	}
	if path, err := exec.LookPath("temporal"); err == nil {
		return filepath.Abs(path)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder to keep Temporal's server in (%w): set HOME, or %s to a temporal program", err, temporalVariable)
	}
	name := strings.Join([]string{"temporal", temporalVersion, runtime.GOOS, runtime.GOARCH}, "-")
	return buildOnce(ctx, filepath.Join(cache, "duenotice", name), progress)
}

// buildOnce returns program, and builds it first where it is not there. Two
// commands at the same time build it once: the second waits.
func buildOnce(ctx context.Context, program string, progress func(string)) (string, error) {
	if isProgram(program) {
		return program, nil
	}
	unlock, err := Lock(ctx, program+".lock", func() { progress("Waiting for another command that builds Temporal's server") })
	if err != nil {
		return "", err
	}
	defer unlock()
	if isProgram(program) {
		return program, nil
	}
	tools, err := toolsModule()
	if err != nil {
		return "", err
	}
	progress("Building Temporal's server " + temporalVersion + ", once; three minutes, or ten where everything is still to be downloaded")
	unfinished := program + ".building"
	cmd := exec.CommandContext(ctx, "go", "-C", tools, "build", "-ldflags=-s -w", "-o", unfinished, temporalPackage)
	// A workspace of the person's own would replace the versions pinned here.
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building Temporal's server from %s failed (%w): %s; "+
			"or install the temporal CLI, or set %s to one", tools, err, lastLines(string(out), 5), temporalVariable)
	}
	return program, os.Rename(unfinished, program)
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// toolsModule finds the tools folder of this project's source tree, from the
// working directory upwards.
func toolsModule() (string, error) {
	need := "Temporal's server is not built yet, and "
	instead := fmt.Sprintf("run this once in Duenotice's source tree with Go installed, "+
		"or install the temporal CLI, or set %s to one", temporalVariable)
	if _, err := exec.LookPath("go"); err != nil {
		return "", fmt.Errorf("%sthere is no Go to build it with: %s", need, instead)
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("%sthe working directory cannot be found: %w", need, err)
	}
	for {
		tools := filepath.Join(dir, "tools")
		mod, err := os.ReadFile(filepath.Join(tools, "go.mod"))
		if err == nil && strings.Contains(string(mod), "tool "+temporalPackage) {
			return tools, nil
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("%sits module cannot be read: %w", need, err)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("%sthis is not Duenotice's source tree: %s", need, instead)
		}
		dir = parent
	}
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
