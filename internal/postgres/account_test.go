package postgres_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// wrongSQL finds what must never be: findings whose state is not what their rows
// of the mail say, and lines of the account that are not what the findings say.
const wrongSQL = `
WITH now AS (
	SELECT f.*, m.run_id, m.held, m.lead, b.number IS NOT NULL AS finished
	FROM finding f
	LEFT JOIN piece m ON m.practice_id = f.practice_id AND m.person_key = f.person_key AND NOT m.superseded
	LEFT JOIN mail_run r ON r.id = m.run_id
	LEFT JOIN batch b ON b.run_id = m.run_id AND b.number = (m.piece_no - 1) / r.batch_size + 1
), counted AS (
	SELECT practice_id, state, state_why AS why, letter, residence, count(*) AS people FROM finding GROUP BY 1, 2, 3, 4, 5
)
SELECT 'finding ' || person_key || ' is ' || state FROM now WHERE
	(state IN ('printed', 'mailed')) AND NOT (run_id IS NOT NULL AND finished AND held = '')
	OR state = 'printing' AND (run_id IS NULL OR finished)
	OR state IN ('waiting', 'practice_tells', 'no_address', 'dead_50_years') AND run_id IS NOT NULL
	OR state = 'held' AND (held IS NULL OR held = '' OR held <> state_why)
	OR state = 'mailed' AND mailed_on IS NULL
	OR state = 'told' AND told_on IS NULL
	OR state = 'returned' AND NOT returned
	OR NOT protected AND state <> 'dead_50_years'
	OR letter = 'own' AND NOT (lead AND held = '') OR letter = 'joined' AND lead
UNION ALL
SELECT 'line ' || a.state || ' has ' || a.people || ', the findings ' || coalesce(c.people, 0)
FROM account a LEFT JOIN counted c USING (practice_id, state, why, letter, residence)
WHERE a.state <> 'left' AND a.people <> coalesce(c.people, 0)
UNION ALL
SELECT 'no line of ' || c.state FROM counted c LEFT JOIN account a USING (practice_id, state, why, letter, residence) WHERE a.people IS NULL`

func accountIsRight(t *testing.T, store *postgres.Store, pool *pgxpool.Pool, step string) {
	t.Helper()
	rows, err := pool.Query(t.Context(), wrongSQL)
	require.NoError(t, err)
	for rows.Next() {
		var wrong string
		require.NoError(t, rows.Scan(&wrong))
		require.Fail(t, wrong, "after %s", step)
	}
	require.NoError(t, rows.Err())
	status, err := store.Status(t.Context(), incidentID, noon, today)
	require.NoError(t, err)
	require.True(t, status.Account.AddsUp, "after %s: %v", step, status.Account)
	require.Equal(t, status.Account.Findings, status.Account.Lines.Total()-status.Account.Lines.In(account.Left), "after %s", step)
	c := status.Letters
	require.Equal(t, c.Findings, c.Letters+c.Joined+c.Held+c.Unaddressable+c.NotDelegated+c.NotYetApproved+c.NotProtected+c.ToldOtherwise, "after %s: %+v", step, c)
	require.Equal(t, status.Account.Findings, c.Findings, "after %s", step)
}

// TestTheAccountAddsUpAfterEachStep of generated histories: lists, removals,
// approvals, mail runs with letters held back, mailings, returns, substitute
// notice, delegations, people told by hand, in any order.
func TestTheAccountAddsUpAfterEachStep(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			store, url := open(t)
			l := &life{t: t, store: store, pool: testkit.Pool(t, url), random: rand.New(rand.NewPCG(seed, 404)), there: map[string]map[string]bool{}}
			l.play(60)
		})
	}
}

// life is a generated history of one incident.
type life struct {
	t      *testing.T
	store  *postgres.Store
	pool   *pgxpool.Pool
	random *rand.Rand
	// there are the person keys on the list of each practice.
	there map[string]map[string]bool
	n     int // of acts and lists, for their names
	// open is the mail run that is not finished, with the batches left to finish.
	open    casebook.MailRun
	left    []int
	printed []casebook.MailRun
}

var lifeKeys = []string{"P1", "P2", "P3"}

