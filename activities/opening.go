package activities

import (
	"context"
	"time"
)

// OpenInput names practices that are to be opened together. Their papers are dated by
// the day that At is where the officers are, as with PapersInput.
type OpenInput struct {
	IncidentID string
	Keys       []string
	At         time.Time
}

// Part tells this step apart from the others of its launch.
func (in OpenInput) Part() string {
	if len(in.Keys) == 0 {
		return ""
	}
	return "practices " + in.Keys[0] + " to " + in.Keys[len(in.Keys)-1]
}

// OpenResult is where the practices of an OpenInput then stand, in the order of their
// keys; nil for one that could not be opened.
type OpenResult struct {
	States []*PracticeState
}

// OpenPractices does for many practices, before their workflows begin, what each of them
// would begin with: it decides what is owed and makes the papers. One step for many is
// most of what a large incident's start costs Temporal less.
//
// It never fails for one practice. Where something cannot be decided or made, the
// practice's own workflow finds that undone, tries it, says what is wrong, and lets it
// rest without keeping anybody else.
func (a *Activities) OpenPractices(ctx context.Context, in OpenInput) (OpenResult, error) {
	defer beating(ctx)()
	result := OpenResult{States: make([]*PracticeState, len(in.Keys))}
	for i, key := range in.Keys {
		ref := PracticeRef{IncidentID: in.IncidentID, PracticeKey: key}
		result.States[i] = a.open(ctx, PapersInput{PracticeRef: ref, At: in.At})
		if err := ctx.Err(); err != nil {
			return OpenResult{}, err
		}
	}
	return result, nil
}

// open opens one practice, and returns where it stands as far as that went, nil where
// nothing is decided.
func (a *Activities) open(ctx context.Context, in PapersInput) (stands *PracticeState) {
	// A practice whose record makes the program panic keeps nobody else from being
	// opened. Its own workflow comes to the same panic, and that one is written down.
	defer func() {
		if recover() != nil {
			stands = nil
		}
	}()
	on, err := a.paperDay(in.At)
	if err != nil {
		return nil
	}
	seen, planned, err := a.look(ctx, in.PracticeRef)
	if err != nil {
		return nil
	}
	if !planned.PapersStale || a.makePapers(ctx, in.PracticeRef, seen, on) != nil {
		return &planned
	}
	prepared, err := a.refresh(ctx, in.PracticeRef)
	if err != nil {
		return &planned
	}
	return &prepared
}

// ChangedInput names practices that were opened, and whose workflows have begun since.
type ChangedInput struct {
	IncidentID string
	Keys       []string
}

// TellChanged lets those look again on whose record something changed after they were
// opened: they were told of it when nobody was there to hear.
func (a *Activities) TellChanged(ctx context.Context, in ChangedInput) error {
	keys, err := a.Store.Outdated(ctx, in.IncidentID, in.Keys)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := a.signalPractice(ctx, in.IncidentID, key, FactsChanged{Reason: "something changed while it was opened"}); err != nil {
			return err
		}
	}
	return nil
}
