package papers

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

// AgencyRow is a duty to tell an authority or a credit bureau, with the day it was done
// (zero for open) under a reference, and how it is filed.
type AgencyRow struct {
	breach.Obligation
	DoneOn    civil.Date
	Reference string
	Filing    rules.Filing
}

// AgenciesCSV writes agencies.csv: whom a practice tells in each State and at HHS, by
// when, of how many people, in which form and where. It holds no patient data.
func AgenciesCSV(w io.Writer, rows []AgencyRow) error {
	out := csv.NewWriter(w)
	table := [][]string{{
		"jurisdiction", "to", "what", "last_day", "not_before", "clock", "people", "form", "content", "where", "note", "done_on", "reference",
		"citation", "confidence", "source",
	}}
	for _, r := range rows {
		row := []string{
			r.Jurisdiction, r.Recipient, DutyWords(r.Obligation), r.Due.String(), r.NotBefore.String(), r.Clock, strconv.Itoa(r.Count),
			r.Filing.Form, r.Filing.Content, where(r.Obligation), r.Filing.Note, r.DoneOn.String(), r.Reference, r.Citation, r.Confidence, r.Filing.Source,
		}
		for i := range row {
			row[i] = Inert(oneLine(row[i]))
		}
		table = append(table, row)
	}
	if err := out.WriteAll(table); err != nil {
		return fmt.Errorf("writing agencies.csv: %w", err)
	}
	return nil
}

// where is the place that a notice goes to, as far as the product knows it: the portal
// of HHS, the credit bureaus, and those State offices that letters name.
func where(o breach.Obligation) string {
	switch o.Kind {
	case breach.HHSNotice:
		return "HHS breach portal, ocrportal.hhs.gov; hhs-worksheet.pdf has the answers in its order"
	case breach.CRANotice:
		var all []string
		for _, bureau := range offices().Bureaus {
			all = append(all, bureau.line())
		}
		return strings.Join(all, " / ")
	}
	for _, office := range offices().States[o.Jurisdiction] {
		if strings.Contains(o.Recipient, "Attorney General") && strings.Contains(office.Name, "Attorney General") {
			return office.line()
		}
	}
	return ""
}
