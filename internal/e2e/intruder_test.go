package e2e_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptrace"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/clerk"
	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/officetest"
	"duenotice/internal/packet"
	"duenotice/internal/papers"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// beganAnew is what the log of the pages' server says when it forgot.
const beganAnew = "began anew"

// quiet is after how long without a practice the server of this test forgets.
const quiet = 500 * time.Millisecond

// TestWhoTakesThePagesServerReadsNoPatient serves the pages as the stack does, by a
// process of its own. A clerk comes in, reads list and files, sends a proof, disputes
// somebody and leaves; another answers; a third stays signed in. Then everything is taken
// that an intruder could take of the server at rest, and searched for every patient and
// for every secret that opened something. The same search finds them while the clerk is in.
func TestWhoTakesThePagesServerReadsNoPatient(t *testing.T) {
	t.Parallel()
	s := servePages(t)
	stays := s.comeIn("stays")
	in := s.comeIn("own")
	finish := in.beginsAProof()
	list := in.get("/files/people.csv")
	for what, canary := range canaries {
		require.Contains(t, list, canary, what)
	}
	require.Contains(t, in.post("/list", in.form("query", canaries["last_name"])), canaries["first_name"])
	in.get("/files/people.zip")
	in.get("/calendar")
	s.sought["the session"], s.sought["the form's secret"] = in.token, in.secret
	t.Run("the search finds them while somebody is in", func(t *testing.T) {
		found, ok := s.inMemory(t)
		if !ok {
			t.Skip("the memory of a process that is closed to others is read as root, on Linux")
		}
		for _, what := range []string{"first_name", "last_name", "address1", "a proof's content", "the session"} {
			require.Contains(t, found, what)
		}
	})
	s.takeDatabase(in.token, true)
	before := s.anew(t) // and no more often until the proof is here
	require.Contains(t, finish(), "Your answer")
	require.NoError(t, clerk.HTTP{Transport: s.transport()}.Answer(t.Context(), s.invitation("answers"), clerk.Answer{Name: "Robin Example", Title: "Office manager", Delegation: breach.DelegateAll}))
	in.post("/leave", in.form())

	// Meanwhile others come: none of them is refused or cut off, whenever the server begins anew.
	ctx, cancel := context.WithCancel(t.Context())
	knocking := make(chan error, 1)
	go func() { knocking <- s.knock(ctx) }()
	var kept []string
	testkit.Await(t, func() bool {
		if s.anew(t) <= before {
			return false
		}
		kept, _ = s.inMemory(t)
		return len(kept) == 0
	}, func() string {
		return fmt.Sprint("it began anew ", s.anew(t), " times, and its memory still has ", kept)
	})
	cancel()
	require.NoError(t, <-knocking)
	require.True(t, s.still(), "it is the same process for whoever watches it")

	for _, name := range []string{"environ", "cmdline"} {
		content, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", s.program.Process.Pid, name))
		if errors.Is(err, os.ErrNotExist) {
			continue // a system without /proc
		}
		require.NoError(t, err)
		require.NotEmpty(t, content)
		require.Empty(t, s.find(content), "its %s", name)
	}
	searched := 0
	for _, file := range filesBelow(t, s.folder) {
		searched++
		require.Empty(t, s.find([]byte(officetest.ReadFile(t, file))), file)
		require.Empty(t, s.find([]byte(file)), "the name of a file")
	}
	require.Positive(t, searched, "not even its log was searched")
	require.Contains(t, officetest.ReadFile(t, s.log), "came in to its page")
	s.takeDatabase(in.token, false)

	require.Contains(t, stays.get("/notice"), "Practice stays", "who stayed signed in noticed nothing")
}

// pagesServer is the pages' server as a process, with a case behind it.
type pagesServer struct {
	t           *testing.T
	store       *postgres.Store
	owner       string // the database, for its owner
	login       string // and as the pages reach it
	address     string
	folder, log string
	program     *exec.Cmd
	links       map[string]packet.Link
	codes       map[string]packet.Code
	// sought is everything that opened something or is of a patient, by what it is.
	sought map[string]string
}

