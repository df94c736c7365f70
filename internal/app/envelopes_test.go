package app_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
)

// TestFormsOfEnvelopeComeFromTheOperatorsFile: the file and the default are settings of
// the installation, and what is wrong with them is said with its place.
func TestFormsOfEnvelopeComeFromTheOperatorsFile(t *testing.T) {
	t.Parallel()
	const good = "envelopes:\n  - {name: house, width: 9.5, height: 4.125, fold: 3.75, window: {left: 0.75, bottom: 0.5, width: 4.75, height: 1.25}}\n"
	for name, c := range map[string]struct{ file, chosen, code, says string }{
		"none":                   {"", "", "", ""},
		"a default of its own":   {good, "house", "", ""},
		"a built-in default":     {"", "6x9", "", ""},
		"a default nobody knows": {good, "other", "envelope", "\"other\""},
		"a window too small":     {"envelopes:\n  - {name: house, width: 9.5, height: 4.125, fold: 3.75, window: {left: 0.75, bottom: 0.5, width: 4.75, height: 0.5}}\n", "", "envelopes", "forms.yaml:2:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := ""
			if c.file != "" {
				path = filepath.Join(t.TempDir(), "forms.yaml")
				require.NoError(t, os.WriteFile(path, []byte(c.file), 0o600))
			}
			config, err := app.LoadShared(func(name string) string {
				return map[string]string{"DUENOTICE_ENVELOPES": path, "DUENOTICE_ENVELOPE": c.chosen}[name]
			}, t.TempDir())
			require.NoError(t, err, "only who reads a case needs the forms")
			forms, err := config.Envelopes()
			if c.code != "" {
				refusal, refused := breach.AsRefusal(err)
				require.True(t, refused, "%v", err)
				require.Equal(t, c.code, refusal.Code)
				require.Contains(t, refusal.Message, c.says)
				return
			}
			require.NoError(t, err)
			form, there := forms.Named("")
			require.True(t, there)
			if c.chosen != "" {
				require.Equal(t, c.chosen, form.Name)
			}
		})
	}
}
