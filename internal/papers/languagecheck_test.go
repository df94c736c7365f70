package papers_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/papers"
)

// TestEveryShippedLanguageIsWhole: compared with English, element by element.
func TestEveryShippedLanguageIsWhole(t *testing.T) {
	t.Parallel()
	for _, tag := range breach.ShippedLanguages {
		if tag != breach.English {
			require.Empty(t, papers.CheckLanguage(tag, papers.ShippedLanguage(tag)), tag)
		}
	}
}

// TestWhatALanguageLacksIsSaidWithItsPlace spoils the Spanish folder in one way each.
func TestWhatALanguageLacksIsSaidWithItsPlace(t *testing.T) {
	t.Parallel()
	edit := func(file, from, to string) func(map[string]string) {
		return func(files map[string]string) {
			if !strings.Contains(files[file], from) {
				panic(file + " has no " + from)
			}
			files[file] = strings.Replace(files[file], from, to, 1)
		}
	}
	for name, c := range map[string]struct {
		spoil func(map[string]string)
		want  string
	}{
		"a file is gone":              {func(files map[string]string) { delete(files, "states/md.txt") }, "states/md.txt:0 is not there"},
		"a file too many":             {func(files map[string]string) { files["states/tx.txt"] = "Hola." }, "states/tx.txt:0 is no file of a language"},
		"the kinds of information":    {edit("letter.txt", "{{.Classes}}", "varios tipos"), "letter.txt:0 lacks {{.Classes}}, which the English has on line"},
		"the day of discovery":        {edit("letter.txt", "{{.Discovered}}", "poco después"), "letter.txt:0 lacks {{.Discovered}}"},
		"the contacts":                {edit("letter.txt", "{{range .Contacts}}", "{{range .Bureaus}}"), "letter.txt:0 lacks {{range .Contacts}}"},
		"something that is not there": {edit("letter.txt", "Lamentamos lo sucedido.", "Lamentamos {{.Incident}}."), "has {{.Incident}}, which the English does not have"},
		"a State's office":            {edit("states/md.txt", "{{- range .Offices}} {{.}}{{end}}", " la fiscalía"), "states/md.txt:0 lacks {{range .Offices}}"},
		"a decision":                  {edit("letter.txt", `{{if eq .Reader "minor" -}}`, "{{if true -}}"), `letter.txt:0 lacks {{if eq .Reader "minor"}}`},
		"a heading in one language":   {edit("letter.txt", "## Qué sucedió / What Happened", "## Qué sucedió"), `lacks, in its place, the heading "## ... / What Happened"`},
		"the box":                     {edit("letter.txt", "> ## Qué hacer ahora", "> Qué hacer ahora"), `letter.txt:0 lacks the mark "> ##"`},
		"a list":                      {edit("letter.txt", "{{range .Bureaus}}- {{.}}", "{{range .Bureaus}}{{.}}"), `letter.txt:0 lacks the mark "-"`},
		"a telephone number":          {edit("letter.txt", "1-877-322-8228", "1-877-322-8229"), "letter.txt:0 lacks 1-877-322-8228"},
		"an age":                      {edit("letter.txt", "menor de 16 años", "menor de 18 años"), "letter.txt:0 lacks 16"},
		"a web site":                  {edit("letter.txt", "www.annualcreditreport.com", "www.example.com"), "letter.txt:0 lacks www.annualcreditreport.com"},
		"bold":                        {edit("states/md.txt", "**Para residentes de Maryland.**", "Para residentes de Maryland."), "states/md.txt:0 lacks words in bold"},
		"a sentence in English":       {edit("letter.txt", "Lamentamos lo sucedido.", "We regret that this happened."), `has a sentence that is still in English: "We regret that this happened."`},
		"a note to self":              {edit("letter.txt", "Lamentamos lo sucedido.", "TODO lo sucedido."), `has the placeholder "TODO"`},
		"an action that is not ended": {edit("letter.txt", "{{/* E */}}", "{{if .Vendor}}"), "has {{if .Vendor}}, which the English does not have"},
		"a character without a font":  {edit("states/md.txt", "Maryland", "Maryland \U00012000"), "states/md.txt:2 has the character U+12000"},
		"a script from the right":     {edit("states/md.txt", "Maryland", "ميريلاند"), "states/md.txt:2 runs from right to left"},
		"a month":                     {edit("words.yaml", `month.5: "mayo"`, ""), "words.yaml:0 lacks month.5"},
		"a month twice":               {edit("words.yaml", `"junio"`, `"mayo"`), "names month.6 as month.5"},
		"a kind of information":       {edit("words.yaml", `class.ssn: "número de Seguro Social"`, ""), `words.yaml:0 lacks class.ssn, in English "Social Security number"`},
		"a word that says nothing":    {edit("words.yaml", `"enero"`, `""`), `says nothing under month.1`},
		"a word too many":             {edit("words.yaml", "month.1:", "month.13: \"trece\"\nmonth.1:"), "has month.13, which the English does not have"},
		"what is filled in":           {edit("words.yaml", `"{day} de {month} de {year}"`, `"{day} de {month}"`), "lacks {year} under date"},
		"what nothing is filled into": {edit("words.yaml", `"Estimado(a) {name}:"`, `"Estimado(a) {name} {first}:"`), "has {first} under greet"},
		"words that cannot be read":   {edit("words.yaml", `month.1: "enero"`, `month.1: "enero`), "words.yaml:0 cannot be read"},
		"words nobody translated":     {func(files map[string]string) { files["words.yaml"] = papers.EnglishLanguage()["words.yaml"] }, "words that are still in English"},
		"a key twice":                 {edit("words.yaml", "month.2:", "month.1: \"enero\"\nmonth.2:"), "words.yaml:0 cannot be read"},
		"the steps before the deeds":  {func(files map[string]string) { swap(files, "{{.WhatWeAreDoing}}", "{{.WhatYouCanDo}}") }, "has {{.WhatYouCanDo}} before {{.WhatWeAreDoing}}"},
		"a broken template":           {edit("letter.txt", "{{if .Vendor}}{{.Vendor}} nos informa:\n\n{{end}}{{.WhatHappened}}", "{{end}}{{if .Vendor}}{{.Vendor}} nos informa:\n\n{{.WhatHappened}}"), "cannot be filled in"},
	} {
		files := maps.Clone(papers.ShippedLanguage("es"))
		c.spoil(files)
		var said []string
		for _, f := range papers.CheckLanguage("es", files) {
			said = append(said, fmt.Sprintf("%s:%d %s", f.File, f.Line, f.What))
		}
		require.True(t, slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, c.want) }), "%s: %q in %v", name, c.want, said)
	}
}

