package simulate

import (
	"context"
	"slices"
	"sync"
	"time"

	"duenotice/activities"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// store is activities.Store in memory: the practices of one part of the
// incident, with what was decided and done so far. Each change that a person
// would want to see goes into the diary.
type store struct {
	mu       sync.Mutex
	now      func() time.Time
	diary    *diary
	incident casebook.Incident
	keys     []string // in order
	files    map[string]*file
	// acts that were done, by ID; incident-wide facts in the order recorded.
	acts  map[string]bool
	facts []recorded
	seq   int
	runs  map[int]*run
	// groups are the counting entities as they were when the incident started.
	groups map[string]*breach.Group
}

// file is one practice's record.
type file struct {
	casebook.Practice
	zone      *time.Location
	facts     []recorded
	approvals map[string][]casebook.Approval // by what was approved
	plan      casebook.Plan
	standing  casebook.Standing
	launched  bool
	first     []breach.Obligation // as first planned
	missed    map[string]civil.Date
}

// recorded is a fact with its place in the order of all.
type recorded struct {
	seq  int
	fact breach.Fact
}

// run is a mail run with its finished batches and practices.
type run struct {
	casebook.MailRun
	finished  map[int]bool
	practices []string
	// batches are the finished ones, by number.
	batches map[int]*casebook.MailedBatch
}

var _ activities.Store = (*store)(nil)

func (s *store) Incident(context.Context, string) (casebook.Incident, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.incident
	i.Incident.Holds = slices.Clone(i.Incident.Holds)
	return i, nil
}

func (s *store) SetIncidentPhase(_ context.Context, _, phase string, closedOn civil.Date) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.incident.Phase, s.incident.ClosedOn = phase, closedOn
	return nil
}

func (s *store) CloseIncident(_ context.Context, _ string, on civil.Date) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.incident.Phase != casebook.IncidentClosed && s.open() == 0 {
		s.incident.Phase, s.incident.ClosedOn = casebook.IncidentClosed, on
	}
	return s.incident.Phase == casebook.IncidentClosed, nil
}

