package logs

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/intake/flat"
)

// longestID is the longest id of a patient, and of an account.
const longestID = 200

// Reader gives the events of one log.
type Reader struct {
	profile   *Profile
	clock     clock
	lines     *lines
	items     *items
	separator byte
	width     int
	at        bound
	cells     []string
	inner     []string
	patients  []string
}

// bound is where the cells of each meaning stand, in the order in which they are taken.
type bound struct {
	time, account, role, patient, patientIn, practiceID, practiceNPI, practiceName, action, rows, source, outcome, objects []int
	inner, parameters                                                                                                      int
}

// fields are the profile's names, each with where its places are kept.
func (b *bound) fields(p *Profile) map[*[]int]Names {
	return map[*[]int]Names{
		&b.time: p.Time, &b.account: p.Account, &b.role: p.Role, &b.patient: p.Patient, &b.patientIn: p.PatientIn.Columns, &b.practiceID: p.Practice.ID,
		&b.practiceNPI: p.Practice.NPI, &b.practiceName: p.Practice.Name, &b.action: p.Action, &b.rows: p.Rows, &b.source: p.Source, &b.outcome: p.Outcome.Columns, &b.objects: p.Objects.Columns,
	}
}

// bind finds the profile's columns in a header.
func bind(p *Profile, header []string) bound {
	b := bound{inner: -1, parameters: -1}
	places := map[string]int{}
	for i, name := range header {
		if _, there := places[fold(name)]; !there {
			places[fold(name)] = i
		}
	}
	place := func(name string) int {
		if at, there := places[fold(name)]; there && name != "" {
			return at
		}
		return -1
	}
	for at, names := range b.fields(p) {
		for _, name := range names {
			if i := place(name); i >= 0 && !slices.Contains(*at, i) {
				*at = append(*at, i)
			}
		}
	}
	b.inner, b.parameters = place(p.Inner.Column), place(p.PatientIn.Parameters)
	return b
}

// fits says how well a header is of the profile: 0 is not at all.
func (p *Profile) fits(header []string) int {
	b := bind(p, header)
	if len(b.time) == 0 || len(b.account) == 0 {
		return 0
	}
	folded := map[string]bool{}
	for _, name := range header {
		folded[fold(name)] = true
	}
	score := 1
	for _, mark := range p.Marks {
		if !folded[fold(mark)] {
			return 0
		}
		score += 10
	}
	if len(b.patient)+len(b.patientIn) == 0 {
		return 0
	}
	for at := range b.fields(p) {
		if len(*at) > 0 {
			score++
		}
	}
	return score
}

// Next reads the next line into e; io.EOF ends the log.
func (r *Reader) Next(e *Event) error {
	one, err := r.next()
	if err != nil {
		return err
	}
	*e = Event{Line: one.line, Raw: one.raw, Problem: one.problem}
	if one.problem != "" {
		return nil
	}
	var patients []string
	switch r.profile.Format {
	case FormatFHIR:
		cells, named, is, err := auditCells(one.raw)
		switch {
		case err != nil:
			e.Problem = ProblemJSON
			return nil //nolint:nilerr // one object that is not what FHIR says costs one line, which is said
		case !is:
			e.Problem = Other
			return nil
		}
		patients = named
		r.byName(cells)
	case FormatJSON:
		if !r.object(one.raw) {
			e.Problem = ProblemJSON
			return nil
		}
	default:
		var ok bool
		if r.cells, ok = cut(string(one.raw), r.separator, r.cells); !ok {
			e.Problem = ProblemQuotes
			return nil
		}
		if n := len(r.cells); n > r.width || n < r.width && (len(r.profile.Header) == 0 || n < r.profile.Fewest) {
			e.Problem = ProblemCells
			return nil
		}
		if r.at.inner >= 0 && !r.unfold() {
			e.Problem = Other
			return nil
		}
	}
	r.fill(e, patients)
	return nil
}

func (r *Reader) next() (record, error) {
	if r.items != nil {
		return r.items.next()
	}
	return r.lines.read(true)
}

// unfold adds the columns that stand as CSV within one. is reports a line that
// is about what the profile reads.
func (r *Reader) unfold() (is bool) {
	text, is := strings.CutPrefix(r.cell(r.at.inner), r.profile.Inner.Prefix)
	if !is {
		return false
	}
	var ok bool
	if r.inner, ok = cut(text, ',', r.inner); !ok {
		return false
	}
	for len(r.cells) < r.width {
		r.cells = append(r.cells, "")
	}
	r.cells = append(r.cells, r.inner...)
	return true
}

func (r *Reader) cell(at int) string {
	if at < 0 || at >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[at])
}

// one is the first of the places in which something stands.
func (r *Reader) one(places []int) string {
	for _, at := range places {
		if text := r.cell(at); text != "" {
			return text
		}
	}
	return ""
}

// byName makes cells of names.
func (r *Reader) byName(cells map[string]string) {
	r.cells = r.cells[:0]
	for _, name := range r.profile.all() {
		r.cells = append(r.cells, cells[name])
	}
}

// object makes cells of a JSON object: a name such as login.user is a member of a member.
func (r *Reader) object(raw []byte) bool {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var whole map[string]any
	if decoder.Decode(&whole) != nil {
		return false
	}
	r.cells = r.cells[:0]
	for _, name := range r.profile.all() {
		r.cells = append(r.cells, member(whole, name))
	}
	return true
}

