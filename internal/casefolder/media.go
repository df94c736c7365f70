package casefolder

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
)

var (
	mediaKeys  = strings.Fields("state contact text outlets")
	outletKeys = strings.Fields("name email address contact")
)

// media reads what is said of telling the media, by State.
func (s *section) media() []breach.MediaTerms {
	var all []breach.MediaTerms
	for i, node := range s.list("media", "- {state: VA, contact: ..., outlets: [{name: ..., email: ...}]}") {
		m := s.section(fmt.Sprintf("media[%d]", i+1), node, lineOf(node, s.lineFor("media")), mediaKeys)
		terms := breach.MediaTerms{State: m.required("state", m.word("state", breach.StateCodes())), Contact: m.text("contact"), Text: m.prose("text")}
		if terms.State != "" && slices.ContainsFunc(all, func(other breach.MediaTerms) bool { return other.State == terms.State }) {
			m.noteFix(m.lineFor("state"), m.path+"state", ruleMedia, m.path+"state is there already", "Write all of one State in one entry.")
		}
		for n, outlet := range m.list("outlets", "- {name: ..., email: ...}") {
			o := m.section(fmt.Sprintf("%soutlets[%d]", m.path, n+1), outlet, lineOf(outlet, m.lineFor("outlets")), outletKeys)
			one := breach.Outlet{Name: o.required("name", o.text("name")), Email: o.link("email"), Address: o.text("address"), Contact: o.text("contact")}
			if terms.Lists(one.Name) && one.Name != "" {
				o.noteFix(o.lineFor("name"), o.path+"name", ruleMedia, o.path+"name is there already", "Write each outlet of a State once.")
			}
			terms.Outlets = append(terms.Outlets, one)
		}
		all = append(all, terms)
	}
	return all
}
