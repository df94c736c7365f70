package pages

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
	"duenotice/internal/rules"
)

// choice is something the practice did itself: a duty of its own, by the fact that
// fulfils it.
type choice struct {
	Value              string
	Fact, Jurisdiction string
	// State is the State that it is about, "" for the whole country.
	State  string
	Duty   packet.Duty
	Chosen bool
}

// tellable are the facts that a practice can know by itself. The others are recorded by
// whoever runs the incident.
var tellable = []string{
	breach.PracticeMailed, breach.HHSFiled, breach.HHSAddendum, breach.MediaSent, breach.RegulatorNotified, breach.RegulatorUpdated, breach.CRANotified,
	breach.PostingStarted, breach.TollFreeStarted,
}

// choices are what a practice can tell: one for each duty that is not ours, by the fact
// that fulfils it (rules.SettledBy).
func choices(p *packet.Page, chosen string) (all []choice) {
	for _, d := range byDay(p.Duties) {
		if d.By == packet.DoneByUs {
			continue
		}
		for _, fact := range rules.SettledBy(breach.Obligation{Kind: d.Kind, Jurisdiction: d.Jurisdiction, Regime: d.Regime, Form: d.Form}) {
			if !slices.Contains(tellable, fact) || d.Form == breach.FormAddendum && fact != breach.HHSAddendum {
				continue // a report that was made is not made once more, but added to
			}
			c := choice{Fact: fact, Jurisdiction: d.Place, Duty: d}
			// Letters go to everybody at once.
			if fact != breach.PracticeMailed && breach.IsState(d.Jurisdiction) {
				c.State = d.Jurisdiction
				c.Jurisdiction = cmp.Or(d.Place, d.Jurisdiction) // a packet of before has no place
			}
			c.Value = c.Fact + "." + c.Jurisdiction
			c.Chosen = c.Value == chosen
			if !slices.ContainsFunc(all, func(o choice) bool { return o.Value == c.Value }) {
				all = append(all, c)
			}
		}
	}
	return all
}

// told takes what the practice did itself, on a day, with a proof if it has one.
func told(ctx context.Context, v *visit) (reply, error) {
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	a := asked{Page: p, Form: v.newForm()}
	chosen := a.Form.Get(fieldWhat)
	a.Choices = choices(p, chosen)
	if !v.posted() || len(a.Choices) == 0 {
		return v.show(http.StatusOK, "told", a), nil
	}
	fact := breach.Fact{Reference: ""}
	if i := slices.IndexFunc(a.Choices, func(c choice) bool { return c.Chosen }); i >= 0 {
		fact.Kind, fact.Jurisdiction = a.Choices[i].Fact, a.Choices[i].Jurisdiction
	} else {
		a.Form.wrong(fieldWhat, "wrong.what.missing")
	}
	fact.On = a.Form.day(fieldOn, v.today())
	if !fact.On.IsZero() && fact.Kind != "" {
		// What the incident's own record refuses is said at once, while the clerk is here.
		course := breach.Course{Occurred: p.Occurred.From, Discovered: p.Discovered}
		if refusal, ok := breach.AsRefusal(course.Follows(fact)); ok && refusal.Code != "no_cause" {
			a.Form.wrong(fieldOn, "wrong.on.early")
		}
	}
	fact.Count = a.Form.number(fieldCount)
	fact.Reference = a.Form.text(fieldReference, false)
	a.Form.complete(fact)
	answer := packet.Answer{Kind: packet.Told, Fact: &fact}
	if v.proof.problem != "" {
		a.Form.wrong(fieldProof, v.proof.problem)
	} else if v.proof.content != nil {
		answer.ProofName, answer.ProofType, answer.ProofSHA, answer.ProofBytes = v.proof.name, v.proof.kind, v.proof.sha256(), int64(len(v.proof.content))
	}
	signer := a.Form.signed(packet.Told)
	answer.Name, answer.Title = signer.Name, signer.Title
	return v.answered(ctx, "told", a, answer)
}

// complete asks whether the fact says enough to be recorded, and no more than its kind
// has a place for.
func (f *form) complete(fact breach.Fact) {
	refusal, refused := breach.AsRefusal(fact.Complete())
	switch {
	case !refused || fact.Kind == "":
	case refusal.Code == "no_reference":
		f.wrong(fieldReference, "wrong.reference.missing")
	case refusal.Code == "no_count":
		f.wrong(fieldCount, "wrong.count.missing")
	case refusal.Code == "no_number":
		f.wrong(fieldCount, "wrong.count.none")
	default:
		f.wrong(fieldWhat, "wrong.what.missing")
	}
}

// day takes a day that has come, as browsers send it or as people in the United States
// write it.
func (f *form) day(field string, today civil.Date) civil.Date {
	text := f.Get(field)
	if text == "" {
		f.wrong(field, "wrong.on.missing")
		return civil.Date{}
	}
	day, err := dayOf(text)
	switch {
	case err != nil:
		f.wrong(field, "wrong.on.shape")
	case day.After(today):
		f.wrong(field, "wrong.on.future")
	default:
		return day
	}
	return civil.Date{}
}

// dayOf reads a day as browsers send it, 2026-04-18, or as people type it, 4/18/2026.
func dayOf(text string) (civil.Date, error) {
	parts := strings.Split(text, "/")
	if len(parts) != 3 {
		return civil.Parse(text)
	}
	for i, part := range parts[:2] {
		if len(part) == 1 {
			parts[i] = "0" + part
		}
	}
	return civil.Parse(parts[2] + "-" + parts[0] + "-" + parts[1])
}

// number takes how many people it was about, 0 for nothing typed.
func (f *form) number(field string) int {
	text := strings.NewReplacer(",", "", " ", "").Replace(f.Get(field))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > 999_999_999 {
		f.wrong(field, "wrong.count")
		return 0
	}
	return n
}
