package papers_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
	"duenotice/templates"
)

var caseDay = civil.MustParse("2026-11-28")

// checkCase reads a case folder as validate does, and returns what it says of
// characters that cannot be printed.
func checkCase(t *testing.T, folder string) (c *casefolder.Case, refused bool, said []string) {
	t.Helper()
	c, report, err := casefolder.Read(t.Context(), folder, caseDay, func(p casefolder.Problem) error {
		if p.Severity == casefolder.SeverityError || slices.Contains([]string{"W221", "W222", "W321"}, p.Rule) {
			said = append(said, fmt.Sprintf("%s %s:%d %s", p.Rule, p.File, p.Line, p.Column))
		}
		return nil
	})
	require.NoError(t, err)
	return c, report.Refused(), said
}

// everyPaper makes each paper of a practice.
func everyPaper(t *testing.T, incident breach.Incident, p breach.Practice) map[string][]byte {
	t.Helper()
	obligations := exampleObligations()
	notice := papers.NoticeInput{Incident: incident, Practice: p, Tally: exampleTally(), Obligations: obligations, Discovered: incident.Discovered, DatedOn: caseDay}
	made := map[string][]byte{}
	keep := func(name string, file []byte, err error) {
		require.NoError(t, err, "%s of %s", name, p.Key)
		made[name] = file
	}
	file, err := papers.Notice(notice)
	keep("notice", file, err)
	_, file, err = papers.Worksheet(papers.WorksheetInput{Incident: incident, Practice: p, Tally: exampleTally(), Obligations: obligations, Discovered: incident.Discovered})
	keep("worksheet", file, err)
	file, err = papers.MediaRelease(papers.MediaInput{Incident: incident, Practice: p, State: "TX", Residents: 700, Classes: []breach.DataClass{"name"}, DatedOn: caseDay})
	keep("media", file, err)
	batch, err := papers.NewLetterBatch(incident, caseDay, nil)
	require.NoError(t, err)
	_, err = batch.Add(letterTo(examplePerson(), p))
	require.NoError(t, err)
	var letter bytes.Buffer
	_, err = batch.WriteTo(&letter)
	keep("letter", letter.Bytes(), err)
	file, err = papers.Binder(papers.BinderInput{Incident: incident, Practice: p, People: 1, Discovered: incident.Discovered, AsOf: caseDay, Reason: "presumed breach"})
	keep("binder", file, err)
	_, err = papers.Calendar(papers.CalendarInput{Incident: incident, Practice: p, Duties: datedOnce(obligations), MadeOn: caseDay})
	require.NoError(t, err)
	return made
}

// A text is printed in every paper it goes into, or the case folder is refused
// with its place.
func TestTextsOfOtherProgramsArePrintedOrRefusedWithTheirPlace(t *testing.T) {
	t.Parallel()
	for name, printed := range map[string]string{
		"word-arabic": "لقد.",
		"word-arrow":  "Old -> new.",
		"word-box":    "[ ] We closed.",
		"word-bullet": "• We closed the way in.",
		"word-check":  "[x] We closed the way in.",
		"word-emoji":  "We closed the way in.",
		"word-fi":     "We conﬁrmed it and ﬂagged it.",
		"word-ls":     "We closed. We hired.",
		"word-math":   "AB",
		"word-nbhy":   "Sub‑contractor and softhyphen.",
		"word-smart":  "“We closed” – that’s all… © ™ ½",
		"word-zwsp":   "Weclosed the way in.",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, refused, said := checkCase(t, cases.Folder(t, name))
			require.False(t, refused)
			require.Empty(t, said)
			made := everyPaper(t, c.Incident, c.Practices[0])
			for _, paper := range []string{"notice", "letter"} {
				require.Contains(t, flowed(textOf(t, made[paper])), printed, paper)
			}
		})
	}
	t.Run("word-cjk", func(t *testing.T) {
		t.Parallel()
		c, refused, said := checkCase(t, cases.Folder(t, "word-cjk"))
		if templates.Han() == nil { // a build without the font, templates/fonts/made/README.md
			require.True(t, refused)
			require.Equal(t, []string{"E121 incident.yaml:14 what_we_are_doing"}, said, "once for all papers")
			return
		}
		require.False(t, refused)
		for paper, file := range everyPaper(t, c.Incident, c.Practices[0]) {
			if paper == "notice" || paper == "letter" {
				require.Contains(t, flowed(textOf(t, file)), "我們已通知您.", paper)
			}
		}
	})
}

func TestPracticesNamesArePrintedOrRefusedWithTheirPlace(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"practice-script": "E121 practices.csv:2 legal_name", "practice-script-1": "E121 practices.csv:2 dba"} {
		c, refused, said := checkCase(t, cases.Folder(t, name))
		if templates.Han() == nil { // a build without the font, templates/fonts/made/README.md
			require.True(t, refused)
			require.Equal(t, []string{want}, said, "the picture and the Greek letter of the others are printed")
			continue
		}
		require.False(t, refused)
		require.Empty(t, said)
		require.Contains(t, flowed(textOf(t, everyPaper(t, c.Incident, c.Practices[0])["letter"])), "平安診所")
	}

	for _, name := range []string{"practice-todo", "practice-todo-1"} {
		c, refused, said := checkCase(t, cases.Folder(t, name))
		require.False(t, refused)
		require.Empty(t, said)
		for _, p := range c.Practices {
			made := everyPaper(t, c.Incident, p)
			require.Contains(t, flowed(textOf(t, made["letter"])), p.Name())
		}
	}
}

