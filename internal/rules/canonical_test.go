package rules_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/rules"
)

var decisions = flag.String("decisions", "", "write decisions of this rulebook to a file, to be kept with it")

// TestADecisionReplaysFromItsBytes: whatever a decision rests on is in its
// canonical inputs, and the same inputs give the same bytes.
func TestADecisionReplaysFromItsBytes(t *testing.T) {
	t.Parallel()
	for seed := range uint64(samples) {
		s := random(seed)
		input, err := s.Canonical()
		require.NoError(t, err)
		want, err := decide(s).Canonical()
		require.NoError(t, err)
		got, err := rules.Current().Replay(input)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "seed %d", seed)
		again, err := rules.Current().Replay(input)
		require.NoError(t, err)
		require.Equal(t, string(got), string(again), "seed %d", seed)
	}
}

// TestInputsThatAreNotWhollyReadAreRefused: a field that is passed over could
// have decided otherwise.
func TestInputsThatAreNotWhollyReadAreRefused(t *testing.T) {
	t.Parallel()
	input, err := subject("2026-03-16", 600).Canonical()
	require.NoError(t, err)
	for name, bytes := range map[string]string{
		"a field of a later program": `{"moon_phase":"full",` + string(input[1:]),
		"something after it":         string(input) + `{}`,
		"half of it":                 string(input[:len(input)/2]),
		"nothing":                    "",
	} {
		_, err := rules.Current().Replay([]byte(bytes))
		require.Error(t, err, name)
	}
}

// TestDecisionsAreWritten writes some of the corpus's decisions for
// internal/rulebooks/keep, which keeps them beside the rulebook that took them.
func TestDecisionsAreWritten(t *testing.T) {
	t.Parallel()
	if *decisions == "" {
		t.Skip("nobody asked for them with -decisions FILE")
	}
	file, err := os.Create(*decisions)
	require.NoError(t, err)
	w := bufio.NewWriter(file)
	for seed := range uint64(60) {
		input, err := random(seed).Canonical()
		require.NoError(t, err)
		result, err := rules.Current().Replay(input)
		require.NoError(t, err)
		line, err := json.Marshal(map[string]string{"inputs": string(input), "result": string(result)})
		require.NoError(t, err)
		_, err = w.Write(append(line, '\n'))
		require.NoError(t, err)
	}
	require.NoError(t, w.Flush())
	require.NoError(t, file.Close())
}
