// Package mailsink is SendGrid's v3 API as a sender meets it, on the loopback
// interface: it looks at each request as SendGrid would, keeps what it took, answers
// as it was told, and posts signed events of what became of a message. Nothing that
// it takes goes anywhere.
//
// Its answers are whole HTTP responses in answers/, in the form in which SendGrid's
// documentation and users of its libraries have published them, with the page that
// its web server sends where no JSON comes back.
package mailsink

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// sendPath is where messages are handed over.
const sendPath = "/v3/mail/send"

// maxBody is what SendGrid takes at most, attachments and all: 30 MB.
const maxBody = 30 << 20

// Sink takes messages until it is closed.
type Sink struct {
	// URL is what SENDGRID_HOST is set to.
	URL string
	// apiKey is the one key that is right.
	apiKey string
	server *http.Server
	key    *ecdsa.PrivateKey
	now    func() time.Time
	ended  chan struct{}

	mu sync.Mutex
	// always is the answer to everybody, next are those to one address, the first first.
	always *Answer
	next   map[string][]Answer
	posts  map[string]int
	taken  []Message
	// count is how many were taken; to gets them instead of taken, where it is set.
	count int
	to    func(Message)
}

// Start begins a sink that takes mail for the key. Close ends it.
func Start(ctx context.Context, apiKey string, now func() time.Time) (*Sink, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("the mail sink cannot listen: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s := &Sink{
		URL: "http://" + listener.Addr().String(), apiKey: apiKey, key: key, now: now,
		next: map[string][]Answer{}, posts: map[string]int{}, ended: make(chan struct{}),
	}
	// A sender that stops in the middle of its request is not waited for.
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(listener) }() // ends with Close, and says that it did
	return s, nil
}

// Close ends the sink and whatever hangs in it.
func (s *Sink) Close() error {
	close(s.ended)
	return s.server.Close()
}

// Always has everybody answered in one way; nil lets each message have its own again.
func (s *Sink) Always(a *Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.always = a
}

// Next has the next attempts to an address answered so, in this order; what comes
// after them is taken.
func (s *Sink) Next(to string, answers ...Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next[to] = append(s.next[to], answers...)
}

// Give has each message that is taken from now on given to a function, one after the
// other, and not kept: a hundred thousand of them with their papers fill the memory.
func (s *Sink) Give(to func(Message)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = to
}

// Attempts is how often each address was written to, whatever became of it.
func (s *Sink) Attempts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for to, n := range s.posts {
		counts[to] = n
	}
	return counts
}

// Taken are the messages that were taken, in the order in which they came.
func (s *Sink) Taken() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.taken)
}

// To are those of the messages taken that went to an address.
func (s *Sink) To(address string) []Message {
	return slices.DeleteFunc(s.Taken(), func(m Message) bool { return m.To != address })
}

// ServeHTTP is SendGrid's side of one attempt.
func (s *Sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != sendPath {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodPost {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+s.apiKey {
		s.answer(w, r, Unauthorized, "")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		s.answer(w, r, TooLarge, "")
		return
	case err != nil:
		return // the sender went away
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		s.answer(w, r, Refused("Content-Type should be application/json.", ""), "")
		return
	}
	m, wrong := read(body)
	if wrong != nil {
		s.answer(w, r, *wrong, "")
		return
	}
	a, id := s.decide(m)
	s.answer(w, r, a, id)
}

// decide is how a message that is in order is answered, and the provider's id where it
// is taken.
func (s *Sink) decide(m Message) (Answer, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts[m.To]++
	a := Accepted
	if queue := s.next[m.To]; s.always != nil {
		a = *s.always
	} else if len(queue) > 0 {
		a, s.next[m.To] = queue[0], queue[1:]
	}
	if !a.takes {
		return a, ""
	}
	s.count++
	m.ProviderID = fmt.Sprintf("sink%018d", s.count)
	if s.to != nil {
		s.to(m)
		return a, m.ProviderID
	}
	s.taken = append(s.taken, m)
	return a, m.ProviderID
}
