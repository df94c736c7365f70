package breach

import (
	"maps"
	"slices"
)

// state is one "State" of 45 CFR 160.103: the fifty States, the District of
// Columbia, Puerto Rico, the Virgin Islands, Guam, American Samoa and the
// Northern Mariana Islands. zone is the zone in which the State's civil day
// ends first, so that nothing due "that day" is ever taken to be due later
// than any place in the State would say.
type state struct{ name, zone string }

var states = map[string]state{
	"AL": {"Alabama", "America/Chicago"}, "AK": {"Alaska", "America/Anchorage"},
	"AZ": {"Arizona", "America/Denver"}, "AR": {"Arkansas", "America/Chicago"},
	"CA": {"California", "America/Los_Angeles"}, "CO": {"Colorado", "America/Denver"},
	"CT": {"Connecticut", "America/New_York"}, "DE": {"Delaware", "America/New_York"},
	"DC": {"District of Columbia", "America/New_York"}, "FL": {"Florida", "America/New_York"},
	"GA": {"Georgia", "America/New_York"}, "HI": {"Hawaii", "Pacific/Honolulu"},
	"ID": {"Idaho", "America/Boise"}, "IL": {"Illinois", "America/Chicago"},
	"IN": {"Indiana", "America/New_York"}, "IA": {"Iowa", "America/Chicago"},
	"KS": {"Kansas", "America/Chicago"}, "KY": {"Kentucky", "America/New_York"},
	"LA": {"Louisiana", "America/Chicago"}, "ME": {"Maine", "America/New_York"},
	"MD": {"Maryland", "America/New_York"}, "MA": {"Massachusetts", "America/New_York"},
	"MI": {"Michigan", "America/New_York"}, "MN": {"Minnesota", "America/Chicago"},
	"MS": {"Mississippi", "America/Chicago"}, "MO": {"Missouri", "America/Chicago"},
	"MT": {"Montana", "America/Denver"}, "NE": {"Nebraska", "America/Chicago"},
	"NV": {"Nevada", "America/Denver"}, "NH": {"New Hampshire", "America/New_York"},
	"NJ": {"New Jersey", "America/New_York"}, "NM": {"New Mexico", "America/Denver"},
	"NY": {"New York", "America/New_York"}, "NC": {"North Carolina", "America/New_York"},
	"ND": {"North Dakota", "America/Chicago"}, "OH": {"Ohio", "America/New_York"},
	"OK": {"Oklahoma", "America/Chicago"}, "OR": {"Oregon", "America/Boise"},
	"PA": {"Pennsylvania", "America/New_York"}, "RI": {"Rhode Island", "America/New_York"},
	"SC": {"South Carolina", "America/New_York"}, "SD": {"South Dakota", "America/Chicago"},
	"TN": {"Tennessee", "America/New_York"}, "TX": {"Texas", "America/Chicago"},
	"UT": {"Utah", "America/Denver"}, "VT": {"Vermont", "America/New_York"},
	"VA": {"Virginia", "America/New_York"}, "WA": {"Washington", "America/Los_Angeles"},
	"WV": {"West Virginia", "America/New_York"}, "WI": {"Wisconsin", "America/Chicago"},
	"WY": {"Wyoming", "America/Denver"},
	"PR": {"Puerto Rico", "America/Puerto_Rico"}, "VI": {"U.S. Virgin Islands", "America/Puerto_Rico"},
	"GU": {"Guam", "Pacific/Guam"}, "AS": {"American Samoa", "Pacific/Pago_Pago"},
	"MP": {"Northern Mariana Islands", "Pacific/Guam"},
}

// StateCodes lists the States' two-letter codes in order.
func StateCodes() []string { return slices.Sorted(maps.Keys(states)) }

// IsState reports whether code is the two-letter code of a State (45 CFR 160.103).
func IsState(code string) bool { _, ok := states[code]; return ok }

// postalCodes have mail of the United States Postal Service and are no State of
// 45 CFR 160.103: military and diplomatic mail, and the freely associated
// states (USPS Publication 28, appendix B).
var postalCodes = map[string]bool{"AA": true, "AE": true, "AP": true, "FM": true, "MH": true, "PW": true}

// IsPostalCode reports whether domestic mail goes to code: a State's, or one
// of military mail (AA, AE, AP), Micronesia, the Marshall Islands and Palau,
// whose people are residents of no State.
func IsPostalCode(code string) bool { return IsState(code) || postalCodes[code] }

// StateName returns the State's name, or "" for a code that is none.
func StateName(code string) string { return states[code].name }

// ZoneName returns the IANA zone whose days the practice's deadlines end in: its own, else its
// State's, else Eastern time.
func (p Practice) ZoneName() string {
	if p.Timezone != "" {
		return p.Timezone
	}
	if s, ok := states[p.State]; ok {
		return s.zone
	}
	return "America/New_York"
}
