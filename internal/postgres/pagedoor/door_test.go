package pagedoor_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/ledger"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/internal/postgres/pagedoor"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const canary = "Wilhelmina Canary"

var (
	own       = packet.Practice{IncidentID: "EX-2026-03", Key: "own"}
	neighbour = packet.Practice{IncidentID: "EX-2026-03", Key: "neighbour"}
)

// fixture is a case of two practices with pages and packets, and the pages' login.
type fixture struct {
	store   *postgres.Store
	door    *pagedoor.Door
	address string // the pages' login
	owner   string
	link    map[string]packet.Link
}

func pages(t *testing.T) fixture {
	t.Helper()
	f := fixture{owner: testkit.DatabaseURL(t), link: map[string]packet.Link{}}
	require.NoError(t, postgres.Migrate(t.Context(), f.owner))
	var err error
	ring := datakey.NewRing("key file of the test", func() (*keyring.Ring, error) {
		return keyring.Parse([]byte("test AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"))
	})
	f.store, err = postgres.Open(t.Context(), testkit.ProgramLogin(t, f.owner), postgres.WithMaster(ring))
	require.NoError(t, err)
	t.Cleanup(f.store.Close)
	day := civil.MustParse("2026-03-16")
	_, err = f.store.LoadCase(t.Context(), postgres.LoadInput{
		Incident: breach.Incident{
			ID: own.IncidentID, Discovered: day, Occurred: breach.Span{From: day, To: day},
			Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate},
		},
		CaseSHA256: "case", ListSHA256: "list", RulebookVersion: "2026.11", RulebookSHA256: "book", By: "Robin Officer", At: time.Now(), Seconds: 1,
		Practices: []breach.Practice{{Key: own.Key, LegalName: "Own, Inc.", State: "VA"}, {Key: neighbour.Key, LegalName: "Neighbour, Inc.", State: "VA"}},
		Findings:  func(context.Context, func(int, *breach.Person) error) error { return nil },
	}, nil)
	require.NoError(t, err)
	for _, of := range []packet.Practice{own, neighbour} {
		f.link[of.Key], err = f.store.MakePage(t.Context(), of)
		require.NoError(t, err)
		require.NoError(t, f.store.SavePacket(t.Context(), of, "made", []packet.Part{
			{Name: packet.PartPeople, Content: []byte(canary + " of " + of.Key)}, {Name: packet.PartPage, Content: []byte(`{"practice":"` + of.Key + `"}`)},
		}))
	}
	f.address = testkit.Login(t, f.owner, "duenotice_page")
	f.door, err = pagedoor.Open(t.Context(), f.address)
	require.NoError(t, err)
	t.Cleanup(f.door.Close)
	return f
}

// code gives a practice one.
func (f fixture) code(t *testing.T, of packet.Practice) packet.Code {
	t.Helper()
	code, err := f.store.GiveCode(t.Context(), of, postgres.CodeByTelephone, "Robin Officer", time.Now().Add(time.Hour))
	require.NoError(t, err)
	return code
}

// try tries a code.
func (f fixture) try(t *testing.T, link packet.Link, code packet.Code) (packet.Key, pagedoor.Tried, bool) {
	t.Helper()
	salt, err := f.door.Salt(t.Context(), link)
	require.NoError(t, err)
	key := packet.FromCode(link, code, salt)
	tried, ok, err := f.door.Try(t.Context(), link, nil, key)
	require.NoError(t, err)
	return key, tried, ok
}

// enter begins a session of a practice with a code.
func (f fixture) enter(t *testing.T, of packet.Practice) packet.Token {
	t.Helper()
	key, tried, ok := f.try(t, f.link[of.Key], f.code(t, of))
	require.True(t, ok)
	require.Equal(t, of, tried.Of)
	identity, err := key.Unwrap(tried.Wrapped, of)
	require.NoError(t, err)
	token := packet.NewToken()
	wrapped, err := token.Key().Wrap(identity, of)
	require.NoError(t, err)
	ok, err = f.door.Enter(t.Context(), f.link[of.Key], nil, key, token.Key(), wrapped, nil)
	require.NoError(t, err)
	require.True(t, ok)
	again, err := f.door.Enter(t.Context(), f.link[of.Key], nil, key, packet.NewToken().Key(), wrapped, nil)
	require.NoError(t, err)
	require.False(t, again, "a code is good once")
	return token
}

