package accesslog_test

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/accesslog"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/intake"
	"duenotice/internal/synthetic"
)

var (
	today = civil.MustParse("2026-04-12")
	now   = time.Date(2026, 4, 12, 12, 0, 0, 0, time.UTC)
)

// made is a case with an imported list of patients, and a log with known truth.
type made struct {
	dir, log string
	truth    synthetic.AccessTruth
}

func small() synthetic.AccessLog {
	a := synthetic.DefaultAccessLog()
	a.Patients, a.Night, a.Exported = 3000, 1500, 50
	return a
}

func makeCase(t testing.TB, a synthetic.AccessLog) made {
	t.Helper()
	files := t.TempDir()
	m := made{dir: t.TempDir(), log: filepath.Join(files, "audit.csv")}
	var err error
	m.truth, err = a.WriteFiles(files)
	require.NoError(t, err)
	patients, practices := filepath.Join(files, "patients.csv"), filepath.Join(files, "clients.csv")
	report, err := intake.Import(t.Context(), intake.Options{Dir: m.dir, Sources: []string{patients, practices}, Today: today})
	require.NoError(t, err)
	require.False(t, report.Refused, "%+v", report)
	require.Equal(t, a.Patients, report.Written.Findings)
	return m
}

func (m made) options() accesslog.Options {
	return accesslog.Options{Dir: m.dir, Logs: []string{m.log}, From: m.truth.From, To: m.truth.To, Zone: m.truth.From.Location(), Now: now}
}

func (m made) table(t testing.TB, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join(m.dir, name))
	require.NoError(t, err)
	defer file.Close() //nolint:errcheck // only read
	all, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var rows []map[string]string
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestAClerksNightStandsOutAndAPhysiciansBusyDayDoesNot(t *testing.T) {
	t.Parallel()
	m := makeCase(t, small())
	o := m.options()
	o.To = o.To.Add(24 * time.Hour) // with the physician's busy day
	report, err := accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, m.truth.Lines, report.Events)
	require.Equal(t, 14, report.Accounts.All)
	require.Equal(t, 1, report.Accounts.Left, "%+v", report.Shown)
	require.Equal(t, m.truth.Account, report.Shown[0].Account)
	require.Equal(t, "Billing clerk", report.Shown[0].Role)
	left := map[string]accesslog.Sign{}
	for _, s := range report.Shown[0].Signs {
		if s.Left {
			left[s.Measure] = s
		}
	}
	require.Contains(t, left, accesslog.MeasurePatients)
	require.Contains(t, left, accesslog.MeasureExports)
	require.Contains(t, left, accesslog.MeasureHours)
	require.Contains(t, left, accesslog.MeasurePractices)
	require.Equal(t, 8, left[accesslog.MeasurePatients].Hours)
	require.Equal(t, 8, left[accesslog.MeasureHours].Value)
	require.Equal(t, 9, left[accesslog.MeasurePractices].Value, "it worked for 3 of 12 practices")
	own := left[accesslog.MeasurePatients].Own
	require.InDelta(t, 9, own.Median, 2, "50 to 100 a day in eight hours")
	busy := false
	for _, row := range m.table(t, accesslog.ReportCSV) {
		if row["account"] == m.truth.Busy && row["measure"] == accesslog.MeasurePatients {
			busy = true
			require.Equal(t, "no", row["left"])
			require.Equal(t, "own and role", row["judged_by"])
		}
	}
	require.True(t, busy, "the busy physician stands in the report with their numbers")
	svg, err := os.ReadFile(filepath.Join(m.dir, accesslog.ReportSVG))
	require.NoError(t, err)
	require.Contains(t, string(svg), "clerk-3 (Billing clerk): left what is usual")
	require.NotContains(t, string(svg), "NaN")
	require.NoFileExists(t, filepath.Join(m.dir, accesslog.FindingsFile), "without chosen accounts nobody is answered")
}

// Of many logs, those with a night have one account that left what is usual, and those
// without have none, though each has a busy physician.
func TestNobodyStandsOutWithoutReason(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 6; seed++ {
		a := synthetic.AccessLog{Seed: seed, Patients: 1200, Practices: 8, Clerks: 6, Physicians: 8, Days: 30}
		for _, night := range []int{0, 600} {
			a.Night = night
			files := t.TempDir()
			truth, err := a.WriteFiles(files)
			require.NoError(t, err)
			report, err := accesslog.Run(t.Context(), accesslog.Options{
				Dir: t.TempDir(), Logs: []string{filepath.Join(files, "audit.csv")}, From: truth.From, To: truth.To.Add(24 * time.Hour), Zone: truth.From.Location(), Now: now,
			})
			require.NoError(t, err)
			if night == 0 {
				require.Zero(t, report.Accounts.Left, "seed %d: %+v", seed, report.Shown)
				continue
			}
			require.Equal(t, 1, report.Accounts.Left, "seed %d: %+v", seed, report.Shown)
			require.Equal(t, truth.Account, report.Shown[0].Account)
		}
	}
}