const proofs = "Thornapple Quillfeather"

func servePages(t *testing.T) *pagesServer {
	t.Helper()
	s := &pagesServer{t: t, folder: t.TempDir(), links: map[string]packet.Link{}, codes: map[string]packet.Code{}, sought: maps.Clone(canaries)}
	delete(s.sought, "data_classes") // a kind of data is a word of the program's
	s.sought["a proof's content"] = proofs
	s.owner = testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	s.login = testkit.Login(t, s.owner, "duenotice_page")
	ring := datakey.NewRing("key file of the test", func() (*keyring.Ring, error) {
		return keyring.Parse([]byte("test AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"))
	})
	var err error
	s.store, err = postgres.Open(t.Context(), testkit.ProgramLogin(t, s.owner), postgres.WithMaster(ring))
	require.NoError(t, err)
	t.Cleanup(s.store.Close)
	day := testkit.Today().AddDays(-20)
	input := postgres.LoadInput{
		Incident: breach.Incident{
			ID: intruded, Discovered: day, Occurred: breach.Span{From: day, To: day},
			Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate},
		},
		CaseSHA256: "case", ListSHA256: "list", RulebookVersion: "2026.11", RulebookSHA256: "book", By: "Robin Officer", At: time.Now(), Seconds: 1,
		Findings: func(_ context.Context, add func(int, *breach.Person) error) error {
			for i, key := range []string{"own", "answers", "stays"} {
				person := canaryPerson(key)
				if err := add(i+1, &person); err != nil {
					return err
				}
			}
			return nil
		},
	}
	for _, key := range []string{"own", "answers", "stays"} {
		input.Practices = append(input.Practices, breach.Practice{Key: key, LegalName: "Practice " + key, State: "VA"})
	}
	_, err = s.store.LoadCase(t.Context(), input, nil)
	require.NoError(t, err)
	for _, practice := range input.Practices {
		s.pack(packet.Practice{IncidentID: intruded, Key: practice.Key}, day)
	}
	s.start()
	return s
}

const intruded = "EX-2026-03"

func canaryPerson(practice string) breach.Person {
	return breach.Person{
		Key: practice + "-0001", PracticeKey: practice, FirstName: canaries["first_name"], MiddleName: canaries["middle_name"], LastName: canaries["last_name"],
		BirthDate: civil.MustParse(canaries["birth_date"]), RepresentativeName: canaries["representative_name"], RepresentativeRelation: "personal_representative",
		Address1: canaries["address1"], Address2: canaries["address2"], City: "Richmond", State: "VA", ZIP: "23219", Email: canaries["email"], Phone: canaries["phone"],
		DataClasses: []breach.DataClass{"name", "passport"},
	}
}

