package papers_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/papers"
)

// readers are letters to readers of each kind, in States with and without a text.
func readers() []casebook.Letter {
	var all []casebook.Letter
	for i, change := range []func(*breach.Person){
		func(*breach.Person) {},
		func(p *breach.Person) { p.BirthDate = may1.AddYears(-5) },
		func(p *breach.Person) { p.DeceasedDate = may1.AddYears(-1) },
		func(p *breach.Person) {
			p.DeceasedDate, p.RepresentativeName, p.RepresentativeRelation = may1.AddYears(-1), "Ann Executor", "personal_representative"
		},
		func(p *breach.Person) { p.RepresentativeName, p.RepresentativeRelation = "Gil Guardian", "guardian" },
		func(p *breach.Person) { p.State, p.ZIP, p.EnrollmentCode = "MD", "21201", "AB12-CD34" },
		func(p *breach.Person) { p.State, p.ZIP = "NY", "10001" },
		func(p *breach.Person) { p.State, p.ZIP = "DC", "20001" },
		func(p *breach.Person) { p.State, p.ZIP, p.DataClasses = "RI", "02901", []breach.DataClass{"ssn"} },
		func(p *breach.Person) { p.LastName = "[TODO]" },
	} {
		p := examplePerson()
		change(&p)
		l := letterTo(p)
		if i%2 == 1 {
			l.Practices = append(l.Practices, secondPractice())
		}
		if i%3 == 1 {
			l.Corrects = &breach.Correction{Recall: i, Why: breach.RecallReasons[i/3%3], Sentence: "The *last* day to enroll [SEE BELOW] was wrong.", MailedOn: may1.AddDays(-9)}
		}
		l.PieceID = "R001-00000" + string(rune('0'+i))
		all = append(all, l)
	}
	return all
}

// readBack makes a batch of letters, changed before and after, and reads it back.
func readBack(t *testing.T, incident breach.Incident, all []casebook.Letter, before, after func(*papers.LetterBatch)) []papers.Misread {
	t.Helper()
	batch, err := papers.NewLetterBatch(incident, may1, map[string]int{"RI": 7})
	require.NoError(t, err)
	if before != nil {
		before(batch)
	}
	for _, l := range all {
		_, err := batch.Add(l)
		require.NoError(t, err)
	}
	if after != nil {
		after(batch)
	}
	var out bytes.Buffer
	_, err = batch.WriteTo(&out)
	require.NoError(t, err)
	misread, err := batch.ReadBack(out.Bytes())
	require.NoError(t, err)
	return misread
}

func TestLettersReadBackAsTheyShould(t *testing.T) {
	t.Parallel()
	plain, own := exampleIncident(), exampleIncident()
	plain.CreditMonitoring = breach.CreditMonitoring{}
	own.WhatHappened = "- We found it.\n- We call it [PROJECT NAME].\n\n1. It *was* an accident | ours."
	own.Entity.Role, own.Entity.Name = breach.CoveredEntity, "Riverside Behavioral Health LLC"
	odd := letterTo(examplePerson(), breach.Practice{Key: "P9", LegalName: "[NORTH CAMPUS] XXX Clinic #1"})
	for name, incident := range map[string]breach.Incident{"as always": exampleIncident(), "without an offer": plain, "in odd words": own, "with barcodes": mailed()} {
		require.Empty(t, readBack(t, incident, append(readers(), odd), nil, nil), name)
	}
}

