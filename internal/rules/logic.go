package rules

import "fmt"

// logic is what of a rulebook is Go. Everything else of it is data: the State
// rows and the descriptions of the rules in code.
//
// Before a change after which some decision of a kept rulebook would come out
// otherwise, give the present logic another name here, and put the earlier one
// into logics as the present one with what it had put back: a rule of inCode
// replaced by its earlier self, ofRow or decide by the function they were. What
// the rules share and what changes becomes one more field, which the matter
// carries. Nothing else is copied (docs/adr/0130).
type logic struct {
	name string
	// inCode are the rules that stand in code, in the order of every plan.
	inCode []*rule
	// ofRow makes the rules of one version of a State's row.
	ofRow func(*law) []*rule
	// decide applies a book of this logic to one practice.
	decide func(*Book, Subject) Decision
}

// present is the logic of this program.
func present() logic {
	return logic{name: "1", inCode: federalRules(), ofRow: rulesOf, decide: (*Book).decide}
}

// logics is every logic by which this program can decide, the present one last.
func logics() []logic { return []logic{present()} }

// described returns the logic's rules as a rulebook describes them: those in
// the list, in its order, with its windows, citations and words. A rule that
// the list does not have came later.
func (l logic) described(list []Rule) ([]*rule, error) {
	byID := map[string]*rule{}
	for _, r := range l.inCode {
		byID[r.ID] = r
	}
	rules := make([]*rule, len(list))
	for i, description := range list {
		r, ok := byID[description.ID]
		if !ok {
			return nil, fmt.Errorf("rule %s is described, and logic %s does not have it: put it back in internal/rules/logic.go", description.ID, l.name)
		}
		as := *r
		as.Rule = description
		rules[i] = &as
	}
	return rules, nil
}
