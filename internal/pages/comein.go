package pages

import (
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
)

// comeIn is what the page that asks for a code shows. It knows nothing of whose the
// link is, or whether it is anybody's.
type comeIn struct {
	Action string
	// Problem is why the code was not taken, "" before it was tried.
	Problem string
}

// askForCode asks for the code. Programs follow links too, to show a preview or to look
// for something dangerous: that uses nothing up, and asks nothing of the database.
func (t *site) askForCode(w http.ResponseWriter, r *http.Request) {
	t.showComeIn(w, r, http.StatusOK, "")
}

func (t *site) showComeIn(w http.ResponseWriter, r *http.Request, status int, problem string) {
	f := frame{Body: comeIn{Action: r.URL.EscapedPath(), Problem: problem}}
	if t.passkeys.possible() {
		f.Script = t.script
	}
	t.render(w, r, status, "come-in", f)
}

// linkOf is the link in the address. Of what cannot be one it is a link that is
// nobody's, so that it is answered like any other.
func linkOf(r *http.Request) packet.Link {
	link, err := packet.ParseLink(r.PathValue("link"))
	if err != nil {
		return packet.NewLink()
	}
	return link
}

// guessed is whose wrong tries count together.
type guessed struct{ client, link string }

func (t *site) guessed(r *http.Request, link packet.Link) guessed {
	return guessed{t.client(r), hex.EncodeToString(link.SHA256())}
}

// tooMany reports, and says, that somebody tried too often.
func (t *site) tooMany(g guessed) bool {
	now := t.Now()
	return t.byClient.tooMany(g.client, now) || t.byLink.tooMany(g.link, now)
}

// notedWrong counts a try that opened nothing.
func (t *site) notedWrong(r *http.Request, g guessed) {
	now := t.Now()
	t.byClient.wrong(g.client, now)
	t.byLink.wrong(g.link, now)
	if n := t.wrong.Again(now); n > 0 {
		t.Log.WarnContext(r.Context(), "codes or passkeys for practices' pages were wrong", slog.Int("count", n))
	}
}

// tryCode begins a session with link and code.
func (t *site) tryCode(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		status := http.StatusBadRequest
		if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
			status = http.StatusRequestEntityTooLarge
		}
		t.showComeIn(w, r, status, "code.form")
		return
	}
	code, err := packet.ParseCode(r.PostFormValue("code"))
	if err != nil {
		t.showComeIn(w, r, http.StatusUnprocessableEntity, "code.form")
		return
	}
	back, ok := t.tries.take(r.Context())
	if !ok {
		t.busy(w, r)
		return
	}
	// Asked behind the turn: or a thousand tries at once would all be before the first wrong one.
	link := linkOf(r)
	g := t.guessed(r, link)
	if t.tooMany(g) {
		back()
		w.Header().Set("Retry-After", "60")
		t.showComeIn(w, r, http.StatusTooManyRequests, "code.many")
		return
	}
	even := time.NewTimer(wrongTakes)
	defer even.Stop()
	entered, err := t.enterByCode(w, r, link, code)
	if err == nil && !entered {
		t.notedWrong(r, g)
	}
	back()
	switch {
	case errors.Is(err, errBusy):
		t.busy(w, r)
	case err != nil:
		t.failed(w, r, err)
	case entered:
		http.Redirect(w, r, "/notice", http.StatusSeeOther)
	default:
		<-even.C
		t.showComeIn(w, r, http.StatusUnprocessableEntity, "code.wrong")
	}
}

// errBusy is a turn that did not come.
var errBusy = errors.New("many codes are tried at the same time")

func (t *site) busy(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "30")
	t.showComeIn(w, r, http.StatusServiceUnavailable, "code.busy")
}

func (t *site) enterByCode(w http.ResponseWriter, r *http.Request, link packet.Link, code packet.Code) (bool, error) {
	salt, err := t.Door.Salt(r.Context(), link)
	if err != nil || salt == nil {
		// Nobody finds a link by trying, so a stranger's costs us no slow hash. It is
		// answered no sooner than a wrong code (wrongTakes).
		return false, err
	}
	back, ok := t.hashes.take(r.Context())
	if !ok {
		return false, errBusy
	}
	key := t.fromCode(link, code, salt)
	back()
	tried, ok, err := t.Door.Try(r.Context(), link, nil, key)
	if err != nil || !ok {
		return false, err
	}
	return t.enter(w, r, entry{link: link, key: key, tried: tried})
}

// entry is a key that was tried and is good.
type entry struct {
	link  packet.Link
	key   packet.Key
	tried pagedoor.Tried
	// credential and updated are a passkey's, nil for a code.
	credential, updated []byte
}

// enter begins a session: its token unwraps the practice's identity from now on, and
// goes into a cookie. It is false for a key that somebody else has used up meanwhile.
func (t *site) enter(w http.ResponseWriter, r *http.Request, e entry) (bool, error) {
	defer t.Traces.enter(t.Now)()
	identity, err := e.key.Unwrap(e.tried.Wrapped, e.tried.Of)
	if err != nil {
		return false, err
	}
	token := packet.NewToken()
	wrapped, err := token.Key().Wrap(identity, e.tried.Of)
	if err != nil {
		return false, err
	}
	ok, err := t.Door.Enter(r.Context(), e.link, e.credential, e.key, token.Key(), wrapped, e.updated)
	if err != nil || !ok {
		return false, err
	}
	way := "code"
	if e.credential != nil {
		way = "passkey"
	}
	t.Log.InfoContext(r.Context(), "a practice came in to its page",
		slog.String("incident", e.tried.Of.IncidentID), slog.String("practice", e.tried.Of.Key), slog.String("kind", way))
	http.SetCookie(w, t.cookie(sessionCookie, token.String()))
	return true, nil
}
