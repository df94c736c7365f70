package viewer

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	commonpb "go.temporal.io/api/common/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"duenotice/internal/casebook"
)

const (
	// maxDecode bounds one request. Temporal refuses a history event above 2 MB and
	// a history above 50 MB; the UI asks for one event or one page of events.
	maxDecode = 16 << 20
	// maxName bounds what the browser says about itself before it is written down.
	maxName = 1000
)

// decode is the codec server: POST {"payloads":[...]} gives them back in clear
// (https://docs.temporal.io/codec-server). There is no encoding: nothing may be
// written from the UI. What is shown is written down first; when that fails,
// nothing is shown.
func (v *Viewer) decode(w http.ResponseWriter, r *http.Request, who looker) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		tooLong(w, err, "That is more than is decoded at once.")
		return
	}
	var in commonpb.Payloads
	if err := protojson.Unmarshal(body, &in); err != nil || len(in.GetPayloads()) == 0 {
		http.Error(w, "That is no list of payloads.", http.StatusBadRequest)
		return
	}
	opened, unreadable := v.Codec.Viewer().Decode(in.GetPayloads())
	theirs := v.theirs(who, in.GetPayloads())
	view := casebook.PayloadView{
		At: v.Now(), Who: who.name, Namespace: bounded(r.Header.Get("X-Namespace")), Payloads: len(in.GetPayloads()), Readable: unreadable == nil && theirs,
	}
	view.WorkflowID, view.RunID = workflowOf(r.Referer())
	if err := v.Store.AddPayloadView(r.Context(), view); err != nil {
		v.broken(w, r, err)
		return
	}
	v.Log.InfoContext(r.Context(), "payloads decoded for the Temporal UI", slog.String("who", view.Who), slog.String("Namespace", view.Namespace),
		slog.String("WorkflowID", view.WorkflowID), slog.String("RunID", view.RunID), slog.Int("count", view.Payloads), slog.String("status", status(view)))
	switch {
	case unreadable != nil:
		// The codec's own errors name a key at most, and no content.
		http.Error(w, unreadable.Error(), http.StatusUnprocessableEntity)
		return
	case !theirs:
		http.Error(w, "Not all of this is known to be of an incident that you have a role for. An officer gives roles with: duenotice access grant", http.StatusForbidden)
		return
	}
	for i := range opened {
		opened[i] = withPlace(opened[i])
	}
	out, err := protojson.Marshal(&commonpb.Payloads{Payloads: opened})
	if err != nil {
		http.Error(w, "The payloads cannot be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(out) // the browser is gone, if anything
}

// theirs reports whether all payloads are of incidents whose workflows the person
// may watch. The page they were asked from is no proof of it: whoever asks says
// what page that is.
func (v *Viewer) theirs(who looker, sealed []*commonpb.Payload) bool {
	return who.everything() || !slices.ContainsFunc(sealed, func(p *commonpb.Payload) bool {
		workflow, known := "", false
		if v.PlaceOf != nil {
			workflow, known = v.PlaceOf(p)
		}
		return !known || !who.mayWatch(workflow)
	})
}

// tooLong answers a body that has no end, or more than belongs there.
func tooLong(w http.ResponseWriter, err error, says string) {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		http.Error(w, says, http.StatusRequestEntityTooLarge)
	}
}

func status(view casebook.PayloadView) string {
	if view.Readable {
		return "shown"
	}
	return "not shown"
}

// workflowOf tells of which workflow the page was that asked. The UI says only
// the namespace; the address of its page is /namespaces/NS/workflows/ID/RUN/...
func workflowOf(referer string) (workflow, run string) {
	u, err := url.Parse(referer)
	if err != nil {
		return "", ""
	}
	parts := strings.Split(u.EscapedPath(), "/")
	if len(parts) < 5 || parts[1] != "namespaces" || parts[3] != "workflows" {
		return "", ""
	}
	workflow = unescaped(parts[4])
	if len(parts) > 5 {
		run = unescaped(parts[5])
	}
	return workflow, run
}

func unescaped(part string) string {
	text, err := url.PathUnescape(part)
	if err != nil {
		return ""
	}
	return bounded(text)
}

// bounded is text as PostgreSQL can keep it, and no longer than a name.
func bounded(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
	if len(text) > maxName {
		text = strings.ToValidUTF8(text[:maxName], "")
	}
	return text
}
