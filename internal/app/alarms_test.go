package app_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"duenotice/activities"
	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/mail"
	"duenotice/internal/officetest"
	"duenotice/internal/seeing"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// scene is a case on servers of its own, and what a worker of it would show.
type scene struct {
	installed
	t        *testing.T
	config   app.Config
	temporal client.Client
	sender   *postman
	at       *clock
}

func newScene(t *testing.T) *scene {
	t.Helper()
	server := testkit.Temporal(t, temporalx.SearchAttributes()...)
	s := &scene{t: t, temporal: server.Client(t, client.Options{})}
	s.installed, s.sender, s.at = installQuiet(t, quiet("P1"), quiet("P2"))
	s.config = app.Config{
		Zone: time.UTC, Certificates: server.Certificates, TemporalAddress: server.Address, TemporalNamespace: server.Namespace, OwnStack: true,
	}
	return s
}

// shown is what a worker shows at an instant, as Prometheus reads it.
func (s *scene) shown(t *testing.T, at time.Time) string {
	t.Helper()
	reading, err := app.Reading(t.Context(), s.config, s.store, s.temporal, at)
	require.NoError(t, err)
	open, err := seeing.Open(t.Context(), seeing.Options{Listen: "127.0.0.1:0"}, "worker", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	open.Show("", reading)
	return scraped(t, open)
}

func scraped(t *testing.T, open *seeing.Seeing) string {
	t.Helper()
	w := httptest.NewRecorder()
	open.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, seeing.MetricsPath, nil))
	require.Equal(t, http.StatusOK, w.Code)
	return w.Body.String()
}

// TestEachAlarmFiresWhenTheThingHappens on real servers: what a worker shows before gives
// no such alarm, the thing is done, and what it shows then makes Prometheus's own engine
// fire by the rules of docs/monitoring.
func TestEachAlarmFiresWhenTheThingHappens(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	now := time.Now()
	var lock sync.Mutex
	var alarms []string
	var histories []officetest.History
	things := map[string]func(s *scene) (was, is string){
		"DuenoticeNobodyWorks": func(s *scene) (was, is string) {
			require.NoError(s.t, s.store.SignOfLife(s.t.Context(), "w", s.config.Queue(), ""))
			was = s.shown(s.t, now)
			require.NoError(s.t, s.store.EndSign(s.t.Context(), "w", s.config.Queue(), ""))
			return was, s.shown(s.t, now)
		},
		"DuenoticeDutyNear": func(s *scene) (was, is string) {
			s.follow(s.t, "P1")
			due := s.nearest(s.t)
			return s.shown(s.t, due.Add(-8*day)), s.shown(s.t, due.Add(-7*day))
		},
		"DuenoticeDutyLate": func(s *scene) (was, is string) {
			s.follow(s.t, "P1")
			due := s.nearest(s.t)
			return s.shown(s.t, due), s.shown(s.t, due.Add(2*day))
		},
		"DuenoticePeopleUntoldNear": func(s *scene) (was, is string) {
			s.follow(s.t, "P1")
			return s.shown(s.t, s.sixty(-8)), s.shown(s.t, s.sixty(-7))
		},
		"DuenoticePeopleUntoldLate": func(s *scene) (was, is string) {
			s.follow(s.t, "P1")
			return s.shown(s.t, s.sixty(0)), s.shown(s.t, s.sixty(2))
		},
		"DuenoticeWaitsForPerson": func(s *scene) (was, is string) {
			s.follow(s.t, "P1") // now it waits for the practice to say who writes
			return s.shown(s.t, now.Add(2*day)), s.shown(s.t, now.Add(4*day))
		},
		"DuenoticeLettersHeld": func(s *scene) (was, is string) {
			was = s.shown(s.t, now)
			s.sql(s.t, "UPDATE finding SET state = 'held', state_why = 'unprintable' WHERE person_key = 'person-P1'")
			return was, s.shown(s.t, now)
		},
		"DuenoticeNoticesNotTaken": func(s *scene) (was, is string) {
			s.follow(s.t, "P1")
			was = s.shown(s.t, now)
			s.sender.err = &mail.Rejected{}
			s.follow(s.t, "P2")
			return was, s.shown(s.t, now)
		},
		"DuenoticePracticesStopped": func(s *scene) (was, is string) {
			was = s.shown(s.t, now)
			s.sql(s.t, "UPDATE incident SET rulebook_sha256 = 'of another program'")
			s.fails(s.t, "P1")
			return was, s.shown(s.t, now)
		},
		"DuenoticeTroubles": func(s *scene) (was, is string) {
			was = s.shown(s.t, now)
			s.sql(s.t, "ALTER TABLE decision RENAME TO decision_away")
			for range 3 { // what passes by itself in a moment is none
				s.fails(s.t, "P1")
			}
			return was, s.shown(s.t, now)
		},
		"DuenoticeTamperedWith": func(s *scene) (was, is string) {
			was = s.shown(s.t, now)
			s.sql(s.t, "UPDATE finding SET protected = false WHERE person_key = 'person-P1'")
			altered, err := s.store.CheckPeople(s.t.Context(), caseID)
			require.NoError(s.t, err)
			require.Equal(s.t, 1, altered)
			return was, s.shown(s.t, now)
		},
		"DuenoticeAccountWrong": func(s *scene) (was, is string) {
			was = s.shown(s.t, now)
			s.sql(s.t, "UPDATE practice SET findings = findings + 1 WHERE practice_key = 'P1'")
			return was, s.shown(s.t, now)
		},
		"DuenoticeLedgerNotAnchored": func(s *scene) (was, is string) {
			s.follow(s.t, "P1")
			_, err := s.store.AnchorLedger(s.t.Context(), caseID, 0)
			require.NoError(s.t, err)
			was = s.shown(s.t, now.Add(27*time.Hour))
			s.follow(s.t, "P2")
			return was, s.shown(s.t, now.Add(27*time.Hour))
		},
		"DuenoticeCertificateEnds": func(s *scene) (was, is string) {
			until, err := s.config.Certificates.Until()
			require.NoError(s.t, err)
			return s.shown(s.t, until.Add(-15*day)), s.shown(s.t, until.Add(-13*day))
		},
	}
	t.Run("things", func(t *testing.T) {
		for alarm, happens := range things {
			t.Run(alarm, func(t *testing.T) {
				t.Parallel()
				was, is := happens(newScene(t))
				lock.Lock()
				defer lock.Unlock()
				alarms = append(alarms, alarm)
				histories = append(histories, officetest.History{Start: officetest.ReadAt(t, was), Scrapes: []officetest.Scrape{{Times: 70, Text: was}}}, officetest.History{Start: officetest.ReadAt(t, is), Scrapes: []officetest.Scrape{{Times: 5, Text: was}, {Times: 70, Text: is}}})
			})
		}
	})
	require.Len(t, alarms, len(things))
	firing := officetest.Fire(t, histories...)
	for i, alarm := range alarms {
		require.NotContains(t, firing[2*i], alarm, "before")
		require.Contains(t, firing[2*i+1], alarm, "after")
	}
}

