package x12

import (
	"errors"
	"io"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/intake/rows"
)

// The tables of an interchange.
const (
	People    = "person"
	Practices = "practice"
)

// personColumns are the columns of a person. Of an SSN, a record number, a claim, a
// diagnosis and a service it is said only that it was there.
var personColumns = []string{
	"last", "first", "middle", "suffix", "member", "birth", "death", "address1", "address2", "city", "state", "zip", "country", "phone", "email",
	"npi", "provider", "ssn", "record", "claim", "diagnosis", "service",
}

var practiceColumns = []string{"npi", "provider", "address1", "address2", "city", "state", "zip", "phone", "email"}

// party is whoever a loop is about.
type party struct {
	table  string
	number int
	// patient: the party is the patient of a claim or a dependent, and not the subscriber.
	patient bool
	cells   map[string]string
}

// Reader reads one file.
type Reader struct {
	segments *segments
	// set is the transaction, such as 837.
	set string
	// provider is the practice of the loop, and the payee of an 835.
	provider *party
	// open are the people of the loop, whose rows are given when what follows is about
	// somebody else: an 837 has a claim's diagnoses behind the subscriber and the patient.
	open    []*party
	current *party
	// pending is a practice whose address may follow.
	pending *party
	// death is of whoever is named next in the loop.
	death string
	ready []*party
	ended bool
}

// New reads a file that Is an interchange.
func New(src io.Reader) (*Reader, error) {
	s, err := newSegments(src)
	if err != nil {
		return nil, err
	}
	return &Reader{segments: s}, nil
}

// Header implements rows.Reader.
func (r *Reader) Header(table string) []string {
	if table == Practices {
		return practiceColumns
	}
	return personColumns
}

// Close implements rows.Reader.
func (r *Reader) Close() error { return nil }

// Next implements rows.Reader.
func (r *Reader) Next(row *rows.Row) error {
	for len(r.ready) == 0 {
		if r.ended {
			return io.EOF
		}
		segment, err := r.segments.next()
		switch {
		case errors.Is(err, io.EOF):
			// An interchange ends with IEA: what breaks off before may lack people.
			return breach.Refuse("x12_cut", "Export the file again.", "the file ends before its last interchange does")
		case errors.Is(err, errLong):
			return breach.Refuse("x12_segment", "Export the file again: its segment terminator may have been changed.", "a segment does not end")
		case err != nil:
			return err
		}
		if err := r.take(segment); err != nil {
			return err
		}
	}
	p := r.ready[0]
	r.ready = r.ready[1:]
	header := r.Header(p.table)
	*row = rows.Row{Table: p.table, Number: p.number, Cells: slices.Grow(row.Cells[:0], len(header))}
	for _, column := range header {
		row.Cells = append(row.Cells, p.cells[column])
	}
	return nil
}

// take goes by one segment.
func (r *Reader) take(segment []string) error {
	switch segment[0] {
	case "ST":
		r.set = at(segment, 1)
		r.release()
		r.provider = nil
		if !slices.Contains([]string{"270", "271", "835", "837"}, r.set) {
			return breach.Refuse("x12_set", "Leave the file out, or export the transactions 270, 271, 835 and 837 alone.", "it has a transaction %s, which is not read", shown(r.set))
		}
	case "SE", "GE":
		r.release()
	case "IEA":
		r.release()
		if _, err := r.segments.src.Peek(1); errors.Is(err, io.EOF) {
			r.ended = true
		}
	case "HL":
		if at(segment, 3) == "23" { // a patient stands within the subscriber's loop
			r.releasePatients()
		} else {
			r.release()
		}
		r.current, r.death = nil, ""
	case "NM1":
		r.name(segment)
	case "N1":
		r.payee(segment)
	case "CLP":
		r.release()
		r.current = nil
		r.open = append(r.open, &party{cells: map[string]string{"claim": "yes"}}) // what follows is of the claim's people
	case "LX":
		if r.set == "835" {
			r.release()
		}
	default:
		r.detail(segment)
	}
	return nil
}

// shown is a transaction's number when it looks like one.
func shown(set string) string {
	if len(set) == 3 && strings.Trim(set, "0123456789") == "" {
		return set
	}
	return "of an unknown kind"
}

