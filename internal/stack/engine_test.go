package stack_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/stack"
)

// A released program builds the engine of what it carries.
func TestThePackedEngineIsTheModuleEngine(t *testing.T) {
	t.Parallel()
	var packed map[string]string
	require.NoError(t, json.Unmarshal(stack.EngineSource, &packed))
	found := 0
	entries, err := os.ReadDir("../../engine")
	require.NoError(t, err)
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		content, err := os.ReadFile(filepath.Join("../../engine", e.Name()))
		require.NoError(t, err)
		require.Equal(t, string(content), packed[e.Name()], "run go generate in internal/stack")
		found++
	}
	require.Len(t, packed, found)
	require.Contains(t, packed["go.mod"], "go.temporal.io/server v1.29.1\n")
	require.NotEmpty(t, packed["go.sum"])
}

// The development server of Temporal's CLI lets in whoever reaches it.
func TestTemporalsDevelopmentServerIsRefused(t *testing.T) {
	t.Setenv("DUENOTICE_TEMPORAL_CLI", "/usr/bin/temporal")
	_, err := stack.Engine(t.Context(), func(string) { t.Error("it builds something") })
	require.ErrorContains(t, err, "asks nobody for a certificate")
	require.ErrorContains(t, err, "Take DUENOTICE_TEMPORAL_CLI away")
}

func TestAnEngineOfAnotherVersionIsRefused(t *testing.T) {
	other := filepath.Join(t.TempDir(), "duenotice-engine")
	require.NoError(t, os.WriteFile(other, []byte("#!/bin/sh\necho duenotice-engine 000000000000\n"), 0o755))
	t.Setenv("DUENOTICE_ENGINE", other)
	_, err := stack.Engine(t.Context(), func(string) {})
	require.ErrorContains(t, err, "is not the engine of this version ("+stack.EngineVersion()+")")

	require.NoError(t, os.WriteFile(other, []byte("#!/bin/sh\necho duenotice-engine "+stack.EngineVersion()+"\n"), 0o755))
	named, err := stack.Engine(t.Context(), func(string) {})
	require.NoError(t, err)
	require.Equal(t, other, named)
}
