package viewer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"strings"
)

const settingsPath = "/api/v1/settings"

// proxy passes on to Temporal's UI what only looks.
func (v *Viewer) proxy() http.Handler {
	forward := &httputil.ReverseProxy{
		Transport: v.Transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(v.UI)
			r.Out.Host = v.UI.Host
			v.withoutCookie(r.Out)
			if r.In.URL.Path == settingsPath {
				r.Out.Header.Del("Accept-Encoding") // its answer is read here
			}
		},
		ModifyResponse: v.amend,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() != nil {
				return // the browser went to another page
			}
			v.Log.WarnContext(r.Context(), "Temporal's own UI does not answer", slog.Any("error", err))
			http.Error(w, "Temporal's own UI does not answer. duenotice doctor says what is wrong.", http.StatusBadGateway)
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !looks(r) {
			http.Error(w, "This page is for looking. Acts go through the command line, where each names its author.", http.StatusMethodNotAllowed)
			return
		}
		forward.ServeHTTP(w, r)
	})
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

// withoutCookie keeps the session's secret from Temporal's UI and its log.
func (v *Viewer) withoutCookie(r *http.Request) {
	all := r.Cookies()
	r.Header.Del("Cookie")
	for _, c := range all {
		if c.Name != v.cookieName() {
			r.AddCookie(c)
		}
	}
}

// amend changes what Temporal's UI answers: decoded content leaves for nowhere,
// no address of a page, which names a practice, is told to another site, and the
// settings name the codec server.
func (v *Viewer) amend(r *http.Response) error {
	r.Header.Set("Referrer-Policy", "same-origin")
	r.Header.Add("Content-Security-Policy", "connect-src 'self'; form-action 'self'; frame-ancestors 'self'")
	if r.Request.URL.Path != settingsPath || r.StatusCode != http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if err := r.Body.Close(); err != nil {
		return err
	}
	var settings map[string]any
	if err := json.Unmarshal(body, &settings); err != nil {
		return fmt.Errorf("the settings of Temporal's UI: %w", err)
	}
	settings["Codec"] = map[string]any{"Endpoint": codecPath, "PassAccessToken": false, "IncludeCredentials": true}
	settings["DisableWriteActions"] = true
	settings["NotifyOnNewVersion"] = false // it would ask another site
	if body, err = json.Marshal(settings); err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Length", fmt.Sprint(len(body)))
	return nil
}
