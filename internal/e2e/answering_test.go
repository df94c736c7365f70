package e2e_test

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/clerk"
	"duenotice/internal/mailsink"
	"duenotice/internal/officetest"
	"duenotice/internal/postgres"
	"duenotice/internal/synthetic"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

const (
	// answeringVariable has the number of practices that answer at once, in the place
	// of answeringPractices: 1000 is what the program is to stand.
	answeringVariable  = "DUENOTICE_TEST_PRACTICES"
	answeringPractices = 20
	// twoClerksEvery so many practices two clerks come at once, who do not agree.
	twoClerksEvery = 20
)

// TestManyPracticesAnswerAtOnce has all practices of an incident come to their pages in
// the same moment, by the e-mail they got, while the letters of others are printed. What
// each clerk signed is done once and is one act, and everybody is where the answers say.
func TestManyPracticesAnswerAtOnce(t *testing.T) {
	t.Parallel()
	n := answeringPractices
	if text := os.Getenv(answeringVariable); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		require.NoError(t, err, answeringVariable)
	}
	c := manyAsked(t, n)
	o, id := c.o, c.made.IncidentID

	o.Do("approve", id, "--all", "--by", "Ada Officer")
	o.Do("approve", id, "--all", "--by", "Grace Counsel") // and the letters of the others go to print
	printedBefore := c.printed()
	began := time.Now()
	c.allAnswer()
	answered := time.Since(began)
	printedAfter := c.printed()
	t.Logf("%d clerks of %d practices were done after %s; %d batches were printed before, %d after", len(c.clerks), n, answered, printedBefore, printedAfter)
	c.report()

	for left := 2 * len(c.clerks); left > 0; left -= 200 {
		testkit.Await(t, func() bool { return c.waiting() < left })
	}
	testkit.Await(t, func() bool { return c.waiting() == 0 }, func() string { return o.Do("practice", "answers", id) })
	t.Logf("all answers were carried out %s after the last clerk left", time.Since(began)-answered)
	c.everyAnswerOnce()

	// What was delegated is printed too, and everything there is adds up.
	o.AwaitNothingIn(id, casebook.PhaseStarting)
	awaitNobody(o, c.pool, id)
	o.Do("approve", id, "--all", "--by", "Ada Officer")
	o.Do("approve", id, "--all", "--by", "Grace Counsel")
	o.AwaitNothingIn(id, casebook.PhaseStarting, casebook.PhaseApproval, casebook.PhaseApproved)
	var status casebook.Status
	require.NoError(t, json.Unmarshal([]byte(o.Do("status", id, "--json")), &status))
	require.True(t, status.Account.AddsUp, "%v", status.Account.DoNotAddUp)
	require.Empty(t, status.Troubles)
	testkit.Await(t, func() bool { return o.Summary(id).Counts == status.Letters })
	o.Reconcile(c.made)

	o.Do("report", "evidence", id)
	pack := filepath.Join(o.Out, id, "evidence", id+".zip")
	require.Contains(t, o.Do("verify", pack, "--without-key"), "every link holds")
}

// asked is an incident whose practices were all asked on their pages.
type asked struct {
	t      *testing.T
	o      *office
	made   synthetic.Made
	pool   *pgxpool.Pool
	clerks []*askedClerk
}

// askedClerk is one clerk with what they hold in their hands and what they will sign.
type askedClerk struct {
	practice   string
	invitation clerk.Invitation
	answer     clerk.Answer
	// cameIn and answered are how long the two took.
	cameIn, answered time.Duration
	// waits is how often they were asked to come a little later.
	waits int
	err   error
}

func (k *askedClerk) uninvited() bool { return k.invitation.Page == "" || k.invitation.Code == "" }

// manyAsked starts an incident in which n practices have to answer, on a server of
// pages that is a process of its own, and waits until all of them got their e-mails.
func manyAsked(t *testing.T, n int) *asked {
	t.Helper()
	params := synthetic.Default(testkit.Today().AddDays(-20))
	// Twelve at a boundary of the law let us write, to some 3,600 people; and there are
	// some more than n, of whom each ninetieth has no e-mail.
	others, some := 12, 5
	params.Practices = others + n + n/40 + some
	params.People = 3_607 + 3*(params.Practices-others)
	params.Delegations = synthetic.Delegations{Unanswered: 1000}
	dir := filepath.Join(t.TempDir(), "case")
	made, err := synthetic.Write(dir, params)
	require.NoError(t, err)

	provider, err := mailsink.Start(t.Context(), "SG.pretend", time.Now)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, provider.Close()) })
	owner := testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	o := openOffice(t, officetest.Servers{Owner: owner, Program: testkit.ProgramLogin(t, owner), Temporal: testkit.Temporal(t, temporalx.SearchAttributes()...)}, map[string]string{
		"SENDGRID_API_KEY": "SG.pretend", "SENDGRID_HOST": provider.URL, "DUENOTICE_MAIL_FROM": "notices@healthcloud.com",
		"DUENOTICE_PAGES_ADDRESS": serveTheirPages(t, testkit.Login(t, owner, "duenotice_page")),
	}, os.Stderr)
	o.Env["CASE"] = dir
	c := &asked{t: t, o: o, made: made, pool: testkit.Pool(t, owner)}
	began := time.Now()
	o.Do("start", dir, "--by", "Ada Officer", "--no-wait")
	for started := 100; started < made.Practices+100; started += 100 { // each hundred in its time
		testkit.Await(t, func() bool {
			return c.count("SELECT count(*) FROM practice WHERE incident_id = $1 AND phase <> $2", made.IncidentID, casebook.PhaseStarting) >= min(started, made.Practices)
		})
	}
	c.invite(provider, n)
	t.Logf("%d practices were started and had both e-mails after %s", made.Practices, time.Since(began))
	return c
}

