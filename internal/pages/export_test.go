package pages

import (
	"net/http"

	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
)

// What tests look at from outside.
var (
	Languages = languages
	Found     = func(names []string, query string) (left []string) {
		var people []person
		for _, n := range names {
			people = append(people, person{Name: n, search: n})
		}
		for _, p := range found(people, query) {
			left = append(left, p.Name)
		}
		return left
	}
	SafeName = safeName
	KindOf   = kindOf
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
