package activities

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

func TestWhomAPracticeCanBeReachedBy(t *testing.T) {
	t.Parallel()
	p := casebook.Practice{Practice: breach.Practice{Key: "P1", PrivacyOfficer: "Ann Example", Email: "ann@practice.example", Phone: "804-555-0100"}}
	for name, c := range map[string]struct {
		terms   casebook.ContactTerms
		refused string
	}{
		"another address": {casebook.ContactTerms{PrivacyOfficer: "Ann Example", Email: "office@practice.example"}, ""},
		"a telephone":     {casebook.ContactTerms{Phone: "804-555-0101"}, ""},
		"nothing":         {casebook.ContactTerms{PrivacyOfficer: "Ann Example"}, "no_contact"},
		"two addresses":   {casebook.ContactTerms{Email: "a@practice.example, b@practice.example"}, "no_email"},
		"no number":       {casebook.ContactTerms{Phone: "call us"}, "no_phone"},
		"a header":        {casebook.ContactTerms{Email: "a@practice.example\r\nBcc: b@else.example"}, "contact_text"},
		"a book":          {casebook.ContactTerms{Phone: strings.Repeat("8", 255)}, "contact_text"},
		"unprintable":     {casebook.ContactTerms{PrivacyOfficer: "\u182e\u1823", Phone: "804-555-0101"}, "contact_text"},
		"mixed scripts":   {casebook.ContactTerms{PrivacyOfficer: "\u0410nn Example", Phone: "804-555-0101"}, "unclear_name"},
	} {
		err := allowedContact(p, c.terms)
		if c.refused == "" {
			require.NoError(t, err, name)
			continue
		}
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, "%s: %v", name, err)
		require.Equal(t, c.refused, refusal.Code, name)
	}
	same := casebook.ContactTerms{PrivacyOfficer: "Ann Example", Email: "ann@practice.example", Phone: "804-555-0100"}
	require.ErrorIs(t, allowedContact(p, same), errAlready)
}

func TestWhatADisputeHasToSay(t *testing.T) {
	t.Parallel()
	p := casebook.Practice{Practice: breach.Practice{Key: "P1"}}
	for name, c := range map[string]struct {
		terms   casebook.DisputeTerms
		refused string
	}{
		"people":               {casebook.DisputeTerms{PersonKeys: []string{"a", "b"}}, ""},
		"people stay":          {casebook.DisputeTerms{PersonKeys: []string{"a"}, Keep: true, Reason: "seen there"}, ""},
		"nobody":               {casebook.DisputeTerms{}, "no_person"},
		"stay without reason":  {casebook.DisputeTerms{PersonKeys: []string{"a"}, Keep: true, Reason: " "}, "no_reason"},
		"a reason for nothing": {casebook.DisputeTerms{PersonKeys: []string{"a"}, Reason: "a name could stand here"}, "no_reason"},
		"no key":               {casebook.DisputeTerms{PersonKeys: []string{"../a"}}, "no_person"},
		"the whole list":       {casebook.DisputeTerms{PersonKeys: make([]string, mostDisputed+1)}, "too_many"},
	} {
		err := allowedDispute(p, c.terms)
		if c.refused == "" {
			require.NoError(t, err, name)
			continue
		}
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, "%s: %v", name, err)
		require.Equal(t, c.refused, refusal.Code, name)
	}
}

// A practice signs with name and title.
func TestATitleBehindANameIsAName(t *testing.T) {
	t.Parallel()
	require.NoError(t, breach.CheckPersonName("--by", "Ann Example, Office manager"))
	require.NoError(t, named(casebook.Act{Kind: casebook.ActDelegate, Who: "Jos\u00e9 O'Example-D\u00edaz, Jr., M.D., Privacy & Compliance (part-time)"}))
}

// TestADisputeWaitsForAnOfficer: a practice with one is not finished, and says so, and
// a letter that waits because of it is not told as one that cannot be printed.
func TestADisputeWaitsForAnOfficer(t *testing.T) {
	t.Parallel()
	a := &Activities{Now: func() time.Time { return time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC) }, Zone: time.UTC}
	p := casebook.Practice{
		Practice: breach.Practice{Key: "P1", Delegation: breach.DelegateAll}, Disputed: 1,
		Account: account.Account{{State: account.Held, Why: string(breach.HeldDisputed), People: 1}},
	}
	plan := casebook.Plan{Notifiable: true}
	s := a.standing(casebook.Incident{}, p, plan, time.UTC)
	require.False(t, s.Finished)
	require.Contains(t, s.NeedsPerson, "practice dispute --keep")
	require.NotContains(t, s.NeedsPerson, "held.csv")
	p.Disputed, p.Account[0].Why = 0, string(breach.HeldScript)
	s = a.standing(casebook.Incident{}, p, plan, time.UTC)
	require.True(t, s.Finished)
	require.Contains(t, s.NeedsPerson, "held.csv")
}
