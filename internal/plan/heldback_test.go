package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

// What validate and plan say of letters that will be held back, each with its
// row and its own reason.
func TestLettersThatWillBeHeldBackAreForeseen(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		validated []string
		planned   []string
		letters   int
	}{
		"held-all": {
			validated: []string{"W221 findings.csv:2 first_name"},
			planned:   []string{"letter_held_script P1 line 2 U+182A"}, letters: 0,
		},
		"held-one-of-two": {
			validated: []string{"W221 findings.csv:3 first_name"},
			planned:   []string{"letter_held_script P1 line 3 U+182A"}, letters: 1,
		},
		"held-blocks": {
			validated: []string{"W221 findings.csv:2 first_name"},
			planned:   []string{"letter_held_script P1 line 2 U+182A"}, letters: 1,
		},
		"held-long-address": {
			validated: []string{"W222 findings.csv:3 address1"},
			planned:   []string{"letter_held_address_too_long P1 line 3 window"}, letters: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			today := civil.MustParse("2026-11-28")
			var said []string
			c, report, err := casefolder.Read(t.Context(), cases.Folder(t, name), today, func(p casefolder.Problem) error {
				if p.Rule == "W221" || p.Rule == "W222" {
					said = append(said, fmt.Sprintf("%s %s:%d %s", p.Rule, p.File, p.Line, p.Column))
				}
				return nil
			})
			require.NoError(t, err)
			require.False(t, report.Refused())
			require.Equal(t, want.validated, said)

			document, err := plan.Of(t.Context(), plan.Input{Incident: c.Incident, Practices: c.Practices, Findings: c.Findings}, today, rules.Current())
			require.NoError(t, err)
			require.Equal(t, want.letters, document.Totals.Letters)
			var planned []rules.Warning
			for _, w := range document.Warnings {
				if strings.HasPrefix(w.Code, "letter_held_") {
					planned = append(planned, w)
				}
			}
			require.Len(t, planned, len(want.planned))
			for i, words := range want.planned {
				for _, word := range strings.Split(words, " ") {
					require.Contains(t, planned[i].Code+" "+planned[i].Message, word)
				}
			}
		})
	}
}
