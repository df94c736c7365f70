package states_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"duenotice/internal/rules/states"
)

func TestRowsOfThisProgramMayStand(t *testing.T) {
	t.Parallel()
	rows, err := states.Embedded()
	require.NoError(t, err)
	require.NotEmpty(t, rows)
}

// TestBadRowsAreRefusedWithFileAndLine breaks a good row in one place each.
func TestBadRowsAreRefusedWithFileAndLine(t *testing.T) {
	t.Parallel()
	good, err := os.ReadFile("tx.yaml")
	require.NoError(t, err)
	for _, c := range []struct{ name, old, changed, want string }{
		{"unknown jurisdiction", "jurisdiction: TX", "jurisdiction: ZZ", `tx.yaml:1: jurisdiction: unknown jurisdiction "ZZ"`},
		{"a row in another's file", "jurisdiction: TX", "jurisdiction: OK", "tx.yaml:1: jurisdiction: OK stands in a file named for TX"},
		{"missing citation", "  citation: Tex. Bus. & Com. Code 521.053\n", "", "tx.yaml:3: versions[0].citation: missing citation"},
		{"unknown key", "  harm_test:", "  harm_tset:", "unknown field"},
		{"comparator without threshold", "{op: '>=', n: 250, of: residents}", "{op: '>=', of: residents}", "threshold.op: comparator without threshold"},
		{"threshold without comparator", "{op: '>=', n: 250, of: residents}", "{n: 250}", "threshold.n: a number without comparator"},
		{"unknown comparator", "{op: '>=', n: 250", "{op: '≥', n: 250", "unknown comparator"},
		{"any with a number", "{op: '>=', n: 250", "{op: any, n: 250", "any has no number"},
		{"unknown thing counted", "n: 250, of: residents", "n: 250, of: citizens", `threshold.of: unknown word "citizens"`},
		{"unknown unit", "{n: 30, unit: days", "{n: 30, unit: fortnights", `unknown unit "fortnights"`},
		{"unknown trigger", "unit: days, trigger: determined}]\n    form", "unit: days, trigger: noticed}]\n    form", `unknown trigger "noticed"`},
		{"a unit without its number", "[{n: 30, unit: days,", "[{unit: days,", "days need a number"},
		{"no clock", "due: [{n: 30, unit: days, trigger: determined}]", "due: []", "write at least one clock"},
		{"letters that wait for letters", "due: [{n: 60, unit: days, trigger: determined}]", "due: [{unit: with_letters}]", "the letters cannot wait for the letters"},
		{"unknown agency condition", "    form: electronic form", "    if: sometimes\n    form: electronic form", `if: unknown word "sometimes"`},
		{"no agency", "  - id: attorney_general", "  - id: Attorney General", "is not an identifier"},
		{"unknown data class", "classes: [ssn]", "classes: [ssm]", `unknown data class "ssm"`},
		{"health data contradicted", "health_data: yes", "health_data: no", "no, but an element names health data"},
		{"a condition that is taken for certain", "    note: persons to be", "    where: the letter says so\n    note: persons to be", "what a case folder does not tell cannot be verified"},
		{"unknown confidence", "confidence: verified", "confidence: partly", `confidence: unknown word "partly"`},
		{"a date that does not exist", "2023-09-01", "2023-02-29", "2023-02-29"},
		{"an end before the beginning", "  statute:", "  effective_to: 2023-09-01\n  statute:", "is not after effective_from"},
		{"exempt, but something stays", "    exempt: no", "    exempt: yes", "but the entity is exempt"},
		{"unknown item of a letter", "requires: []", "requires: [{item: poem, says: a poem}]", `unknown item "poem"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(string(good), c.old, c.changed, 1)
			require.NotEqual(t, string(good), text, "the row must be broken")
			_, err := states.Load(fstest.MapFS{"tx.yaml": {Data: []byte(text)}})
			require.ErrorContains(t, err, c.want)
			require.Regexp(t, `^tx\.yaml:\d+: `, err.Error())
		})
	}
}

func TestVersionsMayNeitherOverlapNorLeaveAGap(t *testing.T) {
	t.Parallel()
	good, err := os.ReadFile("ny.yaml")
	require.NoError(t, err)
	for to, want := range map[string]string{"2025-03-22": "overlapping effective windows", "2025-03-20": "a gap: no version is in force"} {
		text := strings.Replace(string(good), "effective_to: 2025-03-21", "effective_to: "+to, 1)
		_, err := states.Load(fstest.MapFS{"ny.yaml": {Data: []byte(text)}})
		require.ErrorContains(t, err, want)
		require.Regexp(t, `^ny\.yaml:\d\d+: versions\[1\]\.effective_from: `, err.Error(), "at the second version's line")
	}
}
