package evidence_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/cases"
	"duenotice/internal/civil"
	"duenotice/internal/evidence"
	"duenotice/internal/ledger"
)

// The evidence is made whatever somebody typed, and has it as it was typed.
func TestThePackIsMadeWhateverSomebodyTyped(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string]struct{ who, reference string }{
		"act-name":        {"Jos\uFFFD", "TODO: the receipt [NUMBER] {{.X}} %!s"}, // as an earlier program took it
		"act-name-script": {"王小明", "receipt → file 🙂 \u202e\u0007"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, report, err := casefolder.Read(t.Context(), cases.Folder(t, name), civil.MustParse("2026-11-28"), nil)
			require.NoError(t, err)
			require.False(t, report.Refused())
			f := newFixture(t)
			statement := map[string]any{"act": "hold", "terms": map[string]any{"Hold": breach.Hold{
				Kind: breach.OralHold, StatedOn: discovered, Official: typed.who, Agency: typed.reference, Statement: strings.Repeat("王", 3000),
			}}}
			f.add(t, "P1", ledger.Body{Kind: ledger.KindAct, Who: typed.who, Ref: "a-3"}, statement)
			f.add(t, "P1", ledger.Body{Kind: ledger.KindAct, Who: typed.who, Ref: "a-4"}, map[string]any{"act": "record", "terms": map[string]any{
				"Record": map[string]any{"Fact": map[string]any{"fact": "acknowledged", "on": "2026-05-20", "reference": typed.reference}},
			}})
			f.anchor(t)
			source := f.source("P1")
			source.Incident.Incident, source.Practice.Practice = c.Incident, c.Practices[0]
			source.Incident.Incident.ID = "EX-1" // the ledger's
			pack, err := evidence.Build(source, f.input())
			require.NoError(t, err)
			_, err = evidence.VerifyBytes(pack, f.trust())
			require.NoError(t, err)
			content := unpack(t, pack).bytes
			require.NotEmpty(t, content["binder.pdf"])
			var ledgerText string
			for name, b := range content {
				if strings.HasSuffix(name, ".jsonl") {
					ledgerText += string(b)
				}
			}
			require.Contains(t, ledgerText, typed.who, "the ledger has it as it was typed")
		})
	}
}
