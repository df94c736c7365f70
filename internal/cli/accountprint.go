package cli

import (
	"context"
	"fmt"
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// stateWords is what a state of the account is called on the screen.
var stateWords = map[account.State]string{
	account.Waiting:       "waiting to be printed",
	account.Printing:      "being printed",
	account.Printed:       "printed, mailing not recorded",
	account.Mailed:        "mailed",
	account.Held:          "held back",
	account.NoAddress:     "without a usable address",
	account.Returned:      "came back",
	account.Told:          "told otherwise",
	account.PracticeTells: "for the practice to tell",
	account.Left:          "left the list",
	account.DeadFifty:     "dead for more than 50 years",
}

// whyWords says the reasons that a state may have.
var whyWords = map[string]string{
	account.Kin:          "next of kin without an address",
	account.BySubstitute: "by substitute notice",
	account.ByEmail:      "by agreed e-mail",
	account.ByPractice:   "by the practice",
	account.ByHand:       "by hand",
}

// printAccount says where everybody stands, and that nobody is missing.
func (p *program) printAccount(a account.Account, findings int, addsUp bool) {
	if !addsUp {
		p.say("%s", p.paint(p.Out, red, fmt.Sprintf("THE ACCOUNT DOES NOT ADD UP: %s are on the lists, %s are accounted for",
			count(findings, "finding", "findings"), number(a.Total()-a.In(account.Left)))))
		p.say("  Mail nothing and record nothing for these practices; restore the last backup, or report this: it is a fault of the program")
	} else {
		p.say("ACCOUNT of %s, all accounted for", count(findings, "finding", "findings"))
	}
	for _, state := range account.States {
		n := a.In(state)
		if n == 0 {
			continue
		}
		p.say("  %s %s%s", number(n), stateWords[state], reasons(a, state))
	}
}

// reasons names the reasons within a state, with how many each has.
func reasons(a account.Account, state account.State) string {
	var why []string
	of := map[string]int{}
	for _, l := range a {
		if l.State != state || l.Why == "" || l.People == 0 {
			continue
		}
		words, known := whyWords[l.Why]
		if !known {
			words = breach.HeldReason(l.Why).Words()
		}
		if of[words] == 0 {
			why = append(why, words)
		}
		of[words] += l.People
	}
	if len(why) == 0 {
		return ""
	}
	if len(why) == 1 && of[why[0]] == a.In(state) {
		return ": " + why[0]
	}
	for i, words := range why {
		why[i] = number(of[words]) + " " + words
	}
	return ": " + strings.Join(why, "; ")
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
	s.p.say("or tell the person in another way and give %s",
		s.p.command("record", incident, "--practice", "KEY", "--person", "PERSON_KEY", "--fact", breach.ToldOtherwise, "--on", "DATE", "--reference", "HOW", "--by", "YOUR NAME"))
	return nil
}