// Names in the letters of the world are printed as they are, or the letter is
// held back and validate says so.
func TestNamesArePrintedAsTheyAreOrForeseenAsHeld(t *testing.T) {
	t.Parallel()
	c, refused, said := checkCase(t, cases.Folder(t, "names"))
	require.False(t, refused)
	batch, err := papers.NewLetterBatch(c.Incident, caseDay, nil)
	require.NoError(t, err)
	var held, printed []string
	err = c.Findings(t.Context(), func(row int, p *breach.Person) error {
		foreseen := papers.HoldsBack(p, caseDay, c.Incident.Letters.Envelope, c.Incident.Languages())
		piece, err := batch.Add(casebook.Letter{PieceID: p.Key, Person: *p, Practices: c.Practices})
		var heldErr *papers.HeldError
		if !errors.As(err, &heldErr) {
			require.NoError(t, err)
			require.Nil(t, foreseen)
			printed = append(printed, piece.AddressBlock[0])
			return nil
		}
		require.Equal(t, heldErr.HeldBack, *foreseen)
		require.Equal(t, breach.HeldScript, heldErr.Reason)
		held = append(held, fmt.Sprintf("W221 findings.csv:%d last_name", row))
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, said, held)
	require.Len(t, held, 1, "letters that run downwards")
	require.Equal(t, []string{
		"Given Ọ̀ṣẹ́", "Given Begą́ązhí", "Given Kaʻahumanu", "Given Nguyễn", "Given Ё̈лкин", "Given Ng̃uy", "Given محمد", "Given כהן", "Given Ελένη", "Given Þórsdóttir", "Given Łukasz", "Given D’Souza", "Given AnneMarie",
		"Given Ṯa", "Given Kʼóyitł'ots'ína", "Given Ṝa", "Given ẞſ", "Given Strauß", "Given İpek", "Given ﬁne", "Given Jean-Luc", "Given J̌ura", "Given M̲̄ike",
		"Given Smıth", "Given Zoë", "Given Ố", "Given Ada",
	}, printed)
	var out bytes.Buffer
	_, err = batch.WriteTo(&out)
	require.NoError(t, err)
	text := textOf(t, out.Bytes())
	for _, name := range printed {
		require.Contains(t, text, "Dear "+name+":")
	}
}

// The true reason of each letter that is held back.
func TestLettersAreHeldBackForTheirTrueReason(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]map[string]breach.HeldReason{
		"held-all":          {"K1": breach.HeldScript},
		"held-one-of-two":   {"K2": breach.HeldScript},
		"held-blocks":       {"K1": breach.HeldScript},
		"held-long-address": {"K2": breach.HeldAddressTooLong},
	} {
		c, _, _ := checkCase(t, cases.Folder(t, name))
		batch, err := papers.NewLetterBatch(c.Incident, caseDay, nil)
		require.NoError(t, err)
		got := map[string]breach.HeldReason{}
		err = c.Findings(t.Context(), func(_ int, p *breach.Person) error {
			_, err := batch.Add(casebook.Letter{PieceID: p.Key, Person: *p, Practices: c.Practices})
			var held *papers.HeldError
			if errors.As(err, &held) {
				got[p.Key] = held.Reason
				require.NotContains(t, err.Error(), p.LastName, "the error names the person")
				return nil
			}
			return err
		})
		require.NoError(t, err)
		require.Equal(t, want, got, name)
	}
}

// A binder prints the numbers of characters that its fonts lack, and says so.
func TestABinderPrintsWhateverSomebodyTyped(t *testing.T) {
	t.Parallel()
	c, _, _ := checkCase(t, cases.Folder(t, "act-name-script"))
	in := papers.BinderInput{
		Incident: c.Incident, Practice: c.Practices[0], People: 1, Discovered: c.Incident.Discovered, AsOf: caseDay, Reason: "presumed breach",
		Events: []papers.BinderEvent{{At: "2026-11-28T12:00:00Z", Who: "ᠪᠠᠲᠤ", What: "Recorded: acknowledged", Detail: "receipt → file [NUMBER] TODO", Entry: "P7"}},
	}
	file, err := papers.Binder(in)
	require.NoError(t, err)
	text := flowed(textOf(t, file))
	require.Contains(t, text, "[U+182A")
	require.Contains(t, text, "receipt -> file [NUMBER] TODO")
	require.Contains(t, text, "its Unicode number stands for it")
	require.Contains(t, text, "The ledger in the evidence pack has each text as it was typed.")

	in.Events[0].Who = "Ada Rivera"
	file, err = papers.Binder(in)
	require.NoError(t, err)
	require.NotContains(t, flowed(textOf(t, file)), "Unicode number")
}
