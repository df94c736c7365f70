package evidence

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/papers"
)

// story is what the entries of one practice, with the incident's, tell.
type story struct {
	events []papers.BinderEvent
	// papers are the files of the practice's folder as last made.
	papers []ledger.File
	// duties are the duties as the decisions left them, by ID; moved are the days
	// they were due before, passed those whose last day passed while they were open.
	duties map[string]ledger.Change
	moved  map[string][]civil.Date
	passed map[ledger.Overdue]bool
	// records are what people recorded, holds what law enforcement asked for.
	records []casebook.RecordTerms
	holds   []breach.Hold
	last    ledger.Decision
	// signed are the names under which each identity did what takes two people.
	signed map[string][]string
	// law is the rulebook of the last decision.
	law string
}

// Tell says in words what entries tell, the incident's and then a practice's, in the order
// in which it was done. It checks no chain.
func Tell(entries []ledger.Entry) ([]papers.BinderEvent, error) {
	s, err := tell(entries)
	if err != nil {
		return nil, err
	}
	return s.events, nil
}

// tell reads the story out of entries: the incident's and then the practice's.
func tell(entries []ledger.Entry) (*story, error) {
	s := &story{signed: map[string][]string{}, duties: map[string]ledger.Change{}, moved: map[string][]civil.Date{}, passed: map[ledger.Overdue]bool{}}
	for _, e := range entries {
		b, err := e.Decode()
		if err == nil {
			err = s.take(e, b)
		}
		if err != nil {
			return nil, &ledger.Broken{Practice: e.Practice, Seq: e.Seq, What: "it cannot be read: " + err.Error()}
		}
	}
	slices.SortStableFunc(s.events, func(a, b papers.BinderEvent) int { return strings.Compare(a.At, b.At) })
	return s, nil
}

func (s *story) take(e ledger.Entry, b ledger.Body) error {
	say := func(what, detail string) {
		where := fmt.Sprintf("I%d", e.Seq)
		if e.Practice != "" {
			where = fmt.Sprintf("P%d", e.Seq)
		}
		if shared := s.sharing(b); shared != "" {
			detail = strings.TrimPrefix(detail+"; "+shared, "; ")
		}
		s.events = append(s.events, papers.BinderEvent{At: e.At, Who: b.Who, What: what, Detail: detail, Entry: where})
	}
	switch b.Kind {
	case ledger.KindAct:
		return s.takeAct(b, say)
	case ledger.KindDecision:
		return s.takeDecision(b, say)
	case ledger.KindPapers:
		made, err := ledger.ResultOf[ledger.Papers](b)
		s.papers = made.Files
		say("Made the practice's papers", fmt.Sprintf("%d files, papers %s", len(made.Files), short(made.PapersSHA256)))
		return err
	case ledger.KindWorksheet:
		made, err := ledger.ResultOf[ledger.Papers](b)
		s.papers = slices.DeleteFunc(slices.Clone(s.papers), func(f ledger.File) bool {
			return slices.ContainsFunc(made.Files, func(anew ledger.File) bool { return anew.Path == f.Path })
		})
		s.papers = append(s.papers, made.Files...)
		slices.SortFunc(s.papers, func(a, b ledger.File) int { return strings.Compare(a.Path, b.Path) })
		say("Brought the worksheet and the calendar up to date", fmt.Sprintf("%d files", len(made.Files)))
		return err
	case ledger.KindIntent, ledger.KindResult:
		step, err := ledger.ResultOf[ledger.Step](b)
		if step.What == ledger.StepBatch {
			return err // the practice's own entries say what became of its letters
		}
		say(stepWords(step), b.Ref)
		return err
	case ledger.KindOverdue:
		o, err := ledger.ResultOf[ledger.Overdue](b)
		s.passed[o] = true
		title := plain(o.Obligation)
		if duty := s.duties[o.Obligation].Obligation; duty != nil {
			title = duty.Title()
		}
		say("The last day passed: "+title, "due "+o.Due.String())
		return err
	}
	what, detail, err := machineWords(b)
	if what != "" {
		say(what, detail)
	}
	return err
}

