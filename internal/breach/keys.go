package breach

import "strings"

// deviceNames are no file names on Windows, with any extension and in any
// capitals (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
var deviceNames = setOf("con prn aux nul com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9")

// longestDevice bounds a name that can be one of them.
const longestDevice = 4

// IsKey reports whether s may name an incident, practice, person or counting
// entity: 1 to 64 of A-Z a-z 0-9 . _ -, so that it is safe as a file name, a
// workflow ID and a column. It may not be what some system does not take for a
// file's name: begin with a dot (hidden) or a dash (an option of a command), end
// with a dot (Windows drops it), or be one of Windows' devices, as CON or NUL.txt.
func IsKey(s string) bool {
	if len(s) == 0 || len(s) > 64 || s[0] == '.' || s[0] == '-' || s[len(s)-1] == '.' {
		return false
	}
	stem := len(s)
	for i := range len(s) {
		c := s[i]
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
		if c == '.' {
			stem = min(stem, i)
		}
	}
	return stem < 3 || stem > longestDevice || !deviceNames[strings.ToLower(s[:stem])]
}

// CheckKeys refuses, with code "bad_key", practice keys of one incident that are no keys
// or are one and the same to a system that ignores capitals, on which two practices'
// folders would be one. Whoever reads a case says so for each row; this is for
// whatever comes another way.
func CheckKeys(practiceKeys []string) error {
	seen := make(map[string]string, len(practiceKeys))
	for _, key := range practiceKeys {
		if !IsKey(key) {
			return Refuse("bad_key", "Use 1 to 64 of A-Z a-z 0-9 . _ - that every system takes for a file's name.", "%q cannot be a practice's key", key)
		}
		folded := strings.ToLower(key)
		if other, there := seen[folded]; there {
			return Refuse("bad_key", "Give them different keys.", "the practice keys %s and %s are one to a system that ignores capitals", other, key)
		}
		seen[folded] = key
	}
	return nil
}

// besideIncidents are the output's folders that lie beside those of incidents.
var besideIncidents = setOf("outbox annual-log")

// IsIncidentID reports whether s may name an incident: letters, digits and
// dashes, 1 to 64 of them, and not the name of a folder beside the incidents'. It
// appears in workflow IDs, which anybody who sees the Temporal UI can read, and so
// may say nothing about a patient.
func IsIncidentID(s string) bool {
	for _, r := range s {
		if r == '.' || r == '_' {
			return false
		}
	}
	return IsKey(s) && !besideIncidents[strings.ToLower(s)]
}

// IsNPI reports whether s is a National Provider Identifier: ten digits whose
// last is the Luhn check digit over the number prefixed with 80840 (45 CFR
// 162.406; the prefix is ISO 7812's for United States health).
func IsNPI(s string) bool {
	if len(s) != 10 {
		return false
	}
	// The prefix contributes 24 to the sum whatever follows it.
	sum := 24
	for i := range 10 {
		d := int(s[i] - '0')
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
