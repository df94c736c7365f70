package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/testkit"
)

func TestANoticeIsIntendedOnceAndMovesOnce(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a")))
	ctx := t.Context()
	require.Equal(t, casebook.Message{}, practice(t, store, "P1").Notice)
	m, err := store.IntendMessage(ctx, incidentID, "P1", "practice_notice")
	require.NoError(t, err)
	first := casebook.MessageID(incidentID, "P1", casebook.NoticeStep, 1)
	require.Equal(t, casebook.Message{ID: first, State: casebook.MessageIntended, Attempt: 1}, m)

	changes := practice(t, store, "P1").Changes
	_, err = store.ActOnIncident(ctx, casebook.Act{
		ID: "hold", IncidentID: incidentID, Kind: casebook.ActHold, Who: "Robin Officer", At: noon,
		Hold: &breach.Hold{Kind: breach.OralHold, StatedOn: today, Official: "Special Agent Example", Agency: "FBI", Statement: "It would impede."},
	})
	require.NoError(t, err)
	moved, err := store.MoveMessage(ctx, first, casebook.MessageIntended, casebook.Message{State: casebook.MessageSending, Changes: changes})
	require.NoError(t, err)
	require.False(t, moved, "a hold came after it was found that it may go out")
	changes = practice(t, store, "P1").Changes

	var moves [8]bool
	var all errgroup.Group
	for i := range moves {
		all.Go(func() (err error) {
			moves[i], err = store.MoveMessage(ctx, first, casebook.MessageIntended, casebook.Message{State: casebook.MessageSending, Changes: changes})
			return err
		})
	}
	require.NoError(t, all.Wait())
	handed := 0
	for _, moved := range moves {
		if moved {
			handed++
		}
	}
	require.Equal(t, 1, handed, "one of them sends it")

	m, err = store.IntendMessage(ctx, incidentID, "P1", "practice_notice")
	require.NoError(t, err)
	require.Equal(t, casebook.Message{ID: first, State: casebook.MessageSending, Attempt: 1}, m, "the step has its message")

	sent := casebook.Message{ID: first, State: casebook.MessageSent, Attempt: 1, PacketSHA256: "packet", ProviderID: "provider-7", SentOn: today}
	moved, err = store.MoveMessage(ctx, first, casebook.MessageSending, sent)
	require.NoError(t, err)
	require.True(t, moved)
	require.Equal(t, sent, practice(t, store, "P1").Notice)
	require.Equal(t, casebook.Message{}, practice(t, store, "P2").Notice)
	moved, err = store.MoveMessage(ctx, "nobody", casebook.MessageSending, sent)
	require.NoError(t, err)
	require.False(t, moved)
}

// TestANoticeIsSentAgainBesideTheOneThatCameBack: every attempt stays on record,
// and what a person records moves the latest.
func TestANoticeIsSentAgainBesideTheOneThatCameBack(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a")))
	ctx := t.Context()
	act := func(id string, act casebook.Act) {
		t.Helper()
		act.ID, act.IncidentID, act.PracticeKey, act.Who, act.At = id, incidentID, "P1", "Ada", noon
		fresh, err := store.ActOnPractice(ctx, act, func(casebook.Practice) error { return nil })
		require.NoError(t, err)
		require.True(t, fresh)
	}
	record := func(kind, reference string) casebook.Act {
		return casebook.Act{Kind: casebook.ActRecord, Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: kind, On: today, Reference: reference}}}
	}
	first, err := store.IntendMessage(ctx, incidentID, "P1", casebook.NoticeStep)
	require.NoError(t, err)
	for _, m := range []casebook.Message{{State: casebook.MessageSending}, {State: casebook.MessageSent, SentOn: today}} {
		from := casebook.MessageIntended
		if m.State == casebook.MessageSent {
			from = casebook.MessageSending
		}
		moved, err := store.MoveMessage(ctx, first.ID, from, m)
		require.NoError(t, err)
		require.True(t, moved)
	}
	act("b1", record(breach.NoticeBounced, casebook.MessageReference(first.ID)))
	notice := practice(t, store, "P1").Notice
	require.Equal(t, casebook.MessageBounced, notice.State)
	require.Equal(t, "e-mail "+first.ID, notice.Detail)

	act("n2", casebook.Act{Kind: casebook.ActNotify, Notify: &casebook.NotifyTerms{Attempt: 2}})
	notice = practice(t, store, "P1").Notice
	require.Equal(t, casebook.Message{ID: casebook.MessageID(incidentID, "P1", casebook.NoticeStep, 2), State: casebook.MessageIntended, Attempt: 2}, notice)
	require.NotEqual(t, first.ID, notice.ID)
	again, err := store.IntendMessage(ctx, incidentID, "P1", casebook.NoticeStep)
	require.NoError(t, err)
	require.Equal(t, notice, again)

	later := notice
	later.Detail, later.RetryAt, later.Tries = "401", noon.Add(time.Minute), 1
	moved, err := store.MoveMessage(ctx, notice.ID, casebook.MessageIntended, later)
	require.NoError(t, err)
	require.True(t, moved)
	require.Equal(t, later, practice(t, store, "P1").Notice)

	act("told", record(breach.PracticeNotified, "by telephone"))
	require.Equal(t, casebook.MessageRecorded, practice(t, store, "P1").Notice.State)
	var states []string
	rows, err := testkit.Pool(t, url).Query(ctx, `SELECT state FROM outbox WHERE practice_key = 'P1' ORDER BY attempt`)
	require.NoError(t, err)
	states, err = pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Equal(t, []string{casebook.MessageBounced, casebook.MessageRecorded}, states)

	var entries []string
	require.NoError(t, store.Ledger(ctx, incidentID, "P1", func(e ledger.Entry) error {
		b, err := e.Decode()
		if err != nil || (b.Kind != ledger.KindIntent && b.Kind != ledger.KindResult) {
			return err
		}
		step, err := ledger.ResultOf[ledger.Step](b)
		entries = append(entries, step.State)
		return err
	}))
	require.Equal(t, []string{"intended", "sending", "sent", "bounced", "intended", "recorded"}, entries, "a reason to wait is no event")
}

