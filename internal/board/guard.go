package board

import (
	"errors"
	"log/slog"
	"net/http"

	"duenotice/internal/logging"
)

// policy lets a browser load the board's own style sheet and nothing else, run nothing,
// and show the board within no other page.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// hardened answers what looks and refuses the rest, with the headers that keep a page
// to itself.
func hardened(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		// An incident's id and a practice's key are part of addresses.
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		// What somebody may see ends with their role: no copy stays in a browser or on the way.
		h.Set("Cache-Control", "no-store")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "The board is for looking. What is decided is given as a command.", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// unquoting answers a panic in the server's stead, which would write what it says to
// standard error.
func (b *Board) unquoting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if value := recover(); value != nil {
				b.Log.ErrorContext(r.Context(), "a request for the board met a fault of the program", slog.Any("error", errors.New(string(logging.Panicked(value)))))
				http.Error(w, "The program has a fault, and its log says where.", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
