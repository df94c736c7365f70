package casefolder_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
)

func TestAListOfBouncedEMailsIsToldFromOneOfLetters(t *testing.T) {
	t.Parallel()
	today := civil.MustParse("2026-05-01")
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "came-back.csv")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	read := func(path string) ([]breach.BouncedEmail, []string) {
		var rules []string
		list, report, err := casefolder.ReadBounces(t.Context(), path, casefolder.ListOptions{}, today, func(p casefolder.Problem) error {
			rules = append(rules, p.Rule)
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, len(rules) > 0, report.Refused())
		return list.Emails, rules
	}
	letters := write("piece_id,returned_on\nR1-000001,2026-04-20\n")
	for path, want := range map[string]bool{letters: false, write("practice_key,person_key,bounced_on\n"): true, filepath.Join(t.TempDir(), "none.csv"): false} {
		is, err := casefolder.IsBounces(path)
		require.NoError(t, err)
		require.Equal(t, want, is)
	}
	emails, problems := read(write("person_key,practice_key,bounced_on\nk1,P1,2026-04-20\nk1,P2,2026-04-21\n"))
	require.Empty(t, problems)
	require.Equal(t, []breach.BouncedEmail{
		{PracticeKey: "P1", PersonKey: "k1", On: civil.MustParse("2026-04-20")}, {PracticeKey: "P2", PersonKey: "k1", On: civil.MustParse("2026-04-21")},
	}, emails)
	for text, rule := range map[string]string{
		"practice_key,person_key,bounced_on\nP1,k1,2026-04-20\nP1,k1,2026-04-21\n": "E302",
		"practice_key,person_key,bounced_on\nP1,k1,2026-05-02\n":                   "E112",
		"practice_key,person_key,bounced_on\n":                                     "E010",
		"practice_key,person_key\nP1,k1\n":                                         "E005",
	} {
		_, problems := read(write(text))
		require.Equal(t, []string{rule}, problems, text)
	}
}
