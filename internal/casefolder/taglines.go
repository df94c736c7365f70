package casefolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"duenotice/internal/breach"
)

// fewestTaglines is in how many languages beside English an entity says that help with
// language is free (45 CFR 92.11(a)).
const fewestTaglines = 15

// taglines reads the file that letters.taglines names, which lies beside incident.yaml: a
// short text for each language, by BCP 47 tag.
func (s *section) taglines() []breach.Tagline {
	name := s.text("taglines")
	if name == "" {
		return nil
	}
	line, path := s.lineFor("taglines"), s.path+"taglines"
	if name != filepath.Base(name) || strings.ContainsAny(name, `/\`) {
		s.note(line, path, ruleTaglines, path+" is not the name of a file beside incident.yaml")
		return nil
	}
	text, problem, err := readLanguageText(os.DirFS(s.beside), name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.note(line, path, ruleTaglines, path+" names a file that is not beside incident.yaml")
		return nil
	case err != nil:
		s.note(line, path, ruleTaglines, path+" names a file that cannot be read")
		return nil
	case problem != "":
		s.note(line, path, ruleTaglines, "the file of "+path+" "+problem)
		return nil
	}
	inner := &notes{}
	root, ok := inner.parseYAML(text)
	if !ok {
		s.note(line, path, ruleTaglines, "the file of "+path+" is no YAML that can be read")
		return nil
	}
	return s.taglinesIn(inner, root, path, line)
}

// taglinesIn are the texts of the file.
func (s *section) taglinesIn(inner *notes, root ast.Node, path string, line int) []breach.Tagline {
	file := &section{notes: inner, lines: map[string]int{}, values: map[string]ast.Node{}}
	var all []breach.Tagline
	fault := func(at int, what string) {
		s.note(line, path, ruleTaglines, fmt.Sprintf("line %d of the file of %s %s", at, path, what))
	}
	for _, pair := range file.mapping("", root) {
		tag := canonicalTag(pair.key)
		text, ok := inner.scalar(pair.value, tag, pair.line)
		text = nfc(strings.Join(strings.Fields(text), " "))
		switch what := unprintable(text); {
		case tag == noLanguage:
			fault(pair.line, "is not under a BCP 47 tag")
		case slices.ContainsFunc(all, func(t breach.Tagline) bool { return t.Tag == tag }):
			fault(pair.line, "says "+tag+" a second time")
		case !ok || text == "":
			fault(pair.line, "says nothing in "+tag)
		case placeholders.MatchString(text):
			fault(pair.line, "has a placeholder in it (<...>, [...], TODO)")
		case what != "":
			fault(pair.line, what)
		default:
			all = append(all, breach.Tagline{Tag: tag, Text: text})
		}
	}
	others := len(all)
	slices.SortFunc(all, func(a, b breach.Tagline) int {
		if english := breach.IsEnglish(a.Tag); english != breach.IsEnglish(b.Tag) {
			if english {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Tag, b.Tag)
	})
	for _, t := range all {
		if breach.IsEnglish(t.Tag) {
			others--
		}
	}
	if others < fewestTaglines {
		s.note(line, path, ruleTaglines, fmt.Sprintf("the file of %s has %d languages beside English, and 45 CFR 92.11 asks for %d", path, others, fewestTaglines))
	}
	return all
}
