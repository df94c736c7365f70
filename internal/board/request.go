package board

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

// timeLimit is how long a request may take: a table of tens of thousands of practices as
// CSV is the longest.
const timeLimit = time.Minute

// reader is who looks, and what they may see.
type reader struct {
	who    access.Identity
	grants []access.Grant
}

// seesLooks reports whether they may see who looked at people.
func (r reader) seesLooks(incident string) bool {
	if access.OpenTo(r.grants, r.who) {
		return true
	}
	_, err := access.May(r.grants, r.who, "", access.Oversee, incident, "")
	return err == nil
}

// request is somebody's request for something of one incident that they may see.
type request struct {
	*http.Request
	ctx    context.Context //nolint:containedctx // the request's own, with the board's limit
	w      http.ResponseWriter
	b      *Board
	reader reader
	room   *room
	id     string
	facts  casebook.Incident
}

// admit says who asks, and answers who may not look at any board.
func (b *Board) admit(w http.ResponseWriter, r *http.Request) (reader, bool) {
	who, grants, err := b.Who(r)
	if err != nil {
		b.fail(w, r, err)
		return reader{}, false
	}
	if len(access.Scopes(grants, who, access.Board)) == 0 {
		b.explain(w, http.StatusForbidden, "You hold no role that sees the board. An officer gives roles with duenotice access grant.")
		return reader{}, false
	}
	return reader{who, grants}, true
}

// ofIncident serves something of an incident to whoever may see that incident; to others
// it is not there.
func (b *Board) ofIncident(w http.ResponseWriter, r *http.Request, serve func(request) error) {
	who, ok := b.admit(w, r)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeLimit)
	defer cancel()
	id := r.PathValue("incident")
	scope, err := access.ScopeIn(who.grants, who.who, access.Board, id)
	if err != nil || !breach.IsIncidentID(id) {
		b.explain(w, http.StatusNotFound, noSuchPage)
		return
	}
	room, err := b.rooms.in(ctx, scope, b.Open)
	if err != nil {
		b.fail(w, r, err)
		return
	}
	facts, err := room.store.Incident(ctx, id)
	if err == nil {
		err = serve(request{Request: r, ctx: ctx, w: w, b: b, reader: who, room: room, id: id, facts: facts})
	}
	if err != nil {
		b.fail(w, r, err)
	}
}

// counts are the incident's numbers.
func (q request) counts() (casebook.Board, error) {
	return q.room.boards.get(q.ctx, q.id, q.b.Patience, func(ctx context.Context) (casebook.Board, error) {
		return q.room.store.Board(ctx, q.id, q.b.Now(), q.b.today(), ladder)
	})
}

// troubles are what the program could not do in the incident, in words.
func (s Surroundings) troubles(ctx context.Context, store *postgres.Store, incident string) ([]casebook.Trouble, error) {
	list, err := store.Troubles(ctx, incident)
	for i := range list {
		list[i].Step = s.StepWords(list[i])
	}
	return list, err
}

// fail answers what went wrong, in words that say what to do about it.
func (b *Board) fail(w http.ResponseWriter, r *http.Request, err error) {
	refusal, refused := breach.AsRefusal(err)
	switch {
	case errors.Is(err, errCounting):
		// The page is asked for again by itself, without a script.
		w.Header().Set("Refresh", "1")
		b.show(w, http.StatusOK, "counting", b.frame("Counting"))
	case refused && (refusal.Code == "unknown_incident" || refusal.Code == "unknown_practice" || refusal.Code == errNoTable.Code):
		b.explain(w, http.StatusNotFound, noSuchPage)
	case refused:
		b.explain(w, http.StatusForbidden, refusal.Error())
	case r.Context().Err() != nil: // the browser went to another page
	default:
		b.Log.ErrorContext(r.Context(), "the board could not be shown", slog.Any("error", err))
		b.explain(w, http.StatusServiceUnavailable, "The database does not answer, so nothing is shown. duenotice doctor says what is wrong; try again in a moment.")
	}
}

// explain answers with a page that says why there is no other.
func (b *Board) explain(w http.ResponseWriter, status int, words string) {
	page := b.frame("Nothing to see here")
	page.Body = words
	b.show(w, status, "message", page)
}

// show writes a page. It is made whole first: half a page would look like all of it.
func (b *Board) show(w http.ResponseWriter, status int, name string, page any) {
	var content bytes.Buffer
	if err := pages.ExecuteTemplate(&content, name, page); err != nil {
		b.Log.Error("a page of the board could not be made", slog.Any("error", err))
		http.Error(w, "The program has a fault, and its log says where.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(content.Bytes()) // a browser that left is no fault
}