func TestAPracticeComesInReadsAndAnswers(t *testing.T) {
	t.Parallel()
	f := pages(t)
	token := f.enter(t, own)
	id := uuid.New()
	answer := packet.Answer{Kind: packet.Delegate, Name: "Ann Example", Title: "Office manager", Delegation: breach.DelegateAll}
	require.NoError(t, f.door.Visit(t.Context(), token.Key(), func(ctx context.Context, v *pagedoor.Visit) error {
		require.Equal(t, own, v.Of)
		identity, err := token.Key().Unwrap(v.Wrapped, v.Of)
		require.NoError(t, err)
		require.Equal(t, v.Recipient, identity.Recipient())
		sealed, _, err := v.Part(ctx, packet.PartPeople)
		require.NoError(t, err)
		require.NotContains(t, string(sealed), canary)
		people, err := identity.Open(sealed, v.Of, packet.PartPeople)
		require.NoError(t, err)
		require.Equal(t, canary+" of own", string(people))
		require.NoError(t, v.Downloaded(ctx, packet.PartPeople))
		fresh, err := v.Answer(ctx, id, answer, []byte("%PDF-1.7 proof"))
		require.NoError(t, err)
		require.True(t, fresh)
		fresh, err = v.Answer(ctx, id, answer, nil)
		require.NoError(t, err)
		require.False(t, fresh)
		given, err := v.Answers(ctx)
		require.NoError(t, err)
		require.Len(t, given, 1)
		require.Equal(t, postgres.AnswerReceived, given[0].State)
		return nil
	}))

	waiting, err := f.store.AnswersWaiting(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []postgres.AnswerRef{{ID: id, Of: own}}, waiting)
	opened, err := f.store.OpenAnswer(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, answer, opened.Answer)
	require.Equal(t, "%PDF-1.7 proof", string(opened.Proof))

	// Believed is the act of the answer, once it is bound to it, and no other.
	act := opened.Act
	act.ID = "act-1"
	_, err = f.store.Authorise(t.Context(), act)
	require.NoError(t, err, "while nobody holds a role everybody may")
	require.NoError(t, f.store.BindAnswer(t.Context(), id, act.ID))
	require.Error(t, f.store.BindAnswer(t.Context(), id, "act-2"), "an answer asks for one act")
	who, err := f.store.Authorise(t.Context(), act)
	require.NoError(t, err)
	require.EqualValues(t, access.OfPage(own.IncidentID, own.Key), who)
	for what, other := range map[string]func(){
		"other terms":      func() { act.Delegate.Delegation = breach.DelegateNone },
		"another practice": func() { act.PracticeKey = neighbour.Key },
		"another name":     func() { act.Who = "Ben Other" },
		"another act":      func() { act.ID = "act-2" },
	} {
		kept, terms := act, *act.Delegate
		other()
		who, err := f.store.Authorise(t.Context(), act)
		require.NoError(t, err)
		require.Empty(t, who, what)
		act, act.Delegate = kept, &terms
	}
	require.NoError(t, f.store.EndAnswer(t.Context(), id, postgres.AnswerDone, ""))
	require.NoError(t, f.store.EndAnswer(t.Context(), id, postgres.AnswerRefused, "too late"))
	states, err := f.store.Answers(t.Context(), own.IncidentID, "")
	require.NoError(t, err)
	require.Equal(t, postgres.AnswerDone, states[0].State, "what became of an answer is said once")
	pages, err := f.store.Pages(t.Context(), own.IncidentID)
	require.NoError(t, err)
	require.False(t, pages[1].OpenedAt.IsZero() || pages[1].AnsweredAt.IsZero())
	require.True(t, pages[0].OpenedAt.IsZero())
}

func TestTenWrongCodesEndTheRightOne(t *testing.T) {
	t.Parallel()
	f := pages(t)
	right := f.code(t, own)
	for range 10 {
		_, _, ok := f.try(t, f.link[own.Key], packet.NewCode())
		require.False(t, ok)
	}
	_, _, ok := f.try(t, f.link[own.Key], right)
	require.False(t, ok)
	pages, err := f.store.Pages(t.Context(), own.IncidentID)
	require.NoError(t, err)
	require.True(t, pages[1].CodesEnded)
	f.enter(t, own) // with a new one
	f.enter(t, neighbour)
}

func TestASessionIsOfOnePractice(t *testing.T) {
	t.Parallel()
	f := pages(t)
	f.enter(t, neighbour)
	token := f.enter(t, own)
	conn, err := pgx.Connect(t.Context(), f.address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) })
	for _, table := range []string{"page_part", "page_answer", "page_session", "page_passkey"} {
		var n int
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(practice_id) FROM "+table).Scan(&n))
		require.Zero(t, n, "without a session: %s", table)
	}
	_, _, err = func() ([]byte, time.Time, error) {
		var sealed []byte
		return sealed, time.Time{}, f.door.Visit(t.Context(), packet.NewToken().Key(), func(context.Context, *pagedoor.Visit) error { return nil })
	}()
	require.ErrorIs(t, err, pagedoor.ErrNoSession)
	require.NoError(t, f.door.Visit(t.Context(), token.Key(), func(ctx context.Context, v *pagedoor.Visit) error { return v.Leave(ctx, false) }))
	err = f.door.Visit(t.Context(), token.Key(), func(context.Context, *pagedoor.Visit) error { return nil })
	require.ErrorIs(t, err, pagedoor.ErrNoSession)
}

