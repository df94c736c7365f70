package papers_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
	"duenotice/internal/rules/states"
)

// letterOf is the text of a letter to an address in the State, read back from its PDF.
func letterOf(t *testing.T, incident breach.Incident, state string, residents map[string]int, change func(*breach.Person)) (string, papers.Piece) {
	t.Helper()
	p := examplePerson()
	p.State = state
	if change != nil {
		change(&p)
	}
	batch, err := papers.NewLetterBatch(incident, may1, residents)
	require.NoError(t, err)
	piece, err := batch.Add(letterTo(p))
	require.NoError(t, err)
	var out strings.Builder
	_, err = batch.WriteTo(&out)
	require.NoError(t, err)
	return flowed(textOf(t, []byte(out.String()))), piece
}

func TestALetterSaysWhatTheStateOfItsAddressAsksFor(t *testing.T) {
	t.Parallel()
	incident := exampleIncident()
	incident.Entity.Parent = "Example Holdings, Inc."
	for state, words := range map[string][]string{
		"DC": {"For residents of the District of Columbia", "security freeze at no cost", "400 6th Street NW, Washington, DC 20001; 1-202-442-9828; oag.dc.gov"},
		"IA": {"Report suspected identity theft to the local police or to the Office of the Attorney General of Iowa", "1-888-777-4590"},
		"MA": {"right to obtain a police report", "security freeze is free", "The credit monitoring is offered above", "is owned by Example Holdings, Inc."},
		"MD": {"200 St. Paul Place, Baltimore, MD 21202; 1-888-743-0023; www.marylandattorneygeneral.gov"},
		"NC": {"9001 Mail Service Center, Raleigh, NC 27699-9001; 1-877-566-7226; www.ncdoj.gov"},
		"NM": {"Fair Credit Reporting Act gives you rights", "www.consumerfinance.gov/learnmore"},
		"NY": {"New York Attorney General, The Capitol, Albany, NY 12224-0341; 1-800-771-7755", "Division of Consumer Protection; 1-800-697-1220"},
		"OR": {"to the Oregon Attorney General: Oregon Department of Justice, 1162 Court Street NE", "1-877-877-9392"},
		"RI": {"1,204 residents of Rhode Island are known to be affected", "right to file a police report", "150 South Main Street, Providence, RI 02903"},
		"WY": {"At our toll-free number, below, you can also learn"},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			text, piece := letterOf(t, incident, state, map[string]int{"RI": 1204}, nil)
			for _, w := range words {
				require.Contains(t, text, w)
			}
			require.Equal(t, 1, strings.Count(text, "For residents of"), "one State's words, and no other's")
			require.Equal(t, 2, piece.Pages)
		})
	}
}

// TestOtherStatesLettersSayNothingOfTheirOwn holds every State without a text to
// the letter that all have, whose words fulfil its law.
func TestOtherStatesLettersSayNothingOfTheirOwn(t *testing.T) {
	t.Parallel()
	rows, err := states.Embedded()
	require.NoError(t, err)
	own := "DC IA MA MD NC NM NY OR RI WY"
	// One batch of them all: reading a PDF's font takes longer than its letters.
	batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
	require.NoError(t, err)
	var plain []string
	for _, row := range rows {
		if strings.Contains(own, row.Jurisdiction) {
			continue
		}
		plain = append(plain, row.Jurisdiction)
		p := examplePerson()
		p.State = row.Jurisdiction
		letter := letterTo(p)
		letter.PieceID = "EX-" + row.Jurisdiction
		piece, err := batch.Add(letter)
		require.NoError(t, err)
		require.Equal(t, 2, piece.Pages, row.Jurisdiction)
	}
	require.Len(t, plain, 44)
	var out strings.Builder
	_, err = batch.WriteTo(&out)
	require.NoError(t, err)
	pages := strings.Split(textOf(t, []byte(out.String())), "\n\f\n")
	require.Len(t, pages, 2*len(plain))
	for n, state := range plain {
		text := flowed(pages[2*n] + "\n" + pages[2*n+1])
		require.NotContains(t, text, "For residents of", state)
		for _, words := range []string{
			"Equifax, P.O. Box", "Experian, P.O. Box", "TransUnion, P.O. Box", "1-877-438-4338", "www.ftc.gov",
			"explain fraud alerts and security freezes", "read account statements", "addresses of the last five years",
			"what information about you we hold and whether it was involved",
		} {
			require.Contains(t, text, words, state)
		}
	}
}

