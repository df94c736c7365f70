package cli

import (
	"context"
	"fmt"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/openitems"
	"duenotice/internal/postgres"
)

// post has letters to practices printed and waits until they are there.
func (m *many) post(ctx context.Context, incident string, reminders bool) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if err := m.missing([]string{"by"}); err != nil {
		return err
	}
	terms := &casebook.NotifyTerms{Post: casebook.PostNotice}
	what, whats := "notice by post", "notices by post"
	if reminders {
		terms.Post, what, whats = casebook.PostReminder, "printed reminder", "printed reminders"
	}
	if m.practices.named() {
		if _, _, err := m.practices.one(); err != nil {
			return err
		}
		there, err := m.practicesThere(ctx, incident)
		if err != nil {
			return err
		}
		if terms.Practices, err = m.practices.choose(there); err != nil {
			return err
		}
	}
	s, err := m.p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.store.Incident(ctx, incident); err != nil {
		return err
	}
	act := casebook.Act{IncidentID: incident, Kind: casebook.ActNotify, Who: m.who, Notify: terms}
	keys, next, err := s.store.PracticesToPost(ctx, act, m.p.today(s.config))
	if err != nil {
		return err
	}
	switch {
	case len(keys) == 0:
		m.p.say("Incident %s: no %s waits to be printed; nothing changed.", incident, what)
		return nil
	case m.dryRun:
		for _, key := range keys {
			m.p.say("Practice %s: %s", key, what)
		}
		m.p.say("%s would be printed from %s on; nothing changed.", count(len(keys), what, whats), casebook.PostBatchName(next))
		return nil
	}
	terms.Batch = next
	if err := s.perform(ctx, act, fmt.Sprintf("Incident %s: %s, to be printed", incident, count(len(keys), what, whats))); err != nil {
		return err
	}
	return s.awaitPost(ctx, incident, next, (len(keys)+postgres.PostBatchSize-1)/postgres.PostBatchSize)
}

// awaitPost waits until some batches are printed, and says where they are.
func (s *session) awaitPost(ctx context.Context, incident string, first, batches int) error {
	look, shown := s.waitsFor(incident, ""), s.p.progress()
	var mine []casebook.PostBatchState
	err := wait(ctx, func() (bool, error) {
		all, err := s.store.PostBatches(ctx, incident)
		if err != nil {
			return false, err
		}
		mine = nil
		for _, b := range all {
			if n, _ := casebook.PostBatchNumber(b.Name); n >= first && n < first+batches {
				mine = append(mine, b)
			}
		}
		printed := 0
		for _, b := range mine {
			if !b.PrintedAt.IsZero() {
				printed++
			}
		}
		if printed == batches {
			return true, nil
		}
		shown.of(printed, batches, "Printing:", "batches of letters")
		return false, look.look(ctx)
	})
	shown.end()
	if err != nil {
		return err
	}
	for _, b := range mine {
		s.printPost(incident, b)
	}
	return nil
}

// printPost says where a batch is and what is left to do about it.
func (s *session) printPost(incident string, b casebook.PostBatchState) {
	p := s.p
	folder := s.config.Outputs().Incident(incident)
	if b.PrintedAt.IsZero() {
		p.say("POST %s is being printed", b.Name)
		return
	}
	p.say("POST %s: %s on %s, in %s", b.Name, count(b.Pieces-b.Held, "letter", "letters"), count(b.Pages, "page", "pages"), shortPath(folder.Batch(b.Name)))
	if b.Held > 0 {
		p.say("  %s not printed, and why: %s", number(b.Held), shortPath(folder.Held(b.Name)))
	}
	if b.Unrecorded > 0 {
		p.say("  Mail them, then record it: %s", openitems.RecordPost(p.command, incident, b, p.today(s.config)))
	}
}

func (s *session) printPosted(ctx context.Context, incident string) error {
	batches, err := s.store.PostBatches(ctx, incident)
	for _, b := range batches {
		s.printPost(incident, b)
	}
	return err
}

// recordPosted records for each practice with a letter in a batch that it was mailed.
func (m *many) recordPosted(ctx context.Context, incident, name string) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if err := m.missing([]string{"fact", "on", "by"}); err != nil {
		return err
	}
	s, err := m.p.open(ctx)
	if err != nil {
		return err
	}
	if _, err := s.store.Incident(ctx, incident); err != nil {
		s.close()
		return err
	}
	batch, err := s.store.PostBatch(ctx, incident, name)
	told := map[string]bool{}
	if err == nil && batch.Kind == casebook.PostNotice {
		told, err = s.toldOtherwise(ctx, incident, name)
	}
	printed := civil.OfTime(batch.PrintedAt.In(s.config.Zone))
	s.close()
	if err != nil {
		return err
	}
	if fact, of := m.said(nil)("fact"), casebook.PostFact(batch.Kind); fact != of {
		return usage("%s goes with --fact %s, not %s", name, of, fact)
	}
	on, err := dayFlag("on", m.said(nil)("on"))
	switch {
	case err != nil:
		return err
	case batch.PrintedAt.IsZero():
		return breach.Refuse("no_cause", "Wait until notify --list shows it printed.", "%s is not printed yet", name)
	case on.Before(printed):
		return breach.Refuse("before_cause", "Check the day.", "%s is before %s was printed (%s)", on, name, printed)
	}
	var rows []row
	for _, piece := range batch.Pieces {
		if piece.Held == "" && !told[piece.PracticeKey] {
			rows = append(rows, row{practice: piece.PracticeKey, cells: map[string]string{"reference": casebook.PostReference(name)}})
		}
	}
	if len(told) > 0 {
		m.p.note("Left alone: %s told in another way by now.", count(len(told), "practice was", "practices were"))
	}
	if len(rows) == 0 {
		m.p.say("Incident %s: no letter of %s is left to record; nothing changed.", incident, name)
		return nil
	}
	return m.each(ctx, incident, rows)
}

// toldOtherwise are the practices that were told by something else than a batch: the day
// of that stays.
func (s *session) toldOtherwise(ctx context.Context, incident, batch string) (map[string]bool, error) {
	told := map[string]bool{}
	err := s.store.EachHeard(ctx, incident, func(part []casebook.Heard) error {
		for _, h := range part {
			for _, f := range h.Practice.Facts {
				if f.Kind == breach.PracticeNotified && f.Reference != casebook.PostReference(batch) {
					told[h.Practice.Practice.Key] = true
				}
			}
		}
		return nil
	})
	return told, err
}