// nearest is noon of the day on which the first duty of the case is due.
func (s *scene) nearest(t *testing.T) time.Time {
	t.Helper()
	status, err := s.store.Status(t.Context(), caseID, s.at.at, s.today())
	require.NoError(t, err)
	require.False(t, status.NextDue.IsZero())
	return status.NextDue.Start(time.UTC).Add(12 * time.Hour)
}

// sixty is noon of the day on which the people of the case are to be told at the latest,
// and so many days after.
func (s *scene) sixty(days int) time.Time {
	return s.begin.AddDays(breach.NoticeDays + days).Start(time.UTC).Add(12 * time.Hour)
}

// fails lets a step on a practice fail, which the worker then writes down.
func (s *scene) fails(t *testing.T, key string) {
	t.Helper()
	_, err := s.steps.PlanPractice(t.Context(), activities.PracticeRef{IncidentID: caseID, PracticeKey: key})
	require.Error(t, err)
	app.NoteFailure(t.Context(), s.store, casebook.Trouble{Incident: caseID, Practice: key, Kind: "PlanPractice"}, err)
}

// TestAQueueThatNobodyWorksOnIsSeen by its age, which nobody else's numbers tell: a
// worker's own latency counts what it takes.
func TestAQueueThatNobodyWorksOnIsSeen(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	read := func() seeing.Queue {
		reading, err := app.Reading(t.Context(), s.config, s.store, s.temporal, time.Now())
		require.NoError(t, err)
		require.Len(t, reading.Queues, 3)
		return reading.Queues[s.config.Queue()]
	}
	require.Zero(t, read())
	_, err := s.temporal.ExecuteWorkflow(t.Context(), app.IncidentOptions(breach.Incident{ID: caseID}, s.config.Queue()), workflows.IncidentType, workflows.IncidentInput{IncidentID: caseID})
	require.NoError(t, err)
	testkit.Await(t, func() bool {
		q := read()
		return q.Waiting == 1 && q.Oldest > 0
	})
}

// TestWhereNobodyAnswersAndWherePagesFailAnAlarmFires.
func TestWhereNobodyAnswersAndWherePagesFailAnAlarmFires(t *testing.T) {
	t.Parallel()
	open, err := seeing.Open(t.Context(), seeing.Options{Listen: "127.0.0.1:0"}, "pages", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	code := http.StatusOK
	page := open.Web(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }), nil)
	ask := func() string {
		page.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		return scraped(t, open)
	}
	well := ask()
	code = http.StatusInternalServerError
	first, again := ask(), ask()
	start := time.Now()
	firing := officetest.Fire(t, officetest.History{Start: start, Scrapes: []officetest.Scrape{{Times: 10, Text: well}}}, officetest.History{Start: start, Scrapes: []officetest.Scrape{{Times: 2, Text: first}, {Times: 7, Text: again}}},
		officetest.History{Start: start, Scrapes: []officetest.Scrape{{Times: 10, Text: well}, {Times: 6, Text: ""}}})
	require.Equal(t, []string{"DuenoticeNobodyWorks"}, firing[0], "nobody says that anybody works")
	require.Contains(t, firing[1], "DuenoticePagesFail")
	require.Contains(t, firing[2], "DuenoticeDown")
}
