package tracingfile

import (
	"strings"
	"time"

	"duenotice/internal/breach"
)

// Scan is one event of one piece.
type Scan struct {
	// Line is where it stands: the line of a delimited file, from 1, or the number of the
	// event in JSON.
	Line int
	// Tracking is the first 20 digits of the Intelligent Mail barcode.
	Tracking string
	At       time.Time
	// Operation is the code of the machine's operation, and Facility the ZIP of where it
	// stands; either may be empty.
	Operation, Facility string
	// Kind is one of breach.ScanKinds.
	Kind string
}

// The attributes that are read, by their names in IV-MTR without case and punctuation.
const (
	attributeIMb      = "imb"
	attributeAt       = "scandatetime"
	attributeCode     = "scaneventcode"
	attributeFacility = "scanfacilityzip"
	attributeEvent    = "handlingeventtype"
	attributeWords    = "handlingeventtypedescription"
	attributePhase    = "mailphase"
)

// otherNames are those of earlier exports and of mail houses.
var otherNames = map[string]string{
	"imbcode": attributeIMb, "imbarcode": attributeIMb, "imcb": attributeIMb, "intelligentmailbarcode": attributeIMb,
	"opcode": attributeCode, "operationcode": attributeCode, "facilityzip": attributeFacility, "scandate": attributeAt,
}

// bare is a name as it is compared.
func bare(name string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, name)
	if known := otherNames[plain]; known != "" {
		return known
	}
	return plain
}

// logical is the type of an event that no machine saw: the carrier was at the address.
const logical = "L"

// kindOf is what an event says of a piece, in the file's own words: codes of operations
// change, and none of them says more than that a machine saw the piece.
func kindOf(fields map[string]string) string {
	words := strings.ToLower(fields[attributePhase] + " " + fields[attributeWords])
	switch {
	case strings.Contains(words, "return"):
		return breach.ScanReturning
	case strings.Contains(words, "forward"):
		return breach.ScanForwarded
	case strings.EqualFold(fields[attributeEvent], logical):
		return breach.ScanDelivered
	}
	return breach.ScanSeen
}

// layouts are how times are written; those without a zone are of the zone that is given.
var layouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "01/02/2006 15:04:05", "2006-01-02T15:04:05Z0700"}

func timeOf(s string, zone *time.Location) (time.Time, bool) {
	for _, layout := range layouts {
		if at, err := time.ParseInLocation(layout, s, zone); err == nil {
			return at.UTC().Truncate(time.Second), at.Year() > 2000 && at.Year() < 2200
		}
	}
	return time.Time{}, false
}
