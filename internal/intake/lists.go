package intake

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/givenfile"
	"duenotice/internal/intake/flat"
	"duenotice/internal/intake/rows"
	"duenotice/internal/outfolder"
)

// listWriter writes findings.csv and the list of rows without a place, each beside its
// name until all is well.
type listWriter struct {
	report *Report
	// base has the rows before anybody is put together; it is gone when the import ends.
	base            *os.File
	buffer          *bufio.Writer
	findings, other *outfolder.File
	pairs           *outfolder.File
	// anyPairs: there is a pair of people; anyApart: rows are kept as they were.
	anyPairs, anyApart bool
	// practicesApart and practicePairs are the files about practices; nil for none.
	practicesApart, practicePairs []byte
	rows, others                  *csv.Writer
	// width is how many of the columns are written: the last is that of enrollment codes.
	width int
}

func (r *run) newListWriter() (w *listWriter, err error) {
	w = &listWriter{report: &r.report}
	for _, created := range []struct {
		name string
		to   **outfolder.File
	}{{casefolder.FindingsFile, &w.findings}, {UnplacedFile, &w.other}, {PairsFile, &w.pairs}} {
		if *created.to, err = outfolder.Create(filepath.Join(r.options.target(), created.name)); err != nil {
			w.abort()
			return nil, err
		}
	}
	if w.base, err = os.OpenFile(filepath.Join(r.dir, baseName), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		w.abort()
		return nil, err
	}
	w.buffer = bufio.NewWriterSize(w.base, 1<<20)
	w.rows, w.others = csv.NewWriter(w.buffer), csv.NewWriter(w.other)
	if w.width = len(columns); !r.hasCodes() {
		w.width = columnAt["enrollment_code"]
	}
	return w, errors.Join(w.rows.Write(columns[:w.width]), w.others.Write(append(slices.Clone(columns[:w.width]), "practice_as_given", "why")))
}

func (w *listWriter) finding(cells []string) error {
	return w.rows.Write(cells[:w.width])
}

func (w *listWriter) unplaced(cells []string, rule, label string) error {
	w.report.Written.Unplaced++
	return w.others.Write(append(slices.Clone(cells[:w.width]), label, texts[rule]))
}

func (w *listWriter) abort() {
	for _, file := range []*outfolder.File{w.findings, w.other, w.pairs} {
		if file != nil {
			file.Abort()
		}
	}
	if w.base != nil {
		_ = w.base.Close() // it is removed with its folder
	}
}

func (w *listWriter) flush() error {
	w.rows.Flush()
	w.others.Flush()
	return errors.Join(w.rows.Error(), w.buffer.Flush(), w.others.Error())
}

