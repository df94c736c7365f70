package papers_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

func TestLetterHasTheFiveElementsUnderCaliforniasHeadings(t *testing.T) {
	t.Parallel()
	file, pieces := letters(t, exampleIncident(), letterTo(examplePerson()))
	text := flowed(textOf(t, file))
	at := 0
	for _, words := range []string{
		"Dear Łukasz Nguyễn:",
		"on behalf of Oak Street Family Medicine.",
		"What to Do Now", "24 months of credit monitoring through Example Watch", "https://example.org/enroll",
		"What Happened", "On March 16, 2026 we noticed", "used a stolen password",
		"between March 14, 2026 and March 16, 2026", "not delayed by law enforcement",
		"What Information Was Involved", "name, date of birth, Social Security number, diagnosis, and medications",
		"What We Are Doing", "We changed every password",
		"What You Can Do", "the first ones take a few minutes", "Equifax, P.O. Box", "Experian, P.O. Box", "TransUnion, P.O. Box",
		"For More Information", "1-800-555-0100", "privacy@example.org", "https://example.org/notice", "100 Example Way, Somerset, NJ 08873",
	} {
		found := strings.Index(text[at:], words)
		require.GreaterOrEqual(t, found, 0, "%q is missing or out of order in:\n%s", words, text)
		at += found
	}
	require.Contains(t, text, "Notice of Data Breach")
	require.Equal(t, "en", pieces[0].Mail.Language)
	require.Equal(t, breach.Variant{Voice: breach.ToAdult, Language: "en", Offer: breach.OfferToAll, Classes: breach.SetOf(examplePerson().DataClasses...)}, pieces[0].Variant)
	pieces[0].Mail, pieces[0].Variant = papers.PieceMail{}, breach.Variant{}
	require.Equal(t, []papers.Piece{{
		PieceID: "EX-00001", FirstPage: 1, Pages: 2,
		AddressBlock: []string{"Łukasz Nguyễn", "45 Maple Court", "Apt 7B", "Richmond, VA 23220-1234"},
		Window:       []string{"ŁUKASZ NGUYỄN", "45 MAPLE COURT APT 7B", "RICHMOND VA 23220-1234"},
		Language:     breach.LetterLanguage{Tag: "en", Reason: breach.LanguageUsual},
	}}, pieces)
}

func TestLetterSpeaksToItsReader(t *testing.T) {
	t.Parallel()
	child, dead := civil.MustParse("2017-01-31"), civil.MustParse("2025-11-02")
	for name, c := range map[string]struct {
		change  func(*breach.Person)
		address []string
		words   []string
		not     []string
	}{
		"an adult": {
			func(*breach.Person) {},
			[]string{"Łukasz Nguyễn"},
			[]string{"Dear Łukasz Nguyễn:", "information about you.", "We offer you 24 months", "order your free credit reports"},
			[]string{"guardian", "Next of Kin", "your child"},
		},
		"a parent who is not known": {
			func(p *breach.Person) { p.BirthDate = child },
			[]string{"To the Parent or Guardian of", "Łukasz Nguyễn"},
			[]string{"To the Parent or Guardian of Łukasz Nguyễn:", "information about your child", "We offer your child", "for a child under 16", "service for minors"},
			[]string{"order your free credit reports", "Next of Kin"},
		},
		"a parent who is known": {
			func(p *breach.Person) {
				p.BirthDate, p.RepresentativeName, p.RepresentativeRelation = child, "Thị Nguyễn", "parent"
			},
			[]string{"Thị Nguyễn", "To the Parent or Guardian of", "Łukasz Nguyễn"},
			[]string{"Dear Thị Nguyễn, Parent or Guardian of Łukasz Nguyễn:", "your child"},
			nil,
		},
		"next of kin who are not known": {
			func(p *breach.Person) { p.DeceasedDate = dead },
			[]string{"Next of Kin or Personal Representative of", "Łukasz Nguyễn"},
			[]string{"To the Next of Kin or Personal Representative of Łukasz Nguyễn:", "sorry for your loss", "your family member", "copy of the death certificate"},
			[]string{"We offer", "enroll", "order your free credit reports"},
		},
		"next of kin of somebody whose day of death is not known": {
			func(p *breach.Person) {
				p.DeathDayUnknown, p.RepresentativeName, p.RepresentativeRelation = true, "Thị Nguyễn", "next_of_kin"
			},
			[]string{"Thị Nguyễn", "Next of Kin or Personal Representative of", "Łukasz Nguyễn"},
			[]string{"Dear Thị Nguyễn, Next of Kin or Personal Representative of Łukasz Nguyễn:", "sorry for your loss"},
			[]string{"We offer", "enroll"},
		},
		"the personal representative of an estate": {
			func(p *breach.Person) {
				p.DeceasedDate, p.RepresentativeName, p.RepresentativeRelation = dead, "Ann Executor", "personal_representative"
			},
			[]string{"Ann Executor", "Next of Kin or Personal Representative of", "Łukasz Nguyễn"},
			[]string{"Dear Ann Executor,", "the person whose estate you represent", "copy of the death certificate"},
			[]string{"your family member", "sorry for your loss"},
		},
		"the guardian of an adult": {
			func(p *breach.Person) { p.RepresentativeName, p.RepresentativeRelation = "Gil Guardian", "guardian" },
			[]string{"Gil Guardian", "Guardian of", "Łukasz Nguyễn"},
			[]string{"Dear Gil Guardian, Guardian of Łukasz Nguyễn:", "the person you act for", "legal representative"},
			[]string{"your child"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := examplePerson()
			c.change(&p)
			file, pieces := letters(t, exampleIncident(), letterTo(p))
			text := flowed(textOf(t, file))
			require.Equal(t, append(c.address, "45 Maple Court", "Apt 7B", "Richmond, VA 23220-1234"), pieces[0].AddressBlock)
			for _, words := range c.words {
				require.Contains(t, text, words)
			}
			for _, words := range c.not {
				require.NotContains(t, text, words)
			}
			require.Equal(t, 2, pieces[0].Pages)
		})
	}
}

