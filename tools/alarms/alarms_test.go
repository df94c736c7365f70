package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const rules = "../../docs/monitoring/alerts.yml"

var start = time.Unix(1_800_000_000, 0)

// well is what a worker shows while all is well.
const well = `duenotice_worker_working 1
duenotice_read_timestamp_seconds 1.800009000e+09
duenotice_practices_late{incident="EX"} 0
duenotice_duty_days_left{incident="EX"} 8
duenotice_people_untold{incident="EX",days_left="late"} 0
duenotice_people_untold{incident="EX",days_left="7"} 0
duenotice_people_untold{incident="EX",days_left="14"} 100
duenotice_waiting_oldest_seconds{incident="EX",whom="officer",what="step"} 259200
duenotice_letters_held{incident="EX"} 0
duenotice_notices{incident="EX",state="refused"} 0
duenotice_notices{incident="EX",state="kept_back"} 5
duenotice_practices_stopped{incident="EX"} 0
duenotice_queue_oldest_seconds{queue="duenotice"} 900
duenotice_queue_oldest_seconds{queue="duenotice-papers"} 14400
duenotice_alarms{kind="altered"} 0
duenotice_accounts_wrong{incident="EX"} 0
duenotice_ledger_unanchored_seconds{incident="EX"} 93600
duenotice_certificate_days_left{certificate="temporal"} 14
duenotice_http_request_duration_seconds_count{code="500"} 3
`

// TestEachAlarmFiresBeyondItsLineAndNotOnIt: the number on the line is well; one step
// further, for as long as the rule waits, and no alarm but this one fires; a minute less
// and none does.
func TestEachAlarmFiresBeyondItsLineAndNotOnIt(t *testing.T) {
	t.Parallel()
	alerts, err := read(rules)
	if err != nil {
		t.Fatal(err)
	}
	if got := firingAfter(t, alerts, scrape{90, well}); len(got) > 0 {
		t.Fatalf("all is well, and there fires %v", got)
	}
	known, left := map[string]alert{}, map[string]bool{}
	for _, a := range alerts {
		known[a.name], left[a.name] = a, true
	}
	for _, c := range []struct{ alarm, was, is string }{
		{"DuenoticeNobodyWorks", "duenotice_worker_working 1", "duenotice_worker_working 0"},
		{"DuenoticeNotRead", "1.800009000e+09", "1.799999000e+09"},
		{"DuenoticeDutyLate", `late{incident="EX"} 0`, `late{incident="EX"} 1`},
		{"DuenoticeDutyNear", `days_left{incident="EX"} 8`, `days_left{incident="EX"} 7`},
		{"DuenoticePeopleUntoldLate", `days_left="late"} 0`, `days_left="late"} 1`},
		{"DuenoticePeopleUntoldNear", `days_left="7"} 0`, `days_left="7"} 1`},
		{"DuenoticeWaitsForPerson", "259200", "259201"},
		{"DuenoticeLettersHeld", `held{incident="EX"} 0`, `held{incident="EX"} 1`},
		{"DuenoticeNoticesNotTaken", `state="refused"} 0`, `state="refused"} 1`},
		{"DuenoticePracticesStopped", `stopped{incident="EX"} 0`, `stopped{incident="EX"} 1`},
		{"DuenoticeTroubles", "duenotice_worker_working 1\n", "duenotice_worker_working 1\nduenotice_troubles{step=\"PlanPractice\",stopped=\"false\"} 1\n"},
		{"DuenoticeQueueStands", `queue="duenotice"} 900`, `queue="duenotice"} 901`},
		{"DuenoticeQueueStands", "14400", "14401"},
		{"DuenoticeTamperedWith", `kind="altered"} 0`, `kind="altered"} 1`},
		{"DuenoticeAccountWrong", `wrong{incident="EX"} 0`, `wrong{incident="EX"} 1`},
		{"DuenoticeLedgerNotAnchored", "93600", "93601"},
		{"DuenoticeCertificateEnds", `"temporal"} 14`, `"temporal"} 13.9`},
	} {
		a, is := known[c.alarm]
		delete(left, c.alarm)
		ill := strings.Replace(well, c.was, c.is, 1)
		if !is || ill == well {
			t.Fatalf("%s is no alarm, or %q is not shown", c.alarm, c.was)
		}
		minutes := int(a.wait / time.Minute)
		if got := firingAfter(t, alerts, scrape{5, well}, scrape{minutes + 1, ill}); !slices.Equal(got, []string{c.alarm}) {
			t.Errorf("%s: there fires %v", c.alarm, got)
		}
		if minutes > 0 {
			if got := firingAfter(t, alerts, scrape{5, well}, scrape{minutes, ill}); len(got) > 0 {
				t.Errorf("%s fires before its time: %v", c.alarm, got)
			}
		}
		if got := firingAfter(t, alerts, scrape{5, well}, scrape{minutes + 1, ill}, scrape{1, well}); len(got) > 0 {
			t.Errorf("%s does not end when all is well again: %v", c.alarm, got)
		}
	}
	for _, c := range []struct {
		alarm string
		after []scrape
	}{
		// Nobody answers, and what nobody shows is not shown as well.
		{"DuenoticeDown", []scrape{{5, well}, {7, ""}}},
		{"DuenoticePagesFail", []scrape{{5, well}, {6, strings.Replace(well, `code="500"} 3`, `code="500"} 4`, 1)}}},
	} {
		if got := firingAfter(t, alerts, c.after...); !slices.Contains(got, c.alarm) {
			t.Errorf("%s: there fires %v", c.alarm, got)
		}
		delete(left, c.alarm)
	}
	if len(left) > 0 {
		t.Errorf("no case makes these fire: %v", left)
	}
}

func firingAfter(t *testing.T, alerts []alert, scrapes ...scrape) []string {
	t.Helper()
	firing, err := fire(t.Context(), alerts, history{Job: "duenotice-worker", Start: start, Scrapes: scrapes})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range firing {
		names = append(names, f.Alert)
	}
	return names
}

// TestWhatIsNoRuleIsRefused, as Prometheus refuses it.
func TestWhatIsNoRuleIsRefused(t *testing.T) {
	t.Parallel()
	good, err := os.ReadFile(rules)
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string][2]string{
		"an expression that is none": {"duenotice_practices_late) > 0", "duenotice_practices_late) >"},
		"a field that is unknown":    {"for: 5m", "fore: 5m"},
		"a template that is none":    {"{{ $labels.instance }}", "{{ $labels.instance"},
		"no severity":                {"{severity: critical}", "{}"},
	} {
		path := filepath.Join(t.TempDir(), "rules.yml")
		bad := bytes.Replace(good, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(bad, good) {
			t.Fatal(what)
		}
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(path); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
}

// TestTheProgramAnswersInJSON what another test reads.
func TestTheProgramAnswersInJSON(t *testing.T) {
	t.Parallel()
	in, err := json.Marshal(history{Job: "duenotice-worker", Start: start, Scrapes: []scrape{{1, strings.Replace(well, `"altered"} 0`, `"altered"} 2`, 1)}}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(t.Context(), []string{"fire", rules}, bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	if want := `[{"alert":"DuenoticeTamperedWith","labels":{"kind":"altered"}}]`; strings.TrimSpace(out.String()) != want {
		t.Errorf("got %s, want %s", out.String(), want)
	}
}