// Where the log has no roles, what a machine does every hour is nobody else's usual.
func TestWithoutRolesAMachineHidesNobody(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("time,user,patient,action\n")
	begin := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	for d := range 10 {
		for h := range 8 {
			at := begin.Add(time.Duration(24*d+h) * time.Hour).Format(time.RFC3339)
			for i := range 300 {
				fmt.Fprintf(&b, "%s,interface,P%d,View\n", at, i)
			}
			opened := 5
			if d == 9 {
				opened = 200
			}
			for i := range opened {
				fmt.Fprintf(&b, "%s,kim,P%d,View\n", at, h*300+i)
			}
		}
	}
	log := filepath.Join(t.TempDir(), "log.csv")
	require.NoError(t, os.WriteFile(log, []byte(b.String()), 0o600))
	o := accesslog.Options{Dir: t.TempDir(), Logs: []string{log}, From: begin.AddDate(0, 0, 9), To: begin.AddDate(0, 0, 10), Zone: time.UTC, Now: now}
	report, err := accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, 1, report.Accounts.Left)
	require.Equal(t, "kim", report.Shown[0].Account)
	require.Equal(t, "own", report.Shown[0].Signs[0].Alone)
	// With roles from a list each is held against its own.
	o.Roles = filepath.Join(t.TempDir(), "roles.csv")
	require.NoError(t, os.WriteFile(o.Roles, []byte("account,role\nKIM,Clerk\ninterface,Machine\n"), 0o600))
	report, err = accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	require.Len(t, report.Roles, 2)
	require.Equal(t, "Clerk", report.Shown[0].Role)
	require.Empty(t, report.Shown[0].Signs[0].Alone)
}

// Whom the log shows is yes, whom a whole log does not show is no, and each yes is traced
// to lines whose hashes anybody can work out.
func TestFromTheNightToItsPeople(t *testing.T) {
	t.Parallel()
	m := makeCase(t, small())
	before, err := os.ReadFile(filepath.Join(m.dir, "findings.csv"))
	require.NoError(t, err)
	o := m.options()
	o.Accounts = []string{"CLERK-3"}
	report, err := accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	p := report.People
	require.Equal(t, []string{"clerk-3"}, p.Accounts)
	require.Equal(t, "list", p.IDs, "the profile by which the patients were imported")
	require.Equal(t, len(m.truth.Viewed), p.Yes, "%+v %+v", p, report.CannotShow)
	require.Equal(t, len(m.truth.Viewed), p.Touched)
	require.Equal(t, len(m.truth.Exported), p.Exported)
	require.Equal(t, 3000-len(m.truth.Viewed), p.No)
	require.Zero(t, p.Unknown)
	require.Zero(t, p.NotInList)
	require.Equal(t, len(m.truth.Viewed)+len(m.truth.Exported), p.Lines)
	require.Contains(t, p.ThirdFactor, "reached the records of 1500 people: 1500 viewed, 0 changed, 50 exported")
	require.Contains(t, p.ThirdFactor, p.LinesSHA256)

	people, err := intake.PersonKeysOf(m.dir, hashOf(before))
	require.NoError(t, err)
	keys := map[string]bool{}
	for id := range m.truth.Viewed {
		keys[people.Key(p.IDs, id)] = true
	}
	rows := m.table(t, accesslog.FindingsFile)
	require.Len(t, rows, 3000)
	for _, row := range rows {
		require.Equal(t, map[bool]string{true: "yes", false: "no"}[keys[row["person_key"]]], row["acquired_or_viewed"])
		require.NotEmpty(t, row["last_name"])
	}
	text, err := os.ReadFile(m.log)
	require.NoError(t, err)
	logged := strings.Split(string(text), "\n")
	lines := m.table(t, accesslog.LinesFile)
	require.Len(t, lines, p.Lines)
	at := 0
	for _, line := range lines {
		n := 0
		for _, digit := range line["line"] {
			n = 10*n + int(digit-'0')
		}
		sum := sha256.Sum256([]byte(logged[n-1]))
		require.Equal(t, hex.EncodeToString(sum[:]), line["sha256"])
		at += n
	}
	require.NotZero(t, at)
	after, err := os.ReadFile(filepath.Join(m.dir, "findings.csv"))
	require.NoError(t, err)
	require.Equal(t, before, after, "the list itself is only changed when it is asked for")
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// Who was not reached can be left out, and stays in the list from before.
func TestRowsWithNoCanBeLeftOut(t *testing.T) {
	t.Parallel()
	m := makeCase(t, small())
	o := m.options()
	o.Accounts, o.Write, o.LeaveOutNo = []string{"clerk-3"}, true, true
	report, err := accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, 1500, report.People.No)
	require.Len(t, m.table(t, "findings.csv"), 1500)
	require.Len(t, m.table(t, accesslog.BeforeFile), 3000)
	o.LeaveOutNo = false
	report, err = accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, 1500, report.People.No)
	require.Len(t, m.table(t, "findings.csv"), 3000, "nobody is lost by having been left out")
}

