package app_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/mail"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
)

// postman takes e-mail as a provider does, and keeps it.
type postman struct {
	mu   sync.Mutex
	sent []mail.Message
	err  error
}

func (p *postman) Ready() error { return nil }
func (p *postman) Name() string { return "sendgrid" }
func (p *postman) Outcome(context.Context, string, string) (mail.Receipt, error) {
	return mail.Receipt{Outcome: mail.NotTaken}, nil
}

func (p *postman) Send(_ context.Context, m mail.Message) (mail.Receipt, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return mail.Receipt{}, p.err
	}
	p.sent = append(p.sent, m)
	return mail.Receipt{Outcome: mail.Accepted, ProviderID: "sg-" + m.ID}, nil
}

func (p *postman) take() []mail.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	sent := p.sent
	p.sent = nil
	return sent
}

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func quiet(key string) breach.Practice {
	return breach.Practice{
		Key: key, LegalName: "Oak Street Family Medicine", State: "TX", Timezone: "America/Chicago", Agent: breach.Yes, PrivacyOfficer: "Dana Example",
		Address1: "12 Oak Street", City: "Austin", ZIP: "78701", Email: "office@" + strings.ToLower(key) + ".example.org", SecondEmail: "owner@" + strings.ToLower(key) + ".example.org",
		DefaultDelegation: breach.DelegateLetters, DefaultDays: 10,
	}
}

// follow does what a practice's workflow does, until nothing is to be done now.
func (in installed) follow(t *testing.T, key string) activities.PracticeState {
	t.Helper()
	ref := activities.PracticeRef{IncidentID: caseID, PracticeKey: key}
	state, err := in.steps.PlanPractice(t.Context(), ref)
	require.NoError(t, err)
	for range 10 {
		switch {
		case state.PapersStale:
			state, err = in.steps.PreparePapers(t.Context(), activities.PapersInput{PracticeRef: ref, At: in.steps.Now()})
		case state.NoticeDue:
			state, err = in.steps.SendNotice(t.Context(), ref)
		case state.DefaultDue:
			state, err = in.steps.ApplyDefault(t.Context(), ref)
		case state.MessageDue != "":
			state, err = in.steps.SendMessage(t.Context(), ref)
		default:
			return state
		}
		require.NoError(t, err)
	}
	require.Fail(t, "the practice is never at rest")
	return state
}

// sql changes something past the program, as the pages' server would.
func (in installed) sql(t *testing.T, statement string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), in.url)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	_, err = conn.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}

// everything is all that the database says in text.
func (in installed) everything(t *testing.T) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), in.url)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	var all string
	for _, table := range []string{"outbox", "act", "ledger", "page_practice", "page_code", "practice", "trouble", "post_batch", "post_piece"} {
		var text string
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT coalesce(string_agg(x::text, chr(10)), '') FROM "+table+" x").Scan(&text))
		all += text
	}
	return all
}

func installQuiet(t *testing.T, practices ...breach.Practice) (installed, *postman, *clock) {
	t.Helper()
	sender, at := &postman{}, &clock{at: time.Now().UTC().Truncate(24 * time.Hour).Add(18 * time.Hour)}
	in := install(t, at.now, sender, practices)
	address, err := url.Parse("https://notice.example.com")
	require.NoError(t, err)
	in.steps.Pages = address
	return in, sender, at
}

