package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// warnings gathers what the practices' decisions point out into one line for
// each code: how many practices, and a few of them.
type warnings struct {
	codes  []string
	byCode map[string][]remark
}

type remark struct{ practice, message string }

// examples is how many practices a warning names.
const examples = 5

func (w *warnings) add(warning rules.Warning, practice string) {
	if w.byCode == nil {
		w.byCode = map[string][]remark{}
	}
	if _, seen := w.byCode[warning.Code]; !seen {
		w.codes = append(w.codes, warning.Code)
	}
	w.byCode[warning.Code] = append(w.byCode[warning.Code], remark{practice, warning.Message})
}

// list returns the warnings by code. What State law leaves to counsel stands
// once for all States it is said of. What is said of the incident stands as it
// is; what is said of practices stands once, with their number and a few keys.
func (w *warnings) list() []rules.Warning {
	slices.Sort(w.codes)
	list := []rules.Warning{}
	for _, code := range w.codes {
		var ofPractices []remark
		ofStates, others := byState(w.byCode[code])
		for _, message := range ofStates {
			list = append(list, rules.Warning{Code: code, Message: message})
		}
		for _, r := range others {
			if r.practice == "" {
				list = append(list, rules.Warning{Code: code, Message: r.message})
				continue
			}
			ofPractices = append(ofPractices, r)
		}
		if len(ofPractices) > 0 {
			list = append(list, rules.Warning{Code: code, Message: together(ofPractices)})
		}
	}
	return list
}

// together writes one message for all: the common words once, or each
// practice's own.
func together(remarks []remark) string {
	common := true
	keys := map[string]bool{}
	for _, r := range remarks {
		common = common && r.message == remarks[0].message
		keys[r.practice] = true
	}
	heading := "1 practice"
	if len(keys) > 1 {
		heading = fmt.Sprintf("%d practices", len(keys))
	}
	var named []string
	for _, r := range remarks[:min(len(remarks), examples)] {
		if common {
			named = append(named, r.practice)
		} else {
			named = append(named, r.practice+": "+r.message)
		}
	}
	if rest := len(remarks) - len(named); rest > 0 {
		named = append(named, fmt.Sprintf("and %d more", rest))
	}
	if common {
		return fmt.Sprintf("%s (%s): %s", heading, strings.Join(named, ", "), remarks[0].message)
	}
	return fmt.Sprintf("%s: %s", heading, strings.Join(named, "; "))
}

// byState joins what is said of States, "GA: the law binds ...", into one
// message for each different thing said: "GA, ID (3 practices): the law binds ...".
func byState(remarks []remark) (messages []string, others []remark) {
	type said struct{ states, practices map[string]bool }
	saying := map[string]said{}
	for _, r := range remarks {
		code, text, found := strings.Cut(r.message, ": ")
		if !found || !breach.IsState(code) {
			others = append(others, r)
			continue
		}
		if _, seen := saying[text]; !seen {
			saying[text] = said{map[string]bool{}, map[string]bool{}}
		}
		saying[text].states[code] = true
		saying[text].practices[r.practice] = true
	}
	for _, text := range slices.Sorted(maps.Keys(saying)) {
		s := saying[text]
		practices := "1 practice"
		if len(s.practices) > 1 {
			practices = fmt.Sprintf("%d practices", len(s.practices))
		}
		messages = append(messages, fmt.Sprintf("%s (%s): %s", strings.Join(slices.Sorted(maps.Keys(s.states)), ", "), practices, text))
	}
	return messages, others
}
