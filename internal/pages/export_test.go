package pages

import (
	"net/http"

	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
)

// What tests look at from outside.
var (
	Languages = languages
	Plain     = plain
	SafeName  = safeName
	KindOf    = kindOf
)

// Words are a language's texts.
func Words(lang string) (map[string]string, error) {
	w, err := readWords(lang)
	return w.texts, err
}

// Client is whose guesses a request's count as.
func (s *Server) Client(r *http.Request) string { return s.client(r) }

// Next is the next step of a page.
func Next(p *packet.Page, given []pagedoor.Given) (what, path string) {
	s := nextStep(p, given, p.DefaultAfter)
	return s.What, s.Path
}