// serveTheirPages starts the server of the practices' pages as a process of its own, with
// nothing but what it may have, and returns its address.
func serveTheirPages(t *testing.T, login string) string {
	t.Helper()
	program, err := officetest.WorkerProgram()
	require.NoError(t, err)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	listen := l.Addr().String()
	require.NoError(t, l.Close())
	environment := []string{"DUENOTICE_PAGES_ADDRESS=http://" + listen, "DUENOTICE_PAGES_LISTEN=" + listen, "DUENOTICE_PAGES_DATABASE_URL=" + login, "DUENOTICE_LOG_LEVEL=warn"}
	process := exec.Command(program, "pages")
	process.Dir, process.Env, process.Stderr = t.TempDir(), environment, os.Stderr
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		require.NoError(t, process.Process.Signal(syscall.SIGTERM))
		require.NoError(t, process.Wait(), "the server of the pages ended badly")
	})
	testkit.Await(t, func() bool {
		check := exec.CommandContext(t.Context(), program, "pages", "--check")
		check.Dir, check.Env = process.Dir, environment
		return check.Run() == nil
	})
	return "http://" + listen
}

// invite gives n practices their clerks, with what the e-mails say.
func (c *asked) invite(provider *mailsink.Sink, n int) {
	c.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(officetest.ReadFile(c.t, filepath.Join(c.o.Env["CASE"], "practices.csv")))).ReadAll()
	require.NoError(c.t, err)
	cell := func(row []string, name string) string { return row[officetest.Column(rows[0], name)] }
	shared := map[string]int{}
	for _, row := range rows[1:] {
		shared[cell(row, "email")]++
	}
	ways := []string{breach.DelegateAll, breach.DelegateLetters, breach.DelegateAll, breach.DelegateNone}
	mailbox := map[string]*askedClerk{}
	var practices []*askedClerk
	for _, row := range rows[1:] {
		// One that was told before gets no e-mail; and where two have one name, they have
		// one mailbox, and no clerk would know which message is theirs.
		if cell(row, "delegation") != "" || cell(row, "notified_on") != "" || cell(row, "email") == "" || shared[cell(row, "email")] > 1 || len(practices) == n {
			continue
		}
		k := &askedClerk{practice: cell(row, "practice_key"), answer: clerk.Answer{Name: "Jo Lindqvist", Title: "Office manager", Delegation: ways[len(practices)%len(ways)]}}
		mailbox[cell(row, "email")], mailbox[cell(row, "second_email")] = k, k
		practices = append(practices, k)
	}
	require.Len(c.t, practices, n)
	testkit.Await(c.t, func() bool {
		for _, m := range provider.Taken() {
			if k := mailbox[m.To]; k != nil {
				k.invitation.Page = cmp.Or(clerk.PageIn(m.Text), k.invitation.Page)
				k.invitation.Code = cmp.Or(clerk.CodeIn(m.Text), k.invitation.Code)
			}
		}
		return !slices.ContainsFunc(practices, (*askedClerk).uninvited)
	}, func() string {
		i := slices.IndexFunc(practices, (*askedClerk).uninvited)
		return "no link or no code came to practice " + practices[i].practice + " and maybe others"
	})
	c.clerks = practices
	for i := 0; i < n; i += twoClerksEvery {
		second := *practices[i]
		second.answer.Name, second.answer.Delegation = "Kim Osei", breach.DelegateNone
		second.invitation.Code = strings.TrimSpace(c.o.Do("practice", "code", c.made.IncidentID, second.practice, "--valid", "1h", "--by", "Ada Officer"))
		c.clerks = append(c.clerks, &second)
	}
}

// allAnswer lets all clerks begin in the same moment, each by connections of their own.
func (c *asked) allAnswer() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), testkit.Patience)
	defer cancel()
	var all sync.WaitGroup
	for _, k := range c.clerks {
		all.Go(func() {
			began := time.Now()
			in, err := clerk.HTTP{}.ComeIn(ctx, k.invitation)
			k.cameIn = time.Since(began)
			if err == nil {
				k.waits = in.Waits()
				err = in.Answer(ctx, k.answer)
			}
			k.answered, k.err = time.Since(began)-k.cameIn, err
		})
	}
	all.Wait()
	for _, k := range c.clerks {
		require.NoError(c.t, k.err, "the clerk of %s, after %s and %s", k.practice, k.cameIn, k.answered)
	}
}

