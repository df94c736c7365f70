package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"

	"duenotice/activities"
	"duenotice/internal/casebook"
	"duenotice/internal/logging"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/temporalx"
)

// troubleStore keeps what could not be done.
type troubleStore interface {
	NoteTrouble(ctx context.Context, t casebook.Trouble) error
	ClearTrouble(ctx context.Context, incidentID, practiceKey, kind, part string) error
	ClearIncidentTroubles(ctx context.Context, incidentID string) error
}

// noticing writes each step that fails into the database, and takes that back when
// the step succeeds: Temporal tries it again without telling anybody. It sees every
// activity of the worker and is the only place that does this.
type noticing struct {
	interceptor.WorkerInterceptorBase
	store troubleStore
	log   *slog.Logger
}

func (n *noticing) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	i := &noticingActivity{noticing: n}
	i.Next = next
	return i
}

type noticingActivity struct {
	interceptor.ActivityInboundInterceptorBase
	*noticing
}

// answered are steps whose failure goes to the person who waits for the answer.
var answered = map[string]bool{"ActOnPractice": true, "ActOnIncident": true}

func (i *noticingActivity) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (result any, err error) {
	info := activity.GetInfo(ctx)
	ctx = postgres.WithRun(ctx, info.WorkflowExecution.ID+"/"+info.WorkflowExecution.RunID)
	kind := info.ActivityType.Name
	if answered[kind] {
		return i.Next.ExecuteActivity(ctx, in)
	}
	t := casebook.Trouble{Kind: kind}
	t.Incident, t.Practice = temporalx.Subject(info.WorkflowExecution.ID)
	for _, arg := range in.Args {
		if several, ok := arg.(interface{ Part() string }); ok {
			t.Part = several.Part()
		}
	}
	defer func() {
		if value := recover(); value != nil {
			// Its own text may name a person; what is passed on is what may be shown.
			plain := logging.Panicked(value)
			i.note(ctx, t, errors.New(string(plain)))
			panic(plain)
		}
	}()
	result, err = i.Next.ExecuteActivity(ctx, in)
	switch {
	case err == nil:
		i.clear(ctx, t, result)
	case ctx.Err() == nil: // else the worker is ending, or the workflow is
		i.note(ctx, t, err)
	}
	return result, err
}

// noteLimit bounds how long a step waits for its trouble to be written.
const noteLimit = 5 * time.Second

func (n *noticing) note(ctx context.Context, t casebook.Trouble, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	_, t.Stopped = activities.RefusalOf(err)
	t.What, t.Todo = Explain(err)
	if err := n.store.NoteTrouble(ctx, t); err != nil {
		// Without the database status says so itself.
		n.log.Warn("a trouble could not be written", slog.Any("error", err))
	}
}

// clear takes back what was noted of the step, which had a result. A practice or an
// incident that it closed has no trouble any more; one that stays open keeps the others.
func (n *noticing) clear(ctx context.Context, t casebook.Trouble, result any) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteLimit)
	defer cancel()
	var err error
	incident, practice := activities.CloseIncidentResult{Open: true}, activities.ClosePracticeResult{Later: true}
	switch r := result.(type) {
	case activities.CloseIncidentResult:
		incident = r
	case activities.ClosePracticeResult:
		practice = r
	}
	switch {
	case !incident.Open:
		err = n.store.ClearIncidentTroubles(ctx, t.Incident)
	case !practice.Later:
		err = n.store.ClearTrouble(ctx, t.Incident, t.Practice, "", "")
	default:
		err = n.store.ClearTrouble(ctx, t.Incident, t.Practice, t.Kind, t.Part)
	}
	if err != nil {
		n.log.Warn("a trouble that is over could not be taken back", slog.Any("error", err))
	}
}

// longest is how much of an error's text is kept.
const longest = 500

