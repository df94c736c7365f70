package mailsink

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
)

// Event is one of SendGrid's about a message, in the form of its Event Webhook.
type Event map[string]any

// Bounced is the event of a message that came back, with what the other side's server
// said.
func (s *Sink) Bounced(m Message, at time.Time, reason string) Event {
	e := s.event("bounce", m, at)
	e["type"], e["bounce_classification"], e["reason"], e["status"] = "bounce", "Invalid Address", reason, "5.1.1"
	return e
}

// Dropped is the event of a message that SendGrid did not even try to deliver.
func (s *Sink) Dropped(m Message, at time.Time) Event {
	e := s.event("dropped", m, at)
	e["reason"] = "Bounced Address"
	return e
}

// Delivered is the event of a message that the other side's server took.
func (s *Sink) Delivered(m Message, at time.Time) Event {
	e := s.event("delivered", m, at)
	e["response"] = "250 OK"
	return e
}

func (s *Sink) event(kind string, m Message, at time.Time) Event {
	e := Event{
		"event": kind, "email": m.To, "timestamp": at.Unix(),
		"sg_message_id": m.ProviderID + ".recvd-5d4bfd8c64-xk2bl-1-6720F0D1-12.0", "sg_event_id": base64.RawURLEncoding.EncodeToString([]byte(kind + m.ProviderID)),
		"smtp-id": "<" + m.ProviderID + "@geopod-ismtpd-2>",
	}
	for name, value := range m.Args {
		e[name] = value
	}
	return e
}

// VerificationKey is the public key of the sink's signatures as SendGrid shows it: what
// SENDGRID_WEBHOOK_KEY is set to.
func (s *Sink) VerificationKey() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(&s.key.PublicKey)
	return base64.StdEncoding.EncodeToString(der), err
}

// Post is the request in which SendGrid would post the events to a webhook with signed
// events, byte for byte as a web server receives it.
func (s *Sink) Post(events ...Event) ([]byte, error) {
	body := &bytes.Buffer{}
	encoder := json.NewEncoder(body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(events); err != nil {
		return nil, err
	}
	// SendGrid's bodies end so, and the end is signed too.
	content := append(bytes.TrimRight(body.Bytes(), "\n"), "\r\n"...)
	timestamp := fmt.Sprint(s.now().Unix())
	sum := sha256.Sum256(append([]byte(timestamp), content...))
	signature, err := ecdsa.SignASN1(rand.Reader, s.key, sum[:])
	if err != nil {
		return nil, err
	}
	head := fmt.Sprintf("POST /events HTTP/1.1\r\nHost: mail.example.org\r\nUser-Agent: SendGrid Event API\r\nContent-Length: %d\r\nContent-Type: application/json\r\n"+
		"X-Twilio-Email-Event-Webhook-Signature: %s\r\nX-Twilio-Email-Event-Webhook-Timestamp: %s\r\n\r\n",
		len(content), base64.StdEncoding.EncodeToString(signature), timestamp)
	return append([]byte(head), content...), nil
}
