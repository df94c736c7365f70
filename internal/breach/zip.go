package breach

import (
	"strconv"
	"strings"
)

// zipPrefixes has the States (and codes of military and associated mail) whose
// ZIP codes begin with three digits: USPS Domestic Mail Manual, labeling list
// L002, and Publication 65, as of 2026; the prefixes that are not listed are
// assigned to nobody. Where two are given the prefix crosses a border: Fishers
// Island NY has 06390, Dulles VA 20041, Alta WY 83414, American Samoa 96799.
const zipPrefixes = `
005 NY, 006-007 PR, 008 VI, 009 PR, 010-027 MA, 028-029 RI, 030-038 NH, 039-049 ME, 050-054 VT, 055 MA, 056-059 VT,
060-062 CT, 063 CT/NY, 064-069 CT, 070-089 NJ, 090-099 AE,
100-149 NY, 150-196 PA, 197-199 DE,
200 DC/VA, 201 VA, 202-205 DC, 206-219 MD, 220-246 VA, 247-268 WV, 270-289 NC, 290-299 SC,
300-319 GA, 320-339 FL, 340 AA, 341-342 FL, 344 FL, 346-347 FL, 349 FL, 350-352 AL, 354-369 AL, 370-385 TN, 386-397 MS, 398-399 GA,
400-418 KY, 420-427 KY, 430-459 OH, 460-479 IN, 480-499 MI,
500-516 IA, 520-528 IA, 530-532 WI, 534-535 WI, 537-549 WI, 550-551 MN, 553-567 MN, 569 DC, 570-577 SD, 580-588 ND, 590-599 MT,
600-620 IL, 622-629 IL, 630-631 MO, 633-641 MO, 644-658 MO, 660-662 KS, 664-679 KS, 680-681 NE, 683-693 NE,
700-701 LA, 703-708 LA, 710-714 LA, 716-729 AR, 730-731 OK, 733 TX, 734-741 OK, 743-749 OK, 750-799 TX,
800-816 CO, 820-831 WY, 832-833 ID, 834 ID/WY, 835-838 ID, 840-847 UT, 850-853 AZ, 855-857 AZ, 859-860 AZ, 863-865 AZ,
870-875 NM, 877-884 NM, 885 TX, 889-891 NV, 893-895 NV, 897-898 NV,
900-908 CA, 910-928 CA, 930-961 CA, 962-966 AP, 967 HI/AS, 968 HI, 969 GU/MP/PW/FM/MH, 970-979 OR, 980-986 WA, 988-994 WA, 995-999 AK`

var zipStates = func() (states [1000][]string) {
	for part := range strings.SplitSeq(zipPrefixes, ",") {
		prefixes, codes, _ := strings.Cut(strings.TrimSpace(part), " ")
		first, last, isRange := strings.Cut(prefixes, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err != nil || err2 != nil || from > to {
			panic("the table of ZIP prefixes has " + part) // a mistake in the constant above
		}
		for n := from; n <= to; n++ {
			states[n] = strings.Split(codes, "/")
		}
	}
	return states
}()

// ZIPStates returns the codes of the States or of the mail that ZIPs with this
// one's first three digits belong to; none when they are assigned to nobody. zip
// must be one (IsZIP).
func ZIPStates(zip string) []string {
	return zipStates[int(zip[0]-'0')*100+int(zip[1]-'0')*10+int(zip[2]-'0')]
}

// IsZIP reports whether s is a ZIP code: 12345 or 12345-6789 (hyphen optional).
// Five zeros or nines stand for a missing one: no post office has them.
func IsZIP(s string) bool {
	digits := len(s)
	for i := range len(s) {
		if c := s[i]; c < '0' || c > '9' {
			if c != '-' || i != 5 || len(s) != 10 {
				return false
			}
			digits--
		}
	}
	if digits != 5 && digits != 9 || len(s) == 10 && digits != 9 {
		return false
	}
	return s[:5] != "00000" && s[:5] != "99999"
}
