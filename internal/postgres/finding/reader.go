package finding

import (
	"bytes"
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/datakey"
	"duenotice/internal/postgres/sqlgen"
)

// Reader reads people of one incident. Every read of patient data comes
// through here. It is for one goroutine.
type Reader struct {
	incidentID string
	key        *datakey.Key
	// Used again for every row.
	hasher         *datakey.Hasher
	place, columns []byte
}

// NewReader reads the people of an incident with its data key.
func NewReader(incidentID string, key *datakey.Key) *Reader {
	return &Reader{incidentID: incidentID, key: key}
}

// Opened is a decrypted record that is what the program wrote.
type Opened []byte

// Open decrypts a finding as one that practiceKey has, and refuses, as an *Altered,
// one whose columns in clear are not those that were sealed with it, or whose state
// nobody of whom they are true can be in.
func (r *Reader) Open(f *sqlgen.Finding, practiceKey string) (Opened, error) {
	plain, err := r.plain(f.Sealed, practiceKey, f.PersonKey)
	if err != nil {
		return nil, err
	}
	if len(plain) == 0 || plain[0] != plainVersion {
		return nil, errPlain
	}
	is := inClearOf(f)
	r.columns = is.append(r.columns[:0])
	rest, same := bytes.CutPrefix(plain[1:], r.columns)
	if !same {
		sealed := (&plainReader{rest: plain[1:]}).inClear()
		return nil, r.Altered(practiceKey, f.PersonKey, is.differs(&sealed)...)
	}
	if who := (account.Person{Protected: is.protected, Usable: is.usable}); !who.MayBe(account.State(f.State)) {
		return nil, r.Altered(practiceKey, f.PersonKey, "state")
	}
	return rest, nil
}

// Person reads a whole finding. It refuses what Open refuses, and one of which the
// hashes are not the record's: they decide whether a later list says something else.
func (r *Reader) Person(f *sqlgen.Finding, practiceKey string) (breach.Person, error) {
	rest, err := r.Open(f, practiceKey)
	if err != nil {
		return breach.Person{}, err
	}
	p, letterEnds, err := readPlain(rest)
	if err != nil {
		return breach.Person{}, err
	}
	if r.hashes().Sum128(rest[:letterEnds]) != f.LetterHash.Bytes {
		return breach.Person{}, r.Altered(practiceKey, f.PersonKey, "letter_hash")
	}
	if r.hashes().Sum128(rest[letterEnds:]) != f.OtherHash.Bytes {
		return breach.Person{}, r.Altered(practiceKey, f.PersonKey, "other_hash")
	}
	// One that an earlier program took in has none, and is found by no name.
	if f.NameHash.Valid && nameHash(r.hashes(), r.incidentID, &p) != f.NameHash.Bytes {
		return breach.Person{}, r.Altered(practiceKey, f.PersonKey, "name_hash")
	}
	p.Key, p.PracticeKey = f.PersonKey, practiceKey
	return p, nil
}

// Both reads the person as the finding that is kept and as the record of a further
// list have them, without their keys. The record was written by this very
// transaction, so that its columns in clear are not looked at.
func (r *Reader) Both(f *sqlgen.Finding, after []byte, practiceKey string) (people [2]breach.Person, err error) {
	before, err := r.Open(f, practiceKey)
	if err != nil {
		return people, err
	}
	if people[0], _, err = readPlain(before); err != nil {
		return people, err
	}
	plain, err := r.plain(after, practiceKey, f.PersonKey)
	if err != nil {
		return people, err
	}
	rest := plainReader{rest: plain[1:]}
	rest.inClear()
	people[1], _, err = readPlain(rest.rest)
	return people, err
}

// Hash is a hash of texts under the incident's key: without it nobody can make one.
// what says what it is of, so that a hash of one thing is none of another. Texts have
// no NUL.
func (r *Reader) Hash(what string, texts ...string) [16]byte {
	text := strings.Join(append([]string{what, r.incidentID}, texts...), "\x00")
	return r.hashes().Sum128([]byte(text))
}

// plain decrypts a finding as one that practiceKey has of personKey.
func (r *Reader) plain(sealed []byte, practiceKey, personKey string) ([]byte, error) {
	r.place = appendBinding(r.place[:0], r.incidentID, practiceKey, personKey)
	plain, err := r.key.Open(sealed, r.place)
	if err != nil {
		return nil, r.Altered(practiceKey, personKey)
	}
	return plain, nil
}

func (r *Reader) hashes() *datakey.Hasher {
	if r.hasher == nil {
		r.hasher = r.key.Hasher()
	}
	return r.hasher
}

// appendBinding names the one place where a sealed person may be read: rows
// moved to another person, practice or incident do not open there.
func appendBinding(b []byte, incidentID, practiceKey, personKey string) []byte {
	b = append(b, "finding\x00"...)
	for _, key := range []string{incidentID, practiceKey, personKey} {
		b = append(b, key...)
		b = append(b, 0) // keys have no NUL: they cannot run into each other
	}
	return b
}
