package papers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/papers"
)

// TestACorrectedLetterExplainsTheFirst: at its beginning, in plain words, with the day of
// the first one and what the officers wrote about it; everything else is as in any letter.
func TestACorrectedLetterExplainsTheFirst(t *testing.T) {
	t.Parallel()
	for why, words := range map[string]string{
		breach.WrongText:    "What that letter said was wrong in part.",
		breach.WrongAddress: "That letter went to a wrong address, so it may not have reached you.",
		breach.WrongList:    "We made that letter from a list that was wrong, so it may have named another provider or other information.",
	} {
		first, corrected := letterTo(examplePerson()), letterTo(examplePerson())
		first.PieceID = "EX-00002"
		corrected.Corrects = &breach.Correction{Recall: 2, Why: why, Sentence: "The day by which you can enroll was wrong.", MailedOn: may1.AddDays(-9)}
		file, pieces := letters(t, exampleIncident(), corrected, first)
		text := flowed(textOf(t, file))
		said := "Notice of Data Breach Dear Łukasz Nguyễn: This letter takes the place of the one that we mailed to you on April 22, 2026. " + words +
			" The day by which you can enroll was wrong. Please go by this letter and throw the other one away. We are sorry for the mistake. We are writing to tell you"
		require.Contains(t, text, said)
		require.Equal(t, 1, strings.Count(text, "takes the place of"), "the other letter says nothing of it")
		require.LessOrEqual(t, pieces[0].Pages, 2)
		require.Less(t, readingGrade(textOf(t, file)), 8.0)
	}
}

// TestProofsShowWhatCorrectedLettersSay, once for each correction, so that whoever approves
// them has read it.
func TestProofsShowWhatCorrectedLettersSay(t *testing.T) {
	t.Parallel()
	proof := func(corrections ...breach.Correction) string {
		file, err := papers.Proof(exampleIncident(), examplePractice(), examplePerson().DataClasses, nil, may1, corrections...)
		require.NoError(t, err)
		return flowed(textOf(t, file))
	}
	require.NotContains(t, proof(), "takes the place of")
	text := proof(breach.Correction{Recall: 1, Why: breach.WrongText, Sentence: "The offer was wrong."}, breach.Correction{Recall: 2, Why: breach.WrongAddress})
	require.Equal(t, 2, strings.Count(text, "takes the place of"))
	require.Contains(t, text, "The offer was wrong. Please go by")
}

func TestASentenceForCorrectedLettersIsOneThatPrints(t *testing.T) {
	t.Parallel()
	require.NoError(t, papers.CheckSentence(""))
	require.NoError(t, papers.CheckSentence("The day by which you can enroll was wrong."))
	for _, bad := range []string{"The day was XXX.", "The [NEW DAY] counts.", "Now \U000F0000 counts."} {
		require.Error(t, papers.CheckSentence(bad), bad)
	}
}