// report says how long clerks took.
func (c *asked) report() {
	for what, took := range map[string]func(*askedClerk) time.Duration{
		"coming in": func(k *askedClerk) time.Duration { return k.cameIn }, "reading, taking the list and answering": func(k *askedClerk) time.Duration { return k.answered },
	} {
		var all []time.Duration
		for _, k := range c.clerks {
			all = append(all, took(k))
		}
		slices.Sort(all)
		c.t.Logf("%s: half of them within %s, nine of ten within %s, all within %s", what, all[len(all)/2], all[len(all)*9/10], all[len(all)-1])
	}
	waited := 0
	for _, k := range c.clerks {
		if k.waits > 0 {
			waited++
		}
	}
	c.t.Logf("%d were asked to come a little later", waited)
}

// waiting is how many answers are not carried out.
func (c *asked) waiting() int {
	return c.count("SELECT count(*) FROM page_answer WHERE state = 'received'")
}

// printed is how many batches of letters are printed.
func (c *asked) printed() int {
	batches, err := filepath.Glob(filepath.Join(c.o.Out, c.made.IncidentID, "mail", "*", "letters.pdf"))
	require.NoError(c.t, err)
	return len(batches)
}

func (c *asked) count(query string, args ...any) (n int) {
	c.t.Helper()
	require.NoError(c.t, c.pool.QueryRow(c.t.Context(), query, args...).Scan(&n))
	return n
}

// everyAnswerOnce holds what the clerks signed against what is on record.
func (c *asked) everyAnswerOnce() {
	t, o, id := c.t, c.o, c.made.IncidentID
	t.Helper()
	var list struct {
		Answers []struct {
			Practice string `json:"practice_key"`
			Kind     string `json:"kind"`
			State    string `json:"state"`
			Detail   string `json:"detail"`
			Act      string `json:"act"`
		} `json:"answers"`
	}
	require.NoError(t, json.Unmarshal([]byte(o.Do("practice", "answers", id, "--json")), &list))
	want, got, acts := map[string]int{}, map[string]int{}, map[string]bool{}
	nothingNew := map[string]int{}
	signed := map[string][]string{}
	for _, k := range c.clerks {
		want[k.practice+" received"]++
		want[k.practice+" delegate"]++
		signed[k.practice] = append(signed[k.practice], k.answer.Delegation)
	}
	for _, a := range list.Answers {
		require.Equal(t, postgres.AnswerDone, a.State, "%s of %s: %s", a.Kind, a.Practice, a.Detail)
		got[a.Practice+" "+a.Kind]++
		if a.Act == "" {
			// A second clerk who says that the notice is here, or what the first one signed,
			// says nothing new: that is no act.
			nothingNew[a.Practice+" "+a.Kind]++
			continue
		}
		require.False(t, acts[a.Act], "two answers are act %s", a.Act)
		acts[a.Act] = true
	}
	require.Equal(t, want, got, "every answer, once")
	for answer, n := range nothingNew {
		require.Less(t, n, want[answer], "somebody was the first to say %s", answer)
	}
	require.Len(t, acts, c.count(`SELECT count(*) FROM act c WHERE incident_id = $1
		AND EXISTS (SELECT FROM page_answer a WHERE a.act_id = c.id)`, id), "one act each")
	require.Equal(t, len(signed), c.count("SELECT count(*) FROM act WHERE incident_id = $1 AND kind = 'record' AND identity LIKE 'page:%'", id), "each was received once")
	require.Equal(t, len(list.Answers), c.count("SELECT count(*) FROM ledger WHERE incident_id = $1 AND body LIKE '{\"kind\":\"page_answered\"%'", id), "one entry each")

	var status casebook.Status
	require.NoError(t, json.Unmarshal([]byte(o.Do("status", id, "--json", "--due", "3660d")), &status))
	for _, p := range status.Details {
		require.True(t, p.AddsUp, p.Key)
		switch ways := signed[p.Key]; len(ways) {
		case 0:
		case 1:
			require.Equal(t, ways[0], p.Delegation, p.Key)
		default: // who came last is heard
			last := ""
			require.NoError(t, c.pool.QueryRow(t.Context(), `SELECT c.terms -> 'Delegate' ->> 'Delegation' FROM page_answer a JOIN act c ON c.id = a.act_id
				WHERE c.incident_id = $1 AND c.practice_key = $2 AND a.kind = 'delegate' ORDER BY a.at DESC LIMIT 1`, id, p.Key).Scan(&last))
			require.Contains(t, ways, last)
			require.Equal(t, last, p.Delegation, "%s of %v", p.Key, ways)
		}
		delete(signed, p.Key)
	}
	require.Empty(t, signed, "practices that no status speaks of")
}

// awaitNobody waits until no practice that lets us write has papers to be made.
func awaitNobody(o *office, pool *pgxpool.Pool, id string) {
	o.T.Helper()
	testkit.Await(o.T, func() bool {
		n := 0
		err := pool.QueryRow(o.T.Context(), "SELECT count(*) FROM practice WHERE incident_id = $1 AND delegation IN ('all', 'letters') AND papers_sha256 = ''", id).Scan(&n)
		return err == nil && n == 0
	})
}