// TestASilentPracticeIsRemindedAndThenItsContractSpeaks: the notice has the link and the
// code goes to another mailbox; the reminders come on their days, each once, and the
// contract's default is an act of the program's own. Neither link nor code stands
// anywhere in the database.
func TestASilentPracticeIsRemindedAndThenItsContractSpeaks(t *testing.T) {
	t.Parallel()
	in, sender, at := installQuiet(t, quiet("P1"))
	state := in.follow(t, "P1")
	sent := sender.take()
	require.Len(t, sent, 2)
	require.Equal(t, []string{"office@p1.example.org", "owner@p1.example.org"}, []string{sent[0].To.Email, sent[1].To.Email})
	link, err := in.store.PageLink(t.Context(), packet.Practice{IncidentID: caseID, Key: "P1"})
	require.NoError(t, err)
	require.Contains(t, sent[0].Text, "https://notice.example.com/p/"+link.String())
	require.NotContains(t, sent[1].Text, link.String(), "link and code do not go the same way")
	var code packet.Code
	for _, word := range strings.Fields(sent[1].Text) {
		if parsed, err := packet.ParseCode(word); err == nil {
			code = parsed
		}
	}
	require.NotEmpty(t, code.String())
	require.NotContains(t, sent[0].Text, code.String())
	for _, m := range sent {
		require.NotContains(t, m.Text+m.Subject, "Ada Example", "no patient")
	}
	require.False(t, state.WakeAt.IsZero(), "it wakes for the first reminder")
	require.Empty(t, in.follow(t, "P1").MessageDue)
	require.Empty(t, sender.take(), "nothing goes twice")

	day := func(days int) { at.at = at.at.AddDate(0, 0, days) }
	day(4)
	in.follow(t, "P1")
	require.Empty(t, sender.take())
	day(1)
	in.follow(t, "P1")
	reminder := sender.take()
	require.Len(t, reminder, 1)
	require.Contains(t, reminder[0].Subject, "Reminder")
	require.Contains(t, reminder[0].Text, link.String())
	require.NotEqual(t, sent[0].ID, reminder[0].ID)
	in.follow(t, "P1")
	require.Empty(t, sender.take())

	day(5) // the tenth day: it can still answer
	require.Empty(t, in.follow(t, "P1").Delegation)
	day(1)
	require.Equal(t, breach.DelegateLetters, in.follow(t, "P1").Delegation)
	require.Empty(t, sender.take())
	acts, err := in.store.Acts(t.Context(), caseID, "P1")
	require.NoError(t, err)
	last := acts[len(acts)-1]
	require.Equal(t, casebook.ActDelegate, last.Kind)
	require.Equal(t, casebook.Engine, last.Who)
	in.follow(t, "P1")
	again, err := in.store.Acts(t.Context(), caseID, "P1")
	require.NoError(t, err)
	require.Len(t, again, len(acts), "a default holds once")

	day(2) // a worker that was away: the latest reminder of those that passed, and no other
	in.follow(t, "P1")
	require.Len(t, sender.take(), 1, "its page is not opened")
	in.sql(t, "UPDATE page_practice SET opened_at = now(), answered_at = now()")
	day(20)
	in.follow(t, "P1")
	require.Empty(t, sender.take(), "who has opened and answered is left alone")

	all := in.everything(t)
	require.NotContains(t, all, link.String())
	require.NotContains(t, all, code.String())
}

// TestWhatEndsReminders: a hold, an answer by telephone, an address that is none.
func TestWhatEndsReminders(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, installed, *postman){
		"answered on the page": func(t *testing.T, in installed, _ *postman) {
			t.Helper()
			in.sql(t, "UPDATE page_practice SET opened_at = now(), answered_at = now()")
		},
		"a hold": func(t *testing.T, in installed, _ *postman) {
			t.Helper()
			in.sql(t, `UPDATE incident SET facts = jsonb_set(facts, '{law_enforcement_holds}', jsonb_build_array(jsonb_build_object('kind', 'written', 'stated_on', $1::text,
				'until', $2::text, 'official', 'A. Example', 'agency', 'Example County Sheriff', 'statement', 'Wait.')))`, in.begin.String(), in.begin.AddDays(90).String())
		},
		"a reminder that is refused": func(_ *testing.T, _ installed, p *postman) {
			p.err = &mail.Rejected{Status: 400}
		},
		"a notice that came back": func(t *testing.T, in installed, _ *postman) {
			t.Helper()
			p, err := in.store.Practice(t.Context(), caseID, "P1")
			require.NoError(t, err)
			_, err = in.steps.ActOnPractice(t.Context(), casebook.Act{
				ID: "bounced", IncidentID: caseID, PracticeKey: "P1", Kind: casebook.ActRecord, Who: "Robin Officer",
				Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.NoticeBounced, On: in.today(), Reference: casebook.MessageReference(p.Notice.ID)}},
			})
			require.NoError(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in, sender, at := installQuiet(t, quiet("P1"))
			in.follow(t, "P1")
			require.Len(t, sender.take(), 2)
			end(t, in, sender)
			for range 3 {
				at.at = at.at.AddDate(0, 0, 6)
				in.follow(t, "P1")
			}
			require.Empty(t, sender.take())
			if sender.err != nil {
				p, err := in.store.Practice(t.Context(), caseID, "P1")
				require.NoError(t, err)
				require.Len(t, p.Messages, 2, "the code and one reminder: the next would be refused too")
			}
		})
	}
}

