package storetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/mail"
)

// stranger is somebody who reached the task queue: they ask for any step, of anything,
// at any moment. What the record does not allow does not happen, whoever asks.
func (h *history) stranger() string {
	asks := h.asks()
	name := h.one(names(asks)...)
	before, run := h.everybody(), h.run
	what := asks[name]()
	due := name == "ApplyDefault" && !strings.HasSuffix(what, " not due") // askForDefault says what became of that
	if !due && name != "RenderBatches" && name != "PlanMailRun" || run != h.run {
		require.Equal(h.t, before, h.everybody(), "%s (%s): nobody's letter is in another state because somebody asked", name, what)
	}
	return name + " " + what
}

// elsewhere are steps whose caller is looked at by suites of their own: who asked for
// an act is in the database, and a simulation has nobody who asks.
var elsewhere = []string{"ActOnPractice", "ActOnIncident", "PrepareAnnualLog", "TellPractices", "PostingIncidents", "LookAtPostings"}

// asks has every step of a worker, asked for as the history's stranger does.
func (h *history) asks() map[string]func() string {
	ctx := h.t.Context()
	asks := map[string]func() string{
		"AdmitIncident": func() string { return outcome(h.steps.AdmitIncident(ctx, h.incidentRef())) },
		"MarkRunning":   func() string { return outcome(h.steps.MarkRunning(ctx, h.incidentRef())) },
		"CloseIncident": h.askToCloseIncident, "ClosePractice": h.askToClose, "SendNotice": h.askToSend,
		"SendMessage": h.askToWrite, "ApplyDefault": h.askForDefault,
		"ReachStages": h.askForStage, "PlanMailRun": h.askForRun, "RenderBatches": h.askToPrint,
		"PreparePapers": func() string {
			return h.askForPapers(func(ref activities.PracticeRef, at time.Time) error {
				_, err := h.steps.PreparePapers(ctx, activities.PapersInput{PracticeRef: ref, At: at})
				return err
			})
		},
		"UpdateWorksheet": func() string {
			return h.askForPapers(func(ref activities.PracticeRef, at time.Time) error {
				_, err := h.steps.UpdateWorksheet(ctx, activities.PapersInput{PracticeRef: ref, At: at})
				return err
			})
		},
		"OpenPractices": h.askToOpen,
		"TellChanged": func() string {
			ref := h.ref()
			return ref.PracticeKey + outcome(h.steps.TellChanged(ctx, activities.ChangedInput{IncidentID: IncidentID, Keys: []string{ref.PracticeKey}}))
		},
		"PlanPractice": func() string {
			_, err := h.steps.PlanPractice(ctx, h.ref())
			return outcome(err)
		},
		"PageOfPractices": func() string {
			page, err := h.steps.PageOfPractices(ctx, activities.PageInput{IncidentID: IncidentID, Limit: 2, After: h.one("", "P1", "P9")})
			return fmt.Sprint(page.Keys, outcome(err))
		},
		"RollUpIncident": func() string {
			_, err := h.steps.RollUpIncident(ctx, h.incidentRef())
			return outcome(err)
		},
	}
	offered := []string{}
	steps := reflect.TypeFor[*activities.Activities]()
	for i := range steps.NumMethod() {
		if name := steps.Method(i).Name; !slices.Contains(elsewhere, name) {
			offered = append(offered, name)
		}
	}
	require.ElementsMatch(h.t, offered, names(asks), "every step that a worker offers is tried")
	return asks
}

func (h *history) incidentRef() activities.IncidentRef {
	return activities.IncidentRef{IncidentID: IncidentID}
}

func (h *history) askToClose() string {
	ref := h.ref()
	before, was := h.stand(ref.PracticeKey)
	got, err := h.steps.ClosePractice(h.t.Context(), ref)
	require.NoError(h.t, err)
	_, is := h.stand(ref.PracticeKey)
	closed := is.Phase == casebook.PhaseClosed
	require.Equal(h.t, !closed, got.Later)
	if closed && was.Phase != casebook.PhaseClosed {
		require.True(h.t, before.Finished)
		for _, d := range before.Deadlines {
			require.False(h.t, d.Open, "%s was closed and owes: %s", ref.PracticeKey, d.Title)
		}
		if before.Notifiable {
			require.Zero(h.t, is.Account.Untold(""))
		}
	}
	return fmt.Sprintf("%s closed=%t", ref.PracticeKey, closed)
}

func (h *history) askToCloseIncident() string {
	open, err := h.store.OpenPractices(h.t.Context(), IncidentID)
	require.NoError(h.t, err)
	got, err := h.steps.CloseIncident(h.t.Context(), h.incidentRef())
	require.NoError(h.t, err)
	require.Equal(h.t, open > 0, got.Open, "an incident is closed when no practice is open")
	return fmt.Sprintf("%d open", open)
}

// askToOpen has practices opened as of now, or as of some other day, of which nobody has papers.
func (h *history) askToOpen() string {
	ref, at := h.ref(), h.now.AddDate(0, 0, []int{0, 0, -400, 1}[h.random.IntN(4)])
	result, err := h.steps.OpenPractices(h.t.Context(), activities.OpenInput{IncidentID: IncidentID, Keys: []string{ref.PracticeKey}, At: at})
	require.NoError(h.t, err)
	state, _ := h.stand(ref.PracticeKey)
	if !at.Equal(h.now) {
		require.Nil(h.t, result.States[0], "opened as of %s", at)
		return ref.PracticeKey + " not now"
	}
	require.Equal(h.t, state, *result.States[0])
	return ref.PracticeKey + " opened"
}

