package rules

import "duenotice/internal/civil"

// Every date from which a rule is in force, named once.
var (
	// breachRuleEffective is the first day of occurrence that subpart D
	// reaches (45 CFR 164.400).
	breachRuleEffective = civil.MustParse("2009-09-23")

	// omnibusCompliance is the day from which the 2013 amendments had to be
	// followed: the presumption of a breach, and the year of discovery instead
	// of the year of occurrence for the annual log (78 FR 5566, Jan. 25, 2013;
	// amendments of subpart D at 78 FR 5695).
	omnibusCompliance = civil.MustParse("2013-09-23")

	// part2Compliance is the day from which Part 2 programs must notify
	// breaches as covered entities do (89 FR 12472, Feb. 16, 2024).
	part2Compliance = civil.MustParse("2026-02-16")

	// secItem105Effective is the day from which Form 8-K Item 1.05 had to be
	// followed; smaller reporting companies had until June 15, 2024 (88 FR
	// 51896, Aug. 4, 2023).
	secItem105Effective = civil.MustParse("2023-12-18")

	// facilityFifteenDays is the first day of the 15 business days of California
	// Health & Safety Code 1280.15, five before it (AB 1755 of 2014; from memory).
	facilityFifteenDays = civil.MustParse("2015-01-01")

	// insurerNotice is the first day of the Washington row this reading was
	// compared with; the duty of insurers is older.
	insurerNotice = civil.MustParse("2020-03-01")

	// hospitalReports is the first day of the reports of 10 NYCRR 405.46.
	hospitalReports = civil.MustParse("2024-10-02")

	// ftcRuleEffective is the first day of 16 CFR part 318 (74 FR 42962, Aug. 25, 2009).
	ftcRuleEffective = civil.MustParse("2009-09-24")

	// fips1402Historical is the day on which NIST moved every remaining FIPS
	// 140-2 certificate to its historical list.
	fips1402Historical = civil.MustParse("2026-09-22")
)