// sharing says of what takes two people that the other one did theirs from the same
// account or login, which shows that two names were given and not that two people were there.
func (s *story) sharing(b ledger.Body) string {
	kind := b.Kind
	if a, err := ledger.ResultOf[act](b); kind == ledger.KindAct && err == nil {
		kind = a.Kind
	}
	if b.Identity == "" || kind != ledger.KindApproval && kind != casebook.ActApprove && kind != casebook.ActAssess {
		return ""
	}
	other := slices.IndexFunc(s.signed[b.Identity], func(name string) bool { return !breach.SamePerson(name, b.Who) })
	s.signed[b.Identity] = append(s.signed[b.Identity], b.Who)
	if other < 0 {
		return ""
	}
	return fmt.Sprintf("from one account with %s (%s)", s.signed[b.Identity][other], b.Identity)
}

func (s *story) takeAct(b ledger.Body, say func(what, detail string)) error {
	a, err := actOf(b)
	if err != nil {
		return err
	}
	if a.Terms.Record != nil {
		s.records = append(s.records, *a.Terms.Record)
	}
	if a.Terms.Hold != nil {
		s.holds = append(s.holds, *a.Terms.Hold)
	}
	say(a.words())
	return nil
}

func (s *story) takeDecision(b ledger.Body, say func(what, detail string)) error {
	d, err := ledger.ResultOf[ledger.Decision](b)
	if err != nil {
		return err
	}
	// Anew on other inputs, such as a later fact, with the same outcome.
	decidedBefore := s.law != "" && d.Notifiable == s.last.Notifiable && d.Reason == s.last.Reason
	s.last = d
	if b.Rulebook != nil {
		s.law = b.Rulebook.Version
	}
	var parts []string
	for _, c := range d.Changes {
		if c.What == "dropped" {
			delete(s.duties, c.ID)
			parts = append(parts, "no longer owed: "+plain(c.ID))
			continue
		}
		s.duties[c.ID] = c
		if c.What == "moved" && !c.OldDue.IsZero() {
			s.moved[c.ID] = append(s.moved[c.ID], c.OldDue)
		}
		if text := changeWords(c); text != "" {
			parts = append(parts, text)
		}
	}
	if len(d.Changes) == 0 && decidedBefore {
		say("Decided again, with the same duties, rulebook "+s.law, "")
		return nil
	}
	what := "Decided: nothing is owed (" + d.Reason + ")"
	if d.Notifiable {
		what = "Decided what is owed (" + d.Reason + ")"
	}
	say(what+", rulebook "+s.law, strings.Join(parts, ". "))
	return nil
}

func changeWords(c ledger.Change) string {
	if c.Obligation == nil {
		return ""
	}
	o := *c.Obligation
	due := "no day yet"
	if !o.Due.IsZero() {
		due = "due " + o.Due.String()
	}
	switch c.What {
	case "added":
		return fmt.Sprintf("%s, %s (%s): %s", o.Title(), due, o.Citation, o.Why)
	case "moved":
		return fmt.Sprintf("%s moved from %s, %s (%s): %s", o.Title(), dayOr(c.OldDue, "no day"), due, o.Citation, o.Why)
	case "settled":
		return fmt.Sprintf("%s fulfilled on %s", o.Title(), c.SettledOn)
	case "reopened":
		return fmt.Sprintf("%s open again, %s", o.Title(), due)
	}
	return ""
}

func dayOr(day civil.Date, otherwise string) string {
	if day.IsZero() {
		return otherwise
	}
	return day.String()
}

