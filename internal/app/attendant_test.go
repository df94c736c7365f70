package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/ledger"
	"duenotice/internal/outfolder"
	"duenotice/internal/packet"
	"duenotice/internal/pages"
	"duenotice/internal/postgres"
	"duenotice/internal/postgres/pagedoor"
	"duenotice/internal/rulebooks"
	"duenotice/internal/testkit"
)

const pagesIncident = "EX-2026-03"

// onPages is a case with practices that have pages, and the worker's steps without Temporal.
type onPages struct {
	t        *testing.T
	store    *postgres.Store
	door     *pagedoor.Door
	owner    string
	steps    *activities.Activities
	out      outfolder.Folder
	sessions map[string]packet.Token
	// again connects anew, as the database is set now.
	again func() (*postgres.Store, *pagedoor.Door)
}

func (a *onPages) of(key string) packet.Practice {
	return packet.Practice{IncidentID: pagesIncident, Key: key}
}

func practicesAnswer(t *testing.T, keys ...string) *onPages {
	t.Helper()
	a := &onPages{t: t, owner: testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) }), out: outfolder.New(t.TempDir()), sessions: map[string]packet.Token{}}
	ring := datakey.NewRing("key file of the test", func() (*keyring.Ring, error) {
		return keyring.Parse([]byte("test AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"))
	})
	var err error
	a.store, err = postgres.Open(t.Context(), testkit.ProgramLogin(t, a.owner), postgres.WithMaster(ring))
	require.NoError(t, err)
	t.Cleanup(a.store.Close)
	a.again = func() (*postgres.Store, *pagedoor.Door) {
		store, err := postgres.Open(t.Context(), testkit.ProgramLogin(t, a.owner), postgres.WithMaster(ring), postgres.WithConnections(connections))
		require.NoError(t, err)
		t.Cleanup(store.Close)
		door, err := pagedoor.Open(t.Context(), testkit.Login(t, a.owner, "duenotice_page"))
		require.NoError(t, err)
		t.Cleanup(door.Close)
		return store, door
	}
	day, book := civil.MustParse("2026-03-16"), rulebooks.Kept().Newest()
	var practices []breach.Practice
	for _, key := range keys {
		practices = append(practices, breach.Practice{Key: key, LegalName: "Practice " + key + ", Inc.", State: "VA", Email: "office@practice.example"})
	}
	_, err = a.store.LoadCase(t.Context(), postgres.LoadInput{
		Incident: breach.Incident{
			ID: pagesIncident, Discovered: day, Occurred: breach.Span{From: day, To: day}, DataSecurity: breach.Unsecured,
			WhatHappened: "Somebody entered a server.", WhatWeAreDoing: "We closed it.", WhatYouCanDo: "Watch your accounts.",
			Entity: breach.Entity{
				Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate, Email: "privacy@example.org", TollFree: "1-800-555-0100",
				Address: []string{"100 Example Way", "Somerset, NJ 08873"},
			},
		},
		CaseSHA256: "case", ListSHA256: "list", RulebookVersion: book.Version(), RulebookSHA256: book.SHA256(), By: "Robin Officer", At: time.Now(), Practices: practices,
		Findings: func(_ context.Context, each func(int, *breach.Person) error) error {
			for i, key := range keys {
				if err := each(i+2, &breach.Person{
					Key: "a", PracticeKey: key, FirstName: "Ada", LastName: "Example", Address1: "1 Example Street", City: "Richmond", State: "VA", ZIP: "23220",
					DataClasses: []breach.DataClass{"name"},
				}); err != nil {
					return err
				}
			}
			return nil
		},
	}, nil)
	require.NoError(t, err)
	a.door, err = pagedoor.Open(t.Context(), testkit.Login(t, a.owner, "duenotice_page"))
	require.NoError(t, err)
	t.Cleanup(a.door.Close)
	a.steps = &activities.Activities{Store: a.store, Books: rulebooks.Kept(), Out: a.out, Workflows: tellsNobody{}, Now: time.Now, Zone: time.UTC}
	for _, key := range keys {
		a.enter(key)
	}
	return a
}

type tellsNobody struct{}

func (tellsNobody) SignalWorkflow(context.Context, string, string, string, any) error { return nil }

