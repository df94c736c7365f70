package app_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
)

// Who knows the people of one environment need not know another's.
func TestAnEnvironmentMayHaveAProviderOfItsOwn(t *testing.T) {
	t.Parallel()
	x := newTenants(t)
	require.NoError(t, os.WriteFile(x.path("all.secret"), []byte("of all\n"), 0o600))
	require.NoError(t, os.WriteFile(x.path("four.secret"), []byte("of four\n"), 0o600))
	x.shared = "oidc_issuer: https://login.example.org\noidc_client_id: duenotice\noidc_client_secret_file: " + x.path("all.secret") + "\noidc_claim: email\n"
	x.env["ehr-4"]["oidc_issuer"] = "https://login.four.example.org"
	x.env["ehr-4"]["oidc_client_id"] = "four"
	x.env["ehr-4"]["oidc_client_secret_file"] = x.path("four.secret")
	of := func(environment string) []string {
		t.Helper()
		config, err := x.load(t, environment, nil)
		require.NoError(t, err)
		provider, err := config.Provider()
		require.NoError(t, err)
		return []string{provider.Issuer, provider.ClientID, provider.Secret, provider.Claim}
	}
	require.Equal(t, []string{"https://login.example.org", "duenotice", "of all", "email"}, of("ehr-3"))
	require.Equal(t, []string{"https://login.four.example.org", "four", "of four", "sub"}, of("ehr-4"), "whole, and nothing of the other's")

	delete(x.env["ehr-4"], "oidc_client_id")
	_, err := x.load(t, "ehr-4", nil)
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, err)
	require.Equal(t, "oidc", refusal.Code)
}

func TestOnlyWhoAsksTheProviderReadsItsSecret(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "duenotice.yaml")
	require.NoError(t, os.WriteFile(config, nil, 0o600))
	env := map[string]string{
		"DUENOTICE_OIDC_ISSUER": "https://login.example.org", "DUENOTICE_OIDC_CLIENT_ID": "duenotice", "DUENOTICE_OIDC_CLIENT_SECRET_FILE": "/nowhere/secret",
		"DUENOTICE_CONFIG": config,
	}
	loaded, err := app.LoadConfig(func(name string) string { return env[name] }, t.TempDir())
	require.NoError(t, err, "every other command works without it")
	_, err = loaded.Provider()
	require.ErrorContains(t, err, "oidc_client_secret_file")
}
