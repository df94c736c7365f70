package activities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/activity"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
	"duenotice/internal/temporalx"
)

// SignalFactsChanged tells a practice's workflow that the database changed
// under it: it then asks again where it stands.
const SignalFactsChanged = "facts_changed"

// FactsChanged is that signal's content.
type FactsChanged struct {
	Reason string
	// MailRunFollows: the incident's workflow is about to print what is approved, and
	// need not be told by each practice that its letters are ready.
	MailRunFollows bool `json:",omitempty"`
	// List is the further list that changed it, 0 when something else did.
	List int `json:",omitempty"`
}

// AdmitIncident confirms that the incident's list is whole in the database and
// opens it for launching. Findings are loaded before the workflow starts, in
// one transaction, so that no patient passes through Temporal.
func (a *Activities) AdmitIncident(ctx context.Context, ref IncidentRef) error {
	incident, err := a.Store.Incident(ctx, ref.IncidentID)
	if err != nil {
		return forTemporal(err)
	}
	if incident.Phase == casebook.IncidentLoaded {
		if err := a.Store.SetIncidentPhase(ctx, ref.IncidentID, casebook.IncidentLaunching, civil.Date{}); err != nil {
			return err
		}
	}
	return nil
}

// MarkRunning notes that every practice has its workflow.
func (a *Activities) MarkRunning(ctx context.Context, ref IncidentRef) error {
	return a.Store.SetIncidentPhase(ctx, ref.IncidentID, casebook.IncidentRunning, civil.Date{})
}

// CloseIncident closes the incident and writes its last summary. It leaves one
// open of which a practice was opened again since it was counted.
func (a *Activities) CloseIncident(ctx context.Context, ref IncidentRef) (CloseIncidentResult, error) {
	closed, err := a.Store.CloseIncident(ctx, ref.IncidentID, a.today())
	if err != nil || !closed {
		return CloseIncidentResult{Open: !closed}, err
	}
	if _, err := a.rollUp(ctx, ref); err != nil {
		return CloseIncidentResult{}, err
	}
	_, err = a.Store.AnchorLedger(ctx, ref.IncidentID, 0)
	return CloseIncidentResult{}, err
}

// PageOfPractices returns the next practices in key order: all of them, those
// that are open, or those of a list.
func (a *Activities) PageOfPractices(ctx context.Context, in PageInput) (PageResult, error) {
	if in.List > 0 {
		keys, err := a.Store.PracticesOfList(ctx, in.IncidentID, in.List, in.After, in.Limit)
		return PageResult{Keys: keys}, err
	}
	keys, err := a.Store.PracticeKeys(ctx, in.IncidentID, in.After, in.Limit, in.OpenOnly)
	return PageResult{Keys: keys}, err
}

// ClosePractice closes one practice and returns how many stay open. Whoever asks for
// it, a practice that owes something by its record stays open.
func (a *Activities) ClosePractice(ctx context.Context, ref PracticeRef) (ClosePracticeResult, error) {
	incident, practice, plan, zone, err := a.decided(ctx, ref)
	if err != nil {
		return ClosePracticeResult{}, forTemporal(err)
	}
	if !a.standing(incident, practice, plan, zone).Finished {
		return ClosePracticeResult{Later: true}, nil
	}
	why := "everything owed is done"
	if !plan.Notifiable {
		why = "nothing is owed: " + plan.Reason
	}
	closed, open, err := a.Store.ClosePractice(ctx, ref.IncidentID, ref.PracticeKey, practice.Changes, a.today(), why)
	return ClosePracticeResult{Open: open, Later: err == nil && !closed}, err
}

// ReachStages notes that deadlines came closer, where they did by the record, and
// returns where the practice stands.
func (a *Activities) ReachStages(ctx context.Context, in StagesInput) (PracticeState, error) {
	_, _, plan, zone, err := a.decided(ctx, in.PracticeRef)
	if err != nil {
		return PracticeState{}, forTemporal(err)
	}
	now := a.Now()
	var all []casebook.StageReached
	for _, s := range in.Stages {
		if at, reached := reachedStage(plan, zone, now, s); reached {
			all = append(all, casebook.StageReached{
				IncidentID: in.IncidentID, PracticeKey: in.PracticeKey, ObligationID: s.ObligationID, Stage: s.Stage, At: at,
			})
		}
	}
	if len(all) > 0 {
		if err := a.Store.SaveStages(ctx, all...); err != nil {
			return PracticeState{}, err
		}
	}
	state, err := a.refresh(ctx, in.PracticeRef)
	return state, forTemporal(err)
}

// TellPractices signals the workflows of an incident's open practices. A
// practice without a running workflow is passed over: one that is not launched
// yet will read the database when it is, a closed one needs nothing.
func (a *Activities) TellPractices(ctx context.Context, in TellInput) (int, error) {
	var progress struct {
		After string
		Told  int
	}
	if activity.HasHeartbeatDetails(ctx) {
		// Without a readable cursor it starts over; a second telling does no harm.
		_ = activity.GetHeartbeatDetails(ctx, &progress)
	}
	for {
		keys, err := a.practicesToTell(ctx, in, progress.After)
		if err != nil || len(keys) == 0 {
			return progress.Told, err
		}
		for _, key := range keys {
			err := a.signalPractice(ctx, in.IncidentID, key, FactsChanged{Reason: in.Reason, MailRunFollows: in.MailRunFollows, List: in.List})
			if err != nil {
				return progress.Told, err
			}
			progress.After = key
			progress.Told++
			activity.RecordHeartbeat(ctx, progress)
		}
	}
}

