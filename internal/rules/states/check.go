package states

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"duenotice/internal/breach"
)

func (c *check) row(r Row, name string) {
	if !breach.IsState(r.Jurisdiction) {
		c.bad("jurisdiction", "unknown jurisdiction %q; write the two-letter code of a State of 45 CFR 160.103", r.Jurisdiction)
	} else if r.Jurisdiction != name {
		c.bad("jurisdiction", "%s stands in a file named for %s", r.Jurisdiction, name)
	}
	if len(r.Versions) == 0 {
		c.bad("versions", "no version; write at least one")
	}
	for i, v := range r.Versions {
		at := fmt.Sprintf("versions[%d]", i)
		c.version(at, v)
		if i == 0 {
			continue
		}
		switch before := r.Versions[i-1]; {
		case before.EffectiveTo.IsZero() || v.EffectiveFrom.Before(before.EffectiveTo):
			c.bad(at+".effective_from", "overlapping effective windows: this version begins on %s, before the one above it ends", v.EffectiveFrom)
		case v.EffectiveFrom.After(before.EffectiveTo):
			c.bad(at+".effective_from", "a gap: no version is in force from %s until %s", before.EffectiveTo, v.EffectiveFrom)
		}
		if v.Before != "" {
			c.bad(at+".before", "only the first version has a before")
		}
	}
}

func (c *check) version(at string, v Version) {
	c.needed(at+".statute", v.Statute)
	if strings.TrimSpace(v.Citation) == "" {
		c.bad(at+".citation", "missing citation; name the section the duties stand in")
	}
	if v.EffectiveFrom.IsZero() {
		c.bad(at+".effective_from", "missing; the first day on which the version is in force")
	}
	if !v.EffectiveTo.IsZero() && !v.EffectiveTo.After(v.EffectiveFrom) {
		c.bad(at+".effective_to", "%s is not after effective_from; it is the first day on which the version no longer is in force", v.EffectiveTo)
	}
	if v.AsOf.IsZero() {
		c.bad(at+".as_of", "missing; the day on which the reading was last compared with a source")
	}
	if v.Confidence == "" {
		c.bad(at+".confidence", "missing; verified or unverified")
	}
	c.confidence(at+".confidence", v.Confidence)
	c.oneOf(at+".judged_by", v.JudgedBy, judges)
	c.oneOf(at+".before", v.Before, []string{"", NothingBefore})
	if len(v.Sources) == 0 {
		c.bad(at+".sources", "missing; say where it was seen")
	}
	c.oneOf(at+".binds.practices", string(v.Binds.Practices), []string{"", "yes", "no", "unknown"})
	if v.Binds.Practices == No {
		c.needed(at+".binds.who", v.Binds.Who)
	}
	c.oneOf(at+".harm_test.exists", string(v.HarmTest.Exists), []string{"yes", "no", "unknown"})
	c.personal(at+".personal_information", v.PersonalInformation)
	c.hipaa(at+".hipaa", v.HIPAA)

	c.clocks(at+".individuals.due", v.Individuals.Due)
	for i, clock := range v.Individuals.Due {
		if clock.ByTheLetters() || clock.Trigger == LettersMailed {
			c.bad(fmt.Sprintf("%s.individuals.due[%d]", at, i), "the letters cannot wait for the letters")
		}
	}
	c.confidence(at+".individuals.confidence", v.Individuals.Confidence)
	if o := v.DataOwner; o != nil {
		c.clocks(at+".data_owner.due", o.Due)
		for i, clock := range o.Due {
			if clock.ByTheLetters() || !slices.Contains([]string{Discovered, Determined}, clock.Trigger) {
				c.bad(fmt.Sprintf("%s.data_owner.due[%d].trigger", at, i), "a vendor's clock starts with what it knows itself: discovered or determined")
			}
		}
		c.confidence(at+".data_owner.confidence", o.Confidence)
	}
	c.insurers(at+".insurers", v)
	ids := map[string]bool{}
	for i, r := range v.Regulators {
		c.regulator(fmt.Sprintf("%s.regulators[%d]", at, i), r, ids)
	}
	if b := v.Bureaus; b != nil {
		at := at + ".consumer_reporting_agencies"
		c.threshold(at+".threshold", b.Threshold)
		c.clocks(at+".due", b.Due)
		c.confidence(at+".confidence", b.Confidence)
		if b.Where != "" && b.Confidence != breach.Unverified {
			c.bad(at+".where", "what a case folder does not tell cannot be verified; write confidence: unverified")
		}
	}
	for key, m := range map[string]*Monitoring{".credit_monitoring": v.CreditMonitoring, ".insurer_credit_monitoring": v.InsurerMonitoring} {
		if m == nil {
			continue
		}
		at := at + key
		if m.Months < 1 {
			c.bad(at+".months", "write the number of months, at least 1")
		}
		c.classes(at+".any_of", m.AnyOf)
		if len(m.AnyOf) == 0 {
			c.bad(at+".any_of", "missing; the data classes that call for it")
		}
		c.confidence(at+".confidence", m.Confidence)
	}
	for i, item := range v.Letter.Requires {
		c.content(fmt.Sprintf("%s.letter.requires[%d]", at, i), item)
	}
	for i, item := range v.Letter.Forbids {
		c.content(fmt.Sprintf("%s.letter.forbids[%d]", at, i), item)
	}
	c.confidence(at+".letter.confidence", v.Letter.Confidence)
}

