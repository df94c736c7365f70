package e2e_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/encoding/protojson"

	"duenotice/internal/officetest"
	"duenotice/internal/postgres"
	"duenotice/internal/stack"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
)

// canaries are a person's data, each unmistakable: whoever finds one outside the
// places where it belongs has found a leak. The kind of data is one that nobody
// else in the case has.
var canaries = map[string]string{
	"first_name": "Zebulonquark", "middle_name": "Ypsikrates", "last_name": "Wixlethorpe", "birth_date": "1931-07-23",
	"representative_name": "Ottokarina Plumsteadvex", "address1": "7713 Quibblesnork Lane", "address2": "Flat Grumblewick",
	"email": "zq.wixle@canary.example.org", "phone": "804-555-0173", "data_classes": "passport",
}

// providersWords are what the mail provider says of its own when it refuses. It is
// told nothing of a patient, so the database may keep them, and nothing else.
const providersWords = "Gimblewort"

// TestNoPatientDataOutsideItsPlaces takes a case with canaries in it through the
// whole demo, forces what can go wrong (the database refuses and quotes what it
// was given, the mail provider repeats what it was sent, a folder cannot be
// written, a list has bad rows, acts are refused, activities and workflow tasks
// panic with the person, the worker is killed), and then
// searches everything that is not meant to hold patients: Temporal's files, each
// workflow's history decrypted, visibility, the database's files, the servers' and the worker's logs at
// their most talkative, all that the commands printed, the e-mails, the temporary
// files, the metrics and traces, the names of the papers, what a practice's notice says of itself, and the
// arguments of our processes.
func TestNoPatientDataOutsideItsPlaces(t *testing.T) {
	t.Parallel()
	dir := serversFolder(t)
	temporal, err := stack.StartTemporal(t.Context(), dir, stack.TemporalOptions{Throwaway: true, SearchAttributes: temporalx.SearchAttributes()})
	require.NoError(t, err)
	database, err := stack.StartPostgres(t.Context(), dir, stack.PostgresOptions{Throwaway: true})
	require.NoError(t, err)
	url := database.URL("duenotice")
	require.NoError(t, postgres.Migrate(t.Context(), url))

	provider := &parrot{}
	mail := httptest.NewServer(provider)
	t.Cleanup(mail.Close)
	telemetry, seen := &collector{}, freeAddress(t)
	collecting := httptest.NewServer(telemetry)
	t.Cleanup(collecting.Close)
	temp, logs := t.TempDir(), filepath.Join(t.TempDir(), "worker.log")
	var errs lockedBuffer
	o := openOffice(t, officetest.Servers{Owner: url, Program: database.ProgramURL("duenotice"),
		Temporal: testkit.TemporalServer{Address: temporal.Address, Certificates: temporal.Certificates, Namespace: "default"}}, map[string]string{
		"SENDGRID_API_KEY": "SG.test", "DUENOTICE_MAIL_FROM": "notices@vendor-of-records.com", "SENDGRID_HOST": mail.URL,
		"DUENOTICE_LOG_FILE": logs, "DUENOTICE_LOG_LEVEL": "debug", "TMPDIR": temp,
		"DUENOTICE_METRICS_LISTEN": seen, "DUENOTICE_OTLP_ENDPOINT": collecting.URL,
	}, &errs)
	o.Heard = &bytes.Buffer{}
	folder, made := officetest.MakeCase(t, 600, officetest.LongAgo)
	o.Env["CASE"] = folder
	key := plant(t, folder)

	// The database quotes what it refuses, to the command and to the worker.
	refuse(t, url, "finding", "true")
	code, _, _ := o.Run("start", folder, "--by", "Ada Officer")
	require.Equal(t, 1, code, "the database refused")
	permit(t, url, "finding")
	refuse(t, url, "decision", "NEW.practice_id = (SELECT id FROM practice WHERE practice_key = '"+key+"')")
	blocked := filepath.Join(o.Out, made.IncidentID, "practices", otherThan(o, key))
	require.NoError(t, os.MkdirAll(filepath.Dir(blocked), 0o700))
	require.NoError(t, os.WriteFile(blocked, nil, 0o600))
	arguments := []string{processArguments(o)}
	o.Do("start", folder, "--by", "Ada Officer", "--no-wait")
	for _, obstacle := range []string{"P0001", "make the folder of"} {
		testkit.Await(t, func() bool {
			said, err := os.ReadFile(logs)
			return err == nil && bytes.Contains(said, []byte(obstacle))
		}, func() string { return fmt.Sprintf("the worker did not meet %q", obstacle) })
	}
	o.KillWorker()
	panicking(t, o, made.IncidentID, logs)
	permit(t, url, "decision")
	require.NoError(t, os.Remove(blocked))
	o.StartWorker()

	// What a person does wrong.
	bad := badList(t, folder)
	for _, wrong := range [][]string{
		{"amend", made.IncidentID, "--findings", bad, "--by", "Ada Officer"},
		{"validate", filepath.Dir(bad)},
		{"approve", made.IncidentID, "--practice", "nobody", "--by", "Ada Officer"},
		{"record", made.IncidentID, "--fact", "hhs_filed", "--on", "1999-01-01", "--by", "Ada Officer"},
		{"hold", made.IncidentID, "--kind", "oral", "--stated-on", "1999-01-01", "--official", "", "--agency", "", "--statement", "", "--by", "Ada Officer"},
	} {
		code, _, _ := o.Run(wrong...)
		require.NotZero(t, code, wrong)
	}
	arguments = append(arguments, processArguments(o))
	// While somebody is untold there are numbers of it; they go to the collector once a minute.
	var metrics string
	testkit.Await(t, func() bool {
		metrics = fetched(t, "http://"+seen+"/metrics")
		return strings.Contains(metrics, "duenotice_people_untold{") && strings.Contains(string(telemetry.heard()), "duenotice_people_untold")
	}, func() string { return "there are no numbers of people untold" })
	o.SteerToTheEnd(folder, made)
	for _, asked := range [][]string{{"status"}, {"status", made.IncidentID, "--practice", key}, {"plan", folder}, {"rules"}, {"doctor"}} {
		o.Do(asked...)
	}
	require.Positive(t, provider.refused(), "the provider refused nothing")

	t.Run("the canaries were there to be found", func(t *testing.T) {
		list := officetest.ReadFile(t, filepath.Join(o.Out, made.IncidentID, "practices", key, "people.csv"))
		for what, canary := range canaries {
			require.Contains(t, list, canary, what)
		}
	})
	found := histories(t, o)
	metrics += fetched(t, "http://"+seen+"/metrics") + fetched(t, "http://"+seen+"/readyz")
	testkit.Await(t, func() bool {
		return strings.Contains(string(telemetry.heard()), "RunActivity:SendNotice")
	}, func() string { return "the collector heard too little" })
	o.KillWorker() // so that nothing is still written
	require.NoError(t, temporal.Stop(t.Context()))
	require.NoError(t, database.Stop(t.Context()))
	sought := maps.Clone(canaries)
	sought["provider's words"] = providersWords
	clean := func(where string, content []byte, except ...string) {
		t.Helper()
		for what, canary := range sought {
			if contains(content, canary) && !slices.Contains(except, what) {
				t.Errorf("%s has the %s", where, what)
			}
		}
	}
	clean("Temporal's histories, decrypted", found)
	clean("the metrics", []byte(metrics))
	require.NotContains(t, metrics, `"`+key+`"`, "nor do they name a practice")
	clean("what was sent to the collector", telemetry.heard())
	require.NotContains(t, string(telemetry.heard()), temporalx.PracticeID(made.IncidentID, key))
	searched, rows := false, 0
	for _, f := range filesBelow(t, dir) {
		if strings.Contains(f, string(filepath.Separator)+"postgres"+string(filepath.Separator)+"data") {
			rows++
			clean("the database's file "+f, []byte(officetest.ReadFile(t, f)), "data_classes", "provider's words") // what the law counts by is in clear there
			continue
		}
		searched = searched || contains([]byte(officetest.ReadFile(t, f)), temporalx.PracticeID(made.IncidentID, key))
		clean("the servers' file "+f, []byte(officetest.ReadFile(t, f)))
	}
	require.True(t, searched, "Temporal's database was not among the files")
	require.Positive(t, rows, "PostgreSQL's was not")
	clean("the worker's log", []byte(officetest.ReadFile(t, logs)))
	clean("the worker's standard error", errs.Bytes())
	// The officer's own summary may name kinds of data; it names nobody.
	clean("what the commands printed", o.Heard.Bytes(), "data_classes")
	clean("an e-mail", provider.heard())
	clean("a process's arguments", []byte(strings.Join(arguments, "\n")))
	for _, f := range filesBelow(t, temp) {
		clean("the temporary file "+f, []byte(officetest.ReadFile(t, f)))
	}
	for _, f := range filesBelow(t, o.Out) {
		clean("the name of the paper", []byte(f))
	}
	// Its pages are compressed; what it says of itself is not.
	clean("the notice's own information", []byte(officetest.ReadFile(t, filepath.Join(o.Out, made.IncidentID, "practices", key, "notice.pdf"))), "data_classes")
}