func (s *store) PracticeKeys(_ context.Context, _, after string, limit int, openOnly bool) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for _, key := range s.keys {
		if key > after && len(keys) < limit && (!openOnly || s.files[key].Phase != casebook.PhaseClosed) {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

func (s *store) OpenPractices(context.Context, string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open(), nil
}

// AnchorLedger has nothing to anchor: what only might happen is no evidence.
func (s *store) AnchorLedger(context.Context, string, time.Duration) (bool, error) { return false, nil }

func (s *store) open() int {
	n := 0
	for _, f := range s.files {
		if f.Phase != casebook.PhaseClosed {
			n++
		}
	}
	return n
}

// Status counts what the incident's workflow asks for.
func (s *store) Status(_ context.Context, incidentID string, at time.Time, asOf civil.Date) (casebook.Status, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	status := casebook.Status{
		Incident: incidentID, Entity: s.incident.Incident.Entity.Name, Phase: s.incident.Phase, AsOf: asOf,
		Discovered: s.incident.Incident.Discovered, DayOf60: asOf.DaysSince(s.incident.Incident.Discovered),
		Practices: len(s.files), People: s.incident.People, Holds: slices.Clone(s.incident.Incident.Holds),
	}
	counts := map[casebook.Phase]*casebook.PhaseCount{}
	for _, f := range s.files {
		c := counts[f.Phase]
		if c == nil {
			c = &casebook.PhaseCount{Phase: f.Phase}
			counts[f.Phase] = c
		}
		c.Practices++
		c.People += f.Tally.People
		if f.launched {
			status.Launched++
		}
		if f.Phase == casebook.PhaseClosed {
			continue
		}
		c.OldestDue = civil.Earlier(c.OldestDue, f.standing.NextDue)
		status.NextDue = civil.Earlier(status.NextDue, f.standing.NextDue)
		if late := f.standing.LateAt; !late.IsZero() && !at.Before(late) {
			status.Late++
		}
		if f.standing.NeedsPerson != "" {
			status.NeedsPerson++
		}
	}
	for _, phase := range casebook.Phases {
		if c := counts[phase]; c != nil {
			status.Phases = append(status.Phases, *c)
		}
	}
	return status, nil
}

// Summary is not written in a rehearsal.
func (s *store) Summary(_ context.Context, incidentID string, _ time.Time) (casebook.Summary, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return casebook.Summary{Incident: incidentID, Practices: len(s.files), People: s.incident.People}, nil
}

func (s *store) Practice(_ context.Context, incidentID, key string) (casebook.Practice, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(incidentID, key)
	if err != nil {
		return casebook.Practice{}, err
	}
	return s.record(f), nil
}

func (s *store) file(incidentID, key string) (*file, error) {
	f := s.files[key]
	if f == nil {
		return nil, breach.Refuse("unknown_practice", "Check the key against practices.csv.", "incident %s has no practice %s", incidentID, key)
	}
	return f, nil
}

// record is the practice with what was recorded for it and for the whole
// incident: the latest record of each kind and jurisdiction.
func (s *store) record(f *file) casebook.Practice {
	p := f.Practice
	all := slices.Concat(s.facts, f.facts)
	slices.SortFunc(all, func(a, b recorded) int { return a.seq - b.seq })
	records := make([]breach.Fact, len(all))
	for i, r := range all {
		records[i] = r.fact
	}
	p.Account = slices.Clone(f.Account)
	p.Facts = breach.FactsOf(records)
	p.Assessments = slices.Clone(f.Assessments)
	p.Approvals = slices.Clone(f.approvals[p.PapersSHA256])
	return p
}

func (s *store) SavePlan(_ context.Context, incidentID, key string, plan casebook.Plan, standing casebook.Standing) ([]casebook.Change, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(incidentID, key)
	if err != nil {
		return nil, err
	}
	if f.Phase == casebook.PhaseClosed {
		return nil, breach.Refuse("closed", "", "practice %s is closed; its plan stays as it is", key)
	}
	if !f.launched {
		f.launched = true
		for _, o := range plan.Obligations {
			f.first = append(f.first, o.Obligation)
		}
		s.diary.planned(f, plan, s.now())
	} else {
		s.diary.replanned(f, plan, s.now())
	}
	if f.Phase != standing.Phase {
		s.diary.note(f, s.now(), Event{Event: EventPhase, Text: string(standing.Phase)})
	}
	f.plan, f.standing, f.Phase = plan, standing, standing.Phase
	if f.LeftGroup != plan.LeavesGroup {
		f.LeftGroup, f.GroupUntold = plan.LeavesGroup, true
		s.regroup(f.Practice.Practice.CountedAs())
	}
	return nil, nil
}

// regroup takes who left a counting entity out of it. One that has come down to
// one practice is counted as that practice; of a larger one the count stays
// what it was, because a simulation does not know whom two practices share.
func (s *store) regroup(entity string) {
	group := s.groups[entity]
	if group == nil {
		return
	}
	members := slices.DeleteFunc(slices.Clone(group.Members), func(key string) bool { return s.files[key].LeftGroup })
	for _, key := range group.Members {
		f := s.files[key]
		f.Group = nil
		if !f.LeftGroup && len(members) > 1 {
			f.Group = &breach.Group{Key: group.Key, Members: members, Tally: group.Tally}
		}
	}
}

func (s *store) CountedWith(_ context.Context, incidentID, key string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(incidentID, key)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, other := range s.keys {
		if other != key && s.files[other].Practice.Practice.CountedAs() == f.Practice.Practice.CountedAs() {
			keys = append(keys, other)
		}
	}
	return keys, nil
}

func (s *store) GroupTold(_ context.Context, incidentID, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(incidentID, key)
	if err == nil {
		f.GroupUntold = false
	}
	return err
}

// DutiesEverOwed are those of the present plan: a simulation makes no papers that
// somebody could have from before.
func (s *store) DutiesEverOwed(_ context.Context, incidentID, key string) ([]casebook.DutyRecord, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(incidentID, key)
	if err != nil {
		return nil, err
	}
	var list []casebook.DutyRecord
	for _, o := range f.plan.Obligations {
		list = append(list, casebook.DutyRecord{Obligation: o.Obligation, SettledOn: o.SettledOn})
	}
	return list, nil
}

func (s *store) SaveStages(_ context.Context, stages ...casebook.StageReached) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, stage := range stages {
		if err := s.saveStage(stage); err != nil {
			return err
		}
	}
	return nil
}

func (s *store) saveStage(stage casebook.StageReached) error {
	f, err := s.file(stage.IncidentID, stage.PracticeKey)
	if err != nil {
		return err
	}
	for _, o := range f.plan.Obligations {
		if o.ID() != stage.ObligationID {
			continue
		}
		e := about(o.Obligation, EventWarning)
		e.Stage = stage.Stage
		switch stage.Stage {
		case casebook.StageDueToday:
			e.Event = EventDue
		case casebook.StageOverdue:
			e.Event = EventMissed
			f.missed[o.ID()] = o.Due
		}
		s.diary.note(f, s.now(), e)
	}
	return nil
}

// People has nobody: a simulation keeps counts.
func (s *store) People(context.Context, string, string, func(*breach.Person) error) error { return nil }

func (s *store) ClosePractice(_ context.Context, incidentID, key string, changes int, on civil.Date, why string) (bool, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(incidentID, key)
	if err != nil {
		return false, 0, err
	}
	if f.Phase != casebook.PhaseClosed && f.Changes != changes {
		return false, s.open(), nil
	}
	if f.Phase != casebook.PhaseClosed {
		f.Phase, f.ClosedOn, f.standing = casebook.PhaseClosed, on, casebook.Standing{}
		s.diary.note(f, s.now(), Event{Event: EventClosed, Text: why})
	}
	return true, s.open(), nil
}

// LettersToPrint counts the practices whose letters may be printed and wait.
func (s *store) LettersToPrint(context.Context, string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, f := range s.files {
		if f.mayPrint() && f.Account.In(account.Waiting) > 0 {
			n++
		}
	}
	return n, nil
}

// mayPrint reports whether its standing, of now, lets its letters be printed.
func (f *file) mayPrint() bool { return f.standing.Printable && f.standing.Changes == f.Changes }

// OutOfDate counts the practices that are about to look where they stand.
func (s *store) OutOfDate(context.Context, string) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, f := range s.files {
		if f.outOfDate() {
			n++
		}
	}
	return n, nil
}

