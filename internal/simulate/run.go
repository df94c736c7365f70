package simulate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/logging"
	"duenotice/internal/plan"
	"duenotice/internal/temporalx"
	"duenotice/workflows"
)

// Where the officers' day begins, and when they do what a script says.
const (
	opens = 9 * time.Hour
	acts  = 10 * time.Hour
	// settles is how long after its last instant, or before the end of its last
	// day, a simulation ends: never on a full hour. Somewhere a day begins at each
	// of those, and what then begins in some practice would be cut off half done.
	settles = 30 * time.Minute
)

// part is an incident with some of the practices.
type part struct {
	in    Input
	store *store
	env   *testsuite.TestWorkflowEnvironment
	steps *activities.Activities
	// closings is how often it was waited only for practices to close by themselves.
	closings int
	// before the workflow starts, for tests.
	before func()
}

func newPart(in Input, practices []breach.Practice, tally *plan.Tallier, groups map[string]*breach.Group) (*part, error) {
	book := in.library().Newest()
	if in.under != nil {
		book = in.under
	}
	s := &store{
		diary: newDiary(), files: map[string]*file{}, acts: map[string]bool{}, runs: map[int]*run{}, groups: groups,
		incident: casebook.Incident{
			Incident: in.Incident, RulebookVersion: book.Version(), RulebookSHA256: book.SHA256(),
			Phase: casebook.IncidentLoaded, Practices: len(practices),
		},
	}
	for _, p := range practices {
		zone, err := time.LoadLocation(p.ZoneName())
		if err != nil {
			return nil, fmt.Errorf("practice %s: time zone %q: %w", p.Key, p.ZoneName(), err)
		}
		counts := tally.Practice(p.Key)
		s.incident.People += counts.People
		s.incident.Findings += counts.People
		s.keys = append(s.keys, p.Key)
		s.files[p.Key] = &file{
			Practice: casebook.Practice{
				IncidentID: in.Incident.ID, Practice: p, Tally: counts, Group: groups[p.CountedAs()], ListNumber: 1, ListSHA256: "simulated",
				Account: tally.Account(p.Key, in.Incident.Entity.WritesLetters(p)), Phase: casebook.PhaseStarting,
			},
			zone: zone, approvals: map[string][]casebook.Approval{}, missed: map[string]civil.Date{},
		}
	}
	return &part{in: in, store: s}, nil
}

// told is what a part comes to.
type told struct {
	diary *diary
	keys  []string
	files map[string]*file
}

// end takes what the part comes to out of its store. An activity that was begun
// and is no longer waited for then finds nothing to change, and the environment,
// which is large, can be given up with the part.
func (p *part) end() told {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	t := told{p.store.diary, p.store.keys, p.store.files}
	p.store.diary, p.store.keys, p.store.files = newDiary(), nil, map[string]*file{}
	return t
}

// run runs the incident's workflow, and through it all the others, to the end.
func (p *part) run() (err error) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	p.env = suite.NewTestWorkflowEnvironment()
	start := p.in.From.Start(p.in.Zone).Add(opens)
	p.env.SetStartTime(start)
	p.env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: temporalx.IncidentID(p.in.Incident.ID), TaskQueue: temporalx.Queue})
	p.env.SetDetachedChildWait(false)     // practices may stay open for ever
	p.env.SetTestTimeout(5 * time.Minute) // of the machine's time, with nothing going on
	p.env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute})
	p.store.now = p.env.Now
	workflows.Register(p.env)
	p.steps = &activities.Activities{
		Store: p.store, Books: p.in.library(), Mail: taker{p.in.Outbox}, Workflows: p, Now: p.env.Now, Zone: p.in.Zone, Rehearsal: true,
	}
	p.env.RegisterActivity(p.steps)
	for n, act := range p.in.Script {
		p.env.RegisterDelayedCallback(func() { p.play(n, act) }, act.On.Start(p.in.Zone).Add(acts).Sub(start))
	}
	p.endAt(start)
	if p.before != nil {
		p.before()
	}

	// The environment says by panicking that it is stuck.
	defer func() {
		if stuck := recover(); stuck != nil {
			err = fmt.Errorf("the simulation of %s stopped: %s", p.in.Incident.ID, logging.Panicked(stuck))
		}
	}()
	p.env.ExecuteWorkflow(workflows.IncidentType, workflows.IncidentInput{IncidentID: p.in.Incident.ID, Entity: p.in.Incident.Entity.Name})
	if err := p.env.GetWorkflowError(); err != nil && !temporal.IsCanceledError(err) {
		return fmt.Errorf("the simulation of %s failed: %w", p.in.Incident.ID, err)
	}
	return nil
}

