package accesslog

import (
	"context"
	"encoding/csv"
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
	"duenotice/internal/intake"
	"duenotice/internal/intake/flat"
	"duenotice/internal/intake/rows"
)

// list is the case's list of people that is answered: findings.csv, or what it was before
// the answers of an earlier run were written into it.
type list struct{ path, sha256 string }

// memory is access-sources.json.
type memory struct {
	Logs []rememberedLog `json:"logs"`
	// BaseSHA256 is the list that was answered, FindingsSHA256 findings.csv with the
	// answers.
	BaseSHA256     string `json:"base_sha256"`
	FindingsSHA256 string `json:"findings_sha256"`
	LinesSHA256    string `json:"lines_sha256"`
	// Answered are all lists with answers that were made of the base: findings.csv is one
	// of them also where a run was cut off before it wrote its own.
	Answered []string `json:"answered"`
}

type rememberedLog struct {
	ID     string `json:"id"`
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

func readMemory(dir string) (m memory, err error) {
	content, err := givenfile.Read(filepath.Join(dir, SourcesFile))
	if errors.Is(err, os.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, err
	}
	if json.Unmarshal(content, &m) != nil {
		return m, breach.Refuse("access_memory", "Move it away to work as if for the first time.", "%s of the case cannot be read", SourcesFile)
	}
	return m, nil
}

// baseList finds the list that is answered. Where findings.csv has the answers of an
// earlier run, it is the list as it was before: answers are never made of answers.
func baseList(dir string) (list, error) {
	l := list{path: filepath.Join(dir, casefolder.FindingsFile)}
	m, err := readMemory(dir)
	if err != nil {
		return l, err
	}
	if l.sha256, err = givenfile.Sum(l.path); err != nil {
		return l, err
	}
	if l.sha256 == "" {
		return l, breach.Refuse("access_list", "Import the patients first: `duenotice findings import`.", "the case has no %s to find people in", casefolder.FindingsFile)
	}
	if !slices.Contains(m.Answered, l.sha256) {
		return l, nil
	}
	before := list{path: filepath.Join(dir, BeforeFile)}
	if before.sha256, err = givenfile.Sum(before.path); err != nil {
		return l, err
	}
	if before.sha256 != m.BaseSHA256 {
		return l, breach.Refuse("access_list", "Restore "+BeforeFile+", or import the patients again with --replace.", "%s has answers of an earlier run, and the list from before it is gone or was changed", casefolder.FindingsFile)
	}
	return before, nil
}

// SourcesOf are the SHA-256 sums of what a case's findings.csv was made of: the files it
// was imported from, and the logs by which its people were answered, whose
// names begin with "access".
// findingsSHA256 is that of the list as it is; a list that was changed since has none.
func SourcesOf(dir, findingsSHA256 string) (map[string]string, error) {
	m, err := readMemory(dir)
	if err != nil {
		return nil, err
	}
	if m.FindingsSHA256 == "" || m.FindingsSHA256 != findingsSHA256 {
		return intake.SourcesOf(dir, findingsSHA256)
	}
	sums, err := intake.SourcesOf(dir, m.BaseSHA256)
	if err != nil {
		return nil, err
	}
	all := map[string]string{"access lines": m.LinesSHA256}
	for id, sum := range sums {
		all[id] = sum
	}
	for _, l := range m.Logs {
		all["access log "+l.ID] = l.SHA256
	}
	return all, nil
}

// columnsOf are where a list's columns stand that are read and written here.
type columnsOf struct{ person, practice, answer, width int }

// each gives the rows of the list, numbered from 1; the header is row 0. A list that does
// not read as a whole is refused.
func (l list) each(ctx context.Context, do func(number int, at columnsOf, cells []string) error) (err error) {
	file, err := givenfile.Open(l.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader, err := flat.New(file, flat.UTF8)
	if err != nil {
		return err
	}
	refuse := func(line int, what string) error {
		return breach.Refuse("access_list", "`duenotice validate` says what is wrong with the list; correct it first.", "%s, line %d: %s", casefolder.FindingsFile, line, what)
	}
	var row rows.Row
	at := columnsOf{-1, -1, -1, 0}
	for number := 0; ; {
		switch err := reader.Next(&row); {
		case errors.Is(err, io.EOF):
			if number == 0 {
				return refuse(1, "there is no row of column names")
			}
			return ctx.Err()
		case err != nil:
			return err
		case row.Problem != "":
			return refuse(row.Number, "the row cannot be read")
		}
		if !slices.ContainsFunc(row.Cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			continue
		}
		if number == 0 {
			for i, name := range row.Cells {
				switch strings.ToLower(strings.TrimSpace(name)) {
				case "person_key":
					at.person = i
				case "practice_key":
					at.practice = i
				case "acquired_or_viewed":
					at.answer = i
				}
			}
			if at.width = len(row.Cells); at.person < 0 || at.practice < 0 {
				return refuse(row.Number, "person_key or practice_key is not among the column names")
			}
		} else if len(row.Cells) != at.width {
			return refuse(row.Number, "the row has another number of cells than there are column names")
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := do(number, at, row.Cells); err != nil {
			return err
		}
		number++
	}
}

// answered writes a row of the list with its answer.
func answered(w *csv.Writer, at columnsOf, cells []string, answer string) error {
	cells = slices.Clone(cells)
	if at.answer < 0 {
		return w.Write(append(cells, answer))
	}
	cells[at.answer] = answer
	return w.Write(cells)
}
