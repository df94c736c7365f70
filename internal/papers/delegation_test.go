package papers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

func TestASignedDelegationSaysWhatWasAgreedByWhomAndWhen(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	day := civil.MustParse("2026-03-16")
	in := papers.DelegationInput{
		Incident: breach.Incident{ID: "EX-2026-03", Discovered: day, Occurred: breach.Span{From: day, To: day}, Entity: breach.Entity{Name: "Example Health Cloud, Inc."}},
		Practice: breach.Practice{Key: "P1", LegalName: "Example Family Medicine, PLLC", DBA: "Example Family"}, Name: "Ann **Example**", Title: "# Office manager",
		At: time.Date(2026, 4, 3, 1, 30, 0, 0, time.UTC), Zone: zone, AnswerID: "0d9a", AnswerSHA256: "ab12",
	}
	for delegation, words := range map[string]string{
		breach.DelegateAll: "lets Example Health Cloud, Inc. notify its patients, and report to HHS", breach.DelegateLetters: "does everything else itself", breach.DelegateNone: "The practice notifies its patients itself",
	} {
		in.Delegation = delegation
		file, err := papers.SignedDelegation(in)
		require.NoError(t, err)
		text := flowed(textOf(t, file))
		for _, wanted := range []string{words, "Ann **Example**", "# Office manager", "April 2, 2026, 8:30 PM CDT", "0d9a", "ab12", "stays responsible", "Example Family Medicine, PLLC"} {
			require.Contains(t, text, wanted, delegation)
		}
		again, err := papers.SignedDelegation(in)
		require.NoError(t, err)
		require.Equal(t, file, again, "the same answer gives the same bytes")
	}
	in.Delegation = "some"
	_, err = papers.SignedDelegation(in)
	require.Error(t, err)
}
