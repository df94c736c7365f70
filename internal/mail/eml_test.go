package mail_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
)

// emlOf sends m into a new folder and returns the file's bytes.
func emlOf(t *testing.T, m mail.Message) []byte {
	t.Helper()
	out := outfolder.New(filepath.Join(t.TempDir(), "out"))
	dir, sender := out.Outbox(), mail.NewEMLFolder(out)
	receipt, err := sender.Send(t.Context(), m)
	require.NoError(t, err)
	require.Equal(t, mail.Receipt{Outcome: mail.Written, ProviderID: m.File + ".eml"}, receipt)
	info, err := os.Stat(filepath.Join(dir, m.File+".eml"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	content, err := os.ReadFile(filepath.Join(dir, m.File+".eml"))
	require.NoError(t, err)
	return content
}

// requireReadsBack parses an .eml file as a mail program would and compares.
func requireReadsBack(t *testing.T, want mail.Message, content []byte) {
	t.Helper()
	for line := range bytes.SplitSeq(content, []byte("\r\n")) {
		require.LessOrEqual(t, len(line), 998)
		require.NotContains(t, string(line), "\n", "a bare line feed")
		require.NotContains(t, string(line), "\r", "a bare carriage return")
		require.NotContains(t, string(line), "\x00")
	}
	got, err := netmail.ReadMessage(bytes.NewReader(content))
	require.NoError(t, err)
	keys := []string{"Date", "From", "To", "Subject", "Message-Id", "Reply-To", "X-Duenotice-Message-Id", "X-Unsent", "Mime-Version", "Content-Type"}
	if len(want.Attachments) == 0 {
		keys = append(keys, "Content-Transfer-Encoding")
	}
	var had []string
	for key, values := range got.Header {
		require.Len(t, values, 1, key)
		had = append(had, key)
	}
	require.ElementsMatch(t, keys, had)

	date, err := got.Header.Date()
	require.NoError(t, err)
	require.True(t, want.Date.Equal(date))
	for key, wanted := range map[string]mail.Address{"From": want.From, "To": want.To, "Reply-To": want.ReplyTo} {
		list, err := got.Header.AddressList(key)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, wanted, mail.Address{Name: list[0].Name, Email: list[0].Address})
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	require.NoError(t, err)
	require.Equal(t, strings.TrimSpace(want.Subject), strings.TrimSpace(subject))
	require.Equal(t, "1", got.Header.Get("X-Unsent"), "mail programs open it as a draft")
	require.Equal(t, want.ID, got.Header.Get("X-Duenotice-Message-Id"))
	require.Equal(t, "<"+want.ID+"@example.org>", got.Header.Get("Message-Id"))

	kind, parameters, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	require.NoError(t, err)
	if len(want.Attachments) == 0 {
		require.Equal(t, "text/plain", kind)
		requireText(t, want.Text, got.Header.Get("Content-Transfer-Encoding"), got.Body)
		return
	}
	require.Equal(t, "multipart/mixed", kind)
	parts := multipart.NewReader(got.Body, parameters["boundary"])
	text, err := parts.NextRawPart()
	require.NoError(t, err)
	require.Equal(t, "text/plain; charset=utf-8", text.Header.Get("Content-Type"))
	requireText(t, want.Text, text.Header.Get("Content-Transfer-Encoding"), text)
	for _, a := range want.Attachments {
		part, err := parts.NextRawPart()
		require.NoError(t, err)
		require.Equal(t, a.Name, part.FileName())
		require.Equal(t, a.ContentType, part.Header.Get("Content-Type"))
		require.Equal(t, "base64", part.Header.Get("Content-Transfer-Encoding"))
		attached, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		require.NoError(t, err)
		require.Equal(t, a.Content, attached)
	}
	_, err = parts.NextRawPart()
	require.ErrorIs(t, err, io.EOF)
}

func requireText(t *testing.T, want, encoding string, r io.Reader) {
	t.Helper()
	require.Equal(t, "quoted-printable", encoding)
	got, err := io.ReadAll(quotedprintable.NewReader(r))
	require.NoError(t, err)
	plain := func(s string) string {
		return strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), "\n")
	}
	require.Equal(t, plain(want), plain(string(got)))
}

func TestAMailProgramReadsTheFileBack(t *testing.T) {
	t.Parallel()
	long := notice()
	long.Subject = strings.Repeat("many   words ", 30) + strings.Repeat("x", 100)
	long.To.Name = strings.Repeat("Łódź ", 40) + `"quoted" \ back`
	long.From.Name = ""
	long.Text = strings.Repeat("a very long line without an end = ", 200) + "\rold Mac\r\nWindows  \nUnix\t\n\n\n"
	for name, m := range map[string]mail.Message{"plain": notice(), "attachments": withAttachments(), "awkward": long} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireReadsBack(t, m, emlOf(t, m))
		})
	}
}

func TestTheSameMessageGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	first := emlOf(t, withAttachments())
	again := emlOf(t, withAttachments())
	require.Equal(t, first, again)
	utc := withAttachments()
	utc.Date = utc.Date.UTC()
	require.Equal(t, first, emlOf(t, utc), "the zone of the caller shows")
}

func TestASecondSendLeavesTheFileAlone(t *testing.T) {
	t.Parallel()
	out := outfolder.New(t.TempDir())
	dir, sender := out.Outbox(), mail.NewEMLFolder(out)
	require.Equal(t, "eml", sender.Name())
	require.NoError(t, sender.Ready())
	outcome, err := sender.Outcome(t.Context(), messageID, notice().File)
	require.NoError(t, err)
	require.Equal(t, mail.NotTaken, outcome)

	first, err := sender.Send(t.Context(), notice())
	require.NoError(t, err)
	outcome, err = sender.Outcome(t.Context(), messageID, notice().File)
	require.NoError(t, err)
	require.Equal(t, mail.Written, outcome, "in a folder, and not sent")

	path := filepath.Join(dir, notice().File+".eml")
	require.NoError(t, os.WriteFile(path, []byte("a person's note"), 0o600))
	again, err := sender.Send(t.Context(), notice())
	require.NoError(t, err)
	require.Equal(t, first, again)
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "a person's note", string(kept))
}

func TestNothingSpoilsTheHeadersOfAFile(t *testing.T) {
	t.Parallel()
	out := outfolder.New(t.TempDir())
	dir, sender := out.Outbox(), mail.NewEMLFolder(out)
	requireRefused(t, sender)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
	for _, file := range []string{"", "../" + notice().File, `..\x`, "a\nb", strings.Repeat("x", 252)} {
		_, err = sender.Outcome(t.Context(), messageID, file)
		require.Error(t, err, file)
		m := notice()
		m.File = file
		_, err = sender.Send(t.Context(), m)
		require.Error(t, err, file)
	}
}

func TestAnEndedContextWritesNoFile(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out := outfolder.New(t.TempDir())
	_, err := mail.NewEMLFolder(out).Send(ctx, notice())
	require.ErrorIs(t, err, context.Canceled)
	require.NoDirExists(t, out.Outbox())
}

func TestAnOutboxThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	out := outfolder.New(t.TempDir())
	require.NoError(t, os.WriteFile(out.Outbox(), nil, 0o600))
	_, err := mail.NewEMLFolder(out).Send(t.Context(), notice())
	require.ErrorContains(t, err, "outbox")

	out = outfolder.New(t.TempDir())
	require.NoError(t, os.MkdirAll(out.Mail(notice().File), 0o700))
	_, err = mail.NewEMLFolder(out).Send(t.Context(), notice())
	require.ErrorContains(t, err, "no ordinary file")
}

// FuzzEML checks that whatever is taken comes back as it went in, and that
// nothing taken makes a header of its own.
func FuzzEML(f *testing.F) {
	f.Add("Privacy Officer", "Notice", "text\n", "notice.pdf")
	f.Add(`"Ł" <x@example.org>,`, "a  b =20 _ ?=", "\n.\r\n--=_duenotice\n", "für.ics")
	f.Add(strings.Repeat(" ", 90)+"x", strings.Repeat("é ", 100), "a\rb", "a;b=\"c\"")
	f.Fuzz(func(t *testing.T, name, subject, text, file string) {
		m := notice()
		m.To.Name, m.Subject, m.Text = name, subject, text
		m.Attachments = []mail.Attachment{{Name: file, ContentType: "application/pdf", Content: []byte(text + "x")}}
		out := outfolder.New(t.TempDir())
		if _, err := mail.NewEMLFolder(out).Send(t.Context(), m); err != nil {
			return
		}
		content, err := os.ReadFile(out.Mail(notice().File))
		require.NoError(t, err)
		requireReadsBack(t, m, content)
	})
}

// TestAFolderNeedsNoSender: whoever opens the file sends it from their own account.
func TestAFolderNeedsNoSender(t *testing.T) {
	t.Parallel()
	m := notice()
	m.From, m.ReplyTo = mail.Address{}, mail.Address{}
	got, err := netmail.ReadMessage(bytes.NewReader(emlOf(t, m)))
	require.NoError(t, err)
	require.Empty(t, got.Header.Get("From"))
	require.Empty(t, got.Header.Get("Reply-To"))
	require.Equal(t, "<"+m.ID+"@duenotice.invalid>", got.Header.Get("Message-Id"))
}
