package breach

import "strings"

// The United States and its territories as people and programs write them in a
// column of countries. ISO 3166 lists the territories as countries of their own;
// to the regulation they are States (45 CFR 160.103), and a resident who fell out
// of the counts with their country would be missing from the media's and the
// agency's line.
var homeCountries = func() map[string]string {
	names := map[string]string{}
	for state, list := range map[string]string{
		"": `US|USA|840|UNITED STATES|UNITED STATES OF AMERICA|THE UNITED STATES|THE UNITED STATES OF AMERICA|UNITED STATES USA|UNITED STATES US
			|AMERICA|U S|U S A|U S OF A|ESTADOS UNIDOS|ESTADOS UNIDOS DE AMERICA|EEUU|EE UU`,
		"PR": "PR|PRI|630|PUERTO RICO|COMMONWEALTH OF PUERTO RICO",
		"VI": "VI|VIR|850|VIRGIN ISLANDS|US VIRGIN ISLANDS|U S VIRGIN ISLANDS|UNITED STATES VIRGIN ISLANDS|VIRGIN ISLANDS US|VIRGIN ISLANDS U S|VIRGIN ISLANDS OF THE UNITED STATES|USVI",
		"GU": "GU|GUM|316|GUAM",
		"AS": "AS|ASM|016|AMERICAN SAMOA",
		"MP": "MP|MNP|580|NORTHERN MARIANA ISLANDS|NORTHERN MARIANAS|COMMONWEALTH OF THE NORTHERN MARIANA ISLANDS|CNMI",
	} {
		for name := range strings.SplitSeq(list, "|") {
			names[strings.TrimSpace(name)] = state
		}
	}
	return names
}()

// DomesticCountry reports whether a country is the United States, by any of its
// usual names and codes, or one of its territories, whose State it returns then.
// An empty country is the United States.
func DomesticCountry(country string) (territory string, domestic bool) {
	if country == "" || country == "US" || country == "USA" {
		return "", true
	}
	if territory, domestic = homeCountries[country]; domestic {
		return territory, true
	}
	territory, domestic = homeCountries[plainCountry(country)]
	return territory, domestic
}

// plainCountry is the name in capitals with one space for all that is no letter
// or digit, and nothing for a full stop inside an abbreviation.
func plainCountry(s string) string {
	s = strings.ReplaceAll(strings.ToUpper(s), ".", " ")
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r < 0x80
	}), " ")
}
