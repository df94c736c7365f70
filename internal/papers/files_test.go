package papers_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/papers"
	"duenotice/templates"
)

func TestPeopleCSVHasOnlyItsOwnPeople(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	list := papers.WritePeopleCSV(&out)
	require.NoError(t, list.Add(examplePerson()))
	other := examplePerson()
	other.PracticeKey = "P2"
	require.ErrorContains(t, list.Add(other), "was given a person of practice P2")
	require.Error(t, list.Flush(), "a file that went wrong was finished")
}

func TestPeopleCSVReadsBack(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	list := papers.WritePeopleCSV(&out)
	p := examplePerson()
	p.Address2, p.MiddleName = "Building \"C\", door 5\nleft", `=HYPERLINK("x")`
	require.NoError(t, list.Add(p))
	require.NoError(t, list.Flush())
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	cells := map[string]string{}
	for i, column := range rows[0] {
		cells[column] = rows[1][i]
	}
	require.Equal(t, "K-0001", cells["person_key"])
	require.Equal(t, "Łukasz", cells["first_name"])
	require.Equal(t, p.Address2, cells["address2"])
	require.Equal(t, `'=HYPERLINK("x")`, cells["middle_name"], "a spreadsheet would run the cell")
	require.Equal(t, "name;date_of_birth;ssn;diagnosis;medication", cells["data_classes"])
	require.Equal(t, "1980-05-04", cells["birth_date"])
	require.Empty(t, cells["deceased_date"])
	require.NotContains(t, cells, "source")
}

func TestPeopleCSVWithoutPeopleHasItsHeader(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, papers.WritePeopleCSV(&out).Flush())
	require.True(t, strings.HasPrefix(out.String(), "person_key,first_name,"))
}

func TestPiecesCSVReadsBack(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	_, pieces := letters(t, exampleIncident(), letterTo(examplePerson()))
	require.NoError(t, papers.PiecesCSV(&out, pieces))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{
			"piece_id", "first_page", "pages", "address_block", "recipient1", "recipient2", "recipient3", "address1", "address2", "city", "state", "zip", "country",
			"sheets", "practice_key", "language", "mail_class", "imb",
		},
		{
			"EX-00001", "1", "2", "Łukasz Nguyễn\n45 Maple Court\nApt 7B\nRichmond, VA 23220-1234", "Łukasz Nguyễn", "", "", "45 Maple Court", "Apt 7B", "Richmond", "VA",
			"23220-1234", "", "1", "P1", "en", "first_class", "",
		},
	}, rows)
}

