package cli_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/internal/postgres/pagedoor"
	"duenotice/internal/testkit"
)

// comesIn opens a practice's page with what an officer gave: its address and a code.
func (o *office) comesIn(door *pagedoor.Door, of packet.Practice, address, code string) packet.Token {
	o.t.Helper()
	ctx := o.t.Context()
	link, err := packet.ParseLink(address[strings.LastIndex(address, "/")+1:])
	require.NoError(o.t, err)
	read, err := packet.ParseCode(code)
	require.NoError(o.t, err)
	salt, err := door.Salt(ctx, link)
	require.NoError(o.t, err)
	key := packet.FromCode(link, read, salt)
	tried, ok, err := door.Try(ctx, link, nil, key)
	require.NoError(o.t, err)
	require.True(o.t, ok, "the code opens the page")
	identity, err := key.Unwrap(tried.Wrapped, of)
	require.NoError(o.t, err)
	token := packet.NewToken()
	wrapped, err := token.Key().Wrap(identity, of)
	require.NoError(o.t, err)
	ok, err = door.Enter(ctx, link, nil, key, token.Key(), wrapped, nil)
	require.NoError(o.t, err)
	require.True(o.t, ok)
	return token
}

// TestAPracticeAnswersAndOfficersSeeWhatBecameOfIt: from the code on the telephone to the
// act that a workflow carried out, without a command for the practice.
func TestAPracticeAnswersAndOfficersSeeWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.env["DUENOTICE_PAGES_ADDRESS"] = "https://notice.example.com"
	o.env["DUENOTICE_TIMEZONE"] = "UTC"
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	setColumn(t, folder, "practices.csv", "harbor", "delegation", "")
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	require.Contains(t, o.do("practice", "code", id, "nowhere").err, "has no practice nowhere")
	config, err := app.LoadConfig(func(name string) string { return o.env[name] }, o.dir)
	require.NoError(t, err)
	store, err := postgres.Open(t.Context(), config.DatabaseURL, postgres.WithMaster(config.Master()))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	of := packet.Practice{IncidentID: id, Key: "harbor"}
	_, err = store.MakePage(t.Context(), of)
	require.NoError(t, err)

	address := strings.TrimSpace(o.must("practice", "link", id, "harbor"))
	require.True(t, strings.HasPrefix(address, "https://notice.example.com/p/"))
	given := o.do("practice", "code", id, "harbor", "--by", "Ada Rivera")
	require.Zero(t, given.code, given.err)
	require.Contains(t, given.err, "There is no telephone number on file for Harbor Clinic PLLC")
	require.Equal(t, 2, o.do("practice", "code", id, "harbor", "--valid", "90h").code)
	door, err := pagedoor.Open(t.Context(), testkit.Login(t, o.env["DUENOTICE_OWNER_DATABASE_URL"], "duenotice_page"))
	require.NoError(t, err)
	t.Cleanup(door.Close)
	token := o.comesIn(door, of, address, strings.TrimSpace(given.out))
	require.Regexp(t, `harbor +code`, o.must("practice", "sessions", id))

	for _, answer := range []packet.Answer{
		{Kind: packet.Delegate, Delegation: breach.DelegateLetters},
		{Kind: packet.NotOurs, PersonKeys: []string{"H-001"}, Reason: "Hal Lane moved away in 2019"},
		{Kind: packet.Correct, Contact: &packet.Contact{PrivacyOfficer: "Hana Harbor", Email: "no address", Phone: "202-555-0100"}},
	} {
		answer.Name, answer.Title = "Cleo Clerk", "Front desk"
		require.NoError(t, door.Visit(t.Context(), token.Key(), func(ctx context.Context, v *pagedoor.Visit) error {
			_, err := v.Answer(ctx, uuid.New(), answer, nil)
			return err
		}))
	}
	var shown struct {
		Answers []struct{ Kind, State, Detail, Signer, Says, Reason string }
	}
	testkit.Await(t, func() bool {
		text := o.must("practice", "answers", id, "--json")
		require.NotContains(t, text, "Hal Lane")
		require.NoError(t, json.Unmarshal([]byte(text), &shown))
		for _, a := range shown.Answers {
			if a.State == postgres.AnswerReceived {
				return false
			}
		}
		return len(shown.Answers) == 3
	}, func() string { return fmt.Sprint(shown, o.do("status", id).out) })
	require.Equal(t, []string{postgres.AnswerDone, postgres.AnswerDone, postgres.AnswerRefused}, []string{shown.Answers[0].State, shown.Answers[1].State, shown.Answers[2].State})
	require.Contains(t, o.must("practice", "answers", id, "--practice", "harbor", "--words", "--csv"), "Hal Lane moved away in 2019")

	// The dispute waits for the officer, who keeps the person.
	require.Contains(t, o.must("report", "open", id, "--csv"), "the practice says that these are not its patients: H-001")
	o.must("practice", "dispute", id, "--practice", "harbor", "--person", "H-001", "--keep", "--reason", "Seen in 2024 by the schedule", "--by", "Ada Rivera")
	require.NotContains(t, o.must("report", "open", id, "--csv"), "these are not its patients")
	require.Contains(t, o.do("practice", "dispute", id, "--practice", "harbor", "--person", "H-001", "--keep", "--reason", "again", "--by", "Ada Rivera").err, "does not dispute")
	o.must("practice", "contact", id, "--practice", "harbor", "--phone", "202-555-0100", "--by", "Ada Rivera")
	require.Contains(t, o.do("practice", "code", id, "harbor").err, "Call Harbor Clinic PLLC at the number on file, 202-555-0100, and ask for Hana Harbor")
	o.await(id, func(s casebook.Status) bool { return s.NeedsPerson > 0 })

	require.Contains(t, o.must("practice", "sessions", id, "--practice", "harbor", "--end", "--by", "Ada Rivera"), "1 session is ended")
	err = door.Visit(t.Context(), token.Key(), func(context.Context, *pagedoor.Visit) error { return nil })
	require.ErrorIs(t, err, pagedoor.ErrNoSession)

	// The signed paper is part of the practice's evidence, which verifies.
	signed, err := store.SignedBy(t.Context(), of)
	require.NoError(t, err)
	require.Len(t, signed, 1)
	o.must("report", "evidence", id, "--practice", "harbor")
	o.must("verify", filepath.Join(o.env["DUENOTICE_OUT"], id, "evidence", id+"-harbor.zip"), "--without-key")
}
