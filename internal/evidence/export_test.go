package evidence

import (
	"encoding/json"

	"duenotice/internal/ledger"
)

// WriteZIP writes files in an order.
func WriteZIP(names []string, files map[string][]byte) ([]byte, error) {
	var members []member
	for _, name := range names {
		members = append(members, content(name, files[name]))
	}
	return zipped(members)
}

// Resign makes a pack of files that were changed: listed and signed anew.
func Resign(files map[string][]byte, key *Key) ([]byte, error) {
	var m manifest
	if err := json.Unmarshal(files[manifestName], &m); err != nil {
		return nil, err
	}
	m.Files, m.PublicKey = nil, key.Public()
	for _, own := range []string{manifestName, signatureName, stampName, stampSigName} {
		delete(files, own)
	}
	return seal(m, files, key)
}

// PapersOf are the practice's papers as entries tell of them, with their hashes.
func PapersOf(entries []ledger.Entry) ([]ledger.File, error) {
	s, err := tell(entries)
	if err != nil {
		return nil, err
	}
	return s.papers, nil
}

// MachineWords are what an entry of the program's own doing tells.
func MachineWords(b ledger.Body) (what, detail string, err error) { return machineWords(b) }
