package breach

import "duenotice/internal/civil"

// NameKey returns what somebody must say to be found by name: first and last name, however
// they are written, and the birth date. A middle name, a suffix, marks, case and
// punctuation make no difference; a letter that is missing does, and so does the date,
// which is zero for a person whose birth date is not known.
//
// The key is patient data: hash it before it is stored or compared across rows.
func NameKey(firstName, lastName string, born civil.Date) string {
	return plainName(firstName) + "\n" + plainName(lastName) + "\n" + born.String()
}
