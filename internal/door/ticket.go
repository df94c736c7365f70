package door

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"sync"
	"time"
)

// ticketLasts is how long a sign-in may take from its first step to its last.
const ticketLasts = 5 * time.Minute

// tickets keep what is between the steps of a sign-in in the browser, sealed, so that
// nobody fills a memory or a table by beginning again and again. Each is good once.
// The key is the process's: after a restart somebody presses the button again.
type tickets struct {
	aead cipher.AEAD

	mu   sync.Mutex
	used map[[sha256.Size]byte]time.Time
}

func newTickets() *tickets {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails (crypto/rand)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key has the right length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // so has the block
	}
	return &tickets{aead: aead, used: map[[sha256.Size]byte]time.Time{}}
}

type ticket struct {
	Until time.Time
	Data  json.RawMessage
}

// seal makes a ticket for one kind of step.
func (t *tickets) seal(kind string, data any, now time.Time) (string, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(ticket{Until: now.Add(ticketLasts), Data: raw})
	if err != nil {
		return "", err
	}
	sealed := t.aead.Seal(nil, nil, text, []byte(kind)) //nolint:gosec // G407: this AEAD takes none, it makes a random one itself
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

// open reads one; false for one that is over, was used, or is none of ours.
func (t *tickets) open(kind, text string, data any, now time.Time) bool {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return false
	}
	plain, err := t.aead.Open(nil, nil, sealed, []byte(kind))
	if err != nil {
		return false
	}
	var it ticket
	if json.Unmarshal(plain, &it) != nil || !now.Before(it.Until) {
		return false
	}
	t.mu.Lock()
	_, again := t.used[sha256.Sum256(sealed)]
	t.mu.Unlock()
	return !again && json.Unmarshal(it.Data, data) == nil
}

// use uses up a ticket that was opened; false when another request was quicker. Only
// who succeeded uses one up, so there are never many.
func (t *tickets) use(text string, now time.Time) bool {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for old, until := range t.used {
		if !now.Before(until) {
			delete(t.used, old)
		}
	}
	key := sha256.Sum256(sealed)
	if _, again := t.used[key]; again {
		return false
	}
	t.used[key] = now.Add(ticketLasts)
	return true
}
