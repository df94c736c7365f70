package cli

import (
	"context"
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// recallMailed takes it that letters which were withdrawn were mailed after all.
func (s *session) recallMailed(ctx context.Context, id string, f recallFlags) error {
	on, err := civil.Parse(f.mailedOn)
	if err != nil {
		return err
	}
	if today := s.p.today(s.config); on.After(today) {
		return breach.Refuse("future", "Give the day on which they were mailed.", "%s is not a day up to today (%s)", on, today)
	}
	var pieces []string
	err = s.store.RecalledLetters(ctx, id, f.number, func(l casebook.RecalledLetter) error {
		pieces = append(pieces, l.PieceID)
		return nil
	})
	if err != nil {
		return err
	}
	printed, err := s.store.PrintedLetters(ctx, id, pieces)
	if err != nil {
		return err
	}
	for piece, l := range printed {
		if day := civil.OfTime(l.PrintedAt.In(s.config.Zone)); on.Before(day) {
			return breach.Refuse("before_cause", "Give the day on which they were mailed.", "letter %s was printed on %s, and cannot have been mailed on %s", piece, day, on)
		}
	}
	// Before anything is written: nobody would hear of it.
	if err := s.dial(ctx); err != nil {
		return err
	}
	result, err := s.store.RecallMailed(ctx, id, casebook.RecallTerms{Number: f.number, Reason: strings.TrimSpace(f.reason)}, on, f.who, s.p.Now())
	if err != nil {
		return err
	}
	s.p.say("Incident %s: %s of recall %d were mailed after all on %s, by %s.", id, count(result.Mailed, "letter", "letters"), f.number, on, f.who)
	s.p.say("Letters in their place that are printed already say nothing of them: recall those too, or tell these people.")
	err = s.tellAmended(ctx, id, result.List, casebook.Act{
		ID: fmt.Sprintf("recall-%d-mailed", f.number), IncidentID: id, Kind: casebook.ActRecall, Who: f.who, At: s.p.Now(),
	})
	if err != nil {
		return err
	}
	return s.writeRecalled(ctx, id, f.number)
}

func (s *session) answerRecall(ctx context.Context, id string, f recallFlags) error {
	answered, err := s.store.AnswerRecall(ctx, id, casebook.RecallTerms{Number: f.number, Disclosure: f.disclosure, Reason: strings.TrimSpace(f.reason)}, f.who, s.p.Now())
	if err != nil {
		return err
	}
	if answered.Disclosure == casebook.DisclosureNo {
		s.p.say("Incident %s: the letters of recall %d were no disclosure, by %s.", id, f.number, f.who)
		return nil
	}
	s.p.say("Incident %s: letters of recall %d were themselves a disclosure, by %s.", id, f.number, f.who)
	s.p.say("That is an incident of its own, presumed to be a breach (45 CFR 164.402(2)), discovered when it was known: 60 days run from then (164.404(b)).")
	s.p.say("Make a case folder (%s) with the people whose information was in letters that others got, and start it. %s lists them.",
		s.p.command("init", "FOLDER"), shortPath(s.p.incidentFolder(s.config, id).Recalled(f.number)))
	return nil
}
