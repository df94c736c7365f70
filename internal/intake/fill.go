package intake

import "slices"

// parts are columns that belong together: half of one address and half of another is
// where nobody lives, and who agreed to electronic notice agreed to it at one address.
// A part is taken whole, by its first columns: what they name, the others are about.
var parts = []struct {
	by, with []string
}{
	{[]string{"address1", "city", "zip"}, []string{"address2", "state", "country", "confidential_address"}},
	{[]string{"email"}, []string{"email_agreed_on"}},
	{[]string{"representative_name"}, []string{"representative_relation"}},
}

var inPart = func() map[string]bool {
	in := map[string]bool{}
	for _, p := range parts {
		for _, column := range slices.Concat(p.by, p.with) {
			in[column] = true
		}
	}
	return in
}()

// fill puts into one row what another of the same person has and it lacks. differ are
// columns in which both have something, and not the same; then the first's stays. leave
// are columns that are not touched.
func fill(cells, from []string, leave ...string) (differ []string) {
	for _, p := range parts {
		differ = append(differ, fillPart(cells, from, p.by, p.with)...)
	}
	for i, text := range from {
		column := columns[i]
		switch {
		case text == "" || text == cells[i] || inPart[column] || slices.Contains(leave, column):
		case cells[i] == "":
			cells[i] = text
		case column == "acquired_or_viewed":
			cells[i] = graver(cells[i], text)
		case column == "source":
			cells[i] = joinSources(cells[i], text)
		default:
			differ = append(differ, column)
		}
	}
	return differ
}

// fillPart fills a part unless the two rows contradict each other in what it is of.
func fillPart(cells, from, by, with []string) (differ []string) {
	for _, column := range slices.Concat(by, with) {
		if i := columnAt[column]; cells[i] != "" && from[i] != "" && cells[i] != from[i] {
			differ = append(differ, column)
		}
	}
	confidential := columnAt["confidential_address"]
	if slices.ContainsFunc(differ, func(column string) bool { return slices.Contains(by, column) }) {
		// An address asked for in confidence is the one that is used (45 CFR 164.522(b)).
		if slices.Contains(with, "confidential_address") && from[confidential] == "yes" && cells[confidential] != "yes" {
			for _, column := range slices.Concat(by, with) {
				cells[columnAt[column]] = from[columnAt[column]]
			}
		}
		return differ
	}
	for _, column := range slices.Concat(by, with) {
		if i := columnAt[column]; cells[i] == "" {
			cells[i] = from[i]
		}
	}
	return differ
}
