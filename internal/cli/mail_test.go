package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mailsink"
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

// TestEventsOfTheProviderAreSignedWhereTheyShallBe: a file is looked at before anything
// is connected to.
func TestEventsOfTheProviderAreSignedWhereTheyShallBe(t *testing.T) {
	t.Parallel()
	sink, err := mailsink.Start(t.Context(), "SG.x", time.Now)
	require.NoError(t, err)
	defer func() { require.NoError(t, sink.Close()) }()
	key, err := sink.VerificationKey()
	require.NoError(t, err)
	post, err := sink.Post(sink.Dropped(mailsink.Message{To: "office@example.org", ProviderID: "x"}, time.Now()))
	require.NoError(t, err)
	signed := writeFile(t, string(post))
	changed := writeFile(t, strings.Replace(string(post), "office@", "thieves@", 1))
	_, body, _ := strings.Cut(string(post), "\r\n\r\n")
	unsigned := writeFile(t, body)
	const nothingRuns = "nothing runs here"
	for name, c := range map[string]struct {
		key  string
		args []string
		code int
		says []string
	}{
		"signed, with the key":            {key, []string{signed}, 1, []string{"Signed by SendGrid, and compared: 1 request", nothingRuns}},
		"signed, without a key":           {"", []string{signed}, 1, []string{"Signatures were not compared: set SENDGRID_WEBHOOK_KEY", nothingRuns}},
		"changed":                         {key, []string{changed}, 3, []string{"cannot be read: request 1", "it was changed on its way", "Nothing was recorded"}},
		"changed, as if nobody signed it": {key, []string{changed, "--unsigned"}, 3, []string{"it was changed on its way"}},
		"signed by nobody":                {key, []string{unsigned}, 3, []string{"is signed by nobody", "--unsigned"}},
		"on somebody's word":              {key, []string{unsigned, "--unsigned"}, 1, []string{nothingRuns}},
		"as before":                       {"", []string{unsigned}, 1, []string{nothingRuns}},
		"no key":                          {"nonsense*", []string{unsigned}, 1, []string{"SENDGRID_WEBHOOK_KEY cannot be used"}},
	} {
		x := terminal{env: map[string]string{"SENDGRID_WEBHOOK_KEY": c.key}}
		r := x.run(t, append([]string{"bounces", "EX-2026-03", "--by", "Ada Rivera"}, c.args...)...)
		require.Equal(t, c.code, r.code, "%s: %s", name, r.err)
		for _, text := range c.says {
			require.Contains(t, r.err, text, name)
		}
	}
}