// readList reads a list of the case folder that is there; nil where there is none, or
// only that of the template.
func readList(dir, name string) ([]byte, error) {
	file, err := givenfile.Open(filepath.Join(dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // only read
	content, err := io.ReadAll(file)
	if err != nil || casefolder.IsTemplate(name, content) || len(bytes.TrimSpace(content)) == 0 {
		return nil, err
	}
	return content, nil
}

// basePractices puts the case's own practices.csv into the directory.
func (r *run) basePractices() error {
	content, err := readList(r.options.Dir, casefolder.PracticesFile)
	if err != nil || content == nil {
		return err
	}
	m, err := readMemory(r.options.Dir)
	if err != nil {
		return err
	}
	// What an import of the same files made, and nobody changed, is made again of them and
	// of those that came since.
	if m.PracticesMade && m.PracticesSHA256 == hashOf(content) && r.hasAll(m.Sources) {
		return nil
	}
	if err := readPractices(content, r.directory, func(header []string) {
		for _, name := range header {
			if name = strings.TrimSpace(name); name != "" && !slices.Contains(casefolder.PracticeColumns(), name) {
				r.foreign = append(r.foreign, name)
			}
		}
	}); err != nil {
		return err
	}
	r.hasList = len(r.directory.list) > 0
	return r.practicesApart(m.PracticesSHA256 == hashOf(content))
}

// readPractices puts the rows of a practices.csv into a directory. columns is given the
// names of its columns.
func readPractices(content []byte, to *directory, columns func(header []string)) error {
	refuse := func(why string) error {
		return breach.Refuse("practices_unread", "`duenotice validate` says what is wrong with it; correct it, or move it away.", "the case's own %s %s", casefolder.PracticesFile, why)
	}
	letters := &flat.Sniffer{}
	_, _ = letters.Write(content) // it never fails
	if letters.Encoding() != flat.UTF8 {
		return refuse("is not in UTF-8")
	}
	reader, err := flat.New(bytes.NewReader(content), flat.UTF8)
	if err != nil {
		return err
	}
	var row rows.Row
	var header []string
	for {
		err := reader.Next(&row)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case header == nil:
			header = slices.Clone(row.Cells)
			columns(header)
			continue
		case row.Problem != "" || len(row.Cells) != len(header):
			return refuse("has a row that cannot be read")
		}
		cells := map[string]string{}
		for i, name := range header {
			cells[strings.TrimSpace(name)] = strings.TrimSpace(row.Cells[i])
		}
		if isEmpty(row.Cells) {
			continue
		}
		key := cells["practice_key"]
		if !breach.IsKey(key) || to.byKey[strings.ToLower(key)] != nil {
			return refuse("has a row without a practice_key of its own")
		}
		to.add(key, cells, true)
	}
}

// hasAll reports whether all of the remembered files are given again.
func (r *run) hasAll(remembered []rememberedSource) bool {
	for _, earlier := range remembered {
		if !slices.ContainsFunc(r.sources, func(s *source) bool { return s.sha256 == earlier.SHA256 }) {
			return false
		}
	}
	return len(remembered) > 0
}

// memory is import-sources.json.
type memory struct {
	Sources []rememberedSource `json:"sources"`
	// The lists as they were written from these sources.
	FindingsSHA256  string `json:"findings_sha256"`
	PracticesSHA256 string `json:"practices_sha256"`
	// PracticesMade: the list of practices is of these sources alone, and nobody's before.
	PracticesMade bool `json:"practices_made"`
	// ReportSHA256 is that of import-report.csv.
	ReportSHA256 string `json:"report_sha256"`
	// IDs are the systems whose ids people have, by which a log can name them; WithoutID is
	// how many rows of people have none, so that no log can.
	IDs       []string `json:"ids"`
	WithoutID int      `json:"without_id"`
	// DecisionsSHA256 is that of findings-decisions.csv as the list follows it; empty
	// where nobody decided anything.
	DecisionsSHA256 string `json:"decisions_sha256,omitempty"`
	// PracticeDecisionsSHA256 is that of practices-decisions.csv, likewise.
	PracticeDecisionsSHA256 string `json:"practice_decisions_sha256,omitempty"`
	// Deciding: a decision is being carried out. If the program died in between the list
	// may be another than FindingsSHA256 says; the next decision carries out both.
	Deciding bool `json:"deciding,omitempty"`
}

type rememberedSource struct {
	ID       string   `json:"id"`
	File     string   `json:"file"`
	Bytes    int64    `json:"bytes"`
	SHA256   string   `json:"sha256"`
	Profiles []string `json:"profiles"`
}

func readMemory(dir string) (m memory, err error) {
	content, err := givenfile.Read(filepath.Join(dir, SourcesFile))
	if errors.Is(err, os.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(content, &m); err != nil {
		return m, breach.Refuse("import_memory", "Move it away to import as if for the first time.", "%s of the case cannot be read", SourcesFile)
	}
	return m, nil
}

// SourcesOf are the SHA-256 sums of the files that a case's findings.csv was imported
// from, by the sources' numbers, and that of people's decisions about who is one person. findingsSHA256 is that of the list as it is; a list that
// was changed since, or that no import wrote, has none.
func SourcesOf(dir, findingsSHA256 string) (map[string]string, error) {
	m, err := readMemory(dir)
	if err != nil || m.FindingsSHA256 == "" || m.FindingsSHA256 != findingsSHA256 {
		return nil, err
	}
	sums := make(map[string]string, len(m.Sources))
	for _, s := range m.Sources {
		sums[s.ID] = s.SHA256
	}
	for name, sum := range map[string]string{"decisions": m.DecisionsSHA256, "practice decisions": m.PracticeDecisionsSHA256} {
		if sum != "" {
			sums[name] = sum
		}
	}
	return sums, nil
}

// refuseOthersWork refuses to write over a list of people that somebody else made.
func (r *run) refuseOthersWork() error {
	if r.options.Replace {
		return nil
	}
	content, err := readList(r.options.Dir, casefolder.FindingsFile)
	if err != nil || content == nil {
		return err
	}
	m, err := readMemory(r.options.Dir)
	if err != nil {
		return err
	}
	if m.FindingsSHA256 != hashOf(content) {
		return breach.Refuse("findings_there", "Give it as a source beside the others, or say --replace to write over it.",
			"the case has a %s that no import wrote, or that was changed since", casefolder.FindingsFile)
	}
	return nil
}

// commit gives everything its name: the lists, then the report and the memory, which
// speak of them. After a crash in between the same import makes the same bytes again.
func (r *run) commit(ctx context.Context, w *listWriter, practices []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	written := &r.report.Written
	put := func(name string, content []byte) (string, error) {
		done, err := outfolder.WriteFile(filepath.Join(r.options.target(), name), content)
		return done.SHA256, err
	}
	// The key first: without it the same people would get other keys the next time.
	if _, err := put(KeyFile, []byte(hex.EncodeToString(r.key32)+"\n")); err != nil {
		return err
	}
	var err error
	if written.PracticesSHA256, err = put(casefolder.PracticesFile, practices); err != nil {
		return err
	}
	if err := errors.Join(r.commitPairs(w), r.commitPracticePairs(w)); err != nil {
		return err
	}
	if r.hasPeople() {
		done, err := w.findings.Commit()
		if err != nil {
			return err
		}
		written.FindingsSHA256 = done.SHA256
	}
	if written.Unplaced > 0 {
		_, err = w.other.Commit()
	} else if err = os.Remove(filepath.Join(r.options.target(), UnplacedFile)); errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return err
	}
	events, err := r.copyEvents(filepath.Join(r.options.target(), ReportCSV))
	if err != nil {
		return err
	}
	report, err := indented(r.report)
	if err != nil {
		return err
	}
	if _, err := put(ReportJSON, report); err != nil {
		return err
	}
	if err := r.rememberHow(put); err != nil {
		return err
	}
	made := !slices.ContainsFunc(r.directory.list, func(p *practice) bool { return p.base })
	m := memory{Sources: []rememberedSource{}, PracticesMade: made, FindingsSHA256: written.FindingsSHA256, PracticesSHA256: written.PracticesSHA256, ReportSHA256: events}
	m.IDs, m.WithoutID = sortedKeys(r.ids), r.withoutID
	if err := m.sumDecisions(r.options.Dir); err != nil {
		return err
	}
	for _, s := range r.report.Sources {
		var used []string
		for _, t := range s.Tables {
			if t.Profile != "" {
				used = append(used, t.Profile+" "+t.ProfileSHA256)
			}
		}
		m.Sources = append(m.Sources, rememberedSource{s.ID, s.File, s.Bytes, s.SHA256, sortedSet(used)})
	}
	memo, err := indented(m)
	if err != nil {
		return err
	}
	_, err = put(SourcesFile, memo)
	return err
}

// sumDecisions takes the sums of what people decided.
func (m *memory) sumDecisions(dir string) (err error) {
	if m.DecisionsSHA256, err = givenfile.Sum(filepath.Join(dir, DecisionsFile)); err == nil {
		m.PracticeDecisionsSHA256, err = givenfile.Sum(filepath.Join(dir, PracticeDecisionsFile))
	}
	return err
}

func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return b.Bytes(), err
}
