package cli

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/givenfile"
	"duenotice/internal/howfar"
	"duenotice/internal/intake"
	"duenotice/internal/listdiff"
	"duenotice/internal/outfolder"
	"duenotice/internal/plan"
	"duenotice/internal/rules"
)

const diffHelp = `Compares two lists of people before anything is loaded, offline: who came, who
went, of whom other kinds of data are known, who lives elsewhere, by practice and
State; and what that changes in what is owed, as plan works it out.

OLD is a case folder or a findings.csv. NEW is another one, or the sources of a
later list, which are imported as the case OLD was, unless flags say otherwise.
Without NEW the case's own sources are read anew. Nothing is written.

Who was unknown in acquired_or_viewed and is no now would leave, and counts no
more in what is owed; who is no and was on no list comes on none. Whoever is in
the old list only stays in a running incident until a list takes them out.

It names practices and counts people. --people FILE writes a row for each person
that changed, with keys, lines and kinds of data, without names and addresses.`

// findingsDiff are the flags of findings diff.
type findingsDiff struct {
	imported      findingsImport
	people        string
	asJSON, asCSV bool
}

func (p *program) findingsDiffCommand() *cobra.Command {
	var f findingsDiff
	cmd := &cobra.Command{
		Use: "diff OLD [NEW...]", Short: "What a later list changes, before it is loaded", Long: diffHelp,
		Example: "  duenotice findings diff cases/EX-2026-03 later-report.xlsx clients.csv\n" +
			"  duenotice findings diff first/findings.csv second/findings.csv --csv",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("OLD, a case folder or a list of people, is missing")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			given := slices.ContainsFunc([]string{"profile", "repair", "date-order", "practice", "add-practices", "leave-out"}, cmd.Flags().Changed)
			return p.findingsDiff(cmd.Context(), args[0], args[1:], f, given)
		},
	}
	importFlags(cmd, &f.imported)
	cmd.Flags().StringVar(&f.people, "people", "", "write a row for each person that changed to this CSV file")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "one JSON document with every practice and State, and every change in what is owed")
	csvFlag(cmd, &f.asCSV, "every practice and State as CSV")
	p.ignoreColumnFlag(cmd)
	return cmd
}

// diffDocument is findings diff --json.
type diffDocument struct {
	Before diffSide `json:"before"`
	After  diffSide `json:"after"`
	// Total and Lines count people: in all, and by practice and State.
	Total listdiff.Counts `json:"total"`
	Lines []listdiff.Line `json:"lines"`
	// Duties is null where neither side is a case folder: then it is not known what is owed.
	Duties []plan.Change `json:"duties"`
}

// diffSide is one of the lists.
type diffSide struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Rows   int    `json:"rows"`

	input *plan.Input
	list  listdiff.List
}

func (p *program) findingsDiff(ctx context.Context, old string, later []string, f findingsDiff, given bool) (err error) {
	config, err := p.sharedConfig()
	if err != nil {
		return err
	}
	if err := p.completeImport(config, &f.imported); err != nil {
		return err
	}
	now, place, forget, err := p.laterSide(ctx, config, old, later, f, given)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	d := diffDocument{Lines: []listdiff.Line{}}
	imported := len(later) != 1 || now != later[0]
	if d.Before, d.After, err = p.bothSides(ctx, config, old, now, imported); err != nil {
		return err
	}
	if imported {
		d.After.Path = strings.Join(baseNames(later), ", ")
		if len(later) == 0 {
			d.After.Path = "the sources of " + old
		}
	}
	people, err := openPeopleFile(f.people)
	if err != nil {
		return err
	}
	defer people.abort()
	progress := p.progress()
	compared, err := listdiff.Compare(ctx, place, progress.rows(d.Before.list, d.Before.Rows, "Comparing:"), d.After.list, people.write)
	progress.end()
	if err != nil {
		return err
	}
	if err := people.commit(); err != nil {
		return err
	}
	d.Total, d.Lines = compared.Total, append(d.Lines, compared.Lines...)
	if d.Before.input != nil && d.After.input != nil {
		if _, _, d.Duties, err = compared.Duties(ctx, *d.Before.input, *d.After.input, p.today(config), rules.Current()); err != nil {
			return err
		}
	}
	switch {
	case f.asJSON:
		return p.printJSON(d)
	case f.asCSV:
		return p.diffTable(d.Lines).csv()
	}
	p.printListDiff(d, f.people)
	return nil
}