// TestTextsThatValidatePassesFitOnTwoPages sets every kind of letter for every
// State about every kind of data with texts as long as validate takes without a
// word, and in one case a little more, so that the limit is not idle.
func TestTextsThatValidatePassesFitOnTwoPages(t *testing.T) {
	t.Parallel()
	longest := func(n int) int {
		incident := exampleIncident()
		incident.Entity.Parent = "Example Holdings, Inc."
		third := n / 3
		incident.WhatHappened, incident.WhatWeAreDoing, incident.WhatYouCanDo = manyWords(third), manyWords(2 * third)[third:], manyWords(n)[2*third:]
		batch, err := papers.NewLetterBatch(incident, may1, map[string]int{"RI": 1204})
		require.NoError(t, err)
		rows, err := states.Embedded()
		require.NoError(t, err)
		most := 0
		for _, row := range rows {
			for who, change := range map[string]func(*breach.Person){
				"adult": func(*breach.Person) {},
				"minor": func(p *breach.Person) { p.BirthDate = may1.AddYears(-5) },
				"dead":  func(p *breach.Person) { p.DeceasedDate = may1.AddDays(-100) },
				"represented": func(p *breach.Person) {
					p.RepresentativeName, p.RepresentativeRelation = "Ann Example", "guardian"
				},
			} {
				p := examplePerson()
				p.State, p.EnrollmentCode = row.Jurisdiction, "ABCD-1234-EFGH"
				change(&p)
				letter := letterTo(p)
				letter.PieceID, letter.Classes = row.Jurisdiction+"-"+who, breach.DataClasses()
				piece, err := batch.Add(letter)
				require.NoError(t, err)
				most = max(most, piece.Pages)
			}
		}
		return most
	}
	require.Equal(t, 2, longest(casefolder.LetterTexts))
	require.Equal(t, 3, longest(casefolder.LetterTexts*5/4))
}

func TestNoLetterTellsANumberButRhodeIslands(t *testing.T) {
	t.Parallel()
	counts := map[string]int{"IL": 7777, "MA": 7777, "RI": 7777, "VA": 7777}
	for _, state := range []string{"IL", "MA", "VA"} {
		text, _ := letterOf(t, exampleIncident(), state, counts, nil)
		require.NotContains(t, text, "7,777", state)
		require.NotContains(t, text, "7777", state)
	}
	text, _ := letterOf(t, exampleIncident(), "RI", map[string]int{"RI": 1}, nil)
	require.Contains(t, text, "1 resident of Rhode Island is known to be affected")
	require.Equal(t, []string{"RI"}, papers.CountedStates())

	batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
	require.NoError(t, err)
	p := examplePerson()
	p.State = "RI"
	_, err = batch.Add(letterTo(p))
	require.ErrorContains(t, err, "the number is not known")
}

func TestANumberThatAStateForbidsIsRefused(t *testing.T) {
	t.Parallel()
	for words, refused := range map[string]bool{
		"We found 312 residents of Illinois in it.":              true,
		"It held 1,203 Massachusetts residents.":                 true,
		"It held 12 affected patients in Illinois.":              true,
		"It held 4 people of the Commonwealth of Massachusetts.": true,
		"In 2026 our Illinois office noticed it.":                false,
		"We found 312 residents of Ohio in it.":                  false,
		"We wrote to all patients who live in Illinois.":         false,
	} {
		incident := exampleIncident()
		incident.WhatHappened = words
		_, err := papers.NewLetterBatch(incident, may1, nil)
		refusal, is := breach.AsRefusal(err)
		require.Equal(t, refused, is, words)
		if refused {
			require.Equal(t, "count_forbidden", refusal.Code)
		}
	}
}

func TestOfSomebodyWhoDiedNoFreezeAndNoMonitoringIsSpokenOf(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"MA", "DC", "RI"} {
		text, piece := letterOf(t, exampleIncident(), state, map[string]int{"RI": 3}, func(p *breach.Person) {
			p.DeceasedDate = civil.MustParse("2025-11-02")
		})
		_, words, found := strings.Cut(text, "For residents of")
		require.True(t, found, state)
		words, _, _ = strings.Cut(words, "For More Information")
		require.NotContains(t, words, "freeze", state)
		require.NotContains(t, words, "monitoring", state)
		require.Equal(t, 2, piece.Pages, state)
	}
}
