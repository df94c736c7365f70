package board_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
)

const incidentID = "EX-2026-03"

var discovered = civil.MustParse("2026-03-16")

// played is a case as the program's own steps leave it: planned, its papers made, its
// notices sent, some letters approved, printed and mailed.
type played struct {
	ctx   context.Context //nolint:containedctx // the play's, which has no test of its own
	store *postgres.Store
	url   string
	steps *activities.Activities
	now   time.Time
	acts  int
	wrong error
}

// Errorf and FailNow are require.TestingT's: a play that fails ends with an error, since
// many tests go by one play.
func (p *played) Errorf(format string, args ...any) { p.wrong = fmt.Errorf(format, args...) }

func (p *played) FailNow() { panic(p) }

// member is a practice of the case and how many people it has.
type member struct {
	key, name, delegation, email, state string
	people                              int
}

// members are practices on both sides of every line, of invented names.
var members = []member{
	{"harbor", "Harbor Pediatrics", breach.DelegateAll, "office@harbor.example.org", "VA", 620},
	{"bay", "Bay Family Medicine", breach.DelegateAll, "office@bay.example.org", "VA", 505},
	{"cedar", "Cedar Street Clinic", breach.DelegateLetters, "office@cedar.example.org", "MD", 486},
	{"dune", "Dune Dermatology", "", "office@dune.example.org", "VA", 60},
	{"elm", "Elm & Oak <Partners>", breach.DelegateNone, "office@elm.example.org", "MD", 40},
	{"fern", "Fern Eye Care", breach.DelegateAll, "", "VA", 12},
	{"grove", "=Grove Dental", breach.DelegateAll, "bounces@grove.example.org", "VA", 4},
}

// open begins a play in a migrated database.
func open(url string) (*played, error) {
	ctx := context.Background()
	store, err := postgres.Open(ctx, url, postgres.WithMaster(masterOfTest()))
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return nil, err
	}
	out, err := os.MkdirTemp("", "duenotice-board-")
	p := &played{ctx: ctx, url: url, store: store, now: begins}
	p.steps = &activities.Activities{
		Store: store, Books: rulebooks.Kept(), Workflows: nobody{}, Mail: post{}, Out: outfolder.New(out), From: mail.Address{Email: "privacy@example.org"},
		Now: func() time.Time { return p.now }, Zone: zone,
	}
	return p, err
}

func (p *played) close() error {
	p.store.Close()
	return os.RemoveAll(p.steps.Out.Root())
}

// load loads an incident.
func (p *played) load(id string, list []member) {
	incident := breach.Incident{
		ID: id, Discovered: discovered, Occurred: breach.Span{From: discovered, To: discovered}, DataSecurity: breach.Unsecured,
		Entity:       breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate, Email: "privacy@example.org", TollFree: "1-800-555-0100", Address: []string{"100 Example Way", "Somerset, NJ 08873"}},
		WhatHappened: "Somebody copied files.", WhatWeAreDoing: "We closed the door.", WhatYouCanDo: "Watch your statements.",
	}
	practices := make([]breach.Practice, len(list))
	for i, m := range list {
		practices[i] = breach.Practice{
			Key: m.key, LegalName: m.name + ", Inc.", DBA: m.name, Email: m.email, State: m.state, Address1: "1 Example Street", City: "Example City", ZIP: "23220",
			Agent: breach.Yes, Delegation: m.delegation, Timezone: "America/New_York",
		}
	}
	book := rulebooks.Kept().Newest()
	_, err := p.store.LoadCase(p.ctx, postgres.LoadInput{
		Incident: incident, CaseSHA256: "case " + id, Practices: practices, ListSHA256: "list " + id, RulebookVersion: book.Version(), RulebookSHA256: book.SHA256(),
		By: "Robin Officer", At: p.now, Findings: func(ctx context.Context, each func(int, *breach.Person) error) error {
			row := 1
			for _, m := range list {
				for n := range m.people {
					row++
					person := somebody(m, n)
					if err := each(row, &person); err != nil {
						return err
					}
				}
			}
			return ctx.Err()
		},
	}, nil)
	require.NoError(p, err)
}

// somebody is a patient whose name and address must be nowhere on the board.
func somebody(m member, n int) breach.Person {
	person := breach.Person{
		Key: fmt.Sprintf("%s-%04d", m.key, n), PracticeKey: m.key, FirstName: "Canaryfirst", LastName: fmt.Sprintf("Canarylast%d", n),
		Address1: fmt.Sprintf("%d Canary Street", n+1), City: "Canaryville", State: m.state, ZIP: map[string]string{"VA": "23220", "MD": "21201"}[m.state],
		BirthDate: civil.MustParse("1970-01-01"), DataClasses: []breach.DataClass{"name", "diagnosis"},
	}
	if n%20 == 3 {
		person.Address1 = "" // nowhere to write to
	}
	return person
}