// However often it is given, and whatever it said before, the same is written; the
// evidence then names the logs.
func TestAnswersAreNotMadeOfAnswers(t *testing.T) {
	t.Parallel()
	m := makeCase(t, small())
	base, err := os.ReadFile(filepath.Join(m.dir, "findings.csv"))
	require.NoError(t, err)
	o := m.options()
	o.Accounts, o.Write = []string{"clerk-3"}, true
	first, err := accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	written, err := os.ReadFile(filepath.Join(m.dir, "findings.csv"))
	require.NoError(t, err)
	require.Equal(t, first.People.FindingsSHA256, hashOf(written))
	// Another account and other times: nothing of the first answers is left.
	o.Accounts = []string{"clerk-1"}
	_, err = accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	o.Accounts = []string{"clerk-3"}
	again, err := accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, first, again)
	kept, err := os.ReadFile(filepath.Join(m.dir, accesslog.BeforeFile))
	require.NoError(t, err)
	require.Equal(t, base, kept)
	// What is evidence stays when others are looked at.
	o.Accounts, o.Write = []string{"clerk-1"}, false
	_, err = accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	lines, err := os.ReadFile(filepath.Join(m.dir, accesslog.EvidenceFile))
	require.NoError(t, err)
	require.Equal(t, first.People.LinesSHA256, hashOf(lines))
	o.Accounts, o.Write = []string{"clerk-3"}, true
	// A run that was cut off before it wrote the list leaves one of an earlier run, which is
	// known for what it is.
	require.NoError(t, os.Remove(filepath.Join(m.dir, "findings.csv")))
	require.NoError(t, os.WriteFile(filepath.Join(m.dir, "findings.csv"), written, 0o600))
	again, err = accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, first, again)

	sums, err := accesslog.SourcesOf(m.dir, first.People.FindingsSHA256)
	require.NoError(t, err)
	require.Equal(t, first.Logs[0].SHA256, sums["access log L1"])
	require.Equal(t, first.People.LinesSHA256, sums["access lines"])
	require.NotEmpty(t, sums["S1"], "what the list was imported from")
	sums, err = accesslog.SourcesOf(m.dir, "another")
	require.NoError(t, err)
	require.Empty(t, sums)
}

