package mail_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mail"
	"duenotice/internal/mailsink"
)

// The example with which the provider's own library is tested: its key, and a request
// that the key signs.
const (
	exampleKey       = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
	exampleSignature = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
	exampleTimestamp = "1600112502"
	exampleBody      = `[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",` +
		`"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]` + "\r\n"
)

// post is a request of the webhook as a web server receives it.
func post(signature, timestamp, body string) string {
	return fmt.Sprintf("POST /hook HTTP/1.1\r\nHost: mail.example.org\r\nContent-Type: application/json\r\nx-twilio-email-event-webhook-signature: %s\r\nX-Twilio-Email-Event-Webhook-Timestamp: %s\r\nContent-Length: %d\r\n\r\n%s",
		signature, timestamp, len(body), body)
}

func verificationKey(t *testing.T, text string) mail.VerificationKey {
	t.Helper()
	key, err := mail.ParseVerificationKey(text)
	require.NoError(t, err)
	return key
}

func TestTheProvidersOwnExampleOfASignedEventIsVerified(t *testing.T) {
	t.Parallel()
	right := post(exampleSignature, exampleTimestamp, exampleBody)
	want := mail.Event{Line: 1, Kind: "dropped", Email: "hello@world.com", At: time.Unix(1600112492, 0).UTC(), ProviderID: "LRzXl_NHStOGhQ4kofSm_A", Reason: "Bounced Address"}
	second := want
	second.Line = 2
	export, err := mail.ReadEvents(strings.NewReader("\r\n"+right+"\r\n\r\n"+right+"\n"), verificationKey(t, exampleKey[:60]+"\n "+exampleKey[60:]+"\n"))
	require.NoError(t, err)
	require.Equal(t, mail.Export{Events: []mail.Event{want, second}, Posts: 2, Verified: true}, export)

	export, err = mail.ReadEvents(strings.NewReader(right), mail.VerificationKey{})
	require.NoError(t, err)
	require.Equal(t, mail.Export{Events: []mail.Event{want}, Posts: 1}, export, "without a key nothing was compared")

	export, err = mail.ReadEvents(strings.NewReader(exampleBody), verificationKey(t, exampleKey))
	require.NoError(t, err)
	require.Equal(t, mail.Export{Events: []mail.Event{want}}, export, "a body without its request is signed by nobody")
}

func TestAnEventThatWasChangedIsRefused(t *testing.T) {
	t.Parallel()
	right := post(exampleSignature, exampleTimestamp, exampleBody)
	for name, c := range map[string]struct{ content, why string }{
		"another recipient":      {strings.Replace(right, "hello@world", "jello@world", 1), "its signature is not that of SENDGRID_WEBHOOK_KEY"},
		"another time":           {post(exampleSignature, "1600112503", exampleBody), "its signature is not"},
		"the last line break":    {post(exampleSignature, exampleTimestamp, strings.TrimSpace(exampleBody)), "its signature is not"},
		"no signature":           {post("", exampleTimestamp, exampleBody), "it is not signed"},
		"no time":                {post(exampleSignature, "", exampleBody), "it is not signed"},
		"a signature of nothing": {post("MAYCAQACAQA=", exampleTimestamp, exampleBody), "its signature is not"},
		"no base64":              {post("*", exampleTimestamp, exampleBody), "its signature is not"},
		"no ASN.1":               {post("AAAA", exampleTimestamp, exampleBody), "its signature is not"},
		"the second of two":      {right + post(exampleSignature, "1600112503", exampleBody), "request 2: its signature"},
		"cut off":                {right[:len(right)-10], "its body is shorter"},
		"no length":              {strings.Replace(right, "Content-Length", "X-Length", 1), "no header Content-Length"},
		"something after it":     {right + exampleBody, "request 2: it is no HTTP request"},
	} {
		_, err := mail.ReadEvents(strings.NewReader(c.content), verificationKey(t, exampleKey))
		require.ErrorContains(t, err, c.why, name)
	}
}

func TestTheSinksEventsAreVerifiedByItsKeyAlone(t *testing.T) {
	t.Parallel()
	sink, other := startSink(t), startSink(t)
	key, err := sink.VerificationKey()
	require.NoError(t, err)
	foreign, err := other.VerificationKey()
	require.NoError(t, err)
	m := mailsink.Message{To: "office@clinic.com", ProviderID: "sink1", Args: map[string]string{mail.MessageIDArg: messageID}}
	content, err := sink.Post(sink.Delivered(m, now), sink.Bounced(m, now, "550 5.1.1 <no such user>"), sink.Dropped(m, now))
	require.NoError(t, err)
	export, err := mail.ReadEvents(bytes.NewReader(content), verificationKey(t, key))
	require.NoError(t, err)
	require.True(t, export.Verified)
	require.Len(t, export.Events, 3)
	require.Equal(t, mail.Event{Line: 2, Kind: "bounce", At: now, MessageID: messageID, ProviderID: "sink1", Email: "office@clinic.com", Reason: "550 5.1.1 <no such user>"}, export.Events[1])
	require.Equal(t, []bool{false, true, true}, []bool{export.Events[0].Failed(), export.Events[1].Failed(), export.Events[2].Failed()})
	_, err = mail.ReadEvents(bytes.NewReader(content), verificationKey(t, foreign))
	require.ErrorContains(t, err, "its signature is not")
}

func TestWhatIsNoVerificationKeyIsRefused(t *testing.T) {
	t.Parallel()
	require.False(t, verificationKey(t, " \n").Set())
	secret, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	der, err := x509.MarshalPKIXPublicKey(&secret.PublicKey)
	require.NoError(t, err)
	for text, why := range map[string]string{
		"*": "no base64", "AAAA": "no public key", base64.StdEncoding.EncodeToString(der): "a key of another kind",
		exampleKey + "corrupting the key": "no base64",
	} {
		_, err := mail.ParseVerificationKey(text)
		require.ErrorContains(t, err, why)
	}
}

func FuzzPosts(f *testing.F) {
	f.Add([]byte(post(exampleSignature, exampleTimestamp, exampleBody)))
	f.Add([]byte("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
	key, err := mail.ParseVerificationKey(exampleKey)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, content []byte) {
		export, err := mail.ReadEvents(bytes.NewReader(content), key)
		if err == nil && export.Verified {
			// Whoever has no key can only repeat what was signed.
			for _, e := range export.Events {
				require.Equal(t, "hello@world.com", e.Email)
			}
		}
	})
}