// run has the program do what it does by itself for the case's practices.
func (p *played) run(id string, list []member) {
	ctx := p.ctx
	require.NoError(p, p.steps.AdmitIncident(ctx, activities.IncidentRef{IncidentID: id}))
	require.NoError(p, p.steps.MarkRunning(ctx, activities.IncidentRef{IncidentID: id}))
	for _, m := range list {
		ref := activities.PracticeRef{IncidentID: id, PracticeKey: m.key}
		_, err := p.steps.PlanPractice(ctx, ref)
		require.NoError(p, err)
		_, err = p.steps.PreparePapers(ctx, activities.PapersInput{PracticeRef: ref, At: p.now})
		require.NoError(p, err)
		_, err = p.steps.SendNotice(ctx, ref)
		require.NoError(p, err)
	}
}

func (p *played) act(act casebook.Act) {
	p.acts++
	act.ID = fmt.Sprintf("act-%03d", p.acts)
	if act.Who == "" {
		act.Who = "Robin Officer"
	}
	require.NoError(p, p.store.RequestAct(p.ctx, act, strings.ToLower(strings.Fields(act.Who)[0])))
	_, err := p.steps.ActOnPractice(p.ctx, act)
	require.NoError(p, err)
}

func (p *played) approve(id, key string) {
	practice, err := p.store.Practice(p.ctx, id, key)
	require.NoError(p, err)
	for _, who := range []string{"Robin Officer", "Sam Second"} {
		p.act(casebook.Act{IncidentID: id, PracticeKey: key, Kind: casebook.ActApprove, Who: who, Approve: &casebook.ApproveTerms{SHA256: practice.PapersSHA256}})
	}
}

func (p *played) record(id, key string, fact breach.Fact) {
	p.act(casebook.Act{IncidentID: id, PracticeKey: key, Kind: casebook.ActRecord, Record: &casebook.RecordTerms{Fact: fact}})
}

// print puts approved letters into a mail run and finishes its batches.
func (p *played) print(id string, run int) {
	plan, err := p.steps.PlanMailRun(p.ctx, activities.MailRunInput{IncidentID: id, Run: run})
	require.NoError(p, err)
	require.Positive(p, plan.Pieces)
	for number := 1; number <= plan.Batches; number++ {
		batch := casebook.Batch{Number: number, Name: fmt.Sprintf("run-%03d-batch-%04d", run, number), Pieces: plan.Pieces, Pages: 2 * plan.Pieces}
		require.NoError(p, p.store.Letters(p.ctx, id, run, number, func(*casebook.Letter) error { return nil }))
		require.NoError(p, p.store.SaveBatch(p.ctx, id, run, batch))
	}
	// The database dates what was printed by its own clock, which is not the case's.
	require.NoError(p, execute(p.ctx, p.url, "UPDATE batch SET saved_at = $1", p.now))
	for _, m := range members {
		_, err := p.steps.PlanPractice(p.ctx, activities.PracticeRef{IncidentID: id, PracticeKey: m.key})
		require.NoError(p, err)
	}
}

// usual is the case on its day 27: the letters of one practice mailed, of another
// approved, the others as they began, and beside it an incident of one practice.
func usual(url string) (err error) {
	if err := postgres.Migrate(context.Background(), url); err != nil {
		return err
	}
	p, err := open(url)
	if err != nil {
		return err
	}
	defer func() {
		if value := recover(); value != nil && value != any(p) {
			panic(value)
		}
		err = errors.Join(p.wrong, p.close())
	}()
	p.load(incidentID, members)
	p.run(incidentID, members)
	p.load(otherID, others)
	p.run(otherID, others)
	p.approve(incidentID, "harbor")
	p.print(incidentID, 1)
	p.now = begins.AddDate(0, 0, 8)
	p.record(incidentID, "harbor", breach.Fact{Kind: breach.LettersMailed, On: civil.MustParse("2026-04-09")})
	p.approve(incidentID, "bay")
	p.record(incidentID, "elm", breach.Fact{Kind: breach.Acknowledged, On: civil.MustParse("2026-04-10")})
	require.NoError(p, p.store.SignOfLife(p.ctx, "worker", queue, ""))
	return nil
}

// begins is when the cases are started, looking is when the board is looked at: day 27.
var (
	begins  = time.Date(2026, 4, 2, 15, 0, 0, 0, time.UTC)
	looking = time.Date(2026, 4, 12, 15, 0, 0, 0, time.UTC)
)

// otherID is the incident beside it.
const otherID = "EX-2026-04"

var others = []member{{"island", "Island Foreignname Clinic", breach.DelegateAll, "office@island.example.org", "VA", 7}}

const queue = "duenotice"

type nobody struct{}

func (nobody) SignalWorkflow(context.Context, string, string, string, any) error { return nil }

// post takes every e-mail but those to an address that bounces.
type post struct{}

func (post) Ready() error { return nil }

func (post) Name() string { return "test" }

func (post) Outcome(context.Context, string, string) (mail.Receipt, error) {
	return mail.Receipt{Outcome: mail.NotTaken}, nil
}

func (post) Send(_ context.Context, m mail.Message) (mail.Receipt, error) {
	if strings.HasPrefix(m.To.Email, "bounces@") {
		return mail.Receipt{}, &mail.Rejected{Reason: "there is no such mailbox"}
	}
	return mail.Receipt{Outcome: mail.Accepted, ProviderID: m.ID}, nil
}

func execute(ctx context.Context, url, statement string, args ...any) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement, args...)
	return errors.Join(err, conn.Close(ctx))
}
