package finding

// SealNote encrypts something that is kept beside a person's row, for one place: what says
// what it is. Nobody can open it as another person's, or as anything else.
func (r *Reader) SealNote(plain []byte, what, practiceKey, personKey string) ([]byte, error) {
	return r.key.Seal(plain, r.noteBinding(what, practiceKey, personKey))
}

// OpenNote decrypts what SealNote encrypted for the same place, and refuses anything else
// as an *Altered.
func (r *Reader) OpenNote(sealed []byte, what, practiceKey, personKey string) ([]byte, error) {
	plain, err := r.key.Open(sealed, r.noteBinding(what, practiceKey, personKey))
	if err != nil {
		return nil, r.Altered(practiceKey, personKey, what)
	}
	return plain, nil
}

func (r *Reader) noteBinding(what, practiceKey, personKey string) []byte {
	return append(appendBinding(nil, r.incidentID, practiceKey, personKey), "\x00note\x00"+what...)
}
