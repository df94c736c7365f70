package states_test

import (
	"strings"
	"testing"

	"duenotice/internal/rules/states"
)

// TestInsurersTellTheirOwnRegulator, where a rule says so; of every other State
// the row says that none was found, or that counsel has to look.
func TestInsurersTellTheirOwnRegulator(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for code, v := range current(t) {
		words := []string{}
		for _, r := range v.Regulators {
			if r.If != states.Insurer {
				continue
			}
			word := threshold(r.Threshold) + ", " + clocks(r.Due)
			if r.Domicile == states.Yes {
				word = "domicile or " + word
			}
			words = append(words, word)
		}
		if v.Insurers.Answer != states.ByRule {
			words = append(words, v.Insurers.Answer)
		}
		if len(words) == 0 {
			words = append(words, "in code") // WAC 284-04-625
		}
		got[code] = strings.Join(words, "; ")
	}
	same(t, table(`
		AK domicile or >=250 affected_residents, 3 business_days determined
		AL domicile or >=250 affected_residents, 3 business_days determined
		AR none_found
		AZ none_found
		CA counsel
		CO none_found
		CT domicile or >=250 affected_residents, 3 business_days discovered
		DC none_found
		DE domicile or any affected_residents, 3 business_days determined
		FL none_found
		GA none_found
		GU counsel
		HI domicile or >=250 affected_residents, 3 business_days determined
		IA domicile or >=250 affected_residents, 3 business_days determined
		ID none_found
		IL domicile or >=250 affected_residents, 3 business_days determined
		IN domicile or >=250 affected_residents, 3 business_days determined
		KS none_found
		KY domicile or >=250 affected_residents, 3 business_days determined
		LA domicile or >=250 affected_residents, 3 business_days determined
		MA none_found
		MD domicile or >=250 affected_residents, 3 business_days determined
		ME any, none scope_identified or by_letters; any affected_residents, 3 business_days discovered
		MI domicile or >=250 affected_residents, 10 business_days determined
		MN domicile or >=250 affected_residents, 5 business_days determined
		MO domicile or >=250 affected_residents, 4 business_days determined
		MS domicile or >=250 affected_residents, 3 business_days determined
		MT any, with_letters
		NC none_found
		ND domicile or >=250 affected_residents, 72 hours determined
		NE none_found
		NH any, before_letters; domicile or >=250 affected_residents, 3 business_days determined
		NJ none_found
		NM none_found
		NV none_found
		NY any affected_residents, 72 hours determined
		OH any affected_residents, 3 business_days determined
		OK domicile or >=250 affected_residents, 3 business_days determined
		OR none_found
		PA domicile or >=250 affected_residents, 5 business_days determined
		PR counsel
		RI domicile or any affected_residents, 3 business_days determined
		SC domicile or >=250 affected_residents, 72 hours determined
		SD none_found
		TN domicile or >=250 affected_residents, 3 business_days determined
		TX none_found
		UT none_found
		VA domicile or >=250 affected_residents, 3 business_days determined
		VI counsel
		VT any, 14 business_days discovered or by_letters; any, with_letters
		WA in code
		WI domicile or >=250 affected_residents, 3 business_days determined
		WV none_found
		WY none_found
	`), got)
}