func (l *life) play(steps int) {
	list := practices(lifeKeys...)
	list[2].Delegation = ""
	var rows []breach.Person
	for _, key := range lifeKeys {
		l.there[key] = map[string]bool{}
		for range 6 {
			rows = append(rows, l.person(key))
		}
	}
	loaded(l.t, l.store, caseOf(incident(), list, unique(rows)...))
	for _, p := range rows {
		l.there[p.PracticeKey][p.Key] = true
	}
	accountIsRight(l.t, l.store, l.pool, "loading")
	for range steps {
		do := []func() string{l.list, l.approve, l.approve, l.plan, l.finish, l.finish, l.mail, l.comeBack, l.post, l.delegate, l.byHand, l.again}
		accountIsRight(l.t, l.store, l.pool, do[l.random.IntN(len(do))]())
	}
}

// person is somebody whom several practices may know, at an address that may be none.
func (l *life) person(practice string) breach.Person {
	return with(person(practice, fmt.Sprint("k", l.random.IntN(12))), func(p *breach.Person) {
		switch l.random.IntN(8) {
		case 0:
			p.Address1 = ""
		case 1:
			p.Address1, p.DeceasedDate = "", day("2020-01-01")
		case 2:
			p.DeceasedDate = day("1950-01-01")
		case 3:
			p.Address1 = fmt.Sprint(l.random.IntN(3), " Other Street")
		}
	})
}

func unique(rows []breach.Person) []breach.Person {
	seen := map[string]bool{}
	var kept []breach.Person
	for _, p := range rows {
		if !seen[p.PracticeKey+" "+p.Key] {
			seen[p.PracticeKey+" "+p.Key] = true
			kept = append(kept, p)
		}
	}
	return kept
}

func (l *life) key() string { return lifeKeys[l.random.IntN(len(lifeKeys))] }

func (l *life) name(what string) string {
	l.n++
	return fmt.Sprint(what, " ", l.n)
}

func (l *life) list() string {
	var rows []breach.Person
	for range l.random.IntN(4) + 1 {
		rows = append(rows, l.person(l.key()))
	}
	in := amendment(l.name("list"), unique(rows)...)
	named := map[string]bool{}
	for _, p := range rows {
		named[p.PracticeKey+p.Key] = true
	}
	key := l.key()
	for person := range l.there[key] {
		if !named[key+person] && l.random.IntN(4) == 0 {
			in.Removals = append(in.Removals, breach.Removal{Row: 2, PracticeKey: key, PersonKey: person, Why: "not in the data"})
			break
		}
	}
	_, err := l.store.LoadList(l.t.Context(), incidentID, in)
	if len(l.left) > 0 {
		refused(l.t, err, "mail_run_open")
		return "a list during a mail run"
	}
	require.NoError(l.t, err)
	for _, p := range rows {
		l.there[p.PracticeKey][p.Key] = true
	}
	for _, r := range in.Removals {
		delete(l.there[r.PracticeKey], r.PersonKey)
	}
	return "a list"
}

func (l *life) approve() string {
	approved(l.t, l.store, l.key())
	return "approvals"
}

func (l *life) plan() string {
	if len(l.left) > 0 {
		return "nothing"
	}
	run := mailRun(l.t, l.store, len(l.printed)+1, 3)
	if run.Pieces == 0 {
		return "an empty mail run"
	}
	l.open = run
	for batch := range run.Batches {
		l.left = append(l.left, batch+1)
	}
	return "planning a mail run"
}

func (l *life) finish() string {
	if len(l.left) == 0 {
		return "nothing"
	}
	batch := l.left[0]
	l.left = l.left[1:]
	var held []string
	for _, letter := range letters(l.t, l.store, l.open.Number, batch) {
		if l.random.IntN(5) == 0 {
			held = append(held, letter.PieceID)
		}
	}
	finish(l.t, l.store, l.open.Number, batch, held...)
	finish(l.t, l.store, l.open.Number, batch, held...)
	if len(l.left) == 0 {
		l.printed = append(l.printed, l.open)
	}
	return "finishing a batch"
}

func (l *life) do(a casebook.Act) error {
	var err error
	if a.PracticeKey == "" {
		_, err = l.store.ActOnIncident(l.t.Context(), a)
	} else {
		_, err = l.store.ActOnPractice(l.t.Context(), a, allowed)
	}
	return err
}

func (l *life) fact(key, kind string) casebook.Act {
	a := act(l.name(kind), key, casebook.ActRecord)
	a.Record = &casebook.RecordTerms{Fact: breach.Fact{Kind: kind, On: today.AddDays(l.random.IntN(5))}}
	return a
}

func (l *life) where() string {
	if l.random.IntN(3) == 0 {
		return ""
	}
	return l.key()
}