// name begins a party.
func (r *Reader) name(segment []string) {
	r.current = nil
	r.settlePractice()
	id, qualifier := at(segment, 9), at(segment, 8)
	switch at(segment, 1) {
	case "1P", "85", "FA": // information receiver, billing provider, facility
		if at(segment, 1) == "FA" && r.provider != nil {
			return
		}
		r.release()
		r.begin(segment, id, qualifier)
	case "IL", "QC", "03", "74":
		// In 835 IL and 74 are the subscriber and the corrected name of whom QC names.
		p := &party{table: People, number: r.segments.number, patient: at(segment, 1) == "QC" || at(segment, 1) == "03", cells: map[string]string{
			"last": at(segment, 3), "first": at(segment, 4), "middle": at(segment, 5), "suffix": at(segment, 7), "death": r.death,
		}}
		r.death = ""
		switch qualifier {
		case "MI", "II", "HN", "MR", "C", "EI":
			p.cells["member"] = id
		case "34":
			p.cells["ssn"] = "yes"
		}
		if at(segment, 2) != "2" && p.cells["last"] != "" {
			r.open = append(r.open, p)
			r.current = p
		}
	}
}

func (r *Reader) begin(segment []string, id, qualifier string) {
	name := at(segment, 3)
	if at(segment, 2) == "1" { // a clinician in their own name
		name = strings.Join(strings.Fields(at(segment, 4)+" "+at(segment, 5)+" "+name+" "+at(segment, 7)), " ")
	}
	p := &party{table: Practices, number: r.segments.number, cells: map[string]string{"provider": name}}
	if qualifier == "XX" {
		p.cells["npi"] = id
	}
	r.provider, r.current, r.pending = p, p, p
}

// payee is the practice of an 835.
func (r *Reader) payee(segment []string) {
	r.current = nil
	r.settlePractice()
	if at(segment, 1) != "PE" {
		return
	}
	p := &party{table: Practices, number: r.segments.number, cells: map[string]string{"provider": at(segment, 2)}}
	if at(segment, 3) == "XX" {
		p.cells["npi"] = at(segment, 4)
	}
	r.provider, r.current, r.pending = p, p, p
}

// detail adds what a segment says of the party it follows, or of the loop's people.
func (r *Reader) detail(segment []string) {
	set := func(column, value string) {
		if r.current != nil && value != "" && r.current.cells[column] == "" {
			r.current.cells[column] = value
		}
	}
	// A claim says of its patient what was found, and of the subscriber nothing of it.
	patients := slices.ContainsFunc(r.open, func(p *party) bool { return p.patient })
	all := func(column string) {
		for _, p := range r.open {
			if p.patient || !patients || column == "claim" {
				p.cells[column] = "yes"
			}
		}
	}
	switch segment[0] {
	case "N3":
		set("address1", at(segment, 1))
		set("address2", at(segment, 2))
	case "N4":
		set("city", at(segment, 1))
		set("state", at(segment, 2))
		set("zip", at(segment, 3))
		set("country", at(segment, 4))
	case "DMG":
		set("birth", day(at(segment, 1), at(segment, 2)))
	case "PAT": // before the name of whom it is about
		r.death = day(at(segment, 5), at(segment, 6))
	case "PER":
		for i := 3; i+1 < len(segment); i += 2 {
			switch at(segment, i) {
			case "TE":
				set("phone", at(segment, i+1))
			case "EM":
				set("email", at(segment, i+1))
			}
		}
	case "REF":
		switch at(segment, 1) {
		case "SY":
			set("ssn", "yes")
		case "EA", "MRN":
			all("record")
		case "HPI":
			set("npi", at(segment, 2))
		}
	case "CLM":
		r.current = nil
		all("claim")
	case "HI":
		all("diagnosis")
	case "SV1", "SV2", "SV3", "SVC":
		r.current = nil
		all("service")
	}
}

// day is a date of X12 as YYYY-MM-DD; text that is none stays, to be refused by name.
func day(qualifier, text string) string {
	if qualifier == "D8" && len(text) == 8 {
		if d, err := civil.Parse(text[:4] + "-" + text[4:6] + "-" + text[6:]); err == nil {
			return d.String()
		}
	}
	return text
}

// settlePractice gives the row of a practice when nothing more of it can follow.
func (r *Reader) settlePractice() {
	if r.pending != nil {
		r.ready = append(r.ready, r.pending)
		r.pending = nil
	}
}

// release gives the rows of the loop's people, each with the loop's practice.
func (r *Reader) release() {
	r.settlePractice()
	r.give(func(*party) bool { return true })
}

// releasePatients gives those of the patients: the subscriber's loop goes on.
func (r *Reader) releasePatients() {
	r.settlePractice()
	r.give(func(p *party) bool { return p.patient })
}

func (r *Reader) give(which func(*party) bool) {
	claim := slices.ContainsFunc(r.open, func(p *party) bool { return p.table == "" })
	r.open = slices.DeleteFunc(r.open, func(p *party) bool {
		if !which(p) {
			return false
		}
		if p.table == "" {
			return true
		}
		if claim {
			p.cells["claim"] = "yes"
		}
		if r.provider != nil {
			p.cells["npi"], p.cells["provider"] = r.provider.cells["npi"], r.provider.cells["provider"]
		}
		r.ready = append(r.ready, p)
		return true
	})
}
