package pages_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/ledger"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
)

// answers are those that wait for the worker, opened as it opens them.
func (f fixture) answers(t testing.TB) (all []postgres.OpenedAnswer) {
	t.Helper()
	given, err := f.store.Answers(t.Context(), own.IncidentID, "")
	require.NoError(t, err)
	for _, answer := range given {
		if answer.State != postgres.AnswerReceived {
			continue
		}
		opened, err := f.store.OpenAnswer(t.Context(), answer.ID)
		require.NoError(t, err)
		all = append(all, opened)
	}
	return all
}

var signer = []string{"name", "Ann Example", "title", "Office manager"}

func TestAClerkComesInReadsAndSignsADelegation(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	asked := c.get(pathOf(f.link[own.Key]))
	require.Equal(t, http.StatusOK, asked.status)
	require.NotContains(t, asked.body, "Practice own", "the link alone says nothing of whose it is")
	notice := c.comesIn(own)
	for _, shown := range []string{"Practice own", "250 patients", "stolen password", "Say that you have this notice", "May 15, 2026", "in 25 days", "9400 1000 0000", "correct-horse-battery", "After May 1, 2026"} {
		require.Contains(t, notice.body, shown)
	}
	require.NotContains(t, notice.body, canary)

	// It says that it has the notice.
	form := c.get("/answer/received")
	sent := c.post("/answer/received", c.form(form, "received", signer...))
	require.Equal(t, http.StatusSeeOther, sent.status, sent.body)
	require.Contains(t, c.get(sent.to()).body, `id="state">received`)
	require.Contains(t, c.get("/notice").body, "Say who tells your patients", "the next thing is shown at once")

	// It delegates: asked, shown once more, signed.
	form = c.get("/answer/delegate")
	review := c.post("/answer/delegate", c.form(form, "delegate", append([]string{"delegation", "all"}, signer...)...))
	require.Equal(t, http.StatusOK, review.status)
	require.Contains(t, review.body, "nobody should get two letters")
	require.Len(t, f.answers(t), 1, "nothing is sent before it is signed")
	unsigned := c.post("/answer/delegate", c.form(review, "delegate-sign"))
	require.Equal(t, http.StatusUnprocessableEntity, unsigned.status)
	require.Contains(t, unsigned.body, "Tick the box to sign.")
	fields := c.form(review, "delegate-sign", "agree", "yes")
	sent = c.post("/answer/delegate", fields)
	require.Equal(t, http.StatusSeeOther, sent.status, sent.body)
	again := c.post("/answer/delegate", fields)
	require.Equal(t, sent.to(), again.to(), "the same form sent twice is one answer")
	all := f.answers(t)
	require.Len(t, all, 2)
	require.Equal(t, breach.DelegateAll, all[1].Act.Delegate.Delegation)
	require.Equal(t, "Ann Example, Office manager", all[1].Act.Who)
	// Somebody goes back in the browser and signs something else: that is another answer.
	fields.Set("delegation", breach.DelegateNone)
	other := c.post("/answer/delegate", fields)
	require.NotEqual(t, sent.to(), other.to())
	require.Len(t, f.answers(t), 3)

	require.NoError(t, f.store.EndAnswer(t.Context(), all[1].ID, postgres.AnswerDone, ""))
	require.NoError(t, f.store.EndAnswer(t.Context(), all[0].ID, postgres.AnswerRefused, "It is too late for this."))
	require.Contains(t, c.get(sent.to()).body, "Your answer is carried out")
	require.Contains(t, c.get("/answers/"+all[0].ID.String()).body, "It is too late for this.")

	// All of it is in the practice's chain.
	var kinds []string
	require.NoError(t, f.store.Ledger(t.Context(), own.IncidentID, own.Key, func(e ledger.Entry) error {
		body, err := e.Decode()
		kinds = append(kinds, body.Kind+" "+body.Ref)
		return err
	}))
	require.Contains(t, kinds, "page_opened code")
	require.Contains(t, kinds, "page_looked page")

	out := c.post("/leave", c.form(notice, "leave"))
	require.Equal(t, http.StatusOK, out.status)
	require.Equal(t, http.StatusUnauthorized, c.get("/notice").status)
}

