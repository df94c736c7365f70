package mail

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/sendgrid/sendgrid-go/helpers/eventwebhook"
)

// VerificationKey is the public key with which SendGrid signs what its Event Webhook
// posts. The zero value is none.
type VerificationKey struct{ key *ecdsa.PublicKey }

// ParseVerificationKey reads the key as SendGrid's page shows it: base64 of its DER
// form. Nothing but spaces is no key, and no error.
func ParseVerificationKey(text string) (VerificationKey, error) {
	text = strings.Join(strings.Fields(text), "")
	if text == "" {
		return VerificationKey{}, nil
	}
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return VerificationKey{}, errors.New("it is no base64: copy the verification key as SendGrid shows it")
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return VerificationKey{}, errors.New("it is no public key: copy the verification key as SendGrid shows it")
	}
	key, is := parsed.(*ecdsa.PublicKey)
	if !is {
		return VerificationKey{}, fmt.Errorf("it is a key of another kind (%T), and SendGrid signs with ECDSA", parsed)
	}
	return VerificationKey{key}, nil
}

// Set reports whether there is a key.
func (k VerificationKey) Set() bool { return k.key != nil }

// compare returns what is wrong with the signature of a request with this body.
func (k VerificationKey) compare(header http.Header, body []byte) error {
	signature, timestamp := header.Get(eventwebhook.VerificationHTTPHeader), header.Get(eventwebhook.TimestampHTTPHeader)
	if signature == "" || timestamp == "" {
		return fmt.Errorf("it is not signed: it lacks the header %s or %s", eventwebhook.VerificationHTTPHeader, eventwebhook.TimestampHTTPHeader)
	}
	right, err := eventwebhook.VerifySignature(k.key, body, signature, timestamp)
	if err != nil || !right {
		return errors.New("its signature is not that of SENDGRID_WEBHOOK_KEY over these bytes: it was changed on its way, or is not SendGrid's")
	}
	return nil
}

// isPost reports whether the content begins as a request to a web server does.
func isPost(content []byte) bool { return bytes.HasPrefix(content, []byte("POST ")) }

// readPosts reads requests of the Event Webhook, one after another, with empty lines
// between them where somebody put some. Each has its length in a header, since its
// body ends as it was signed and not where a line does.
func readPosts(content []byte, key VerificationKey) (Export, error) {
	e := Export{Verified: key.Set()}
	reader := bufio.NewReader(bytes.NewReader(content))
	for {
		if err := skipEmpty(reader); errors.Is(err, io.EOF) {
			return e, nil
		}
		e.Posts++
		fail := func(format string, args ...any) (Export, error) {
			return Export{}, fmt.Errorf("request %d: %w", e.Posts, fmt.Errorf(format, args...))
		}
		request, err := http.ReadRequest(reader)
		if err != nil {
			return fail("it is no HTTP request: %w", err)
		}
		if request.ContentLength == 0 {
			return fail("it has no body, or no header Content-Length that says how long the body is")
		}
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return fail("its body is shorter than its header Content-Length says")
		}
		if key.Set() {
			if err := key.compare(request.Header, body); err != nil {
				return fail("%w", err)
			}
		}
		events, err := readJSONEvents(bytes.TrimSpace(body))
		if err != nil {
			return fail("%w", err)
		}
		for _, event := range events {
			event.Line = len(e.Events) + 1
			e.Events = append(e.Events, event)
		}
	}
}

// skipEmpty leaves the reader at the next byte that begins something.
func skipEmpty(r *bufio.Reader) error {
	for {
		next, err := r.ReadByte()
		if err != nil {
			return err
		}
		if !strings.ContainsRune(" \t\r\n", rune(next)) {
			return r.UnreadByte()
		}
	}
}
