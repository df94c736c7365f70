package papers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

// exampleListed are people of each kind whose letters differ, with two of the commonest.
func exampleListed() []breach.Person {
	person := func(change func(*breach.Person)) breach.Person {
		p := examplePerson()
		change(&p)
		return p
	}
	return []breach.Person{
		person(func(p *breach.Person) { p.EnrollmentCode = "ABCD-1234" }),
		person(func(p *breach.Person) { p.EnrollmentCode = "EFGH-5678" }),
		person(func(*breach.Person) {}),
		person(func(p *breach.Person) { p.BirthDate = may1.AddYears(-7) }),
		person(func(p *breach.Person) { p.BirthDate, p.RepresentativeRelation = may1.AddYears(-16), breach.ActsForSelf }),
		person(func(p *breach.Person) { p.DeceasedDate = may1.AddDays(-90) }),
		person(func(p *breach.Person) {
			p.DeceasedDate, p.RepresentativeName, p.RepresentativeRelation = may1.AddDays(-90), "Eve Executor", "personal_representative"
		}),
		person(func(p *breach.Person) { p.RepresentativeName, p.RepresentativeRelation = "Gil Guardian", "guardian" }),
		person(func(p *breach.Person) { p.State, p.ZIP = "NC", "27601" }),
		person(func(p *breach.Person) { p.State, p.ZIP = "NM", "87501" }),
		person(func(p *breach.Person) { p.DataClasses = []breach.DataClass{"name", "claims"} }),
		person(func(p *breach.Person) { p.DataClasses = []breach.DataClass{"name", "diagnosis"} }),
	}
}

// askingForSpanish are people who ask for Spanish.
func askingForSpanish(people []breach.Person) []breach.Person {
	for i := range people {
		people[i].Language = "es"
	}
	return people
}

// countedOf are the variants of people's letters, as papers of a practice count them.
func countedOf(incident breach.Incident, on civil.Date, people []breach.Person) casebook.LetterVariants {
	var c casebook.VariantCounter
	for i := range people {
		c.Add(papers.VariantOf(incident, &people[i], breach.SetOf(people[i].DataClasses...), on), 1)
	}
	return c.Counted(on)
}

// proofOf is the proof of the letters of exampleListed at a practice.
func proofOf(incident breach.Incident, practice breach.Practice) ([]byte, error) {
	return proofOfLetters(incident, practice, exampleListed())
}

func proofOfLetters(incident breach.Incident, practice breach.Practice, people []breach.Person) ([]byte, error) {
	counts := countedOf(incident, may1, people)
	file, _, err := papers.Proof(papers.ProofInput{
		Incident: incident, Practice: &practice, Practices: 1, Variants: papers.VariantsOf(practice, counts.Counts),
		Residents: map[string]int{"NM": 1}, DatedOn: may1, NoAddress: 2, Held: map[breach.HeldReason]int{breach.HeldScript: 1},
	})
	return file, err
}

// TestAProofHasEveryWordThatPrints sets a proof and the real letters of the same people:
// each paragraph of each letter stands in the proof, but for what is one person's own and
// for lists of information, which its first pages have.
func TestAProofHasEveryWordThatPrints(t *testing.T) {
	t.Parallel()
	people := exampleListed()
	file, err := proofOf(exampleIncident(), examplePractice())
	require.NoError(t, err)
	proof, cells := flowed(textOf(t, file)), structureOf(t, file)
	batch, err := papers.NewLetterBatch(exampleIncident(), may1, map[string]int{"NM": 1})
	require.NoError(t, err)
	for i, p := range people {
		letter := letterTo(p)
		letter.PieceID = fmt.Sprintf("EX-%05d", i+1)
		_, err := batch.Add(letter)
		require.NoError(t, err)
	}
	var out strings.Builder
	_, err = batch.WriteTo(&out)
	require.NoError(t, err)
	heard := ""
	for _, cell := range cells {
		heard += cell.text + "\n"
	}
	own := strings.NewReplacer("Łukasz", "", "Nguyễn", "", "ŁUKASZ", "")
	sentences := 0
	for _, sentence := range strings.Split(own.Replace(flowed(textOf(t, []byte(out.String())))), ". ") {
		switch {
		case strings.Contains(sentence, "Dear "), strings.Contains(sentence, "To the "), strings.Contains(sentence, "Reference EX-"),
			strings.Contains(sentence, "enrollment code:"):
			continue // whose letter it is
		case strings.Contains(sentence, "that was involved may include: "):
			_, list, _ := strings.Cut(sentence, "may include: ")
			list, _, _ = strings.Cut(list, ".")
			require.Contains(t, cells, told{"TD", strings.TrimSpace(list)})
			continue
		}
		sentences++
		require.Contains(t, proof, strings.TrimSpace(sentence))
	}
	require.Greater(t, sentences, 100)
	for _, words := range []string{
		"12 people get a letter", "a child's parent or guardian", "the person, who acts for themselves", "North Carolina", "PROOF. NOT FOR MAILING.",
		"there is no address that a letter can go to", "45 CFR 164.502(g)(2)", "45 CFR 164.404(d)(1)(ii)", "in PROOF-",
	} {
		require.Contains(t, heard+proof, words)
	}
	for _, p := range people {
		require.NotContains(t, proof, p.LastName, "the people in a proof are invented")
		if p.EnrollmentCode != "" {
			require.NotContains(t, proof, p.EnrollmentCode)
		}
	}
}

