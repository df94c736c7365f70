package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"duenotice/activities"
	"duenotice/internal/acts"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/outfolder"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/workflows"
)

// attendant carries out what practices answer on their pages: each answer is opened,
// becomes an act, and is given to the workflow as every act is. Whatever it does can be
// done twice, and a worker that dies in between leaves the answer to the next.
type attendant struct {
	store answerStore
	// give hands an act to the workflow that it concerns (acts.Desk.Give).
	give func(ctx context.Context, act casebook.Act) (activities.ActResult, error)
	// out takes proofs of practices as patients' files.
	out outfolder.Folder
	// troubles are told of what could not be done.
	troubles *noticing
	log      *slog.Logger
	now      func() time.Time

	mu    sync.Mutex
	rests map[packet.Practice]answerRest
}

// answerStore is the database as the attendant needs it.
type answerStore interface {
	TakeTurn(ctx context.Context, do func(ctx context.Context) error) (taken bool, err error)
	AnswersWaiting(ctx context.Context, most int) ([]postgres.AnswerRef, error)
	NextAnswer(ctx context.Context, of packet.Practice) (ref postgres.AnswerRef, waits bool, err error)
	OpenAnswer(ctx context.Context, id uuid.UUID) (postgres.OpenedAnswer, error)
	Incident(ctx context.Context, incidentID string) (casebook.Incident, error)
	Practice(ctx context.Context, incidentID, practiceKey string) (casebook.Practice, error)
	Acts(ctx context.Context, incidentID, practiceKey string) ([]casebook.Act, error)
	BindAnswer(ctx context.Context, id uuid.UUID, actID string) error
	NoteSigned(ctx context.Context, ref postgres.AnswerRef, made postgres.Signed) error
	PutAwayProof(ctx context.Context, id uuid.UUID) error
	EndAnswer(ctx context.Context, id uuid.UUID, state, detail string) error
	NoteRefused(ctx context.Context, ref string, alarm casebook.Trouble, refused ledger.Refused) error
}

var _ answerStore = (*postgres.Store)(nil)

// answerRest is how long a practice's answer is left alone after it could not be carried out.
type answerRest struct {
	until time.Time
	pause time.Duration
}

const (
	// answersEvery is how often it is looked whether somebody answered.
	answersEvery = time.Second
	// answersAtATime is how many practices' answers are carried out side by side. Most of
	// their time they wait for a workflow.
	answersAtATime = 16
	// answersAtOnce is how many practices are asked for with one question.
	answersAtOnce = 1000
	// askAgain is how soon it is asked again who waits while the last answers are carried out.
	askAgain = 250 * time.Millisecond
	// turnLimit is how long one worker keeps the turn before it asks for it again.
	turnLimit = time.Minute
	// answerLimit is how long one answer may take. A workflow that is making papers lets
	// others wait ten seconds at most.
	answerLimit = 45 * time.Second
	// The pause after a failure doubles from the first to the longest.
	firstAnswerRest, longestAnswerRest = 2 * time.Second, time.Minute
)

// stepAnswer is the name of this step among the troubles.
const stepAnswer = "CarryOutAnswer"

func newAttendant(config Config, store *postgres.Store, temporal client.Client, log *slog.Logger, now func() time.Time) *attendant {
	desk := &acts.Desk{
		Store: store, Queue: config.Queue(), Now: now,
		Temporal: func(context.Context) (client.Client, error) { return temporal, nil },
		StartAgain: func(ctx context.Context, incident string) error {
			return StartAgain(ctx, store, temporal, config.Queue(), incident, workflows.StartAgain{})
		},
		Wait: func(string, string) func(context.Context) error {
			return func(context.Context) error { return nil } // nobody sits here; answerLimit ends it
		},
	}
	return &attendant{
		store: store, give: desk.Give, out: config.Outputs(), troubles: &noticing{store: store, log: log}, log: log, now: now,
		rests: map[packet.Practice]answerRest{},
	}
}

// run carries out answers until ctx ends.
func (a *attendant) run(ctx context.Context) {
	every(ctx, answersEvery, func(ctx context.Context) {
		if _, err := a.store.TakeTurn(ctx, a.turn); err != nil && ctx.Err() == nil {
			a.log.Warn("answers of practices cannot be looked at", slog.Any("error", err))
		}
	})
}

// turn carries out what waits, and what comes meanwhile, until nothing is left that does
// not rest. One that takes long has its hand to itself: the others go on.
func (a *attendant) turn(ctx context.Context) error {
	var (
		hands   sync.WaitGroup
		ended   = make(chan packet.Practice, answersAtATime)
		inHand  = map[packet.Practice]bool{}
		waiting []postgres.AnswerRef
		asked   = time.NewTicker(askAgain)
		began   = a.now()
	)
	defer asked.Stop()
	defer hands.Wait()
	for ctx.Err() == nil {
		over := a.now().Sub(began) >= turnLimit
		if !over && len(waiting) == 0 && len(inHand) < answersAtATime {
			var err error
			if waiting, err = a.store.AnswersWaiting(ctx, answersAtOnce); err != nil {
				return err
			}
		}
		for !over && len(waiting) > 0 && len(inHand) < answersAtATime {
			ref := waiting[0]
			waiting = waiting[1:]
			if inHand[ref.Of] || a.resting(ref.Of) {
				continue
			}
			inHand[ref.Of] = true
			hands.Go(func() {
				a.attendTo(ctx, ref)
				ended <- ref.Of
			})
		}
		if len(inHand) == 0 {
			return nil
		}
		select {
		case of := <-ended:
			delete(inHand, of)
		case <-asked.C:
		}
	}
	return nil
}

