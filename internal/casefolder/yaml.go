package casefolder

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"duenotice/internal/breach"
	"duenotice/internal/envelope"
)

// incidentProblem is a problem of incident.yaml before it is reported: all are
// collected and then reported in line order.
type incidentProblem struct {
	line                       int
	column, rule, message, fix string
}

// notes collects the problems of incident.yaml.
type notes struct {
	problems []incidentProblem
	// forms are the forms of envelope that may be chosen.
	forms envelope.Forms
	// beside is the folder that incident.yaml lies in, and own the languages in it.
	beside string
	own    []breach.OwnLanguage
}

func (n *notes) note(line int, column, rule, message string) {
	n.noteFix(line, column, rule, message, texts[rule].fix)
}

func (n *notes) noteFix(line int, column, rule, message, fix string) {
	n.problems = append(n.problems, incidentProblem{line, column, rule, message, fix})
}

func (n *notes) report(c *collector) {
	slices.SortStableFunc(n.problems, func(a, b incidentProblem) int { return a.line - b.line })
	for _, p := range n.problems {
		c.line = p.line
		c.problemFix(p.rule, p.column, p.message, p.fix)
	}
}

// parseYAML parses one YAML document. The parser's own messages quote the
// text, so only their line is passed on.
func (n *notes) parseYAML(text string) (root ast.Node, ok bool) {
	defer func() {
		// A parser of other people's hand is not worth a crash over somebody's typing.
		if recover() != nil {
			root, ok = nil, false
			n.note(0, "", ruleYAML, "the YAML cannot be read")
		}
	}()
	if line := tooDeep(text); line > 0 {
		n.note(line, "", ruleYAML, "brackets or dashes are nested too deeply")
		return nil, false
	}
	file, err := parser.ParseBytes([]byte(text), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line := 0
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
			line = at.GetToken().Position.Line
		}
		n.note(line, "", ruleYAML, "the YAML cannot be read from here on")
		return nil, false
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc != nil && doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		n.note(0, "", ruleEmptyFile, "the file is empty")
		return nil, false
	case 1:
		return bodies[0], true
	}
	n.note(lineOf(bodies[1], 0), "", ruleYAML, "a second document (---) begins here; one incident is expected")
	return nil, false
}

// maxDepth is far above the four levels of an incident. The parser keeps the
// path of every level, so that 32,000 opening brackets took 1.4 GB.
const maxDepth = 64

// tooDeep returns the first line on which brackets, or the dashes of one line,
// open more than maxDepth levels; 0 when there is none.
func tooDeep(text string) int {
	brackets, dashes, line, previous := 0, 0, 1, byte(0)
	for _, c := range []byte(text) {
		switch c {
		case '[', '{':
			brackets++
		case ']', '}':
			brackets = max(0, brackets-1)
		case ' ':
			if previous == '-' || previous == '?' {
				dashes++
			}
		case '-', '?':
			// Hyphens without a space between them are a ruled line in a text.
		case '\n':
			line, dashes = line+1, 0
		default:
			dashes = 0
		}
		if brackets > maxDepth || dashes > maxDepth {
			return line
		}
		previous = c
	}
	return 0
}

// lineOf is the node's line, or that of the thing around it.
func lineOf(node ast.Node, around int) int {
	if node == nil {
		return around
	}
	if m, ok := node.(*ast.MappingNode); ok && len(m.Values) > 0 {
		node = m.Values[0].Key
	}
	if t := node.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return around
}

// section is one group of keys.
type section struct {
	*notes
	path   string // "" or "entity."
	line   int
	keys   []string
	values map[string]ast.Node
	lines  map[string]int
}

// section reads a node as a group of the given keys; anything else in it is reported.
func (n *notes) section(path string, node ast.Node, line int, keys []string) *section {
	s := &section{notes: n, path: path, line: line, keys: keys, values: map[string]ast.Node{}, lines: map[string]int{}}
	if path != "" {
		s.path += "."
	}
	switch m := node.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		for _, v := range m.Values {
			s.take(v)
		}
	case *ast.MappingValueNode:
		s.take(m)
	default:
		n.noteFix(lineOf(node, line), path, ruleType, strings.TrimSpace(path+" is not a group of keys"),
			"Write the keys "+strings.Join(keys, ", ")+", each with its value.")
	}
	return s
}

func (s *section) take(v *ast.MappingValueNode) {
	key := ""
	if k, ok := v.Key.(*ast.StringNode); ok {
		key = k.Value
	}
	line := lineOf(v.Key, s.line)
	_, twice := s.values[key]
	switch {
	case !slices.Contains(s.keys, key):
		// A line of prose that slipped into the keys' place is not repeated.
		name, column := "a key", strings.TrimSuffix(s.path, ".")
		if isColumnName(key) && !strings.Contains(key, " ") {
			name, column = key, s.path+key
		}
		fix := "The keys here are " + strings.Join(s.keys, ", ") + "."
		for _, k := range s.keys {
			if bareName(k) == bareName(key) {
				fix = "Write " + k + "."
			}
		}
		s.noteFix(line, column, ruleUnknownKey, name+" is not known here", fix)
	case twice:
		s.note(line, s.path+key, ruleTwiceKey, fmt.Sprintf("%s is on line %d already", s.path+key, s.lines[key]))
	default:
		s.values[key], s.lines[key] = v.Value, line
	}
}

// pair is one key of a group whose keys are a person's own.
type pair struct {
	key   string
	value ast.Node
	line  int
}

// mapping returns the pairs of a group whose keys are a person's own words.
func (s *section) mapping(key string, node ast.Node) []pair {
	var values []*ast.MappingValueNode
	switch m := node.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		s.noteFix(s.lineFor(key), s.path+key, ruleType, s.path+key+" is not a group of keys", "Write each with its value, as {\"Zip Code\": zip, Notes: ignore}.")
	}
	pairs := make([]pair, 0, len(values))
	for _, v := range values {
		p := pair{value: v.Value, line: lineOf(v.Key, s.lineFor(key))}
		if k, ok := v.Key.(*ast.StringNode); ok {
			p.key = strings.TrimSpace(k.Value)
		}
		pairs = append(pairs, p)
	}
	return pairs
}

// lineFor is the key's line, or the section's when the key is not there.
func (s *section) lineFor(key string) int {
	if line, ok := s.lines[key]; ok {
		return line
	}
	return s.line
}

// sub reads a key's value as a group of keys.
func (s *section) sub(key string, keys []string) *section {
	return s.section(s.path+key, s.values[key], s.lineFor(key), keys)
}

// list returns the items of a key's value, which must be a list or empty.
func (s *section) list(key, form string) []ast.Node {
	switch node := s.values[key].(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.SequenceNode:
		return node.Values
	default:
		s.noteFix(s.lineFor(key), s.path+key, ruleType, s.path+key+" is not a list", "Write a list: "+form+".")
		return nil
	}
}

// scalar returns a node's text; ok is false, and it is reported, when it is
// something else than one value.
func (n *notes) scalar(node ast.Node, path string, line int) (text string, ok bool) {
	switch v := node.(type) {
	case nil, *ast.NullNode:
		return "", true
	case *ast.StringNode:
		return strings.TrimSpace(v.Value), true
	case *ast.LiteralNode:
		return strings.TrimSpace(v.Value.Value), true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		// As it was typed: 1.10 is not 1.1, and a telephone number is no number.
		return strings.TrimSpace(v.GetToken().Value), true
	}
	n.noteFix(lineOf(node, line), path, ruleType, path+" is not one value",
		"Write one value, with quotation marks around it when it begins with [, {, &, * or !.")
	return "", false
}
