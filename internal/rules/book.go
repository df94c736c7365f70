package rules

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// version names the rulebook by year and month of its last change, the second
// and later ones of a month with a number. Once a rulebook was kept
// (internal/rulebooks), whatever changes it needs another version here, and a
// test refuses it otherwise.
const version = "2026.11.2"

// Book is a rulebook: every rule in the order in which obligations are listed.
// It does not change once made and is safe for concurrent use.
type Book struct {
	manifest Manifest
	logic    logic
	rules    []*rule // all of them
	federal  []*rule // those in code
	states   laws
	sha      string
}

// Current returns the rulebook of this program.
func Current() *Book { return current() }

var current = sync.OnceValue(func() *Book {
	logic := present()
	files, err := files(logic.inCode)
	if err != nil {
		panic(fmt.Sprintf("the rulebook's data cannot be read: %v", err)) // it is part of the program
	}
	return newBook(manifestOf(version, logic.name, files), logic, logic.inCode, stateLaws())
})

// federalRules lists the federal rules. Obligations stand in this order in
// every plan: notice to the practice, letters, media, the Secretary.
func federalRules() []*rule {
	return []*rule{
		applicability, breachDefinition,
		goodFaithWorkforce, inadvertentAuthorized, notRetained,
		riskAssessment, unsecured,
		discoveryByEntity, discoveryByAssociate,
		stateDefinition, longDead, countingEntity, lawEnforcementOfficial, lawEnforcementDelay,
		businessAssociateNotice, contractWindow, associateUpdate,
		individualNotice, urgentNotice, substituteNotice, substituteKept, mediaNotice,
		secretaryImmediate, secretaryAnnualLog, secretaryAddendum,
		part2Immediate, part2AnnualLog, part2Addendum,
		facilityDepartment, facilityPatient, washingtonInsurer, newYorkHospital,
		secForm8K, ftcHealthRecords,
		personalRepresentatives, confidentialAddresses, accounting, burdenOfProof, retention, lateness,
	}
}

func newBook(m Manifest, l logic, inCode []*rule, states laws) *Book {
	return &Book{manifest: m, logic: l, rules: append(slices.Clone(inCode), states.rules()...), federal: inCode, states: states, sha: m.SHA256()}
}

// Version names the rulebook, for example "2026.11".
func (b *Book) Version() string { return b.manifest.Version }

// SHA256 is the hash of the rulebook's manifest: the logic's name and each file
// of data. It is recorded with each decision.
func (b *Book) SHA256() string { return b.sha }

// Manifest says which logic and which data the rulebook is.
func (b *Book) Manifest() Manifest { return b.manifest }

// Rules describes every rule in the book's order.
func (b *Book) Rules() []Rule { return descriptions(b.rules) }

// Descriptions is the content of the book's DescriptionsFile.
func (b *Book) Descriptions() ([]byte, error) { return describe(b.federal) }

func describe(inCode []*rule) ([]byte, error) {
	return json.MarshalIndent(descriptions(inCode), "", "  ")
}

func descriptions(rules []*rule) []Rule {
	list := make([]Rule, len(rules))
	for i, r := range rules {
		list[i] = r.Rule
		if list[i].Parameters == nil {
			list[i].Parameters = []Parameter{} // an empty list in JSON, not null
		}
	}
	return list
}
