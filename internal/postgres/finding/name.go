package finding

import (
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
)

// NameHash is the hash by which somebody is found of whom a caller says name and birth date.
func (r *Reader) NameHash(firstName, lastName string, born civil.Date) [16]byte {
	return nameHash(r.hashes(), r.incidentID, &breach.Person{FirstName: firstName, LastName: lastName, BirthDate: born})
}

// nameHash begins with a word, so that it is no hash of anything else.
func nameHash(hasher *datakey.Hasher, incidentID string, p *breach.Person) [16]byte {
	return hasher.Sum128([]byte("name\x00" + incidentID + "\x00" + breach.NameKey(p.FirstName, p.LastName, p.BirthDate)))
}
