package rules

// verdict says whether there is a breach to notify for one practice.
type verdict struct {
	notifiable bool
	reason     string
	warnings   []Warning
	// noHarm: it is not because a low probability of compromise was demonstrated.
	noHarm bool
}

// verdictOn goes through the definition in the regulation's own order: is the
// subpart in effect, is it excluded, was the information unsecured, is a low
// probability demonstrated. Anything not demonstrated leaves the presumption
// standing (45 CFR 164.402(2), 164.414(b)).
func verdictOn(m *matter) verdict {
	presumed := verdict{notifiable: true, reason: "presumed breach"}
	for _, test := range []func(*matter) verdict{beforeSubpartD, excluded, secured, lowProbability} {
		v := test(m)
		v.warnings = append(presumed.warnings, v.warnings...)
		if v.reason != "" {
			return v
		}
		presumed.warnings = v.warnings
	}
	if m.affected() == 0 {
		return verdict{reason: "nobody found", warnings: presumed.warnings}
	}
	return presumed
}
