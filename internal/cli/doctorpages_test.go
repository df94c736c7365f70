package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDoctorSaysWhatIsWrongWithThePages(t *testing.T) {
	t.Parallel()
	doctor := func(env map[string]string) result {
		return terminal{env: env}.run(t, "doctor")
	}
	r := doctor(map[string]string{"DUENOTICE_TEMPORAL_UI": "http://k3x9ab.localhost:8080"})
	require.Contains(t, r.out, "ok     pages: at http://k3x9ab.localhost:8080")
	require.NotContains(t, r.out, "passkeys")
	r = doctor(map[string]string{"DUENOTICE_TEMPORAL_UI": "http://127.0.0.1:8080"})
	require.Contains(t, r.out, "NOTE   passkeys: browsers make none for http://127.0.0.1:8080: it is a number")
	r = doctor(map[string]string{"DUENOTICE_TEMPORAL_UI": "http://board.example.org"})
	require.Contains(t, r.out, "WRONG  pages: http://board.example.org is without TLS")
	require.Equal(t, 1, r.code)
	require.Contains(t, doctor(map[string]string{"DUENOTICE_TEMPORAL_UI": "board"}).out, `WRONG  pages: "board" is not an address`)

	// A provider that answers, one that calls itself otherwise, and one that is away.
	var issuer string
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":"%[1]s/auth","token_endpoint":"%[1]s/token","jwks_uri":"%[1]s/keys","id_token_signing_alg_values_supported":["RS256"]}`, issuer)
	}))
	defer provider.Close()
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("shared secret\n"), 0o600))
	env := map[string]string{
		"DUENOTICE_TEMPORAL_UI": "https://board.example.org", "DUENOTICE_OIDC_ISSUER": provider.URL, "DUENOTICE_OIDC_CLIENT_ID": "duenotice", "DUENOTICE_OIDC_CLIENT_SECRET_FILE": secret,
	}
	issuer = provider.URL
	require.Contains(t, doctor(env).out, "answers; people are known by sub, and it has to know of https://board.example.org/duenotice/oidc/callback")
	issuer = "https://login.example.org"
	require.Contains(t, doctor(env).out, "WRONG  provider of identities")
	env["DUENOTICE_OIDC_ISSUER"] = "http://127.0.0.1:1"
	require.Contains(t, doctor(env).out, "NOTE   provider of identities")
	require.NoError(t, os.Chmod(secret, 0o644))
	r = doctor(env)
	require.Contains(t, r.out, "WRONG  provider of identities")
	require.NotContains(t, r.out, "shared secret")
	env["DUENOTICE_OIDC_CLAIM"] = "preferred_username"
	require.Contains(t, doctor(env).out, `WRONG  configuration: the sign-in with a provider of identities: nobody is known by the claim "preferred_username"`)
}
