package door

import (
	"net/http"
	"strconv"
	"time"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
)

// accountPage is what somebody sees of who is signed in.
type accountPage struct {
	Name     string
	Identity access.Identity
	// Everybody: the lists are of all people, whose sessions may be ended here.
	Everybody     bool
	Sessions      []sessionRow
	Passkeys      []passkeyRow
	MayAddPasskey bool
	WhyNoPasskeys string
	Ways          []Way
}

type sessionRow struct {
	ID                                               int
	Who, How, From, Browser, Began, Seen, EndsLatest string
	ThisOne                                          bool
}

type passkeyRow struct {
	ID                      int
	Who, Label, Added, Used string
}

// How words of ways to sign in read.
var waysIn = map[string]string{casebook.ByLink: "link", casebook.ByPasskey: "passkey", casebook.ByOIDC: "organisation"}

// WayIn is how somebody signed in, in words.
func WayIn(how string) string { return waysIn[how] }

// account shows a person their sessions and passkeys, and to who gives roles everybody's.
func (d *Door) account(w http.ResponseWriter, r *http.Request) {
	p, _ := Of(r)
	everybody := MayEndOthers(p.Grants, p.Identity)
	of := p.Identity
	if everybody {
		of = ""
	}
	sessions, err := d.Store.Sessions(r.Context(), of, d.Now())
	if err != nil {
		d.broken(w, r, err)
		return
	}
	passkeys, err := d.Store.Passkeys(r.Context(), of)
	if err != nil {
		d.broken(w, r, err)
		return
	}
	page := accountPage{Name: p.Name, Identity: p.Identity, Everybody: everybody, Ways: d.Ways, MayAddPasskey: d.mayKeepPasskeys(p) && MayLook(p.Grants, p.Identity)}
	if !d.mayKeepPasskeys(p) {
		page.WhyNoPasskeys = d.whyNoPasskeys(p)
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return "never"
		}
		return t.In(d.zone()).Format("2006-01-02 15:04 MST")
	}
	for _, s := range sessions {
		page.Sessions = append(page.Sessions, sessionRow{
			ID: s.ID, Who: s.Who, How: WayIn(s.How), From: s.Address, Browser: s.Browser, Began: at(s.Began), Seen: at(s.Seen), EndsLatest: at(s.Until),
			ThisOne: s.ID == p.session.ID,
		})
	}
	for _, k := range passkeys {
		page.Passkeys = append(page.Passkeys, passkeyRow{ID: k.ID, Who: k.Who, Label: k.Label, Added: at(k.Added), Used: at(k.Used)})
	}
	d.show(w, http.StatusOK, "account.html", page)
}

// reach is whose passkeys somebody may take away: "" for everybody's.
func (p Person) reach() access.Identity {
	if MayEndOthers(p.Grants, p.Identity) {
		return ""
	}
	return p.Identity
}

// endSession ends a session of the person's own, or one that they may end. Its own
// session is how somebody signs out.
func (d *Door) endSession(w http.ResponseWriter, r *http.Request) {
	p, _ := Of(r)
	id, ok := d.number(w, r)
	if !ok {
		return
	}
	err := d.Store.EndSession(r.Context(), id, p.Identity, MayEndOthers(p.Grants, p.Identity), p.Name, d.Now())
	if err != nil || id != p.session.ID {
		d.thenAccount(w, r, err)
		return
	}
	http.SetCookie(w, d.cookie(d.cookieName(""), "", 0, http.SameSiteStrictMode))
	http.Redirect(w, r, signedOutPath, http.StatusSeeOther)
}

func (d *Door) removePasskey(w http.ResponseWriter, r *http.Request) {
	p, _ := Of(r)
	id, ok := d.number(w, r)
	if !ok {
		return
	}
	d.thenAccount(w, r, d.Store.RemovePasskey(r.Context(), id, p.reach(), p.Name, d.Now()))
}

// number reads which one a form is about.
func (d *Door) number(w http.ResponseWriter, r *http.Request) (int, bool) {
	if err := r.ParseForm(); err != nil {
		tooLong(w, err)
		return 0, false
	}
	id, err := strconv.Atoi(r.PostFormValue("id"))
	if err != nil || id < 1 {
		http.Error(w, "It is not said which one.", http.StatusBadRequest)
		return 0, false
	}
	return id, true
}
