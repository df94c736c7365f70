// Package repair mends what spreadsheets, dataframes and changes of encoding did to a
// handed-over list, where it can be mended with certainty, and says where it cannot. Each
// repair is a rule with an id. Nothing here decides whether a repair is wanted: it says
// what was mended by which rule, and the caller keeps the result or refuses the list.
package repair

import (
	"strings"

	"duenotice/internal/breach"
)

// Rule is one repair.
type Rule struct {
	ID, Title string
	// Needed: without the repair the value is wrong, and a list that has it is refused.
	// The others only look better.
	Needed bool
}

// The repairs of cells.
const (
	LostZero     = "lost_zero"
	SlashedDate  = "slashed_date"
	WrittenDate  = "written_date"
	SerialDate   = "serial_date"
	TimedDate    = "timed_date"
	PartialDate  = "partial_date"
	DeathSaid    = "death_said"
	Scientific   = "scientific"
	DecimalZero  = "decimal_zero"
	Apostrophe   = "apostrophe"
	DecodedTwice = "decoded_twice"
	NoValue      = "no_value"
	LineBreaks   = "line_breaks"
	Spaces       = "spaces"
	StateName    = "state_name"
	LastFirst    = "last_first"
	Capitals     = "capitals"
	Addresses    = "addresses"
)

// The repairs of whole files, which their readers do.
const (
	Separator   = "separator"
	Windows1252 = "windows_1252"
	UTF16       = "utf_16"
	HeaderRow   = "header_row"
	MergedCells = "merged_cells"
	ShortRow    = "short_row"
)

// Rules are all repairs in the order of their ids.
func Rules() []Rule {
	return []Rule{
		{Addresses, "Several addresses, or a whole one, in one cell", true},
		{Apostrophe, "An apostrophe before a number", true},
		{Capitals, "Names in capitals", false},
		{DeathSaid, "Yes or no in place of a day of death", true},
		{DecimalZero, "A number with .0 behind it", true},
		{DecodedTwice, "Text that was decoded twice (Ã© for é)", true},
		{HeaderRow, "Column names that are not in the first row", true},
		{LastFirst, "LAST, FIRST in one cell", true},
		{LineBreaks, "Line breaks and control characters in a cell", true},
		{LostZero, "A ZIP that lost its leading zeros", true},
		{MergedCells, "A value that stands in merged cells", true},
		{NoValue, "A program's word where there is no value (NaN, N/A, 1900-01-01)", true},
		{PartialDate, "A year or month alone: an adult's birth date is left empty, a day of death is unknown", true},
		{Scientific, "A number in scientific notation", true},
		{Separator, "Semicolons, tabs or bars in place of commas", true},
		{SerialDate, "A date as a spreadsheet's day number", true},
		{ShortRow, "A row without its last cells, taken for empty", true},
		{SlashedDate, "A date with slashes (1/2/1980)", true},
		{Spaces, "Doubled, leading and trailing spaces", false},
		{StateName, "A State's name in place of its code", true},
		{TimedDate, "A date with a time of day", true},
		{UTF16, "A file in UTF-16", true},
		{Windows1252, "A file in Windows-1252", true},
		{WrittenDate, "A date in words or without marks (2-Jan-1980, 19800102)", true},
	}
}

// Refusals of cells: what cannot be mended with certainty.
const (
	DateOpen    = "date_order_open"
	DateBad     = "date_unreadable"
	DatePartial = "date_partial"
	DateCentury = "date_century"
	DigitsLost  = "digits_lost"
	LettersLost = "letters_lost"
	// ZIPUnclear is no reason to refuse: such a ZIP is left as it stands.
	ZIPUnclear = "zip_unclear"
)

// Set are the repairs that are wanted.
type Set map[string]bool

// All stands for every repair.
const All = "all"

// NewSet reads the ids that somebody gave.
func NewSet(ids []string) (Set, error) {
	known := Set{}
	var names []string
	for _, rule := range Rules() {
		known[rule.ID] = true
		names = append(names, rule.ID)
	}
	set := Set{}
	for _, id := range ids {
		switch id = strings.TrimSpace(id); {
		case id == All:
			return known, nil
		case !known[id]:
			return nil, breach.Refuse("repair_unknown", "Repairs are "+strings.Join(names, ", ")+", or all of them: --repair.", "there is no repair %q", id)
		default:
			set[id] = true
		}
	}
	return set, nil
}

var needed = func() map[string]bool {
	m := map[string]bool{}
	for _, rule := range Rules() {
		m[rule.ID] = rule.Needed
	}
	return m
}()

// IsNeeded reports a repair without which the value is wrong.
func IsNeeded(id string) bool { return needed[id] }
