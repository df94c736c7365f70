// Package viewer lets a person read Temporal's UI. What passes through Temporal
// is encrypted, so the UI by itself shows ciphertext; the viewer stands in front
// of it, behind the sign-in (internal/door), decodes under the same address, and
// writes down each time it did.
//
// It is for looking: whatever would change a workflow is refused. Acts go
// through the command line, where each names its author and leaves evidence.
//
// The UI, its codec server and the sign-in share one origin, so that a cookie
// which no script can read and no other site can use is all the browser needs.
package viewer

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	commonpb "go.temporal.io/api/common/v1"

	"duenotice/internal/casebook"
	"duenotice/internal/codec"
	"duenotice/internal/door"
	"duenotice/internal/logging"
)

// Store keeps the record of what was looked at.
type Store interface {
	// AddPayloadView writes down that somebody had payloads decoded.
	AddPayloadView(ctx context.Context, v casebook.PayloadView) error
}

// Viewer is the page on which officers read Temporal's UI.
type Viewer struct {
	// Door is what it stands behind.
	Door *door.Door
	// UI is where Temporal's own UI is, which nobody needs to reach but the viewer.
	UI *url.URL
	// Transport carries requests there; nil is the usual one. Where the UI asks for a
	// certificate, this has it.
	Transport http.RoundTripper
	// Codec decodes; its Viewer is used.
	Codec *codec.Codec
	// PlaceOf tells of which workflow a payload is that the codec opened, false where
	// nothing that was sealed with it says so. Nil knows of none: then only who may
	// watch every incident is shown anything.
	PlaceOf func(sealed *commonpb.Payload) (workflowID string, known bool)
	Store   Store
	// Now tells the time.
	Now func() time.Time
	// Log receives a structured line for each decoding.
	Log *slog.Logger

	// What can be caused again and again is counted, not repeated.
	unreachable, silent, out logging.Counted
}

// Paths of the viewer's own. Temporal's UI has none that begin like them.
const (
	codecPath  = "/duenotice/codec"
	decodePath = codecPath + "/decode"
	renderPath = "/duenotice/render"
)

// maxBody is for what has no limit of its own: the UI's queries. Limits on time are
// the server's.
const maxBody = 64 << 10

// Handler serves the viewer to who came through the door.
func (v *Viewer) Handler() http.Handler {
	page := http.NewServeMux()
	page.Handle("POST "+decodePath, looking(v.decode))
	page.Handle("POST "+renderPath, looking(v.render))
	page.Handle("/", looking(v.proxy()))
	return bounding(page)
}

// looking hands on who it is that looks. What came past the door is shown nothing.
func looking(next func(w http.ResponseWriter, r *http.Request, who looker)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, ok := door.Of(r)
		if !ok {
			http.Error(w, "This page is behind a sign-in.", http.StatusUnauthorized)
			return
		}
		incidents := p.Incidents()
		if len(incidents) == 0 {
			http.Error(w, "You hold no role that may look here; an officer gives roles with: duenotice access grant", http.StatusForbidden)
			return
		}
		next(w, r, looker{name: p.Name, incidents: incidents})
	})
}

// bounding cuts a body that has no end.
func bounding(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := int64(maxBody)
		switch r.URL.Path {
		case decodePath:
			most = maxDecode
		case renderPath:
			most = maxRender
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}

// broken says that we failed, and to the log why.
func (v *Viewer) broken(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the browser went to another page
	}
	if count := v.unreachable.Again(v.Now()); count > 0 {
		v.Log.ErrorContext(r.Context(), "that payloads were looked at could not be written down", slog.Any("error", err), slog.Int("count", count))
	}
	http.Error(w, "The database cannot be reached, so nothing is shown. duenotice doctor says what is wrong.", http.StatusServiceUnavailable)
}
