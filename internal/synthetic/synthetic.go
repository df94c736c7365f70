// Package synthetic writes invented case folders: the demo's incident, and the
// large ones that benchmarks and tests run on.
//
// Nothing in them exists. People have names from this package's own lists,
// telephone numbers from 555-0100 to 555-0199, addresses in real cities but on
// invented streets, and e-mail at example.org. The National Provider
// Identifiers begin with 2000, a range from which none has been issued. The
// same Params give the same bytes on every machine: every row is a pure
// function of the seed and of its place in the plan, and all arithmetic is on
// whole numbers, because floating-point results may differ between processors.
package synthetic

import (
	"fmt"
	"path/filepath"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
)

// Bounds of Params.
const (
	// MaxPractices keeps every National Provider Identifier in the invented range.
	MaxPractices = 100_000
	// MaxPeople keeps the person's place in the plan in 32 bits.
	MaxPeople = 20_000_000
)

// Params say how large the incident is and what is in it. The zero value is
// not valid; start from Default.
type Params struct {
	// IncidentID is the incident's id; letters, digits and dashes.
	IncidentID string
	// Practices is the number of covered entities.
	Practices int
	// People is the number of different people; findings.csv has some more rows,
	// because some people are patients of more than one practice.
	People int
	// Seed chooses another incident of the same shape.
	Seed uint64
	// Discovered is the day the incident was first known. Everything the folder
	// tells happened on or before KnownBy.
	Discovered civil.Date
	// Delegations are the practices' answers.
	Delegations Delegations
	// NonLatin puts names in Greek and Cyrillic among the others. Names with
	// letters such as Ł, ễ and İ are always there.
	NonLatin bool
	// UnprintableNames is how many people have a name in Mongolian letters, which
	// the letters' fonts do not have, so that their letters are held.
	UnprintableNames int
}

// Delegations are how many of every thousand practices gave each answer; the
// others answered `all`. Practices at a boundary of the law always answer
// `all`, so that what they are owed is produced.
type Delegations struct {
	Letters, None, Unanswered int
}

// demoSeed is arbitrary and fixed, so that every demo shows the same incident.
const demoSeed = 20260316

// Default is the demo's incident: 40 practices, about 9,000 findings, six
// practices that delegate letters only, two that delegate nothing and one that
// has not answered.
func Default(discovered civil.Date) Params {
	return Params{
		IncidentID:  fmt.Sprintf("DEMO-%04d-%02d", discovered.Year, int(discovered.Month)),
		Practices:   40,
		People:      8_800,
		Seed:        demoSeed,
		Discovered:  discovered,
		Delegations: Delegations{Letters: 150, None: 50, Unanswered: 25},
		NonLatin:    true,
	}
}

// Validate says what is out of bounds, as a breach.Refusal.
func (p Params) Validate() error {
	refuse := func(advice, format string, args ...any) error {
		return breach.Refuse("synthetic_bounds", advice, format, args...)
	}
	d := p.Delegations
	switch {
	case !breach.IsIncidentID(p.IncidentID):
		return refuse("Use 1 to 64 letters, digits and dashes", "%q cannot be an incident's id", p.IncidentID)
	case p.Discovered.IsZero():
		return refuse("Give the day the incident was first known", "the incident has no day of discovery")
	case p.Practices < 1 || p.Practices > MaxPractices:
		return refuse(fmt.Sprintf("Ask for 1 to %d", MaxPractices), "%d practices cannot be made", p.Practices)
	case p.People < p.Practices:
		return refuse("Ask for at least as many people as practices",
			"%d people cannot fill %d practices, because every practice has at least one", p.People, p.Practices)
	case p.People > MaxPeople:
		return refuse(fmt.Sprintf("Ask for at most %d", MaxPeople), "%d people cannot be made", p.People)
	case p.UnprintableNames < 0 || p.UnprintableNames > p.People:
		return refuse("Ask for 0 up to the number of people",
			"%d of %d people cannot have an unprintable name", p.UnprintableNames, p.People)
	case d.Letters < 0 || d.None < 0 || d.Unanswered < 0 || d.Letters+d.None+d.Unanswered > 1000:
		return refuse("Give three shares of at least 0 that add up to 1000 or less",
			"the delegations do not add up: %d letters, %d none and %d unanswered of a thousand", d.Letters, d.None, d.Unanswered)
	}
	return nil
}

// Days after discovery on which the invented vendor learnt the rest.
const (
	notifiedAfter   = 2 // the one practice that was told early
	determinedAfter = 3
	scopeAfter      = 7
	mailAfter       = 35
)

// KnownBy is the last day on which something in the folder has happened. A
// folder read as of an earlier day has dates in the future.
func (p Params) KnownBy() civil.Date { return p.Discovered.AddDays(scopeAfter) }

// Write makes the case folder dir: incident.yaml, practices.csv, findings.csv.
// It streams, so memory grows with practices (some 400 bytes each) and
// hardly with people (one bit each, and four bytes for each who is a patient of
// several practices). A synthetic folder already there is replaced; anything else
// that already holds one of the three files is refused and left as it is.
func Write(dir string, p Params) (Made, error) {
	if err := p.Validate(); err != nil {
		return Made{}, err
	}
	if err := refuseForeignFolder(dir); err != nil {
		return Made{}, err
	}
	if _, err := outfolder.CleanTemps(dir); err != nil {
		return Made{}, err
	}
	plan := newPlan(p)
	// incident.yaml carries the mark of a synthetic folder, so it comes first: a
	// run killed half-way leaves a folder that the next run may replace.
	if err := writeFile(filepath.Join(dir, "incident.yaml"), plan.writeIncident); err != nil {
		return Made{}, err
	}
	if err := writeFile(filepath.Join(dir, "practices.csv"), plan.writePractices); err != nil {
		return Made{}, err
	}
	count := newCounter(plan)
	if err := writeFile(filepath.Join(dir, "findings.csv"), count.writeFindings); err != nil {
		return Made{}, err
	}
	return count.made(), nil
}
