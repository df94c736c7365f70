// Package rows is what every reader of a handed-over file gives: one table's row after
// another, as cells of text, with the place it stands at. Nothing is kept between rows.
package rows

// Row is one row as it stands in a source.
type Row struct {
	// Table is the sheet, the resource or the kind of segment that the row is of; "" in a
	// file that is one table.
	Table string
	// Number is the row as a person finds it: the line of a text file, the row of a
	// sheet, the number of a resource or segment. The first is 1.
	Number int
	Cells  []string
	// Carried are the cells whose value stands in the first cell of a merged range.
	Carried []int
	// Problem is why the row could not be read, by the id of the refusal; "" when it
	// could. Cells then has nothing.
	Problem string
}

// What a reader says of a row that it could not read.
const (
	Quotes  = "quotes"
	TooLong = "row_too_long"
	Damaged = "unreadable"
)

// Reader gives the rows of one source in its order.
type Reader interface {
	// Next reads the next row into r, whose cells may be used until the following call.
	// io.EOF ends the source.
	Next(r *Row) error
	// Header has the names of a table's columns, where they are not a row of it; nil
	// where they are.
	Header(table string) []string
	Close() error
}
