package mail_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
)

// provider answers as it is told and counts what it was handed.
type provider struct {
	mail.Sender
	handed  int
	receipt mail.Receipt
	err     error
	during  func()
}

func (p *provider) Send(context.Context, mail.Message) (mail.Receipt, error) {
	p.handed++
	if p.during != nil {
		p.during()
	}
	return p.receipt, p.err
}

func (p *provider) Outcome(context.Context, string, string) (mail.Receipt, error) {
	return mail.Receipt{}, nil
}

func TestWhatWasTakenIsNotHandedOverAgain(t *testing.T) {
	t.Parallel()
	dir := outfolder.New(t.TempDir())
	p := &provider{receipt: mail.Receipt{Outcome: mail.Accepted, ProviderID: "provider-id-1", Status: 202}}
	p.during = func() {
		require.FileExists(t, dir.HandedOver(messageID), "it is written down before it goes")
	}
	first, err := mail.Remembering(p, dir).Send(t.Context(), notice())
	require.NoError(t, err)
	require.Equal(t, p.receipt, first)

	// Another database, which knows nothing, tomorrow.
	later := notice()
	later.Date = later.Date.Add(24 * time.Hour)
	again, err := mail.Remembering(p, dir).Send(t.Context(), later)
	require.NoError(t, err)
	require.Equal(t, 1, p.handed)
	require.Equal(t, "provider-id-1", again.ProviderID)
	require.Equal(t, mail.Accepted, again.Outcome)
	require.True(t, notice().Date.Equal(again.At), "it was handed over when it was, and not today")
	found, err := mail.Remembering(p, dir).Outcome(t.Context(), messageID, notice().File)
	require.NoError(t, err)
	require.Equal(t, again, found)

	content, err := os.ReadFile(dir.HandedOver(messageID))
	require.NoError(t, err)
	require.NotContains(t, string(content), notice().To.Email)
	require.NotContains(t, string(content), notice().Subject)
}

func TestWhatMayHaveBeenTakenIsAsked(t *testing.T) {
	t.Parallel()
	var unknown *mail.OutcomeUnknown
	for name, leave := range map[string]func(t *testing.T, dir outfolder.Folder){
		"no answer": func(t *testing.T, dir outfolder.Folder) {
			t.Helper()
			_, err := mail.Remembering(&provider{err: &mail.OutcomeUnknown{Err: errors.New("reset")}}, dir).Send(t.Context(), notice())
			require.ErrorAs(t, err, &unknown)
		},
		"a process that died": func(t *testing.T, dir outfolder.Folder) {
			t.Helper()
			p := &provider{during: func() { panic("killed") }}
			require.Panics(t, func() { _, _ = mail.Remembering(p, dir).Send(t.Context(), notice()) })
		},
		"a file that was changed": func(t *testing.T, dir outfolder.Folder) {
			t.Helper()
			require.NoError(t, os.MkdirAll(filepath.Dir(dir.HandedOver(messageID)), 0o700))
			require.NoError(t, os.WriteFile(dir.HandedOver(messageID), []byte("{"), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := outfolder.New(t.TempDir())
			leave(t, dir)
			p := &provider{receipt: mail.Receipt{Outcome: mail.Accepted}}
			_, err := mail.Remembering(p, dir).Send(t.Context(), notice())
			require.ErrorAs(t, err, &unknown)
			require.Zero(t, p.handed)
			found, err := mail.Remembering(p, dir).Outcome(t.Context(), messageID, notice().File)
			require.NoError(t, err)
			require.Equal(t, mail.NotKnown, found.Outcome)
		})
	}
}

func TestWhatWasNotTakenIsTriedAgain(t *testing.T) {
	t.Parallel()
	for _, refusal := range []error{
		&mail.Rejected{Status: 400}, &mail.Stopped{Status: 401}, &mail.Later{At: notice().Date}, &mail.Unavailable{Status: 500},
	} {
		t.Run(fmt.Sprintf("%T", refusal), func(t *testing.T) {
			t.Parallel()
			dir := outfolder.New(t.TempDir())
			p := &provider{err: refusal}
			sender := mail.Remembering(p, dir)
			_, err := sender.Send(t.Context(), notice())
			require.Equal(t, refusal, err)
			p.err, p.receipt = nil, mail.Receipt{Outcome: mail.Accepted}
			_, err = sender.Send(t.Context(), notice())
			require.NoError(t, err)
			require.Equal(t, 2, p.handed)
		})
	}
}

func TestNothingIsHandedOverThatCannotBeWrittenDown(t *testing.T) {
	t.Parallel()
	dir := outfolder.New(t.TempDir())
	require.NoError(t, os.WriteFile(dir.Outbox(), nil, 0o600)) // something lies where the folder should
	p := &provider{receipt: mail.Receipt{Outcome: mail.Accepted}}
	_, err := mail.Remembering(p, dir).Send(t.Context(), notice())
	require.Error(t, err)
	require.Zero(t, p.handed)
}
