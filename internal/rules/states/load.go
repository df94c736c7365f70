package states

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"duenotice/internal/civil"
)

//go:embed *.yaml
var embedded embed.FS

// Embedded reads the rows of this program, by code.
func Embedded() ([]Row, error) { return Load(embedded) }

// Texts returns the rows of this program as they are written, by file name.
func Texts() (map[string][]byte, error) {
	names, err := fs.Glob(embedded, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the State rows: %w", err)
	}
	texts := map[string][]byte{}
	for _, name := range names {
		if texts[name], err = embedded.ReadFile(name); err != nil {
			return nil, fmt.Errorf("read the State row %s: %w", name, err)
		}
	}
	return texts, nil
}

// Load reads every .yaml file at the top of files as one row each, by code. A
// row that cannot be read or may not stand is an error that names file, line
// and key; all problems of all files are reported together.
func Load(files fs.FS) ([]Row, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the State rows: %w", err)
	}
	var rows []Row
	var problems []error
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read the State row %s: %w", name, err)
		}
		row, err := parse(name, text)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(a.Jurisdiction, b.Jurisdiction) })
	return rows, errors.Join(problems...)
}

// Read reads one row without asking whether it may stand: one that stood in an
// earlier rulebook did, by what was asked then.
func Read(name string, text []byte) (Row, error) {
	var row Row
	err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict(),
		yaml.CustomUnmarshaler(func(d *civil.Date, b []byte) error {
			s := strings.Trim(strings.TrimSpace(string(b)), `"'`)
			if s == "" || s == "null" {
				*d = civil.Date{}
				return nil
			}
			parsed, err := civil.Parse(s)
			*d = parsed
			return err
		})).Decode(&row)
	if err != nil {
		err = problem(name, lineOf(err), "", reason(err))
	}
	return row, err
}

// parse reads and checks one file.
func parse(name string, text []byte) (Row, error) {
	row, err := Read(name, text)
	if err != nil {
		return row, err
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return row, problem(name, lineOf(err), "", reason(err))
	}
	c := &check{file: name, tree: file}
	c.row(row, strings.ToUpper(strings.TrimSuffix(path.Base(name), ".yaml")))
	return row, errors.Join(c.problems...)
}

func problem(file string, line int, key, message string) error {
	if key != "" {
		message = key + ": " + message
	}
	return fmt.Errorf("%s:%d: %s", file, line, message)
}

// lineOf is the line that a YAML error points at, 1 when it points nowhere.
func lineOf(err error) int {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
		return at.GetToken().Position.Line
	}
	return 1
}

func reason(err error) string {
	var at yaml.Error
	if errors.As(err, &at) {
		return at.GetMessage()
	}
	return err.Error()
}

// check gathers what may not stand in one row.
type check struct {
	file     string
	tree     *ast.File
	problems []error
}

// bad reports a problem at a key, written as a path: versions[0].regulators[1].due.
func (c *check) bad(key, format string, args ...any) {
	c.problems = append(c.problems, problem(c.file, c.line(key), key, fmt.Sprintf(format, args...)))
}

// line finds the key's line, or that of the thing around it when it is missing.
func (c *check) line(key string) int {
	for ; key != ""; key = around(key) {
		at, err := yaml.PathString("$." + key)
		if err != nil {
			continue
		}
		node, err := at.FilterFile(c.tree)
		if err != nil || node == nil {
			continue
		}
		for {
			switch n := node.(type) {
			case *ast.MappingNode:
				if len(n.Values) > 0 {
					node = n.Values[0].Key
					continue
				}
			case *ast.MappingValueNode:
				node = n.Key
				continue
			case *ast.SequenceNode:
				if len(n.Values) > 0 {
					node = n.Values[0]
					continue
				}
			}
			break
		}
		if token := node.GetToken(); token != nil && token.Position != nil {
			return token.Position.Line
		}
	}
	return 1
}

func around(key string) string {
	if i := strings.LastIndexAny(key, ".["); i >= 0 {
		return key[:i]
	}
	return ""
}