// The parts of an address are those of the block, whoever the letter speaks to and
// wherever it goes.
func TestPiecesHaveTheAddressInItsParts(t *testing.T) {
	t.Parallel()
	incident := exampleIncident()
	incident.PrintRun = breach.PrintRun{Sides: 1, Class: breach.FirstClassPresorted}
	child, abroad := examplePerson(), examplePerson()
	child.BirthDate, child.RepresentativeName, child.Address2 = may1.AddYears(-5), "Ada Rivera", ""
	abroad.Country, abroad.City, abroad.State, abroad.ZIP = "CA", "Montréal", "QC", "H2X 1Y4"
	for name, c := range map[string]struct {
		letter casebook.Letter
		want   papers.PieceMail
	}{
		"a child": {letterTo(child, examplePractice(), secondPractice()), papers.PieceMail{
			Recipient: []string{"Ada Rivera", "To the Parent or Guardian of", "Łukasz Nguyễn"}, Address1: "45 Maple Court", City: "Richmond", State: "VA", ZIP: "23220-1234",
			Sheets: 2, PracticeKeys: []string{"P1", "P2"}, Language: "en", Class: breach.FirstClassPresorted,
		}},
		"abroad": {letterTo(abroad), papers.PieceMail{
			Recipient: []string{"Łukasz Nguyễn"}, Address1: "45 Maple Court", Address2: "Apt 7B", City: "Montréal", State: "QC", ZIP: "H2X 1Y4", Country: "CANADA",
			Sheets: 2, PracticeKeys: []string{"P1"}, Language: "en", Class: breach.International,
		}},
	} {
		_, pieces := letters(t, incident, c.letter)
		require.Equal(t, c.want, pieces[0].Mail, name)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestAFullDiskIsAnError(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, papers.PiecesCSV(brokenWriter{}, []papers.Piece{{PieceID: "A"}}), "disk full")
	list := papers.WritePeopleCSV(brokenWriter{})
	require.NoError(t, list.Add(examplePerson()))
	require.ErrorContains(t, list.Flush(), "disk full")
	batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
	require.NoError(t, err)
	_, err = batch.Add(letterTo(examplePerson()))
	require.NoError(t, err)
	_, err = batch.WriteTo(brokenWriter{})
	require.ErrorContains(t, err, "disk full")
}

func TestTemplatesSayWhatTheLawRequires(t *testing.T) {
	t.Parallel()
	require.NoError(t, papers.CheckTemplates())
	original := func() fstest.MapFS {
		folder := fstest.MapFS{}
		require.NoError(t, fs.WalkDir(templates.Texts(), ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(templates.Texts(), name)
			folder[name] = &fstest.MapFile{Data: text}
			return err
		}))
		return folder
	}
	require.NoError(t, papers.CheckTemplatesIn(original()))
	require.Error(t, papers.CheckTemplatesIn(fstest.MapFS{}), "a check that looked at no file passed")

	edit := func(name, from, to string) fstest.MapFS {
		folder := original()
		text := string(folder[name].Data)
		require.Contains(t, text, from)
		folder[name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, from, to))}
		return folder
	}
	without := func(name string) fstest.MapFS {
		folder := original()
		require.Contains(t, folder, name)
		delete(folder, name)
		return folder
	}
	with := func(name, text string) fstest.MapFS {
		folder := original()
		folder[name] = &fstest.MapFile{Data: []byte(text)}
		return folder
	}
	for name, folder := range map[string]fstest.MapFS{
		"a heading is gone":             edit("letter.en.txt", "## What You Can Do", "## Your Options"),
		"the title is gone":             edit("letter.en.txt", "# Notice of Data Breach", "# Notice"),
		"the kinds of information":      edit("letter.en.txt", "{{.Classes}}", "several kinds"),
		"the day of discovery":          edit("letter.en.txt", "{{.Discovered}}", "soon after"),
		"the contacts":                  edit("media.en.txt", "{{range .Contacts}}", "{{range .PracticeContacts}}"),
		"headings in another order":     edit("letter.en.txt", "## What Happened", "## For More Information"),
		"a note to self":                edit("letter.en.txt", "We regret that this happened.", "TODO apologise."),
		"a form letter's blank":         edit("letter.en.txt", "We regret that this happened.", "Dear [FIRST NAME], we regret this."),
		"an action that is not closed":  edit("email.en.txt", "{{.DatedOn}}", "{{.DatedOn"),
		"the people's list in a notice": edit("notice.en.txt", "people.csv", "the list"),
		"a State's text is gone":        without("states/nm.en.txt"),
		"the offices are gone":          without("states/offices.yaml"),
		"a State's words":               edit("states/nm.en.txt", "Fair Credit Reporting Act", "law"),
		"a State's office":              edit("states/md.en.txt", "{{- range .Offices}} {{.}}{{end}}", " attorney general"),
		"an office without a number":    edit("states/offices.yaml", "phone: 1-888-743-0023, ", ""),
		"an office without its day":     edit("states/offices.yaml", "web: www.ncdoj.gov, as_of: 2026-11-22, ", "web: www.ncdoj.gov, "),
		"a State without its office":    edit("states/offices.yaml", "  MD:", "  ME:"),
		"an office of no State":         edit("states/offices.yaml", "  MD:", "  ZZ:"),
		"the number Rhode Island wants": edit("states/ri.en.txt", "{{.Affected}} of Rhode Island", "Some"),
		"a number in Massachusetts":     edit("states/ma.en.txt", "**For residents", "{{.Affected}} are affected. **For residents"),
		"a number in every letter":      edit("letter.en.txt", "We regret that this happened.", "{{.Affected}} were affected."),
		"a note to self in a State's":   edit("states/or.en.txt", "Report suspected", "TODO. Report suspected"),
		"the freeze's how-to":           edit("letter.en.txt", "on its web site, by telephone or by mail", ""),
		"a text no law asks for":        with("states/tx.en.txt", "**For residents of Texas.** Hello."),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Error(t, papers.CheckTemplatesIn(folder))
		})
	}
}

func TestTemplatesHashIsASHA256(t *testing.T) {
	t.Parallel()
	require.Regexp(t, `^[0-9a-f]{64}$`, templates.SHA256())
}

// FuzzAnyNamePrintsOrIsHeld: whatever stands in the cells, a letter is either
// printed with the name on it or held, and nothing panics.
func FuzzAnyNamePrintsOrIsHeld(f *testing.F) {
	for _, s := range []string{"Łukasz", "小明", "a\x00b", "\xff", "\U0001F600", "e\u0301\u0323", "(\\)", "\uFDD0*", "", strings.Repeat("W", 300), "\u202Eabc"} {
		f.Add(s, "45 Maple Court")
	}
	batch := func(t *testing.T) *papers.LetterBatch {
		t.Helper()
		b, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
		require.NoError(t, err)
		return b
	}
	f.Fuzz(func(t *testing.T, name, street string) {
		b := batch(t)
		p := examplePerson()
		p.FirstName, p.Address1 = name, street
		piece, err := b.Add(letterTo(p))
		if err != nil {
			var held *papers.HeldError
			require.ErrorAs(t, err, &held)
			return
		}
		var out bytes.Buffer
		_, err = b.WriteTo(&out)
		require.NoError(t, err)
		require.Contains(t, flowed(textOf(t, out.Bytes())), flowed("Dear "+piece.AddressBlock[0]+":"))
	})
}

// FuzzTextsPrintAsWritten: no text from a case folder breaks a page's layout or loses a word.
func FuzzTextsPrintAsWritten(f *testing.F) {
	for _, s := range []string{"plain", "# title", "a\n\n- b\n- **c**", "| a | b", "> x", "===", "1. one", "[ ] box", "*a**b*", strings.Repeat("W", 500)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		in := exampleMedia()
		in.Incident.WhatYouCanDo = "Begin " + text + " end."
		file, err := papers.MediaRelease(in)
		if err != nil {
			_, ok := breach.AsRefusal(err)
			require.True(t, ok, "%v", err)
			return
		}
		printed := flowed(textOf(t, file))
		require.Contains(t, printed, "Begin")
		require.Contains(t, printed, "end.")
	})
}