func TestJoinedLetterNamesEveryPractice(t *testing.T) {
	t.Parallel()
	file, _ := letters(t, exampleIncident(), letterTo(examplePerson(), examplePractice(), secondPractice()))
	text := flowed(textOf(t, file))
	require.Contains(t, text, "on behalf of all of these: • Oak Street Family Medicine • Elm Avenue Cardiology LLC")
}

func TestLetterGivesTheAdviceItsKindsOfInformationAskFor(t *testing.T) {
	t.Parallel()
	const statements, password, bank, recommend = "Read the statements", "Change the password", "Tell the bank", "we recommend a freeze"
	for class, words := range map[breach.DataClass][]string{
		"diagnosis": {statements}, "account_credentials": {password}, "payment_card": {bank, recommend}, "ssn": {recommend}, "phone": nil,
	} {
		t.Run(string(class), func(t *testing.T) {
			t.Parallel()
			p := examplePerson()
			p.DataClasses = []breach.DataClass{class}
			file, _ := letters(t, exampleIncident(), letterTo(p))
			text := flowed(textOf(t, file))
			for _, advice := range []string{statements, password, bank, recommend} {
				if contains(words, advice) {
					require.Contains(t, text, advice)
				} else {
					require.NotContains(t, text, advice)
				}
			}
		})
	}
}

func contains(list []string, s string) bool { return strings.Contains(strings.Join(list, "\n"), s) }

func TestLetterFollowsTheIncident(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change     func(*breach.Incident)
		words, not string
	}{
		"no credit monitoring": {func(i *breach.Incident) { i.CreditMonitoring = breach.CreditMonitoring{} }, "What We Are Doing", "credit monitoring"},
		"a law-enforcement hold": {func(i *breach.Incident) {
			i.Holds = []breach.Hold{{Kind: breach.OralHold, StatedOn: civil.MustParse("2026-03-20")}}
		}, "Law enforcement asked us to delay this notice", "was not delayed"},
		"a hold on the media only": {func(i *breach.Incident) {
			i.Holds = []breach.Hold{{Kind: breach.OralHold, Covers: []string{breach.CoversMedia}}}
		}, "This notice was not delayed", "asked us to delay"},
		"one day":                             {func(i *breach.Incident) { i.Occurred.To = i.Occurred.From }, "happened on March 14, 2026.", "between"},
		"no known day":                        {func(i *breach.Incident) { i.Occurred = breach.Span{} }, "happened on a date that is not known. This notice", "between"},
		"no known first day":                  {func(i *breach.Incident) { i.Occurred.From = civil.Date{} }, "happened no later than March 16, 2026 (its first day is not known).", "between"},
		"no known last day":                   {func(i *breach.Incident) { i.Occurred.To = civil.Date{} }, "happened from March 14, 2026 on (its last day is not known).", "between"},
		"a covered entity that writes itself": {func(i *breach.Incident) { i.Entity.Role = breach.CoveredEntity }, "held for Oak Street Family Medicine.", "on behalf of"},
		"marks in the texts are printed, not obeyed": {func(i *breach.Incident) {
			i.WhatHappened = "# Not a title\n\n=== \n\n| no | table **not bold**\n\n> no frame\n\n{ {.Entity} }"
		}, "# Not a title === | no | table **not bold** > no frame { {.Entity} }", "<no value>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			incident := exampleIncident()
			c.change(&incident)
			file, _ := letters(t, incident, letterTo(examplePerson()))
			text := flowed(textOf(t, file))
			require.Contains(t, text, c.words)
			require.NotContains(t, text, c.not)
		})
	}
}