func baseNames(paths []string) []string {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = filepath.Base(path)
	}
	return names
}

// laterSide is the path of the new list, imported where it has to be, and the folder to
// sort in. forget takes both away.
func (p *program) laterSide(ctx context.Context, config app.Config, old string, later []string, f findingsDiff, given bool) (path, place string, forget func() error, err error) {
	oldIsCase := isFolder(old)
	if len(later) == 1 && (isFolder(later[0]) || isOwnList(later[0])) {
		for _, dir := range []string{old, later[0]} {
			if isFolder(dir) {
				place, forget, err = intake.Workplace(dir)
				return later[0], place, forget, err
			}
		}
		place, err = os.MkdirTemp(filepath.Dir(old), ".duenotice-diff-*")
		return later[0], place, func() error { return os.RemoveAll(place) }, err
	}
	if !oldIsCase {
		return "", "", nil, breach.Refuse("no_case_folder", "Give the case folder in the place of its list: sources are imported with its practices and its keys.",
			"%s is not a folder", old)
	}
	options, err := p.laterImport(old, later, f, given)
	if err != nil {
		return "", "", nil, err
	}
	shown := newShownEvents()
	options.Sink = shown.add
	options.Today = p.today(config)
	progress := p.progress()
	trial, report, forget, err := intake.Trial(howfar.With(ctx, progress.teller("Reading the sources")), options)
	progress.end()
	if err != nil {
		return "", "", nil, err
	}
	if report.Refused {
		options.Sources = later
		if f.asJSON || f.asCSV {
			p.note("%s: the sources cannot be read as they are. Without --json and --csv it is said why.", p.paint(p.Err, red, "refused"))
		} else {
			p.printImport(report, shown, options, "diff")
		}
		return "", "", nil, errors.Join(&codeError{code: exitRefused}, forget())
	}
	if report.Written.Findings == 0 {
		return "", "", nil, errors.Join(nobodyInSources(), forget())
	}
	p.sayLeftOut(report)
	return trial, filepath.Dir(trial), forget, nil
}

// sayLeftOut says whom an import has in no list.
func (p *program) sayLeftOut(report intake.Report) {
	if n := report.Written.Unplaced; n > 0 {
		p.note("%s without a known practice: nobody in them is compared.", count(n, "row is", "rows are"))
	}
	if n := report.Rows.LeftOut; n > 0 {
		p.note("%s left out as asked: nobody in them is compared.", count(n, "row is", "rows are"))
	}
}