// collector takes what is sent to it by OTLP, and keeps it.
type collector struct {
	mu   sync.Mutex
	took bytes.Buffer
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil { // else the worker was killed while it sent
		c.took.Write(body)
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func (c *collector) heard() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.took.Bytes())
}

// freeAddress is one at which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}

func fetched(t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, answer.Body.Close()) }()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return string(body)
}

// serversFolder is a folder that PostgreSQL can pass through as another user.
func serversFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "duenotice-canary-") //nolint:usetesting // t.TempDir lets no other user pass
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o711))
	t.Cleanup(func() { require.NoError(t, stack.Remove(context.Background(), dir, nil)) })
	return dir
}

// plant puts the person into the case, as a row of a practice that delegates
// everything, and returns that practice's key.
func plant(t *testing.T, folder string) string {
	t.Helper()
	path := filepath.Join(folder, "findings.csv")
	rows, err := csv.NewReader(strings.NewReader(officetest.ReadFile(t, path))).ReadAll()
	require.NoError(t, err)
	header := rows[0]
	classes := officetest.Column(header, "data_classes")
	for _, row := range rows[1:] {
		row[classes] = strings.Join(strings.FieldsFunc(strings.ReplaceAll(row[classes], canaries["data_classes"], ""), func(r rune) bool { return r == ';' }), ";")
	}
	planted := append([]string(nil), rows[1]...)
	for name, canary := range canaries {
		planted[officetest.Column(header, name)] = canary
	}
	planted[officetest.Column(header, "person_key")] = "canary-1"
	planted[officetest.Column(header, "deceased_date")] = ""
	planted[officetest.Column(header, "representative_relation")] = "personal_representative"
	writeRows(t, path, append(rows, planted))
	return planted[officetest.Column(header, "practice_key")]
}

