package rules

import (
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/rules/states"
)

// Filing is how a notice to an authority is made, in the words of the State's row.
// What is empty is not known.
type Filing struct {
	// Form is how it is filed, Content what is in it, Note what else to know.
	Form, Content, Note string
	// Source is where that was seen.
	Source string
}

// FilingOf says how a duty to tell an agency or the credit bureaus is carried out, by
// the rows of the States as they now are: also where the duty itself was planned under
// an earlier rulebook, since a form or an address is no law and the newest is the best.
func (b *Book) FilingOf(o breach.Obligation) Filing {
	_, agency, _ := strings.Cut(strings.TrimSuffix(o.Rule, ".update"), ".regulator.")
	versions := b.states[o.Jurisdiction]
	for i := len(versions) - 1; i >= 0; i-- {
		l := versions[i]
		if o.Kind == breach.CRANotice && l.Bureaus != nil {
			return filingFrom(l, l.Bureaus.Evidence, "", l.Bureaus.Content)
		}
		for _, g := range l.Regulators {
			if o.Kind == breach.RegulatorNotice && g.ID == agency {
				return filingFrom(l, g.Evidence, g.Form, g.Content)
			}
		}
	}
	return Filing{}
}

func filingFrom(l *law, e states.Evidence, form, content string) Filing {
	source := e.Source
	if source == "" && len(l.Sources) > 0 {
		source = l.Sources[0]
	}
	return Filing{Form: sentence(form), Content: sentence(content), Note: sentence(e.Note), Source: source}
}
