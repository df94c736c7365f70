package casebook_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

func TestWhatNobodyCouldReadIsRefusedWhenItIsTyped(t *testing.T) {
	t.Parallel()
	record := func(who, reference string) casebook.Act {
		return casebook.Act{Kind: casebook.ActRecord, Who: who, Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.Acknowledged, Reference: reference}}}
	}
	for _, act := range []casebook.Act{
		record("Ada Rivera", ""), record("王小明", "receipt → file"), record("José 🙂", "a line\nand another"),
		{Who: "Ada", Hold: &breach.Hold{Official: "A. Example", Statement: "It would impede us.\n"}},
	} {
		require.NoError(t, act.Readable())
	}
	for option, act := range map[string]casebook.Act{
		"--by":        record("Jos\xe9", ""),
		"--reference": record("Ada", "Jos\uFFFD"),
		"--statement": {Who: "Ada", Hold: &breach.Hold{Statement: "a\x00b"}},
		"--official":  {Who: "Ada", Hold: &breach.Hold{Official: "\u202eevA"}},
		"--to":        {Who: "Ada", HandOver: &casebook.HandOverTerms{To: "a\x1b[31mb"}},
		"--factors":   {Who: "Ada", Assess: &casebook.AssessTerms{Factors: breach.Factors{Mitigation: "\xff"}}},
		"--matter":    {Who: "Ada", LegalHold: &casebook.LegalHoldTerms{Matter: "\xff"}},
	} {
		refusal, ok := breach.AsRefusal(act.Readable())
		require.True(t, ok, option)
		require.Equal(t, "unreadable_text", refusal.Code)
		require.Contains(t, refusal.Message, option)
	}
	// The name of who acts is compared with others': it must be one that is told apart.
	refusal, ok := breach.AsRefusal(record("Ada\u200d Rivera", "").Readable())
	require.True(t, ok)
	require.Equal(t, "unclear_name", refusal.Code)
	require.Contains(t, refusal.Message, "--by")
}