// enter gives a practice its page and has somebody come in with link and code.
func (a *onPages) enter(key string) {
	a.t.Helper()
	ctx, of := a.t.Context(), a.of(key)
	link, err := a.store.MakePage(ctx, of)
	require.NoError(a.t, err)
	code, err := a.store.GiveCode(ctx, of, postgres.CodeByTelephone, "Robin Officer", time.Now().Add(time.Hour))
	require.NoError(a.t, err)
	token, ok, err := comeIn(ctx, a.door, link, code)
	require.NoError(a.t, err)
	require.True(a.t, ok)
	a.sessions[key] = token
}

// comeIn begins a session with link and code; ok is false where they open nothing.
func comeIn(ctx context.Context, door *pagedoor.Door, link packet.Link, code packet.Code) (token packet.Token, ok bool, err error) {
	salt, err := door.Salt(ctx, link)
	if err != nil {
		return token, false, err
	}
	key := packet.FromCode(link, code, salt)
	tried, ok, err := door.Try(ctx, link, nil, key)
	if err != nil || !ok {
		return token, false, err
	}
	identity, err := key.Unwrap(tried.Wrapped, tried.Of)
	if err != nil {
		return token, false, err
	}
	token = packet.NewToken()
	wrapped, err := token.Key().Wrap(identity, tried.Of)
	if err != nil {
		return token, false, err
	}
	ok, err = door.Enter(ctx, link, nil, key, token.Key(), wrapped, nil)
	return token, ok, err
}

// says has a practice answer on its page.
func (a *onPages) says(key string, answer packet.Answer, proof []byte) uuid.UUID {
	a.t.Helper()
	id := uuid.New()
	if answer.Name == "" {
		answer.Name, answer.Title = "Ann Example", "Office manager"
	}
	if proof != nil {
		part := packet.Part{Content: proof}
		answer.ProofName, answer.ProofType, answer.ProofSHA, answer.ProofBytes = "proof.pdf", "application/pdf", part.SHA256(), int64(len(proof))
	}
	require.NoError(a.t, a.door.Visit(a.t.Context(), a.sessions[key].Key(), func(ctx context.Context, v *pagedoor.Visit) error {
		_, err := v.Answer(ctx, id, answer, proof)
		return err
	}))
	return id
}

// attendant is a worker's, over a store that may die.
func (a *onPages) attendant(store answerStore, give func(context.Context, casebook.Act) (activities.ActResult, error)) *attendant {
	log := slog.New(slog.NewTextHandler(a.t.Output(), nil))
	return &attendant{store: store, give: give, out: a.out, troubles: &noticing{store: a.store, log: log}, log: log, now: time.Now, rests: map[packet.Practice]answerRest{}}
}

// attends lets one worker carry out what waits.
func (a *onPages) attends() {
	a.t.Helper()
	taken, err := a.store.TakeTurn(a.t.Context(), a.attendant(a.store, a.steps.ActOnPractice).turn)
	require.NoError(a.t, err)
	require.True(a.t, taken)
}

// states are what became of a practice's answers, in order.
func (a *onPages) states(key string) []postgres.AnswerState {
	a.t.Helper()
	list, err := a.store.Answers(a.t.Context(), pagesIncident, key)
	require.NoError(a.t, err)
	return list
}

func (a *onPages) actsOf(key string) (kinds []string) {
	a.t.Helper()
	list, err := a.store.Acts(a.t.Context(), pagesIncident, key)
	require.NoError(a.t, err)
	for _, act := range list {
		if act.PracticeKey != "" {
			kinds = append(kinds, act.Kind)
		}
	}
	return kinds
}

func onDay(kind, day string) *breach.Fact {
	return &breach.Fact{Kind: kind, On: civil.MustParse(day)}
}