// askToSend has a practice's notice sent, which the sender of the suite looks at.
func (h *history) askToSend() string {
	ref := h.ref()
	state, _ := h.stand(ref.PracticeKey)
	h.post.may = state.NoticeDue
	sent := h.post.sent
	_, err := h.steps.SendNotice(h.t.Context(), ref)
	require.NoError(h.t, err)
	h.post.may = false
	return fmt.Sprintf("%s sent=%t", ref.PracticeKey, h.post.sent > sent)
}

// askToWrite has another e-mail sent to a practice. Nobody of the suite has a page, so none is due.
func (h *history) askToWrite() string {
	ref := h.ref()
	_, err := h.steps.SendMessage(h.t.Context(), ref)
	require.NoError(h.t, err)
	return ref.PracticeKey
}

// askForDefault asks for a contract's default: it holds where it is due, once.
func (h *history) askForDefault() string {
	ref := h.ref()
	state, before := h.stand(ref.PracticeKey)
	_, err := h.steps.ApplyDefault(h.t.Context(), ref)
	require.NoError(h.t, err)
	_, after := h.stand(ref.PracticeKey)
	if !state.DefaultDue {
		require.Equal(h.t, before.Practice.Delegation, after.Practice.Delegation, "a default that is not due changes nothing")
		return ref.PracticeKey + " not due"
	}
	require.Empty(h.t, before.Practice.Delegation)
	require.Equal(h.t, before.Practice.DefaultDelegation, after.Practice.Delegation)
	return ref.PracticeKey + " " + after.Practice.Delegation
}

func (h *history) askForStage() string {
	ref := h.ref()
	state, _ := h.stand(ref.PracticeKey)
	came := activities.StageCame{ObligationID: "nothing.like.it", Stage: h.one(casebook.StageOverdue, casebook.StageDueToday, "30 days")}
	if n := len(state.Deadlines); n > 0 {
		came.ObligationID = state.Deadlines[h.random.IntN(n)].ObligationID
	}
	_, err := h.steps.ReachStages(h.t.Context(), activities.StagesInput{PracticeRef: ref, Stages: []activities.StageCame{came}})
	require.NoError(h.t, err)
	return ref.PracticeKey + " " + came.ObligationID + " " + came.Stage
}

// askForRun asks for a run that was not to be: one that no workflow would print.
func (h *history) askForRun() string {
	number := []int{-1, 0, h.run + 1, 99}[h.random.IntN(4)]
	h.standings()
	_, err := h.steps.PlanMailRun(h.t.Context(), activities.MailRunInput{IncidentID: IncidentID, Run: number})
	refusal, refused := activities.RefusalOf(err)
	require.True(h.t, refused, "run %d: %v", number, err)
	return refusal.Code
}

func (h *history) askToPrint() string {
	run, batch := h.random.IntN(h.run+1), []int{-1, 0, 1, 9}[h.random.IntN(4)]
	_, err := h.steps.RenderBatches(h.t.Context(), activities.RenderInput{IncidentID: IncidentID, Run: run, First: batch, Last: batch})
	if err != nil {
		_, refused := activities.RefusalOf(err)
		require.True(h.t, refused || strings.Contains(err.Error(), "law-enforcement hold"), "%v", err)
		return "refused"
	}
	require.True(h.t, run >= 1 && run < h.run && batch == 1, "run %d has no batch %d", run, batch)
	return "printed before"
}

// askForPapers asks for papers of now, of some other year, or of tomorrow.
func (h *history) askForPapers(do func(ref activities.PracticeRef, at time.Time) error) string {
	ref, at := h.ref(), h.now.AddDate(0, 0, []int{0, 0, -400, 1}[h.random.IntN(4)])
	err := do(ref, at)
	if at.Equal(h.now) {
		require.NoError(h.t, err)
	} else {
		refusal, refused := activities.RefusalOf(err)
		require.True(h.t, refused, "papers as of %s: %v", at, err)
		require.Equal(h.t, "not_now", refusal.Code)
	}
	return ref.PracticeKey + " " + outcome(err)
}

func names(asks map[string]func() string) []string {
	list := make([]string, 0, len(asks))
	for name := range asks {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// post is a sender that takes a notice only while the record says that it may go out.
type post struct {
	h    *history
	may  bool
	sent int
}

func (p *post) Ready() error { return nil }

func (p *post) Name() string { return "suite" }

func (p *post) Outcome(context.Context, string, string) (mail.Receipt, error) {
	return mail.Receipt{Outcome: mail.NotTaken}, nil
}

func (p *post) Send(_ context.Context, m mail.Message) (mail.Receipt, error) {
	require.True(p.h.t, p.may, "a notice went out that was not due: %s", m.Subject)
	incident, err := p.h.store.Incident(p.h.t.Context(), IncidentID)
	require.NoError(p.h.t, err)
	require.False(p.h.t, holdingOn(incident.Incident.Holds, breach.CoversPractice, p.h.now), "a notice went out during a hold")
	p.sent++
	return mail.Receipt{Outcome: mail.Accepted, ProviderID: m.ID}, nil
}

// holdingOn reports whether a hold of the scope is in force in the practices' zone.
func holdingOn(holds []breach.Hold, scope string, now time.Time) bool {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		return false
	}
	return slices.ContainsFunc(holds, func(hold breach.Hold) bool {
		until := hold.StatedOn.AddDays(30)
		return hold.ReleasedOn.IsZero() && hold.Covering(scope) && civil.OfTime(now.In(zone)).Before(until)
	})
}
