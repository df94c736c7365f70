package activities_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// The table is shown as Markdown, which would make a link of what somebody wrote as an agency's name.
func TestAHoldsAgencyIsTextInTheUI(t *testing.T) {
	t.Parallel()
	table := activities.PhaseTable(casebook.Status{Holds: []breach.Hold{{
		Kind: breach.WrittenHold, StatedOn: civil.MustParse("2026-04-01"), Agency: "[Sign in again](https://evil.example/) <b>FBI</b>",
	}}})
	require.Contains(t, table, `stated 2026-04-01 by \[Sign in again\]\(https\://evil\.example/) \<b\>FBI\</b\>).`)
}