func TestAPracticesAnswersAreCarriedOut(t *testing.T) {
	t.Parallel()
	a := practicesAnswer(t, "P1")
	mailing := onDay(breach.PracticeMailed, "2026-04-20")
	mailing.Count = 1
	a.says("P1", packet.Answer{Kind: packet.Received, Fact: onDay(breach.Acknowledged, "2026-04-02")}, nil)
	a.says("P1", packet.Answer{Kind: packet.Correct, Contact: &packet.Contact{PrivacyOfficer: "Ben Example", Email: "ben@practice.example"}}, nil)
	a.says("P1", packet.Answer{Kind: packet.NotOurs, PersonKeys: []string{"a"}, Reason: "Ada Example never was here"}, nil)
	signed := a.says("P1", packet.Answer{Kind: packet.Delegate, Delegation: breach.DelegateLetters}, nil)
	a.says("P1", packet.Answer{Kind: packet.Delegate, Delegation: breach.DelegateNone}, nil)
	proof := []byte("%PDF-1.7 the receipt of the post office")
	a.says("P1", packet.Answer{Kind: packet.Told, Fact: mailing}, proof)
	a.says("P1", packet.Answer{Kind: packet.Told, Fact: onDay(breach.MediaSent, "2026-04-21")}, nil)
	a.attends()
	for _, s := range a.states("P1") {
		require.Equal(t, postgres.AnswerDone, s.State, "%s: %s", s.Kind, s.Detail)
		require.NotEmpty(t, s.ActID, s.Kind)
	}
	require.Equal(t, []string{"record", "contact", "dispute", "delegate", "delegate", "record", "record"}, a.actsOf("P1"))
	practice, err := a.store.Practice(t.Context(), pagesIncident, "P1")
	require.NoError(t, err)
	require.Equal(t, "ben@practice.example", practice.Practice.Email)
	require.Equal(t, breach.DelegateNone, practice.Practice.Delegation)
	require.Equal(t, 1, practice.Disputed)
	acts, err := a.store.Acts(t.Context(), pagesIncident, "P1")
	require.NoError(t, err)
	require.Equal(t, "page:"+pagesIncident+"/P1", acts[len(acts)-1].Identity)
	require.Equal(t, "Ann Example, Office manager", acts[len(acts)-1].Who)

	// The proof is where proofs are, and no longer with the answer.
	kept, err := os.ReadFile(a.out.Incident(pagesIncident).Proof(packet.Part{Content: proof}.SHA256(), ".pdf"))
	require.NoError(t, err)
	require.Equal(t, proof, kept)
	// Both signed papers are there and in the chain.
	papers, err := a.store.SignedBy(t.Context(), a.of("P1"))
	require.NoError(t, err)
	require.Len(t, papers, 2)
	require.Equal(t, signed, papers[1].AnswerID)
	for _, p := range papers {
		content, err := os.ReadFile(a.out.Incident(pagesIncident).Proof(p.SHA256, ".pdf"))
		require.NoError(t, err)
		require.Equal(t, p.SHA256, packet.Part{Content: content}.SHA256())
	}
	require.Equal(t, 2, a.entries("P1", ledger.KindSigned))
	// Its page has the newer one, and its own letters leave out whom it does not know.
	a.steps.Packets = a.store
	require.NoError(t, activities.SealPacket(t.Context(), a.steps, activities.PracticeRef{IncidentID: pagesIncident, PracticeKey: "P1"}))
	shown, err := a.store.PacketPart(t.Context(), a.of("P1"), packet.PartSigned)
	require.NoError(t, err)
	require.Equal(t, papers[0].SHA256, packet.Part{Content: shown}.SHA256())
	sheet, err := a.store.PacketPart(t.Context(), a.of("P1"), packet.PartMerge)
	require.NoError(t, err)
	require.Contains(t, string(sheet), "\na,,,,you said that this is not your patient,")
	// No word of a patient left the seal.
	require.NotContains(t, a.everyEntry("P1"), "Ada")
}

func (a *onPages) entries(key, kind string) int {
	return strings.Count(a.everyEntry(key), `{"kind":"`+kind+`"`)
}

func (a *onPages) everyEntry(key string) string {
	a.t.Helper()
	var all string
	require.NoError(a.t, testkit.Pool(a.t, a.owner).QueryRow(a.t.Context(), "SELECT string_agg(body, E'\n') FROM ledger WHERE practice_key = $1", key).Scan(&all))
	return all
}