// badList writes a case folder's list in which the person stands twice, once with
// a birthday that does not exist and a number that no cell may have.
func badList(t *testing.T, folder string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"incident.yaml", "practices.csv"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(officetest.ReadFile(t, filepath.Join(folder, name))), 0o600))
	}
	rows, err := csv.NewReader(strings.NewReader(officetest.ReadFile(t, filepath.Join(folder, "findings.csv")))).ReadAll()
	require.NoError(t, err)
	again := append([]string(nil), rows[len(rows)-1]...)
	worse := append([]string(nil), again...)
	worse[officetest.Column(rows[0], "person_key")] = "canary-2"
	worse[officetest.Column(rows[0], "birth_date")] = "1931-02-30 " + canaries["last_name"]
	worse[officetest.Column(rows[0], "middle_name")] = canaries["middle_name"] + " 123-45-6789"
	path := filepath.Join(dir, "findings.csv")
	writeRows(t, path, [][]string{rows[0], again, again, worse})
	return path
}

func writeRows(t *testing.T, path string, rows [][]string) {
	t.Helper()
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	require.NoError(t, w.WriteAll(rows))
	require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
}

// refuse makes the database raise an error that quotes the canaries for rows of a
// table that meet the condition.
func refuse(t *testing.T, url, table, condition string) {
	t.Helper()
	var quoted []string
	for _, canary := range canaries {
		quoted = append(quoted, canary)
	}
	// Put together when it is raised: the database's own catalog would hold it.
	message := ""
	for _, letter := range strings.Join(quoted, " | ") {
		message += fmt.Sprintf("%s'%c'", map[bool]string{true: " || "}[message != ""], letter)
	}
	_, err := testkit.Pool(t, url).Exec(t.Context(), fmt.Sprintf(`
		CREATE FUNCTION refuse_%[1]s() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN IF %[2]s THEN RAISE EXCEPTION USING MESSAGE = 'bad row: ' || %[3]s, DETAIL = %[3]s, HINT = %[3]s; END IF; RETURN NEW; END $$;
		CREATE TRIGGER refuse BEFORE INSERT ON %[1]s FOR EACH ROW EXECUTE FUNCTION refuse_%[1]s()`, table, condition, message))
	require.NoError(t, err)
}

