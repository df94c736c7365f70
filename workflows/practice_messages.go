package workflows

import (
	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// listen waits for word that the database changed. Several words that arrive
// together need only one look.
func (p *practice) listen(ctx workflow.Context) {
	changed := workflow.GetSignalChannel(ctx, activities.SignalFactsChanged)
	for {
		var word activities.FactsChanged
		if more := changed.Receive(ctx, &word); !more || ctx.Err() != nil {
			return
		}
		p.hear(word)
	}
}

func (p *practice) hear(word activities.FactsChanged) {
	p.quiet = word.MailRunFollows
	p.rests.over()
	p.stale = true
}

// validate refuses at once what the state already forbids. A refusal here
// leaves nothing in the history; the step decides again on the database.
func (p *practice) validate(_ workflow.Context, act casebook.Act) error {
	if act.IncidentID != p.in.IncidentID || act.PracticeKey != p.in.PracticeKey {
		return breach.Refuse("wrong_practice", "", "this act is for practice %s of incident %s", act.PracticeKey, act.IncidentID)
	}
	if act.Who == "" {
		return breach.Refuse("no_name", "Give the name of the person who decided with --by.", "an act needs the person who did it")
	}
	if act.Kind != casebook.ActApprove {
		return nil
	}
	if act.Approve == nil || act.Approve.SHA256 == "" {
		return breach.Refuse("no_hash", "Look with approve --list first.", "an approval is bound to the hash of what was looked at")
	}
	if p.state.PapersSHA256 != "" && !p.stale && act.Approve.SHA256 != p.state.PapersSHA256 {
		return breach.Refuse("changed_since_looked", "Look again with approve --list, then approve.",
			"the papers of practice %s changed since you looked at them", p.in.PracticeKey)
	}
	return nil
}

// act carries out what a person decided and answers with where the practice
// then stands.
func (p *practice) act(ctx workflow.Context, act casebook.Act) (activities.ActResult, error) {
	p.heard = true
	p.acting++
	defer func() { p.acting-- }()
	var result activities.ActResult
	if err := p.turn(ctx); err != nil {
		return result, err
	}
	defer p.one.Unlock()
	err := workflow.ExecuteActivity(asked(ctx, act.Kind+" by "+act.Who), steps.ActOnPractice, act).Get(ctx, &result)
	if err != nil {
		return result, err
	}
	p.quiet = false
	p.rests.over()
	p.apply(ctx, result.State)
	return result, nil
}