// TestEachVariantIsMeasured: pages, grade and what a letter must say, and a text that makes
// letters hard to read is said of each of them.
func TestEachVariantIsMeasured(t *testing.T) {
	t.Parallel()
	measured := func(incident breach.Incident) []papers.Measured {
		practice := examplePractice()
		counts := countedOf(incident, may1, exampleListed())
		_, all, err := papers.Proof(papers.ProofInput{
			Incident: incident, Practice: &practice, Practices: 1, Variants: papers.VariantsOf(practice, counts.Counts),
			Residents: map[string]int{"NM": 1}, DatedOn: may1,
		})
		require.NoError(t, err)
		require.Len(t, all, len(counts.Counts))
		return all
	}
	for _, m := range measured(exampleIncident()) {
		require.Equal(t, 2, m.Pages)
		require.Empty(t, m.Failed)
		require.False(t, m.Hard(), "grade %.2f", m.Grade)
		require.Greater(t, m.Grade, 4.0)
		require.Greater(t, m.Words, 300)
	}
	hard := exampleIncident()
	hard.WhatHappened = strings.Repeat("Notwithstanding organizational safeguards, unauthorized individuals illegitimately appropriated authentication credentials facilitating comprehensive exfiltration of administrative documentation maintained electronically throughout geographically distributed infrastructure environments. ", 3)
	for _, m := range measured(hard) {
		require.True(t, m.Hard(), "grade %.2f", m.Grade)
	}
}

// TestAnIncidentsProofHasAFewHundredPages of three thousand variants: lists of information
// add rows, not letters.
func TestAnIncidentsProofHasAFewHundredPages(t *testing.T) {
	t.Parallel()
	var c casebook.VariantCounter
	for set := breach.DataClassSet(1); set < 301; set++ {
		for _, voice := range breach.Voices {
			for _, state := range []string{"", "NY"} {
				v := breach.Variant{Voice: voice, Language: "en", State: state, Classes: set}
				if _, v.Offer = exampleIncident().OfferTo(voice); set%3 == 0 {
					v.Coded = v.Offer != breach.NoOffer
				}
				c.Add(v, int(set))
			}
		}
	}
	counts := c.Counted(may1)
	file, measured, err := papers.Proof(papers.ProofInput{
		Incident: exampleIncident(), Practices: 7, Variants: papers.VariantsOf(examplePractice(), counts.Counts), DatedOn: may1,
	})
	require.NoError(t, err)
	require.Len(t, measured, 3_000)
	text := textOf(t, file)
	require.Less(t, strings.Count(text, "\f"), 300)
	require.Contains(t, flowed(text), " more, for ")
}

// TestOneFunctionSaysWhichVariantALetterIs, for whoever reads it and why.
func TestOneFunctionSaysWhichVariantALetterIs(t *testing.T) {
	t.Parallel()
	incident := exampleIncident()
	all := exampleListed()
	minors := incident
	minors.CreditMonitoring.Minors = breach.MinorsMonitoring{Provider: "Example Kids Watch", Months: 24, EnrollURL: "https://example.org/kids"}
	variant := func(incident breach.Incident, p breach.Person) breach.Variant {
		return papers.VariantOf(incident, &p, breach.SetOf(p.DataClasses...), may1)
	}
	reasons := func(i int) string { return strings.Join(variant(incident, all[i]).Reasons(), "\n") }
	require.Equal(t, variant(incident, all[0]), variant(incident, all[1]), "a code of one's own changes no word")
	require.NotEqual(t, variant(incident, all[0]), variant(incident, all[2]))
	require.Equal(t, breach.OfferToAll, variant(incident, all[3]).Offer)
	require.Equal(t, breach.OfferToMinors, variant(minors, all[3]).Offer)
	require.Equal(t, breach.NoOffer, variant(minors, all[5]).Offer)
	require.Contains(t, reasons(3), "164.502(g)(3)")
	require.Contains(t, reasons(4), "164.502(g)(3)(i), (g)(5)")
	require.Contains(t, reasons(5), "next of kin")
	require.Contains(t, reasons(6), "164.502(g)(4)")
	require.Contains(t, reasons(7), "164.502(g)(2)")
	require.Contains(t, reasons(8), "North Carolina")
	keys := map[string]breach.Variant{}
	for _, p := range all {
		v := variant(incident, p)
		if was, there := keys[v.Key()]; there {
			require.Equal(t, was, v)
		}
		keys[v.Key()] = v
	}
	require.Len(t, keys, 11)
	require.Equal(t, "en", variant(incident, all[0]).Language)

	day := countedOf(incident, may1, all)
	slices.Reverse(all)
	require.Equal(t, day.SHA256(), countedOf(incident, may1, all).SHA256(), "in whatever order they come")
	later := countedOf(incident, may1.AddYears(11), all)
	require.NotEqual(t, day.SHA256(), later.SHA256(), "a child came of age")
	require.Equal(t, day.SHA256(), countedOf(incident, may1.AddDays(1), all).SHA256())
}

// TestMinorsAreOfferedWhatIsForThem, in their letters alone.
func TestMinorsAreOfferedWhatIsForThem(t *testing.T) {
	t.Parallel()
	incident := exampleIncident()
	incident.CreditMonitoring.Minors = breach.MinorsMonitoring{Provider: "Example Kids Watch", Months: 12, EnrollURL: "https://example.org/kids"}
	child, adult := examplePerson(), examplePerson()
	child.BirthDate = may1.AddYears(-7)
	file, _ := letters(t, incident, letterTo(child))
	text := flowed(textOf(t, file))
	require.Contains(t, text, "We offer your child 12 months of identity monitoring for minors through Example Kids Watch at no cost to you. A parent or guardian enrolls for the child: go to https://example.org/kids.")
	require.NotContains(t, text, "Example Watch")
	require.NotContains(t, text, "so ask for the service for minors")
	file, _ = letters(t, incident, letterTo(adult))
	require.NotContains(t, flowed(textOf(t, file)), "Example Kids Watch")
	require.Contains(t, flowed(textOf(t, file)), "24 months of credit monitoring through Example Watch")
}
