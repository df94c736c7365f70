package casefolder

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"duenotice/internal/breach"
)

// checkAddress warns of people who cannot be written to, and refuses an address
// that would be counted in the wrong place. An address without a State is one
// warning and not also an unusable address, and so is a ZIP without its zero: one
// cause, one line.
func (f *findingsCheck) checkAddress(r cells) {
	territory, domestic := "", true
	if r.row.fine(fCountry) {
		territory, domestic = breach.DomesticCountry(r.row.cells[fCountry])
	}
	state := r.state(fState, domestic)
	switch {
	case !domestic:
		f.checkAbroad(r, state)
	case state == "" && r.row.cells[fState] == "" && territory == "" && !r.row.isBad(fState):
		f.c.problem(warnNoState, "state", "state is empty")
	case territory != "" && r.row.cells[fState] == "" && !r.row.isBad(fState):
		state = territory
	case territory != "" && state != "" && state != territory:
		f.c.problem(ruleCountry, "country", fmt.Sprintf("country is the State of %s and state is another", breach.StateName(territory)))
	case state != "" && !breach.IsState(state):
		f.c.problem(warnPostalCode, "state", "state is a postal code that is none of the 56 States of 45 CFR 160.103")
	}
	if domestic {
		r.checkZIP(fZIP, state)
	}
	var lacks []string
	for _, col := range []int{fAddress1, fCity} {
		if !r.row.isBad(col) && breach.SaysNoPlace(r.row.cells[col]) {
			lacks = append(lacks, findingColumns[col].name)
		}
	}
	if zip := r.row.cells[fZIP]; domestic && !r.row.isBad(fZIP) && !breach.IsZIP(zip) {
		if lostZero(zip) {
			f.c.problem(warnZIP, "zip", "the ZIP lost its leading zero")
		} else {
			lacks = append(lacks, "a zip of five or nine digits")
		}
	}
	switch {
	case len(lacks) > 0:
		f.c.problem(warnNoAddress, "address1", "the address lacks "+strings.Join(lacks, ", "))
	case breach.SaysReturned(r.row.cells[fAddress2]):
		f.c.problem(warnNoAddress, "address2", "address2 says that mail does not arrive")
	}
}

// checkAbroad looks at a country that is not the United States. A country that
// nobody knows beside a State and its ZIP is a slip, and so is a State's code.
func (f *findingsCheck) checkAbroad(r cells, state string) {
	country, zip := r.row.cells[fCountry], r.row.cells[fZIP]
	known := f.vocabulary.country(country)
	ofState := breach.IsPostalCode(state) && breach.IsZIP(zip) && slices.Contains(breach.ZIPStates(zip), state)
	switch {
	case ofState && (!known || strings.EqualFold(country, state)):
		f.c.problem(ruleCountry, "country", "country names no country that the State and the ZIP could be in")
	case !known:
		f.c.problem(warnCountry, "country", "country is no country's name or code")
	}
}

// checkZIP refuses what was a ZIP and is damaged, and warns of one that is not
// the State's. The two States are named: they say of nobody who they are.
func (r cells) checkZIP(col int, state string) {
	if !r.row.fine(col) {
		return
	}
	zip, name := r.row.cells[col], r.names[col].name
	if what := damagedZIP(zip); what != "" {
		r.row.bad |= 1 << col
		r.c.problemFix(ruleSpreadsheet, name, name+" "+what, "Write five digits, or nine as 12345-6789.")
		return
	}
	if !breach.IsZIP(zip) {
		return
	}
	if withoutZeros(zip) != zip {
		r.c.problem(warnZIPZeros, name, "the last four digits of the ZIP are zeros")
	}
	if state == "" {
		return
	}
	of := breach.ZIPStates(zip)
	switch {
	case len(of) == 0:
		r.c.problem(warnZIPState, name, fmt.Sprintf("the ZIP's first three digits belong to no State, state is %s", state))
	case !slices.Contains(of, state):
		r.c.problem(warnZIPState, name, fmt.Sprintf("the ZIP is of %s, state is %s", strings.Join(of, " or "), state))
	}
}

// otherCountryNames are usual names of countries beside those of CLDR, in which
// golang.org/x/text has them.
const otherCountryNames = `UK|GREAT BRITAIN|BRITAIN|ENGLAND|SCOTLAND|WALES|NORTHERN IRELAND|HOLLAND|THE NETHERLANDS|KOREA|REPUBLIC OF KOREA|
RUSSIAN FEDERATION|VIET NAM|BRASIL|ESPANA|MÉXICO|DEUTSCHLAND|ITALIA|HONG KONG|MACAU|IVORY COAST|CZECH REPUBLIC|BURMA|TURKEY|SWAZILAND|CAPE VERDE|
EAST TIMOR|BAHAMAS|THE BAHAMAS|GAMBIA|PHILIPPINES|THE PHILIPPINES|PALESTINE|VATICAN CITY|TRINIDAD AND TOBAGO|BOSNIA|MACEDONIA|UAE|MICRONESIA|
DEMOCRATIC REPUBLIC OF THE CONGO|REPUBLIC OF IRELAND|ST KITTS AND NEVIS|ST LUCIA|ST VINCENT|DOMINICAN REP|PEOPLES REPUBLIC OF CHINA|ROC`

// countryNames has the English name of every country, and its usual ones.
var countryNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.SplitSeq(strings.ReplaceAll(otherCountryNames, "\n", ""), "|") {
		names[plainName(name)] = true
	}
	english := display.English.Regions()
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if region, err := language.ParseRegion(string([]rune{a, b})); err == nil && region.IsCountry() {
				names[plainName(english.Name(region))] = true
			}
		}
	}
	return names
})

// plainName is a country's name in capitals, with one space between its words and
// no marks.
func plainName(s string) string {
	s = strings.NewReplacer("’", "", "'", "", ".", "", "&", "AND").Replace(strings.ToUpper(nfc(s)))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,()-/", r) }), " ")
}

// isCountry reports the name of a country, or its code of two or three letters or
// three digits.
func isCountry(s string) bool {
	if len(s) == 2 || len(s) == 3 {
		region, err := language.ParseRegion(s)
		if err == nil && region.IsCountry() {
			return true
		}
	}
	return countryNames()[plainName(s)]
}
