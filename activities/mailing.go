package activities

import (
	"context"
	"slices"
	"strings"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// nameBatches lets the record that letters were mailed say which batches were:
// it counts for exactly the people in them. It refuses what was not printed by then.
func (a *Activities) nameBatches(ctx context.Context, act *casebook.Act) error {
	if act.Kind != casebook.ActRecord || act.Record == nil || act.Record.Fact.Kind != breach.LettersMailed {
		return nil
	}
	there, err := a.Store.Batches(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return err
	}
	names, already, err := Mailing(*act.Record, act.PracticeKey, there, a.Zone)
	if err != nil {
		return err
	}
	terms := *act.Record
	terms.Batches = names
	act.Record = &terms
	if already && terms.ProofSHA256 == "" && terms.Fact.Reference == "" {
		return errAlready
	}
	return nil
}

// Mailing is which of the batches that are there a mailing was of: those that it
// names, or else every one that was printed by its day and is not mailed yet.
// already is true where each of them is recorded as mailed on that very day.
//
// A mailing of one practice is of its letters alone, whichever batches they lie
// in. Whether one of them is left to mail, its account says.
func Mailing(terms casebook.RecordTerms, practiceKey string, there []casebook.MailedBatch, zone *time.Location) (names []string, already bool, err error) {
	fact := terms.Fact
	named := terms.Batches
	if fact.Batch != "" {
		named = []string{fact.Batch}
	}
	if fact.Jurisdiction != "" {
		return nil, false, breach.Refuse("batch_jurisdiction", "Leave --jurisdiction out.", "a batch is mailed as a whole, and not for one State")
	}
	var chosen []casebook.MailedBatch
	if len(named) > 0 {
		chosen, err = batchesNamed(named, there)
	} else {
		chosen, already, err = batchesUnmailed(fact.On, practiceKey, there, zone)
	}
	if err != nil {
		return nil, false, err
	}
	already = already || practiceKey == "" && !slices.ContainsFunc(chosen, func(b casebook.MailedBatch) bool { return b.MailedOn != fact.On })
	for _, b := range chosen {
		if err := (breach.Course{Printed: printedOn(b, zone)}).Follows(fact); err != nil {
			return nil, false, ofBatch(err, b.Name)
		}
		names = append(names, b.Name)
	}
	return names, already, nil
}

// printedOn is the day on which a batch was printed, where the officers are.
func printedOn(b casebook.MailedBatch, zone *time.Location) civil.Date {
	if b.PrintedAt.IsZero() {
		return civil.Date{}
	}
	return civil.OfTime(b.PrintedAt.In(zone))
}

// ofBatch says which batch a refusal is about.
func ofBatch(err error, name string) error {
	refusal, ok := breach.AsRefusal(err)
	if !ok {
		return err
	}
	return breach.Refuse(refusal.Code, refusal.Advice, "batch %s: %s", name, refusal.Message)
}

// batchesNamed are the batches that a mailing names; it refuses one that is not there, and
// with code "recalled" one that was taken back before it was mailed.
func batchesNamed(names []string, there []casebook.MailedBatch) ([]casebook.MailedBatch, error) {
	var chosen []casebook.MailedBatch
	for _, name := range names {
		i := slices.IndexFunc(there, func(b casebook.MailedBatch) bool { return b.Name == name })
		if i < 0 {
			return nil, breach.Refuse("unknown_batch", "The batches are: "+listed(there)+".", "there is no batch %s", name)
		}
		if there[i].Withdrawn {
			return nil, breach.Refuse("recalled", "Have its letters destroyed; those in their place are in a later batch. Where they were mailed after all, say when: recall --number N --mailed-on DATE.",
				"batch %s was recalled before it was mailed", name)
		}
		chosen = append(chosen, there[i])
	}
	return chosen, nil
}

// batchesUnmailed are the batches that a mailing which names none was of.
func batchesUnmailed(on civil.Date, practiceKey string, there []casebook.MailedBatch, zone *time.Location) (chosen []casebook.MailedBatch, already bool, err error) {
	var later, mailed []casebook.MailedBatch
	for _, b := range there {
		printed := printedOn(b, zone)
		switch {
		case b.Withdrawn: // nobody is to mail it
		case !b.MailedOn.IsZero():
			if b.MailedOn == on || practiceKey != "" {
				mailed = append(mailed, b)
			}
		case printed.IsZero() || on.Before(printed):
			later = append(later, b)
		default:
			chosen = append(chosen, b)
		}
	}
	switch {
	case len(chosen) > 0:
		return chosen, false, nil
	case len(mailed) > 0:
		return mailed, slices.ContainsFunc(mailed, func(b casebook.MailedBatch) bool { return b.MailedOn == on }), nil
	case len(later) > 0:
		return later[:1], false, nil // its own cause refuses it
	case len(there) > 0:
		return nil, false, breach.Refuse("nothing_to_mail", "To correct the day of one, give --batch: "+listed(there)+".",
			"every batch that was printed is recorded as mailed")
	}
	return nil, false, breach.Refuse("no_cause", "Approve them, and wait until status shows them printed. Letters that a practice mailed by itself are recorded as "+breach.PracticeMailed+".",
		"no letters have been printed%s", ofPractice(practiceKey))
}

func ofPractice(key string) string {
	if key == "" {
		return ""
	}
	return " for practice " + key
}

// listedBatches is how many batches a refusal lists.
const listedBatches = 12

func listed(batches []casebook.MailedBatch) string {
	if len(batches) == 0 {
		return "none"
	}
	var names []string
	for _, b := range batches[:min(len(batches), listedBatches)] {
		names = append(names, b.Name)
	}
	text := strings.Join(names, ", ")
	if len(batches) > listedBatches {
		text += ", ..."
	}
	return text
}
