package pages

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"duenotice/internal/breach"
	"duenotice/internal/packet"
	"duenotice/internal/postgres/pagedoor"
)

// Paths of the forms, below /answer/.
const (
	pathReceived = "received"
	pathDelegate = "delegate"
	pathContact  = "contact"
	pathNotOurs  = "not-ours"
	pathTold     = "told"
)

// answering are the forms by their path.
var answering = map[string]func(ctx context.Context, v *visit) (reply, error){
	pathReceived: received, pathDelegate: delegate, pathContact: contact, pathNotOurs: dispute, pathTold: told,
}

// received takes that the practice has its notice.
func received(ctx context.Context, v *visit) (reply, error) {
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	a := asked{Page: p, Form: v.newForm()}
	if !v.posted() {
		return v.show(http.StatusOK, "received", a), nil
	}
	answer := a.Form.signed(packet.Received)
	answer.Fact = &breach.Fact{Kind: breach.Acknowledged, On: v.today()}
	return v.answered(ctx, "received", a, answer)
}

// delegate takes who tells the practice's patients. It is asked for, shown once more
// with what follows from it, and then signed.
func delegate(ctx context.Context, v *visit) (reply, error) {
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	a := asked{Page: p, Form: v.newForm()}
	if !canDelegate(p) {
		return v.show(http.StatusOK, "delegated", a), nil
	}
	if !v.posted() {
		return v.show(http.StatusOK, "delegate", a), nil
	}
	if a.Form.Get("step") == "change" { // back from the last look, with what was typed
		return v.show(http.StatusOK, "delegate", a), nil
	}
	answer := packet.Answer{Kind: packet.Delegate, Delegation: a.Form.Get(fieldDelegation)}
	if !slices.Contains(breach.Delegations, answer.Delegation) {
		a.Form.wrong(fieldDelegation, "wrong.delegation.missing")
	}
	signer := a.Form.signed(packet.Delegate)
	answer.Name, answer.Title = signer.Name, signer.Title
	agreed := a.Form.Get(fieldAgree) == "yes"
	if len(a.Form.Wrong) > 0 || (a.Form.Get("step") == "sign" && agreed) {
		return v.answered(ctx, "delegate", a, answer)
	}
	if a.Form.Get("step") == "sign" {
		a.Form.wrong(fieldAgree, "wrong.agree")
	}
	a.Review = true
	status := http.StatusOK
	if len(a.Form.Wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return v.show(status, "delegate", a), nil
}

// contact takes whom to write to at the practice.
func contact(ctx context.Context, v *visit) (reply, error) {
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	a := asked{Page: p, Form: v.newForm()}
	if !v.posted() {
		a.Form.Values.Set(fieldOfficer, p.Contact.PrivacyOfficer)
		a.Form.Values.Set(fieldEmail, p.Contact.Email)
		a.Form.Values.Set(fieldPhone, p.Contact.Phone)
		return v.show(http.StatusOK, "contact", a), nil
	}
	c := packet.Contact{PrivacyOfficer: a.Form.person(fieldOfficer, true), Email: a.Form.text(fieldEmail, true), Phone: a.Form.text(fieldPhone, false)}
	if c.Email != "" && (!breach.IsMailbox(c.Email) || breach.IsUnreadMailbox(c.Email)) {
		a.Form.wrong(fieldEmail, "wrong.email.shape")
	}
	answer := a.Form.signed(packet.Correct)
	answer.Contact = &c
	return v.answered(ctx, "contact", a, answer)
}

// given is the page of one answer: what became of it.
type given struct {
	*packet.Page
	pagedoor.Given
	When string
	Done string
	// Why it was not accepted, "" where it was; InEnglish in whatever language the page is.
	Why       string
	InEnglish bool
}

// answerState shows what became of one answer.
func answerState(ctx context.Context, v *visit) (reply, error) {
	id, err := uuid.Parse(v.r.PathValue("id"))
	if err != nil {
		return nil, errNoPage
	}
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	all, err := v.Answers(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(g pagedoor.Given) bool { return g.ID == id })
	if i < 0 {
		return nil, errNoPage
	}
	g := given{Page: p, Given: all[i], When: v.moment(all[i].At, v.zone())}
	if g.Why, g.InEnglish, err = v.refused(all[i].Detail); err != nil {
		return nil, err
	}
	if all[i].EndedAt != nil {
		g.Done = v.moment(*all[i].EndedAt, v.zone())
	}
	return v.show(http.StatusOK, "answer", g), nil
}
