package door

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"duenotice/internal/logging"
)

// bounded cuts a body that has no end. Pages behind the door have limits of their own.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// unquoting answers a panic in the server's stead, which would write what it says to
// standard error: what is shown behind the door is for the eyes of who is signed in.
func (d *Door) unquoting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch value := recover(); value {
			case nil:
			case http.ErrAbortHandler: // how a proxy ends an answer that broke off
				panic(value)
			default:
				d.Log.ErrorContext(r.Context(), "a request for a page met a fault of the program", slog.Any("error", errors.New(string(logging.Panicked(value)))))
				http.Error(w, "The program has a fault, and its log says where.", http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// atHome refuses a request to another host than the door's own, without saying
// which that is: a stack's name is known to who may open its page.
func (d *Door) atHome(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.Host, d.Address.Host) {
			http.Error(w, "There is no page of this name here. The commands that lead to it: duenotice board, duenotice ui", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin lets another page's script, or what no browser sent, only look, which
// shows it nothing: the cookie is for this site alone. The browser says in Origin and
// in Sec-Fetch-Site which page it was, and no script can say otherwise.
//
// No script is let in that would stand between the browser and every page here (a
// service worker): it would outlive the page that brought it.
func (d *Door) sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site := r.Header.Get("Sec-Fetch-Site")
		looks := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case !looks && (r.Header.Get("Origin") != d.Address.String() || (site != "" && site != "same-origin")):
			http.Error(w, "Only the page itself may ask this.", http.StatusForbidden)
		case r.Header.Get("Service-Worker") != "" || r.Header.Get("Sec-Fetch-Dest") == "serviceworker":
			http.Error(w, "No script of this site stays in the browser.", http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// apart keeps a page from the scripts of other pages of this site, such as Temporal's
// UI, which is somebody else's program: only the browser's own window shows it, where
// the page's headers keep others out. What makes a passkey stands on such a page.
func apart(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if dest := r.Header.Get("Sec-Fetch-Dest"); dest != "" && dest != "document" {
			http.Error(w, "This page is for a window of its own.", http.StatusForbidden)
			return
		}
		next(w, r)
	}
}

// tooLong answers a form that cannot be read.
func tooLong(w http.ResponseWriter, err error) {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		http.Error(w, "That is no sign-in.", http.StatusRequestEntityTooLarge)
		return
	}
	http.Error(w, "That cannot be read.", http.StatusBadRequest)
}
