package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// matter is a Subject with what the rules have in common worked out once.
type matter struct {
	Subject
	// discovery is the practice's own; entityDiscovery is its counting entity's.
	discovery, entityDiscovery discovery
	// counted is the tally of the counting entity: the group's, else the practice's own.
	counted breach.Tally
	// leads: the counting entity's duties stand under this practice.
	leads bool
	// noHarm: nobody is notified because a low probability was demonstrated.
	noHarm  bool
	byState map[string]*stateMatter
}

func newMatter(s Subject) *matter {
	s.Practice.Agent = agencyOf(s.Practice, s.Facts)
	m := &matter{Subject: s, discovery: discoveryOf(s.Incident, s.Practice, s.Facts), counted: s.Tally, leads: true}
	m.entityDiscovery = m.discovery
	if s.Group != nil {
		m.counted = s.Group.Tally
		m.leads = s.Group.Lead() == s.Practice.Key
		m.entityDiscovery = m.discovery.earliest(s.Peers)
	}
	return m
}

// affected is the number of people for whom something may stand under this practice.
func (m *matter) affected() int {
	if m.leads {
		return max(m.Tally.People, m.counted.People)
	}
	return m.Tally.People
}

// occurred is the last day of the incident: what went on until after a rule's
// first day occurred on or after it.
func (m *matter) occurred() civil.Date { return lastDay(m.Incident) }

func lastDay(i breach.Incident) civil.Date {
	if i.Occurred.To.IsZero() { // not known: it may have gone on until it was found
		return i.Discovered
	}
	return i.Occurred.To
}

func occurred(m *matter) civil.Date { return m.occurred() }

// dated completes an obligation: the due day moved by law-enforcement holds of
// the scope, the first day it may be done, and the reasons in words.
func (m *matter) dated(o breach.Obligation, due civil.Date, scope string, reasons ...string) breach.Obligation {
	o.Due = delayed(due, m.Incident.Holds, scope)
	end, why := HoldUntil(m.Incident.Holds, scope)
	o.NotBefore = end
	if why != "" {
		reasons = append(reasons, why)
	}
	o.Why = strings.Join(reasons, "; ")
	return o
}

// sixtyDays completes an obligation under the outer limit that runs from d.
func (m *matter) sixtyDays(o breach.Obligation, d discovery, scope string, reasons ...string) breach.Obligation {
	o.Trigger, o.Clock = triggerDiscovered, fmt.Sprintf("%d calendar days", breach.NoticeDays)
	if !d.clock.IsZero() {
		o.Confidence = unverified // one incident's enforcement statement is no rule
	}
	return m.dated(o, d.outerLimit(), scope, append(reasons, d.limitClause())...)
}

// triggerDiscovered is the fact that starts every federal clock of a practice.
const triggerDiscovered = "discovered"

var outerLimit = Parameter{"outer_limit", fmt.Sprintf("%d calendar days after discovery, no roll-over", breach.NoticeDays)}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// ofEntity says of a count that it is the counting entity's, and names the
// other practices when there are any.
func (m *matter) ofEntity(what string) string {
	if m.Group == nil {
		return what
	}
	var others []string
	for _, key := range m.Group.Members {
		if key != m.Practice.Key {
			others = append(others, key)
		}
	}
	return fmt.Sprintf("%s of counting entity %s, counted once with %s", what, m.Group.Key, strings.Join(others, ", "))
}

// codes are the States in which the practice's people, or those of the
// counting entity whose duties stand under it, live, and where its insurers are.
func (m *matter) codes() []string {
	sets := m.Tally.Sets
	if m.leads {
		sets = slices.Concat(sets, m.counted.Sets)
	}
	codes := map[string]bool{}
	for _, c := range sets {
		if c.State != "" {
			codes[c.State] = true
		}
	}
	if m.Practice.Insurer == breach.Yes && breach.IsState(m.Practice.State) {
		codes[m.Practice.State] = true // a licensee's own State may ask whoever is affected
	}
	for _, p := range m.Peers {
		if p.Insurer == breach.Yes && breach.IsState(p.State) {
			codes[p.State] = true
		}
	}
	return slices.Sorted(maps.Keys(codes))
}
