package rules

import (
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

/*
42 CFR 2.16(b) applies the breach notification provisions of 45 CFR part 160
and subpart D of part 164 to part 2 programs, for breaches of unsecured
records, in the same manner as they apply to a covered entity (our words: the
section's own text was not at hand when this was written). HHS has a portal of
its own for these reports and says that an incident that is both is reported
separately as each.
*/
var part2Immediate = &rule{
	Rule: part2Rule("immediate", "Part 2 report, 500 or more",
		"A Part 2 program whose substance use disorder records are in the breach files a second report with HHS, through the Part 2 portal, beside HIPAA's: with the letters when 500 or more people are affected.",
		Parameter{"individuals", fmt.Sprintf(">= %d, per counting entity", secretaryFrom)}),
	judgedBy: discovered,
	applies:  func(m *matter) bool { return owesPartTwo(m) && m.counted.People >= secretaryFrom },
	evaluate: func(m *matter) []breach.Obligation { return []breach.Obligation{forPartTwo(withTheLetters(m))} },
}

var part2AnnualLog = &rule{
	Rule: part2Rule("annual_log", "Part 2 annual log, fewer than 500",
		"A Part 2 program whose substance use disorder records are in the breach files a second report with HHS, through the Part 2 portal, beside HIPAA's: by 60 days after the end of the year of discovery when fewer than 500 people are affected.",
		Parameter{"individuals", fmt.Sprintf("< %d, per counting entity", secretaryFrom)}),
	judgedBy: discovered,
	applies: func(m *matter) bool {
		return owesPartTwo(m) && m.counted.People >= 1 && m.counted.People < secretaryFrom
	},
	evaluate: func(m *matter) []breach.Obligation { return []breach.Obligation{forPartTwo(afterYearEnd(m))} },
}

func part2Rule(form, title, text string, threshold Parameter) Rule {
	return Rule{
		ID: "part2.2.16." + form, Regime: regimePart2, Jurisdiction: federal, Kind: breach.HHSNotice,
		Title: title, Text: text,
		Citation: "42 CFR 2.16(b)", Authority: "42 U.S.C. 290dd-2(j); 89 FR 12472",
		EffectiveFrom: part2Compliance, AsOf: asOf,
		// The second report is verified; that subpart D's clocks carry over is from memory.
		Confidence: unverified,
		Parameters: []Parameter{threshold},
	}
}

// discovered judges a duty that arises with discovery: a breach discovered
// once programs had to comply is reported, whenever it occurred.
func discovered(m *matter) civil.Date {
	if m.entityDiscovery.on.IsZero() {
		return m.Incident.Discovered
	}
	return m.entityDiscovery.on
}

// partTwo reports whether the practice is a Part 2 program whose records are involved.
func partTwo(p breach.Practice, t breach.Tally) bool {
	return p.Part2Program == breach.Yes && t.Classes["substance_use_disorder"] > 0
}

// owesPartTwo: the report stands once, under the leading practice, when any
// practice of the counting entity is such a program.
func owesPartTwo(m *matter) bool {
	if !m.leads {
		return false
	}
	owes := partTwo(m.Practice, m.Tally)
	for _, p := range m.Peers {
		owes = owes || p.Part2
	}
	return owes
}

func forPartTwo(o breach.Obligation) breach.Obligation {
	o.Recipient = "Secretary of Health and Human Services, Part 2 portal"
	o.Why += "; substance use disorder records of a Part 2 program, reported beside HIPAA's report"
	return o
}
