package pages

import (
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"duenotice/internal/packet"
)

// What tests look at from outside.
var (
	Languages = languages
	Plain     = plain
	SafeName  = safeName
	KindOf    = kindOf
)

// CeremonyOnce seals a ceremony for somebody and opens it twice as of others; it
// returns whether each was let in.
func CeremonyOnce(seal, open string, otherProcess bool) (first, second bool, err error) {
	c, err := newCeremonies(&url.URL{Scheme: "https", Host: "notice.example.com"})
	if err != nil {
		return false, false, err
	}
	cookie, err := c.seal(&webauthn.SessionData{Challenge: "of the test"}, seal)
	if err != nil {
		return false, false, err
	}
	if otherProcess {
		if c, err = newCeremonies(&url.URL{Scheme: "https", Host: "notice.example.com"}); err != nil {
			return false, false, err
		}
	}
	_, one := c.open(cookie, open, time.Time{})
	_, two := c.open(cookie, open, time.Time{})
	return one == nil, two == nil, nil
}

// Words are a language's texts.
func Words(lang string) (map[string]string, error) {
	w, err := readWords(lang)
	return w.texts, err
}

// CountHashes adds one to n for each slow hash that the server makes.
func (s *Server) CountHashes(n *atomic.Int64) {
	s.fromCode = func(link packet.Link, code packet.Code, salt []byte) packet.Key {
		n.Add(1)
		return packet.FromCode(link, code, salt)
	}
}

// Client is whose guesses a request's count as.
func (s *Server) Client(r *http.Request) string { return s.client(r) }

// Enter notes that something is unsealed.
func (t *Traces) Enter(now func() time.Time) (gone func()) { return t.enter(now) }
