package match

import "slices"

// Verdict is what a comparison comes to.
type Verdict byte

const (
	// Apart is two people, or nothing that says they are one.
	Apart Verdict = iota
	// Doubtful is for a person to decide.
	Doubtful
	// Same is one person.
	Same
)

// Rule is why two entries are one person, or may be.
type Rule string

// The rules that make two entries one person.
const (
	IDBirth          Rule = "id_birth"
	IDName           Rule = "id_name"
	NameBirthAddress Rule = "name_birth_address"
	NameBirthContact Rule = "name_birth_contact"
	BirthSwapped     Rule = "birth_swapped"
	LastSlipped      Rule = "last_slipped"
	NamesSwapped     Rule = "names_swapped"
	NameChanged      Rule = "name_changed"
)

// The rules after which a person decides.
const (
	IDAlone       Rule = "id_alone"
	NameBirth     Rule = "name_birth"
	BirthSlipped  Rule = "birth_slipped"
	BirthMissing  Rule = "birth_missing"
	FirstSlipped  Rule = "first_slipped"
	FirstUnknown  Rule = "first_unknown"
	OtherLastName Rule = "other_last_name"
)

// rules in the order in which one is named where several fit.
var rules = []Rule{
	IDBirth, IDName, NameBirthAddress, NameBirthContact, BirthSwapped, LastSlipped, NamesSwapped, NameChanged,
	IDAlone, NameBirth, BirthSlipped, BirthMissing, FirstSlipped, FirstUnknown, OtherLastName,
}

var ruleTexts = map[Rule]string{
	IDBirth:          "an identifier and the birth date are the same, and the first names agree",
	IDName:           "an identifier and the name are the same, and the birth dates do not contradict",
	NameBirthAddress: "name, birth date and address are the same",
	NameBirthContact: "name, birth date, and e-mail or telephone are the same",
	BirthSwapped:     "name, and address, e-mail or telephone are the same; day and month of the birth date are swapped",
	LastSlipped:      "first name, birth date, and address, e-mail or telephone are the same; the last names differ by a letter, or one is a part of the other",
	NamesSwapped:     "birth date and address are the same; first and last name are swapped",
	NameChanged:      "first name, birth date, address, and e-mail or telephone are the same; the last name is another",
	IDAlone:          "an identifier is the same, and name or birth date is not",
	NameBirth:        "name and birth date are the same, and the address is not: moved, or two people",
	BirthSlipped:     "name, and address, e-mail or telephone are the same; the birth dates differ by a digit",
	BirthMissing:     "name, and address, e-mail or telephone are the same; one has no birth date: perhaps a father and a son",
	FirstSlipped:     "last name, birth date, and address, e-mail or telephone are the same; the first names differ by a letter: perhaps twins",
	FirstUnknown:     "last name, birth date, and address, e-mail or telephone are the same; one first name is missing or an initial: perhaps twins",
	OtherLastName:    "first name, birth date, and address, e-mail or telephone are the same; the last name is another",
}

// But is what speaks against a rule that would have made two entries one person.
type But string

// What speaks against a rule.
const (
	IDsDiffer     But = "ids_differ"
	MiddlesDiffer But = "middle_names_differ"
	DeathsDiffer  But = "days_of_death_differ"
	KeysKept      But = "keys_kept"
	OneIndex      But = "one_index"
	// Chain is a pair that fits, among people who do not all fit each other.
	Chain But = "chain"
)

var butTexts = map[But]string{
	IDsDiffer:     "identifiers of one kind are different",
	MiddlesDiffer: "the middle names are different",
	DeathsDiffer:  "the days of death are different",
	KeysKept:      "both have a person_key of their own, by which they are two",
	OneIndex:      "one practice's list has both, under two ids",
	Chain:         "somebody who fits one of them contradicts the other",
}

// Explain says a rule, and what speaks against it, in words.
func Explain(rule Rule, but But) string {
	if but == "" {
		return ruleTexts[rule]
	}
	return ruleTexts[rule] + "; but " + butTexts[but]
}

// Found is what was found about two entries.
type Found struct {
	Verdict Verdict
	Rule    Rule
	But     But
}

// Compare says whether two entries are about one person.
func Compare(a, b *Entry) Found { return compare(marksOf(a), marksOf(b)) }

func compare(a, b *marks) Found {
	found := fits(a, b)
	if found.Rule == IDBirth || found.Rule == IDName || found.Rule == IDAlone || found.Verdict == Apart {
		if found.Verdict == Same && a.Keep && b.Keep {
			return Found{Doubtful, found.Rule, KeysKept}
		}
		return found
	}
	but := against(a, b, found.Rule)
	switch {
	case but == "":
		return found
	case found.Verdict == Same:
		return Found{Doubtful, found.Rule, but}
	case but == IDsDiffer || but == MiddlesDiffer || but == DeathsDiffer:
		return Found{} // a doubt against which something speaks is none
	}
	return found
}

