package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"duenotice/internal/rules/states"
)

// Earlier returns the rulebook of a manifest: the logic it names, over the data
// it names. What is still as it was comes from this program's own data, and
// the rest from kept, which is asked by name and hash.
func Earlier(m Manifest, kept func(name, sha256 string) ([]byte, error)) (*Book, error) {
	return earlier(m, logics(), kept)
}

func earlier(m Manifest, logics []logic, kept func(name, sha256 string) ([]byte, error)) (*Book, error) {
	wrong := func(err error) (*Book, error) {
		return nil, fmt.Errorf("rulebook %s cannot be put together: %w", m.Version, err)
	}
	i := slices.IndexFunc(logics, func(l logic) bool { return l.name == m.Logic })
	if i < 0 {
		return wrong(fmt.Errorf("this program does not have its logic %q", m.Logic))
	}
	own := current()
	var rows []states.Row
	var list []Rule
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		same := m.Files[name] == own.manifest.Files[name]
		code, isRow := codeOf(name)
		switch {
		case isRow && same:
			rows = append(rows, own.states[code][0].row)
			continue
		case name == DescriptionsFile && same:
			list = descriptions(own.federal)
			continue
		case !isRow && name != DescriptionsFile:
			return wrong(fmt.Errorf("it has a file %s, and this program does not know what that is", name))
		}
		content, err := kept(name, m.Files[name])
		if err != nil {
			return wrong(err)
		}
		if hash := hashOf(content); hash != m.Files[name] {
			return wrong(fmt.Errorf("what is kept as its %s has SHA-256 %s and not %s: it was changed", name, hash, m.Files[name]))
		}
		if !isRow {
			if list, err = readDescriptions(content); err != nil {
				return wrong(fmt.Errorf("%s: %w", name, err))
			}
			continue
		}
		row, err := states.Read(name, content)
		if err != nil {
			return wrong(err)
		}
		rows = append(rows, row)
	}
	inCode, err := logics[i].described(list)
	if err != nil {
		return wrong(err)
	}
	return newBook(m, logics[i], inCode, lawsOf(rows, logics[i].ofRow)), nil
}

func readDescriptions(content []byte) (list []Rule, err error) {
	in := json.NewDecoder(bytes.NewReader(content))
	in.DisallowUnknownFields()
	err = in.Decode(&list)
	return list, err
}