func permit(t *testing.T, url, table string) {
	t.Helper()
	_, err := testkit.Pool(t, url).Exec(t.Context(), fmt.Sprintf("DROP TRIGGER refuse ON %[1]s; DROP FUNCTION refuse_%[1]s()", table))
	require.NoError(t, err)
}

// otherThan is a practice that is not this one.
func otherThan(o *office, key string) string {
	o.T.Helper()
	rows, err := csv.NewReader(strings.NewReader(officetest.ReadFile(o.T, filepath.Join(o.Env["CASE"], "practices.csv")))).ReadAll()
	require.NoError(o.T, err)
	for _, row := range rows[1:] {
		if other := row[officetest.Column(rows[0], "practice_key")]; other != key && row[officetest.Column(rows[0], "delegation")] == "all" {
			return other
		}
	}
	require.Fail(o.T, "there is no other practice")
	return ""
}

// histories is everything that Temporal keeps of the workflows, decrypted: a leak
// under encryption is one still.
func histories(t *testing.T, o *office) []byte {
	t.Helper()
	c := testkit.TemporalOf(o.Env).Client(t, client.Options{})
	sealed := codecOf(t, o)
	var all bytes.Buffer
	runs := 0
	for token := []byte(nil); ; {
		page, err := c.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{NextPageToken: token})
		require.NoError(t, err)
		for _, execution := range page.GetExecutions() {
			runs++
			visible, err := protojson.Marshal(execution)
			require.NoError(t, err)
			all.Write(visible)
			history, held := inClear(t, c, sealed, execution.GetExecution().GetWorkflowId(), execution.GetExecution().GetRunId())
			all.Write(held)
			text, err := protojson.Marshal(history)
			require.NoError(t, err)
			all.Write(text)
		}
		if token = page.GetNextPageToken(); len(token) == 0 {
			break
		}
	}
	require.Greater(t, runs, 40)
	require.Contains(t, all.String(), "Individual notice due", "nothing was decrypted")
	return all.Bytes()
}

// contains finds a text as bytes, as UTF-16 (how a PDF may say something of
// itself), and as JSON or a URL would write it.
func contains(content []byte, canary string) bool {
	var wide []byte
	for _, unit := range utf16.Encode([]rune(canary)) {
		wide = append(wide, byte(unit>>8), byte(unit))
	}
	lower := bytes.ToLower(content)
	for _, form := range []string{canary, strings.ReplaceAll(canary, " ", "%20"), strings.ReplaceAll(canary, " ", "+"), strings.ReplaceAll(canary, "@", "%40")} {
		if bytes.Contains(lower, []byte(strings.ToLower(form))) {
			return true
		}
	}
	return bytes.Contains(content, wide)
}

func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	}))
	return files
}

// processArguments are those of the worker, as anybody on the machine can read them.
func processArguments(o *office) string {
	worker := o.Worker()
	line, err := os.ReadFile("/proc/" + strconv.Itoa(worker.Process.Pid) + "/cmdline")
	if err != nil {
		return strings.Join(worker.Args, " ") // a system without /proc
	}
	return string(line)
}

// lockedBuffer is written by a process and read by a test.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) Bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Clone(b.b.Bytes())
}

// parrot stands in for SendGrid: it repeats what it was sent in its refusals. It
// fails at first, and refuses one message for good.
type parrot struct {
	mu     sync.Mutex
	asked  int
	bodies bytes.Buffer
}

func (p *parrot) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(r.Body)
	p.mu.Lock()
	p.asked++
	asked := p.asked
	p.bodies.Write(content)
	p.mu.Unlock()
	said := fmt.Sprintf(`{"errors":[{"message":%q}]}`, fmt.Sprint(providersWords, " ", string(content)))
	switch {
	case err != nil, asked == 4:
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, said)
	case asked < 3:
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, said)
	default:
		w.Header().Set("X-Message-Id", strconv.Itoa(asked))
		w.WriteHeader(http.StatusAccepted)
	}
}

func (p *parrot) refused() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return min(p.asked, 3)
}

func (p *parrot) heard() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.bodies.Bytes())
}
