package workflows

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// word is a signal and what is done with one.
type word struct {
	signal string
	take   func(ctx workflow.Context, c workflow.ReceiveChannel)
}

// words are what practices and the worker tell an incident.
func (i *incident) words() []word {
	return []word{
		{SignalLettersApproved, func(ctx workflow.Context, c workflow.ReceiveChannel) {
			c.Receive(ctx, nil)
			i.single = !i.mailDue || i.single
			i.mailDue = true
		}},
		{SignalPracticeClosed, i.count},
		{SignalCountAgain, i.count},
		{SignalStartAgain, func(ctx workflow.Context, c workflow.ReceiveChannel) {
			var again StartAgain
			c.Receive(ctx, &again)
			i.again = append(i.again, again)
			i.rests.over()
		}},
	}
}

func (i *incident) count(ctx workflow.Context, c workflow.ReceiveChannel) {
	c.Receive(ctx, nil)
	i.changed = true
}

// listen takes the word as it comes.
func (i *incident) listen(ctx workflow.Context) {
	selector := workflow.NewSelector(ctx)
	for _, w := range i.words() {
		selector.AddReceive(workflow.GetSignalChannel(ctx, w.signal), func(c workflow.ReceiveChannel, _ bool) { w.take(ctx, c) })
	}
	for ctx.Err() == nil {
		selector.Select(ctx)
	}
}

func (i *incident) validate(_ workflow.Context, act casebook.Act) error {
	if act.IncidentID != i.in.IncidentID || act.PracticeKey != "" {
		return breach.Refuse("wrong_incident", "", "this act is not for the whole of incident %s", i.in.IncidentID)
	}
	if act.Who == "" {
		return breach.Refuse("no_name", "Give the name of the person who decided with --by.", "an act needs the person who did it")
	}
	if !i.in.Launched && act.Kind == casebook.ActApprove {
		return breach.Refuse("launching", "Wait until start says that every practice has its workflow.", "the practices are still being started")
	}
	return nil
}

// act carries out an act on the whole incident; the practices are told after
// the person has their answer.
func (i *incident) act(ctx workflow.Context, act casebook.Act) (activities.ActResult, error) {
	var result activities.ActResult
	if err := i.one.Lock(ctx); err != nil {
		return result, err
	}
	defer i.one.Unlock()
	err := workflow.ExecuteActivity(asked(ctx, act.Kind+" by "+act.Who), steps.ActOnIncident, act).Get(ctx, &result)
	if err != nil {
		return result, err
	}
	if act.Resume == nil && (act.Notify == nil || act.Notify.Post == "") {
		// Letters to practices, and that printing goes on, change nothing of where any of
		// them stands.
		i.tell = act.Kind + " by " + act.Who
	}
	i.rests.over()
	if act.Kind == casebook.ActApprove || act.Kind == casebook.ActAdopt || act.Kind == casebook.ActResume {
		i.mailDue, i.single = true, false
		i.adopting = i.adopting || act.Kind == casebook.ActAdopt
	}
	return result, nil
}

// amended lets the practices look at the new list, of people or of letters that
// came back, or at the corrected case, those too that were closed.
func (i *incident) amended(_ workflow.Context, in AmendedInput) error {
	i.tell = fmt.Sprintf("list %d was loaded by %s", in.List, in.Act.Who)
	switch {
	case in.Act.Amend != nil:
		i.tell = fmt.Sprintf("the case was corrected by %s (list %d)", in.Act.Who, in.List)
	case in.Act.Kind == casebook.ActRecall:
		i.tell = fmt.Sprintf("letters were taken back by %s (list %d)", in.Act.Who, in.List)
	case in.Act.Kind == casebook.ActReprint:
		i.tell = fmt.Sprintf("letters that were held back are printed again by %s (list %d)", in.Act.Who, in.List)
	case in.Act.Kind == casebook.ActReturns:
		i.tell = fmt.Sprintf("letters that came back, list %d, were recorded by %s", in.List, in.Act.Who)
	}
	i.rests.over()
	if !slices.Contains(i.lists, in.List) {
		i.lists = append(i.lists, in.List)
	}
	return nil
}
