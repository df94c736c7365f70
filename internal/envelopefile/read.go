// Package envelopefile reads an operator's own forms of envelope from a YAML file
// and says with line and column what is wrong with it.
package envelopefile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"duenotice/internal/breach"
	"duenotice/internal/envelope"
)

// maxFile bounds the file in bytes: a form is some 300.
const maxFile = 64 << 10

// file is the YAML document.
type file struct {
	Envelopes []form `yaml:"envelopes"`
}

// form is one envelope as it is written: inches, yes and no.
type form struct {
	Name     string          `yaml:"name"`
	Width    float64         `yaml:"width"`
	Height   float64         `yaml:"height"`
	Fold     float64         `yaml:"fold"`
	Seam     *float64        `yaml:"seam"`
	Clear    *float64        `yaml:"clear"`
	Address  envelope.Window `yaml:"window"`
	Return   envelope.Window `yaml:"return_window"`
	Capitals string          `yaml:"capitals"`
}

// usualSeam is what a glued seam takes where nobody measured it, in inches.
const usualSeam = 0.05

func (f form) made() (envelope.Form, []envelope.Problem) {
	made := envelope.Form{
		Name: strings.TrimSpace(f.Name), Width: f.Width, Height: f.Height, Fold: f.Fold, Seam: usualSeam, Clear: envelope.LeastClear,
		Address: f.Address, Return: f.Return, Capitals: f.Capitals != string(breach.No),
	}
	if f.Seam != nil {
		made.Seam = *f.Seam
	}
	if f.Clear != nil {
		made.Clear = *f.Clear
	}
	problems := made.Check()
	if f.Capitals != "" && f.Capitals != string(breach.Yes) && f.Capitals != string(breach.No) {
		problems = append(problems, envelope.Problem{Key: "capitals", Message: "capitals is neither yes nor no", Fix: "Write yes or no; left out it is yes."})
	}
	return made, problems
}

// Read reads the forms of a file. name is what the file is called in what is said of
// it; every refusal has code "envelopes".
func Read(name string, content []byte) ([]envelope.Form, error) {
	if len(content) > maxFile {
		return nil, breach.Refuse("envelopes", "Leave out what it does not need.", "%s has more than %d bytes", name, maxFile)
	}
	var read file
	if err := yaml.UnmarshalWithOptions(content, &read, yaml.Strict()); err != nil {
		return nil, unreadable(name, err)
	}
	if len(read.Envelopes) == 0 {
		return nil, breach.Refuse("envelopes", "Write a list under envelopes: see docs/envelopes.md.", "%s has no form of envelope", name)
	}
	tree, err := parser.ParseBytes(content, 0)
	if err != nil {
		return nil, unreadable(name, err)
	}
	var forms []envelope.Form
	var said []string
	for i, f := range read.Envelopes {
		made, problems := f.made()
		for _, earlier := range forms {
			if earlier.Name == made.Name && made.Name != "" {
				problems = append(problems, envelope.Problem{Key: "name", Message: fmt.Sprintf("%q is there twice", made.Name), Fix: "Give each form a name of its own."})
			}
		}
		for _, p := range problems {
			line, column := placeOf(tree, i, p.Key)
			said = append(said, fmt.Sprintf("%s:%d:%d: %s. %s", name, line, column, p.Message, p.Fix))
		}
		forms = append(forms, made)
	}
	if len(said) > 0 {
		return nil, breach.Refuse("envelopes", "docs/envelopes.md says what each key means.", "%s", strings.Join(said, "\n"))
	}
	return forms, nil
}

// unreadable is what the parser found, at its place and without quoting the file.
func unreadable(name string, err error) error {
	line, column, what := 0, 0, "it cannot be read as YAML"
	var at yaml.Error
	if errors.As(err, &at) {
		what = at.GetMessage()
		if t := at.GetToken(); t != nil && t.Position != nil {
			line, column = t.Position.Line, t.Position.Column
		}
	}
	return breach.Refuse("envelopes", "docs/envelopes.md has a file to begin with.", "%s:%d:%d: %s", name, line, column, what)
}

// placeOf is where a key of a form stands, or the nearest thing around it that is there.
func placeOf(tree *ast.File, n int, key string) (line, column int) {
	names := strings.Split(key, ".")
	for ; ; names = names[:len(names)-1] {
		path, err := yaml.PathString(strings.TrimSuffix(fmt.Sprintf("$.envelopes[%d].%s", n, strings.Join(names, ".")), "."))
		if err == nil {
			if node, err := path.FilterFile(tree); err == nil && node != nil {
				at := node.GetToken()
				if group, ok := node.(*ast.MappingNode); ok && len(group.Values) > 0 {
					at = group.Values[0].Key.GetToken()
				}
				if at != nil && at.Position != nil {
					return at.Position.Line, at.Position.Column
				}
			}
		}
		if len(names) == 0 {
			return 0, 0
		}
	}
}
