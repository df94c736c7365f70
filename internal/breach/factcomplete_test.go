package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

func TestAFactSaysEnoughAndNoMore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact breach.Fact
		code string
	}{
		{breach.Fact{Kind: breach.PracticeMailed, Count: 12}, ""},
		{breach.Fact{Kind: breach.PracticeMailed}, "no_count"},
		{breach.Fact{Kind: breach.HHSFiled, Reference: "123"}, ""},
		{breach.Fact{Kind: breach.HHSFiled}, "no_reference"},
		{breach.Fact{Kind: breach.HHSAddendum, Reference: "123"}, "no_count"},
		{breach.Fact{Kind: breach.MediaSent}, ""},
		{breach.Fact{Kind: breach.MediaSent, Count: 12}, "no_number"},
		{breach.Fact{Kind: breach.RegulatorNotified, Count: 12}, ""},
		{breach.Fact{Kind: breach.ClockOverride}, "no_reference"},
		{breach.Fact{Kind: breach.MediaSent, Batch: "001"}, "no_batch"},
		{breach.Fact{Kind: breach.AgencyDetermined, Answer: "perhaps"}, "no_answer"},
		{breach.Fact{Kind: breach.PostingStarted, URL: "https://oakstreet.example.org"}, ""},
		{breach.Fact{Kind: breach.PostingStarted, URL: "https://oakstreet.example.org", Answer: breach.MediaInstead}, "no_url"},
		{breach.Fact{Kind: breach.TollFreeStarted, URL: "https://oakstreet.example.org"}, "no_url"},
		{breach.Fact{Kind: breach.PostingStarted, URL: "http://oakstreet.example.org"}, "unknown_url"},
		{breach.Fact{Kind: breach.PostingGap, Reference: "our own network"}, ""},
		{breach.Fact{Kind: breach.PostingGap}, "no_reference"},
		{breach.Fact{Kind: breach.TollFreeTested, Answer: "no"}, ""},
		{breach.Fact{Kind: breach.TollFreeTested}, "no_answer"},
		{breach.Fact{Kind: breach.MediaSent, Outlet: "Example Press", Jurisdiction: "VA"}, ""},
		{breach.Fact{Kind: breach.MediaSent, Outlet: "Example Press"}, "no_state"},
		{breach.Fact{Kind: breach.HHSFiled, Reference: "1", Outlet: "Example Press", Jurisdiction: "VA"}, "no_outlet"},
	} {
		refusal, _ := breach.AsRefusal(c.fact.Complete())
		if c.code == "" {
			require.Nil(t, refusal, "%+v", c.fact)
			continue
		}
		require.NotNil(t, refusal, "%+v", c.fact)
		require.Equal(t, c.code, refusal.Code)
	}
}