// Whatever went wrong on the way to the page is found on the page, and by its own check.
func TestWhatWentWrongIsReadFromThePage(t *testing.T) {
	t.Parallel()
	replace := func(old, by string) func(string) string {
		return func(text string) string {
			if !strings.Contains(text, old) {
				panic("the letter does not say " + old)
			}
			return strings.Replace(text, old, by, 1)
		}
	}
	virginian, child, dead, marylander := readers()[0], readers()[1], readers()[2], readers()[5]
	noOffer := readers()[0]
	for name, c := range map[string]struct {
		letter   casebook.Letter
		misprint func(string) string
		mistake  func(*casebook.Letter)
		want     papers.Check
	}{
		"a heading is gone":             {letter: virginian, misprint: replace("## What We Are Doing", ""), want: papers.CheckElements},
		"headings are out of order":     {letter: virginian, misprint: replace("## What Happened", "## What You Can Do"), want: papers.CheckElements},
		"what happened is cut":          {letter: virginian, misprint: replace("We shut that person out the same day.", ""), want: papers.CheckElements},
		"the day is another":            {letter: virginian, misprint: replace("between March 14, 2026 and", "until"), want: papers.CheckElements},
		"no way to ask":                 {letter: virginian, misprint: replace("E-mail: privacy@example.org", ""), want: papers.CheckElements},
		"another practice":              {letter: virginian, misprint: replace("Oak Street Family Medicine", "Elm Avenue Cardiology LLC"), want: papers.CheckPractice},
		"no practice":                   {letter: virginian, misprint: replace("Oak Street Family Medicine", "you know whom"), want: papers.CheckPractice},
		"a State's text is gone":        {letter: marylander, misprint: replace("For residents of Maryland", "For all"), want: papers.CheckState},
		"another State's text":          {letter: virginian, misprint: replace("## For More Information", "**For residents of Maryland.** Call us.\n\n## For More Information"), want: papers.CheckState},
		"the offer is gone":             {letter: virginian, misprint: replace("24 months of credit monitoring through Example Watch", "nothing"), want: papers.CheckOffer},
		"other months":                  {letter: virginian, misprint: replace("24 months", "12 months"), want: papers.CheckOffer},
		"an offer to the dead":          {letter: dead, misprint: replace("Credit monitoring cannot be opened", "We offer 24 months of credit monitoring through Example Watch. It cannot be opened"), want: papers.CheckOffer},
		"the code is gone":              {letter: marylander, mistake: func(l *casebook.Letter) { l.Person.EnrollmentCode = "ZZ99-YY88" }, want: papers.CheckOffer},
		"a placeholder":                 {letter: virginian, misprint: replace("We regret that this happened.", "TODO: regret."), want: papers.CheckPlaceholder},
		"a template's field":            {letter: virginian, misprint: replace("We regret that this happened.", "We regret <no value>."), want: papers.CheckPlaceholder},
		"a class too many":              {letter: virginian, misprint: replace("and medications.", "medications, and lab results."), want: papers.CheckClasses},
		"a class behind them":           {letter: virginian, misprint: replace("and medications.", "and medications. And your passport number."), want: papers.CheckClasses},
		"a class too few":               {letter: virginian, misprint: replace(", Social Security number", ""), want: papers.CheckClasses},
		"somebody else's name":          {letter: virginian, mistake: func(l *casebook.Letter) { l.Person.LastName = "Rivera" }, want: papers.CheckPerson},
		"somebody else's street":        {letter: virginian, mistake: func(l *casebook.Letter) { l.Person.Address1 = "46 Maple Court" }, want: papers.CheckPerson},
		"an adult's letter to a parent": {letter: virginian, mistake: func(l *casebook.Letter) { l.Person.BirthDate = may1.AddYears(-5) }, want: papers.CheckPerson},
		"a parent's to an adult":        {letter: child, mistake: func(l *casebook.Letter) { l.Person.BirthDate = may1.AddYears(-50) }, want: papers.CheckPerson},
		"of another State":              {letter: virginian, mistake: func(l *casebook.Letter) { l.Person.State = "MD" }, want: papers.CheckState},
		"of other classes":              {letter: virginian, mistake: func(l *casebook.Letter) { l.Classes = []breach.DataClass{"ssn"} }, want: papers.CheckClasses},
		"nothing of the first letter":   {letter: child, misprint: replace("This letter takes the place of", "This letter is"), want: papers.CheckCorrection},
		"another day of the first":      {letter: child, mistake: func(l *casebook.Letter) { l.Corrects = &breach.Correction{Why: breach.WrongText, MailedOn: may1} }, want: papers.CheckCorrection},
		"the officers' sentence is cut": {letter: child, misprint: replace("last", "first"), want: papers.CheckCorrection},
		"of a letter nobody got":        {letter: virginian, misprint: replace("We are writing", "This letter takes the place of another. We are writing"), want: papers.CheckCorrection},
		"of another practice":           {letter: virginian, mistake: func(l *casebook.Letter) { l.Practices = []breach.Practice{secondPractice()} }, want: papers.CheckPractice},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			misread := readBack(t, exampleIncident(), []casebook.Letter{readers()[6], c.letter}, func(b *papers.LetterBatch) {
				if c.misprint != nil {
					require.NoError(t, b.Misprint(c.letter, c.misprint))
				}
			}, func(b *papers.LetterBatch) {
				if c.mistake != nil {
					b.Mistake(c.mistake)
				}
			})
			require.Len(t, misread, 1)
			require.Equal(t, c.letter.PieceID, misread[0].PieceID)
			require.Contains(t, misread[0].Checks, c.want)
		})
	}
	// Words of the letter before it: a practice that is not the person's own.
	before, after := noOffer, readers()[4]
	before.Practices, before.PieceID = []breach.Practice{secondPractice()}, "R001-000099"
	misread := readBack(t, exampleIncident(), []casebook.Letter{before, after}, func(b *papers.LetterBatch) {
		require.NoError(t, b.Misprint(after, replace("We regret that this happened.", "We regret it with Elm Avenue Cardiology LLC.")))
	}, nil)
	require.Equal(t, []papers.Misread{{PieceID: after.PieceID, Checks: []papers.Check{papers.CheckPractice}}}, misread)
}