func member(of map[string]any, name string) string {
	first, rest, deeper := strings.Cut(name, ".")
	switch value := of[first].(type) {
	case map[string]any:
		if deeper {
			return member(value, rest)
		}
	case string:
		return value
	case json.Number:
		return value.String()
	case bool:
		return strconv.FormatBool(value)
	}
	return ""
}

// fill makes the event of the cells.
func (r *Reader) fill(e *Event, patients []string) {
	at, unclear, problem := r.clock.read(r.one(r.at.time))
	if problem != "" {
		e.Problem = problem
		return
	}
	e.Time, e.Unclear = at, unclear
	if e.Account = r.one(r.at.account); e.Account == "" || len(e.Account) > longestID {
		e.Problem = ProblemAccount
		return
	}
	e.Role, e.Source = r.one(r.at.role), r.one(r.at.source)
	e.PracticeID, e.PracticeNPI, e.PracticeName = r.one(r.at.practiceID), r.one(r.at.practiceNPI), r.one(r.at.practiceName)
	e.Rows = max(wholeNumber(r.one(r.at.rows)), 0)
	e.Failed = r.failed(r.one(r.at.outcome))
	if patients == nil {
		patients = r.named()
	}
	for _, id := range patients {
		if len(id) > longestID || strings.ContainsRune(id, 0) {
			e.Problem = ProblemPatient
			return
		}
	}
	e.Patients = patients
	e.Action, e.Word = r.action()
	if len(e.Patients) == 0 && !r.ofPatients() {
		e.Action = None
	}
}

func wholeNumber(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n > 1<<31 {
		return 0
	}
	return n
}

func (r *Reader) failed(word string) bool {
	outcome := &r.profile.Outcome
	is := func(one string) bool { return fold(one) == fold(word) }
	switch {
	case word == "":
		return false
	case len(outcome.Done) > 0:
		return !slices.ContainsFunc(outcome.Done, is)
	}
	return slices.ContainsFunc(outcome.Failed, is)
}

// named are the patients of the column of patients, or those that stand in a text.
func (r *Reader) named() []string {
	if id := r.one(r.at.patient); id != "" {
		r.patients = append(r.patients[:0], id)
		return r.patients
	}
	r.patients = r.patients[:0]
	text := r.one(r.at.patientIn)
	if text == "" {
		return nil
	}
	for _, pattern := range r.profile.PatientIn.compiled {
		for _, found := range pattern.FindAllStringSubmatch(text, -1) {
			id := r.parameter(found[1])
			if id != "" && !slices.Contains(r.patients, id) {
				r.patients = append(r.patients, id)
			}
		}
		if len(r.patients) > 0 {
			return r.patients
		}
	}
	return nil
}

// parameter is what stands for $2 of a prepared statement; another text is itself.
func (r *Reader) parameter(id string) string {
	number, is := strings.CutPrefix(id, "$")
	if !is {
		return id
	}
	n := wholeNumber(number)
	list, ok := cut(r.cell(r.at.parameters), ',', nil)
	if !ok || n < 1 || n > len(list) {
		return ""
	}
	return strings.TrimSpace(list[n-1])
}

// action is what was done. A word that the profile does not have counts as a view,
// because what was done to a record may have shown it, and is said.
func (r *Reader) action() (a Action, unknown string) {
	first := ""
	for _, at := range r.at.action {
		word := r.cell(at)
		if word == "" {
			continue
		}
		if a, known := r.profile.actions[fold(word)]; known {
			return a, ""
		}
		if first == "" {
			first = word
		}
	}
	return View, first
}

// ofPatients reports whether a line that names no patient can be about some.
func (r *Reader) ofPatients() bool {
	if len(r.profile.Objects.compiled) == 0 {
		return true
	}
	object := r.one(r.at.objects)
	for _, pattern := range r.profile.Objects.compiled {
		if pattern.MatchString(object) {
			return true
		}
	}
	return false
}

// newText begins to read a text, whose columns are those of the profile, or of the line
// below those that stand above the names.
func newText(src io.Reader, encoding flat.Encoding, p *Profile, above int) (*Reader, error) {
	text, separator, err := flat.Text(src, encoding)
	if err != nil {
		return nil, err
	}
	r := &Reader{profile: p, lines: newLines(text), separator: separator}
	header := p.Header
	if len(header) == 0 {
		for range above + 1 {
			one, err := r.lines.read(true)
			if err != nil && !errors.Is(err, io.EOF) {
				return nil, err
			}
			header, _ = cut(string(one.raw), separator, nil)
		}
	} else {
		r.separator = ','
	}
	r.width = len(header)
	r.at = bind(p, slices.Concat(header, p.Inner.Names))
	return r, nil
}

// newObjects begins to read a file of JSON.
func newObjects(src io.Reader, encoding flat.Encoding, p *Profile) (*Reader, error) {
	text, _, err := flat.Text(src, encoding)
	if err != nil {
		return nil, err
	}
	objects, err := newItems(text)
	if err != nil {
		return nil, err
	}
	return &Reader{profile: p, items: objects, at: bind(p, p.all())}, nil
}
