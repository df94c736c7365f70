package breach

import "strings"

// AllAgencies as the jurisdiction of a record says that every agency that is to
// be told was told. The fact then names them (Agencies): one that is to be told
// later, because of a new list, was not.
const AllAgencies = "all"

// AgencyOf names one agency of a State as the jurisdiction of a
// RegulatorNotified fact: "NY:state_police". The State alone stands for all of
// its agencies.
func AgencyOf(state, agency string) string { return state + ":" + agency }

// ToldAgency reports whether a jurisdiction of a RegulatorNotified fact names
// an agency, and of which State.
func ToldAgency(jurisdiction string) (state, agency string, ok bool) {
	state, agency, ok = strings.Cut(jurisdiction, ":")
	return state, agency, ok && IsState(state) && agency != ""
}

// Agencies names several agencies as the jurisdiction of one RegulatorNotified fact.
func Agencies(agencies []string) string { return strings.Join(agencies, " ") }

// EachAgency are the agencies that a RegulatorNotified fact names.
func EachAgency(jurisdiction string) []string { return strings.Fields(jurisdiction) }