// pack gives a practice its page, its packet and a code.
func (s *pagesServer) pack(of packet.Practice, day civil.Date) {
	t := s.t
	t.Helper()
	link, err := s.store.MakePage(t.Context(), of)
	require.NoError(t, err)
	var list bytes.Buffer
	w := papers.WritePeopleCSV(&list)
	require.NoError(t, w.Add(canaryPerson(of.Key)))
	require.NoError(t, w.Flush())
	page, err := json.Marshal(packet.Page{
		Practice: of, MadeAt: time.Now(), PracticeName: "Practice " + of.Key, Zone: testkit.Zone(), People: 1, Discovered: day, Occurred: breach.Span{From: day, To: day},
		Sender: packet.Sender{Name: "Example Health Cloud, Inc.", TollFree: "1-800-555-0199"}, ZIPPassword: "correct-horse-battery",
		Files: []packet.File{
			{Part: packet.PartPeople, Name: "people.csv", Type: "text/csv", Patients: true}, {Part: packet.PartPeopleZIP, Name: "people.zip", Type: "application/zip", Patients: true},
			{Part: packet.PartCalendar, Name: "deadlines.ics", Type: "text/calendar"},
		},
		Duties: []packet.Duty{{Kind: breach.IndividualNotice, Jurisdiction: "US", Title: "Individual notice", Citation: "45 CFR 164.404", Due: day.AddDays(60), By: packet.Undecided, Open: true}},
	})
	require.NoError(t, err)
	require.NoError(t, s.store.SavePacket(t.Context(), of, "made", []packet.Part{
		{Name: packet.PartPage, Content: page}, {Name: packet.PartPeople, Content: list.Bytes()}, {Name: packet.PartPeopleZIP, Content: list.Bytes()},
		{Name: packet.PartCalendar, Content: []byte("BEGIN:VCALENDAR")},
	}))
	code, err := s.store.GiveCode(t.Context(), of, postgres.CodeByTelephone, "Robin Officer", time.Now().Add(time.Hour))
	require.NoError(t, err)
	s.links[of.Key], s.codes[of.Key] = link, code
	raw, err := base64.RawURLEncoding.DecodeString(link.String())
	require.NoError(t, err)
	s.sought["the link of "+of.Key], s.sought["the link of "+of.Key+", as bytes"] = link.String(), string(raw)
	s.sought["the code of "+of.Key], s.sought["the code of "+of.Key+", as typed"] = code.String(), strings.ReplaceAll(code.String(), "-", "")
}

// start starts the server in a folder and with an environment of its own, as the stack does.
func (s *pagesServer) start() {
	t := s.t
	t.Helper()
	program, err := officetest.WorkerProgram()
	require.NoError(t, err)
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	listen := l.Addr().String()
	require.NoError(t, l.Close())
	_, port, err := net.SplitHostPort(listen)
	require.NoError(t, err)
	s.address, s.log = "http://pages.localhost:"+port, filepath.Join(s.folder, "pages.log")
	s.program = exec.Command(program, "pages")
	s.program.Dir = s.folder
	s.program.Env = []string{
		"DUENOTICE_PAGES_ADDRESS=" + s.address, "DUENOTICE_PAGES_LISTEN=" + listen, "DUENOTICE_PAGES_DATABASE_URL=" + s.login, "DUENOTICE_PAGES_FORGET=" + quiet.String(),
		"DUENOTICE_LOG_FILE=" + s.log, "DUENOTICE_LOG_LEVEL=debug", "TMPDIR=" + s.folder, "HOME=" + s.folder,
	}
	errs, err := os.Create(filepath.Join(s.folder, "errors.log"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, errs.Close()) })
	s.program.Stdout, s.program.Stderr = errs, errs
	require.NoError(t, s.program.Start())
	t.Cleanup(func() {
		_ = s.program.Process.Kill()
		_ = s.program.Wait()
	})
	testkit.Await(t, func() bool { return s.knockOnce(t.Context(), s.transport()) == nil }, func() string { return officetest.ReadFile(t, errs.Name()) })
}

// transport is a connection for each request, to where names below localhost are.
func (s *pagesServer) transport() *http.Transport {
	return &http.Transport{
		DisableKeepAlives: true, ExpectContinueTimeout: testkit.Patience,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			_, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			return new(net.Dialer).DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
		},
	}
}

// knock asks for the first page, one time after the other, until ctx ends.
func (s *pagesServer) knock(ctx context.Context) error {
	for n := 0; ; n++ {
		err := s.knockOnce(ctx, s.transport())
		switch {
		case ctx.Err() != nil && n > 0:
			return nil
		case err != nil:
			return fmt.Errorf("request %d: %w", n, err)
		}
	}
}

func (s *pagesServer) knockOnce(ctx context.Context, by http.RoundTripper) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address+"/", nil)
	if err != nil {
		return err
	}
	answer, err := by.RoundTrip(request)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return answer.Body.Close()
}

// anew is how often it began anew.
func (s *pagesServer) anew(t *testing.T) int {
	t.Helper()
	return strings.Count(officetest.ReadFile(t, s.log), beganAnew)
}