func swap(files map[string]string, a, b string) {
	const mark = "\x00"
	text := strings.ReplaceAll(files["letter.txt"], a, mark)
	files["letter.txt"] = strings.ReplaceAll(strings.ReplaceAll(text, b, a), mark, b)
}

// TestALetterInALanguageOfOnesOwn: the English folder with each word changed, as a
// translation has them, makes a letter that reads back.
func TestALetterInALanguageOfOnesOwn(t *testing.T) {
	t.Parallel()
	incident := exampleIncident()
	files := maps.Clone(papers.ShippedLanguage("es"))
	files["letter.txt"] = strings.ReplaceAll(files["letter.txt"], "Lamentamos lo sucedido.", "Sentimo lo que pasó.")
	incident.Letters.Languages.Own = []breach.OwnLanguage{{Tag: "pap", Files: files}}
	incident.Translations = map[string]breach.Translation{"pap": spanish()}
	all := readers()
	for i := range all {
		all[i].Person.Language = "pap-AW"
	}
	require.Empty(t, readBack(t, incident, all, nil, nil))
	file, pieces := letters(t, incident, all[0])
	require.Equal(t, "pap", pieces[0].Mail.Language)
	require.Contains(t, flowed(textOf(t, file)), "Sentimo lo que pasó.")
}
