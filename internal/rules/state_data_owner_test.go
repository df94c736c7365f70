package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/rules"
)

// TestAVendorsOwnStateClocks: the business associate owes the owner of the data
// notice by the State's own day, beside 45 CFR 164.410.
func TestAVendorsOwnStateClocks(t *testing.T) {
	t.Parallel()
	owner := func(s *rules.Subject) { s.Incident.Entity.Role = breach.CoveredEntity }
	notAgent := func(s *rules.Subject) { s.Practice.Agent = breach.No }
	for _, c := range []struct {
		name, state, want string
		s                 rules.Subject
	}{
		{"Florida: 10 days", "fl", "2026-03-26", stateCase(living("FL", 1))},
		{"Alabama: 10 days", "al", "2026-03-26", stateCase(living("AL", 1))},
		{"Maryland: 10 days", "md", "2026-03-26", stateCase(living("MD", 1))},
		{"Oregon: 10 days", "or", "2026-03-26", stateCase(living("OR", 1))},
		{"New York: 30 days", "ny", "2026-04-15", stateCase(living("NY", 1))},
		{"Ohio: no number, HIPAA's outer limit", "oh", "2026-05-15", stateCase(living("OH", 1))},
		{"Georgia's law is for brokers", "ga", "", stateCase(living("GA", 1))},
		{"Texas: none of its own was seen", "tx", "", stateCase(living("TX", 1))},
		{"a resident whose data is not the law's business", "fl", "", stateCase(living("FL", 1, "address"))},
		{"of another State", "fl", "", stateCase(living("GA", 1))},
		{"a covered entity keeps its own data", "fl", "", stateCase(living("FL", 1), owner)},
		{"the vendor's own discovery, though the practice knows nothing yet", "fl", "2026-03-26", stateCase(living("FL", 1), notAgent)},
		{"a later determination does not help: reason to believe is enough", "fl", "2026-03-26", stateCase(living("FL", 1), determined("2026-04-02"))},
		{"a hold of the notice to the practice moves no day of the State", "fl", "2026-03-26", stateCase(living("FL", 1), hold("written", "2026-03-17", "2026-06-01"))},
		{"before New York had thirty days for vendors", "ny", "2024-12-31", stateCase(living("NY", 1), found("2024-12-01"))},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, due(t, c.s, "state."+c.state+".data_owner"))
		})
	}
	s := stateCase(living("FL", 2), living("NY", 3))
	owed := byRule(t, s)
	require.Equal(t, breach.Obligation{
		Rule: "state.fl.data_owner", Kind: "data_owner_notice", Regime: "state", Jurisdiction: "FL", Recipient: "Example Clinic", Count: 2,
		Trigger: "discovered", Clock: "10 days", Due: day("2026-03-26"), Citation: "Fla. Stat. 501.171(6)",
		Why: "2 residents of FL with personal information; discovered 2026-03-16 by the business associate", Confidence: "verified",
	}, owed["state.fl.data_owner"])
	require.Equal(t, "Vendor's notice to the practice (FL)", owed["state.fl.data_owner"].Title())
	require.Equal(t, breach.Unverified, owed["state.ny.data_owner"].Confidence)
	only(t, decide(s), breach.CoveredEntityNotice)

	on, done := rules.Settled(owed["state.fl.data_owner"], rules.Progress{Discovered: s.Incident.Discovered, Facts: breach.Facts{{Kind: breach.PracticeNotified, On: day("2026-03-20")}}})
	require.Equal(t, []any{day("2026-03-20"), true}, []any{on.On, done}, "the notice to the practice is this notice too")

	held := byRule(t, stateCase(living("FL", 1), hold("written", "2026-03-17", "2026-06-01")))["state.fl.data_owner"]
	require.Equal(t, []string{"2026-06-01", breach.Unverified}, []string{held.NotBefore.String(), held.Confidence})
	require.Contains(t, held.Why, "counsel's question")
}