func (l *life) mail() string {
	key := l.where()
	require.NoError(l.t, l.do(l.fact(key, breach.LettersMailed)))
	for _, each := range lifeKeys {
		if key == each || key == "" {
			require.Zero(l.t, practice(l.t, l.store, each).Account.In(account.Printed), "all that was printed is mailed")
		}
	}
	return "mailing"
}

func (l *life) comeBack() string {
	if len(l.printed) == 0 {
		return "nothing"
	}
	run := l.printed[l.random.IntN(len(l.printed))]
	in := postgres.ReturnsInput{SHA256: l.name("returns"), By: "Robin Officer", At: noon, Letters: []breach.ReturnedLetter{
		{PieceID: fmt.Sprintf("R%03d-%06d", run.Number, l.random.IntN(run.Pieces)+1), On: today},
	}}
	_, err := l.store.RecordReturns(l.t.Context(), incidentID, in)
	if err != nil {
		refused(l.t, err, "unknown_letter") // it was held back
	}
	return "a letter that came back"
}

func (l *life) post() string {
	key := l.where()
	require.NoError(l.t, l.do(l.fact(key, breach.PostingStarted)))
	for _, each := range lifeKeys {
		if key == each || key == "" {
			require.Zero(l.t, practice(l.t, l.store, each).Account.Unreached(""))
		}
	}
	return "substitute notice"
}

func (l *life) delegate() string {
	a := act(l.name("delegate"), l.key(), casebook.ActDelegate)
	a.Delegate = &casebook.DelegateTerms{Delegation: []string{breach.DelegateAll, breach.DelegateNone}[l.random.IntN(2)]}
	require.NoError(l.t, l.do(a))
	return "a delegation"
}

func (l *life) byHand() string {
	a := l.fact(l.key(), breach.ToldOtherwise)
	a.Record.PersonKey, a.Record.Fact.Reference = fmt.Sprint("k", l.random.IntN(12)), "by telephone"
	if err := l.do(a); err != nil {
		refused(l.t, err, "nobody_to_tell")
	}
	return "telling by hand"
}

// again has the account counted anew, which changes nothing.
func (l *life) again() string {
	_, err := l.pool.Exec(l.t.Context(), "SELECT count_account((SELECT array_agg(id) FROM practice))")
	require.NoError(l.t, err)
	return "counting again"
}

// TestHeldLettersAreNamedToWhoMaySeeThem, by keys, and to nobody else.
func TestHeldLettersAreNamedToWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P1", "b"), person("P2", "c")))
	approved(t, store, "P1", "P2")
	mailRun(t, store, 1, 10)
	finish(t, store, 1, 1, "R001-000001", "R001-000003")
	want := []casebook.HeldLetter{
		{PracticeKey: "P1", PersonKey: "a", Why: string(breach.HeldScript), Batch: casebook.BatchName(1, 1)}, {PracticeKey: "P2", PersonKey: "c", Why: string(breach.HeldScript), Batch: casebook.BatchName(1, 1)},
	}
	of := func(options ...postgres.Option) []casebook.HeldLetter {
		list, err := openAt(t, url, append(options, postgres.WithMaster(masterOf("test")))...).HeldLetters(t.Context(), incidentID)
		require.NoError(t, err)
		return list
	}
	require.Equal(t, want, of())
	require.Equal(t, want, of(postgres.As(access.Scope{Role: access.Officer, Incidents: []string{incidentID}})))
	require.Equal(t, want[1:], of(postgres.As(access.Scope{Role: access.Practice, Incidents: []string{incidentID}, Practices: []string{incidentID + ":P2"}})))
	require.Empty(t, of(postgres.As(access.Scope{Role: access.Officer, Incidents: []string{"ANOTHER"}})))

	require.Equal(t, 2, practice(t, store, "P1").Account.Untold(""), "held back, and printed and not mailed")
	_, err := store.ActOnIncident(t.Context(), record("mailed", "", breach.LettersMailed, "", "2026-04-20"))
	require.NoError(t, err)
	require.Equal(t, 1, practice(t, store, "P1").Account.Untold(""), "who was held back stays owed")
	told := record("told", "P1", breach.ToldOtherwise, "", "2026-04-21")
	told.Record.PersonKey = "a"
	_, err = store.ActOnPractice(t.Context(), told, allowed)
	require.NoError(t, err)
	require.Zero(t, practice(t, store, "P1").Account.Untold(""))
	require.Equal(t, day("2026-04-21"), practice(t, store, "P1").Account.ToldOn(""))
	told.ID, told.Record.PersonKey = "nobody", "z"
	_, err = store.ActOnPractice(t.Context(), told, allowed)
	refused(t, err, "nobody_to_tell")
}