func TestARefusedAnswerSaysWhyInThePracticesWords(t *testing.T) {
	t.Parallel()
	a := practicesAnswer(t, "P1", "P2")
	a.says("P1", packet.Answer{Kind: packet.Delegate, Delegation: breach.DelegateAll}, nil)
	a.says("P1", packet.Answer{Kind: packet.Told, Fact: &breach.Fact{Kind: breach.PracticeMailed, On: civil.MustParse("2026-04-20"), Count: 1}}, nil)
	a.says("P1", packet.Answer{Kind: packet.Told, Fact: &breach.Fact{Kind: breach.HHSFiled, On: civil.MustParse("2026-04-20"), Reference: "TX-1"}}, nil)
	a.says("P1", packet.Answer{Kind: packet.Told, Fact: onDay(breach.AgencyDetermined, "2026-04-20")}, nil)
	a.says("P1", packet.Answer{Kind: packet.NotOurs, PersonKeys: []string{"nobody"}}, nil)
	a.says("P1", packet.Answer{Kind: packet.Correct, Contact: &packet.Contact{Email: "not an address"}}, nil)
	a.says("P1", packet.Answer{Kind: packet.Received, Fact: onDay(breach.Acknowledged, "2026-04-02"), Name: "\u0410nn Example"}, nil)
	a.attends()
	states := a.states("P1")
	require.Equal(t, postgres.AnswerDone, states[0].State)
	for i, words := range []string{
		"You let us write to your patients", "You let us do this for you", "cannot be told us on this page", "Your list has changed", "not one e-mail address", "Type the name with plain letters",
	} {
		require.Equal(t, postgres.AnswerRefused, states[i+1].State, words)
		said, err := pages.RefusedWords(states[i+1].Detail)
		require.NoError(t, err)
		require.Contains(t, said, words)
		require.NotContains(t, said, "--", "no word of the command line")
	}
	require.Equal(t, []string{"delegate"}, a.actsOf("P1"))
	troubles, err := a.store.Troubles(t.Context(), pagesIncident)
	require.NoError(t, err)
	require.Empty(t, troubles, "a refusal is the practice's, and no trouble of the machine")
}

// TestAnAnswerNamesNoActThatWasNeverWritten: what was so already, and what the rules
// refuse, is no act, and the answer asks for none any more.
func TestAnAnswerNamesNoActThatWasNeverWritten(t *testing.T) {
	t.Parallel()
	a := practicesAnswer(t, "P1")
	a.says("P1", packet.Answer{Kind: packet.Delegate, Delegation: breach.DelegateAll}, nil)
	// Somebody else of the practice says the same, and says what is refused.
	a.says("P1", packet.Answer{Kind: packet.Delegate, Delegation: breach.DelegateAll, Name: "Kim Example", Title: "Manager"}, nil)
	a.says("P1", packet.Answer{Kind: packet.Told, Fact: &breach.Fact{Kind: breach.HHSFiled, On: civil.MustParse("2026-04-20"), Reference: "TX-1"}}, nil)
	var asked []casebook.Act
	_, err := a.store.TakeTurn(t.Context(), a.attendant(a.store, func(ctx context.Context, act casebook.Act) (activities.ActResult, error) {
		asked = append(asked, act)
		return a.steps.ActOnPractice(ctx, act)
	}).turn)
	require.NoError(t, err)
	require.Len(t, asked, 3)
	states := a.states("P1")
	require.Equal(t, []string{postgres.AnswerDone, postgres.AnswerDone, postgres.AnswerRefused}, []string{states[0].State, states[1].State, states[2].State})
	require.Equal(t, []string{asked[0].ID, "", ""}, []string{states[0].ActID, states[1].ActID, states[2].ActID})
	signed, err := a.store.SignedBy(t.Context(), a.of("P1"))
	require.NoError(t, err)
	require.Equal(t, []string{"", asked[0].ID}, []string{signed[0].ActID, signed[1].ActID}, "both were signed")
	require.NotContains(t, a.everyEntry("P1"), asked[1].ID)
	require.Equal(t, []string{"delegate"}, a.actsOf("P1"))
}

// TestASlowAnswerHoldsUpNobodyElse: while one practice's workflow takes its time, others'
// answers are carried out, also those that come only then.
func TestASlowAnswerHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	a := practicesAnswer(t, "P1", "P2")
	begun, release, slow := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	worker := a.attendant(a.store, func(ctx context.Context, act casebook.Act) (activities.ActResult, error) {
		if act.PracticeKey == "P1" {
			close(begun)
			select {
			case <-release:
			case <-ctx.Done():
				slow <- ctx.Err()
			}
		}
		return a.steps.ActOnPractice(ctx, act)
	})
	a.says("P1", packet.Answer{Kind: packet.Delegate, Delegation: breach.DelegateAll}, nil)
	ended := make(chan error, 1)
	go func() { ended <- worker.turn(t.Context()) }()
	<-begun
	for _, way := range []string{breach.DelegateAll, breach.DelegateNone} {
		a.says("P2", packet.Answer{Kind: packet.Delegate, Delegation: way}, nil)
		testkit.Await(t, func() bool {
			states := a.states("P2")
			return states[len(states)-1].State == postgres.AnswerDone
		})
	}
	require.Empty(t, slow, "the slow one was not waited for")
	require.Equal(t, postgres.AnswerReceived, a.states("P1")[0].State)
	close(release)
	require.NoError(t, <-ended)
	require.Equal(t, postgres.AnswerDone, a.states("P1")[0].State)
}