// signalPractice tells one practice's workflow that the database changed. One that
// does not run is not launched yet, or closed: what changed may have opened a
// closed one again, and the worker then gives it a workflow.
func (a *Activities) signalPractice(ctx context.Context, incidentID, key string, word FactsChanged) error {
	err := a.Workflows.SignalWorkflow(ctx, temporalx.PracticeID(incidentID, key), "", SignalFactsChanged, word)
	var gone *serviceerror.NotFound
	if !errors.As(err, &gone) {
		return err
	}
	practice, err := a.Store.Practice(ctx, incidentID, key)
	if err != nil || practice.Phase != casebook.PhaseClosed {
		return err
	}
	_, err = a.refresh(ctx, PracticeRef{IncidentID: incidentID, PracticeKey: key})
	return err
}

func (a *Activities) practicesToTell(ctx context.Context, in TellInput, after string) ([]string, error) {
	const page = 500
	if in.MailRun > 0 {
		return a.Store.MailRunPractices(ctx, in.IncidentID, in.MailRun, after, page)
	}
	return a.Store.PracticeKeys(ctx, in.IncidentID, after, page, true)
}

// RollUpIncident counts where the incident stands, writes summary.json and
// returns what the incident's workflow shows and does next.
func (a *Activities) RollUpIncident(ctx context.Context, ref IncidentRef) (RollUp, error) {
	defer beating(ctx)()
	roll, err := a.rollUp(ctx, ref)
	if err != nil {
		return roll, err
	}
	_, err = a.Store.AnchorLedger(ctx, ref.IncidentID, anchorEvery)
	return roll, err
}

// anchorEvery is how often the practices' ledgers are taken into the incident's
// at most: an entry younger than this can be cut off without the incident's
// own chain showing it.
const anchorEvery = 10 * time.Minute

func (a *Activities) rollUp(ctx context.Context, ref IncidentRef) (RollUp, error) {
	incident, err := a.Store.Incident(ctx, ref.IncidentID)
	if err != nil {
		return RollUp{}, forTemporal(err)
	}
	status, err := a.Store.Status(ctx, ref.IncidentID, a.Now(), a.today())
	if err != nil {
		return RollUp{}, err
	}
	open, err := a.Store.OpenPractices(ctx, ref.IncidentID)
	if err != nil {
		return RollUp{}, err
	}
	if err := a.writeSummary(ctx, ref.IncidentID); err != nil {
		return RollUp{}, err
	}
	roll := RollUp{
		Practices: status.Practices, Open: open, Late: status.Late, NeedsPerson: status.NeedsPerson,
		Headline: fmt.Sprintf("%d practices, %d people: %d open, %d late, %d need a person",
			status.Practices, status.People, open, status.Late, status.NeedsPerson),
		Table: phaseTable(status),
	}
	if !status.NextDue.IsZero() {
		roll.NextDueEnds = status.NextDue.End(a.Zone).UTC()
	}
	roll.WakeAt, _ = nextHoldEnd(incident.Incident.Holds, a.Zone, a.Now())
	roll.LettersReady, err = a.Store.LettersToPrint(ctx, ref.IncidentID)
	return roll, err
}

// writeSummary writes summary.json, unless it says already what is so.
func (a *Activities) writeSummary(ctx context.Context, incidentID string) error {
	if a.Rehearsal {
		return nil
	}
	_, err := WriteSummary(ctx, a.Store, a.Out, a.TemporalUI, incidentID, a.Now())
	return err
}

// Summariser is the part of the store that a summary is made from.
type Summariser interface {
	Summary(ctx context.Context, incidentID string, at time.Time) (casebook.Summary, error)
}

// WriteSummary writes an incident's summary.json, unless it says already what is
// so, and returns what it says. The worker does it within a minute of any change, whoever made it; the
// incident's workflow does it where nothing may come after.
func WriteSummary(ctx context.Context, store Summariser, out outfolder.Folder, temporalUI, incidentID string, at time.Time) (casebook.Summary, error) {
	summary, err := store.Summary(ctx, incidentID, at)
	if err != nil {
		return summary, err
	}
	summary.TemporalUI = temporalUI
	content, err := json.MarshalIndent(summary, "", "  ")
	if err != nil {
		return summary, err
	}
	_, err = out.WriteFile(ctx, out.Incident(incidentID).Summary(), append(content, '\n'))
	return summary, err
}

// phaseTable is the status table in Markdown.
func phaseTable(s casebook.Status) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Discovered **%s**, day %d of %d on %s.\n\n", s.Discovered, s.DayOf60, breach.NoticeDays, s.AsOf)
	b.WriteString("| phase | practices | people | oldest due |\n|---|---:|---:|---|\n")
	for _, p := range s.Phases {
		fmt.Fprintf(&b, "| %s | %d | %d | %s |\n", p.Phase, p.Practices, p.People, p.OldestDue)
	}
	for _, h := range s.Holds {
		if h.ReleasedOn.IsZero() {
			fmt.Fprintf(&b, "\nLaw-enforcement hold (%s, stated %s by %s).\n", h.Kind, h.StatedOn, temporalx.Text(h.Agency))
		}
	}
	return b.String()
}

// ClosePracticeResult is how many practices stay open.
type ClosePracticeResult struct {
	Open int
	// Later: it stays open itself, because something is owed, or changed meanwhile.
	Later bool `json:",omitempty"`
}

// CloseIncidentResult says what became of the closing.
type CloseIncidentResult struct {
	// Open: a practice was opened again, and the incident stays open with it.
	Open bool `json:",omitempty"`
}
