package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// inLanguage is somebody who asks for a language, in the order of the mail.
func inLanguage(key, zip, language string) breach.Person {
	return with(person("P1", key), func(p *breach.Person) { p.Language, p.ZIP = language, zip })
}

// asksForSpanish is a case whose letter to b is held back, because b asks for Spanish.
func asksForSpanish(t *testing.T, store *postgres.Store) {
	t.Helper()
	loaded(t, store, caseOf(incident(), practices("P1"), inLanguage("a", "20001", ""), inLanguage("b", "20002", "es"), inLanguage("c", "20003", "en")))
	approved(t, store, "P1")
	require.Equal(t, 3, mailRun(t, store, 1, 5).Pieces)
	require.NoError(t, store.SaveBatch(t.Context(), incidentID, 1, casebook.Batch{
		Name: casebook.BatchName(1, 1), Number: 1, Pieces: 2, Pages: 4, PDFSHA256: "p", CSVSHA256: "c", PrintedAt: noon,
		Held: []casebook.HeldPiece{{PieceID: "R001-000002", Reason: breach.HeldLanguage}},
		Languages: []casebook.PieceLanguages{
			{LetterLanguage: breach.LetterLanguage{Asked: "es", Reason: breach.LanguageMissing}, PieceIDs: []string{"R001-000002"}},
			{LetterLanguage: breach.LetterLanguage{Tag: "en", Asked: "en", Reason: breach.LanguageChosen}, PieceIDs: []string{"R001-000003"}},
		},
	}))
	require.Equal(t, 1, practice(t, store, "P1").Account.In(account.Held))
}

// TestALettersLanguageIsKeptWithItsReason: beside the letter, for whoever may see the
// person, and in clear nowhere.
func TestALettersLanguageIsKeptWithItsReason(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	asksForSpanish(t, store)
	officer := openAt(t, url, postgres.WithMaster(masterOf("test")), postgres.As(access.Everywhere(access.Officer)))
	story := func(key string) casebook.PersonLetter {
		story, err := officer.PersonStory(t.Context(), casebook.Reveal{IncidentID: incidentID, PracticeKey: "P1", PersonKey: key, Reason: "Complaint 17", Who: "Ada", Identity: "os:ada"})
		require.NoError(t, err)
		require.Len(t, story.Letters, 1)
		return story.Letters[0]
	}
	require.Equal(t, breach.LetterLanguage{}, story("a").Language, "English, which nobody asked for")
	require.Equal(t, breach.LetterLanguage{Asked: "es", Reason: breach.LanguageMissing}, story("b").Language)
	require.Equal(t, breach.LetterLanguage{Tag: "en", Asked: "en", Reason: breach.LanguageChosen}, story("c").Language)

	var kept []byte
	require.NoError(t, testkit.Pool(t, url).QueryRow(t.Context(), "SELECT languages FROM batch").Scan(&kept))
	require.NotContains(t, string(kept), "missing")
	require.NotContains(t, string(kept), "R001-000002")
}

// TestALetterHeldForItsLanguageIsPrintedWhenThereIsOne: when the incident is corrected, and
// when a list says another language of the person; no other letter is printed again.
func TestALetterHeldForItsLanguageIsPrintedWhenThereIsOne(t *testing.T) {
	t.Parallel()
	t.Run("by a corrected incident", func(t *testing.T) {
		t.Parallel()
		store, _ := open(t)
		asksForSpanish(t, store)
		other := incident()
		other.WhatHappened = "Somebody used a stolen password."
		amend(t, store, postgres.AmendInput{SHA256: "other", By: "Robin Officer", At: noon, Incident: &other})
		require.Equal(t, 1, practice(t, store, "P1").Account.In(account.Held), "that has no Spanish either")

		spanish := other
		spanish.Translations = map[string]breach.Translation{"es": {WhatHappened: "a", WhatWeAreDoing: "b", WhatYouCanDo: "c"}}
		result := amend(t, store, postgres.AmendInput{SHA256: "yaml", By: "Robin Officer", At: noon, Incident: &spanish})
		require.Equal(t, []string{"P1"}, result.Papers, "approvals are of other letters")
		now := practice(t, store, "P1").Account
		require.Zero(t, now.In(account.Held))
		require.Equal(t, 1, now.In(account.Waiting))
		require.Equal(t, 2, now.In(account.Printed))
		approved(t, store, "P1")
		require.Equal(t, 1, mailRun(t, store, 2, 5).Pieces)
		require.Equal(t, "b", letters(t, store, 2, 1)[0].Person.Key)
	})
	t.Run("by a decision for English", func(t *testing.T) {
		t.Parallel()
		store, _ := open(t)
		asksForSpanish(t, store)
		decided := incident()
		decided.Letters.Languages = breach.LanguageTerms{Missing: breach.MissingEnglish, Reason: "Interpreters call."}
		amend(t, store, postgres.AmendInput{SHA256: "yaml", By: "Robin Officer", At: noon, Incident: &decided})
		require.Equal(t, 1, practice(t, store, "P1").Account.In(account.Waiting))
	})
	t.Run("by a later list", func(t *testing.T) {
		t.Parallel()
		store, _ := open(t)
		asksForSpanish(t, store)
		amended(t, store, amendment("list-2", inLanguage("b", "20002", "en"), inLanguage("c", "20003", "fr")))
		now := practice(t, store, "P1").Account
		require.Zero(t, now.In(account.Held))
		require.Equal(t, 1, now.In(account.Waiting))
		require.Equal(t, 2, now.In(account.Printed), "a language asked for afterwards owes no other letter")
		approved(t, store, "P1")
		require.Equal(t, 1, mailRun(t, store, 2, 5).Pieces)
	})
}
