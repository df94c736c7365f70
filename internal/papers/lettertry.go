package papers

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// maxTried bounds how many incidents' letters are remembered as tried.
const maxTried = 1000

// tried are the hashes of what was tried and can be printed: an incident's letters say
// the same for all its practices, and a proof is made for each of them.
var tried = struct {
	sync.Mutex
	good map[[sha256.Size]byte]bool
}{good: map[[sha256.Size]byte]bool{}}

// tryLetters refuses an incident of whose letters one could not be printed: to any kind
// of reader, in any State, in any of its languages. So it is known before the first letter.
func tryLetters(incident breach.Incident, datedOn civil.Date) error {
	said, delayed := incident.OnPaper()
	key, err := json.Marshal([]any{said, delayed, datedOn})
	if err != nil {
		return fmt.Errorf("telling the letters of incident %s from others: %w", incident.ID, err)
	}
	sum := sha256.Sum256(key)
	tried.Lock()
	good := tried.good[sum]
	tried.Unlock()
	if good {
		return nil
	}
	for _, tag := range incident.Languages().Tags() {
		in, err := speechOf(incident, tag)
		if err != nil {
			return err
		}
		if err := in.tryAll(in.incident, datedOn); err != nil {
			return err
		}
	}
	tried.Lock()
	defer tried.Unlock()
	if len(tried.good) >= maxTried {
		clear(tried.good)
	}
	tried.good[sum] = true
	return nil
}