// TestADefaultNeverTakesThePlaceOfAnAnswer: one that waits to be carried out counts, and
// so does one by telephone.
func TestADefaultNeverTakesThePlaceOfAnAnswer(t *testing.T) {
	t.Parallel()
	in, _, at := installQuiet(t, quiet("P1"), quiet("P2"))
	in.follow(t, "P1")
	in.follow(t, "P2")
	at.at = at.at.AddDate(0, 0, 11)
	in.sql(t, `INSERT INTO page_session (proof_sha256, practice_id, wrapped, way, until) SELECT sha256('x'), id, '', 'code', now() + interval '1 hour' FROM practice WHERE practice_key = 'P1'`)
	in.sql(t, `INSERT INTO page_answer (id, practice_id, kind, content_sha256, sealed, session)
		SELECT gen_random_uuid(), id, 'delegate', repeat('a', 64), 'x', sha256('x') FROM practice WHERE practice_key = 'P1'`)
	require.Empty(t, in.follow(t, "P1").Delegation, "its answer is on its way")
	_, err := in.steps.ActOnPractice(t.Context(), casebook.Act{
		ID: "told", IncidentID: caseID, PracticeKey: "P2", Kind: casebook.ActDelegate, Who: "Robin Officer", Delegate: &casebook.DelegateTerms{Delegation: breach.DelegateNone},
	})
	require.NoError(t, err)
	require.Equal(t, breach.DelegateNone, in.follow(t, "P2").Delegation)
}

func (in installed) today() civil.Date { return civil.OfTime(in.steps.Now().In(in.steps.Zone)) }

// askForPost has letters of a kind planned, as the command does.
func (in installed) askForPost(t *testing.T, kind string, keys ...string) error {
	t.Helper()
	act := casebook.Act{IncidentID: caseID, Kind: casebook.ActNotify, Who: "Robin Officer", Notify: &casebook.NotifyTerms{Post: kind, Practices: keys}}
	_, next, err := in.store.PracticesToPost(t.Context(), act, in.today())
	require.NoError(t, err)
	act.Notify.Batch, act.ID = next, fmt.Sprint("post-", next)
	_, err = in.steps.ActOnIncident(t.Context(), act)
	return err
}

// TestNoticesByPostArePrintedOnce: those whom e-mail cannot bring theirs, in ZIP order,
// with codes that open their pages; a process that dies leaves codes that open nothing.
func TestNoticesByPostArePrintedOnce(t *testing.T) {
	t.Parallel()
	far, near, nowhere := quiet("FAR"), quiet("NEAR"), quiet("NOWHERE")
	for _, p := range []*breach.Practice{&far, &near, &nowhere} {
		p.Email, p.SecondEmail = "", ""
	}
	far.ZIP, nowhere.Address1 = "99501", ""
	in, sender, _ := installQuiet(t, far, near, nowhere, quiet("MAILED"))
	for _, key := range []string{"FAR", "NEAR", "NOWHERE", "MAILED"} {
		in.follow(t, key)
	}
	require.Len(t, sender.take(), 2, "one has e-mail")
	require.NoError(t, in.askForPost(t, casebook.PostNotice))
	refusal, ok := activities.RefusalOf(in.askForPost(t, casebook.PostNotice))
	require.True(t, ok)
	require.Equal(t, "nothing_waits", refusal.Code, "who is in a batch waits for no other")

	// A worker dies before the batch lies there whole; another prints it.
	_, printed, err := activities.PrintPost(t.Context(), in.steps, &diesEarly{Store: in.store}, "first")
	require.ErrorIs(t, err, errDied)
	require.False(t, printed)
	_, printed, err = activities.PrintPost(t.Context(), in.steps, in.store, "second")
	require.NoError(t, err)
	require.False(t, printed, "the first one's claim holds for a while")
	in.sql(t, "UPDATE post_batch SET claim_until = now()")
	batch, printed, err := activities.PrintPost(t.Context(), in.steps, in.store, "second")
	require.NoError(t, err)
	require.True(t, printed)
	require.ErrorContains(t, in.store.SavePost(t.Context(), batch, "first", casebook.Batch{}), "another worker")
	_, printed, err = activities.PrintPost(t.Context(), in.steps, in.store, "third")
	require.NoError(t, err)
	require.False(t, printed)

	folder := in.steps.Out.Incident(caseID)
	list, err := os.ReadFile(folder.Pieces("notices-001"))
	require.NoError(t, err)
	rows, err := csv.NewReader(strings.NewReader(string(list))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Contains(t, rows[1][3], "78701", "in ZIP order")
	require.Contains(t, rows[2][3], "99501")
	held, err := os.ReadFile(folder.Held("notices-001"))
	require.NoError(t, err)
	require.Contains(t, string(held), "NOWHERE,no_address")
	var manifest struct{ Pieces, Held int }
	content, err := os.ReadFile(folder.Manifest("notices-001"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(content, &manifest))
	require.Equal(t, [2]int{2, 1}, [2]int{manifest.Pieces, manifest.Held})

	conn, err := pgx.Connect(t.Context(), in.url)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	var open, ended int
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FILTER (WHERE wrapped IS NOT NULL), count(*) FILTER (WHERE voided_at IS NOT NULL) FROM page_code").Scan(&open, &ended))
	require.Equal(t, 3, open, "two letters, and the e-mail of the fourth")
	require.Equal(t, 2, ended, "those of the attempt that died")

	state, err := in.store.PostBatches(t.Context(), caseID)
	require.NoError(t, err)
	require.Equal(t, 2, state[0].Unrecorded)
	_, err = in.steps.ActOnPractice(t.Context(), casebook.Act{
		ID: "mailed", IncidentID: caseID, PracticeKey: "NEAR", Kind: casebook.ActRecord, Who: "Robin Officer",
		Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.PracticeNotified, On: in.today(), Reference: casebook.PostReference("notices-001")}},
	})
	require.NoError(t, err)
	state, err = in.store.PostBatches(t.Context(), caseID)
	require.NoError(t, err)
	require.Equal(t, 1, state[0].Unrecorded)
}

