package papers_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/papers"
	"duenotice/templates"
)

// spanish are the example incident's texts in Spanish.
func spanish() breach.Translation {
	return breach.Translation{
		WhatHappened: "El 16 de marzo de 2026 notamos que alguien había usado una contraseña robada para entrar en uno de nuestros seis " +
			"sistemas de expedientes médicos electrónicos. Cerramos el acceso de esa persona el mismo día.\n\nLuego revisamos los registros " +
			"del sistema para saber qué información se pudo ver o copiar. Terminamos el 10 de abril de 2026.",
		WhatWeAreDoing: "Cambiamos todas las contraseñas del sistema, ahora pedimos una segunda prueba de identidad a quienes entran y " +
			"contratamos a especialistas externos para buscar todo lo que pudiera haber quedado. Avisamos a la Oficina Federal de Investigación.",
		WhatYouCanDo: "Tome las medidas que siguen. Son gratuitas, y las primeras llevan pocos minutos.",
	}
}

// inSpanish is the example incident with them.
func inSpanish() breach.Incident {
	i := exampleIncident()
	i.Translations = map[string]breach.Translation{"es": spanish()}
	return i
}

// spanishReaders are letters in Spanish to readers of each kind, and to each State with a text.
func spanishReaders(t *testing.T) []casebook.Letter {
	t.Helper()
	all := readers()
	texts, err := fs.Glob(templates.Texts(), "languages/es/states/*.txt")
	require.NoError(t, err)
	for _, name := range texts {
		p := examplePerson()
		p.State = strings.ToUpper(strings.TrimSuffix(strings.TrimPrefix(name, "languages/es/states/"), ".txt"))
		all = append(all, letterTo(p))
	}
	p := examplePerson()
	p.Language, p.City, p.State, p.ZIP = "", "San Juan", "PR", "00907"
	all = append(all, letterTo(p))
	for i := range all {
		all[i].PieceID = fmt.Sprintf("R001-%06d", i)
		if all[i].Person.State != "PR" {
			all[i].Person.Language = "es-MX"
		}
	}
	return all
}

// TestALetterIsWholeInSpanish: the letter, its box, standing texts, States' blocks, data
// classes, dates, salutations and the foot of the page, to every kind of reader; with the
// headings that California prescribes beside the Spanish ones, on one sheet.
func TestALetterIsWholeInSpanish(t *testing.T) {
	t.Parallel()
	all := spanishReaders(t)
	batch, err := papers.NewLetterBatch(inSpanish(), may1, map[string]int{"RI": 1204})
	require.NoError(t, err)
	var pieces []papers.Piece
	for _, l := range all {
		piece, err := batch.Add(l)
		require.NoError(t, err)
		require.LessOrEqual(t, piece.Pages, 2, "letter %s to %s takes a second sheet", l.PieceID, l.Person.State)
		require.Equal(t, "es", piece.Mail.Language)
		pieces = append(pieces, piece)
	}
	require.Equal(t, breach.LetterLanguage{Tag: "es", Asked: "es", Reason: breach.LanguagePuertoRico}, pieces[len(pieces)-1].Language)
	file := fileOf(t, batch)
	misread, err := batch.ReadBack(file)
	require.NoError(t, err)
	require.Empty(t, misread)
	require.Contains(t, string(file), " /Lang (es) ")
	text := flowed(textOf(t, file))
	for _, words := range []string{
		"1 de mayo de 2026", "Estimado(a) Łukasz Nguyễn:", "Al padre, madre o tutor de Łukasz Nguyễn:", "TO THE PARENT OR GUARDIAN OF",
		"Aviso de violación de datos / Notice of Data Breach", "Qué sucedió / What Happened",
		"El incidente ocurrió entre el 14 de marzo de 2026 y el 16 de marzo de 2026.",
		"nombre, fecha de nacimiento, número de Seguro Social, diagnóstico y medicamentos",
		"24 meses de vigilancia de crédito a través de Example Watch", "visite https://example.org/enroll o llame al 1-800-555-0199",
		"Se sabe que 1,204 residentes de Rhode Island se vieron afectados", "Para residentes de Maryland.", "Teléfono gratuito: 1-800-555-0100",
		"Referencia R001-000000", "Página 1 de 2",
	} {
		require.Contains(t, text, words)
	}
	for _, words := range []string{"We are", "The incident", "Reference", "Page 1", "You can", "May 1, 2026", "Dear ", "March 16", "residents of"} {
		require.NotContains(t, text, words)
	}
	require.NotContains(t, text, "lo descubrió el 16 de marzo", "the officers' own account says it")
}

