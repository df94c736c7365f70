package breach

// Tally is what the law counts in one practice's list, or in one counting
// entity's: counts only, no person. People dead for more than 50 years are in
// none of them.
type Tally struct {
	// People is the number of individuals.
	People int `json:"people"`
	// Residents is the number of individuals by State of mailing address.
	Residents map[string]int `json:"residents"`
	// UnknownResidence is the number whose State is not known or is none.
	UnknownResidence int `json:"unknown_residence"`
	// NoUsableAddress is the number no letter can be mailed to.
	NoUsableAddress int `json:"no_usable_address"`
	// NoUsableAddressKin is the part of NoUsableAddress who are dead: their next
	// of kin are owed no substitute notice (45 CFR 164.404(d)(2)).
	NoUsableAddressKin int `json:"no_usable_address_kin"`
	// Minors and Deceased are people whose letter goes to somebody else.
	Minors   int `json:"minors"`
	Deceased int `json:"deceased"`
	// Classes is the number of individuals by data class.
	Classes map[DataClass]int `json:"classes"`
}

// Group is a counting entity with more than one practice (45 CFR 164.105): the
// practices counted as one, and their people counted once.
type Group struct {
	Key string `json:"key"`
	// Members are the practices' keys in order; the first carries the group's duties.
	Members []string `json:"members"`
	Tally   Tally    `json:"tally"`
}

// Lead is the practice under which the group's duties stand.
func (g Group) Lead() string { return g.Members[0] }
