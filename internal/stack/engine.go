package stack

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

const (
	// engineProgram runs Temporal's server. A release has it beside the other programs.
	engineProgram = "duenotice-engine"
	// engineVariable names an engine program to use instead.
	engineVariable = "DUENOTICE_ENGINE"
	// cliVariable named Temporal's CLI, whose development server the stack ran once.
	cliVariable = "DUENOTICE_TEMPORAL_CLI"
)

// engineSource is the source of the module engine, by the names of its files. It is
// part of the program, so that a released one can build the engine too.
//
//go:generate go run ./enginepack
//go:embed engine.json
var engineSource []byte

// engineVersion is a hash of that source. Two engines of one version are the same.
var engineVersion = sync.OnceValue(func() string {
	sum := sha256.Sum256(engineSource)
	return hex.EncodeToString(sum[:6])
})

// Engine returns the path of the program that runs Temporal's server: the one that
// DUENOTICE_ENGINE names, the one in the user's cache, the one that lies beside
// this program, or the one that is then built into the cache, which takes about
// three minutes, once. Each is of the version that this program knows how to run.
//
// DUENOTICE_TEMPORAL_CLI is refused: the development server that it names asks
// nobody who they are.
func Engine(ctx context.Context, progress func(string)) (string, error) {
	if os.Getenv(cliVariable) != "" {
		return "", fmt.Errorf("%[1]s is set, and the development server of Temporal's CLI asks nobody for a certificate: whoever uses this machine, "+
			"and any web page open on it, could start, answer and end what runs there. Take %[1]s away; to use an engine that was built elsewhere, set %[2]s to it",
			cliVariable, engineVariable)
	}
	if named := os.Getenv(engineVariable); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("%s names no program that can be run: %w", engineVariable, err)
		}
		if !isEngine(ctx, path) {
			return "", fmt.Errorf("%s names %s, which is not the engine of this version (%s): take it away, or name the %s of the same release",
				engineVariable, named, engineVersion(), engineProgram)
		}
		return filepath.Abs(path)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder to keep Temporal's server in (%w): set HOME, or %s to an engine program", err, engineVariable)
	}
	kept := filepath.Join(cache, "duenotice", strings.Join([]string{engineProgram, engineVersion(), runtime.GOOS, runtime.GOARCH}, "-"))
	if isProgram(kept) {
		return kept, nil
	}
	if self, err := os.Executable(); err == nil {
		if beside := filepath.Join(filepath.Dir(self), engineProgram); isEngine(ctx, beside) {
			return beside, nil
		}
	}
	return buildOnce(ctx, kept, progress)
}

// isEngine asks a program whether it is the engine of our version.
func isEngine(ctx context.Context, path string) bool {
	if !isProgram(path) {
		return false
	}
	said, err := exec.CommandContext(ctx, path, "--version").Output()
	return err == nil && strings.TrimSpace(string(said)) == engineProgram+" "+engineVersion()
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
	if _, err := exec.LookPath("go"); err != nil {
		return "", fmt.Errorf("Temporal's server is not built yet, and there is no Go to build it with: install Go (https://go.dev/dl), "+
			"or put the %s of this release beside this program, or set %s to it", engineProgram, engineVariable)
	}
	progress("Building Temporal's server, once; three minutes, or ten where everything is still to be downloaded")
	return program, build(ctx, program)
}

// build makes the engine of the source that this program carries.
func build(ctx context.Context, program string) (err error) {
	source, err := os.MkdirTemp(filepath.Dir(program), "engine-source-")
	if err != nil {
		return fmt.Errorf("Temporal's server cannot be built: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(source)) }()
	var files map[string]string
	if err := json.Unmarshal(engineSource, &files); err != nil {
		return fmt.Errorf("the engine's source: %w", err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(source, name), []byte(content), 0o600); err != nil {
			return fmt.Errorf("Temporal's server cannot be built: %w", err)
		}
	}
	unfinished := program + ".building"
	cmd := exec.CommandContext(ctx, "go", "-C", source, "build", "-buildvcs=false", "-ldflags=-s -w -X main.version="+engineVersion(), "-o", unfinished, ".")
	// A workspace or flags of the person's own would replace the versions pinned
	// there; without C it needs no compiler but Go's.
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building Temporal's server failed (%w): %s; or put the %s of this release beside this program, or set %s to it",
			err, lastLines(string(out), 5), engineProgram, engineVariable)
	}
	return os.Rename(unfinished, program)
}

func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
