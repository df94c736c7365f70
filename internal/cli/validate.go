package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"duenotice/internal/casefolder"
	"duenotice/internal/howfar"
	"duenotice/internal/outfolder"
)

const validateHelp = `Reads the whole case folder and reports every bad row: its file, line and
column, the rule it breaks, and what to do. It changes nothing and needs no
server. An error refuses the case; a warning is for you to judge.

What is printed shows the first few rows of each rule. All of them go into the
file given with --errors, as CSV to work through, or into the JSON document.
No report repeats anything about a patient.

A column whose name looks like one that is read, such as Zip Code, refuses the
list: rename it, say in columns of incident.yaml what it means, or leave it out
with --ignore-column.`

func (p *program) validateCommand() *cobra.Command {
	var asJSON bool
	var errorsFile string
	cmd := &cobra.Command{
		Use: "validate CASE", Short: "Check a case folder and report every bad row", Long: validateHelp,
		Example: "  duenotice validate cases/EX-2026-03\n  duenotice validate cases/EX-2026-03 --errors errors.csv",
		Args:    exactly("CASE, the case folder,"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.validate(cmd.Context(), args[0], asJSON, errorsFile)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON document with every problem")
	cmd.Flags().StringVar(&errorsFile, "errors", "", "write every problem to this CSV file")
	p.ignoreColumnFlag(cmd)
	return cmd
}

func (p *program) validate(ctx context.Context, dir string, asJSON bool, errorsFile string) (err error) {
	config, err := p.sharedConfig()
	if err != nil {
		return err
	}
	options, err := p.caseOptions(config)
	if err != nil {
		return err
	}
	problems := newProblems()
	sinks := []casefolder.Sink{problems.add}
	var list *problemList
	if errorsFile != "" {
		if list, err = createProblemList(errorsFile); err != nil {
			return systemError(err)
		}
		defer list.file.Abort()
		sinks = append(sinks, list.add)
	}
	var spool *problemSpool
	if asJSON {
		if spool, err = newProblemSpool(); err != nil {
			return systemError(err)
		}
		defer func() { err = errors.Join(err, spool.remove()) }()
		sinks = append(sinks, spool.add)
	}
	progress := p.progress()
	_, report, err := casefolder.ReadWith(howfar.With(ctx, progress.teller("Reading "+dir)), dir, options, func(problem casefolder.Problem) error {
		for _, sink := range sinks {
			if err := sink(problem); err != nil {
				return err
			}
		}
		return nil
	})
	progress.end()
	if err != nil {
		return err
	}
	if list != nil {
		if err := list.commit(); err != nil {
			return systemError(err)
		}
	}
	if asJSON {
		err = spool.document(p.Out, report)
	} else {
		p.printReport(p.Out, report, problems)
		p.sayVerdict(report, dir, errorsFile)
	}
	if err == nil && report.Refused() {
		return &codeError{code: exitRefused}
	}
	return err
}

func (p *program) sayVerdict(report casefolder.Report, dir, errorsFile string) {
	if errorsFile != "" && report.Errors+report.Warnings > 0 {
		p.say("Every problem stands in %s.", errorsFile)
	}
	if report.Refused() {
		p.say("REFUSED for %s. Correct the files, then: %s", count(report.Errors, "error", "errors"), p.command("validate", dir))
		return
	}
	p.say("No errors. Next: %s", p.command("plan", dir))
}

// problemList is the file of --errors.
type problemList struct {
	file *outfolder.File
	csv  *csv.Writer
}

func createProblemList(path string) (*problemList, error) {
	file, err := outfolder.Create(path)
	if err != nil {
		return nil, err
	}
	list := &problemList{file, csv.NewWriter(file)}
	return list, list.csv.Write([]string{"file", "line", "column", "rule", "severity", "practice_key", "message", "fix"})
}

func (l *problemList) add(x casefolder.Problem) error {
	return l.csv.Write([]string{x.File, strconv.Itoa(x.Line), x.Column, x.Rule, string(x.Severity), x.PracticeKey, x.Message, x.Fix})
}

func (l *problemList) commit() error {
	l.csv.Flush()
	if err := l.csv.Error(); err != nil {
		return err
	}
	_, err := l.file.Commit()
	return err
}

// problemSpool keeps the problems of --json on the disk until the reading has
// ended, so that a failure in the middle leaves no half document on standard output.
type problemSpool struct {
	file    *os.File
	encoder *json.Encoder
	any     bool
}

func newProblemSpool() (*problemSpool, error) {
	file, err := os.CreateTemp("", "duenotice-problems-*.json")
	if err != nil {
		return nil, err
	}
	encoder := json.NewEncoder(file)
	encoder.SetEscapeHTML(false)
	return &problemSpool{file: file, encoder: encoder}, nil
}

func (s *problemSpool) add(x casefolder.Problem) error {
	if s.any {
		if _, err := s.file.WriteString(","); err != nil {
			return err
		}
	}
	s.any = true
	return s.encoder.Encode(x)
}

// document writes {"refused", "report", "problems"}.
func (s *problemSpool) document(w io.Writer, report casefolder.Report) error {
	counts, err := json.Marshal(report)
	if err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	head := `{"refused":` + strconv.FormatBool(report.Refused()) + `,"report":` + string(counts) + `,"problems":[` + "\n"
	if _, err := io.WriteString(w, head); err != nil {
		return err
	}
	if _, err := io.Copy(w, s.file); err != nil {
		return err
	}
	_, err = io.WriteString(w, "]}\n")
	return err
}

func (s *problemSpool) remove() error { return errors.Join(s.file.Close(), os.Remove(s.file.Name())) }