var errDied = errors.New("the process died")

// dies is a store whose process ends before a batch is noted.
type dies struct{ *postgres.Store }

func (dies) SavePost(context.Context, casebook.PostBatch, string, casebook.Batch) error {
	return errDied
}

// diesEarly is a store whose process ends with its letters made and none of them written.
type diesEarly struct {
	*postgres.Store
	held int
}

func (d *diesEarly) HoldPost(ctx context.Context, batch int, who string) error {
	if d.held++; d.held > 1 {
		return errDied
	}
	return d.Store.HoldPost(ctx, batch, who)
}

// TestLettersToPracticesThatLieThereAreNotWrittenOver: a database that was restored from a
// backup plans letters under the name of those that lie printed.
func TestLettersToPracticesThatLieThereAreNotWrittenOver(t *testing.T) {
	t.Parallel()
	far := quiet("FAR")
	far.Email, far.SecondEmail = "", ""
	in, _, _ := installQuiet(t, far)
	in.follow(t, "FAR")
	manifest := in.steps.Out.Incident(caseID).Manifest("notices-001")
	_, err := in.steps.Out.WriteFile(t.Context(), manifest, []byte(`{"planned_at": "2026-01-02T03:04:05Z"}`))
	require.NoError(t, err)
	require.NoError(t, in.askForPost(t, casebook.PostNotice))

	_, printed, err := activities.PrintPost(t.Context(), in.steps, in.store, "one")
	refusal, ok := breach.AsRefusal(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "printed_before", refusal.Code)
	require.False(t, printed)
	require.NoFileExists(t, in.steps.Out.Incident(caseID).Pieces("notices-001"))

	require.NoError(t, os.RemoveAll(filepath.Dir(manifest)))
	in.sql(t, "UPDATE post_batch SET claim_until = now()")
	_, printed, err = activities.PrintPost(t.Context(), in.steps, in.store, "one")
	require.NoError(t, err)
	require.True(t, printed)
}

// TestAPrintedReminderIsForThoseWhoSayNothing: a printed reminder goes to those
// who say nothing for long enough, and to nobody who was told yesterday.
func TestAPrintedReminderIsForThoseWhoSayNothing(t *testing.T) {
	t.Parallel()
	in, _, at := installQuiet(t, quiet("P1"), quiet("P2"), quiet("P3"))
	for _, key := range []string{"P1", "P2", "P3"} {
		in.follow(t, key)
	}
	refusal, ok := activities.RefusalOf(in.askForPost(t, casebook.PostReminder))
	require.True(t, ok)
	require.Equal(t, "nothing_waits", refusal.Code, "they were told today")
	at.at = at.at.AddDate(0, 0, 6)
	in.sql(t, "UPDATE page_practice SET opened_at = now(), answered_at = now() WHERE practice_id = (SELECT id FROM practice WHERE practice_key = 'P2')")
	require.NoError(t, in.askForPost(t, casebook.PostReminder))
	in.sql(t, "UPDATE practice SET phase = 'closed', closed_on = now() WHERE practice_key = 'P3'")
	batch, printed, err := activities.PrintPost(t.Context(), in.steps, in.store, "one")
	require.NoError(t, err)
	require.True(t, printed)
	require.Len(t, batch.Pieces, 2)
	require.Equal(t, "not_due", batch.Pieces[1].Held, "it was closed since")
	require.Equal(t, "P1", batch.Pieces[0].PracticeKey)
	require.Empty(t, batch.Pieces[0].Held)
}