// What the log cannot show makes nobody's answer no.
func TestWhatALogCannotShowIsNamedAndMakesUnknown(t *testing.T) {
	t.Parallel()
	m := makeCase(t, small())
	whole, err := os.ReadFile(m.log)
	require.NoError(t, err)
	lines := strings.SplitAfter(string(whole), "\n")
	night := -1
	for i, line := range lines {
		if strings.HasPrefix(line, "2026-03-16T23:") {
			night = i
			break
		}
	}
	require.Positive(t, night)
	between := func(added string) string {
		return strings.Join(lines[:night], "") + added + strings.Join(lines[night:], "")
	}
	hour := func(stamp string) string { // without an hour of a day
		var b strings.Builder
		for _, line := range lines {
			if !strings.HasPrefix(line, stamp) {
				b.WriteString(line)
			}
		}
		return b.String()
	}
	for name, one := range map[string]struct {
		text, code string
		within     bool
		to         time.Time
	}{
		"a damaged line in the night":    {between("2026-03-16T22:59:59-04:00,clerk-3\n"), accesslog.LimitUnreadable, true, m.truth.To},
		"a damaged line weeks before":    {lines[0] + lines[1] + "damaged\n" + strings.Join(lines[2:], ""), accesslog.LimitUnreadable, false, m.truth.To},
		"a query over many":              {between("2026-03-16T22:59:59-04:00,clerk-3,Billing clerk,,Oak Street Clinic,Search,WS,ok\n"), accesslog.LimitUnnamed, true, m.truth.To},
		"a clock that was put back":      {between("2026-03-16T20:00:00-04:00,clerk-1,Billing clerk,M000001,Oak Street Clinic,View,WS,ok\n"), accesslog.LimitClock, true, m.truth.To},
		"an hour that is missing":        {hour("2026-03-17T10:"), accesslog.LimitGap, true, m.truth.To.Add(12 * time.Hour)},
		"an hour missing weeks before":   {hour("2026-03-03T10:"), accesslog.LimitGap, false, m.truth.To},
		"a log that ends before the end": {strings.Join(lines[:night], ""), accesslog.LimitEnds, true, m.truth.To},
		"a time to come":                 {between("2027-03-16T20:00:00-04:00,clerk-1,Billing clerk,M000001,Oak Street Clinic,View,WS,ok\n"), accesslog.LimitFuture, true, m.truth.To},
	} {
		n := m
		n.log = filepath.Join(t.TempDir(), "log.csv")
		require.NoError(t, os.WriteFile(n.log, []byte(one.text), 0o600))
		o := n.options()
		o.Accounts, o.To = []string{"clerk-3"}, one.to
		report, err := accesslog.Run(t.Context(), o)
		require.NoError(t, err, name)
		codes := map[string]bool{}
		for _, limit := range report.CannotShow {
			codes[limit.Code] = codes[limit.Code] || limit.Within
			require.NotEmpty(t, limit.Explain(), name)
		}
		within, there := codes[one.code]
		require.True(t, there, "%s: %+v", name, report.CannotShow)
		require.Equal(t, one.within, within, name)
		if one.within {
			require.Zero(t, report.People.No, name)
			require.Equal(t, 3000-report.People.Yes, report.People.Unknown, name)
			require.Contains(t, report.People.ThirdFactor, "cannot show", name)
		} else {
			require.Positive(t, report.People.No, name)
		}
	}
}

// People whom the list does not have, or not at that practice, are listed and not lost;
// one who was only refused is unknown, and a yes of the list stays one.
func TestNobodyWhomTheLogNamesIsLost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	put("practices.csv", "practice_key,legal_name\nOAK,Oak Street\nASH,Ash Street\n")
	put("findings.csv", "person_key,practice_key,last_name,data_classes,acquired_or_viewed\np1,OAK,Doe,name,\np1,ASH,Doe,name,\np2,OAK,Roe,name,\np3,OAK,Poe,name,yes\np4,OAK,Loe,name,unknown\np5,OAK,Moe,name,\np6,OAK,Noe,name,\n")
	log := filepath.Join(t.TempDir(), "log.csv")
	at := "2026-03-16T10:00:00Z"
	require.NoError(t, os.WriteFile(log, []byte("time,user,patient,practice,action,result\n2026-03-16T00:00:00Z,kim,p4,Oak Street,View,ok\n"+
		at+",kim,p1,Oak Street,View,ok\n"+
		at+",kim,p2,Ash Street,Export,ok\n"+
		at+",kim,p5,Oak Street,View,denied\n"+
		at+",kim,p9,Oak Street,View,ok\n"+
		at+",kim,=x y,Nowhere,View,ok\n"+
		"2026-03-17T00:00:00Z,kim,p4,Oak Street,View,ok\n"), 0o600))
	o := accesslog.Options{Dir: dir, Logs: []string{log}, From: time.Date(2026, 3, 16, 1, 0, 0, 0, time.UTC), To: time.Date(2026, 3, 16, 23, 0, 0, 0, time.UTC), Zone: time.UTC, Accounts: []string{"kim"}, Now: now}
	report, err := accesslog.Run(t.Context(), o)
	require.NoError(t, err)
	m := made{dir: dir}
	answers := map[string]string{}
	for _, row := range m.table(t, accesslog.FindingsFile) {
		answers[row["person_key"]+" "+row["practice_key"]] = row["acquired_or_viewed"]
	}
	require.Equal(t, map[string]string{
		"p1 OAK": "yes", "p1 ASH": "no", "p2 OAK": "yes", "p3 OAK": "yes", "p4 OAK": "no", "p5 OAK": "unknown", "p6 OAK": "unknown",
	}, answers)
	require.Equal(t, map[string]int{
		accesslog.ReasonTouched: 1, accesslog.ReasonNotTouched: 2, accesslog.ReasonTouchedOther: 1, accesslog.ReasonListSays: 1, accesslog.ReasonFailed: 1, accesslog.ReasonNotInLog: 1,
	}, report.People.Reasons)
	for reason := range report.People.Reasons {
		require.NotEmpty(t, accesslog.ExplainReason(reason))
	}
	var unknown []string
	for _, row := range m.table(t, accesslog.UnknownFile) {
		unknown = append(unknown, row["patient_as_logged"]+": "+row["why"])
	}
	require.ElementsMatch(t, []string{"'=x y: the list has nobody with this id", "p9: the list has nobody with this id", "p2: the list does not have the person at this practice"}, unknown)
	require.Equal(t, 2, report.People.NotInList)
	require.Equal(t, 1, report.People.AtOtherPractice)
	require.Equal(t, 1, report.People.OnlyFailed)
}

