package envelopefile_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/envelope"
	"duenotice/internal/envelopefile"
)

const house = `# A mail house's own.
envelopes:
  - name: Example House 10
    width: 9.5
    height: 4.125
    fold: 3.75
    window: {left: 0.75, bottom: 0.5, width: 4.75, height: 1.25}
    capitals: no
`

func TestAMailHousesOwnFormIsRead(t *testing.T) {
	t.Parallel()
	forms, err := envelopefile.Read("forms.yaml", []byte(house))
	require.NoError(t, err)
	require.Equal(t, []envelope.Form{{
		Name: "Example House 10", Width: 9.5, Height: 4.125, Fold: 3.75, Seam: 0.05, Clear: 0.125,
		Address: envelope.Window{Left: 0.75, Bottom: 0.5, Width: 4.75, Height: 1.25},
	}}, forms)
}

// TestWhatIsWrongWithAFormIsSaidWithItsPlace: each mistake is refused, at line and column.
func TestWhatIsWrongWithAFormIsSaidWithItsPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, now, says string }{
		"no YAML":                  {"envelopes:", "envelopes: [", "forms.yaml:"},
		"an unknown key":           {"fold:", "folded:", "forms.yaml:6:5: "},
		"a word for a length":      {"9.5", "wide", "forms.yaml:4:12: "},
		"no name":                  {"name: Example House 10", "name:", "forms.yaml:3:"},
		"the program's name":       {"Example House 10", "\"#10\"", "forms.yaml:3:11: \"#10\" is a form that the program has"},
		"a sheet too wide":         {"9.5", "8.25", "forms.yaml:4:12: a sheet of 8.5 inches does not go into the envelope"},
		"a fold too low":           {"3.75", "4.25", "forms.yaml:6:11: a sheet folded at 4.250 inches does not go into the envelope"},
		"a window off the edge":    {"left: 0.75", "left: 7", "forms.yaml:7:14: window is not on the envelope"},
		"a window without a width": {"width: 4.75", "width: 0", "forms.yaml:7:46: window.width is not a length"},
		"a window that shows less": {"height: 1.25", "height: 0.6", "too little for an address"},
		"a window over the sender": {"bottom: 0.5", "bottom: 2", "the window can show the return address"},
		"no number":                {"left: 0.75", "left: .nan", "forms.yaml:7:14: window is not on the envelope"},
		"less clear space":         {"capitals: no", "clear: 0.05", "forms.yaml:8:12: clear is less than the 1/8 inch"},
		"another word":             {"capitals: no", "capitals: maybe", "forms.yaml:8:15: capitals is neither yes nor no"},
		"nothing":                  {house, "", "has no form"},
		"another list":             {"envelopes:", "forms:", "forms.yaml:2:1: "},
		"the same name twice":      {house, house + strings.TrimPrefix(house, "# A mail house's own.\nenvelopes:\n"), "forms.yaml:9:11: \"Example House 10\" is there twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(house, c.old, c.now, 1)
			require.NotEqual(t, house, text)
			_, err := envelopefile.Read("forms.yaml", []byte(text))
			refusal, ok := breach.AsRefusal(err)
			require.True(t, ok, "%v", err)
			require.Equal(t, "envelopes", refusal.Code)
			require.Contains(t, refusal.Message, c.says)
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(house))
	f.Add([]byte("envelopes: [{name: a, width: .nan, window: {left: -1}}]"))
	f.Fuzz(func(t *testing.T, content []byte) {
		forms, err := envelopefile.Read("forms.yaml", content)
		for _, form := range forms {
			require.NoError(t, err)
			require.Empty(t, form.Check())
		}
	})
}
