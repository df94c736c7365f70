package activities

import (
	"slices"
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// fillCount takes a report or notice without a number to have said what the
// practice's papers say: the number the lists have. The same record once more
// says what it said before, whatever the lists have by now.
func fillCount(p casebook.Practice, terms *casebook.RecordTerms) {
	fact := &terms.Fact
	if fact.Count != 0 || fact.Estimate {
		return
	}
	for _, before := range p.Facts {
		same := before
		if same.Count = 0; same == *fact {
			fact.Count = before.Count
			return
		}
	}
	switch fact.Kind {
	case breach.HHSFiled, breach.HHSAddendum:
		fact.Count = countedTally(p).People
	case breach.PracticeNotified, breach.PracticeUpdated:
		fact.Count = p.Tally.People
	case breach.EmailsSent:
		fact.Count = p.Tally.EmailOnly
	}
}

func allowedRecord(incident breach.Incident, p casebook.Practice, terms casebook.RecordTerms, today civil.Date) error {
	fact := terms.Fact
	if err := allowedFact(incident, p.RecordedFacts(), fact, today); err != nil {
		return err
	}
	if err := allowedPerson(terms); err != nil {
		return err
	}
	if err := allowedBounce(p, fact); err != nil {
		return err
	}
	if err := whoseMailing(incident, p, fact); err != nil {
		return err
	}
	if fact.Kind == breach.PostingStarted && p.Account.Unreached("") > 0 || fact.Kind == breach.ToldOtherwise {
		return nil // the same day again, and now to those whom the earlier one did not tell
	}
	if fact.Kind == breach.LettersMailed && p.Account.In(account.Printed) > 0 {
		return nil // whatever was mailed before, these were not
	}
	// The same fact with a proof it did not have is not the same record.
	proved := func(r casebook.RecordTerms) bool { return r.Fact == fact && r.ProofSHA256 == terms.ProofSHA256 }
	if slices.Contains(p.Facts, fact) && (terms.ProofSHA256 == "" || slices.ContainsFunc(p.Proofs, proved)) {
		return errAlready
	}
	if fact.Kind == breach.LettersMailed && terms.ProofSHA256 == "" {
		return breach.Refuse("nothing_to_mail", "To correct the day of a batch, record it with --batch.",
			"no letter of practice %s is printed and not recorded as mailed", p.Practice.Key)
	}
	return nil
}

// allowedPerson refuses a record of one person that does not say who, and a person
// where the fact is of all.
func allowedPerson(terms casebook.RecordTerms) error {
	one := terms.Fact.Kind == breach.ToldOtherwise
	switch {
	case one && terms.PersonKey == "":
		return breach.Refuse("no_person", "Give the person's key with --person; status --held lists those who are held back.",
			"%s is of one person", terms.Fact.Kind)
	case one && strings.TrimSpace(terms.Fact.Reference) == "":
		return breach.Refuse("no_reference", "Say with --reference how the person was told.", "%s needs the way it was done", terms.Fact.Kind)
	case !one && terms.PersonKey != "":
		return breach.Refuse("no_person", "Leave --person out.", "%s is not of one person", terms.Fact.Kind)
	}
	return nil
}

// whoseMailing refuses a mailing that is recorded as somebody else's: what this
// program printed was mailed by batch, and a practice that writes to its own
// people mails its own letters.
func whoseMailing(incident breach.Incident, p casebook.Practice, fact breach.Fact) error {
	ours, printed := incident.Entity.WritesLetters(p.Practice), p.Account.AnyLetter()
	switch {
	case fact.Kind == breach.LettersMailed && !ours && !printed:
		return breach.Refuse("not_ours", "Record what it mailed as "+breach.PracticeMailed+" with --count; if its letters are ours, record its decision with delegate first.",
			"practice %s has not delegated its letters", p.Practice.Key)
	case fact.Kind == breach.PracticeMailed && (printed || ours && incident.Entity.Role != breach.CoveredEntity):
		return breach.Refuse("letters_ours", "Record the batches that were mailed as "+breach.LettersMailed+".",
			"the letters of practice %s are printed here", p.Practice.Key)
	}
	return nil
}

// allowedFact refuses a fact that cannot be, or that says too little. facts are
// those recorded so far, of the practice or of the whole incident.
func allowedFact(incident breach.Incident, facts breach.Facts, fact breach.Fact, today civil.Date) error {
	filed := fact.Kind == breach.HHSFiled || fact.Kind == breach.HHSAddendum
	switch {
	case !slices.Contains(breach.FactKinds, fact.Kind):
		return breach.Refuse("unknown_fact", "The facts are: "+strings.Join(breach.FactKinds, " ")+".", "%q is not a fact", fact.Kind)
	case fact.On.IsZero():
		return breach.Refuse("no_day", "Give the day with --on YYYY-MM-DD.", "a fact needs the day it happened")
	case fact.On.After(today), fact.Through.After(today):
		return breach.Refuse("future", "Record it when it has happened.", "%s is in the future (today is %s)", civil.Later(fact.On, fact.Through), today)
	case fact.Jurisdiction != "" && !breach.IsState(fact.Jurisdiction) && !namesAgencies(fact) && !(fact.Jurisdiction == breach.Part2 && filed):
		return breach.Refuse("unknown_state",
			"Give the two-letter code of a State, or part2 for a filing with HHS under 42 CFR part 2.", "%q is not a State", fact.Jurisdiction)
	}
	if err := fact.Complete(); err != nil {
		return err
	}
	if m := breach.MediaOf(incident.Media, fact.Jurisdiction); fact.Outlet != "" && len(m.Outlets) > 0 && !m.Lists(fact.Outlet) {
		return breach.Refuse("unknown_outlet", "Those listed are: "+strings.Join(m.Names(), ", ")+". Put another one under media in incident.yaml, and correct it with amend --incident.",
			"%q is not on the list of outlets of %s", fact.Outlet, fact.Jurisdiction)
	}
	course := breach.Course{Occurred: incident.Occurred.From, Discovered: incident.Discovered, Facts: facts}
	if fact.Kind == breach.LettersMailed {
		course.Printed = fact.On // each of its batches is held against its own printing (Mailing)
	}
	return course.Follows(fact)
}

// namesAgencies: the fact names agencies, of which a State may have several.
func namesAgencies(fact breach.Fact) bool {
	named := breach.EachAgency(fact.Jurisdiction)
	return fact.TellsAgency() && len(named) > 0 && !slices.ContainsFunc(named, func(agency string) bool {
		_, _, ok := breach.ToldAgency(agency)
		return !ok
	})
}