// What the machine cannot do now waits, is said, and holds up no other practice.
func TestAnAnswerThatCannotBeCarriedOutNowWaits(t *testing.T) {
	t.Parallel()
	a := practicesAnswer(t, "P1", "P2")
	a.says("P1", packet.Answer{Kind: packet.Delegate, Delegation: breach.DelegateAll}, nil)
	a.says("P1", packet.Answer{Kind: packet.Delegate, Delegation: breach.DelegateNone}, nil)
	a.says("P2", packet.Answer{Kind: packet.Delegate, Delegation: breach.DelegateAll}, nil)
	away := errors.New("Temporal is away")
	worker := a.attendant(a.store, func(ctx context.Context, act casebook.Act) (activities.ActResult, error) {
		if act.PracticeKey == "P1" {
			return activities.ActResult{}, away
		}
		return a.steps.ActOnPractice(ctx, act)
	})
	later := time.Now()
	worker.now = func() time.Time { return later }
	for range 3 { // what is over in a moment is told nobody
		require.NoError(t, worker.turn(t.Context()))
		require.True(t, worker.resting(a.of("P1")))
		later = later.Add(time.Hour)
	}
	require.Equal(t, postgres.AnswerDone, a.states("P2")[0].State)
	require.Equal(t, postgres.AnswerReceived, a.states("P1")[0].State)
	troubles, err := a.store.Troubles(t.Context(), pagesIncident)
	require.NoError(t, err)
	require.Len(t, troubles, 1)
	require.Equal(t, "P1", troubles[0].Practice)
	require.Equal(t, "carry out what the practice answered on its page", StepWords(troubles[0]))

	a.attends()
	require.Equal(t, []string{"delegate", "delegate"}, a.actsOf("P1"), "in the order in which they came")
	practice, err := a.store.Practice(t.Context(), pagesIncident, "P1")
	require.NoError(t, err)
	require.Equal(t, breach.DelegateNone, practice.Practice.Delegation)
	troubles, err = a.store.Troubles(t.Context(), pagesIncident)
	require.NoError(t, err)
	require.Empty(t, troubles)
}

func TestAnAnswerThatWasAlteredIsAnAlarmAndDoesNothing(t *testing.T) {
	t.Parallel()
	a := practicesAnswer(t, "P1", "P2")
	id := a.says("P1", packet.Answer{Kind: packet.Delegate, Delegation: breach.DelegateAll}, nil)
	// Whoever owns the tables may switch the triggers off; the seal says so all the same.
	_, err := testkit.Pool(t, a.owner).Exec(t.Context(), "SET session_replication_role = replica; UPDATE page_answer SET content_sha256 = repeat('b', 64) WHERE id = '"+id.String()+"'; RESET session_replication_role")
	require.NoError(t, err)
	a.attends()
	require.Equal(t, postgres.AnswerRefused, a.states("P1")[0].State)
	require.Equal(t, "altered", a.states("P1")[0].Detail)
	require.Empty(t, a.actsOf("P1"))
	troubles, err := a.store.Troubles(t.Context(), pagesIncident)
	require.NoError(t, err)
	require.Len(t, troubles, 1)
	require.Equal(t, casebook.TroubleRefused, troubles[0].Kind)
	require.Equal(t, 1, a.entries("P1", ledger.KindRefused))
}

// errKilled is what a worker does after it was killed.
var errKilled = errors.New("killed")

// dying is a store of a worker that is killed before or after its call number at.
type dying struct {
	answerStore
	mu    sync.Mutex
	calls int
	at    int
	after bool
}

// step does a call, unless the worker is dead.
func (d *dying) step(do func() error) error {
	d.mu.Lock()
	d.calls++
	dead, dies := d.calls > d.at, d.calls == d.at
	d.mu.Unlock()
	if dead || dies && !d.after {
		return errKilled
	}
	if err := do(); err != nil {
		return err
	}
	if dies {
		return errKilled
	}
	return nil
}

