package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/clerk"
)

// The clerk of every practice of the demo.
const (
	clerkName  = "Jo Lindqvist"
	clerkTitle = "Office manager"
)

const (
	// watched is how many practices answer one after the other, where somebody may
	// watch; the others come at once, as many as clerksAtOnce.
	watched      = 3
	clerksAtOnce = 8
	// answersLimit is how long the practices' mail, and then what follows from their
	// answers, may take.
	answersLimit = 3 * time.Minute
)

// answer has the practices that did not say who writes to their patients say it on
// their pages. Those that no e-mail reaches are asked on the telephone, and what they
// say is recorded in one command.
func (p *Play) answer(ctx context.Context) error {
	list, err := p.Stage.Practices(ctx, p.Incident)
	if err != nil {
		return err
	}
	var asked []clerk.Invitation
	called := [][]string{{"practice_key", "delegation"}}
	for _, practice := range list {
		if practice.Phase != casebook.PhaseDelegation && practice.Phase != casebook.PhaseNotice {
			continue
		}
		invitation, err := p.Stage.Invitation(ctx, practice.Key, p.Stage.Now().Add(answersLimit))
		switch {
		case errors.Is(err, ErrNoMail):
			called = append(called, []string{practice.Key, breach.DelegateAll})
		case err != nil:
			return err
		default:
			asked = append(asked, invitation)
		}
	}
	if err := p.answerOnPages(ctx, asked); err != nil {
		return err
	}
	if len(called) > 1 {
		file, err := p.Stage.Rows("delegate.csv", called)
		if err != nil {
			return err
		}
		if err := p.Stage.Run(ctx, "delegate", p.Incident, "--from", file, "--by", firstOfficer); err != nil {
			return err
		}
	}
	return p.waitAnswered(ctx)
}

func (p *Play) answerOnPages(ctx context.Context, asked []clerk.Invitation) error {
	answer := clerk.Answer{Name: clerkName, Title: clerkTitle, Delegation: breach.DelegateAll}
	visible, others := asked[:min(watched, len(asked))], asked[min(watched, len(asked)):]
	if len(asked) == 0 {
		return nil
	}
	by, how, closeIt, err := p.Stage.Clerk(ctx)
	if err != nil {
		return err
	}
	defer closeIt()
	p.Stage.Say(fmt.Sprintf("The clerks of %d practices open their pages %s, with the link of one e-mail and the code of another.", len(asked), how))
	for _, invitation := range visible {
		began := p.Stage.Now()
		if err := by.Answer(ctx, invitation, answer); err != nil {
			return fmt.Errorf("a practice could not answer on its page: %w", err)
		}
		p.Stage.Say(fmt.Sprintf("  one has read its notice, taken its list and signed its delegation, in %.1f seconds", p.Stage.Now().Sub(began).Seconds()))
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clerksAtOnce)
	for _, invitation := range others {
		group.Go(func() error { return clerk.HTTP{}.Answer(ctx, invitation, answer) })
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("a practice could not answer on its page: %w", err)
	}
	if len(others) > 0 {
		p.Stage.Say(fmt.Sprintf("  %d more did the same, without a browser", len(others)))
	}
	return nil
}

// waitAnswered waits until what the practices signed is done.
func (p *Play) waitAnswered(ctx context.Context) error {
	limit := p.Stage.Now().Add(answersLimit)
	return p.Stage.AwaitAnswers(ctx, p.Incident, func(waiting int) (bool, error) {
		if waiting > 0 && p.Stage.Now().After(limit) {
			return false, p.Stage.Stuck(p.Incident, waiting)
		}
		return waiting == 0, nil
	})
}
