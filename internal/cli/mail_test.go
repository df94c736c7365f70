package cli_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAMailKeyWithoutASenderStartsNothing: a worker would refuse to start for it,
// and only its log would say why.
func TestAMailKeyWithoutASenderStartsNothing(t *testing.T) {
	t.Parallel()
	for from, says := range map[string]string{
		"":                    "there is a key for SendGrid and no sender to send from",
		"privacy@example.org": "the sender privacy@example.org is in a domain that is nobody's",
	} {
		x := terminal{env: map[string]string{"SENDGRID_API_KEY": "SG.x", "DUENOTICE_MAIL_FROM": from}}
		dir := filepath.Join(t.TempDir(), "state")
		r := x.runIn(t.Context(), []string{"up", "--dir", dir})
		require.Equal(t, 1, r.code)
		require.Contains(t, r.err, says)
		require.Contains(t, r.err, "DUENOTICE_MAIL_FROM")
		require.NotContains(t, r.err, "SG.x")
		require.NoDirExists(t, dir)
		r = x.run(t, "doctor")
		require.Equal(t, 1, r.code)
		require.Contains(t, r.out, says)
	}
	r := terminal{env: map[string]string{"SENDGRID_API_KEY": "SG.x", "DUENOTICE_MAIL_FROM": "notices@healthcloud.com"}}.run(t, "doctor")
	require.Contains(t, r.out, "mail: goes through SendGrid from notices@healthcloud.com")
}
