package intake

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/intake/rows"
)

// identifying are the kinds of numbers that are one person's, with the letter by which
// hashes of each are told apart. A member number is a family's, and none of them.
var identifying = []struct {
	class  breach.DataClass
	letter string
}{{"drivers_license", "d"}, {"medical_record_number", "m"}, {"passport", "p"}, {"ssn", "s"}, {"state_id", "i"}, {"tin", "t"}}

// newIDKey makes the key of the hashes of identifiers. It lives as long as the import and
// lies nowhere: what is sorted on the disk shows only which numbers are equal. No output
// depends on it.
func newIDKey() ([]byte, error) {
	key := make([]byte, sha256.Size)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("make a key to hash identifiers with: %w", err)
	}
	return key, nil
}

// identifiers are hashes of the numbers of a row that are one person's; the numbers
// themselves are kept nowhere.
func (r *run) identifiers(t *table, row *rows.Row, rec *record) string {
	if rec.kind == visit {
		return ""
	}
	var ids []string
	for _, kind := range identifying {
		for _, at := range t.match.Kinds[string(kind.class)] {
			for value := range strings.FieldsFuncSeq(cell(row, at), func(c rune) bool { return c == ';' || c == '|' || c == ',' }) {
				number := numberOf(value)
				if number == "" {
					continue
				}
				if kind.class == "medical_record_number" {
					// Every practice counts its own records.
					number = rec.where() + "\x00" + number
				}
				mac := hmac.New(sha256.New, r.idKey)
				_, _ = mac.Write([]byte(kind.letter + number)) // it never fails
				ids = append(ids, kind.letter+base32.StdEncoding.EncodeToString(mac.Sum(nil)[:10]))
			}
		}
	}
	return strings.Join(sortedSet(ids), " ")
}

// numberOf is an identifier as it is compared; empty where the cell says only that there
// is one, how many there are, or hides some of it.
func numberOf(value string) string {
	var number strings.Builder
	digits := map[rune]bool{}
	for _, c := range strings.ToUpper(value) {
		switch {
		case c >= '0' && c <= '9':
			digits[c] = true
			number.WriteRune(c)
		case c >= 'A' && c <= 'Z':
			number.WriteRune(c)
		case !strings.ContainsRune(" -./", c):
			return ""
		}
	}
	text := number.String()
	if len(text) < 5 || len(digits) < 3 || strings.Contains(text, "XX") {
		return ""
	}
	return text
}

func joinIDs(a, b string) string {
	if a == "" || a == b {
		return b
	}
	return strings.Join(sortedSet(slices.Concat(strings.Fields(a), strings.Fields(b))), " ")
}
