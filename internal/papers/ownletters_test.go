package papers_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/papers"
	"duenotice/internal/rules"
)

// ownLetters are the letters of a practice's own to people.
func ownLetters(incident breach.Incident, practice breach.Practice, people ...breach.Person) ([]byte, error) {
	batch, err := papers.NewOwnLetters(incident, practice, may1, map[string]int{})
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		if _, err := batch.Add(casebook.Letter{PieceID: p.Key, Person: p, Practices: []breach.Practice{practice}}); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	_, err = batch.WriteTo(&out)
	return out.Bytes(), err
}

func examplePeople() []breach.Person {
	adult, child := examplePerson(), examplePerson()
	child.Key, child.FirstName, child.BirthDate = "K-0002", "=Mina", may1.AddYears(-7)
	return []breach.Person{adult, child}
}

func exampleChecklist() papers.ChecklistInput {
	in := papers.ChecklistInput{
		Incident: exampleIncident(), Practice: examplePractice(), Letters: true, LetterDate: may1, NoAddress: 3, DatedOn: may1,
	}
	for _, o := range exampleNotice().Obligations {
		if !o.ToPractice() {
			in.Duties = append(in.Duties, papers.ChecklistDuty{Obligation: o})
		}
	}
	in.Duties[0].DoneOn = may1
	return in
}

func exampleAgencies() []papers.AgencyRow {
	return []papers.AgencyRow{
		{Obligation: breach.Obligation{Kind: breach.HHSNotice, Jurisdiction: "US", Recipient: "Secretary of Health and Human Services", Form: breach.FormImmediate, Due: may1, Count: 600, Citation: "45 CFR 164.408(b)"}},
		{
			Obligation: breach.Obligation{Rule: "state.md.regulator.attorney_general", Kind: breach.RegulatorNotice, Jurisdiction: "MD", Recipient: "Maryland Office of the Attorney General", Due: may1, Count: 9, Citation: "Md."},
			DoneOn:     may1, Reference: "=AG-7", Filing: rules.Filing{Form: "by e-mail", Content: "number of residents", Source: "https://example.org/md"},
		},
		{Obligation: breach.Obligation{Kind: breach.CRANotice, Jurisdiction: "VA", Recipient: "nationwide consumer reporting agencies", Count: 1200}},
	}
}

// A practice's own letter speaks as the practice: its name, its address and its
// telephone, and never the vendor's.
func TestAnOwnLetterSpeaksAsThePractice(t *testing.T) {
	t.Parallel()
	incident, practice := exampleIncident(), examplePractice()
	file, err := ownLetters(incident, practice, examplePerson())
	require.NoError(t, err)
	words := strings.Join(strings.Fields(textOf(t, file)), " ")
	require.Contains(t, words, "It happened at "+incident.Entity.Name)
	require.Contains(t, words, "We are "+practice.Name())
	for _, line := range []string{practice.Address1, practice.Phone, practice.TollFree} {
		require.Contains(t, words, line)
	}
	require.NotContains(t, words, "on behalf of")
	require.NotContains(t, words, incident.Entity.TollFree)
	require.NotContains(t, words, incident.Entity.Address[0])
}

// What a letter of ours is held back for, holds a practice's own back too.
func TestAnOwnLetterIsHeldBackLikeOurs(t *testing.T) {
	t.Parallel()
	odd := examplePerson()
	odd.LastName = "ᠪᠠᠲᠤ"
	_, err := ownLetters(exampleIncident(), examplePractice(), odd)
	var held *papers.HeldError
	require.ErrorAs(t, err, &held)
	require.Equal(t, breach.HeldScript, held.Reason)
	long := examplePractice()
	long.LegalName, long.DBA = strings.Repeat("Very long name ", 40), ""
	_, err = ownLetters(exampleIncident(), long, examplePerson())
	var refusal *breach.Refusal
	require.ErrorAs(t, err, &refusal)
}

// Every duty that a practice can have has Spanish words that are not the English ones.
func TestEveryStepHasSpanishWords(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{
		breach.IndividualNotice, breach.StateIndividualNotice, breach.SubstituteNotice, breach.MediaNotice, breach.HHSNotice,
		breach.RegulatorNotice, breach.CRANotice, breach.CreditMonitoringDuty, breach.FacilityNotice,
	} {
		for _, form := range []string{"", breach.FormConspicuous, breach.FormKept, breach.FormAnnualLog, breach.FormAddendum, breach.FormUpdate} {
			in := exampleChecklist()
			o := breach.Obligation{Kind: kind, Form: form, Jurisdiction: "VA", Recipient: "Example Agency", Due: may1, Citation: "the law"}
			in.Duties = []papers.ChecklistDuty{{Obligation: o}}
			file, err := papers.Checklist(in)
			require.NoError(t, err)
			words := strings.Join(strings.Fields(textOf(t, file)), " ")
			_, spanish, found := strings.Cut(words, "A más tardar el 1 de mayo de 2026:")
			require.True(t, found)
			require.NotContains(t, spanish[:min(len(spanish), 200)], papers.DutyWords(o), "%s %s", kind, form)
		}
	}
}