func TestTheNextThingIsOne(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	c.comesIn(own)
	for _, step := range []struct {
		change func(p *packet.Page)
		want   string
	}{
		{func(p *packet.Page) { p.Acknowledged = p.Discovered }, "Say who tells your patients"},
		{func(p *packet.Page) { p.Delegation = breach.DelegateNone }, "Do what is yours next"},
		{func(p *packet.Page) { p.Duties[1].Open = false }, "Nothing more"},
		{func(p *packet.Page) { p.Held = true }, "Nobody is told anything further until it ends"},
		{func(p *packet.Page) { p.People = 0 }, "none of your patients was affected"},
	} {
		page := examplePage(own)
		page.Acknowledged = page.Discovered
		if step.want != "Say who tells your patients" {
			page.Delegation = breach.DelegateLetters
		}
		step.change(&page)
		f.pack(t, own, page, page.People)
		require.Contains(t, c.get("/notice").body, step.want)
	}
	page := examplePage(own)
	page.Delegation, page.LettersPrinted = breach.DelegateAll, true
	f.pack(t, own, page, 250)
	require.Contains(t, c.get("/answer/delegate").body, "cannot be changed here any more")
	require.NotContains(t, c.get("/notice").body, `href="/answer/delegate"`)
}

func TestContactsAreCorrected(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	c.comesIn(own)
	form := c.get("/answer/contact")
	require.Contains(t, form.body, "ann@practice.example", "what is known is there already")
	fields := c.form(form, "contact", append([]string{"privacy_officer", "Zo\u0435 Example", "email", "nobody at home", "phone", ""}, signer...)...)
	wrong := c.post("/answer/contact", fields)
	require.Equal(t, http.StatusUnprocessableEntity, wrong.status)
	require.Contains(t, wrong.body, `<a href="#email">Type one e-mail address`)
	require.Contains(t, wrong.body, `<a href="#privacy_officer">There is a character in the name`, "a Cyrillic letter among Latin ones")
	require.Contains(t, wrong.body, `value="nobody at home"`, "what was typed stays")
	require.Contains(t, wrong.body, `aria-describedby="email-problem" aria-invalid="true"`)
	require.Contains(t, wrong.body, "<title>Error: ")
	fields.Set("privacy_officer", "Zoe Example")
	fields.Set("email", "zoe@practice.example")
	require.Equal(t, http.StatusSeeOther, c.post("/answer/contact", fields).status)
	all := f.answers(t)
	require.Len(t, all, 1)
	require.Equal(t, "zoe@practice.example", all[0].Act.Contact.Email)
}

func TestPeopleAreFoundAndDisputed(t *testing.T) {
	t.Parallel()
	f := serve(t)
	c := f.clerk(t)
	c.comesIn(own)
	list := c.get("/list")
	require.Contains(t, list.body, "1 to 100 of 250")
	require.Contains(t, list.body, "Núñez0001")
	require.NotContains(t, list.body, "Núñez0101")
	require.Contains(t, c.get("/list?page=3").body, "201 to 250 of 250")
	require.Contains(t, c.get("/list?page=x").body, "1 to 100 of 250")
	secret := c.form(list, "search").Get("form")
	one := c.post("/list", url.Values{"form": {secret}, "query": {"nunez0007 richmond"}})
	require.Contains(t, one.body, "1 to 1 of 1")
	require.Contains(t, one.body, "Núñez0007")
	require.Contains(t, c.post("/list", url.Values{"form": {secret}, "query": {"5/7/1950"}}).body, "Núñez0007", "a date of birth as people type it")
	require.Contains(t, c.post("/list", url.Values{"form": {secret}, "query": {"nobody"}}).body, "Nobody on your list matches.")
	require.Contains(t, c.post("/list", url.Values{"form": {secret}, "choose": {"yes"}}).body, "at least one person first")

	form := c.post("/list", c.form(list, "choose", "choose", "yes", "person", "own-0003", "person", "own-0005", "person", "neighbour-0001"))
	require.Equal(t, http.StatusOK, form.status)
	require.Contains(t, form.body, "These 2 people are not your patients", "and nobody of another practice")
	fields := c.form(form, "not-ours", signer...)
	require.Equal(t, http.StatusUnprocessableEntity, c.post("/answer/not-ours", fields).status, "a reason is needed")
	fields.Set("reason", "They are of the practice next door.")
	require.Equal(t, http.StatusSeeOther, c.post("/answer/not-ours", fields).status)
	all := f.answers(t)
	require.Len(t, all, 1)
	require.Equal(t, []string{"own-0003", "own-0005"}, all[0].PersonKeys)
	require.Equal(t, "They are of the practice next door.", all[0].Reason)
	require.NotContains(t, f.log.String(), canary)
}