// attendTo carries out the answers of one practice, from one on, until none waits or one
// cannot be carried out now. They come to the workflow one after the other and close
// together, so that papers are made once for all of them.
func (a *attendant) attendTo(ctx context.Context, ref postgres.AnswerRef) {
	for a.attend(ctx, ref) {
		next, waits, err := a.store.NextAnswer(ctx, ref.Of)
		if err != nil || !waits {
			return // whoever looks for all that waits finds it, or says what is wrong
		}
		ref = next
	}
}

func (a *attendant) resting(of packet.Practice) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now().Before(a.rests[of].until)
}

// attend carries out one answer, and says where people look when it could not. ended is
// true when it has its end.
func (a *attendant) attend(ctx context.Context, ref postgres.AnswerRef) (ended bool) {
	limited, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	err := a.carryOut(limited, ref)
	if ctx.Err() != nil {
		return false // the worker is ending
	}
	t := casebook.Trouble{Incident: ref.Of.IncidentID, Practice: ref.Of.Key, Kind: stepAnswer}
	a.mu.Lock()
	before := a.rests[ref.Of]
	if delete(a.rests, ref.Of); err != nil {
		pause := min(max(2*before.pause, firstAnswerRest), longestAnswerRest)
		a.rests[ref.Of] = answerRest{a.now().Add(pause), pause}
	}
	a.mu.Unlock()
	if err == nil {
		a.troubles.clear(ctx, t, nil) // also what a worker before this one noted
		return true
	}
	a.log.Warn("an answer of a practice could not be carried out", slog.String("incident", ref.Of.IncidentID),
		slog.String("practice", ref.Of.Key), slog.String("answer", ref.ID.String()), slog.Any("error", err))
	a.troubles.note(ctx, t, err)
	return false
}

// passing are refusals that end by themselves, or when somebody mends the machine: the
// practice's answer waits for that.
var passing = map[string]bool{
	"mail_run_open": true, "rulebook_unknown": true, "no_key": true, "no_keys": true, "key_missing": true, "no_identity": true, "not_allowed": true,
}

// carryOut is the story of one answer. nil means that it has its end.
func (a *attendant) carryOut(ctx context.Context, ref postgres.AnswerRef) error {
	answer, err := a.store.OpenAnswer(ctx, ref.ID)
	if err == nil && answer.State != postgres.AnswerReceived {
		return nil
	}
	if err == nil {
		err = proves(&answer)
	}
	if err == nil {
		err = a.keepProof(ctx, &answer)
	}
	if err == nil {
		err = a.become(ctx, &answer)
	}
	if err == nil {
		err = a.sign(ctx, &answer)
	}
	if err == nil {
		err = a.store.PutAwayProof(ctx, ref.ID)
	}
	if err == nil {
		return a.store.EndAnswer(ctx, ref.ID, postgres.AnswerDone, "")
	}
	refusal, refused := activities.RefusalOf(err)
	if !refused || passing[refusal.Code] {
		return err
	}
	if refusal.Code == "altered" {
		if err := a.alarm(ctx, ref, refusal); err != nil {
			return err
		}
	} else if err := a.store.PutAwayProof(ctx, ref.ID); err != nil {
		return err
	}
	return a.store.EndAnswer(ctx, ref.ID, postgres.AnswerRefused, refusal.Code)
}

// become makes the answer its act and gives that to the workflow. An answer that says
// what the last one said is done already.
func (a *attendant) become(ctx context.Context, answer *postgres.OpenedAnswer) error {
	if err := answer.Act.Readable(); err != nil {
		return err
	}
	if answer.Act.ID == "" {
		before, err := a.store.Acts(ctx, answer.Of.IncidentID, answer.Of.Key)
		if err != nil {
			return err
		}
		repeated, err := acts.Identify(&answer.Act, before)
		if err != nil || repeated {
			return err
		}
		if err := a.store.BindAnswer(ctx, answer.ID, answer.Act.ID); err != nil {
			return err
		}
	}
	_, err := a.give(ctx, answer.Act)
	return err
}

// proves refuses a proof that is not the file that the answer speaks of.
func proves(answer *postgres.OpenedAnswer) error {
	if answer.Proof == nil {
		return nil
	}
	if sum := (packet.Part{Content: answer.Proof}).SHA256(); sum != answer.ProofSHA || int64(len(answer.Proof)) != answer.ProofBytes {
		return breach.Refuse("altered", "Ask the practice for the file, and look at who could write into the database.",
			"the proof of answer %s of practice %s is another file than it says", answer.ID, answer.Of.Key)
	}
	return nil
}

// alarm writes down that an answer was not what its page asked for.
func (a *attendant) alarm(ctx context.Context, ref postgres.AnswerRef, refusal *breach.Refusal) error {
	a.log.Error("an answer of a practice was changed past its page", slog.String("incident", ref.Of.IncidentID), slog.String("practice", ref.Of.Key),
		slog.String("answer", ref.ID.String()))
	alarm := casebook.Trouble{
		Incident: ref.Of.IncidentID, Practice: ref.Of.Key, Part: "answer " + ref.ID.String(), What: refusal.Message, Todo: refusal.Advice,
	}
	return a.store.NoteRefused(ctx, "answer "+ref.ID.String(), alarm, ledger.Refused{Used: "an answer of practice " + ref.Of.Key, Reason: "it is not what the practice's page asked for"})
}
