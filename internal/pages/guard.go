package pages

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"duenotice/internal/logging"
)

// The policy of every page: nothing from elsewhere, nothing inline, no frame. A page
// with a passkey's button may run our one script, which speaks to us alone.
const (
	policy           = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	policyWithScript = policy + "; script-src 'self'; connect-src 'self'"
	// policyOfFile is of what is taken away: a browser that shows it runs nothing of it.
	policyOfFile = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
)

// secured sets on every answer what keeps the page from being framed, guessed at,
// kept, or told to others by its address.
func (t *site) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		// The address of the first page has the practice's link.
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Embedder-Policy", "require-corp")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)")
		if t.tls() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

func (t *site) tls() bool { return t.Address.Scheme == "https" }

// atHome refuses a request to another name than the page's own: it comes from a page
// that made its name mean this server, or from a scan that guesses.
func (t *site) atHome(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.Host, t.Address.Host) {
			http.Error(w, "There is no page of this name here.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ours refuses a form or script of another page, as the browser says (Sec-Fetch-Site,
// else Origin). With our Referrer-Policy an older browser says "null" of our own forms:
// that is no word against them, and the form's secret decides.
func (t *site) ours(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := r
		if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null" {
			asked = r.Clone(r.Context())
			asked.Header.Del("Origin")
		}
		if protection.Check(asked) != nil {
			t.explain(w, r, http.StatusForbidden, "elsewhere")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// bounded cuts a body that has no end.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := int64(maxBody)
		if r.URL.Path == "/answer/"+pathTold {
			most = maxProofBody
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}

// unquoting answers a panic in the server's stead, which would write what it says,
// and so perhaps somebody's name, to standard error.
func (t *site) unquoting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			t.Log.ErrorContext(r.Context(), "a request for a practice's page met a fault of the program", slog.Any("error", errors.New(string(logging.Panicked(value)))))
			t.explain(w, r, http.StatusInternalServerError, "broken")
		}()
		next.ServeHTTP(w, r)
	})
}