func TestAPracticeWithoutAPageHasNoLinkAndNoCode(t *testing.T) {
	t.Parallel()
	f := pages(t)
	of := packet.Practice{IncidentID: own.IncidentID, Key: "later"}
	_, linkless := f.store.PageLink(t.Context(), of)
	_, codeless := f.store.GiveCode(t.Context(), of, postgres.CodeByTelephone, "Robin Officer", time.Now().Add(time.Hour))
	for _, err := range []error{linkless, codeless} {
		var refusal *breach.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, "no_page", refusal.Code)
	}
	again, err := f.store.MakePage(t.Context(), own)
	require.NoError(t, err)
	require.Equal(t, f.link[own.Key].String(), again.String(), "a page is made once")
}

// Whoever has the login of the pages' server reads no table of the case, and calls
// nothing but what the server calls.
func TestThePagesLoginHasNothingElse(t *testing.T) {
	t.Parallel()
	f := pages(t)
	conn, err := pgx.Connect(t.Context(), f.address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) })
	rows, err := testkit.Pool(t, f.owner).Query(t.Context(), "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Greater(t, len(tables), 30)
	for _, table := range tables {
		_, err := conn.Exec(t.Context(), "SELECT * FROM "+table)
		if table != "page_part" {
			require.ErrorContains(t, err, "permission denied", table)
		}
		for _, statement := range []string{"DELETE FROM " + table, "TRUNCATE " + table, "INSERT INTO " + table + " DEFAULT VALUES", "ALTER TABLE " + table + " DISABLE ROW LEVEL SECURITY"} {
			_, err := conn.Exec(t.Context(), statement)
			require.Error(t, err, statement)
		}
	}
	for _, role := range []string{"duenotice_app", "duenotice_engine", "duenotice_officer", "duenotice_practice"} {
		_, err := conn.Exec(t.Context(), "SET ROLE "+role)
		require.Error(t, err, role)
	}
	for _, call := range []string{"page_entry(1, 'act', '', NULL)", "page_note('page_looked', 'people.csv')", "page_answers(gen_random_uuid(), 'received', repeat('a', 64), 'x', NULL)",
		"count_account('{1}')", "held_letters('EX-2026-03')", "lock_grants()", "learn_sizes()"} {
		_, err := conn.Exec(t.Context(), "SELECT "+call)
		require.Error(t, err, call)
	}
	var dump bytes.Buffer
	_, err = conn.PgConn().CopyTo(t.Context(), &dump, "COPY (SELECT * FROM page_part) TO STDOUT")
	require.NoError(t, err)
	require.Empty(t, dump.String())
}

func TestALoginThatCanDoMoreIsRefused(t *testing.T) {
	t.Parallel()
	owner := testkit.DatabaseURL(t)
	require.NoError(t, postgres.Migrate(t.Context(), owner))
	for _, address := range []string{owner, testkit.ProgramLogin(t, owner), testkit.Login(t, owner, "duenotice_officer"), testkit.Login(t, owner, "duenotice_page", "duenotice_practice")} {
		_, err := pagedoor.Open(t.Context(), address)
		var refusal *breach.Refusal
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, "page_login", refusal.Code)
	}
}

func TestAPracticeAnswersAHundredTimesADay(t *testing.T) {
	t.Parallel()
	f := pages(t)
	token := f.enter(t, own)
	answer := packet.Answer{Kind: packet.Delegate, Name: "Ann Example", Title: "Office manager", Delegation: breach.DelegateAll}
	require.NoError(t, f.door.Visit(t.Context(), token.Key(), func(ctx context.Context, v *pagedoor.Visit) error {
		for range 100 {
			if _, err := v.Answer(ctx, uuid.New(), answer, nil); err != nil {
				return err
			}
		}
		return nil
	}))
	err := f.door.Visit(t.Context(), token.Key(), func(ctx context.Context, v *pagedoor.Visit) error {
		_, err := v.Answer(ctx, uuid.New(), answer, nil)
		return err
	})
	require.ErrorIs(t, err, pagedoor.ErrTooMany)
}

// TestTenThousandCodesOpenNothing: past the limits of the server and of its slow hash, as
// somebody tries who has its login, ten wrong ones are the end of every code.
func TestTenThousandCodesOpenNothing(t *testing.T) {
	t.Parallel()
	f := pages(t)
	right := f.code(t, own)
	conn, err := pgx.Connect(t.Context(), f.address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) })
	for batch := range 20 {
		var opened int
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(t.wrapped) FROM generate_series(1, 500) n, LATERAL page_try($1, NULL, sha256(convert_to($2 || n, 'UTF8'))) t",
			f.link[own.Key].SHA256(), fmt.Sprint(batch, " ")).Scan(&opened))
		require.Zero(t, opened)
	}
	_, _, ok := f.try(t, f.link[own.Key], right)
	require.False(t, ok, "the right one has ended")
	ended := 0
	require.NoError(t, f.store.Ledger(t.Context(), own.IncidentID, own.Key, func(e ledger.Entry) error {
		body, err := e.Decode()
		if body.Kind == "page_codes_ended" {
			ended++
		}
		return err
	}))
	require.Equal(t, 1, ended, "it is written down once, and nobody fills the chain")
	f.enter(t, neighbour)
	f.enter(t, own) // with a new one
}
