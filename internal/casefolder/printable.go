package casefolder

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"duenotice/internal/breach"
	"duenotice/internal/papers"
	"duenotice/internal/typeface"
)

// The papers a text goes into, as they are named to a person.
const (
	inLetters    = "the letters"
	inNotices    = "the notices to practices"
	inMedia      = "the media notices"
	inWorksheets = "the HHS worksheets"
	inBinders    = "the binders"
)

// textsPrinted are the texts of incident.yaml by the papers that print them. An
// item of a list has its list's path.
var textsPrinted = map[string][]string{
	"entity.name":                  {inLetters, inNotices, inMedia, inWorksheets, inBinders},
	"entity.address":               {inLetters, inNotices, inMedia, inWorksheets},
	"entity.toll_free":             {inLetters, inNotices, inMedia, inWorksheets},
	"entity.email":                 {inLetters, inNotices, inMedia, inWorksheets},
	"entity.website":               {inLetters, inNotices, inMedia},
	"entity.parent":                {inLetters},
	"environment":                  {inNotices},
	"what_happened":                {inLetters, inNotices, inMedia, inWorksheets},
	"what_we_are_doing":            {inLetters, inNotices, inMedia, inWorksheets},
	"what_you_can_do":              {inLetters, inNotices, inMedia},
	"translations":                 {inLetters},
	"credit_monitoring.provider":   {inLetters, inNotices, inMedia},
	"credit_monitoring.enroll_url": {inLetters},
	"credit_monitoring.phone":      {inLetters},

	"media.contact": {inMedia},
	"media.text":    {inMedia},

	"data_security_standard":          {inBinders},
	"exclusion_reason":                {inBinders},
	"law_enforcement_holds.official":  {inBinders},
	"law_enforcement_holds.agency":    {inBinders},
	"law_enforcement_holds.statement": {inBinders},
}

// columnsPrinted are the same of practices.csv.
var columnsPrinted = map[int][]string{
	pLegalName:      {inNotices, inLetters, inMedia, inWorksheets, inBinders},
	pDBA:            {inNotices, inLetters, inMedia, inBinders},
	pAddress1:       {inNotices, inWorksheets},
	pAddress2:       {inNotices, inWorksheets},
	pCity:           {inNotices, inMedia, inWorksheets},
	pPrivacyOfficer: {inNotices, inWorksheets},
	pEmail:          {inMedia, inWorksheets},
	pPhone:          {inMedia, inWorksheets},
	pTollFree:       {inMedia},
	pWebsite:        {inMedia},
}

// unprintable says what of a text cannot be printed, "" for nothing: in words
// that name characters by their numbers, for a text may be patient data.
func unprintable(text string) string {
	printed := typeface.Lines(text)
	r, lacks := typeface.Lacks(printed)
	switch {
	case !lacks && strings.TrimSpace(printed) == "" && text != "":
		return "has nothing that can be printed"
	case !lacks:
		return ""
	}
	others := map[rune]bool{}
	for _, c := range printed {
		if c != '\n' && c != r && !typeface.Has(c) {
			others[c] = true
		}
	}
	switch len(others) {
	case 0:
		return fmt.Sprintf("has the character %U, which the papers' fonts do not print", r)
	case 1:
		return fmt.Sprintf("has the character %U and another one that the papers' fonts do not print", r)
	}
	return fmt.Sprintf("has the character %U and %d others that the papers' fonts do not print", r, len(others))
}

// goesInto names the papers of a text.
func goesInto(all []string) string {
	if len(all) == 1 {
		return all[0]
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}

// printable reports a text of incident.yaml that cannot be printed as it is, once
// for all the papers it goes into. A binder prints the numbers of such characters.
func (n *notes) printable(text, path string, node ast.Node, line int) {
	name := withoutPlaces(path)
	if strings.HasPrefix(name, "translations.") {
		name = "translations"
	}
	in := textsPrinted[name]
	what := unprintable(text)
	if len(in) == 0 || what == "" {
		return
	}
	line += linesBefore(text, node)
	if slices.Equal(in, []string{inBinders}) {
		n.note(line, path, warnNumbers, path+" "+what+"; it goes into "+goesInto(in))
		return
	}
	n.note(line, path, ruleUnprintable, path+" "+what+"; it goes into "+goesInto(in))
}

// withoutPlaces is a path without the places in lists: entity.address[2] is an
// item of entity.address.
func withoutPlaces(path string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(path, "[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, path, _ = strings.Cut(rest, "]")
	}
}

