package mail_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mail"
	"duenotice/internal/mailsink"
)

func startSink(t *testing.T) *mailsink.Sink {
	t.Helper()
	sink, err := mailsink.Start(t.Context(), apiKey, clock)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sink.Close()) })
	return sink
}

// TestRecordedAnswersOfTheProvider: each of SendGrid's answers, whole and as recorded,
// is what the sender takes it for, after one attempt.
func TestRecordedAnswersOfTheProvider(t *testing.T) {
	t.Parallel()
	to := notice().To.Email
	for name, c := range map[string]struct {
		answer mailsink.Answer
		want   error
		// taken: the provider has the message; unknown: the sender cannot say so.
		taken   int
		unknown bool
	}{
		"400": {answer: mailsink.BadAddress, want: &mail.Rejected{Status: 400, Reason: "Does not contain a valid address. (personalizations.0.to.0.email)"}},
		"401": {answer: mailsink.Unauthorized, want: &mail.Stopped{Status: 401,
			Reason: "The provided authorization grant is invalid, expired, or revoked", Advice: "check SENDGRID_API_KEY"}},
		"403": {answer: mailsink.Forbidden, want: &mail.Stopped{Status: 403,
			Reason: "The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see the Sender Identity requirements (from)",
			Advice: "check that the key may send mail and that DUENOTICE_MAIL_FROM is a sender SendGrid has verified"}},
		"413": {answer: mailsink.TooLarge, want: &mail.Rejected{Status: 413,
			Reason: `<html> <head><title>413 Request Entity Too Large</title></head> <body bgcolor="white"> <center><h1>413 Request Entity Too Large</h1></center> <hr><center>nginx</center> </body> </html>`}},
		"429":          {answer: mailsink.Limited(37 * time.Second), want: &mail.Later{At: now.Add(37 * time.Second)}},
		"500":          {answer: mailsink.Broken, want: &mail.Unavailable{Status: 500}},
		"503":          {answer: mailsink.Unavailable, want: &mail.Unavailable{Status: 503}},
		"202":          {answer: mailsink.Accepted, taken: 1},
		"never":        {answer: mailsink.Silence, taken: 1, unknown: true},
		"a cut answer": {answer: mailsink.Cut, taken: 1, unknown: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sink := startSink(t)
			sink.Next(to, c.answer)
			sender := sendGridAt(t, sink.URL, &http.Client{Timeout: 3 * time.Second})
			receipt, err := sender.Send(t.Context(), notice())
			require.Equal(t, map[string]int{to: 1}, sink.Attempts(), "one attempt, whatever the answer")
			require.Len(t, sink.Taken(), c.taken)
			if c.unknown {
				requireUnknown(t, err)
				return
			}
			if c.want != nil {
				require.Equal(t, c.want, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, mail.Receipt{Outcome: mail.Accepted, ProviderID: sink.Taken()[0].ProviderID, Status: 202}, receipt)
		})
	}
}

// TestAMessageThatIsTooLargeIsRefusedForGood: as SendGrid's web server does it, before
// anybody has read the message to its end.
func TestAMessageThatIsTooLargeIsRefusedForGood(t *testing.T) {
	t.Parallel()
	sink := startSink(t)
	m := notice()
	m.Attachments = []mail.Attachment{{Name: "large.pdf", ContentType: "application/pdf", Content: make([]byte, 30<<20)}}
	_, err := sendGridAt(t, sink.URL, nil).Send(t.Context(), m)
	var rejected *mail.Rejected
	require.ErrorAs(t, err, &rejected)
	require.Equal(t, http.StatusRequestEntityTooLarge, rejected.Status)
	require.Empty(t, sink.Taken())
}

func TestWhatTheProviderTookIsWhatWasSent(t *testing.T) {
	t.Parallel()
	sink := startSink(t)
	m := withAttachments()
	receipt, err := sendGridAt(t, sink.URL, nil).Send(t.Context(), m)
	require.NoError(t, err)
	require.Equal(t, []mailsink.Message{{
		To: m.To.Email, From: m.From.Email, ReplyTo: m.ReplyTo.Email, Subject: m.Subject, Text: m.Text,
		Args: map[string]string{mail.MessageIDArg: messageID}, Headers: map[string]string{"Message-ID": "<" + messageID + "@example.org>"},
		Attachments: map[string][]byte{"notice.pdf": m.Attachments[0].Content, "Fristen für Łódź.ics": m.Attachments[1].Content},
		ProviderID:  receipt.ProviderID,
	}}, sink.To(m.To.Email))

	wrong, err := mail.NewSendGrid("SG.another", sink.URL, clock, nil)
	require.NoError(t, err)
	_, err = wrong.Send(t.Context(), m)
	var stopped *mail.Stopped
	require.ErrorAs(t, err, &stopped)
	require.Equal(t, http.StatusUnauthorized, stopped.Status)
	sink.Always(&mailsink.Broken)
	_, err = sendGridAt(t, sink.URL, nil).Send(t.Context(), m)
	require.Equal(t, &mail.Unavailable{Status: 500}, err)
	require.Len(t, sink.Taken(), 1)
}
