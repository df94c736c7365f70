package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// TestAnInsurerIsNeverMetWithSilence: where a practice is an insurance licensee,
// every jurisdiction of its people has a rule for it, says that none was found as
// of a day, or asks for counsel.
func TestAnInsurerIsNeverMetWithSilence(t *testing.T) {
	t.Parallel()
	for _, code := range jurisdictions {
		for _, n := range []int{1, 250} {
			d := decide(stateCase(living(code, n), insurer))
			owed := slices.ContainsFunc(d.Obligations, func(o breach.Obligation) bool {
				return o.Kind == breach.RegulatorNotice && o.Jurisdiction == code && strings.Contains(o.Why+o.Rule+o.Recipient, "nsur")
			})
			said := slices.ContainsFunc(d.Warnings, func(w rules.Warning) bool {
				return strings.HasPrefix(w.Message, code+": ") && strings.Contains(w.Message, "insurance licensee") && (w.Code == "insurer_none_found" || w.Code == "needs_counsel")
			})
			below := n == 1 && slices.ContainsFunc(rules.Current().Rules(), func(r rules.Rule) bool {
				return r.Jurisdiction == code && strings.Contains(r.Text, "Only for insurance licensees")
			})
			byName := slices.ContainsFunc(d.Obligations, func(o breach.Obligation) bool {
				return slices.Contains([]string{"state.mn.regulator.commissioner_of_commerce", "state.vt.regulator.department_of_financial_regulation", "state.ny.regulator.department_of_financial_services"}, o.Rule)
			})
			require.True(t, owed || said || below || byName, "%s, %d people: %v", code, n, d.Warnings)
		}
	}
	for _, code := range []string{"FL", "CA", "AS"} {
		for _, w := range decide(stateCase(living(code, 1))).Warnings {
			require.NotContains(t, w.Message, "insurance licensees tell", "a practice that is none is not told of insurers")
		}
	}
}

func TestInsurersFilings(t *testing.T) {
	t.Parallel()
	at := func(state string) func(*rules.Subject) {
		return func(s *rules.Subject) { s.Practice.Insurer, s.Practice.State = breach.Yes, state }
	}
	for _, c := range []struct {
		name, rule, want string
		s                rules.Subject
	}{
		{"Delaware: three business days for any number", "de.regulator.insurance_commissioner", "2026-03-19", stateCase(living("DE", 1), insurer)},
		{"from the determination", "de.regulator.insurance_commissioner", "2026-04-07", stateCase(living("DE", 1), insurer, determined("2026-04-02"))},
		{"not by who is no insurer", "de.regulator.insurance_commissioner", "", stateCase(living("DE", 1))},
		{"before the Act", "de.regulator.insurance_commissioner", "", stateCase(living("DE", 1), insurer, found("2019-07-30"))},
		{"on its first day", "de.regulator.insurance_commissioner", "2019-08-05", stateCase(living("DE", 1), insurer, found("2019-07-31"))},
		{"Connecticut: three business days from discovery", "ct.regulator.insurance_commissioner", "2026-03-19", stateCase(living("CT", 250), insurer, determined("2026-04-02"))},
		{"Connecticut: 249 are not 250", "ct.regulator.insurance_commissioner", "", stateCase(living("CT", 249), insurer)},
		{"North Dakota: the earlier of what SB 2088 may say", "nd.regulator.insurance_commissioner", "2026-03-19", stateCase(living("ND", 250), insurer)},
		{"Michigan: ten business days", "mi.regulator.director_of_insurance", "2026-03-30", stateCase(living("MI", 250), insurer)},
		{"Minnesota: five business days", "mn.regulator.commissioner_of_commerce", "2026-03-23", stateCase(living("MN", 250), insurer)},
		{"Pennsylvania: five business days", "pa.regulator.insurance_commissioner", "2026-03-23", stateCase(living("PA", 250), insurer)},
		{"Missouri: 249 consumers and another domicile", "mo.regulator.department_of_commerce_and_insurance", "", stateCase(living("MO", 249), at("KS"))},
		{"Missouri: 250 consumers", "mo.regulator.department_of_commerce_and_insurance", "2026-03-20", stateCase(living("MO", 250), at("KS"))},
		{"Missouri: domicile, one consumer", "mo.regulator.department_of_commerce_and_insurance", "2026-03-20", stateCase(living("MO", 1), at("MO"))},
		{"Missouri: domicile, consumers elsewhere", "mo.regulator.department_of_commerce_and_insurance", "2026-03-20", stateCase(living("KS", 5), at("MO"))},
		{"health data is nonpublic information where it is no personal information", "sc.regulator.director_of_insurance", "2026-03-19", stateCase(living("SC", 250, "diagnosis"), insurer)},
		{"an excused entity is not excused from the insurance code", "tn.regulator.commissioner_of_insurance", "2026-03-19", stateCase(living("TN", 250), insurer)},
		{"Delaware: a year of monitoring, whatever the data", "de.insurer_credit_monitoring", "2026-05-15", stateCase(living("DE", 1, "diagnosis"), insurer)},
		{"not for an address", "de.insurer_credit_monitoring", "", stateCase(living("DE", 1, "address"), insurer)},
		{"not by who is no insurer", "de.insurer_credit_monitoring", "", stateCase(living("DE", 1, "ssn"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, due(t, c.s, "state."+c.rule))
		})
	}
	domiciled := byRule(t, stateCase(living("KS", 5), at("MO")))["state.mo.regulator.department_of_commerce_and_insurance"]
	require.Equal(t, []any{5, "an insurer in MO; determined 2026-03-16"}, []any{domiciled.Count, domiciled.Why})
	require.Contains(t, codes(decide(stateCase(living("DE", 1, "diagnosis"), insurer, offered(11)))), "credit_monitoring_short")
	require.NotContains(t, codes(decide(stateCase(living("DE", 1, "diagnosis"), insurer, offered(12)))), "credit_monitoring_short")
}
