package mailsink

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/mail"
	"slices"
	"strings"
)

// Message is one that was taken.
type Message struct {
	// To, From and ReplyTo are addresses; ReplyTo is "" where none was given.
	To, From, ReplyTo string
	Subject, Text     string
	// Args are the custom arguments, which come back with each event.
	Args map[string]string
	// Headers are those that the sender added.
	Headers map[string]string
	// Attachments are their contents by file name.
	Attachments map[string][]byte
	// ProviderID is the X-Message-Id that it was answered with.
	ProviderID string
}

// limits of SendGrid's, in its documentation of mail/send.
const (
	maxPersonalizations = 1000
	maxCustomArgs       = 10_000
)

// reserved are headers that a sender may not set.
var reserved = []string{
	"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from", "subject", "reply-to", "cc", "bcc",
}

type address struct {
	Email string `json:"email"`
	Name  string `json:"name"`
}

// request is what a sender posts, as far as the sink knows it. It refuses what it does
// not know, since a setting that nobody looks at is one that nobody tested.
type request struct {
	From             address           `json:"from"`
	ReplyTo          *address          `json:"reply_to"`
	Subject          string            `json:"subject"`
	Personalizations []personalization `json:"personalizations"`
	Content          []struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"content"`
	Attachments []struct {
		Content     string `json:"content"`
		Type        string `json:"type"`
		Filename    string `json:"filename"`
		Disposition string `json:"disposition"`
	} `json:"attachments"`
	Headers          map[string]string         `json:"headers"`
	TrackingSettings map[string]map[string]any `json:"tracking_settings"`
}

type personalization struct {
	To         []address         `json:"to"`
	CustomArgs map[string]string `json:"custom_args"`
}

// read looks at a request as SendGrid would, and returns what is wrong with it.
func read(body []byte) (m Message, wrong *Answer) {
	no := func(message, field string) (Message, *Answer) {
		a := Refused(message, field)
		return Message{}, &a
	}
	var r request
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return no("Bad Request: "+err.Error(), "")
	}
	switch {
	case !isAddress(r.From.Email):
		return no("The from email does not contain a valid address.", "from.email")
	case r.ReplyTo != nil && !isAddress(r.ReplyTo.Email):
		return no("The reply_to email does not contain a valid address.", "reply_to.email")
	case len(r.Personalizations) == 0:
		return no("The personalizations field is required and must have at least one personalization.", "personalizations")
	case len(r.Personalizations) > maxPersonalizations:
		return no("There are too many personalizations.", "personalizations")
	case len(r.Personalizations) != 1 || len(r.Personalizations[0].To) != 1:
		return no("The sink takes one recipient for each message.", "personalizations")
	case !isAddress(r.Personalizations[0].To[0].Email):
		return no("Does not contain a valid address.", "personalizations.0.to.0.email")
	case strings.TrimSpace(r.Subject) == "":
		return no("The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.", "subject")
	case len(r.Content) == 0:
		return no("Unless a valid template_id is provided, the content parameter is required.", "content")
	case r.Content[0].Type != "text/plain":
		return no("If present, text/plain and text/html may only be provided once, with text/plain first.", "content")
	case r.Content[0].Value == "":
		return no("The content value must be a string at least one character in length.", "content.0.value")
	}
	args, err := json.Marshal(r.Personalizations[0].CustomArgs)
	if err != nil || len(args) > maxCustomArgs {
		return no("The custom_args are larger than 10000 bytes.", "personalizations.0.custom_args")
	}
	for name, value := range r.Headers {
		if slices.Contains(reserved, strings.ToLower(name)) || strings.ContainsAny(name+value, "\r\n") {
			return no("The header "+name+" may not be set.", "headers")
		}
	}
	m = Message{
		To: r.Personalizations[0].To[0].Email, From: r.From.Email, Subject: r.Subject, Text: r.Content[0].Value,
		Args: r.Personalizations[0].CustomArgs, Headers: r.Headers, Attachments: map[string][]byte{},
	}
	if r.ReplyTo != nil {
		m.ReplyTo = r.ReplyTo.Email
	}
	for i, a := range r.Attachments {
		content, err := base64.StdEncoding.DecodeString(a.Content)
		if err != nil || len(content) == 0 {
			return no("The attachment content must be base64 encoded.", fmt.Sprintf("attachments.%d.content", i))
		}
		if strings.ContainsAny(a.Type, ";\r\n") {
			return no("The attachment type cannot contain ';', or CRLF characters.", fmt.Sprintf("attachments.%d.type", i))
		}
		if a.Filename == "" || strings.ContainsAny(a.Filename, "\r\n") {
			return no("The filename of your attachment cannot contain CRLF characters.", fmt.Sprintf("attachments.%d.filename", i))
		}
		m.Attachments[a.Filename] = content
	}
	return m, nil
}

func isAddress(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text
}
