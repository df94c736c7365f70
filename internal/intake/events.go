package intake

import (
	"encoding/csv"
	"io"
	"strconv"
)

// What happened to a row, a cell or a file.
const (
	// Read is a source with its hash.
	Read = "read"
	// Mapped is a column that was taken for one of ours; Unmapped one that was not.
	Mapped   = "mapped"
	Unmapped = "unmapped"
	// Repaired was mended by a rule; Needs would have to be, and was not asked for;
	// Offered could be, and is only uglier without.
	Repaired = "repaired"
	Needs    = "needs_repair"
	Offered  = "could_be_repaired"
	// Refused cannot be read with certainty.
	Refused = "refused"
	// LeftOut is a row that is in no list, Unplaced one whose practice is not known.
	LeftOut  = "left_out"
	Unplaced = "unplaced"
	// Merged are two rows of one person and practice; Noted is anything else to know.
	Merged = "merged"
	Noted  = "noted"
)

// Event is one line of the report. It repeats no cell of a person's row.
type Event struct {
	// Source is the source's number (S1), Sheet its table, Row where the row stands; 0
	// stands for all of it.
	Source string
	Sheet  string
	Row    int
	// Column is a column of the source where its name can be shown, else of ours.
	Column string
	What   string
	// Rule is the id of the repair or refusal.
	Rule   string
	Detail string
}

// Sink is given each event in order; an error from it stops the import.
type Sink func(Event) error

// Detail of the refusals and notes that are not of cells.
var texts = map[string]string{
	"date_order_open":     "day and month could be either way round: say --date-order mdy or dmy",
	"date_unreadable":     "the date cannot be read",
	"date_partial":        "a year or a month alone is no date",
	"date_century":        "a year of two digits could be of either century",
	"digits_lost":         "a spreadsheet cut digits off: export the column as text",
	"letters_lost":        "letters were lost: export the list again in UTF-8",
	"zip_unclear":         "the ZIP lost digits, and with zeros before it would be of another State: it is left as it stands, and validate warns of it",
	"no_last_name":        "there is no last name",
	"no_kinds":            "no kind of data is named or can be told from the columns",
	"kind_unknown":        "a word for a kind of data is unknown: say in values of the profile what it means",
	"quotes":              "the quotation marks of the row do not pair up",
	"row_too_long":        "the row is too long to be one",
	"unreadable":          "the row cannot be read",
	"cell_count":          "the row has another number of cells than the column names",
	"key_form":            "the key has a form that is not allowed",
	"number_to_kind":      "a number was there; its kind is kept and the number is not",
	"no_practice":         "no source says at which practice the person was",
	"practice_unknown":    "the practice is not in the list",
	"practice_ambiguous":  "several practices of the list could be meant",
	"visit_of_nobody":     "no source has the person of this visit",
	"same_id_two_people":  "the id is that of somebody with another name or birth date: kept apart",
	"differs":             "rows of one person and practice differ; the first is kept",
	"pair_together":       "people of two keys are one person",
	"pair_apart":          "people who a person decided are two",
	"practices_open":      "practices that may be one covered entity: a person has to decide",
	"pair_open":           "people who may be one: a person has to decide",
	"practice_twice":      "two practices of the list have this NPI or name: ask which is meant",
	"practice_closed":     "NPPES says that the NPI was deactivated: ask who the successor is",
	"practice_successor":  "NPPES names another NPI in place of this one: ask whether it is the successor",
	"practice_filled":     "was empty and is filled from NPPES",
	"practice_from_rows":  "there is no list of practices; the rows themselves name this one",
	"practice_new":        "is added to the practices",
	"practice_of_nobody":  "has nobody in the list of people",
	"other_addresses":     "further addresses of the cell are left out",
	"above_header":        "stands above the column names",
	"sheet_unknown":       "no profile knows a name in it; nothing is read from it",
	"resources_not_taken": "resources of other kinds are left out",
	"masked":              "has counts, yes and no, or signs in place of values",
}

// Explain says what a rule's event means.
func Explain(rule string) string { return texts[rule] }

// eventColumns are the columns of import-report.csv.
var eventColumns = []string{"source", "file", "sheet", "row", "column", "profile", "what", "rule", "detail", "source_sha256"}

// eventWriter writes import-report.csv.
type eventWriter struct {
	csv *csv.Writer
}

func newEventWriter(w io.Writer) (*eventWriter, error) {
	e := &eventWriter{csv.NewWriter(w)}
	return e, e.csv.Write(eventColumns)
}

// write writes an event. The hash stands where the event is of a whole file or column:
// beside each of millions of rows it would be most of the report.
func (w *eventWriter) write(e Event, file, profile, sha256 string) error {
	row := ""
	if e.Row > 0 {
		row, sha256 = strconv.Itoa(e.Row), ""
	}
	detail := e.Detail
	if detail == "" {
		detail = texts[e.Rule]
	}
	return w.csv.Write([]string{e.Source, file, e.Sheet, row, e.Column, profile, e.What, e.Rule, detail, sha256})
}

func (w *eventWriter) flush() error {
	w.csv.Flush()
	return w.csv.Error()
}
