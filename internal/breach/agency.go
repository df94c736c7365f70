package breach

import "strings"

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
