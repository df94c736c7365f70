package papers

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"duenotice/internal/breach"
)

// ListedChange is what one list did to one person of a practice. Person is the row as
// it is now, nil where nobody of that key is on the list any more. Later is the number
// of the next list that touched the person again, 0 for none.
type ListedChange struct {
	breach.ListChange
	Person *breach.Person
	Later  int
}

// ListChangesCSV writes what a later list added, changed and took out of a practice's
// list: what was done, and the row in the columns of people.csv. What a row said
// before it was changed is kept nowhere, and somebody who was taken out has no row.
func ListChangesCSV(w io.Writer, changes []ListedChange) error {
	out := csv.NewWriter(w)
	rows := [][]string{append([]string{"change", "reason", "see_also"}, peopleColumns...)}
	for _, c := range changes {
		row := []string{c.What, c.Why, ""}
		if c.Later > 0 {
			row[2] = "touched again by list " + strconv.Itoa(c.Later) + "; the row is as it is now"
		}
		if c.Person != nil {
			row = append(row, peopleRow(c.Person)...)
		} else {
			row = append(append(row, c.PersonKey), make([]string, len(peopleColumns)-1)...)
		}
		for i := range row {
			row[i] = Inert(row[i])
		}
		rows = append(rows, row)
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("writing the difference of a list: %w", err)
	}
	return nil
}