// Outdated are those of the practices that OutOfDate counts.
func (s *store) Outdated(_ context.Context, _ string, keys []string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var outdated []string
	for _, key := range keys {
		if f := s.files[key]; f != nil && f.outOfDate() {
			outdated = append(outdated, key)
		}
	}
	return outdated, nil
}

// outOfDate reports whether a practice is about to look where it stands.
func (f *file) outOfDate() bool {
	return f.launched && f.Phase != casebook.PhaseClosed && f.standing.Changes != f.Changes
}

// SharesLetters has none: a simulation does not know whom two practices share.
func (s *store) SharesLetters(context.Context, string, string) ([]string, error) { return nil, nil }

func (s *store) ReopenPractice(_ context.Context, incidentID, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(incidentID, key)
	if err != nil || f.Phase != casebook.PhaseClosed {
		return err
	}
	f.Phase, f.ClosedOn = casebook.PhaseStarting, civil.Date{}
	if s.incident.Phase == casebook.IncidentClosed {
		s.incident.Phase, s.incident.ClosedOn = casebook.IncidentRunning, civil.Date{}
	}
	return nil
}

// PracticesOfList has none: a simulation has one list.
func (s *store) PracticesOfList(context.Context, string, int, string, int) ([]string, error) {
	return nil, nil
}

// AnnualLog belongs to a Schedule, which a simulation does not run: each
// practice's own deadline for the log is in the calendar.
func (s *store) AnnualLog(context.Context, int) ([]casebook.AnnualEntry, error) { return nil, nil }
