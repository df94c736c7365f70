package postgres_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
)

// sentOut are the tokens of the people whose address may be checked, by their key.
func sentOut(t *testing.T, store *postgres.Store) (tokens map[string]string, apart int) {
	t.Helper()
	tokens = map[string]string{}
	apart, err := store.AddressesToCheck(t.Context(), incidentID, func(token string, p *breach.Person) error {
		tokens[p.Key] = token
		return nil
	})
	require.NoError(t, err)
	return tokens, apart
}

// stands is what a service says of an address with which nothing is wrong.
func stands(line int, token string, p breach.Person) breach.CheckedAddress {
	return breach.CheckedAddress{
		Line: line, Token: token, FirstName: p.FirstName, LastName: p.LastName, Address1: p.Address1, Address2: p.Address2, City: p.City, State: p.State, ZIP: p.ZIP,
		DPV: "y", NCOA: "00",
	}
}

// TestAddressesGoOutAndComeBack: what is taken makes a list, the address before is kept
// where it was, who left none has no usable address, and everything else is listed.
func TestAddressesGoOutAndComeBack(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	people := someone(8)
	people[6].ConfidentialAddress = breach.Yes
	people[7].Address1 = "Unknown"
	loaded(t, store, caseOf(incident(), practices("P1"), people...))
	tokens, apart := sentOut(t, store)
	require.Equal(t, 1, apart, "who asked for mail in confidence is told to no service")
	require.Len(t, tokens, 6)
	for key, token := range tokens {
		require.Regexp(t, `^[A-Z2-7]{16}-[A-Z2-7]{8}$`, token)
		require.NotContains(t, strings.ToLower(token), people[0].LastName)
		again, _ := sentOut(t, store)
		require.Equal(t, token, again[key], "a list that goes out again has the same tokens")
	}

	at := func(n int) breach.Person { return people[n] }
	said := []breach.CheckedAddress{stands(2, tokens["a"], at(0)), stands(3, tokens["b"], at(1)), stands(4, tokens["c"], at(2)), stands(5, tokens["d"], at(3)), stands(6, tokens["e"], at(4))}
	said[1].NCOA, said[1].MoveType, said[1].MovedOn, said[1].Address1, said[1].City, said[1].ZIP = "a", "individual", today.AddDays(-40), "9 NEW ST", "RENO", "89501"
	said[1].State = "NV"
	said[2].NCOA = "02"
	said[3].DPV = "n"
	said[4].LastName = "Somebody"
	twice := said[0]
	twice.Line = 7
	unknown := stands(9, "AAAAAAAAAAAAAAAA-AAAAAAAA", at(0))
	said = append(said, twice, unknown)
	in := postgres.CheckedAddressesInput{SHA256: "file", By: "Robin Officer", At: noon, CheckedOn: today.AddDays(1), Today: today, Rows: said}
	_, err := store.TakeCheckedAddresses(t.Context(), incidentID, in)
	refused(t, err, "checked_early")
	in.CheckedOn = today.AddDays(-3)
	got, err := store.TakeCheckedAddresses(t.Context(), incidentID, in)
	require.NoError(t, err)
	require.Equal(t, map[string]int{"stands": 1, "moved": 1, "gone": 1, "unconfirmed": 1, "left": 1}, got.Outcomes)
	require.Equal(t, []postgres.AddressLeft{{Line: 6, Why: breach.UnmovedOtherName.Words()}, {Line: 7, Why: postgres.AddressDoubled}, {Line: 9, Why: postgres.AddressUnknown}}, got.Left)
	require.Equal(t, map[breach.AddressOutcome][]int{breach.AddressGone: {4}, breach.AddressUnconfirmed: {5}}, got.Lines)
	require.Equal(t, 1, got.Missing, "one that went out did not come back")
	require.Equal(t, 2, got.List.Changed)
	p := practice(t, store, "P1")
	require.Equal(t, 2, p.Tally.NoUsableAddress, "who left no address counts as one whose contact information is out of date")
	require.Equal(t, 6, p.Account.In(account.Waiting))
	require.Empty(t, p.PapersSHA256, "papers are made and approved anew")

	again, err := store.TakeCheckedAddresses(t.Context(), incidentID, in)
	require.NoError(t, err)
	require.True(t, again.AlreadyTaken)
	require.Equal(t, got.Outcomes, again.Outcomes)
	require.Equal(t, got.List.Number, again.List.Number)
	require.Equal(t, got.ActID, again.ActID)

	officer := openAt(t, url, postgres.WithMaster(masterOf("test")), postgres.As(access.Everywhere(access.Officer)))
	story, err := officer.PersonStory(t.Context(), casebook.Reveal{IncidentID: incidentID, PracticeKey: "P1", PersonKey: "b", Reason: "Complaint 17", Who: "Ada", Identity: "os:ada"})
	require.NoError(t, err)
	require.Equal(t, "9 NEW ST", story.Person.Address1)
	require.Len(t, story.Addresses, 1)
	require.Equal(t, breach.AddressMoved, story.Addresses[0].Outcome)
	require.Equal(t, people[1].Address1, story.Addresses[0].Was.Address1, "the old address is kept")
	require.Equal(t, "a", story.Addresses[0].Said.NCOA)
	require.Equal(t, today.AddDays(-40), story.Addresses[0].Said.MovedOn)

	check, err := store.LatestAddressCheck(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, breach.AddressCheck{On: in.CheckedOn}, check)
	later := amendment("later", person("P1", "z"))
	amended(t, store, later)
	check, err = store.LatestAddressCheck(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, 1, check.ListsSince)
	noted := slices.DeleteFunc(kinds(t, chains(t, store, "")[""]), func(kind string) bool { return kind != ledger.KindAddressesChecked })
	require.Len(t, noted, 1, "in the chain once")
}

