package rules

import (
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Assessment is a practice's own risk assessment as recorded.
type Assessment struct {
	// Conclusion is breach.Presumed or breach.LowProbability.
	Conclusion string         `json:"conclusion"`
	Factors    breach.Factors `json:"factors"`
	// ConfirmedBy are the people who recorded this same conclusion.
	ConfirmedBy []string `json:"confirmed_by"`
}

// Subject is one practice as the law sees it.
type Subject struct {
	Incident breach.Incident `json:"incident"` // holds included, as amended
	Practice breach.Practice `json:"practice"` // delegation as decided
	Tally    breach.Tally    `json:"tally"`    // its own people
	// Group is its counting entity when that has more than one practice, else
	// nil. A practice found to have no breach does not belong in it.
	Group *breach.Group `json:"group"`
	// Peers are the other practices of the Group; without them the group's
	// clock is this practice's and only this practice may be a Part 2 program.
	Peers []Peer       `json:"peers"`
	Facts breach.Facts `json:"facts"` // recorded facts, incident-wide ones included
	// Told is the number that was told last under each duty, by the obligation's
	// ID; what is not in it is as the facts say.
	Told map[string]int `json:"told,omitempty"`
	// Assessment is this practice's own; nil means the incident's.
	Assessment *Assessment `json:"assessment"`
}

// Peer is what the rules need to know of another practice of the same counting entity.
type Peer struct {
	Key        string     `json:"practice_key"`
	Discovered civil.Date `json:"discovered"` // zero = not yet known
	// Clock is the day from which its limit is counted on the word of
	// ClockSource; zero for Discovered.
	Clock       civil.Date `json:"clock,omitzero"`
	ClockSource string     `json:"clock_source,omitempty"`
	// Part2: it is a Part 2 program whose records are involved.
	Part2 bool `json:"part2"`
	// Insurer: it is an insurance licensee.
	Insurer breach.YesNo `json:"insurer,omitempty"`
	// State is where the practice itself is.
	State string `json:"state,omitempty"`
}

// PeerOf describes a practice to the others of its counting entity.
func PeerOf(i breach.Incident, p breach.Practice, t breach.Tally, facts breach.Facts) Peer {
	d := discoveryOf(i, p, facts)
	return Peer{Key: p.Key, Discovered: d.on, Clock: d.clock, ClockSource: d.source, Part2: partTwo(p, t), Insurer: p.Insurer, State: p.State}
}

// Decision is what one practice owes, and what a person should look at.
type Decision struct {
	// Discovered is the practice's own discovery day; zero = not yet known.
	Discovered civil.Date `json:"discovered"`
	Notifiable bool       `json:"notifiable"`
	// Reason says why: "presumed breach", "excluded: ...", "secured: ...",
	// "low probability documented", "not in effect: ...", "nobody found".
	Reason      string              `json:"reason"`
	Obligations []breach.Obligation `json:"obligations"` // in the rulebook's order, then by State
	Warnings    []Warning           `json:"warnings"`
}

// Decide applies the rulebook to one practice. It never fails: what cannot be
// decided is decided the safe way, towards notice and the earlier day, with a
// warning that says so.
func (b *Book) Decide(s Subject) Decision { return b.logic.decide(b, s) }

// decide is Decide of the present logic.
func (b *Book) decide(s Subject) Decision {
	m := newMatter(s)
	v := verdictOn(m)
	d := Decision{Discovered: m.discovery.on, Notifiable: v.notifiable, Reason: v.reason, Obligations: []breach.Obligation{}}
	d.Warnings = append(d.Warnings, incidentWarnings(s.Incident)...)
	d.Warnings = append(d.Warnings, v.warnings...)
	if !v.notifiable {
		m.noHarm = v.noHarm
		if m.noHarm {
			d.Obligations = append(d.Obligations, b.states.owed(m, true)...)
		}
		d.Warnings = append(d.Warnings, withoutBreachWarnings(m, b.states)...)
		d.Warnings = append(d.Warnings, facilityWarnings(m)...)
		return d
	}
	for _, r := range b.federal {
		if r.Regime != regimeSEC { // owed once for the incident, by DecideIncident
			d.Obligations = append(d.Obligations, r.owed(m)...)
		}
	}
	d.Obligations = append(d.Obligations, b.states.owed(m, false)...)
	d.Warnings = append(d.Warnings, practiceWarnings(m)...)
	d.Warnings = append(d.Warnings, stateWarnings(m, b.states, d.Obligations)...)
	return d
}

// DecideIncident returns what the entity that runs this program owes for the
// incident as a whole, and the warnings that are the same for every practice.
func (b *Book) DecideIncident(i breach.Incident, facts breach.Facts) ([]breach.Obligation, []Warning) {
	m := newMatter(Subject{Incident: i, Facts: facts})
	owed := []breach.Obligation{}
	for _, r := range b.federal {
		if r.Regime == regimeSEC {
			owed = append(owed, r.owed(m)...)
		}
	}
	return owed, incidentWarnings(i)
}
