package casefolder_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
	"duenotice/internal/envelope"
)

// TestAnIncidentKeepsItsFormOfEnvelope: by the name in incident.yaml, else by the
// installation's default, and whole, so that a worker needs no file of forms.
func TestAnIncidentKeepsItsFormOfEnvelope(t *testing.T) {
	t.Parallel()
	own, _ := envelope.Forms{}.Named("6x9")
	own.Name = "house"
	for name, c := range map[string]struct {
		chosen string
		forms  envelope.Forms
		want   string
	}{
		"nothing is chosen":         {"", envelope.Forms{}, ""},
		"the standard one is named": {", envelope: \"#10\"", envelope.Forms{}, "#10"},
		"a built-in one":            {", envelope: 6x9", envelope.Forms{}, "6x9"},
		"the default is our own":    {"", envelope.Forms{Own: []envelope.Form{own}, Default: "house"}, "house"},
		"named over the default":    {", envelope: \"#10 double window\"", envelope.Forms{Own: []envelope.Form{own}, Default: "house"}, "#10 double window"},
		"our own is named":          {", envelope: house", envelope.Forms{Own: []envelope.Form{own}}, "house"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := wholeFolder()
			f.say("mail_by: 2026-05-01", "mail_by: 2026-05-01"+c.chosen)
			read, report, err := casefolder.ReadWith(t.Context(), f.write(t), casefolder.Options{Today: today, Envelopes: c.forms}, nil)
			require.NoError(t, err)
			require.False(t, report.Refused())
			want, _ := c.forms.Named(c.want)
			if c.want == "" {
				want = envelope.Form{}
			}
			require.Equal(t, want, read.Incident.Letters.Envelope)
		})
	}
}