// fits finds the rule by which two entries fit.
func fits(a, b *marks) Found {
	id := slices.ContainsFunc(a.IDs, func(id string) bool { return slices.Contains(b.IDs, id) })
	generations := a.suffix != "" && b.suffix != "" && a.suffix != b.suffix
	first, last, birth := firstNames(a, b), lastNames(a, b), births(a.Birth, b.Birth)
	place := samePlace(a, b)
	reached := a.email != "" && a.email == b.email || a.phone != "" && a.phone == b.phone
	named := first == same || first == short
	switch {
	case id && !generations && birth == same && first != other:
		return Found{Same, IDBirth, ""}
	case id && !generations && birth != other && named && last == same:
		return Found{Same, IDName, ""}
	case id:
		return Found{Doubtful, IDAlone, ""}
	case generations:
		return Found{}
	case birth == same && place && a.first != "" && a.first == b.last && a.last == b.first && a.first != a.last:
		return Found{Same, NamesSwapped, ""}
	case first == other || !place && !reached && (birth != same || !named || last != same):
		return Found{}
	case named && last == same:
		return sameName(birth, place, reached)
	case birth != same:
		return Found{}
	case named && last == near:
		return Found{Same, LastSlipped, ""}
	case named && place && reached:
		return Found{Same, NameChanged, ""}
	case named:
		return Found{Doubtful, OtherLastName, ""}
	case first == near && last == same:
		return Found{Doubtful, FirstSlipped, ""}
	case first == unknown && last == same:
		return Found{Doubtful, FirstUnknown, ""}
	}
	return Found{}
}

// sameName goes on where the names are one.
func sameName(birth alike, place, reached bool) Found {
	switch {
	case birth == same && place:
		return Found{Same, NameBirthAddress, ""}
	case birth == same && reached:
		return Found{Same, NameBirthContact, ""}
	case birth == same:
		return Found{Doubtful, NameBirth, ""}
	case birth == swapped:
		return Found{Same, BirthSwapped, ""}
	case birth == near:
		return Found{Doubtful, BirthSlipped, ""}
	case birth == unknown:
		return Found{Doubtful, BirthMissing, ""}
	}
	return Found{} // a father and a son, or a mother and a daughter
}

// samePlace: the same house. A letter's slip in the street is none in its number.
func samePlace(a, b *marks) bool {
	if a.street == "" || b.street == "" || a.zip == "" || a.zip != b.zip {
		return false
	}
	if a.street == b.street {
		return true
	}
	numberA, _, _ := cutWord(a.street)
	numberB, _, _ := cutWord(b.street)
	return numberA == numberB && slipped(a.street, b.street)
}

// against is what speaks against a rule that fits.
func against(a, b *marks, rule Rule) But {
	switch {
	case a.Keep && b.Keep:
		return KeysKept
	case idsDiffer(a.IDs, b.IDs):
		return IDsDiffer
	case middlesDiffer(a, b):
		return MiddlesDiffer
	case a.Deceased != "" && b.Deceased != "" && a.Deceased != b.Deceased:
		return DeathsDiffer
	case a.System != "" && a.System == b.System && a.Practice == b.Practice && (a.first != b.first || rule == LastSlipped || rule == NameChanged):
		// An index that has both under two ids may know that they are twins.
		return OneIndex
	}
	return ""
}

// idsDiffer reports a kind of identifier that both have and in which they have none in
// common.
func idsDiffer(a, b []string) bool {
	for _, x := range a {
		ofKind := func(id string) bool { return id[0] == x[0] }
		if slices.ContainsFunc(b, ofKind) && !slices.ContainsFunc(b, func(id string) bool { return ofKind(id) && slices.Contains(a, id) }) {
			return true
		}
	}
	return false
}

// Contradict reports two entries that cannot be one person, whoever fits both.
func Contradict(a, b *Entry) bool {
	x, y := marksOf(a), marksOf(b)
	if slices.ContainsFunc(a.IDs, func(id string) bool { return slices.Contains(b.IDs, id) }) {
		return false
	}
	return x.suffix != "" && y.suffix != "" && x.suffix != y.suffix || births(a.Birth, b.Birth) == other || births(a.Birth, b.Birth) == near ||
		firstNames(x, y) == other && x.first != y.last || middlesDiffer(x, y) || idsDiffer(a.IDs, b.IDs) || a.Keep && b.Keep
}
