package accesslog

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"duenotice/internal/accesslog/baseline"
	"duenotice/internal/casefolder"
	"duenotice/internal/givenfile"
	"duenotice/internal/outfolder"
)

// outputs are the files of a run, each beside its name until all is well.
type outputs struct {
	dir  string
	open []*outfolder.File
	rows *accountRows
}

func (o *outputs) create(name string) (*outfolder.File, error) {
	file, err := outfolder.Create(filepath.Join(o.dir, name))
	if err == nil {
		o.open = append(o.open, file)
	}
	return file, err
}

func (o *outputs) table(name string, columns []string) (*outfolder.File, *csv.Writer, error) {
	file, err := o.create(name)
	if err != nil {
		return nil, nil, err
	}
	w := csv.NewWriter(file)
	return file, w, w.Write(columns)
}

func (o *outputs) abort() {
	for _, file := range o.open {
		file.Abort()
	}
}

// accountRows writes access-report.csv: a row for each account and measure.
type accountRows struct {
	file *outfolder.File
	csv  *csv.Writer
}

var accountColumns = []string{
	"account", "role", "chosen", "hours_in_window", "measure", "value", "of", "at", "hours_left", "left", "judged_by",
	"own_hours", "own_median", "own_mad", "own_busy", "own_limit", "own_rate", "own_chance",
	"role_hours", "role_median", "role_mad", "role_busy", "role_limit", "role_rate", "role_chance",
}

func (o *outputs) accounts() (*accountRows, error) {
	file, w, err := o.table(ReportCSV, accountColumns)
	o.rows = &accountRows{file, w}
	return o.rows, err
}

func (w *accountRows) write(a AccountReport) error {
	for _, s := range a.Signs {
		judged := "own and role"
		switch {
		case !s.Judged:
			judged = "nothing"
		case s.Alone != "":
			judged = s.Alone + " alone"
		}
		at, of, hours := "", "", ""
		if s.At != nil {
			at = s.At.Format(time.RFC3339)
		}
		if s.Own != nil {
			hours = strconv.Itoa(s.Hours)
		} else {
			of = strconv.Itoa(s.Of)
		}
		cells := []string{safe(a.Account), safe(a.Role), yesNo(a.Chosen), strconv.Itoa(a.Hours), s.Measure, strconv.Itoa(s.Value), of, at, hours, yesNo(s.Left), judged}
		for _, side := range []struct {
			b            *baseline.Baseline
			rate, chance float64
		}{{s.Own, s.OwnRate, s.OwnChance}, {s.Role, s.RoleRate, s.RoleChance}} {
			if side.b == nil {
				cells = append(cells, "", "", "", "", "", decimal(side.rate), decimal(side.chance))
				continue
			}
			limit := ""
			if side.b.Limit > 0 {
				limit = strconv.Itoa(side.b.Limit)
			}
			cells = append(cells, strconv.Itoa(side.b.Hours), decimal(side.b.Median), decimal(side.b.MAD), strconv.Itoa(side.b.Busy), limit, "", "")
		}
		if err := w.csv.Write(cells); err != nil {
			return err
		}
	}
	return nil
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

// write writes what came of it. Everything is whole before anything gets its name; the
// memory is named before findings.csv, so that a run that is cut off between the two finds
// the list as it was.
func (r *run) write(ctx context.Context) error {
	if len(r.chosen) > 0 {
		if err := r.answerList(ctx); err != nil {
			return err
		}
	}
	r.out.rows.csv.Flush()
	svg, err := r.out.create(ReportSVG)
	if err != nil {
		return err
	}
	if err := errors.Join(r.out.rows.csv.Error(), plot(svg, r.report)); err != nil {
		return err
	}
	text, err := indented(r.report)
	if err != nil {
		return err
	}
	file, err := r.out.create(ReportJSON)
	if err != nil {
		return err
	}
	if _, err := file.Write(text); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, one := range r.out.open {
		if _, err := one.Commit(); err != nil {
			return err
		}
	}
	r.out.open = nil
	if r.report.People == nil || !r.o.Write {
		return nil
	}
	return r.writeFindings(ctx)
}

func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return b.Bytes(), err
}

