package pages_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/packet"
	"duenotice/internal/pages"
	"duenotice/internal/papers"
	"duenotice/internal/postgres"
	"duenotice/internal/postgres/pagedoor"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// canary is the first name of everybody on the lists here.
const canary = "Wilhelmina"

var (
	own       = packet.Practice{IncidentID: "EX-2026-03", Key: "own"}
	neighbour = packet.Practice{IncidentID: "EX-2026-03", Key: "neighbour"}
	// noon is when the tests are: April 20, 2026 in Virginia.
	noon = time.Date(2026, time.April, 20, 16, 0, 0, 0, time.UTC)
)

// fixture is a case of two practices with packets, and their pages' server.
type fixture struct {
	store  *postgres.Store
	link   map[string]packet.Link
	server *httptest.Server
	pages  *pages.Server
	log    *logged
	// statements are those that went from the server to the database.
	statements *statements
}

// statements counts, as pgx tells it.
type statements struct{ atomic.Int64 }

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	s.Add(1)
	return ctx
}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// logged is a log that many goroutines write.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func migrate(url string) error { return postgres.Migrate(context.Background(), url) }

// serve makes the case and serves its pages; set changes the server before.
func serve(t testing.TB, set ...func(s *pages.Server)) fixture {
	t.Helper()
	owner := testkit.Migrated(t, migrate)
	f := fixture{link: map[string]packet.Link{}, log: &logged{}, statements: &statements{}}
	ring := datakey.NewRing("key file of the test", func() (*keyring.Ring, error) {
		return keyring.Parse([]byte("test AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"))
	})
	var err error
	f.store, err = postgres.Open(t.Context(), testkit.ProgramLogin(t, owner), postgres.WithMaster(ring))
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
		f.pack(t, of, examplePage(of), 250)
	}
	door, err := pagedoor.Open(t.Context(), testkit.Login(t, owner, "duenotice_page"), pagedoor.Traced(f.statements))
	require.NoError(t, err)
	t.Cleanup(door.Close)
	f.server = httptest.NewUnstartedServer(nil)
	_, port, ok := strings.Cut(f.server.Listener.Addr().String(), ":")
	require.True(t, ok)
	address, err := url.Parse("http://localhost:" + port)
	require.NoError(t, err)
	f.pages = &pages.Server{Door: door, Address: address, Log: slog.New(slog.NewTextHandler(f.log, nil)), Now: func() time.Time { return noon }}
	for _, one := range set {
		one(f.pages)
	}
	f.server.Config.Handler, err = f.pages.Handler()
	require.NoError(t, err)
	f.server.Start()
	t.Cleanup(f.server.Close)
	f.server.URL = address.String()
	return f
}

// pack seals a practice's packet.
func (f fixture) pack(t testing.TB, of packet.Practice, page packet.Page, people int) {
	t.Helper()
	content, err := json.Marshal(page)
	require.NoError(t, err)
	parts := []packet.Part{{Name: packet.PartPage, Content: content}, {Name: packet.PartPeople, Content: peopleCSV(t, of, people)}}
	for _, name := range []string{packet.PartNotice, packet.PartPeopleZIP, packet.PartProof, packet.PartCalendar, packet.PartLetters, packet.PartDifference(2), packet.PartFiled("abc")} {
		parts = append(parts, packet.Part{Name: name, Content: []byte(name + " of " + of.Key)})
	}
	require.NoError(t, f.store.SavePacket(t.Context(), of, fmt.Sprint(page.Delegation, people), parts))
}

func peopleCSV(t testing.TB, of packet.Practice, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	w := papers.WritePeopleCSV(&out)
	for i := range n {
		require.NoError(t, w.Add(breach.Person{
			Key: fmt.Sprintf("%s-%04d", of.Key, i+1), PracticeKey: of.Key, FirstName: canary, LastName: fmt.Sprintf("Núñez%04d", i+1), BirthDate: civil.Of(1950, time.May, 1).AddDays(i),
			Address1: fmt.Sprintf("%d Example Street", i+1), City: "Richmond", State: "VA", ZIP: "23219", DataClasses: []breach.DataClass{"name", "diagnosis"},
		}))
	}
	require.NoError(t, w.Flush())
	return out.Bytes()
}

