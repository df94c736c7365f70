// Package board serves the officers' board: read-only pages that show where incidents
// stand and what waits for whom. It works out nothing of its own: where practices stand,
// what is late and what waits for whom is what status and report open say, read from the
// same rows by the same functions. No page and no table reads anybody's finding.
//
// Whoever asks sees what a command of theirs would see. The board is told with each
// request who asks, and reads the database in that person's role and reach.
package board

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/openitems"
	"duenotice/internal/postgres"
	"duenotice/internal/rules"
)

// Surroundings are what the pages need to know of the installation.
type Surroundings struct {
	// Now tells the time, Zone is where the officers are.
	Now  func() time.Time
	Zone *time.Location
	// Queue is the worker's task queue, by which it is seen whether somebody works.
	Queue string
	// Command writes a command as an officer would type it; nil is openitems.Typed.
	Command openitems.Command
	// StepWords says what could not be done.
	StepWords func(casebook.Trouble) string
	// TemporalUI is the address of Temporal's page, "" where there is none, and
	// Namespace the namespace that the workflows run in.
	TemporalUI, Namespace string
}

func (s Surroundings) today() civil.Date { return civil.OfTime(s.Now().In(s.Zone)) }

// Board is the pages. Close it when they are served no more.
type Board struct {
	Surroundings
	// Who says who sent a request, and which roles there are now. A refusal is shown to
	// whoever asked; another error says that it cannot be known at the moment.
	Who func(*http.Request) (access.Identity, []access.Grant, error)
	// Open opens the database in a role and reach; the board closes it.
	Open func(ctx context.Context, scope access.Scope) (*postgres.Store, error)
	// Menu leads to pages beside the board, such as the reader's sessions.
	Menu []Link
	// Log receives what could not be shown.
	Log *slog.Logger
	// Patience is how long a page waits for numbers that are being counted, before it
	// shows earlier ones, or that they are being counted; 0 is a tenth of a second.
	Patience time.Duration

	once  sync.Once
	rooms rooms
}

// Link leads somewhere.
type Link struct{ Words, Address string }

// base is the path below which the board has all its pages.
const base = "/board/"

// ladder counts practices by their number of people, about the line from which HHS is
// told at once.
var ladder = casebook.Ladder{
	Steps: []int{1, 10, 100, 250, 400, 450, rules.HHSAtOnceFrom, 550, 600, 1000, 5000},
	Line:  rules.HHSAtOnceFrom, Least: 400, Most: 599,
}

// Handler serves the board below /board/.
func (b *Board) Handler() http.Handler {
	b.once.Do(func() {
		if b.Patience == 0 {
			b.Patience = 100 * time.Millisecond
		}
		if b.Command == nil {
			b.Command = openitems.Typed
		}
	})
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+base+"style.css", serveStyle)
	mux.HandleFunc("GET "+base+"{$}", b.overview)
	mux.HandleFunc("GET "+base+"incidents.csv", b.overviewCSV)
	mux.HandleFunc("GET "+base+"{incident}", b.addSlash)
	of := func(pattern string, serve func(request) error) {
		mux.HandleFunc("GET "+base+"{incident}/"+pattern, func(w http.ResponseWriter, r *http.Request) { b.ofIncident(w, r, serve) })
	}
	of("{$}", request.incident)
	of("practices", request.practices)
	of("open", request.open)
	of("held", request.held)
	of("pages", request.pages)
	of("csv/{table}", request.incidentCSV)
	of("practice/{key}", request.practice)
	of("practice/{key}/csv/{table}", request.practiceCSV)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { b.explain(w, http.StatusNotFound, noSuchPage) })
	return b.unquoting(hardened(mux))
}

// addSlash leads to an incident's page from its address without the slash at its end.
func (b *Board) addSlash(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("incident")
	if !breach.IsIncidentID(id) {
		b.explain(w, http.StatusNotFound, noSuchPage)
		return
	}
	http.Redirect(w, r, base+id+"/", http.StatusPermanentRedirect) //nolint:gosec // G710: it leads below /board/, and an incident's id has no slash
}

// Close ends what is being counted and gives back the connections.
func (b *Board) Close() { b.rooms.close() }

const noSuchPage = "There is no such page, or it is of an incident that is not yours to see."
