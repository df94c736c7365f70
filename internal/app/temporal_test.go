package app_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/keyring"
)

// surroundings is an environment with a key file.
func surroundings(t *testing.T, settings map[string]string) func(string) string {
	t.Helper()
	keys := filepath.Join(t.TempDir(), "keys")
	_, err := keyring.Ensure(keys, civil.MustParse("2026-11-25"))
	require.NoError(t, err)
	env := map[string]string{"DUENOTICE_KEY_FILE": keys, "TEMPORAL_CONFIG_FILE": os.DevNull}
	for name, value := range settings {
		env[name] = value
	}
	return func(name string) string { return env[name] }
}

func dialError(t *testing.T, settings map[string]string) *breach.Refusal {
	t.Helper()
	config, err := app.LoadConfig(surroundings(t, settings), t.TempDir())
	require.NoError(t, err)
	_, err = app.DialTemporal(t.Context(), config, nil)
	require.Error(t, err)
	refusal, _ := breach.AsRefusal(err)
	return refusal
}

func TestTemporalElsewhereNeedsVerifiedTLS(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings map[string]string
		code     string
	}{
		"in clear":         {map[string]string{"TEMPORAL_ADDRESS": "temporal.example.org:7233"}, "plaintext"},
		"an IP address":    {map[string]string{"TEMPORAL_ADDRESS": "192.0.2.1:7233"}, "plaintext"},
		"any address":      {map[string]string{"TEMPORAL_ADDRESS": "0.0.0.0:7233"}, "plaintext"},
		"looks like ours":  {map[string]string{"TEMPORAL_ADDRESS": "localhost.example.org:7233"}, "plaintext"},
		"on this machine":  {map[string]string{"TEMPORAL_ADDRESS": "127.0.0.1:1"}, "plaintext"},
		"a key in clear":   {map[string]string{"TEMPORAL_ADDRESS": "temporal.example.org:7233", "TEMPORAL_API_KEY": "sesame", "TEMPORAL_TLS": "false"}, "plaintext"},
		"TLS with anybody": {map[string]string{"TEMPORAL_ADDRESS": "temporal.example.org:7233", "TEMPORAL_TLS": "true", "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION": "true"}, "unverified"},
	} {
		refusal := dialError(t, c.settings)
		require.NotNil(t, refusal, name)
		require.Equal(t, c.code, refusal.Code, name)
		require.NotContains(t, refusal.Error(), "sesame", name)
	}
	for name, settings := range map[string]map[string]string{
		"verified TLS": {"TEMPORAL_ADDRESS": "temporal.invalid:7233", "TEMPORAL_TLS": "true"},
		"an API key":   {"TEMPORAL_ADDRESS": "temporal.invalid:7233", "TEMPORAL_API_KEY": "sesame"},
		"loopback":     {"TEMPORAL_ADDRESS": "127.0.0.1:1", "TEMPORAL_TLS": "true"},
	} {
		require.Nil(t, dialError(t, settings), "%s is tried, and nobody answers", name)
	}
}

func TestNothingIsSentWithoutAKeyFile(t *testing.T) {
	t.Parallel()
	refusal := dialError(t, map[string]string{"DUENOTICE_KEY_FILE": "", "TEMPORAL_ADDRESS": "127.0.0.1:1"})
	require.NotNil(t, refusal)
	require.Equal(t, "no_keys", refusal.Code)
	refusal = dialError(t, map[string]string{"DUENOTICE_KEY_FILE": filepath.Join(t.TempDir(), "lost"), "TEMPORAL_ADDRESS": "127.0.0.1:1"})
	require.NotNil(t, refusal)
	require.Equal(t, "no_key_file", refusal.Code)
}
