package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
)

// version names the rulebook by year and month of its last change, the second
// and later ones of a month with a number. A test refuses a rulebook whose hash
// changed under an old version; before a released one changes,
// internal/rulebooks/freeze keeps it as it is.
const version = "2026.11.2"

// Book is a rulebook: every rule in the order in which obligations are listed.
// It does not change once made and is safe for concurrent use.
type Book struct {
	rules   []*rule // all of them
	federal []*rule
	states  laws
	sha     string
}

// Current returns the rulebook of this program.
func Current() *Book { return current() }

var current = sync.OnceValue(func() *Book { return newBook(federalRules(), stateLaws()) })

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

func newBook(federal []*rule, states laws) *Book {
	b := &Book{rules: append(slices.Clone(federal), states.rules()...), federal: federal, states: states}
	canonical, err := json.Marshal([]any{b.Rules(), states.rows()})
	if err != nil {
		panic(fmt.Sprintf("rulebook cannot be written as JSON: %v", err)) // plain structs always can
	}
	sum := sha256.Sum256(canonical)
	b.sha = hex.EncodeToString(sum[:])
	return b
}

// Version names the rulebook, for example "2026.11".
func (b *Book) Version() string { return version }

// SHA256 is the hash of the canonical description of every rule: identity,
// text, citation, window and parameters, and of every State's row. It is recorded with each decision.
func (b *Book) SHA256() string { return b.sha }

// Rules describes every rule in the book's order.
func (b *Book) Rules() []Rule {
	list := make([]Rule, len(b.rules))
	for i, r := range b.rules {
		list[i] = r.Rule
		if list[i].Parameters == nil {
			list[i].Parameters = []Parameter{} // an empty list in JSON, not null
		}
	}
	return list
}
