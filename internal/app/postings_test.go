package app_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
)

func TestNothingIsLookedAtUnlessTheOperatorSaysSo(t *testing.T) {
	t.Parallel()
	load := func(look, hosts string) (app.Config, error) {
		return app.LoadConfig(func(name string) string {
			return map[string]string{"DUENOTICE_POSTING_LOOKS": look, "DUENOTICE_POSTING_HOSTS": hosts, "DUENOTICE_CONFIG": ""}[name]
		}, t.TempDir())
	}
	for _, look := range []string{"", "off"} {
		config, err := load(look, "notices.example.org")
		require.NoError(t, err)
		require.False(t, config.Postings.Look)
	}
	config, err := load("on", " notices.example.org:8443, ,intranet.example.org ")
	require.NoError(t, err)
	require.True(t, config.Postings.Look)
	require.Equal(t, []string{"notices.example.org:8443", "intranet.example.org"}, config.Postings.Options.Own)
	_, err = load("yes", "")
	refusal, is := breach.AsRefusal(err)
	require.True(t, is)
	require.Equal(t, "posting_looks", refusal.Code)
}