// answerList answers the list and writes who was reached, by which lines.
func (r *run) answerList(ctx context.Context) error {
	p := &PeopleReport{Accounts: []string{}, IDs: r.system, Reasons: map[string]int{}, Lines: r.touched.lines, FindingsWritten: r.o.Write, NoLeftOut: r.o.LeaveOutNo}
	for name := range r.chosen {
		p.Accounts = append(p.Accounts, r.accounts.text[r.accounts.number[name]])
	}
	slices.Sort(p.Accounts)
	r.report.People = p
	a := &answers{run: r, report: p, allByID: r.people.Imported && r.people.WithoutID == 0}
	a.complete = !slices.ContainsFunc(r.report.CannotShow, func(l Limit) bool { return l.Within })
	var err error
	if a.join, err = r.sorter("join"); err != nil {
		return err
	}
	if a.rows, err = r.sorter("rows"); err != nil {
		return err
	}
	linesFile, lines, err := r.out.table(LinesFile, lineColumns)
	if err != nil {
		return err
	}
	peopleFile, people, err := r.out.table(PeopleFile, peopleColumns)
	if err != nil {
		return err
	}
	_, unknown, err := r.out.table(UnknownFile, unknownColumns)
	if err != nil {
		return err
	}
	findings, err := r.out.create(FindingsFile)
	if err != nil {
		return err
	}
	a.people, a.unknown = people, unknown
	if err := errors.Join(a.fill(ctx, lines), a.settle()); err != nil {
		return err
	}
	lines.Flush()
	people.Flush()
	unknown.Flush()
	if err := errors.Join(lines.Error(), people.Error(), unknown.Error(), a.write(ctx, findings)); err != nil {
		return err
	}
	for file, sum := range map[*outfolder.File]*string{linesFile: &p.LinesSHA256, peopleFile: &p.PeopleSHA256, findings: &p.FindingsSHA256} {
		done, err := file.Sum()
		if err != nil {
			return err
		}
		*sum = done
	}
	p.ThirdFactor = r.thirdFactor()
	return nil
}

// writeFindings gives findings.csv the answers, and keeps the list as it was before.
func (r *run) writeFindings(ctx context.Context) error {
	for from, to := range map[string]string{r.base.path: BeforeFile, filepath.Join(r.o.Dir, LinesFile): EvidenceFile} {
		if err := copyFile(from, filepath.Join(r.o.Dir, to)); err != nil {
			return err
		}
	}
	earlier, err := readMemory(r.o.Dir)
	if err != nil {
		return err
	}
	m := memory{Logs: []rememberedLog{}, BaseSHA256: r.base.sha256, FindingsSHA256: r.report.People.FindingsSHA256, LinesSHA256: r.report.People.LinesSHA256}
	if earlier.BaseSHA256 == m.BaseSHA256 {
		m.Answered = earlier.Answered
	}
	// A list that the answers did not change is the base itself.
	if m.FindingsSHA256 != m.BaseSHA256 && !slices.Contains(m.Answered, m.FindingsSHA256) {
		m.Answered = append(m.Answered, m.FindingsSHA256)
	}
	for _, l := range r.logs {
		m.Logs = append(m.Logs, rememberedLog{l.ID, l.Name, l.SHA256})
	}
	text, err := indented(m)
	if err != nil {
		return err
	}
	if _, err := outfolder.WriteFile(filepath.Join(r.o.Dir, SourcesFile), text); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return copyFile(filepath.Join(r.o.Dir, FindingsFile), filepath.Join(r.o.Dir, casefolder.FindingsFile))
}

// copyFile copies a file to a name; a file is its own copy.
func copyFile(from, to string) (err error) {
	if from == to {
		return nil
	}
	src, err := givenfile.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	file, err := outfolder.Create(to)
	if err != nil {
		return err
	}
	defer file.Abort()
	if _, err := io.Copy(file, src); err != nil {
		return err
	}
	_, err = file.Commit()
	return err
}
