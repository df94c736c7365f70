package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// TestWhatBecomesOfACheckedAddress for each code that a service may give.
func TestWhatBecomesOfACheckedAddress(t *testing.T) {
	t.Parallel()
	today := civil.MustParse("2026-04-20")
	person := breach.Person{FirstName: "Quilla", LastName: "Exemplar", Address1: "12 Oak Avenue", Address2: "Apt 4", City: "Reno", State: "NV", ZIP: "89501"}
	said := func(change func(*breach.CheckedAddress)) breach.CheckedAddress {
		c := breach.CheckedAddress{
			FirstName: "QUILLA", LastName: "EXEMPLAR", Address1: "12 OAK AVE APT 4", City: "RENO", State: "NV", ZIP: "89501-1234", DPV: "y", NCOA: "00",
		}
		change(&c)
		return c
	}
	moved := func(c *breach.CheckedAddress) {
		c.NCOA, c.MoveType, c.MovedOn = "a", "individual", civil.MustParse("2026-02-01")
		c.Address1, c.City, c.ZIP = "9 NEW ST", "ELKO", "89801-0001"
	}
	for name, c := range map[string]struct {
		change  func(*breach.CheckedAddress)
		outcome breach.AddressOutcome
		why     breach.Unmoved
		line1   string
		usable  bool
	}{
		"written as the post writes it":     {func(*breach.CheckedAddress) {}, breach.AddressCorrected, "", "12 OAK AVE APT 4", true},
		"the same but for four digits":      {func(c *breach.CheckedAddress) { c.Address1 = "12 OAK AVENUE APT 4" }, breach.AddressCorrected, "", "12 Oak Avenue", true},
		"the same":                          {func(c *breach.CheckedAddress) { c.Address1, c.ZIP = "12 OAK AVENUE APT 4", "89501" }, breach.AddressStands, "", "12 Oak Avenue", true},
		"not given back":                    {func(c *breach.CheckedAddress) { c.Address1, c.City, c.State, c.ZIP = "", "", "", "" }, breach.AddressStands, "", "12 Oak Avenue", true},
		"in another State":                  {func(c *breach.CheckedAddress) { c.State = "CA" }, breach.AddressLeft, breach.UnmovedOtherState, "12 Oak Avenue", true},
		"half":                              {func(c *breach.CheckedAddress) { c.City = "" }, breach.AddressLeft, breach.UnmovedUnusable, "12 Oak Avenue", true},
		"apartment missing":                 {func(c *breach.CheckedAddress) { c.DPV = "d" }, breach.AddressIncomplete, "", "12 Oak Avenue", true},
		"apartment not known":               {func(c *breach.CheckedAddress) { c.DPV = "s" }, breach.AddressIncomplete, "", "12 Oak Avenue", true},
		"no such address":                   {func(c *breach.CheckedAddress) { c.DPV = "n" }, breach.AddressUnconfirmed, "", "12 Oak Avenue", true},
		"no delivery":                       {func(c *breach.CheckedAddress) { c.DPV = "r" }, breach.AddressUnconfirmed, "", "12 Oak Avenue", true},
		"not validated":                     {func(c *breach.CheckedAddress) { c.DPV = "" }, breach.AddressStands, "", "12 Oak Avenue", true},
		"moved":                             {moved, breach.AddressMoved, "", "9 NEW ST", true},
		"moved, apartment dropped":          {func(c *breach.CheckedAddress) { moved(c); c.NCOA = "92" }, breach.AddressMoved, "", "9 NEW ST", true},
		"moved to another State":            {func(c *breach.CheckedAddress) { moved(c); c.State, c.ZIP = "CA", "94105" }, breach.AddressMoved, "", "9 NEW ST", true},
		"the family moved":                  {func(c *breach.CheckedAddress) { moved(c); c.MoveType, c.FirstName = "family", "KIM" }, breach.AddressLeft, breach.UnmovedOtherName, "12 Oak Avenue", true},
		"a business moved":                  {func(c *breach.CheckedAddress) { moved(c); c.MoveType = "business" }, breach.AddressLeft, breach.UnmovedBusiness, "12 Oak Avenue", true},
		"moves later":                       {func(c *breach.CheckedAddress) { moved(c); c.MovedOn = today.AddDays(1) }, breach.AddressLeft, breach.UnmovedLater, "12 Oak Avenue", true},
		"moved, and not whole":              {func(c *breach.CheckedAddress) { moved(c); c.ZIP = "" }, breach.AddressLeft, breach.UnmovedUnusable, "12 Oak Avenue", true},
		"moved abroad":                      {func(c *breach.CheckedAddress) { c.NCOA = "01" }, breach.AddressGone, "", "12 Oak Avenue", false},
		"moved and left no address":         {func(c *breach.CheckedAddress) { c.NCOA = "02" }, breach.AddressGone, "", "12 Oak Avenue", false},
		"a box was closed":                  {func(c *breach.CheckedAddress) { c.NCOA = "03" }, breach.AddressGone, "", "12 Oak Avenue", false},
		"it is not certain who moved":       {func(c *breach.CheckedAddress) { c.NCOA = "11" }, breach.AddressUnsettled, "", "12 Oak Avenue", true},
		"somebody else's row":               {func(c *breach.CheckedAddress) { c.LastName = "MUSTER" }, breach.AddressLeft, breach.UnmovedOtherName, "12 Oak Avenue", true},
		"the row of somebody else who left": {func(c *breach.CheckedAddress) { c.NCOA, c.FirstName = "02", "KIM" }, breach.AddressLeft, breach.UnmovedOtherName, "12 Oak Avenue", true},
	} {
		checked, before := said(c.change), person
		is, outcome, why := checked.Of(&before, today)
		require.Equal(t, person, before, name)
		require.Equal(t, c.outcome, outcome, name)
		require.Equal(t, c.why, why, name)
		require.Equal(t, c.line1, is.Address1, name)
		require.Equal(t, c.usable, is.HasUsableAddress(), name)
		require.NotEmpty(t, outcome.Words(), name)
		require.Equal(t, why == "", why.Words() == "", name)
	}
	confidential, represented := person, person
	confidential.ConfidentialAddress = breach.Yes
	represented.RepresentativeName = "Ada Muster"
	order := said(moved)
	_, outcome, why := order.Of(&confidential, today)
	require.Equal(t, breach.AddressLeft, outcome)
	require.Equal(t, breach.UnmovedConfidential, why)
	_, _, why = order.Of(&represented, today)
	require.Equal(t, breach.UnmovedOtherName, why, "the letter goes to whoever acts for the person")
	order.FirstName, order.LastName = represented.AddresseeNames()
	_, outcome, _ = order.Of(&represented, today)
	require.Equal(t, breach.AddressMoved, outcome)
}

// TestWhenACheckIsTooOld: on the 95th day it still holds, on the next it does not.
func TestWhenACheckIsTooOld(t *testing.T) {
	t.Parallel()
	on := civil.MustParse("2026-01-10")
	check := breach.AddressCheck{On: on}
	require.Empty(t, check.Worry(on.AddDays(95)))
	require.Contains(t, check.Worry(on.AddDays(96)), "2026-01-10")
	check.ListsSince = 1
	require.Contains(t, check.Worry(on.AddDays(1)), "list")
	require.Empty(t, breach.AddressCheck{ListsSince: 1}.Worry(on), "no law asks for a check")
}
