package papers

import (
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// BinderInput is one practice's case as it stands on a day.
type BinderInput struct {
	Incident   breach.Incident
	Practice   breach.Practice
	People     int
	Discovered civil.Date
	AsOf       civil.Date
	Notifiable bool
	Reason     string
	// Rulebook is the version of the law that was last decided by.
	Rulebook string
	// Account is where each of the practice's people stands.
	Account BinderAccount
	Duties  []BinderDuty
	Events  []BinderEvent
	// Head is the hash of the practice's last entry in the ledger, Entries its
	// number, Fingerprint that of the key evidence is signed with.
	Head        string
	Entries     int
	Fingerprint string
}

// BinderAccount counts a practice's people by what became of each.
type BinderAccount struct {
	// Findings are those on the practice's lists, Left those whom a later list took
	// out. AddsUp: the states are those of everybody, and no more.
	Findings, Left int
	AddsUp         bool
	States         []casebook.AccountRow
	// Untold are owed written notice and not told, Unreached are owed substitute
	// notice and not told. Both are zero where no notice is owed.
	Untold, Unreached int
}

func (a BinderAccount) total() int {
	n := 0
	for _, s := range a.States {
		n += s.People
	}
	return n
}

// BinderDuty is one duty with how it was fulfilled.
type BinderDuty struct {
	breach.Obligation
	SettledOn civil.Date
	Open      bool
	// DecidedOn is the day on which the last decision has it fulfilled, where the
	// account has changed since and it is open again; else zero.
	DecidedOn civil.Date
	// DaysLate counts from the day after the last day, to the day it was
	// fulfilled or to AsOf (45 CFR 160.406).
	DaysLate int
	// Moved are earlier last days.
	Moved []civil.Date
	// Proofs and Causes are sentences of what is on record.
	Proofs, Causes []string
}

// BinderEvent is one entry of the ledger in words.
type BinderEvent struct {
	// At is when it was written, RFC 3339 in UTC.
	At           string
	Who          string
	What, Detail string
	// Entry names it: P7 in the practice's chain, I3 in the incident's.
	Entry string
}

type binderView struct {
	Incident, Entity, Practice, LegalName, Key  string
	AsOf, Occurred, Found, Discovered, OwnClock string
	People, Outcome, Reason, Rulebook           string
	LateNow                                     string
	Account                                     binderAccountView
	Duties                                      []binderDutyView
	Late                                        []binderDutyView
	Events                                      []binderEventView
	Head, Entries, Fingerprint                  string
}

type binderDutyView struct {
	Title, Law, Due, State, Why, Proof, Cause string
}

type binderAccountView struct {
	Findings, Counted, Total, Left, Untold, Unreached string
	AddsUp, NobodyLeft                                bool
	States                                            []binderStateView
}

type binderStateView struct{ State, Why, People string }

type binderEventView struct{ When, Who, What, Entry string }

// Binder is the whole case of one practice for a human: what was owed under
// which law by which day, with the proof of each, lateness with its cause, and
// who did what when. It holds counts and no patient data.
func Binder(in BinderInput) ([]byte, error) {
	text, err := render(binderText, viewBinder(in))
	if err != nil {
		return nil, err
	}
	if text, err = marked(text, true); err != nil {
		return nil, err
	}
	return typeset(fmt.Sprintf("Binder of %s · incident %s", oneLine(in.Practice.Name()), oneLine(in.Incident.ID)), text, in.AsOf)
}

func viewBinder(in BinderInput) binderView {
	v := binderView{
		Incident: data(in.Incident.ID), Entity: data(in.Incident.Entity.Name), Practice: data(in.Practice.Name()),
		LegalName: data(in.Practice.LegalName), Key: data(in.Practice.Key), AsOf: in.AsOf.Long(),
		Occurred: occurred(in.Incident.Occurred), Found: in.Incident.Discovered.Long(),
		People: thousands(in.People), Reason: data(in.Reason), Rulebook: data(in.Rulebook),
		Head: data(in.Head), Entries: thousands(in.Entries), Fingerprint: data(in.Fingerprint),
		Outcome: "No notice is owed", Account: viewBinderAccount(in.Account, in.Notifiable),
	}
	if in.Notifiable {
		v.Outcome = "Notices are owed"
	}
	if !in.Discovered.IsZero() && in.Discovered != in.Incident.Discovered {
		v.OwnClock = in.Discovered.Long()
	}
	late := 0
	for _, d := range in.Duties {
		row := viewBinderDuty(d, in.AsOf)
		v.Duties = append(v.Duties, row)
		if d.DaysLate > 0 {
			v.Late = append(v.Late, row)
			if d.Open {
				late++
			}
		}
	}
	if late > 0 {
		v.LateNow = thousands(late)
	}
	for _, e := range in.Events {
		what := "**" + data(e.What) + "**"
		if e.Detail != "" {
			what += " " + data(e.Detail)
		}
		v.Events = append(v.Events, binderEventView{When: data(when(e.At)), Who: data(e.Who), What: what, Entry: data(e.Entry)})
	}
	return v
}

func viewBinderAccount(a BinderAccount, notifiable bool) binderAccountView {
	v := binderAccountView{
		Findings: thousands(a.Findings), Counted: thousands(a.total() - a.Left), Total: thousands(a.total()), Left: some(a.Left),
		Untold: some(a.Untold), Unreached: some(a.Unreached), AddsUp: a.AddsUp,
		NobodyLeft: notifiable && a.AddsUp && a.Untold == 0 && a.Unreached == 0,
	}
	for _, s := range a.States {
		v.States = append(v.States, binderStateView{State: data(s.State.Words()), Why: data(s.Why(thousands)), People: thousands(s.People)})
	}
	return v
}

func viewBinderDuty(d BinderDuty, asOf civil.Date) binderDutyView {
	v := binderDutyView{
		Title: data(d.Title()), Law: data(d.Citation), Due: "not running yet", Why: data(d.Why),
		Proof: "none recorded", Cause: "**No cause is on record.**",
	}
	if d.Recipient != "" && !strings.Contains(d.Title(), d.Recipient) {
		v.Title += ", to " + data(d.Recipient)
	}
	if !d.Due.IsZero() {
		v.Due = d.Due.Long()
	}
	if len(d.Moved) > 0 {
		var days []string
		for _, day := range d.Moved {
			days = append(days, day.String())
		}
		v.Due += " (before: " + strings.Join(days, ", ") + ")"
	}
	switch {
	case !d.Open && d.DaysLate > 0:
		v.State = fmt.Sprintf("**Fulfilled %s, %s late**", d.SettledOn.Long(), days(d.DaysLate))
	case !d.Open:
		v.State = "Fulfilled " + d.SettledOn.Long()
	case d.DaysLate > 0:
		v.State = fmt.Sprintf("**Open, %s late** on %s", days(d.DaysLate), asOf.Long())
	default:
		v.State = "Open"
	}
	if d.Open && !d.DecidedOn.IsZero() {
		v.State += fmt.Sprintf("; fulfilled %s by the last decision, and no longer by the account", d.DecidedOn.Long())
	}
	if len(d.Proofs) > 0 {
		v.Proof = data(strings.Join(d.Proofs, "; "))
	}
	if len(d.Causes) > 0 {
		v.Cause = data(strings.Join(d.Causes, "; "))
	}
	return v
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return thousands(n) + " days"
}

// when shortens an instant to the minute.
func when(at string) string {
	if len(at) < len("2006-01-02T15:04") {
		return at
	}
	return at[:10] + " " + at[11:16]
}

// PackReadme is the page that tells whoever gets an evidence pack what is in it
// and how to check it.
func PackReadme(incident, practice, entity, publicKey, fingerprint string) ([]byte, error) {
	text, err := render(packText, map[string]string{
		"Incident": oneLine(incident), "Practice": oneLine(practice), "Entity": oneLine(entity),
		"PublicKey": publicKey, "Fingerprint": fingerprint,
	})
	return []byte(text), err
}