// endAt ends the simulation at the end of its last day, or as soon as the
// passing of time alone changes nothing any more.
func (p *part) endAt(now time.Time) {
	if !p.in.Until.IsZero() {
		p.env.RegisterDelayedCallback(p.env.CancelWorkflow, p.in.Until.End(p.in.Zone).Add(-settles).Sub(now))
		return
	}
	p.env.RegisterDelayedCallback(func() {
		now := p.env.Now()
		if next := p.nextRest(now); next.After(now) {
			p.endAt(next)
			return
		}
		p.env.CancelWorkflow()
	}, p.nextRest(now).Truncate(time.Hour).Add(2*time.Hour+settles).Sub(p.env.Now()))
}

// nextRest is the last instant at which something is known to happen; an
// instant that is over when nothing is.
func (p *part) nextRest(now time.Time) time.Time {
	rest := now
	later := func(at time.Time) {
		if at.After(rest) {
			rest = at
		}
	}
	for _, act := range p.in.Script {
		later(act.On.Start(p.in.Zone).Add(acts + time.Hour))
	}
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	closing := false
	for _, f := range p.store.files {
		open := 0
		for _, o := range f.plan.Obligations {
			if o.SettledOn.IsZero() {
				open++
				later(o.DueEnds)
				for _, r := range o.Reminders {
					later(r.On.Start(f.zone))
				}
			}
		}
		closing = closing || open == 0 && f.launched && f.Phase != casebook.PhaseClosed
	}
	for _, h := range p.store.incident.Incident.Holds {
		later(h.Until.End(p.in.Zone))
		later(h.StatedOn.AddDays(31).Start(p.in.Zone))
	}
	// One whose duties are all done closes by itself within a month.
	if !rest.After(now) && closing && p.closings < 2 {
		p.closings++
		return now.AddDate(0, 0, 31)
	}
	return rest
}

// SignalWorkflow tells a running workflow something from within an activity.
// It happens in the environment's own loop, which alone may touch it.
func (p *part) SignalWorkflow(_ context.Context, workflowID, _, name string, arg any) error {
	p.env.RegisterDelayedCallback(func() { _ = p.env.SignalWorkflowByID(workflowID, name, arg) }, 0) // one that has ended needs no word
	return nil
}

// play does one act of the script, or tries to.
func (p *part) play(n int, a Act) {
	act := a.terms(p.in.Incident.ID)
	act.ID = fmt.Sprintf("script-%d", n+1)
	if a.Practice == "" {
		p.playOnIncident(a, act)
		return
	}
	for _, key := range p.store.keys {
		if a.Practice == key || a.Practice == everyPractice {
			one := act
			one.PracticeKey, one.ID = key, act.ID+"-"+key
			p.playOnPractice(a, one)
		}
	}
}

func (p *part) playOnIncident(a Act, act casebook.Act) {
	if a.Act == casebook.ActApprove {
		p.store.mu.Lock()
		_, hash := p.store.waiting(act.Who)
		p.store.mu.Unlock()
		act.Approve = &casebook.ApproveTerms{SHA256: hash}
	}
	p.env.UpdateWorkflow(workflows.UpdateAct, act.ID, &answer{p, a, act}, act)
}

func (p *part) playOnPractice(a Act, act casebook.Act) {
	if a.Act == casebook.ActApprove {
		p.store.mu.Lock()
		act.Approve = &casebook.ApproveTerms{SHA256: p.store.files[act.PracticeKey].PapersSHA256}
		p.store.mu.Unlock()
	}
	reply := &answer{p, a, act}
	err := p.env.UpdateWorkflowByID(temporalx.PracticeID(act.IncidentID, act.PracticeKey), workflows.UpdateAct, act.ID, reply, act)
	if err != nil {
		p.playOnClosed(reply)
	}
}

// playOnClosed gives an act to a practice whose workflow has ended. One that opens
// it again gives it another workflow, as the command that brings the act does.
func (p *part) playOnClosed(reply *answer) {
	done, err := p.steps.ActOnPractice(context.Background(), reply.act)
	reply.enter(err)
	if err == nil && done.State.Phase != casebook.PhaseClosed {
		p.env.SignalWorkflow(workflows.SignalStartAgain, workflows.StartAgain{Keys: []string{reply.act.PracticeKey}})
	}
}

// answer enters what became of an act.
type answer struct {
	p   *part
	of  Act
	act casebook.Act
}

func (*answer) Accept() {}

func (a *answer) Reject(err error) { a.enter(err) }

func (a *answer) Complete(_ any, err error) { a.enter(err) }

func (a *answer) enter(err error) {
	e := Event{Day: a.of.On, Event: EventAct, Title: a.of.String() + " by " + a.of.By}
	if err != nil {
		e.Event, e.Text = EventRefused, reason(err)
	}
	a.p.store.mu.Lock()
	defer a.p.store.mu.Unlock()
	a.p.store.diary.enter(e, a.act.PracticeKey)
}

// reason is a refusal's message without what would help at a command line.
func reason(err error) string {
	if refusal, ok := activities.RefusalOf(err); ok {
		return refusal.Message
	}
	var app *temporal.ApplicationError
	if errors.As(err, &app) {
		return app.Message()
	}
	return err.Error()
}
