package simulate

import (
	"context"
	"maps"
	"slices"
	"time"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/mail"
	"duenotice/internal/packet"
)

// IntendMessage and MoveMessage keep the one e-mail each practice gets: the
// notice to it.
func (s *store) IntendMessage(_ context.Context, incidentID, key, step string) (casebook.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(incidentID, key)
	if err != nil {
		return casebook.Message{}, err
	}
	if f.Notice.ID == "" {
		f.Notice = intended(incidentID, key, step, 1)
	}
	return f.Notice, nil
}

func intended(incidentID, key, step string, attempt int) casebook.Message {
	return casebook.Message{ID: casebook.MessageID(incidentID, key, step, attempt), State: casebook.MessageIntended, Attempt: attempt}
}

func (s *store) MoveMessage(_ context.Context, id, from string, to casebook.Message) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.files {
		if f.Notice.ID != id || f.Notice.State != from {
			continue
		}
		if to.State == casebook.MessageSending && (to.Changes != f.Changes || f.Phase == casebook.PhaseClosed) {
			return false, nil
		}
		to.ID = id
		f.Notice = to
		switch to.State {
		case casebook.MessageSent:
			s.diary.note(f, s.now(), Event{Event: EventNotice, Text: "the notice to the practice is e-mailed"})
		case casebook.MessageToSend:
			s.diary.note(f, s.now(), Event{Event: EventNotice, Text: "the notice to the practice is written into the outbox: a person must send it"})
		case casebook.MessageNoEmail:
			s.diary.note(f, s.now(), Event{Event: EventNotice, Text: "the practice has no e-mail address: a person must send its notice by post"})
		}
		return true, nil
	}
	return false, nil
}

// MakePage and GiveCode make ways to pages that nobody has: a rehearsal serves none.
func (s *store) MakePage(context.Context, packet.Practice) (packet.Link, error) {
	return packet.NewLink(), nil
}

func (s *store) GiveCode(context.Context, packet.Practice, string, string, time.Time) (packet.Code, error) {
	return packet.NewCode(), nil
}

// PlanMailRun takes the letters of every practice that may be printed, as
// internal/postgres does, without joining a person's letters of two practices:
// it does not know who they are.
func (s *store) PlanMailRun(_ context.Context, planned casebook.MailRun, batchSize int) (casebook.MailRun, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.runs[planned.Number]; r != nil {
		return r.MailRun, nil
	}
	if next := len(s.runs) + 1; planned.Number != next {
		return planned, breach.Refuse("unknown_run", "", "there is no mail run %d, and the next one is %d", planned.Number, next)
	}
	r := &run{MailRun: planned, finished: map[int]bool{}, batches: map[int]*casebook.MailedBatch{}}
	for _, key := range s.keys {
		f := s.files[key]
		if !f.mayPrint() || f.Phase == casebook.PhaseClosed {
			continue
		}
		var pieces int
		f.Account, pieces = f.Account.Apply(account.Plan, -1, nil, nil)
		if pieces == 0 {
			continue
		}
		r.Pieces += pieces
		r.practices = append(r.practices, key)
		s.diary.note(f, s.now(), Event{Event: EventPrinted, Text: "letters are printed"})
	}
	if r.Pieces == 0 {
		return planned, nil
	}
	r.Batches = (r.Pieces + batchSize - 1) / batchSize
	s.runs[planned.Number] = r
	return r.MailRun, nil
}

// HaltCounts are none: in a simulation no letter comes back and nobody disputes.
func (s *store) HaltCounts(context.Context, string) (now, accepted breach.HaltCounts, err error) {
	return breach.HaltCounts{}, breach.HaltCounts{}, nil
}

func (s *store) MailRun(_ context.Context, incidentID string, number int) (casebook.MailRun, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.runs[number]; r != nil {
		return r.MailRun, nil
	}
	return casebook.MailRun{}, breach.Refuse("unknown_run", "", "incident %s has no mail run %d", incidentID, number)
}

