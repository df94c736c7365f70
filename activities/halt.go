package activities

import (
	"context"
	"fmt"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// notHalted refuses, with code "printing_halted", to print while the halt line is
// reached. It is tried again by itself, and at once when somebody says that it goes on.
func (a *Activities) notHalted(ctx context.Context, incident breach.Incident) error {
	now, accepted, err := a.Store.HaltCounts(ctx, incident.ID)
	if err != nil {
		return err
	}
	if reasons := incident.PrintRun.Halt.Halted(now, accepted); len(reasons) > 0 {
		return breach.Refuse("printing_halted", fmt.Sprintf("Find out why, then: duenotice resume %s --reason WHAT_YOU_FOUND --by YOUR NAME", incident.ID),
			"printing of incident %s has paused: %s", incident.ID, breach.HaltWords(reasons))
	}
	return nil
}

// allowedResume decides whether printing may go on: it pauses, somebody says why it may
// go on, and nobody accepts more than there is.
func (a *Activities) allowedResume(ctx context.Context, incident breach.Incident, terms casebook.ResumeTerms) error {
	if strings.TrimSpace(terms.Reason) == "" {
		return breach.Refuse("no_reason", "Say with --reason what was found out.", "printing goes on for a reason")
	}
	now, accepted, err := a.Store.HaltCounts(ctx, incident.ID)
	if err != nil {
		return err
	}
	if len(incident.PrintRun.Halt.Halted(now, accepted)) == 0 {
		return breach.Refuse("not_halted", "", "printing of incident %s has not paused", incident.ID)
	}
	seen := terms.Seen
	if seen.Printed > now.Printed || seen.Returned > now.Returned || seen.FailedChecks > now.FailedChecks || seen.Disputed > now.Disputed {
		return breach.Refuse("changed_since_looked", "Look again with status.", "there is less to accept in incident %s than was seen", incident.ID)
	}
	return nil
}
