package activities

import (
	"context"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/rulebooks"
)

// allowedReplan decides whether an incident may be put under the rulebook that
// the person looked at: it must be this worker's newest, and the incident still
// under the one it was compared with.
func (a *Activities) allowedReplan(incident casebook.Incident, terms casebook.ReplanTerms) error {
	newest := a.Books.Newest()
	switch {
	case terms.ToSHA256 != newest.SHA256():
		return breach.Refuse("other_rulebook", "Give the command with the worker's own version of the program.",
			"you looked at rulebook %s and the worker's newest is %s", terms.ToVersion, newest.Version())
	case incident.RulebookSHA256 == terms.ToSHA256:
		return errAlready
	case incident.RulebookSHA256 != terms.FromSHA256:
		return breach.Refuse("changed_since_looked", "Look at the difference again with replan --dry-run.",
			"incident %s is under rulebook %s by now", incident.Incident.ID, incident.RulebookVersion)
	}
	return nil
}

// DecideUnder decides what a practice owes under a rulebook, whichever one its
// incident is under. It changes nothing, and is no method, because each exported one
// is a step that a worker offers.
func DecideUnder(ctx context.Context, a *Activities, book *rulebooks.Rulebook, incident casebook.Incident, practiceKey string) (rulebooks.Taken, error) {
	practice, err := a.Store.Practice(ctx, incident.Incident.ID, practiceKey)
	if err != nil {
		return rulebooks.Taken{}, err
	}
	peers, err := a.peers(ctx, incident.Incident, practice)
	if err != nil {
		return rulebooks.Taken{}, err
	}
	return book.Decide(subject(incident.Incident, practice, peers))
}
