package activities

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
	"duenotice/internal/packet"
	"duenotice/internal/papers"
	"duenotice/internal/rulebooks"
)

// outbox is the part of the store an e-mail needs, in memory.
type outbox struct {
	Store
	practice casebook.Practice
	message  casebook.Message
	facts    []casebook.Act
	keptBack bool
	holds    []breach.Hold
	files    []casebook.File
}

func (o *outbox) PracticeFiles(context.Context, packet.Practice) ([]casebook.File, error) {
	return o.files, nil
}

func (o *outbox) Incident(context.Context, string) (casebook.Incident, error) {
	return casebook.Incident{NoticesKeptBack: o.keptBack, RulebookSHA256: rulebooks.Kept().Newest().SHA256(), Incident: breach.Incident{
		ID: "EX", Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate, Email: "privacy@example.org"},
		Discovered: civil.MustParse("2026-03-16"), Occurred: breach.Span{From: civil.MustParse("2026-03-16"), To: civil.MustParse("2026-03-16")},
		DataSecurity: breach.Unsecured, Holds: o.holds,
	}}, nil
}

func (o *outbox) Practice(context.Context, string, string) (casebook.Practice, error) {
	p := o.practice
	p.Notice = o.message
	return p, nil
}

func (o *outbox) IntendMessage(_ context.Context, incidentID, key, step string) (casebook.Message, error) {
	if o.message.ID == "" {
		o.message = casebook.Message{ID: casebook.MessageID(incidentID, key, step, 1), State: casebook.MessageIntended, Attempt: 1}
	}
	return o.message, nil
}

func (o *outbox) MoveMessage(_ context.Context, _, from string, to casebook.Message) (bool, error) {
	if o.message.State != from {
		return false, nil
	}
	o.message = to
	return true, nil
}

func (o *outbox) ActOnPractice(_ context.Context, act casebook.Act, check func(casebook.Practice) error) (bool, error) {
	if err := check(o.practice); err != nil {
		return false, err
	}
	o.facts = append(o.facts, act)
	return true, nil
}

// postman is a mail sender that answers as told.
type postman struct {
	err, stopped error
	receipt      mail.Receipt
	outcome      mail.Outcome
	name         string
	handed       []mail.Message
	// meanwhile happens while a message is with the provider.
	meanwhile func()
}

func (p *postman) Name() string { return p.name }

func (p *postman) Ready() error { return p.stopped }

func (p *postman) Send(_ context.Context, m mail.Message) (mail.Receipt, error) {
	p.handed = append(p.handed, m)
	if p.meanwhile != nil {
		p.meanwhile()
	}
	return p.receipt, p.err
}

func (p *postman) Outcome(context.Context, string, string) (mail.Receipt, error) {
	return mail.Receipt{Outcome: p.outcome}, nil
}

