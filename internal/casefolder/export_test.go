package casefolder

import (
	"bytes"
	"context"
	"errors"
	"io"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
)

// CheckIncident reads incident.yaml from memory.
func CheckIncident(data []byte, today civil.Date, sink Sink) (breach.Incident, Report, error) {
	c := newCollector(sink)
	c.openFile(IncidentFile)
	incident, err := readIncident(c, bytes.NewReader(data), "none", today, envelope.Forms{})
	return incident, c.report, err
}

// CheckPractices reads practices.csv from memory.
func CheckPractices(ctx context.Context, data []byte, today civil.Date, sink Sink) ([]breach.Practice, Report, error) {
	c := newCollector(sink)
	c.openFile(PracticesFile)
	practices, _, err := readPractices(ctx, c, bytes.NewReader(data), headerNames{}, civil.Date{}, today)
	return practices, c.report, err
}

// CheckFindings reads findings.csv from memory.
func CheckFindings(ctx context.Context, data []byte, today civil.Date, sink Sink) (int, Report, error) {
	c := newCollector(sink)
	c.openFile(FindingsFile)
	check := &findingsCheck{columns: findingColumns, c: c, today: today, practices: map[string]bool{"P1": false}}
	check.speaks(breach.Incident{})
	rows, err := check.readFindings(ctx, bytes.NewReader(data), bytes.NewReader(data))
	return rows, c.report, err
}

// StreamPeople streams a list from memory.
func StreamPeople(ctx context.Context, data []byte, each func(row int, p *breach.Person) error) error {
	return streamPeople(ctx, bytes.NewReader(data), findingColumns, headerNames{}, each)
}

// For tests of parts that a whole case folder cannot reach at their limits.

// MaxRecord is the longest row.
const MaxRecord = maxRecord

// ErrLongRecord is a row's error.
var ErrLongRecord = errLongRecord

// Record is one row as records reads it.
type Record struct {
	Line   int
	Offset int64
	Fields []string
	Err    error
}

// ReadRecords reads all rows.
func ReadRecords(src io.Reader) ([]Record, error) {
	r := newRecords(src)
	var all []Record
	for {
		err := r.read()
		switch {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil && !errors.Is(err, errQuotes) && !errors.Is(err, errLongRecord):
			return all, err
		}
		record := Record{Line: r.line, Offset: r.offset, Err: err}
		if err == nil {
			for _, f := range r.fields {
				record.Fields = append(record.Fields, string(f))
			}
		}
		all = append(all, record)
	}
}

// Smuggled is the rule a text breaks by its digits.
func Smuggled(s string) string { return smuggled(s, plainText) }

// SmuggledPhone is the same for a telephone number.
func SmuggledPhone(s string) string { return smuggled(s, telephone) }

// SmuggledPracticeKey is the same for a practice's key.
func SmuggledPracticeKey(s string) string { return smuggled(s, ownKey) }

// IncidentKeys are the keys of incident.yaml by section.
var IncidentKeys = map[string][]string{
	"": incidentKeys, "entity": entityKeys, "occurred": spanKeys, "risk_assessment": assessmentKeys,
	"risk_assessment.factors": factorKeys, "law_enforcement_holds": holdKeys, "knowledge": knowledgeKeys, "credit_monitoring": monitoringKeys, "credit_monitoring.minors": minorsKeys, "letters": lettersKeys, "letters.languages": languagesKeys,
	"print_run": printRunKeys, "media": mediaKeys, "media.outlets": outletKeys, "print_run.halt": haltKeys,
}

// ReturnColumns are those of a list of letters that came back.
func ReturnColumns() []string { return namesOf(returnColumns) }
