package accesslog

import (
	"fmt"
	"strings"
	"time"
)

// thirdFactor is what the logs say of whether the information was actually acquired or
// viewed, in words for the assessment.
func (r *run) thirdFactor() string {
	p := r.report.People
	var b strings.Builder
	fmt.Fprintf(&b, "By the access logs ")
	for i, l := range r.report.Logs {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s (%s, SHA-256 %s)", l.ID, l.File, l.SHA256)
	}
	fmt.Fprintf(&b, ", between %s and %s the account%s %s reached the records of %d people: %d viewed, %d changed, %d exported.", r.o.From.Format(time.RFC3339), r.o.To.Format(time.RFC3339),
		map[bool]string{true: "", false: "s"}[len(p.Accounts) == 1], strings.Join(p.Accounts, ", "), p.Touched, p.Viewed, p.Changed, p.Exported)
	fmt.Fprintf(&b, " Of the list's %d rows %d are yes, %d no and %d unknown.", p.Yes+p.No+p.Unknown, p.Yes, p.No, p.Unknown)
	if p.NotInList > 0 {
		fmt.Fprintf(&b, " %d people of the logs are not in the list.", p.NotInList)
	}
	fmt.Fprintf(&b, " The %d lines with their hashes are in %s (SHA-256 %s).", p.Lines, LinesFile, p.LinesSHA256)
	said := map[string]int{}
	var order []string
	for _, l := range r.report.CannotShow {
		if !l.Within {
			continue
		}
		if said[l.Code] == 0 {
			order = append(order, l.Code)
		}
		said[l.Code] += max(l.Count, 1)
	}
	if len(order) == 0 {
		b.WriteString(" Nothing was found that the logs could not show.")
		return b.String()
	}
	b.WriteString(" What the logs cannot show:")
	for i, code := range order {
		if i > 0 {
			b.WriteString(";")
		}
		fmt.Fprintf(&b, " %s (%d)", Limit{Code: code}.Explain(), said[code])
	}
	b.WriteString(".")
	return b.String()
}