// examplePage is a page with something of everything.
func examplePage(of packet.Practice) packet.Page {
	day := civil.MustParse
	return packet.Page{
		Practice: of, MadeAt: noon.Add(-time.Hour), PracticeName: "Practice " + of.Key, Zone: "America/New_York",
		Contact:      packet.Contact{PrivacyOfficer: "Ann Example", Email: "ann@practice.example", Phone: "804-555-0100"},
		Sender:       packet.Sender{Name: "Example Health Cloud, Inc.", Address: []string{"1 Example Way", "Richmond, VA 23219"}, TollFree: "1-800-555-0199", Email: "help@cloud.example", Website: "https://cloud.example"},
		WhatHappened: "Somebody used a stolen password.\n\nThey copied files.", WhatWeAreDoing: "We changed all passwords.",
		Occurred: breach.Span{From: day("2026-03-14"), To: day("2026-03-16")}, Discovered: day("2026-03-16"),
		People: 250, ByData: []packet.Count{{Key: "name", People: 250}, {Key: "diagnosis", People: 250}},
		ByState: []packet.Count{{Key: "VA", People: 248}, {Key: "", People: 2}}, ByAge: []packet.Count{{Key: packet.AgeAdult, People: 240}, {Key: packet.AgeMinor, People: 10}},
		DefaultAfter: day("2026-05-01"), Default: breach.DelegateLetters,
		Duties: []packet.Duty{
			{Kind: breach.IndividualNotice, Jurisdiction: "US", Title: "Individual notice", Citation: "45 CFR 164.404", Due: day("2026-05-15"), By: packet.Undecided, Open: true},
			{Kind: breach.MediaNotice, Jurisdiction: "VA", Title: "Media notice (VA)", Citation: "45 CFR 164.406", Due: day("2026-05-16"), By: packet.DoneByYou, Open: true},
			{Kind: breach.HHSNotice, Jurisdiction: "US", Title: "HHS annual log", Citation: "45 CFR 164.408(c)", Due: day("2027-03-01"), By: packet.Undecided, Open: true},
			{Kind: breach.RegulatorNotice, Jurisdiction: "VA", Title: "Notice to the Attorney General of Virginia", Citation: "Va. Code 18.2-186.6", By: packet.DoneByUs, Open: true},
			{Kind: breach.CoveredEntityNotice, Jurisdiction: "US", Title: "Notice to the practice", Citation: "45 CFR 164.410", Due: day("2026-05-15"), By: packet.DoneByUs,
				DoneOn: day("2026-04-01"), Reference: "9400 1000 0000", Paper: packet.PartFiled("abc")},
			{Kind: breach.DataOwnerNotice, Jurisdiction: "VA", Title: "Vendor's notice to the practice (VA)", Citation: "Va. Code 18.2-186.6(D)", By: packet.DoneByUs, DoneOn: day("2026-04-02"), PaperElsewhere: true},
		},
		Files: []packet.File{
			{Part: packet.PartNotice, Name: "notice.pdf", Type: "application/pdf", Bytes: 20}, {Part: packet.PartPeople, Name: "people.csv", Type: "text/csv", Bytes: 2000, Patients: true},
			{Part: packet.PartPeopleZIP, Name: "people.zip", Type: "application/zip", Bytes: 2000, Patients: true}, {Part: packet.PartProof, Name: "letter-proof.pdf", Type: "application/pdf", Bytes: 5_000_000},
			{Part: packet.PartCalendar, Name: "deadlines.ics", Type: "text/calendar", Bytes: 900},
			{Part: packet.PartLetters, Name: "own-letters.pdf", Type: "application/pdf", Bytes: 9, Patients: true, ForYourself: true},
		},
		Lists:       []packet.List{{Number: 1, On: day("2026-03-20"), Added: 240}, {Number: 2, On: day("2026-04-10"), Added: 11, Removed: 1, Part: packet.PartDifference(2)}},
		ZIPPassword: "correct-horse-battery",
	}
}

// code gives a practice one.
func (f fixture) code(t testing.TB, of packet.Practice) packet.Code {
	t.Helper()
	code, err := f.store.GiveCode(t.Context(), of, postgres.CodeByTelephone, "Robin Officer", time.Now().Add(time.Hour))
	require.NoError(t, err)
	return code
}

// clerk is somebody with a browser of their own, without a script.
type clerk struct {
	t      testing.TB
	f      fixture
	client *http.Client
	lang   string
}

func (f fixture) clerk(t testing.TB) *clerk {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &clerk{t: t, f: f, lang: "en", client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) to() string { return a.header.Get("Location") }

func (c *clerk) do(r *http.Request) answer {
	c.t.Helper()
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", c.lang)
	}
	response, err := c.client.Do(r)
	require.NoError(c.t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	require.NoError(c.t, response.Body.Close())
	return answer{response.StatusCode, response.Header, string(body)}
}

func (c *clerk) request(method, path string, body io.Reader) *http.Request {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.f.server.URL+path, body)
	require.NoError(c.t, err)
	return r
}

func (c *clerk) get(path string) answer {
	c.t.Helper()
	return c.do(c.request(http.MethodGet, path, nil))
}

func (c *clerk) post(path string, fields url.Values) answer {
	c.t.Helper()
	r := c.request(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", c.f.server.URL)
	return c.do(r)
}

var challenge = regexp.MustCompile(`"challenge":"[^"]+"`)

var hidden = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`)

// form are the hidden fields of the form with this id on a page, and others beside them.
func (c *clerk) form(page answer, id string, others ...string) url.Values {
	c.t.Helper()
	_, rest, ok := strings.Cut(page.body, ` id="`+id+`"`)
	require.True(c.t, ok, "there is no form %s in\n%s", id, page.body)
	rest, _, _ = strings.Cut(rest, "</form>")
	fields := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(rest, -1) {
		fields.Add(m[1], m[2])
	}
	for i := 0; i+1 < len(others); i += 2 {
		fields.Add(others[i], others[i+1])
	}
	return fields
}

func pathOf(link packet.Link) string { return pages.PathOf(link.String()) }

// comesIn opens a practice's page with a code.
func (c *clerk) comesIn(of packet.Practice) answer {
	c.t.Helper()
	in := c.post(pathOf(c.f.link[of.Key]), url.Values{"code": {c.f.code(c.t, of).String()}})
	require.Equal(c.t, http.StatusSeeOther, in.status, in.body)
	require.Equal(c.t, "/notice", in.to())
	page := c.get("/notice")
	require.Equal(c.t, http.StatusOK, page.status, page.body)
	return page
}