// still reports whether the process that was started is the one that serves.
func (s *pagesServer) still() bool { return s.program.Process.Signal(syscall.Signal(0)) == nil }

func (s *pagesServer) invitation(key string) clerk.Invitation {
	return clerk.Invitation{Page: s.address + "/p/" + s.links[key].String(), Code: s.codes[key].String()}
}

// insider is a clerk who came in.
type insider struct {
	s             *pagesServer
	client        *http.Client
	token, secret string
}

var hiddenSecret = regexp.MustCompile(`name="form" value="([\w-]+)"`)

func (s *pagesServer) comeIn(key string) *insider {
	t := s.t
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	c := &insider{s: s, client: &http.Client{Transport: s.transport(), Jar: jar}}
	notice := c.post("/p/"+s.links[key].String(), url.Values{"code": {s.codes[key].String()}})
	found := hiddenSecret.FindStringSubmatch(notice)
	require.NotNil(t, found, notice)
	c.secret = found[1]
	at, err := url.Parse(s.address)
	require.NoError(t, err)
	for _, cookie := range jar.Cookies(at) {
		if strings.Contains(cookie.Name, "practice") {
			c.token = cookie.Value
		}
	}
	require.NotEmpty(t, c.token)
	return c
}

func (c *insider) send(request *http.Request) string {
	t := c.s.t
	t.Helper()
	answer, err := c.client.Do(request)
	require.NoError(t, err)
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusOK, answer.StatusCode, "%s: %s", request.URL.Path, body)
	return string(body)
}

func (c *insider) request(ctx context.Context, method, path string, body io.Reader) *http.Request {
	c.s.t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, c.s.address+path, body)
	require.NoError(c.s.t, err)
	r.Header.Set("Origin", c.s.address)
	return r
}

func (c *insider) get(path string) string {
	c.s.t.Helper()
	return c.send(c.request(c.s.t.Context(), http.MethodGet, path, nil))
}

func (c *insider) post(path string, fields url.Values) string {
	c.s.t.Helper()
	r := c.request(c.s.t.Context(), http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.send(r)
}

// form are the fields of a form: the session's secret, and pairs of name and value.
func (c *insider) form(pairs ...string) url.Values {
	fields := url.Values{"form": {c.secret}}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	return fields
}

var formID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// beginsAProof begins to send a proof, and returns once the server reads it; until finish
// it is under way, and the server forgets nothing.
func (c *insider) beginsAProof() (finish func() string) {
	t := c.s.t
	t.Helper()
	id := formID.FindStringSubmatch(c.get("/answer/told"))
	require.NotNil(t, id)
	read, write := io.Pipe()
	reads := make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(reads) }})
	r := c.request(ctx, http.MethodPost, "/answer/told", read)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=proof")
	r.Header.Set("Expect", "100-continue")
	answered := make(chan string, 1)
	go func() {
		defer close(answered)
		answer, err := c.client.Do(r)
		if err != nil {
			answered <- err.Error()
			return
		}
		body, err := io.ReadAll(answer.Body)
		answered <- fmt.Sprint(answer.Status, err, answer.Body.Close(), string(body))
	}()
	select {
	case <-reads:
	case said := <-answered:
		require.Fail(t, "the proof was not read", said)
	}
	say := func(text string) {
		_, err := io.WriteString(write, text)
		require.NoError(t, err)
	}
	for field, value := range map[string]string{
		"form": c.secret, "id": id[1], "what": breach.PracticeMailed + ".", "on": testkit.Today().AddDays(-1).String(), "count": "1",
		"reference": "by post", "name": "Ann Example", "title": "Office manager",
	} {
		say(fmt.Sprintf("--proof\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", field, value))
	}
	say(fmt.Sprintf("--proof\r\nContent-Disposition: form-data; name=\"proof\"; filename=\"%s.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%%PDF-1.7\n%s ", canaries["last_name"], strings.Repeat(proofs+" ", 2000)))
	return func() string {
		t.Helper()
		say("\r\n--proof--\r\n")
		require.NoError(t, write.Close())
		return <-answered
	}
}
