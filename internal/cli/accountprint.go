package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// printAccount says where everybody stands, and that nobody is missing.
func (p *program) printAccount(a account.Account, findings int, addsUp bool) {
	if !addsUp {
		p.say("%s", p.paint(p.Out, red, fmt.Sprintf("THE ACCOUNT DOES NOT ADD UP: %s are on the lists, %s are accounted for",
			count(findings, "finding", "findings"), number(a.Total()-a.In(account.Left)))))
		p.say("  Mail nothing and record nothing for these practices; restore the last backup, or report this: it is a fault of the program")
	} else {
		p.say("ACCOUNT of %s, all accounted for", count(findings, "finding", "findings"))
	}
	for _, row := range casebook.RowsOf(a) {
		why := row.Why(number)
		if why != "" {
			why = ": " + why
		}
		p.say("  %s %s%s", number(row.People), row.State.Words(), why)
	}
}

// printIncidentAccount is the account of a whole incident, and which practices' are wrong.
func (p *program) printIncidentAccount(incident string, a casebook.IncidentAccount) {
	p.printAccount(a.Lines, a.Findings, a.AddsUp)
	if len(a.DoNotAddUp) > 0 {
		p.say("  %s", p.paint(p.Out, red, "wrong: "+strings.Join(a.DoNotAddUp, ", ")))
	}
	if a.Lines.In(account.Held) > 0 {
		p.say("  Who is held back is still owed a letter: %s", p.command("status", incident, "--held"))
	}
}

// showHeld lists the letters that are held back, by keys: a name is in no output.
func (s *session) showHeld(ctx context.Context, incident string, f statusFlags) error {
	if _, err := s.store.Incident(ctx, incident); err != nil {
		return err
	}
	list, err := s.store.HeldLetters(ctx, incident)
	if err != nil {
		return err
	}
	if f.asJSON {
		return s.p.printJSON(struct {
			Incident string                `json:"incident"`
			Held     []casebook.HeldLetter `json:"held"`
		}{incident, list})
	}
	if len(list) == 0 && !f.asCSV {
		s.p.say("No letter of incident %s is held back.", incident)
		return nil
	}
	t := s.p.table("PRACTICE KEY", "PERSON KEY", "REASON", "BATCH")
	for _, h := range list {
		why := breach.HeldReason(h.Why).Words()
		if f.asCSV {
			why = h.Why
		}
		t.row(h.PracticeKey, h.PersonKey, why, h.Batch)
	}
	if err := t.write(f.asCSV); err != nil || f.asCSV {
		return err
	}
	s.p.say("\nEach of them is still owed notice. Correct the row in findings.csv and give %s,", s.p.command("amend", incident, "--findings", "FILE"))
	if slices.ContainsFunc(list, func(h casebook.HeldLetter) bool { return h.Why == string(breach.HeldLanguage) }) {
		s.p.say("where a language is missing write it into incident.yaml (docs/languages.md) and give %s,", s.p.command("amend", incident, "--incident", "FILE"))
	}
	s.p.say("or tell the person in another way and give %s",
		s.p.command("record", incident, "--practice", "KEY", "--person", "PERSON_KEY", "--fact", breach.ToldOtherwise, "--on", "DATE", "--reference", "HOW", "--by", "YOUR NAME"))
	return nil
}
