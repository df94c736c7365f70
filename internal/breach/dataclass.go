package breach

import (
	"fmt"
	"strings"
)

// DataClass is a kind of information about a person, never a value of it.
type DataClass string

// dataClasses are the words of the case folder in the order letters list them,
// each with its plain words (45 CFR 164.404(c)(1)(B)).
var dataClasses = []struct {
	class DataClass
	plain string
}{
	{"name", "name"},
	{"address", "home address"},
	{"phone", "telephone number"},
	{"email", "e-mail address"},
	{"date_of_birth", "date of birth"},
	{"ssn", "Social Security number"},
	{"tin", "taxpayer identification number"},
	{"drivers_license", "driver's license number"},
	{"state_id", "State identification number"},
	{"passport", "passport number"},
	{"financial_account", "financial account number"},
	{"payment_card", "payment card number"},
	{"account_credentials", "user name and password or security answers"},
	{"biometric", "biometric information"},
	{"medical_record_number", "medical record number"},
	{"diagnosis", "diagnosis"},
	{"treatment", "treatment information"},
	{"medication", "medications"},
	{"lab_result", "laboratory results"},
	{"disability", "disability information"},
	{"mental_health", "mental health information"},
	{"substance_use_disorder", "substance use disorder treatment information"},
	{"health_insurance_id", "health insurance number"},
	{"claims", "billing and claims information"},
	{"provider_name", "name of your provider"},
	{"photo", "photograph"},
	{"other", "other information in your record"},
}

var plainWords = func() map[DataClass]string {
	m := make(map[DataClass]string, len(dataClasses))
	for _, d := range dataClasses {
		m[d.class] = d.plain
	}
	return m
}()

// DataClasses lists every data class in the order letters list them.
func DataClasses() []DataClass {
	all := make([]DataClass, len(dataClasses))
	for i, d := range dataClasses {
		all[i] = d.class
	}
	return all
}

// Known reports whether c is a word of the vocabulary.
func (c DataClass) Known() bool { _, ok := plainWords[c]; return ok }

// Plain returns the class in the plain words a letter uses.
func (c DataClass) Plain() string { return plainWords[c] }

// DataClassSet is a set of data classes as bits in vocabulary order, small
// enough to keep one for each person of a large incident in memory.
type DataClassSet uint32

// SetOf returns the set of the given classes; unknown words are left out.
func SetOf(classes ...DataClass) DataClassSet {
	var set DataClassSet
	for i, d := range dataClasses {
		for _, c := range classes {
			if c == d.class {
				set |= 1 << i
			}
		}
	}
	return set
}

// Classes lists the set in the order letters list them.
func (s DataClassSet) Classes() []DataClass {
	var classes []DataClass
	for i, d := range dataClasses {
		if s&(1<<i) != 0 {
			classes = append(classes, d.class)
		}
	}
	return classes
}

// MarshalText writes the set as a cell of findings.csv: "name;ssn". Words, not
// bits, are what is kept with a decision.
func (s DataClassSet) MarshalText() ([]byte, error) {
	var text []byte
	for i, class := range s.Classes() {
		if i > 0 {
			text = append(text, ';')
		}
		text = append(text, class...)
	}
	return text, nil
}

// UnmarshalText reads what MarshalText writes. A word that is not in the
// vocabulary is an error: a decision may have rested on it.
func (s *DataClassSet) UnmarshalText(text []byte) error {
	*s = 0
	for word := range strings.SplitSeq(string(text), ";") {
		if word == "" {
			continue
		}
		class := SetOf(DataClass(word))
		if class == 0 {
			return fmt.Errorf("%q is no data class", word)
		}
		*s |= class
	}
	return nil
}
