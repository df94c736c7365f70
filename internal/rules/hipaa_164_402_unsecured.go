package rules

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
)

/*
45 CFR 164.402: "Unsecured protected health information means protected health
information that is not rendered unusable, unreadable, or indecipherable to
unauthorized persons through the use of a technology or methodology specified
by the Secretary in the guidance issued under section 13402(h)(2) of Public
Law 111-5."

The guidance (74 FR 42742-42743): encrypted as 45 CFR 164.304 defines it, with
the decryption process or key not itself breached, at rest consistent with NIST
SP 800-111, in motion with 800-52, 800-77 or 800-113 or otherwise validated
under FIPS 140; or destroyed, paper beyond reading or reconstruction, media
cleared, purged or destroyed per NIST SP 800-88. Redaction is excluded as a
means of destruction.
*/
var unsecured = &rule{Rule: Rule{
	ID: "hipaa.164.402.unsecured", Regime: regimeHIPAA, Jurisdiction: federal, Kind: "safe_harbor",
	Title:    "Unsecured protected health information",
	Text:     "Only unsecured information has to be notified. It is secured when it was encrypted to a named standard and the keys are known not to be compromised, or destroyed to a named standard. Keys nobody is sure about count as compromised. Redaction is not destruction.",
	Citation: "45 CFR 164.402, unsecured protected health information", Authority: "42 U.S.C. 17932(h); HHS guidance, 74 FR 42742",
	EffectiveFrom: breachRuleEffective, AsOf: asOf, Confidence: verified,
	Parameters: []Parameter{
		{"encryption_standards", strings.Join(encryptionStandards, ", ")},
		{"destruction_standards", strings.Join(destructionStandards, ", ")},
	},
}}

// The standards the guidance names, as marks looked for in what was written down.
var (
	encryptionStandards  = []string{"800-111", "800-52", "800-77", "800-113", "140"}
	destructionStandards = []string{"800-88", "shred", "incinerat", "pulveri", "pulp"}
)

// secured ends the matter when the safe harbor is met, and says what is
// missing when it was claimed and is not.
func secured(m *matter) verdict {
	i := m.Incident
	standard := strings.TrimSpace(i.DataSecurityStandard)
	switch i.DataSecurity {
	case breach.Encrypted:
		switch {
		case standard == "":
			return notSecured("data_security is encrypted but data_security_standard names no standard")
		case i.KeysCompromised != breach.No:
			return notSecured("data_security is encrypted but keys_compromised is not \"no\"; keys that are compromised, or may be, secure nothing")
		}
		return verdict{
			reason:   fmt.Sprintf("secured: encrypted, %s, keys not compromised", standard),
			warnings: standardWarnings(m, standard, encryptionStandards),
		}
	case breach.Destroyed:
		switch {
		case standard == "":
			return notSecured("data_security is destroyed but data_security_standard names no standard")
		case strings.Contains(strings.ToLower(standard), "redact"):
			return notSecured("redaction is not destruction")
		}
		return verdict{reason: "secured: destroyed, " + standard, warnings: standardWarnings(m, standard, destructionStandards)}
	}
	return verdict{}
}

func notSecured(why string) verdict {
	return verdict{warnings: []Warning{{"not_secured", why + "; the information counts as unsecured (HHS guidance, 74 FR 42742)"}}}
}

func standardWarnings(m *matter, standard string, named []string) []Warning {
	var warnings []Warning
	if !containsAny(strings.ToLower(standard), named) {
		warnings = append(warnings, Warning{"standard_unrecognized", fmt.Sprintf(
			"the standard %q is none that the HHS guidance names; let counsel confirm it before relying on it", standard)})
	}
	if strings.Contains(standard, "140-2") && !m.occurred().Before(fips1402Historical) {
		warnings = append(warnings, Warning{"fips_140_2_historical", fmt.Sprintf(
			"FIPS 140-2 certificates are historical since %s; record the certificate's number and status on the day of the incident and let counsel confirm", fips1402Historical)})
	}
	return warnings
}

func containsAny(s string, marks []string) bool {
	for _, mark := range marks {
		if strings.Contains(s, mark) {
			return true
		}
	}
	return false
}