func (c *check) personal(at string, p PersonalInformation) {
	c.oneOf(at+".health_data", string(p.HealthData), []string{"yes", "no", "part"})
	if len(p.Elements) == 0 {
		c.bad(at+".elements", "missing; the data elements of the definition")
	}
	alone, some := false, false
	health := breach.SetOf("diagnosis")
	for i, e := range p.Elements {
		at := fmt.Sprintf("%s.elements[%d]", at, i)
		c.classes(at+".classes", e.Classes)
		c.classes(at+".with", e.With)
		c.needed(at+".says", e.Says)
		alone = alone || (len(e.With) == 0 && Set(e.Classes)&health != 0)
		some = some || Set(e.Classes)&Set([]string{"any_phi"}) != 0
	}
	switch {
	case p.HealthData == Yes && !alone:
		c.bad(at+".health_data", "yes, but no element names health data alone")
	case p.HealthData == No && some:
		c.bad(at+".health_data", "no, but an element names health data")
	case p.HealthData == Part && (alone || !some):
		c.bad(at+".health_data", "part, but the elements name all health data, or none")
	}
}

func (c *check) hipaa(at string, h HIPAA) {
	c.oneOf(at+".exempt", string(h.Exempt), []string{"yes", "no", "unknown"})
	c.needed(at+".basis", h.Basis)
	excused := false
	for _, duty := range []struct {
		key    string
		answer Answer
	}{{".letter", h.Letter}, {".regulators", h.Regulators}, {".bureaus", h.Bureaus}, {".credit_monitoring", h.CreditMonitoring}} {
		c.oneOf(at+duty.key, string(duty.answer), []string{"yes", "no", "unknown", "doubtful"})
		excused = excused || duty.answer == Yes
		if h.Exempt == Yes && duty.answer != Yes {
			c.bad(at+duty.key, "%s, but the entity is exempt", duty.answer)
		}
	}
	c.oneOf(at+".clock_stays", string(h.ClockStays), []string{"", "yes", "no"})
	c.classes(at+".limited_to", h.LimitedTo)
	for i, who := range h.Reaches {
		c.oneOf(fmt.Sprintf("%s.reaches[%d]", at, i), who, reached)
	}
	if excused {
		c.oneOf(at+".condition", h.Condition, excuses)
		if len(h.Reaches) == 0 {
			c.bad(at+".reaches", "something is excused; say whom the clause reaches: %s", strings.Join(reached, ", "))
		}
	}
	c.confidence(at+".confidence", h.Confidence)
}

// insurers: silence would be taken for "nothing".
func (c *check) insurers(at string, v Version) {
	c.oneOf(at+".answer", v.Insurers.Answer, insurers)
	byRow := slices.ContainsFunc(v.Regulators, func(r Regulator) bool { return r.If == Insurer })
	switch {
	case v.Insurers.Answer == NoneFound && byRow:
		c.bad(at+".answer", "none_found, but a regulator below is told by insurers; write rule, or counsel")
	case v.Insurers.Answer != ByRule:
		c.needed(at+".says", v.Insurers.Says)
	case !byRow && c.file != "wa.yaml": // Washington's rule is in code
		c.bad(at+".answer", "rule, but no regulator has if: insurer")
	}
}