// Explain returns what an error says, without what may be a secret or a person,
// and what a person does about it.
func Explain(err error) (what, todo string) {
	if refusal, ok := activities.RefusalOf(err); ok {
		what, todo = refusal.Message, refusal.Advice
		if todo == "" {
			todo = "Mend what it says; it is then tried again by itself."
		}
	} else {
		what, todo = logging.WithoutRows(err), advice(err)
	}
	what = logging.Scrub(strings.Join(strings.Fields(what), " "))
	if cut := []rune(what); len(cut) > longest {
		what = string(cut[:longest]) + "..."
	}
	return what, todo
}

// advice says what to do about an error by its kind.
func advice(err error) string {
	var problem *outfolder.Problem
	if errors.As(err, &problem) {
		return problem.Todo
	}
	where := "the output folder"
	var path *fs.PathError
	if errors.As(err, &path) {
		where = path.Path
		if outfolder.Unfinished(where) {
			where = filepath.Dir(where) // the name that a file has while it is written tells nobody anything
		}
	}
	var database interface{ SQLState() string }
	var network *net.OpError
	const itself = "; it then goes on by itself."
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Sprintf("Make room on the disk of %s%s", where, itself)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Sprintf("Let the worker's account write to %s%s", where, itself)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EIO), errors.Is(err, syscall.ESTALE):
		return fmt.Sprintf("See that %s is there and its disk is mounted%s", where, itself)
	case errors.As(err, &database) && strings.HasPrefix(database.SQLState(), "53"):
		return "Give the database room, memory or connections" + itself
	case errors.As(err, &database) && database.SQLState() == "42501":
		return "Give the program's login its rights again, as docs/access.md shows" + itself
	case errors.As(err, &network):
		return "See that the server at " + network.Addr.String() + " can be reached" + itself
	}
	return "It is tried again by itself. If it stays, see the worker's log, and doctor."
}

// stepWords say in a person's words what a step does, for "could not ...".
var stepWords = map[string]string{
	"AdmitIncident":          "begin with the incident",
	"MarkRunning":            "note that the incident runs",
	"CloseIncident":          "close the incident",
	"PageOfPractices":        "list the practices to start",
	"OpenPractices":          "open practices together",
	"TellChanged":            "tell practices what changed while they were opened",
	"PlanPractice":           "work out what the practice owes",
	"PreparePapers":          "make the practice's papers",
	"UpdateWorksheet":        "bring the practice's worksheet and calendar up to date",
	"SendNotice":             "send the practice its notice",
	"SendMessage":            "send the practice its code or reminder",
	"ApplyDefault":           "apply what the practice's contract says of its silence",
	"ReachStages":            "note that a deadline came closer",
	"ClosePractice":          "close the practice",
	"TellPractices":          "tell the practices what changed",
	"RollUpIncident":         "count the practices and write summary.json",
	"PlanMailRun":            "gather the approved letters",
	"RenderBatches":          "print letters",
	"PrepareAnnualLog":       "prepare the year-end log",
	"PostingIncidents":       "find the posted notices that are to be looked at",
	"LookAtPostings":         "look at posted notices",
	troublePacket:            "seal what the practice finds on its page",
	"ActOnPractice":          "carry out an act on a practice",
	"ActOnIncident":          "carry out an act on the incident",
	StepPages:                "show practices their pages",
	stepAnswer:               "carry out what the practice answered on its page",
	casebook.TroubleGone:     "find the incident's workflow",
	casebook.TroubleTask:     "go on with the workflow",
	casebook.TroubleRestored: "be sure who was written to",
	casebook.TroubleAltered:  "trust the database",
	// The alarm's own text says of what and why.
	casebook.TroubleRestarted: "run undisturbed",
	casebook.TroubleRefused:   "believe what came through Temporal",
}

// StepWords says what could not be done.
func StepWords(t casebook.Trouble) string {
	words := stepWords[t.Kind]
	if words == "" {
		words = t.Kind
	}
	if t.Part != "" && t.Kind == "RenderBatches" {
		words += ", " + t.Part
	}
	return words
}