// A file that has other pages than its letters is no file of theirs.
func TestAFileOfOtherLettersIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
	require.NoError(t, err)
	_, err = batch.Add(letterTo(examplePerson()))
	require.NoError(t, err)
	more := letterTo(examplePerson())
	more.PieceID = "R001-000002"
	file, _ := letters(t, exampleIncident(), letterTo(examplePerson()), more)
	_, err = batch.ReadBack(file)
	require.ErrorContains(t, err, "2 pages are of no letter")
	require.NotContains(t, err.Error(), "Nguyễn")
	_, err = batch.ReadBack(file[:len(file)-200])
	require.Error(t, err)
}

// The name of a specialty stays inside the envelope.
func TestASendersNameThatTellsASpecialtyIsNotOnTheEnvelope(t *testing.T) {
	t.Parallel()
	incident := exampleIncident()
	incident.Entity.Role, incident.Entity.Name = breach.CoveredEntity, "Riverside Behavioral Health LLC"
	file, _ := letters(t, incident, letterTo(examplePerson()))
	for _, text := range readPDF(t, file) {
		if text.page == 1 && text.fromTop < 11.0/3*inch {
			require.NotContains(t, text.text, "Behavioral")
		}
	}
	require.Contains(t, flowed(textOf(t, file)), "Privacy Office")
	require.Contains(t, flowed(textOf(t, file)), "Riverside Behavioral Health LLC", "inside, the letter says who writes")
}

// Names of every script that is printed read back, whichever way they run.
func TestLettersToPeopleOfAllScriptsReadBack(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 9))
	var all []casebook.Letter
	for i := range 4 * len(scripts) {
		w := scripts[i%len(scripts)]
		practice := examplePractice()
		practice.Key, practice.LegalName, practice.DBA = fmt.Sprint("P", i%len(scripts)), w.family[0]+" Clinic", ""
		l := letterTo(w.person(r), practice)
		l.PieceID = fmt.Sprintf("EX-%05d", i)
		all = append(all, l)
	}
	require.Empty(t, readBack(t, exampleIncident(), all, nil, nil))
}