var identifier = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (c *check) regulator(at string, r Regulator, ids map[string]bool) {
	if !identifier.MatchString(r.ID) {
		c.bad(at+".id", "%q is not an identifier of small letters, digits and _, for example attorney_general", r.ID)
	}
	if ids[r.ID] {
		c.bad(at+".id", "%s stands above already; each filing has a name of its own", r.ID)
	}
	ids[r.ID] = true
	c.needed(at+".name", r.Name)
	c.oneOf(at+".if", r.If, conditions)
	c.oneOf(at+".hipaa", string(r.HIPAA), []string{"", "yes", "no", "unknown", "doubtful"})
	c.threshold(at+".threshold", r.Threshold)
	c.oneOf(at+".domicile", string(r.Domicile), []string{"", "yes"})
	if r.Domicile == Yes && r.If != Insurer {
		c.bad(at+".domicile", "only a licensee's domicile is asked; write if: insurer")
	}
	c.clocks(at+".due", r.Due)
	c.confidence(at+".confidence", r.Confidence)
}

func (c *check) threshold(at string, t Threshold) {
	switch {
	case t.Op == "" && t.N != nil:
		c.bad(at+".n", "a number without comparator; write op: one of %s", strings.Join(operators, " "))
	case t.Op == "":
		c.bad(at+".op", "missing; one of %s", strings.Join(operators, " "))
	case !slices.Contains(operators, t.Op):
		c.bad(at+".op", "unknown comparator %q; one of %s", t.Op, strings.Join(operators, " "))
	case t.Op == Any && t.N != nil:
		c.bad(at+".n", "any has no number; one resident is enough")
	case t.Op != Any && t.N == nil:
		c.bad(at+".op", "comparator without threshold; write n")
	case t.Op != Any && *t.N < 1:
		c.bad(at+".n", "%d is no threshold", *t.N)
	}
	c.oneOf(at+".of", t.Of, counted)
}

func (c *check) clocks(at string, clocks []Clock) {
	if len(clocks) == 0 {
		c.bad(at, "missing; write at least one clock, unit none where the law gives no number")
	}
	for i, k := range clocks {
		at := fmt.Sprintf("%s[%d]", at, i)
		switch {
		case slices.Contains(numbered, k.Unit):
			if k.N == nil || *k.N < 1 {
				c.bad(at+".n", "%s need a number of at least 1", k.Unit)
			}
		case k.Unit == Promptly || k.ByTheLetters():
			if k.N != nil {
				c.bad(at+".n", "%s has no number", k.Unit)
			}
		default:
			c.bad(at+".unit", "unknown unit %q; one of %s %s %s", k.Unit, strings.Join(numbered, " "), Promptly, strings.Join(byLetters, " "))
		}
		switch {
		case k.ByTheLetters() && k.Trigger != "":
			c.bad(at+".trigger", "%s stands by the letters and has no trigger", k.Unit)
		case !k.ByTheLetters() && !slices.Contains(triggers, k.Trigger):
			c.bad(at+".trigger", "unknown trigger %q; one of %s", k.Trigger, strings.Join(triggers, " "))
		}
	}
}

func (c *check) content(at string, item Content) {
	if _, known := Items[item.Item]; !known {
		c.bad(at+".item", "unknown item %q of a letter; the words are in words.go", item.Item)
	}
	c.needed(at+".says", item.Says)
}

func (c *check) classes(at string, words []string) {
	for i, word := range words {
		if _, group := Groups[word]; !group && !breach.DataClass(word).Known() {
			c.bad(fmt.Sprintf("%s[%d]", at, i), "unknown data class %q; use a word of the case folder, or health, or any_phi", word)
		}
	}
}

func (c *check) confidence(at, word string) {
	c.oneOf(at, word, []string{"", breach.Verified, breach.Unverified})
}

func (c *check) needed(at, text string) {
	if strings.TrimSpace(text) == "" {
		c.bad(at, "missing")
	}
}

func (c *check) oneOf(at, word string, words []string) {
	if !slices.Contains(words, word) {
		c.bad(at, "unknown word %q; one of %s", word, strings.Join(slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" }), " "))
	}
}