// Who stands in the list once under two ids is found by either.
func TestSomebodyWithTwoIDsIsFoundByEither(t *testing.T) {
	t.Parallel()
	dir, files := t.TempDir(), t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(files, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	list := put("patients.csv", "MRN,First Name,Last Name,Birth Date,Address 1,City,State,Zip Code,Practice Name\n"+
		"17,Ann,Doe,1980-01-02,1 Ash St,Reno,NV,89501,Oak Street\n18,Ann,Doe,1980-01-02,1 Ash St,Reno,NV,89501,Oak Street\n19,Bob,Roe,1990-03-04,2 Elm St,Reno,NV,89501,Oak Street\n")
	clients := put("clients.csv", "practice_key,legal_name\nOAK,Oak Street\n")
	imported, err := intake.Import(t.Context(), intake.Options{Dir: dir, Sources: []string{list, clients}, Today: today})
	require.NoError(t, err)
	require.Equal(t, 2, imported.Written.People, "%+v", imported)
	for _, id := range []string{"17", "18"} {
		log := put("log-"+id+".csv", "time,user,patient,action\n2026-03-16T00:00:00Z,kim,19,View\n2026-03-16T10:00:00Z,kim,"+id+",View\n2026-03-17T00:00:00Z,kim,19,View\n")
		report, err := accesslog.Run(t.Context(), accesslog.Options{
			Dir: dir, Logs: []string{log}, From: time.Date(2026, 3, 16, 1, 0, 0, 0, time.UTC), To: time.Date(2026, 3, 16, 23, 0, 0, 0, time.UTC), Zone: time.UTC, Accounts: []string{"kim"}, Now: now,
		})
		require.NoError(t, err)
		require.Equal(t, 1, report.People.Yes, "by the id %s: %+v", id, report.People)
		require.Equal(t, 1, report.People.No)
		require.Zero(t, report.People.NotInList)
	}
}

func TestWhatCannotBeDoneIsRefusedInWords(t *testing.T) {
	t.Parallel()
	m := makeCase(t, synthetic.AccessLog{Seed: 2, Patients: 60, Practices: 3, Clerks: 3, Physicians: 2, Days: 5, Night: 20, Exported: 2})
	naive := filepath.Join(t.TempDir(), "naive.csv")
	require.NoError(t, os.WriteFile(naive, []byte("time,user,patient\n2026-03-16 10:00:00,kim,M000001\n"), 0o600))
	for code, change := range map[string]func(*accesslog.Options){
		"access_window":  func(o *accesslog.Options) { o.To = o.From },
		"no_case_folder": func(o *accesslog.Options) { o.Dir = filepath.Join(o.Dir, "none") },
		"access_account": func(o *accesslog.Options) { o.Accounts = []string{"nobody"} },
		"access_zone":    func(o *accesslog.Options) { o.Logs = []string{naive} },
		"log_twice":      func(o *accesslog.Options) { o.Logs = append(o.Logs, o.Logs[0]) },
		"log_missing":    func(o *accesslog.Options) { o.Logs = []string{"none.csv"} },
		"log_profile":    func(o *accesslog.Options) { o.Profiles = []string{"nothing"} },
		"access_roles":   func(o *accesslog.Options) { o.Roles = naive },
	} {
		o := m.options()
		change(&o)
		_, err := accesslog.Run(t.Context(), o)
		refusal, is := breach.AsRefusal(err)
		require.True(t, is, "%s: %v", code, err)
		require.Equal(t, code, refusal.Code)
		require.NotEmpty(t, refusal.Advice)
		require.NotContains(t, err.Error(), "M0000")
	}
	for _, name := range []string{accesslog.ReportCSV, accesslog.ReportJSON, accesslog.FindingsFile} {
		require.NoFileExists(t, filepath.Join(m.dir, name), "a run that is refused writes nothing")
	}
	o := m.options()
	o.Logs, o.LogZone = []string{naive}, time.UTC
	_, err := accesslog.Run(t.Context(), o)
	require.NoError(t, err)
}