// noticing is a practice whose notice can be sent, with the step's activities.
func noticing(t *testing.T, store *outbox, postman *postman, now *time.Time) *Activities {
	t.Helper()
	out := outfolder.New(t.TempDir())
	notice := out.Incident("EX").Notice("P1")
	require.NoError(t, os.MkdirAll(filepath.Dir(notice), 0o700))
	require.NoError(t, os.WriteFile(notice, []byte("%PDF"), 0o600))
	a := &Activities{Store: store, Books: rulebooks.Kept(), Out: out, Mail: postman, Now: func() time.Time { return *now }, Zone: time.UTC}
	store.practice.Practice.Key, store.practice.Practice.LegalName, store.practice.Practice.State = "P1", "Juniper Hollow", "VT"
	store.practice.Practice.Agent, store.practice.Tally = breach.Yes, breach.Tally{People: 3}
	incident, practice, plan, _, err := a.decided(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"})
	require.NoError(t, err)
	store.practice.PacketSHA256 = packetHash(incident.Incident, practice, plan)
	return a
}

func TestAnEMailIsNeverSentTwiceWhileItsOutcomeIsUnknown(t *testing.T) {
	t.Parallel()
	accepted := mail.Receipt{Outcome: mail.Accepted, ProviderID: "x"}
	for _, c := range []struct {
		name    string
		email   string
		before  string // the message's state when the step begins
		postman postman
		after   string
		handed  int
		told    int
		retry   time.Duration
	}{
		{name: "accepted", email: "office@example.org", postman: postman{receipt: accepted}, after: casebook.MessageSent, handed: 1, told: 1},
		{name: "written into a folder", email: "office@example.org", postman: postman{receipt: mail.Receipt{Outcome: mail.Written, ProviderID: "EX_P1.eml"}}, after: casebook.MessageToSend, handed: 1},
		{name: "no address", after: casebook.MessageNoEmail},
		{name: "refused for good", email: "office@example.org", postman: postman{err: &mail.Rejected{Status: 400}}, after: casebook.MessageRejected, handed: 1},
		{name: "every message is refused", email: "office@example.org", postman: postman{err: &mail.Stopped{Status: 401}}, after: casebook.MessageIntended, handed: 1, retry: 5 * time.Second},
		{name: "every message was refused before", email: "office@example.org", postman: postman{stopped: &mail.Stopped{Status: 401}}, after: casebook.MessageIntended, retry: 5 * time.Second},
		{name: "asked to wait", email: "office@example.org", postman: postman{err: &mail.Later{At: noticeNow.Add(time.Hour)}}, after: casebook.MessageIntended, handed: 1, retry: time.Hour},
		{name: "provider down", email: "office@example.org", postman: postman{err: &mail.Unavailable{Err: errors.New("503")}}, after: casebook.MessageIntended, handed: 1, retry: 5 * time.Second},
		{name: "a folder that cannot be written", email: "office@example.org", postman: postman{err: errors.New("disk full")}, after: casebook.MessageIntended, handed: 1, retry: 5 * time.Second},
		{name: "no answer", email: "office@example.org", postman: postman{err: &mail.OutcomeUnknown{Err: errors.New("timeout")}}, after: casebook.MessageUnknown, handed: 1},
		{name: "died while sending, sender cannot tell", email: "office@example.org", before: casebook.MessageSending, after: casebook.MessageUnknown},
		{name: "died while sending, it was sent", email: "office@example.org", before: casebook.MessageSending, postman: postman{outcome: mail.Accepted}, after: casebook.MessageSent, told: 1},
		{name: "died while writing, it was written", email: "office@example.org", before: casebook.MessageSending, postman: postman{outcome: mail.Written}, after: casebook.MessageToSend},
		{name: "died while sending, it was not", email: "office@example.org", before: casebook.MessageSending, postman: postman{outcome: mail.NotTaken, receipt: accepted}, after: casebook.MessageSent, handed: 1, told: 1},
		{name: "outcome unknown since", email: "office@example.org", before: casebook.MessageUnknown, after: casebook.MessageUnknown},
		{name: "in the folder since", email: "office@example.org", before: casebook.MessageToSend, after: casebook.MessageToSend},
		{name: "came back since", email: "office@example.org", before: casebook.MessageBounced, after: casebook.MessageBounced},
		{name: "sent before, fact lost", email: "office@example.org", before: casebook.MessageSent, after: casebook.MessageSent, told: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			now := noticeNow
			store := &outbox{practice: casebook.Practice{Practice: breach.Practice{Email: c.email}}}
			a := noticing(t, store, &c.postman, &now)
			if c.before != "" {
				store.message = casebook.Message{ID: "m", State: c.before, Attempt: 1, SentOn: civil.MustParse("2026-04-01")}
			}
			require.NoError(t, a.sendNotice(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"}))
			require.Equal(t, c.after, store.message.State)
			require.Len(t, c.postman.handed, c.handed)
			require.Len(t, store.facts, c.told)
			require.Equal(t, c.retry != 0, store.message.Detail != "" && c.after == casebook.MessageIntended, "the reason is kept where a person looks")
			if c.retry != 0 {
				require.Equal(t, now.Add(c.retry), store.message.RetryAt)
			}
		})
	}
}

var noticeNow = time.Date(2026, 4, 1, 15, 0, 0, 0, time.UTC)

// TestANoticeGoesOutOnlyWhenItMay: whoever calls the step, and when, it looks
// itself whether the notice may go out.
func TestANoticeGoesOutOnlyWhenItMay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*outbox)
		goes  bool
	}{
		"nothing is in the way": {func(*outbox) {}, true},
		"it is kept back":       {func(o *outbox) { o.keptBack = true }, false},
		"it is kept back and asked for": {func(o *outbox) {
			o.keptBack, o.message = true, casebook.Message{ID: casebook.MessageID("EX", "P1", casebook.NoticeStep, 1), State: casebook.MessageIntended, Attempt: 1}
		}, true},
		"a hold covers it": {func(o *outbox) {
			o.holds = []breach.Hold{{Kind: breach.WrittenHold, StatedOn: civil.MustParse("2026-03-20"), Until: civil.MustParse("2026-05-01"), Official: "x", Agency: "FBI", Statement: "z"}}
		}, false},
		"a hold covers the letters only": {func(o *outbox) {
			o.holds = []breach.Hold{{Kind: breach.WrittenHold, StatedOn: civil.MustParse("2026-03-20"), Until: civil.MustParse("2026-05-01"), Official: "x", Agency: "FBI", Statement: "z", Covers: []string{breach.CoversIndividual}}}
		}, true},
		"its papers are of yesterday": {func(o *outbox) { o.practice.PacketSHA256 = "another" }, false},
		"the practice was told": {func(o *outbox) {
			o.practice.Facts = breach.Facts{{Kind: breach.PracticeNotified, On: civil.MustParse("2026-03-30")}}
		}, false},
		"its time has not come": {func(o *outbox) {
			o.message = casebook.Message{ID: "m", State: casebook.MessageIntended, Attempt: 1, RetryAt: noticeNow.Add(time.Second)}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := noticeNow
			store := &outbox{practice: casebook.Practice{Practice: breach.Practice{Email: "office@example.org"}}}
			postman := &postman{receipt: mail.Receipt{Outcome: mail.Accepted}}
			a := noticing(t, store, postman, &now)
			c.spoil(store)
			if len(store.holds) > 0 { // its papers say that
				incident, practice, plan, _, err := a.decided(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"})
				require.NoError(t, err)
				store.practice.PacketSHA256 = packetHash(incident.Incident, practice, plan)
			}
			require.NoError(t, a.sendNotice(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"}))
			require.Equal(t, c.goes, len(postman.handed) == 1)
			if c.goes {
				require.Equal(t, mail.Address{Name: "Example Health Cloud, Inc.", Email: "privacy@example.org"}, postman.handed[0].From, "the incident's own, where none is set up")
				require.Equal(t, postman.handed[0].From, postman.handed[0].ReplyTo)
				require.Equal(t, "EX_P1", postman.handed[0].File)
			}
		})
	}
}

// TestANoticeIsTriedAgainAtGrowingIntervals: never far apart, so that what was
// mended is taken up soon.
// heldMeanwhile is a store in which law enforcement delays the notice right after what
// comes first, the practice or the incident, was read.
type heldMeanwhile struct {
	*outbox
	read int
}

func (h *heldMeanwhile) hold() {
	if h.read++; h.read == 1 {
		h.holds = []breach.Hold{{Kind: breach.OralHold, StatedOn: civil.MustParse("2026-04-01"), Official: "Sergeant Example", Agency: "Example State Police", PublicAuthority: breach.Yes}}
		h.practice.Changes++
	}
}

func (h *heldMeanwhile) Incident(ctx context.Context, id string) (casebook.Incident, error) {
	defer h.hold()
	return h.outbox.Incident(ctx, id)
}

func (h *heldMeanwhile) Practice(ctx context.Context, id, key string) (casebook.Practice, error) {
	defer h.hold()
	return h.outbox.Practice(ctx, id, key)
}

// MoveMessage hands nothing over on a standing that has changed meanwhile, as the real store.
func (h *heldMeanwhile) MoveMessage(ctx context.Context, id, from string, to casebook.Message) (bool, error) {
	if to.State == casebook.MessageSending && to.Changes != h.practice.Changes {
		return false, nil
	}
	return h.outbox.MoveMessage(ctx, id, from, to)
}

// TestANoticeIsNotSentByWhatWasReadBeforeAHold: an incident that was read before its
// practice would be the earlier one, of which the practice's count of changes knows nothing.
func TestANoticeIsNotSentByWhatWasReadBeforeAHold(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	store, postman := &heldMeanwhile{outbox: &outbox{}}, &postman{receipt: mail.Receipt{Outcome: mail.Accepted}}
	store.practice.Practice.Email = "office@example.org"
	a := noticing(t, store.outbox, postman, &now)
	a.Store = store
	require.NoError(t, a.sendNotice(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"}))
	require.Positive(t, store.read)
	require.Empty(t, postman.handed)
}

// TestAPracticeThatWasToldBeforeIsToldOnThatDay: somebody records an earlier day while the
// e-mail is with the provider. It was handed over all the same, and moves no clock.
func TestAPracticeThatWasToldBeforeIsToldOnThatDay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		told     int
		recorded bool
	}{"a day before": {-3, false}, "on the same day": {0, false}, "a day that is to come": {1, true}} {
		now := noticeNow
		store := &outbox{practice: casebook.Practice{Practice: breach.Practice{Email: "office@example.org"}}}
		postman := &postman{receipt: mail.Receipt{Outcome: mail.Accepted}}
		postman.meanwhile = func() {
			store.practice.Facts = breach.Facts{{Kind: breach.PracticeNotified, On: civil.OfTime(now.UTC()).AddDays(c.told)}}
		}
		a := noticing(t, store, postman, &now)
		require.NoError(t, a.sendNotice(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"}))
		require.Equal(t, casebook.MessageSent, store.message.State, name)
		require.Len(t, postman.handed, 1, name)
		require.Equal(t, c.recorded, len(store.facts) == 1, name)
	}
}

func TestANoticeIsTriedAgainAtGrowingIntervals(t *testing.T) {
	t.Parallel()
	now := noticeNow
	store := &outbox{practice: casebook.Practice{Practice: breach.Practice{Email: "office@example.org"}}}
	postman := &postman{err: &mail.Unavailable{Status: 503}}
	a := noticing(t, store, postman, &now)
	var pauses []time.Duration
	for range 8 {
		require.NoError(t, a.sendNotice(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"}))
		pauses = append(pauses, store.message.RetryAt.Sub(now))
		now = store.message.RetryAt
	}
	require.Equal(t, []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second, 5 * time.Minute, 5 * time.Minute}, pauses)
	require.Len(t, postman.handed, 8)
	postman.err, postman.receipt = nil, mail.Receipt{Outcome: mail.Accepted}
	require.NoError(t, a.sendNotice(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"}))
	require.Equal(t, casebook.MessageSent, store.message.State)
	require.Empty(t, store.message.Detail)
}

// TestANoticeThatIsNotTheOneMadeIsNotSent: an e-mail is not called back. A store that
// gives an earlier file has it tried again, and the right one goes out once.
func TestANoticeThatIsNotTheOneMadeIsNotSent(t *testing.T) {
	t.Parallel()
	now := noticeNow
	store := &outbox{practice: casebook.Practice{Practice: breach.Practice{Email: "office@example.org"}}}
	postman := &postman{receipt: mail.Receipt{Outcome: mail.Accepted}}
	a := noticing(t, store, postman, &now)
	const made = "%PDF of what is on record"
	folder := a.Out.Incident("EX")
	store.files = []casebook.File{{Path: folder.Relative(folder.Notice("P1")), SHA256: sumOf([]byte(made))}}
	for range 2 {
		require.NoError(t, a.sendNotice(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"}))
		require.Empty(t, postman.handed)
		require.Equal(t, casebook.MessageIntended, store.message.State)
		require.Contains(t, store.message.Detail, "is not the notice that was made")
		now = store.message.RetryAt
	}
	require.NoError(t, os.WriteFile(folder.Notice("P1"), []byte(made), 0o600))
	require.NoError(t, a.sendNotice(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"}))
	require.Len(t, postman.handed, 1)
	require.Equal(t, made, string(postman.handed[0].Attachments[0].Content))
	require.Equal(t, casebook.MessageSent, store.message.State)
}

// TestANoticeThatStartsTheClockNamesItsDays: a practice whose business associate
// is not its agent discovers the breach by the notice, which therefore says what
// follows from its own day; the record has no day until it is told.
func TestANoticeThatStartsTheClockNamesItsDays(t *testing.T) {
	t.Parallel()
	now := noticeNow
	store := &outbox{practice: casebook.Practice{Practice: breach.Practice{Email: "office@example.org"}}}
	a := noticing(t, store, &postman{}, &now)
	store.practice.Practice.Agent = breach.No
	incident, practice, plan, _, err := a.decided(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"})
	require.NoError(t, err)
	require.True(t, countsFromNotice(plan))
	in, err := a.noticeInput(t.Context(), incident, practice, plan, civil.MustParse("2026-04-02"))
	require.NoError(t, err)
	require.Equal(t, civil.MustParse("2026-04-02"), in.Discovered)
	due := map[string]civil.Date{}
	for _, o := range in.Obligations {
		due[o.Kind] = o.Due
	}
	require.Equal(t, civil.MustParse("2026-06-01"), due[breach.IndividualNotice], "60 days from the notice")
	require.Equal(t, civil.MustParse("2026-05-15"), due[breach.CoveredEntityNotice], "60 days from the business associate's own discovery")
	for _, o := range plan.Obligations {
		if o.Kind == breach.IndividualNotice {
			require.True(t, o.Due.IsZero())
		}
	}
	_, text := papers.Email(in)
	require.Contains(t, text, "June 1, 2026: Letters to your patients")
}

// TestWhoMaySendANoticeAgain: what may have arrived goes out again only when a
// person says of that practice that it shall, and never what was told.
func TestWhoMaySendANoticeAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		message casebook.Message
		told    bool
		noEmail bool
		sender  string
		attempt int
		code    string // "" when it may, "again" when it was done
	}{
		"kept back":                          {attempt: 1},
		"refused":                            {message: casebook.Message{State: casebook.MessageRejected, Attempt: 1}, attempt: 2},
		"bounced":                            {message: casebook.Message{State: casebook.MessageBounced, Attempt: 2}, attempt: 3},
		"unknown":                            {message: casebook.Message{State: casebook.MessageUnknown, Attempt: 1}, attempt: 2},
		"asked for a moment ago":             {message: casebook.Message{State: casebook.MessageIntended, Attempt: 2}, attempt: 2, code: "again"},
		"on its way":                         {message: casebook.Message{State: casebook.MessageIntended, Attempt: 1}, attempt: 2, code: "again"},
		"another attempt was made meanwhile": {message: casebook.Message{State: casebook.MessageRejected, Attempt: 1}, attempt: 3, code: "changed_since_looked"},
		"told":                               {message: casebook.Message{State: casebook.MessageSent, Attempt: 1}, told: true, attempt: 2, code: "told_already"},
		"no address":                         {noEmail: true, attempt: 1, code: "no_email"},
		"in the outbox as it would be written again": {message: casebook.Message{State: casebook.MessageToSend, Attempt: 1, PacketSHA256: "now"}, sender: "eml", attempt: 2, code: "again"},
		"in the outbox, of earlier papers":           {message: casebook.Message{State: casebook.MessageToSend, Attempt: 1, PacketSHA256: "before"}, sender: "eml", attempt: 2},
		"in the outbox, and there is a provider now": {message: casebook.Message{State: casebook.MessageToSend, Attempt: 1, PacketSHA256: "now"}, sender: "sendgrid", attempt: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &Activities{Mail: &postman{name: c.sender}}
			p := casebook.Practice{Practice: breach.Practice{Key: "P1", Email: "a@example.org"}, Notice: c.message, PacketSHA256: "now"}
			if c.noEmail {
				p.Practice.Email = ""
			}
			if c.told {
				p.Facts = breach.Facts{{Kind: breach.PracticeNotified, On: civil.MustParse("2026-04-01")}}
			}
			err := a.allowedNotify(casebook.Incident{}, p, casebook.Act{Kind: casebook.ActNotify, Who: "Ada", Notify: &casebook.NotifyTerms{Attempt: c.attempt}})
			switch c.code {
			case "":
				require.NoError(t, err)
			case "again":
				require.ErrorIs(t, err, errAlready)
			default:
				refusal, ok := breach.AsRefusal(err)
				require.True(t, ok, "%v", err)
				require.Equal(t, c.code, refusal.Code)
			}
		})
	}
}

func TestWhatAPersonMustDoAboutANotice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		message  casebook.Message
		keptBack bool
		email    string
		says     string // "" when nothing
	}{
		"it goes out by itself":     {},
		"kept back":                 {keptBack: true, says: "kept back (notify)"},
		"about to go":               {message: casebook.Message{State: casebook.MessageIntended}},
		"stopped":                   {message: casebook.Message{State: casebook.MessageIntended, Detail: "the key is wrong"}, says: "could not be handed over: the key is wrong"},
		"taken":                     {message: casebook.Message{State: casebook.MessageSent}},
		"in the outbox":             {message: casebook.Message{State: casebook.MessageToSend, ProviderID: "EX_P1.eml", PacketSHA256: "now"}, says: "lies in the outbox, EX_P1.eml: send it and record it"},
		"in the outbox and old":     {message: casebook.Message{State: casebook.MessageToSend, ProviderID: "EX_P1.eml", PacketSHA256: "before"}, says: "of earlier papers"},
		"no address":                {message: casebook.Message{State: casebook.MessageNoEmail}, says: "by post"},
		"no address until now":      {message: casebook.Message{State: casebook.MessageNoEmail}, email: "a@example.org", says: "(notify)"},
		"refused":                   {message: casebook.Message{State: casebook.MessageRejected, Detail: "a refusal\nwhat it said"}, says: "refused (a refusal; notify --list has the provider's words)"},
		"came back":                 {message: casebook.Message{State: casebook.MessageBounced, Detail: "e-mail m: 550"}, says: "did not arrive (e-mail m: 550)"},
		"nobody knows":              {message: casebook.Message{State: casebook.MessageUnknown}, says: "it is not known"},
		"recorded by somebody else": {message: casebook.Message{State: casebook.MessageRecorded}},
	} {
		need := noticeNeed(casebook.Incident{NoticesKeptBack: c.keptBack}, casebook.Practice{
			Practice: breach.Practice{Key: "P1", Email: c.email}, Notice: c.message, PacketSHA256: "now",
		})
		require.Equal(t, c.says == "", need == "", name)
		require.Contains(t, need, c.says, name)
	}
}
