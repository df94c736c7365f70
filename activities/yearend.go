package activities

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"

	"duenotice/internal/breach"
)

// PrepareAnnualLog gathers every breach of fewer than 500 people discovered in
// the year into one log, with each practice's worksheet beside it in its own
// folder, for filing within 60 days of the year's end (45 CFR 164.408(c)).
func (a *Activities) PrepareAnnualLog(ctx context.Context, in YearInput) (YearResult, error) {
	defer beating(ctx)()
	entries, err := a.Store.AnnualLog(ctx, in.Year)
	if err != nil {
		return YearResult{}, err
	}
	due := breach.YearEndDue(in.Year)
	result := YearResult{Entries: len(entries), Due: due, DueEnds: due.End(a.Zone).UTC()}

	var log bytes.Buffer
	w := csv.NewWriter(&log)
	rows := [][]string{{"incident", "practice_key", "practice", "discovered", "individuals", "regime", "due", "filed_on", "delegation", "worksheet"}}
	for _, e := range entries {
		if !e.FiledOn.IsZero() {
			result.Filed++
		}
		rows = append(rows, []string{
			e.IncidentID, e.PracticeKey, e.Practice, e.Discovered.String(), strconv.Itoa(e.Count), e.Regime,
			e.Due.String(), e.FiledOn.String(), e.Delegation, a.Out.Incident(e.IncidentID).WorksheetPDF(e.PracticeKey),
		})
	}
	if err := w.WriteAll(rows); err != nil {
		return result, err
	}
	_, err = a.Out.WriteFile(ctx, a.Out.AnnualLog(in.Year), log.Bytes())
	return result, err
}