// TestNoticesAreCountedByWhatBecameOfThem, of practices that are owed one.
func TestNoticesAreCountedByWhatBecameOfThem(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	of := caseOf(incident(), practices("P1", "P2", "P3", "P4", "P5"), person("P1", "a"))
	of.NoNotices = true
	loaded(t, store, of)
	ctx := t.Context()
	in, err := store.Incident(ctx, incidentID)
	require.NoError(t, err)
	require.True(t, in.NoticesKeptBack)
	plan := casebook.Plan{Notifiable: true, Obligations: []casebook.PlannedObligation{{Obligation: breach.Obligation{Rule: "r", Kind: breach.CoveredEntityNotice, Count: 1}}}}
	for key, message := range map[string]casebook.Message{
		"P1": {}, "P2": {State: casebook.MessageToSend}, "P3": {State: casebook.MessageIntended, Detail: "401\nwhat it said"}, "P4": {State: casebook.MessageSent}, "P5": {State: casebook.MessageToSend},
	} {
		settled := plan
		settled.Obligations = slices.Clone(plan.Obligations)
		if key == "P5" {
			settled.Obligations[0].SettledOn = today
		}
		settled.Inputs, settled.Result = []byte(`{"incident":{"id":"`+incidentID+`"},"practice":"`+key+`"}`), []byte(`{}`)
		_, err := store.SavePlan(ctx, incidentID, key, settled, casebook.Standing{Phase: casebook.PhaseOpen})
		require.NoError(t, err)
		if message.State == "" {
			continue
		}
		m, err := store.IntendMessage(ctx, incidentID, key, casebook.NoticeStep)
		require.NoError(t, err)
		_, err = store.MoveMessage(ctx, m.ID, casebook.MessageIntended, message)
		require.NoError(t, err)
	}
	status, err := store.Status(ctx, incidentID, noon, today)
	require.NoError(t, err)
	require.Equal(t, casebook.NoticeCounts{ToSend: 1, KeptBack: 1, Stopped: 1, StoppedBy: "401"}, status.Notices)

	fresh, err := store.ActOnIncident(ctx, casebook.Act{ID: "n", IncidentID: incidentID, Kind: casebook.ActNotify, Who: "Ada", At: noon, Notify: &casebook.NotifyTerms{}})
	require.NoError(t, err)
	require.True(t, fresh)
	status, err = store.Status(ctx, incidentID, noon, today)
	require.NoError(t, err)
	require.Zero(t, status.Notices.KeptBack)

	_, err = store.ActOnIncident(ctx, casebook.Act{ID: "r", IncidentID: incidentID, Kind: casebook.ActRecord, Who: "Ada", At: noon,
		Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.PracticeNotified, On: today}}})
	require.NoError(t, err)
	require.Equal(t, casebook.MessageRecorded, practice(t, store, "P2").Notice.State, "all of them were told, as somebody recorded")
	require.Equal(t, casebook.MessageSent, practice(t, store, "P4").Notice.State)
	require.Equal(t, casebook.MessageIntended, practice(t, store, "P3").Notice.State, "which is about to be handed over, and will not be")

	notices, err := store.Notices(ctx, incidentID)
	require.NoError(t, err)
	require.Len(t, notices, 5)
	require.Equal(t, "P2", notices[1].Practice.Key)
	require.True(t, notices[1].Owed)
	require.False(t, notices[4].Owed)
}
