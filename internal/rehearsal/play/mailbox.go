package play

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"duenotice/internal/clerk"
	"duenotice/internal/mailsink"
)

// mailKey is what the worker shows to the sink, and nothing else takes.
const mailKey = "SG.rehearsal"

// mailbox is where all practices' e-mail goes: a sink in this process. Of each message
// it keeps the way to the practice's page, in a file, because a rehearsal that goes on
// has to know what came before.
type mailbox struct {
	sink *mailsink.Sink
	file *os.File

	mu sync.Mutex
	// ways are the page and the code by the address that they were sent to.
	ways   map[string]clerk.Invitation
	taken  int
	failed error
}

// letter is a line of the file.
type letter struct {
	To   string `json:"to"`
	Page string `json:"page,omitempty"`
	Code string `json:"code,omitempty"`
}

func openMailbox(ctx context.Context, path string) (*mailbox, error) {
	m := &mailbox{ways: map[string]clerk.Invitation{}}
	var err error
	if m.file, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600); err != nil {
		return nil, err
	}
	lines := json.NewDecoder(m.file)
	for {
		var l letter
		// The last line may be half of one, where the rehearsal was cut; its message is lost
		// and its practice answers in bulk.
		if lines.Decode(&l) != nil {
			break
		}
		m.keep(l)
	}
	if m.sink, err = mailsink.Start(ctx, mailKey, time.Now); err != nil {
		return nil, errors.Join(err, m.file.Close())
	}
	m.sink.Give(m.take)
	return m, nil
}

func (m *mailbox) settings() []string {
	return []string{"SENDGRID_API_KEY=" + mailKey, "SENDGRID_HOST=" + m.sink.URL, "DUENOTICE_MAIL_FROM=notices@vendor-of-records.com"}
}

// take is given each message by the sink.
func (m *mailbox) take(message mailsink.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := letter{To: message.To, Page: clerk.PageIn(message.Text), Code: clerk.CodeIn(message.Text)}
	m.keep(l)
	if err := json.NewEncoder(m.file).Encode(l); err != nil && m.failed == nil {
		m.failed = fmt.Errorf("what came by e-mail cannot be kept: %w", err)
	}
}

func (m *mailbox) keep(l letter) {
	m.taken++
	way := m.ways[l.To]
	if l.Page != "" {
		way.Page = l.Page
	}
	if l.Code != "" {
		way.Code = l.Code
	}
	m.ways[l.To] = way
}

// count is how many messages came.
func (m *mailbox) count() (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.taken, m.failed
}

// invitation is the way to the page of the practice with these two addresses, and
// whether both halves of it came.
func (m *mailbox) invitation(first, second string) (clerk.Invitation, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	way := clerk.Invitation{Page: m.ways[first].Page, Code: m.ways[second].Code}
	return way, way.Page != "" && way.Code != ""
}

func (m *mailbox) close() error { return errors.Join(m.sink.Close(), m.file.Close()) }