func stepWords(step ledger.Step) string {
	thing := map[string]string{
		ledger.StepEmail: "E-mail with the notice", ledger.StepPost: "Letters to practices by post", ledger.StepKeyShred: "Destroying the incident's key",
	}[step.What]
	of, _ := step.Detail["step"].(string)
	switch {
	case thing == "":
		thing = plain(step.What)
	case step.What == ledger.StepEmail && of == casebook.CodeStep:
		thing = "E-mail with the code for the practice's page"
	case step.What == ledger.StepEmail && casebook.IsReminder(of):
		thing = "E-mail that reminds the practice"
	}
	return thing + ": " + map[string]string{
		casebook.MessageIntended: "about to be done", casebook.MessageSending: "handed over", casebook.MessageSent: "accepted by the provider",
		casebook.MessageToSend: "written into the outbox folder, not sent", casebook.MessageBounced: "did not arrive",
		casebook.MessageAgain:    "may be sent again, as its address was corrected or somebody said so",
		casebook.MessageRecorded: "ended by what was recorded of the notice",
		casebook.MessageRejected: "refused by the provider", casebook.MessageUnknown: "not known whether it arrived",
		casebook.MessageNoEmail: "not possible, there is no address", "finished": "done",
	}[step.State]
}

// machineWords says what the program did by itself; nothing where it matters
// to no practice.
func machineWords(b ledger.Body) (what, detail string, err error) {
	switch b.Kind {
	case ledger.KindLoaded, ledger.KindAmended:
		var l ledger.Loaded
		l, err = ledger.ResultOf[ledger.Loaded](b)
		what = fmt.Sprintf("Took in list %d of findings, over all practices: %d rows", l.List, l.Rows)
		detail = "list " + short(b.Inputs["list"])
		if b.Inputs["case"] != "" {
			detail = "case folder " + short(b.Inputs["case"]) + "; " + detail
		}
		for _, name := range slices.Sorted(maps.Keys(b.Inputs)) {
			if strings.HasPrefix(name, ledger.SourceInput) {
				how := "imported from "
				if strings.HasPrefix(name, ledger.SourceInput+"access ") {
					how = "answered by "
				}
				detail += "; " + how + name + ": " + short(b.Inputs[name])
			}
		}
		if l.Cleared > 0 {
			detail += fmt.Sprintf("; %d people left because nobody had seen their data", l.Cleared)
		}
		if l.Told > 0 {
			detail += fmt.Sprintf("; %d of those who left had been told by then", l.Told)
		}
	case ledger.KindTouched:
		var t ledger.Touched
		t, err = ledger.ResultOf[ledger.Touched](b)
		what = fmt.Sprintf("List %d changed the practice's people: %d now", t.List, t.People)
	case ledger.KindCorrected:
		var c ledger.Corrected
		c, err = ledger.ResultOf[ledger.Corrected](b)
		what, detail = "The case was corrected, which touches the practice", strings.Join(c.Fields, ", ")
		if c.Papers {
			what += "; its papers are to be approved anew"
		}
	case ledger.KindReturned:
		var r ledger.Returned
		r, err = ledger.ResultOf[ledger.Returned](b)
		what = fmt.Sprintf("Letters of the practice came back (list %d): %d; people without a usable address now: %d", r.List, r.Letters, r.NoUsableAddress)
	case ledger.KindSearched:
		var r ledger.Reveal
		r, err = ledger.ResultOf[ledger.Reveal](b)
		what, detail = "Looked for a person by name", r.Reason
	case ledger.KindTracing:
		var t ledger.Tracing
		t, err = ledger.ResultOf[ledger.Tracing](b)
		what, detail = fmt.Sprintf("Took in %d scans of %d letters on their way", t.Scans, t.Letters), "file "+short(b.Inputs["file"])
	case ledger.KindListOut:
		var l ledger.ListOut
		l, err = ledger.ResultOf[ledger.ListOut](b)
		what, detail = fmt.Sprintf("Wrote the addresses of %d people down to be checked", l.Rows), "list "+short(b.Inputs["list"])
		if l.For == ledger.ListForCallers {
			what = fmt.Sprintf("Wrote the list of %d letters for those who answer calls", l.Rows)
		}
	case ledger.KindAddressesChecked:
		var a ledger.AddressesChecked
		a, err = ledger.ResultOf[ledger.AddressesChecked](b)
		what, detail = checkedWords(a), "list "+short(b.Inputs["list"])
	case ledger.KindRecalled:
		var r ledger.Recalled
		r, err = ledger.ResultOf[ledger.Recalled](b)
		what = fmt.Sprintf("Letters of the practice were taken back (recall %d): %d before they were mailed, %d that were mailed", r.Recall, r.Withdrawn, r.Mailed)
		if r.Again > 0 {
			what = fmt.Sprintf("Letters of the practice that printing held back are tried again (list %d): %d", r.List, r.Again)
		}
	case ledger.KindAltered:
		var a ledger.Altered
		a, err = ledger.ResultOf[ledger.Altered](b)
		what, detail = "Found changed past the program: what is kept of the practice", strings.Join(a.Columns, ", ")
		if a.People {
			what = "Found changed past the program: the row of a person"
		}
	case ledger.KindApproval:
		what, detail = "Approved the papers, with all that waited", "papers "+short(b.Inputs["papers"])
	case ledger.KindReveal:
		var r ledger.Reveal
		r, err = ledger.ResultOf[ledger.Reveal](b)
		what, detail = "Looked at one person's row", r.Reason
	case ledger.KindRestarted:
		var r ledger.Restarted
		r, err = ledger.ResultOf[ledger.Restarted](b)
		what, detail = "Started again a workflow that was ended from outside", r.Ended
	case ledger.KindRefused:
		var r ledger.Refused
		r, err = ledger.ResultOf[ledger.Refused](b)
		what, detail = "Refused what came through Temporal as "+r.Used, r.Reason
	case ledger.KindPlanned:
		var l ledger.Letters
		l, err = ledger.ResultOf[ledger.Letters](b)
		what = fmt.Sprintf("Put %d of the practice's people into mail run %d", l.Findings, l.Run)
	case ledger.KindPrinted:
		var l ledger.Letters
		l, err = ledger.ResultOf[ledger.Letters](b)
		what = fmt.Sprintf("Printed mail run %d: %d letters, %d joined to another practice's, %d held back", l.Run, l.Letters, l.Joined, l.Held)
	case ledger.KindClosed:
		var c ledger.Closed
		c, err = ledger.ResultOf[ledger.Closed](b)
		what, detail = "Closed the practice's case", c.Why
	case ledger.KindPosting:
		var p ledger.Posting
		p, err = ledger.ResultOf[ledger.Posting](b)
		what = fmt.Sprintf("Looked at the posting on %s: the notice is there", p.On)
		if !p.Shown {
			what = fmt.Sprintf("Looked at the posting on %s: the notice is not there", p.On)
		}
		detail = strings.TrimSuffix(p.URL+": "+p.Problem, ": ")
		if p.Missed > 0 {
			detail += fmt.Sprintf("; days without it so far: %d", p.Missed)
		}
	case ledger.KindPhase:
		var p ledger.Phase
		p, err = ledger.ResultOf[ledger.Phase](b)
		what = "The incident is now " + p.Phase
	case ledger.KindSigned:
		what, detail = "Made the paper of what the practice signed", "proof "+short(b.Inputs["proof"])
	case ledger.KindKey:
		what = "Published the key that evidence is signed with"
	case ledger.KindTimeMark:
		var t ledger.TimeMark
		t, err = ledger.ResultOf[ledger.TimeMark](b)
		what, detail = "Took in a time-stamp of an evidence pack", t.Time+", "+t.Authority
	}
	return what, detail, err
}

// checkedWords says what came of a check of addresses.
func checkedWords(a ledger.AddressesChecked) string {
	var parts []string
	for _, o := range breach.AddressOutcomes {
		if n := a.Outcomes[string(o)]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o.Words()))
		}
	}
	what := fmt.Sprintf("Took in what was said of addresses on %s: %s", a.CheckedOn, strings.Join(parts, "; "))
	if a.List > 0 {
		what += fmt.Sprintf(" (list %d has the new ones)", a.List)
	}
	return what
}