// linesBefore is how many lines below its key the first character of a text
// stands that cannot be printed, where the text's lines are those of the file.
func linesBefore(text string, node ast.Node) int {
	literal, ok := node.(*ast.LiteralNode)
	if !ok || literal.Start == nil || !strings.HasPrefix(literal.Start.Value, "|") {
		return 0
	}
	for i, line := range strings.Split(text, "\n") {
		if _, lacks := typeface.Lacks(typeface.Line(line)); lacks {
			return i + 1
		}
	}
	return 0
}

// checkLetters reports what of an incident would stop its letters from being
// made, beside characters.
func (s *section) checkLetters(i breach.Incident) {
	for _, r := range papers.Repeats(i) {
		s.note(s.lineFor(r.Key), r.Key, warnRepeats, r.Key+" says "+r.What)
	}
	refusal, refused := breach.AsRefusal(papers.CheckIncident(i))
	if !refused {
		return
	}
	switch refusal.Code {
	case "return_address_too_long":
		s.note(s.lineFor("entity"), "entity.address", ruleReturnAddress, "entity.name and entity.address do not fit the letter's place for the return address")
	case "count_forbidden":
		s.note(s.lineFor("what_happened"), "what_happened", ruleForbiddenCount, refusal.Message)
	}
}

// checkPrintable reports a practice's cells that cannot be printed, once for all
// the papers each goes into.
func checkPrintable(r cells) {
	for col := range practiceColumns {
		in := columnsPrinted[col]
		if len(in) == 0 || !r.row.fine(col) {
			continue
		}
		if what := unprintable(r.row.cells[col]); what != "" {
			name := practiceColumns[col].name
			r.c.problem(ruleUnprintable, name, name+" "+what+"; it goes into "+goesInto(in))
		}
	}
}

// onLetter are the columns that a letter's address and salutation print.
var onLetter = []int{fFirstName, fMiddleName, fLastName, fSuffix, fRepresentativeName, fAddress1, fAddress2, fCity, fState, fZIP, fCountry}

// checkHeldBack warns of a person whose letter will be held back. A cell that was
// refused says so already.
func (f *findingsCheck) checkHeldBack(r cells, p breach.Person) {
	for _, col := range onLetter {
		if r.row.isBad(col) {
			return
		}
	}
	text := func(col int) string { return nfc(r.row.cells[col]) }
	p.FirstName, p.MiddleName, p.LastName, p.Suffix = text(fFirstName), text(fMiddleName), text(fLastName), text(fSuffix)
	p.RepresentativeName, p.Address1, p.Address2, p.City = text(fRepresentativeName), text(fAddress1), text(fAddress2), text(fCity)
	p.State, p.ZIP, p.Country = strings.ToUpper(text(fState)), text(fZIP), strings.ToUpper(text(fCountry))
	if p.Language = f.vocabulary.languageTag(r.row.cells[fLanguage]); p.Language == noLanguage {
		p.Language = ""
	}
	held := papers.HoldsBack(&p, f.lettersOn, f.envelope, f.languages)
	switch {
	case held == nil:
	case held.Reason == breach.HeldLanguage: // checkLanguage says so
	case held.Reason == breach.HeldAddressTooLong:
		f.c.problem(warnHeldTooLong, r.widest(onLetter), "the letter will be held back: "+held.String())
	default:
		f.c.problem(warnHeldScript, r.with(held.Character, onLetter), "the letter will be held back: "+held.String())
	}
}

// widest is the name of the column whose cell takes the most room in print.
func (r cells) widest(columns []int) string {
	name, most := "", -1.0
	for _, col := range columns {
		if width := typeface.Width(typeface.Line(r.row.cells[col]), false, 1); width > most {
			name, most = r.names[col].name, width
		}
	}
	return name
}

// with is the name of the first column whose cell prints the character.
func (r cells) with(character rune, columns []int) string {
	for _, col := range columns {
		cell := r.row.cells[col]
		if strings.ContainsRune(cell, character) || strings.ContainsRune(typeface.Line(cell), character) {
			return r.names[col].name
		}
	}
	return ""
}