// TestARowIsTakenForWhoWentOut: after somebody's address changed, or their letter was
// printed, what is said of the one before is left aside; of two things nothing is taken.
func TestARowIsTakenForWhoWentOut(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	people := someone(3)
	loaded(t, store, caseOf(incident(), practices("P1"), people...))
	tokens, _ := sentOut(t, store)
	moved := people[0]
	moved.Address1 = "77 Other Way"
	amended(t, store, amendment("moved", moved))
	disputed := stands(4, tokens["b"], people[1])
	disputed.NCOA = "02"
	in := postgres.CheckedAddressesInput{SHA256: "file", By: "Robin Officer", At: noon, CheckedOn: today, Today: today, Rows: []breach.CheckedAddress{
		stands(2, tokens["a"], people[0]), stands(3, tokens["b"], people[1]), disputed,
	}}
	got, err := store.TakeCheckedAddresses(t.Context(), incidentID, in)
	require.NoError(t, err)
	require.Empty(t, got.Outcomes)
	require.Equal(t, []postgres.AddressLeft{{Line: 2, Why: postgres.AddressOutdated}, {Line: 3, Why: postgres.AddressDisputed}, {Line: 4, Why: postgres.AddressDisputed}}, got.Left)
	require.Zero(t, got.List.Number)

	approved(t, store, "P1")
	run := mailRun(t, store, 1, 5)
	in.SHA256, in.Rows = "second", []breach.CheckedAddress{stands(2, tokens["c"], people[2])}
	_, err = store.TakeCheckedAddresses(t.Context(), incidentID, in)
	refused(t, err, "mail_run_open")
	for batch := range run.Batches {
		finish(t, store, 1, batch+1)
	}
	got, err = store.TakeCheckedAddresses(t.Context(), incidentID, in)
	require.NoError(t, err)
	require.Equal(t, []postgres.AddressLeft{{Line: 2, Why: postgres.AddressUnknown}}, got.Left, "the letter is printed")
	none, _ := sentOut(t, store)
	require.Empty(t, none)
}
