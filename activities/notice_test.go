package activities

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
	"duenotice/internal/rulebooks"
)

// outbox is the part of the store an e-mail needs, in memory.
type outbox struct {
	Store
	practice casebook.Practice
	message  casebook.Message
	facts    []casebook.Act
}

func (o *outbox) Incident(context.Context, string) (casebook.Incident, error) {
	return casebook.Incident{RulebookSHA256: rulebooks.Kept().Newest().SHA256(), Facts: breach.Incident{
		ID: "EX", Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate, Email: "privacy@example.org"},
		Discovered: civil.MustParse("2026-03-16"), Occurred: breach.Span{From: civil.MustParse("2026-03-16"), To: civil.MustParse("2026-03-16")},
		DataSecurity: breach.Unsecured,
	}}, nil
}

func (o *outbox) Practice(context.Context, string, string) (casebook.Practice, error) {
	return o.practice, nil
}

func (o *outbox) IntendMessage(_ context.Context, id, _, _, _ string) (casebook.Message, error) {
	if o.message.ID == "" {
		o.message = casebook.Message{ID: id, State: casebook.MessageIntended}
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

func (o *outbox) ActOnPractice(_ context.Context, act casebook.Act, _ func(casebook.Practice) error) (bool, error) {
	o.facts = append(o.facts, act)
	return true, nil
}

// postman is a mail sender that answers as told.
type postman struct {
	err         error
	sent, known bool
	handed      []mail.Message
}

func (p *postman) Name() string { return "test" }

func (p *postman) Send(_ context.Context, m mail.Message) (mail.Receipt, error) {
	p.handed = append(p.handed, m)
	return mail.Receipt{ProviderID: "x"}, p.err
}

func (p *postman) Sent(context.Context, string) (sent, known bool, err error) {
	return p.sent, p.known, nil
}

func TestAnEMailIsNeverSentTwiceWhileItsOutcomeIsUnknown(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 4, 1, 15, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		email   string
		before  string // the message's state when the step begins
		postman postman
		after   string
		handed  int
		told    int
		retries bool
	}{
		{name: "accepted", email: "office@example.org", after: casebook.MessageSent, handed: 1, told: 1},
		{name: "no address", after: casebook.MessageNoEmail},
		{name: "refused for good", email: "office@example.org", postman: postman{err: &mail.Rejected{Status: 400}}, after: casebook.MessageRejected, handed: 1},
		{name: "asked to wait", email: "office@example.org", postman: postman{err: &mail.Later{At: now.Add(time.Minute)}}, after: casebook.MessageIntended, handed: 1, retries: true},
		{name: "provider down", email: "office@example.org", postman: postman{err: &mail.Unavailable{Err: errors.New("503")}}, after: casebook.MessageIntended, handed: 1, retries: true},
		{name: "no answer", email: "office@example.org", postman: postman{err: &mail.OutcomeUnknown{Err: errors.New("timeout")}}, after: casebook.MessageUnknown, handed: 1},
		{name: "died while sending, sender cannot tell", email: "office@example.org", before: casebook.MessageSending, after: casebook.MessageUnknown},
		{name: "died while sending, it was sent", email: "office@example.org", before: casebook.MessageSending, postman: postman{sent: true, known: true}, after: casebook.MessageSent, told: 1},
		{name: "died while sending, it was not", email: "office@example.org", before: casebook.MessageSending, postman: postman{known: true}, after: casebook.MessageSent, handed: 1, told: 1},
		{name: "outcome unknown since", email: "office@example.org", before: casebook.MessageUnknown, after: casebook.MessageUnknown},
		{name: "sent before, fact lost", email: "office@example.org", before: casebook.MessageSent, after: casebook.MessageSent, told: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out := outfolder.New(t.TempDir())
			notice := out.Incident("EX").Notice("P1")
			require.NoError(t, os.MkdirAll(filepath.Dir(notice), 0o700))
			require.NoError(t, os.WriteFile(notice, []byte("%PDF"), 0o600))
			store := &outbox{practice: casebook.Practice{Practice: breach.Practice{
				Key: "P1", LegalName: "Juniper Hollow", Email: c.email, State: "VT", Agent: breach.Yes,
			}, Tally: breach.Tally{People: 3}}}
			if c.before != "" {
				store.message = casebook.Message{ID: "m", State: c.before, SentOn: civil.MustParse("2026-04-01")}
			}
			a := &Activities{Store: store, Books: rulebooks.Kept(), Out: out, Mail: &c.postman, Now: func() time.Time { return now }, Zone: time.UTC}
			err := a.sendNotice(t.Context(), PracticeRef{IncidentID: "EX", PracticeKey: "P1"})
			require.Equal(t, c.retries, err != nil, "%v", err)
			require.Equal(t, c.after, store.message.State)
			require.Len(t, c.postman.handed, c.handed)
			require.Len(t, store.facts, c.told)
			var app *temporal.ApplicationError
			if errors.As(err, &app) {
				require.Equal(t, time.Minute, app.NextRetryDelay())
			}
		})
	}
}
