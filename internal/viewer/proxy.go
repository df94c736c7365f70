package viewer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"
)

const settingsPath = "/api/v1/settings"

// maxAmended bounds those answers of Temporal's UI that are changed on their way.
const maxAmended = 4 << 20

// proxy passes on to Temporal's UI what only looks, at what the person may see.
func (v *Viewer) proxy() func(w http.ResponseWriter, r *http.Request, who looker) {
	forward := &httputil.ReverseProxy{
		Transport: v.Transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(v.UI)
			r.Out.Host = v.UI.Host
			v.Door.WithoutCookies(r.Out) // its server and its log have no use for a session's secret
			if !strings.HasPrefix(r.In.URL.Path, "/_app/") {
				r.Out.Header.Del("Accept-Encoding") // its answer may be read here
			}
		},
		ModifyResponse: v.amend,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() != nil {
				return // the browser went to another page
			}
			var long *http.MaxBytesError
			if errors.As(err, &long) {
				tooLong(w, err, "That is more than Temporal's UI ever asks.")
				return
			}
			if count := v.silent.Again(v.Now()); count > 0 {
				v.Log.WarnContext(r.Context(), "Temporal's own UI does not answer", slog.Any("error", err), slog.Int("count", count))
			}
			http.Error(w, "Temporal's own UI does not answer. duenotice doctor says what is wrong.", http.StatusBadGateway)
		},
		// An answer that broke off is no news, and a line of it could be had as often as somebody likes.
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	return func(w http.ResponseWriter, r *http.Request, who looker) {
		switch {
		case !looks(r):
			http.Error(w, "This page is for looking. Acts go through the command line, where each names its author.", http.StatusMethodNotAllowed)
		case r.URL.Path == uiRenderPath:
			// Our script in the page asks elsewhere, and the browser is told to open no
			// frame; what comes here has decoded text in its address, and goes no further.
			http.Error(w, "What was decoded does not belong in an address.", http.StatusGone)
		case !who.mayAsk(r):
			if count := v.out.Again(v.Now()); count > 0 {
				v.Log.WarnContext(r.Context(), "the Temporal UI was asked for what is of no incident of the person's", slog.String("who", who.name), slog.Int("count", count))
			}
			http.Error(w, "Your role is for some incidents, and this is not known to be of one of them. Open one with: duenotice ui INCIDENT", http.StatusForbidden)
		default:
			forward.ServeHTTP(w, r)
		}
	}
}

// looks tells whether a request changes nothing. A query of a workflow, which is
// how the UI gets its current details, is a POST.
func looks(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	rest, found := strings.CutPrefix(r.URL.EscapedPath(), "/api/v1/namespaces/")
	parts := strings.Split(rest, "/") // NS/workflows/ID/query/TYPE
	return found && r.Method == http.MethodPost && len(parts) == 5 && parts[1] == "workflows" && parts[3] == "query"
}

// confined is what the UI's page may do: speak to its own server and to nobody
// else, by whatever way. A frame would carry decoded text in its address.
const confined = "connect-src 'self'; form-action 'self'; frame-ancestors 'self'; frame-src 'none'; object-src 'none'; base-uri 'self'; " +
	"img-src 'self' data: blob:; media-src 'self'; font-src 'self' data:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; manifest-src 'self' data:"

// amend changes what Temporal's UI answers: decoded content leaves for nowhere,
// no address of a page, which names a practice, is told to another site, and the
// settings name the codec server.
func (v *Viewer) amend(r *http.Response) error {
	r.Header.Set("Referrer-Policy", "same-origin")
	r.Header.Set("X-Content-Type-Options", "nosniff")
	r.Header.Set("Cross-Origin-Opener-Policy", "same-origin")
	r.Header.Set("Cross-Origin-Resource-Policy", "same-origin")
	// The UI's own program has no business with the door's passkeys.
	r.Header.Set("Permissions-Policy", "publickey-credentials-get=(), publickey-credentials-create=()")
	r.Header.Add("Content-Security-Policy", confined)
	if r.StatusCode != http.StatusOK || r.Request.Method != http.MethodGet {
		return nil
	}
	switch {
	case r.Request.URL.Path == settingsPath:
		return rewritten(r, settings)
	case strings.HasPrefix(r.Header.Get("Content-Type"), "text/html"):
		return rewritten(r, withFrames)
	}
	return nil
}

// rewritten changes an answer's body.
func rewritten(r *http.Response, change func([]byte) ([]byte, error)) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAmended+1))
	if err != nil {
		return err
	}
	if err := r.Body.Close(); err != nil {
		return err
	}
	if len(body) > maxAmended {
		return fmt.Errorf("Temporal's UI answers %s with more than %d bytes", r.Request.URL.Path, maxAmended)
	}
	if body, err = change(body); err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	r.Header.Del("ETag") // of another body
	return nil
}

// settings name the codec server, and nothing that writes or asks another site.
func settings(body []byte) ([]byte, error) {
	var s map[string]any
	if err := json.Unmarshal(body, &s); err != nil {
		return nil, fmt.Errorf("the settings of Temporal's UI: %w", err)
	}
	s["Codec"] = map[string]any{"Endpoint": codecPath, "PassAccessToken": false, "IncludeCredentials": true}
	s["DisableWriteActions"] = true
	s["NotifyOnNewVersion"] = false // it would ask another site
	return json.Marshal(s)
}

// withFrames puts our script first into the UI's page: before the page's own policy,
// which lets none in that is not its own. A page of another shape stays as it is,
// and then the browser shows no frame.
func withFrames(body []byte) ([]byte, error) {
	const head = "<head>"
	return bytes.Replace(body, []byte(head), []byte(head+"<script>"+frames+"</script>"), 1), nil
}