// TestLettersOfTwoLanguagesAreJudgedEachByItsOwn: in one batch; words of the other
// language's, another's kind of information, and a text of no State are misread.
func TestLettersOfTwoLanguagesAreJudgedEachByItsOwn(t *testing.T) {
	t.Parallel()
	mixed := func() []casebook.Letter {
		all := readers()
		for i := range all {
			if i%2 == 0 {
				all[i].Person.Language = "es"
			}
		}
		return all
	}
	require.Empty(t, readBack(t, inSpanish(), mixed(), nil, nil))
	first := mixed()[0]
	for name, c := range map[string]struct {
		from, to string
		want     papers.Check
	}{
		"a heading in English":                {"## Qué sucedió / What Happened", "## What Happened", papers.CheckElements},
		"a kind of information too many":      {"puede incluir: ", "puede incluir: resultados de laboratorio, ", papers.CheckClasses},
		"the offer is gone":                   {"vigilancia de crédito a través de", "vigilancia a través de", papers.CheckOffer},
		"the officers' text is gone":          {"Cerramos el acceso", "Cerraron el acceso", papers.CheckElements},
		"another State's text":                {"Lamentamos lo sucedido.", "Para residentes de Maryland. Lamentamos lo sucedido.", papers.CheckState},
		"the day of discovery in English":     {"16 de marzo de 2026", "March 16, 2026", papers.CheckElements},
		"the practice's name is another name": {"en nombre de Oak Street", "en nombre de Elm Street", papers.CheckPractice},
	} {
		misread := readBack(t, inSpanish(), mixed(), func(b *papers.LetterBatch) {
			require.NoError(t, b.Misprint(first, func(text string) string {
				require.Contains(t, text, c.from, name)
				return strings.ReplaceAll(text, c.from, c.to)
			}))
		}, nil)
		require.NotEmpty(t, misread, name)
		require.Equal(t, first.PieceID, misread[0].PieceID)
		require.True(t, slices.Contains(misread[0].Checks, c.want), "%s: %v", name, misread[0].Checks)
	}
}

// TestALetterInNoLanguageIsHeldBack: never an English one without a decision.
func TestALetterInNoLanguageIsHeldBack(t *testing.T) {
	t.Parallel()
	incident := exampleIncident()
	batch, err := papers.NewLetterBatch(incident, may1, nil)
	require.NoError(t, err)
	p := examplePerson()
	p.Language = "es"
	_, err = batch.Add(letterTo(p))
	var held *papers.HeldError
	require.ErrorAs(t, err, &held)
	require.Equal(t, breach.HeldLanguage, held.Reason)
	require.Equal(t, held.HeldBack, *papers.HoldsBack(&p, may1, incident.Letters.Envelope, incident.Languages()))

	incident.Letters.Languages = breach.LanguageTerms{Missing: breach.MissingEnglish, Reason: "Interpreters call them."}
	batch, err = papers.NewLetterBatch(incident, may1, nil)
	require.NoError(t, err)
	piece, err := batch.Add(letterTo(p))
	require.NoError(t, err)
	require.Equal(t, breach.LetterLanguage{Tag: "en", Asked: "es", Reason: breach.LanguageDecided}, piece.Language)
	require.Nil(t, papers.HoldsBack(&p, may1, incident.Letters.Envelope, incident.Languages()))
}

// fileOf is a batch's file.
func fileOf(t *testing.T, batch *papers.LetterBatch) []byte {
	t.Helper()
	var out bytes.Buffer
	_, err := batch.WriteTo(&out)
	require.NoError(t, err)
	return out.Bytes()
}

// TestTaglinesStandAtTheLettersEnd: on a page of their own, in every language's letter,
// from right to left where the script is, and a letter without one is misread.
func TestTaglinesStandAtTheLettersEnd(t *testing.T) {
	t.Parallel()
	incident := inSpanish()
	incident.Letters.Taglines = []breach.Tagline{
		{Tag: "en", Text: "If you speak another language, free language assistance services are available to you. Call 1-800-555-0100."},
		{Tag: "ar", Text: "إذا كنت تتحدث لغة أخرى فإن خدمات المساعدة اللغوية المجانية متاحة لك في كل وقت ومن غير أي رسوم على الإطلاق"},
		{Tag: "ru", Text: "Если вы говорите на другом языке, вам доступны бесплатные услуги языковой поддержки."},
		{Tag: "hi", Text: "यदि आप कोई अन्य भाषा बोलते हैं, तो आपके लिए निःशुल्क भाषा सहायता सेवाएं उपलब्ध हैं।"},
	}
	all := readers()
	for i := range all {
		if i%2 == 0 {
			all[i].Person.Language = "es"
		}
	}
	require.Empty(t, readBack(t, incident, all, nil, nil))
	file, pieces := letters(t, incident, all[1])
	require.Equal(t, 3, pieces[0].Pages)
	text := flowed(textOf(t, file))
	require.Contains(t, text, "Help with Languages If you speak another language")
	require.Contains(t, text, "Если вы говорите на другом языке")
	misread := readBack(t, incident, all, func(b *papers.LetterBatch) {
		require.NoError(t, b.Misprint(all[0], func(text string) string { return strings.ReplaceAll(text, "бесплатные", "платные") }))
	}, nil)
	require.Equal(t, []papers.Misread{{PieceID: all[0].PieceID, Checks: []papers.Check{papers.CheckTaglines}}}, misread)
}

// TestACorrectedLetterOpensInItsLanguage: without the officers' sentence, which is English.
func TestACorrectedLetterOpensInItsLanguage(t *testing.T) {
	t.Parallel()
	l := readers()[0]
	l.Person.Language = "es"
	l.Corrects = &breach.Correction{Recall: 1, Why: breach.RecallReasons[0], Sentence: "The telephone number was wrong.", MailedOn: may1}
	require.Empty(t, readBack(t, inSpanish(), []casebook.Letter{l}, nil, nil))
	file, _ := letters(t, inSpanish(), l)
	text := flowed(textOf(t, file))
	require.Contains(t, text, "Esta carta reemplaza la que le enviamos por correo el 1 de mayo de 2026. ")
	require.NotContains(t, text, "The telephone number")
}