func (d *dying) OpenAnswer(ctx context.Context, id uuid.UUID) (a postgres.OpenedAnswer, err error) {
	err = d.step(func() (err error) { a, err = d.answerStore.OpenAnswer(ctx, id); return err })
	return a, err
}

func (d *dying) BindAnswer(ctx context.Context, id uuid.UUID, actID string) error {
	return d.step(func() error { return d.answerStore.BindAnswer(ctx, id, actID) })
}

func (d *dying) NoteSigned(ctx context.Context, ref postgres.AnswerRef, made postgres.Signed) error {
	return d.step(func() error { return d.answerStore.NoteSigned(ctx, ref, made) })
}

func (d *dying) PutAwayProof(ctx context.Context, id uuid.UUID) error {
	return d.step(func() error { return d.answerStore.PutAwayProof(ctx, id) })
}

func (d *dying) EndAnswer(ctx context.Context, id uuid.UUID, state, detail string) error {
	return d.step(func() error { return d.answerStore.EndAnswer(ctx, id, state, detail) })
}

// A worker that is killed between any two steps carries each answer out once, and so do
// two workers that take over from each other.
func TestAWorkerThatIsKilledCarriesAnAnswerOutOnce(t *testing.T) {
	t.Parallel()
	a := practicesAnswer(t, "P1", "P2")
	proof := []byte("%PDF-1.7 receipt")
	mailing := 1
	for after, key := range []string{"P1", "P2"} {
		for at := 1; ; at++ {
			say := func(delegation string) uuid.UUID {
				return a.says(key, packet.Answer{Kind: packet.Delegate, Delegation: delegation, Name: fmt.Sprintf("Ann Example %d-%d", after, at), Title: "Manager"}, nil)
			}
			say(breach.DelegateLetters)
			say(breach.DelegateNone)
			mailing++
			a.says(key, packet.Answer{Kind: packet.Told, Fact: &breach.Fact{Kind: breach.PracticeMailed, On: civil.MustParse("2026-04-20"), Count: mailing}}, proof)
			before := len(a.actsOf(key))
			d := &dying{answerStore: a.store, at: at, after: after == 1}
			worker := a.attendant(d, func(ctx context.Context, act casebook.Act) (result activities.ActResult, err error) {
				err = d.step(func() error { result, err = a.steps.ActOnPractice(ctx, act); return err })
				return result, err
			})
			require.NoError(t, worker.turn(t.Context()))
			a.attends()
			states := a.states(key)
			for _, s := range states {
				require.Equal(t, postgres.AnswerDone, s.State, "killed at call %d: %s", at, s.Detail)
			}
			require.Len(t, a.actsOf(key), before+3, "killed at call %d", at)
			if d.calls < at {
				break // it lived to the end
			}
		}
		papers, err := a.store.SignedBy(t.Context(), a.of(key))
		require.NoError(t, err)
		require.Len(t, papers, a.entries(key, ledger.KindSigned), "one paper for each answer")
		require.Len(t, papers, 2*len(a.states(key))/3)
	}
	var left int
	require.NoError(t, testkit.Pool(t, a.owner).QueryRow(t.Context(), "SELECT count(*) FROM page_answer WHERE attachment IS NOT NULL").Scan(&left))
	require.Zero(t, left)
	require.NoError(t, filepath.WalkDir(a.out.Incident(pagesIncident).Proofs(), func(path string, entry fs.DirEntry, err error) error {
		require.False(t, outfolder.Unfinished(path), path)
		return err
	}))
}

// Two workers take turns, and neither carries out what the other does.
func TestTwoWorkersCarryAnAnswerOutOnce(t *testing.T) {
	t.Parallel()
	a := practicesAnswer(t, "P1", "P2", "P3")
	for _, key := range []string{"P1", "P2", "P3"} {
		for _, to := range []string{breach.DelegateAll, breach.DelegateLetters, breach.DelegateNone} {
			a.says(key, packet.Answer{Kind: packet.Delegate, Delegation: to}, nil)
		}
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			worker := a.attendant(a.store, a.steps.ActOnPractice)
			_, err := a.store.TakeTurn(t.Context(), worker.turn)
			if err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	for _, key := range []string{"P1", "P2", "P3"} {
		require.Equal(t, []string{"delegate", "delegate", "delegate"}, a.actsOf(key))
		practice, err := a.store.Practice(t.Context(), pagesIncident, key)
		require.NoError(t, err)
		require.Equal(t, breach.DelegateNone, practice.Practice.Delegation, "the last word counts")
	}
}