func TestLongTextsTakeAThirdPage(t *testing.T) {
	t.Parallel()
	incident := exampleIncident()
	incident.WhatHappened = manyWords(5400)
	file, pieces := letters(t, incident, letterTo(examplePerson()), func() casebook.Letter {
		l := letterTo(examplePerson())
		l.PieceID = "EX-00002"
		return l
	}())
	require.Equal(t, 3, pieces[0].Pages)
	require.Equal(t, 4, pieces[1].FirstPage)
	text := flowed(textOf(t, file))
	for _, foot := range []string{"Reference EX-00001 Page 3 of 3", "Reference EX-00002 Page 1 of 3"} {
		require.Contains(t, text, foot)
	}
	for _, p := range readPDF(t, file) {
		require.LessOrEqual(t, p.fromTop, 10.6*72, "%q runs off the page", p.text)
	}
}

func TestWhatCannotBeFilledInIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*breach.Incident)
		code   string
	}{
		"no account of what happened":      {func(i *breach.Incident) { i.WhatHappened = " \n" }, "element_missing"},
		"nothing about what is being done": {func(i *breach.Incident) { i.WhatWeAreDoing = "" }, "element_missing"},
		"no steps":                         {func(i *breach.Incident) { i.WhatYouCanDo = "" }, "element_missing"},
		"no day of discovery":              {func(i *breach.Incident) { i.Discovered = civil.Date{} }, "element_missing"},
		"no way to ask": {func(i *breach.Incident) {
			i.Entity.TollFree, i.Entity.Email, i.Entity.Website, i.Entity.Address = "", "", "", nil
		}, "element_missing"},
		"a text in letters the font lacks":   {func(i *breach.Incident) { i.WhatHappened = "ᠪᠠᠲᠤ" }, "unprintable_text"},
		"a sender in letters the font lacks": {func(i *breach.Incident) { i.Entity.Name = "ᠪ" }, "unprintable_text"},
		"a return address without end":       {func(i *breach.Incident) { i.Entity.Address = strings.Split(strings.Repeat("line,", 20), ",") }, "return_address_too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			incident := exampleIncident()
			c.change(&incident)
			_, err := papers.NewLetterBatch(incident, may1, nil)
			refusal, ok := breach.AsRefusal(err)
			require.True(t, ok, "%v", err)
			require.Equal(t, c.code, refusal.Code)
		})
	}
}

func TestLetterThatCannotBePrintedIsHeldAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*breach.Person)
		reason breach.HeldReason
	}{
		"Mongolian name":        {func(p *breach.Person) { p.FirstName = "ᠪᠠᠲᠤ" }, breach.HeldScript},
		"hieroglyphs":           {func(p *breach.Person) { p.Address1 = "\U00013080 5" }, breach.HeldScript},
		"mark without a letter": {func(p *breach.Person) { p.LastName = "\u093fशर्मा" }, breach.HeldScript},
		"character beyond BMP":  {func(p *breach.Person) { p.LastName = "Smith \U00010348" }, breach.HeldScript},
		"replacement character": {func(p *breach.Person) { p.LastName = "Nguy\uFFFDn" }, breach.HeldScript},
		"broken bytes":          {func(p *breach.Person) { p.LastName = "Nguy\xC3n" }, breach.HeldScript},
		"endless name":          {func(p *breach.Person) { p.LastName = strings.Repeat("Wolfeschlegel ", 40) }, breach.HeldAddressTooLong},
		"no street":             {func(p *breach.Person) { p.Address1 = "" }, breach.HeldNoAddress},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
			require.NoError(t, err)
			p := examplePerson()
			c.change(&p)
			_, err = batch.Add(letterTo(p))
			var held *papers.HeldError
			require.ErrorAs(t, err, &held)
			require.Equal(t, c.reason, held.Reason)
			require.Equal(t, "EX-00001", held.PieceID)
			for _, cell := range []string{p.FirstName, p.LastName, p.City} {
				require.NotContains(t, err.Error(), cell, "the error names the person")
			}
			// The next letter is not affected, and may even have the same ID: the first one was not made.
			piece, err := batch.Add(letterTo(examplePerson()))
			require.NoError(t, err)
			require.Equal(t, 1, piece.FirstPage)
		})
	}
}

func TestNamesPrintAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Łukasz Nguyễn", "Ċetta Ħaġar", "Αλεξάνδρα Παπαδοπούλου", "Олександр Їжакевич", "Ragnheiður Þórisdóttir", "Çağla Şimşek",
		"D’Angelo O'Brien-Nuñez", "Đặng Thị Hồng Ửng", "Back\\slash (Paren)", "Wīremu Māui",
	} {
		first, last, _ := strings.Cut(name, " ")
		p := examplePerson()
		p.FirstName, p.LastName = first, last
		file, pieces := letters(t, exampleIncident(), letterTo(p))
		require.Contains(t, textOf(t, file), "Dear "+name+":")
		require.Equal(t, name, pieces[0].AddressBlock[0])
	}
	t.Run("letters typed as several characters are composed", func(t *testing.T) {
		t.Parallel()
		p := examplePerson()
		p.LastName = "Nguye\u0302\u0303n"
		file, _ := letters(t, exampleIncident(), letterTo(p))
		require.Contains(t, textOf(t, file), "Dear Łukasz Nguyễn:")
	})
	t.Run("what cannot be seen is left out", func(t *testing.T) {
		t.Parallel()
		p := examplePerson()
		p.LastName = "\u202ENguyễn\u200B\t\uFEFF"
		file, _ := letters(t, exampleIncident(), letterTo(p))
		require.Contains(t, textOf(t, file), "Dear Łukasz Nguyễn:")
	})
}

func TestABatchIsTheSameBytesEveryTime(t *testing.T) {
	t.Parallel()
	var all []casebook.Letter
	for i := range 20 {
		l := letterTo(examplePerson())
		l.PieceID = fmt.Sprintf("EX-%05d", i)
		l.Person.FirstName = fmt.Sprintf("Ĺukaš%c", 'А'+rune(i))
		if i%3 == 0 {
			l.Practices = append(l.Practices, secondPractice())
		}
		all = append(all, l)
	}
	first, _ := letters(t, exampleIncident(), all...)
	for range 5 {
		again, _ := letters(t, exampleIncident(), all...)
		require.True(t, bytes.Equal(first, again), "two runs gave different files")
	}
}

func TestMetadataHasNoPatientData(t *testing.T) {
	t.Parallel()
	file, _ := letters(t, exampleIncident(), letterTo(examplePerson()))
	doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	info := doc.Trailer().Key("Info")
	require.Equal(t, "Letters of incident EX-2026-03", info.Key("Title").Text())
	require.Equal(t, "D:20260501000000", info.Key("CreationDate").Text())
	for _, key := range info.Keys() {
		require.NotContains(t, info.Key(key).Text(), "Nguy")
	}
}

func TestBatchRefusesMisuse(t *testing.T) {
	t.Parallel()
	batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
	require.NoError(t, err)
	_, err = batch.WriteTo(&bytes.Buffer{})
	require.ErrorContains(t, err, "no letters")
	_, err = batch.Add(letterTo(examplePerson()))
	require.NoError(t, err)
	_, err = batch.Add(letterTo(examplePerson()))
	require.ErrorContains(t, err, "already in the batch")
	none := letterTo(examplePerson())
	none.PieceID, none.Practices = "EX-00002", nil
	_, err = batch.Add(none)
	require.ErrorContains(t, err, "names no practice")
	none = letterTo(examplePerson())
	none.PieceID, none.Classes, none.Person.DataClasses = "EX-00003", nil, nil
	_, err = batch.Add(none)
	require.ErrorContains(t, err, "no kind of information")
	_, err = batch.WriteTo(&bytes.Buffer{})
	require.NoError(t, err)
	late := letterTo(examplePerson())
	late.PieceID = "EX-00004"
	_, err = batch.Add(late)
	require.ErrorContains(t, err, "already written")
}