// laterImport is how the sources of a later list are imported: as those of the case were,
// unless flags say it.
func (p *program) laterImport(old string, later []string, f findingsDiff, given bool) (intake.Options, error) {
	if len(later) == 0 {
		again, err := intake.Again(old)
		if err != nil || !given {
			again.AskOrder = f.imported.options.AskOrder
			return again, err
		}
		later = again.Sources
	}
	options := f.imported.options
	if !given {
		how, err := intake.How(old)
		if refusal, is := breach.AsRefusal(err); err != nil && (!is || refusal.Code != "no_import") {
			return options, err
		}
		how.AskOrder = options.AskOrder
		options = how
	}
	options.Dir, options.Sources = old, later
	return options, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// isOwnList reports whether a file begins as a list of people in our own columns does.
func isOwnList(path string) bool {
	file, err := givenfile.Open(path)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // only read
	line, err := bufio.NewReaderSize(file, 16<<10).ReadSlice('\n')
	if err != nil {
		return false
	}
	names := strings.Split(strings.TrimSpace(strings.TrimPrefix(string(line), "\ufeff")), ",")
	return slices.Contains(names, "person_key") && slices.Contains(names, "practice_key") && slices.Contains(names, "data_classes")
}

// bothSides reads and checks both lists. Of a list without a folder the other side says
// which practices there are and what is owed to them. imported: later is no folder of
// somebody's own.
func (p *program) bothSides(ctx context.Context, config app.Config, old, later string, imported bool) (before, after diffSide, err error) {
	var cases [2]*casefolder.Case
	for i, path := range []string{old, later} {
		if isFolder(path) {
			known, err := p.incidentKnown(ctx, config, path)
			if err != nil {
				return before, after, err
			}
			if !known {
				continue
			}
			otherwise := "Correct the files, then: " + p.command("validate", path)
			if imported && i == 1 {
				otherwise = "Correct what the sources say, or the case's practices.csv, and give the command again."
			}
			if cases[i], err = p.readCaseOr(ctx, config, path, otherwise); err != nil {
				return before, after, err
			}
		}
	}
	sides := [2]diffSide{}
	for i, path := range []string{old, later} {
		own, other := cases[i], cases[1-i]
		if own != nil {
			sides[i] = diffSide{
				Path: path, SHA256: own.FindingsSHA256, Rows: own.FindingsRows, list: own.Findings,
				input: &plan.Input{Incident: own.Incident, Practices: own.Practices, Findings: own.Findings},
			}
			continue
		}
		if isFolder(path) {
			path = filepath.Join(path, casefolder.FindingsFile)
		}
		if sides[i], err = p.listSide(ctx, config, path, other); err != nil {
			return before, after, err
		}
	}
	return sides[0], sides[1], nil
}

// incidentKnown reports whether a case's incident.yaml is complete. Lists can be compared
// before it is; what is owed cannot.
func (p *program) incidentKnown(ctx context.Context, config app.Config, dir string) (bool, error) {
	forms, err := config.Envelopes()
	if err != nil {
		return false, configProblem(err)
	}
	_, report, err := casefolder.ReadIncident(ctx, filepath.Join(dir, casefolder.IncidentFile), p.today(config), forms, nil)
	if _, missing := breach.AsRefusal(err); missing {
		return false, nil
	}
	return err == nil && !report.Refused(), err
}

// listSide reads a list without a folder; other is the case of the other side, or nil.
func (p *program) listSide(ctx context.Context, config app.Config, path string, other *casefolder.Case) (diffSide, error) {
	options := casefolder.ListOptions{IgnoreColumns: p.ignoreColumns}
	var practices []breach.Practice
	if other != nil {
		options.Incident, practices = other.Incident, other.Practices
	}
	shown := newProblems()
	progress := p.progress()
	list, report, err := casefolder.ReadList(howfar.With(ctx, progress.teller("Reading "+path)), path, practices, options, p.today(config), shown.add)
	progress.end()
	if err != nil {
		return diffSide{}, err
	}
	if report.Refused() {
		p.printReport(p.Err, report, shown)
		p.note("%s: the list has %s. Correct it and give the command again.", p.paint(p.Err, red, "refused"), count(report.Errors, "error", "errors"))
		return diffSide{}, &codeError{code: exitRefused}
	}
	side := diffSide{Path: path, SHA256: list.SHA256, Rows: list.Rows, list: list.Findings}
	if other != nil {
		side.input = &plan.Input{Incident: other.Incident, Practices: other.Practices, Findings: list.Findings}
	}
	return side, nil
}

// peopleFile is the file of --people; without one it writes nothing.
type peopleFile struct {
	file *outfolder.File
	csv  *csv.Writer
}

func openPeopleFile(path string) (*peopleFile, error) {
	if path == "" {
		return &peopleFile{}, nil
	}
	file, err := outfolder.Create(path)
	if err != nil {
		return nil, err
	}
	w := csv.NewWriter(file)
	return &peopleFile{file, w}, w.Write([]string{"practice_key", "person_key", "state", "what", "old_line", "new_line", "old_kinds", "new_kinds"})
}

func (f *peopleFile) write(p listdiff.Person) error {
	if f.file == nil {
		return nil
	}
	line := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	return f.csv.Write([]string{
		p.PracticeKey, p.PersonKey, p.State, strings.Join(p.What, ";"), line(p.RowBefore), line(p.RowAfter), kindsCell(p.KindsBefore), kindsCell(p.KindsAfter),
	})
}

func kindsCell(classes []breach.DataClass) string {
	words := make([]string, len(classes))
	for i, class := range classes {
		words[i] = string(class)
	}
	return strings.Join(words, ";")
}

func (f *peopleFile) commit() error {
	if f.file == nil {
		return nil
	}
	f.csv.Flush()
	if err := f.csv.Error(); err != nil {
		return err
	}
	_, err := f.file.Commit()
	return err
}

func (f *peopleFile) abort() {
	if f.file != nil {
		f.file.Abort()
	}
}
