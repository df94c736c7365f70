package casebook

import (
	"slices"

	"duenotice/internal/account"
	"duenotice/internal/breach"
)

// MayAnswer refuses an answer of a practice, given by itself, by an officer or in a
// corrected practices.csv, by which a duty would get a second sender: with code
// "told_some" where the practice mailed letters of its own and nobody can say to whom,
// with "letters_printed" where ours are, and with "duty_done" where we told HHS, the
// media or an agency what would be the practice's to tell. The caller holds the
// practice's row.
func MayAnswer(entity breach.Entity, p Practice, delegation string) error {
	later := p.Practice
	later.Delegation = delegation
	writes, wrote := entity.WritesLetters(later), entity.WritesLetters(p.Practice)
	switch {
	case writes && entity.Role != breach.CoveredEntity && p.toldSome():
		return breach.Refuse("told_some", "Record practice_mailed with the number of all its people, or told_otherwise for each of those it told.",
			"practice %s mailed letters to some of its people itself, and nobody can say to whom; ours would be a second letter to them", p.Practice.Key)
	case wrote && !writes && p.Account.AnyLetter():
		return breach.Refuse("letters_printed", "Leave its delegation as it is.",
			"letters of practice %s are already printed; the delegation cannot be taken back now", p.Practice.Key)
	}
	if told, ok := entity.TakesBack(delegation, p.Practice, p.Facts); ok {
		return breach.Refuse("duty_done", "What is left of it stays ours. If that record is wrong, correct who did it (record --sender) first.",
			"%s was done for practice %s on %s, and would be the practice's to do once more", told.Kind, p.Practice.Key, told.On)
	}
	return nil
}

// toldSome reports whether the practice mailed letters of its own to fewer people than
// were owed one: who they are nobody can say, and nobody else may write to any of them.
func (p Practice) toldSome() bool {
	byIt := func(l account.Line) bool {
		return l.State == account.Told && l.Why == account.ByPractice && l.People > 0
	}
	return p.Account.In(account.PracticeTells) > 0 && !p.Facts.On(breach.PracticeMailed, "").IsZero() && !slices.ContainsFunc(p.Account, byIt)
}

// MayTellForAll refuses a fact that is recorded for the whole incident where some
// practice has told the same itself: it names no sender, and would take the place of
// what that practice did. told are the records of single practices, by key.
func MayTellForAll(fact breach.Fact, told map[string]breach.Facts) error {
	if !fact.HasSender() {
		return nil
	}
	var keys []string
	for key, facts := range told {
		if facts.ToldBy(fact) == breach.ByPractice && !slices.ContainsFunc(facts, fact.SameFiling) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	slices.Sort(keys)
	const named = 5
	shown, more := keys[:min(len(keys), named)], ""
	if len(keys) > named {
		more = " and others"
	}
	return breach.Refuse("duty_theirs", "Record it for the others with --practice or --from.", "%d practices told this themselves (%v%s), and two must not tell it",
		len(keys), shown, more)
}
