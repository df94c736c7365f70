package accesslog_test

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/accesslog"
)

// benchEvents is how many events of each format are read, unless the environment says
// another number: DUENOTICE_BENCH_EVENTS=100000000 takes the largest log.
func benchEvents(t testing.TB) int {
	t.Helper()
	text := os.Getenv("DUENOTICE_BENCH_EVENTS")
	if text == "" {
		return 200_000
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// Each format is read whole (twice, sorted, judged, one account's people answered), and
// beside it by the bare reader of the library, which keeps nothing. peak-MB is what the
// process has of the machine's memory in the end: it does not grow with the events.
func BenchmarkAccess(b *testing.B) {
	n := benchEvents(b)
	for _, format := range []struct {
		name string
		line func(w io.Writer, at time.Time, account, patient int)
		bare func(testing.TB, io.Reader)
		head string
	}{
		{"csv", func(w io.Writer, at time.Time, account, patient int) {
			fmt.Fprintf(w, "%s,user-%04d,Role %d,M%07d,Oak Street,View,ok\n", at.Format(time.RFC3339), account, account%5, patient)
		}, bareCSV, "time,user,role,patient id,practice,action,result\n"},
		{"fhir", func(w io.Writer, at time.Time, account, patient int) {
			fmt.Fprintf(w, `{"resourceType":"AuditEvent","type":{"code":"rest"},"subtype":[{"code":"read"}],"action":"R","recorded":"%s","outcome":"0","agent":[{"role":[{"text":"Role %d"}],"altId":"user-%04d","requestor":true}],"source":{"site":"Oak Street","observer":{"display":"EHR"}},"entity":[{"what":{"reference":"Patient/M%07d"}}]}`+"\n", at.Format(time.RFC3339), account%5, account, patient)
		}, bareJSON, ""},
		{"pgaudit", func(w io.Writer, at time.Time, account, patient int) {
			fmt.Fprintf(w, `%s UTC,"user-%04d","ehr",4711,"10.0.0.5:5432",65f5.1,7,"SELECT",2026-03-16 20:00:00 UTC,3/11,0,LOG,00000,"AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.patient,""select * from patient where mrn = 'M%07d'"",<none>",,,,,,,,,"portal","client backend",,0`+"\n", at.Format("2006-01-02 15:04:05.000"), account, patient)
		}, bareCSV, ""},
	} {
		path := benchLog(b, n, format.head, format.line)
		dir := b.TempDir()
		require.NoError(b, os.WriteFile(filepath.Join(dir, "practices.csv"), []byte("practice_key,legal_name\nOAK,Oak Street\n"), 0o600))
		require.NoError(b, os.WriteFile(filepath.Join(dir, "findings.csv"), []byte("person_key,practice_key,last_name,data_classes\nM0000001,OAK,Doe,name\n"), 0o600))
		end := benchBegin.Add(60 * 24 * time.Hour)
		b.Run(format.name+"/access", func(b *testing.B) {
			for b.Loop() {
				report, err := accesslog.Run(b.Context(), accesslog.Options{
					Dir: dir, Logs: []string{path}, From: end.Add(-24 * time.Hour), To: end, Zone: time.UTC, Accounts: []string{"user-0001"}, Now: end,
				})
				require.NoError(b, err)
				require.Equal(b, n, report.Events)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/(1<<20), "peak-MB")
		})
		b.Run(format.name+"/bare", func(b *testing.B) {
			for b.Loop() {
				file, err := os.Open(path)
				require.NoError(b, err)
				format.bare(b, file)
				require.NoError(b, file.Close())
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

var benchBegin = time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)

// benchLog writes a log of 2,000 accounts, half a million patients and 60 days.
func benchLog(b *testing.B, n int, head string, line func(io.Writer, time.Time, int, int)) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "log")
	file, err := os.Create(path)
	require.NoError(b, err)
	w := bufio.NewWriterSize(file, 1<<20)
	_, err = w.WriteString(head)
	require.NoError(b, err)
	r := rand.New(rand.NewPCG(7, 7))
	for i := range n {
		at := benchBegin.Add(time.Duration(float64(60*24*time.Hour) * float64(i) / float64(n))).Truncate(time.Second)
		line(w, at, r.IntN(2000), r.IntN(500_000))
	}
	require.NoError(b, errors.Join(w.Flush(), file.Close()))
	return path
}

func bareCSV(t testing.TB, src io.Reader) {
	t.Helper()
	r := csv.NewReader(src)
	r.ReuseRecord, r.FieldsPerRecord = true, -1
	for {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func bareJSON(t testing.TB, src io.Reader) {
	t.Helper()
	lines := bufio.NewScanner(src)
	for lines.Scan() {
		var resource map[string]any
		if err := json.NewDecoder(bytes.NewReader(lines.Bytes())).Decode(&resource); err != nil {
			t.Fatal(err)
		}
	}
}