func (s *store) FinishedBatches(_ context.Context, _ string, number int) (map[int]bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	finished := map[int]bool{}
	if r := s.runs[number]; r != nil {
		for batch := range r.finished {
			finished[batch] = true
		}
	}
	return finished, nil
}

// WithdrawnBatches are none: in a simulation nothing is taken back.
func (s *store) WithdrawnBatches(context.Context, string, int) ([]int, error) { return nil, nil }

// Letters has none: a rehearsal does not typeset.
func (s *store) Letters(context.Context, string, int, int, func(*casebook.Letter) error) error {
	return nil
}

// IntendBatch writes nothing down: a rehearsal makes nothing for the printer.
func (s *store) IntendBatch(context.Context, string, int, string) error { return nil }

func (s *store) SaveBatch(_ context.Context, _ string, number int, batch casebook.Batch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.runs[number]; r != nil {
		r.finished[batch.Number] = true
		if r.batches[batch.Number] == nil {
			r.batches[batch.Number] = &casebook.MailedBatch{Name: batch.Name, PrintedAt: batch.PrintedAt}
		}
		if len(r.finished) < r.Batches {
			return nil // whose letters are in which batch a simulation does not know
		}
		for _, key := range r.practices {
			f := s.files[key]
			f.Account, _ = f.Account.Apply(account.Print, -1, nil, func(l *account.Line) { l.Letter = account.Own })
		}
	}
	return nil
}

// Batches are those of the runs that have letters of the practice. A simulation
// does not know which of a run's batches has which practice's letters.
func (s *store) Batches(_ context.Context, _, practiceKey string) ([]casebook.MailedBatch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.batches(practiceKey), nil
}

func (s *store) batches(practiceKey string) []casebook.MailedBatch {
	var list []casebook.MailedBatch
	for _, number := range slices.Sorted(maps.Keys(s.runs)) {
		r := s.runs[number]
		if _, found := slices.BinarySearch(r.practices, practiceKey); practiceKey != "" && !found {
			continue
		}
		for n := 1; n <= r.Batches; n++ {
			b := casebook.MailedBatch{Name: casebook.BatchName(number, n)}
			if printed := r.batches[n]; printed != nil {
				b = *printed
			}
			list = append(list, b)
		}
	}
	return list
}

// markMailed notes the batches that an act names as mailed: of one practice's
// letters only with the last practice of their run.
func (s *store) markMailed(act casebook.Act) {
	for _, r := range s.runs {
		printed := func(key string) bool { return s.files[key].Account.In(account.Printed) > 0 }
		if act.PracticeKey != "" && slices.ContainsFunc(r.practices, printed) {
			continue
		}
		for _, b := range r.batches {
			if slices.Contains(act.Record.Batches, b.Name) && (act.PracticeKey == "" || b.MailedOn.IsZero()) {
				b.MailedOn = act.Record.Fact.On
			}
		}
	}
}

func (s *store) MailRunPractices(_ context.Context, _ string, number int, after string, limit int) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.runs[number]
	if r == nil {
		return nil, nil
	}
	first, found := slices.BinarySearch(r.practices, after)
	if found {
		first++
	}
	return slices.Clone(r.practices[first:min(first+limit, len(r.practices))]), nil
}

// taker is a mail.Sender that takes everything and sends nothing: as a provider
// does, or into the outbox.
type taker struct{ outbox bool }

func (taker) Ready() error { return nil }

func (t taker) Send(_ context.Context, m mail.Message) (mail.Receipt, error) {
	if t.outbox {
		return mail.Receipt{Outcome: mail.Written, ProviderID: m.File + ".eml"}, nil
	}
	return mail.Receipt{Outcome: mail.Accepted, ProviderID: m.ID}, nil
}

func (taker) Outcome(context.Context, string, string) (mail.Receipt, error) {
	return mail.Receipt{Outcome: mail.NotTaken}, nil
}

func (t taker) Name() string {
	if t.outbox {
		return "eml"
	}
	return "simulation"
}
