package logs_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/accesslog/logs"
	"duenotice/internal/breach"
)

// seen is an event as tests compare it.
type seen struct {
	line                       int
	at, account, role, patient string
	practice                   string
	action                     logs.Action
	failed                     bool
	problem                    string
}

func write(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func take(t testing.TB, text string, names ...string) (*logs.Log, error) {
	t.Helper()
	profiles, err := logs.Shipped()
	require.NoError(t, err)
	if len(names) > 0 {
		profiles = nil
		for _, name := range names {
			p, err := logs.Named(name)
			require.NoError(t, err)
			profiles = append(profiles, p)
		}
	}
	return logs.Take(t.Context(), 1, write(t, text), profiles, len(names) == 0)
}

func read(t testing.TB, text string, zone *time.Location, names ...string) (string, []seen) {
	t.Helper()
	l, err := take(t, text, names...)
	require.NoError(t, err)
	r, done, err := l.Open(t.Context(), zone)
	require.NoError(t, err)
	var all []seen
	var e logs.Event
	for {
		err := r.Next(&e)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		one := seen{line: e.Line, account: e.Account, role: e.Role, patient: strings.Join(e.Patients, ","), action: e.Action, failed: e.Failed, problem: e.Problem}
		one.practice = strings.Trim(e.PracticeID+"/"+e.PracticeNPI+"/"+e.PracticeName, "/")
		if e.Problem == "" {
			one.at = e.Time.UTC().Format(time.RFC3339)
		}
		all = append(all, one)
	}
	require.NoError(t, done())
	return l.Profile.ID, all
}

func TestACSVLogInCommonNames(t *testing.T) {
	t.Parallel()
	id, all := read(t, "Event Time,User ID,Role,Patient ID,Facility Name,Action,Result\n"+
		"2026-03-16T22:01:02-04:00,kim,Billing,17,Oak Street,Viewed,ok\n"+
		"2026-03-17T02:01:03Z,kim,Billing,18,Oak Street,Export,denied\n"+
		"2026-03-17T02:01:04Z,kim,Billing,,,Login,ok\n"+
		"2026-03-17T02:01:05Z,kim,Billing,19,Oak Street,Peeked,ok\n"+
		"2026-03-17T02:01:06Z,,Billing,19,Oak Street,View,ok\n"+
		"yesterday,kim,Billing,19,Oak Street,View,ok\n"+
		"2026-03-17T02:01:07Z,kim,Billing,19\n"+
		"2026-03-17T02:01:08Z,kim,Billing,20,\"Oak, Street\",View,ok\n", nil)
	require.Equal(t, "access-log", id)
	require.Equal(t, []seen{
		{2, "2026-03-17T02:01:02Z", "kim", "Billing", "17", "Oak Street", logs.View, false, ""},
		{3, "2026-03-17T02:01:03Z", "kim", "Billing", "18", "Oak Street", logs.Export, true, ""},
		{4, "2026-03-17T02:01:04Z", "kim", "Billing", "", "", logs.None, false, ""},
		{5, "2026-03-17T02:01:05Z", "kim", "Billing", "19", "Oak Street", logs.View, false, ""},
		{line: 6, problem: logs.ProblemAccount},
		{line: 7, problem: logs.ProblemTime},
		{line: 8, problem: logs.ProblemCells},
		{9, "2026-03-17T02:01:08Z", "kim", "Billing", "20", "Oak, Street", logs.View, false, ""},
	}, blank(all))
}

// blank takes from damaged lines what was read of them before the damage.
func blank(all []seen) []seen {
	for i, one := range all {
		if one.problem != "" {
			all[i] = seen{line: one.line, problem: one.problem}
		}
	}
	return all
}

const pgLine = `2026-03-16 22:01:02.123 EDT,"app","ehr",4711,"10.0.0.5:5432",65f5.1,7,"SELECT",2026-03-16 20:00:00 EDT,3/11,0,LOG,00000,"AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.patient,""select * from patient where patient_id = $2 and x = $1"",""a,17""",,,,,,,,,"portal","client backend",,0` + "\n"

func TestPgAuditInCsvlog(t *testing.T) {
	t.Parallel()
	eastern, err := logs.ZoneOf("America/New_York")
	require.NoError(t, err)
	other := strings.Replace(pgLine, "AUDIT: ", "statement: ", 1)
	literal := strings.Replace(pgLine, "= $2", "= '18'", 1)
	unnamed := strings.Replace(pgLine, " where patient_id = $2 and x = $1", "", 1)
	id, all := read(t, pgLine+other+literal+unnamed, eastern)
	require.Equal(t, "pgaudit", id)
	require.Equal(t, []seen{
		{1, "2026-03-17T02:01:02Z", "app", "", "17", "", logs.View, false, ""},
		{line: 2, problem: logs.Other},
		{3, "2026-03-17T02:01:02Z", "app", "", "18", "", logs.View, false, ""},
		{4, "2026-03-17T02:01:02Z", "app", "", "", "", logs.View, false, ""},
	}, blank(all))
	_, all = read(t, pgLine, nil)
	require.Equal(t, logs.ProblemZone, all[0].problem, "EDT alone does not say whose it is")
}

func TestOracleUnifiedAuditTrail(t *testing.T) {
	t.Parallel()
	id, all := read(t, "AUDIT_TYPE,DBUSERNAME,USERHOST,EVENT_TIMESTAMP_UTC,ACTION_NAME,RETURN_CODE,OBJECT_NAME,SQL_TEXT,UNIFIED_AUDIT_POLICIES\n"+
		"Standard,CLERK,host,16-MAR-26 10.01.02.123456 PM,SELECT,0,PATIENT,\"select *\nfrom patient\nwhere mrn = '17'\",P1\n"+
		"Standard,CLERK,host,2026-03-16 22:01:03.5,SELECT,942,PATIENT,select * from patient where mrn='18',P1\n", nil)
	require.Equal(t, "oracle-audit", id)
	require.Equal(t, []seen{
		{2, "2026-03-16T22:01:02Z", "CLERK", "", "17", "", logs.View, false, ""},
		{5, "2026-03-16T22:01:03Z", "CLERK", "", "18", "", logs.View, true, ""},
	}, all)
}

func TestSQLServerAudit(t *testing.T) {
	t.Parallel()
	text := "event_time,sequence_number,action_id,succeeded,session_server_principal_name,server_principal_name,object_name,statement,affected_rows\n" +
		"2026-03-16 22:01:02.1234567,1,SL  ,1,CORP\\kim,CORP\\kim,Patient,SELECT * FROM Patient WHERE [PatientId] = N'17',1\n" +
		"2026-03-16 22:01:03.1234567,1,SL  ,0,CORP\\kim,CORP\\kim,Patient,SELECT * FROM Patient,0\n"
	id, all := read(t, text, time.UTC)
	require.Equal(t, "sqlserver-audit", id)
	require.Equal(t, []seen{
		{2, "2026-03-16T22:01:02Z", `CORP\kim`, "", "17", "", logs.View, false, ""},
		{3, "2026-03-16T22:01:03Z", `CORP\kim`, "", "", "", logs.View, true, ""},
	}, all)
	_, all = read(t, text, nil)
	require.Equal(t, logs.ProblemZone, all[0].problem)
}

func TestMySQLAuditWithAndWithoutItsEnd(t *testing.T) {
	t.Parallel()
	list := `[{"timestamp":"2026-03-16 21:00:00","id":0,"class":"audit","event":"startup","account":{"user":"root"}},
 {"timestamp":"2026-03-16 22:01:02","id":1,"class":"table_access","event":"read","login":{"user":"kim","ip":"10.0.0.5"},"table_access_data":{"db":"ehr","table":"patient","query":"SELECT * FROM patient WHERE patient_id = 17","sql_command":"select"}},
 {"timestamp":"2026-03-16 22:01:02","id":2,"class":"general","event":"status","login":{"user":"kim"},"general_data":{"query":"SELECT 1"}}`
	want := []seen{
		{1, "2026-03-16T21:00:00Z", "root", "", "", "", logs.None, false, ""},
		{2, "2026-03-16T22:01:02Z", "kim", "", "17", "", logs.View, false, ""},
		{3, "2026-03-16T22:01:02Z", "kim", "", "", "", logs.None, false, ""},
	}
	for _, end := range []string{"]", "\n]\n", "\n"} {
		id, all := read(t, list+end, nil)
		require.Equal(t, "mysql-audit", id)
		require.Equal(t, want, all, "%q", end)
	}
	_, all := read(t, list+`,{"timestamp":"2026-03`, nil)
	require.Equal(t, append(want, seen{line: 4, problem: logs.ProblemJSON}), all, "what breaks off is said")
}

const audit = `{"resourceType":"AuditEvent","type":{"code":"rest"},"subtype":[{"code":"read"}],"action":"R","recorded":"2026-03-16T22:01:02-04:00","outcome":"0",
"agent":[{"who":{"reference":"Device/d1"},"requestor":false},{"role":[{"text":"Billing clerk"}],"altId":"kim","who":{"reference":"Practitioner/9"},"requestor":true,"network":{"address":"10.0.0.5"}}],
"source":{"site":"Oak Street","observer":{"display":"EHR"}},
"entity":[{"what":{"reference":"https://ehr.example.org/fhir/Patient/17/_history/3"}},{"what":{"reference":"Organization/o1"}}]}`

func TestFHIRAuditEventInWhateverItStandsIn(t *testing.T) {
	t.Parallel()
	one := strings.ReplaceAll(audit, "\n", "")
	want := seen{1, "2026-03-17T02:01:02Z", "kim", "Billing clerk", "17", "o1//Oak Street", logs.View, false, ""}
	other := `{"resourceType":"Patient","id":"1"}`
	five := `{"resourceType":"AuditEvent","code":{"coding":[{"code":"rest"}]},"action":"R","recorded":"2026-03-17T02:01:02Z","outcome":{"code":{"code":"12"}},"agent":[{"who":{"identifier":{"value":"kim"}},"requestor":true}],"source":{"site":{"reference":"Location/1"},"observer":{}},"patient":{"reference":"Patient/17"}}`
	for name, text := range map[string]string{
		"NDJSON":  one + "\n" + other + "\n{broken\n" + five + "\n",
		"bundle":  `{"resourceType":"Bundle","entry":[{"resource":` + audit + `},{"resource":` + other + `}]}`,
		"entries": `{"entry":[{"fullUrl":"x"},{"resource":` + audit + `}],"resourceType":"Bundle"}`,
		"list":    "[" + audit + "," + other + "]",
	} {
		id, all := read(t, text, nil)
		require.Equal(t, "fhir-audit", id, name)
		require.Equal(t, want, all[0], name)
		if name == "NDJSON" {
			require.Equal(t, logs.Other, all[1].problem)
			require.Equal(t, logs.ProblemJSON, all[2].problem)
			require.Equal(t, "17", all[3].patient)
			require.True(t, all[3].failed)
		}
	}
}

func TestColumnNamesBelowATitleAreFound(t *testing.T) {
	t.Parallel()
	_, all := read(t, "Audit report\n\"Printed\nfor compliance\"\n\nTime,User,MRN,Action\n2026-03-16T00:00:00Z,kim,7,View\n", nil)
	require.Equal(t, []seen{{6, "2026-03-16T00:00:00Z", "kim", "", "7", "", logs.View, false, ""}}, all)
}

func TestTheHourThatComesTwiceIsSaid(t *testing.T) {
	t.Parallel()
	eastern, err := logs.ZoneOf("America/New_York")
	require.NoError(t, err)
	l, err := take(t, "time,user,patient\n2026-11-01 01:30:00,kim,1\n2026-11-01 01:30:00 EST,kim,1\n2026-11-01 01:30:00 EDT,kim,1\n2026-03-08 02:30:00,kim,1\n2026-03-08 12:30:00,kim,1\n2026-03-08 12:30:00 PST,kim,1\n")
	require.NoError(t, err)
	r, done, err := l.Open(t.Context(), eastern)
	require.NoError(t, err)
	var e logs.Event
	for _, want := range []struct {
		at      string
		unclear bool
	}{
		{"2026-11-01T05:30:00Z", true}, {"2026-11-01T06:30:00Z", false}, {"2026-11-01T05:30:00Z", false}, {"2026-03-08T07:30:00Z", true}, {"2026-03-08T16:30:00Z", false},
	} {
		require.NoError(t, r.Next(&e))
		require.Equal(t, want.at, e.Time.UTC().Format(time.RFC3339))
		require.Equal(t, want.unclear, e.Unclear, want.at)
	}
	require.NoError(t, r.Next(&e))
	require.Equal(t, logs.ProblemZone, e.Problem, "a time of another zone")
	require.NoError(t, done())
}

func TestAQuotationMarkThatNeverClosesCostsOneLine(t *testing.T) {
	t.Parallel()
	text := "time,user,patient\n2026-03-16T00:00:00Z,\"kim,1\n" + strings.Repeat("2026-03-16T00:00:01Z,kim,2\n", 5000)
	_, all := read(t, text, nil)
	require.Len(t, all, 5001)
	require.Equal(t, logs.ProblemQuotes, all[0].problem)
	require.Equal(t, seen{3, "2026-03-16T00:00:01Z", "kim", "", "2", "", logs.View, false, ""}, all[1])
	require.Equal(t, 5002, all[5000].line)
}

func TestAPackedLogIsReadAndOneThatBreaksOffIsRefused(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte("time,user,patient\n2026-03-16T00:00:01Z,kim,2\n"))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	_, all := read(t, packed.String(), nil)
	require.Len(t, all, 1)
	_, err = take(t, packed.String()[:packed.Len()-6])
	refusal, is := breach.AsRefusal(err)
	require.True(t, is, "%v", err)
	require.Equal(t, "log_damaged", refusal.Code)
}

func TestWhatIsNoLogIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for text, code := range map[string]string{
		"":                          "log_empty",
		"a,b,c\n1,2,3\n":            "log_unknown",
		"{\"a\":1}\n":               "log_unknown",
		"\x00\x01\x02\x00\x00\x00a": "log_no_text",
	} {
		_, err := take(t, text)
		refusal, is := breach.AsRefusal(err)
		require.True(t, is, "%q: %v", text, err)
		require.Equal(t, code, refusal.Code)
		require.NotEmpty(t, refusal.Advice)
	}
}

func TestAProfileSaysWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	text, is := logs.Text("access-log")
	require.True(t, is)
	for old, anew := range map[string]string{
		"id: access-log":      "id: a b",
		"format: text":        "format: xml",
		`zone: ""`:            "zone: Nowhere/Else",
		"  none: [login":      "  nothing: [login",
		"  change: [create":   "  change: [viewed, create",
		"account: [user":      "acount: [user",
		"  failed: [failed,":  "  done: [x]\n  failed: [failed,",
		"rows: [rows":         "patient_in: {columns: [x], patterns: ['a=b']}\nrows: [rows",
		"source: [source, ip": "patient_in: {patterns: ['(a)']}\nsource: [source, ip",
	} {
		require.Contains(t, string(text), old)
		_, err := logs.Parse([]byte(strings.Replace(string(text), old, anew, 1)))
		require.Error(t, err, anew)
	}
	_, err := logs.Named("nothing")
	require.ErrorContains(t, err, "nothing")
}

func FuzzLog(f *testing.F) {
	for _, s := range []string{
		"time,user,patient\n2026-03-16T00:00:00Z,kim,1\n", pgLine, audit, "[" + audit + "]", `{"resourceType":"Bundle","entry":[{"resource":` + audit + `}]}`,
		`[{"timestamp":"2026-03-16 22:01:02","id":1,"class":"table_access","event":"read","login":{"user":"kim"}}`, "\x1f\x8b", "time;user;patient\n\"\n\"\"\n",
	} {
		f.Add([]byte(s))
	}
	profiles, err := logs.Shipped()
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "log")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		l, err := logs.Take(t.Context(), 1, path, profiles, true)
		if err != nil {
			return // it may refuse; it may not panic or hang
		}
		r, done, err := l.Open(t.Context(), time.UTC)
		require.NoError(t, err)
		last := 0
		var e logs.Event
		for {
			if err := r.Next(&e); err != nil {
				require.ErrorIs(t, err, io.EOF)
				break
			}
			require.Greater(t, e.Line, last, "lines come in order")
			last = e.Line
			if e.Problem == "" {
				require.NotEmpty(t, e.Account)
				require.False(t, e.Time.Before(logs.Earliest))
			}
		}
		require.NoError(t, done())
	})
}
