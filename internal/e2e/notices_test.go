package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/cases"
	"duenotice/internal/mail"
	"duenotice/internal/mailsink"
	"duenotice/internal/testkit"
)

func (o *office) status(args ...string) casebook.Status {
	o.T.Helper()
	var s casebook.Status
	require.NoError(o.T, json.Unmarshal([]byte(o.Do(append([]string{"status", "SENDGRID", "--json"}, args...)...)), &s))
	return s
}

// notices has, by practice, the state of its e-mail and whether it is owed its notice.
func (o *office) notices() map[string]string {
	o.T.Helper()
	states := map[string]string{}
	for _, p := range o.status("--due", "3660d").Details {
		states[p.Key] = p.Notice
		for _, d := range p.Obligations {
			if d.Kind == breach.CoveredEntityNotice && d.SettledOn.IsZero() {
				states[p.Key] += ", owed"
			}
		}
	}
	return states
}

func (o *office) awaitNotices(want map[string]string) {
	o.T.Helper()
	testkit.Await(o.T, func() bool { return fmt.Sprint(o.notices()) == fmt.Sprint(want) }, func() string { return fmt.Sprint(o.notices()) })
}

// TestNoticesThroughAProvider: kept back until somebody says so, stopped and said
// so while the key is wrong, tried again where that helps, refused where it does
// not, sent again when the cause is mended; and one that bounces was no notice.
func TestNoticesThroughAProvider(t *testing.T) {
	t.Parallel()
	provider, err := mailsink.Start(t.Context(), "SG.pretend", time.Now)
	require.NoError(t, err)
	defer func() { require.NoError(t, provider.Close()) }()
	signedWith, err := provider.VerificationKey()
	require.NoError(t, err)
	provider.Next("r429@example.org", mailsink.Limited(2*time.Second))
	provider.Next("r500@example.org", mailsink.Broken)
	provider.Next("r400@example.org", mailsink.BadAddress)
	o := newOffice(t, map[string]string{
		"SENDGRID_API_KEY": "SG.wrong", "SENDGRID_HOST": provider.URL, "DUENOTICE_MAIL_FROM": "notices@healthcloud.com", "SENDGRID_WEBHOOK_KEY": signedWith,
	})
	const id, by = "SENDGRID", "Ada Officer"
	today := testkit.Today().String()
	require.Contains(t, o.Do("start", cases.Folder(t, "sendgrid"), "--no-notices", "--by", by), "5 notices to practices by e-mail: kept back")
	require.Equal(t, casebook.NoticeCounts{KeptBack: 5}, o.status().Notices)

	o.Do("notify", id, "--by", by)
	testkit.Await(t, func() bool { return o.status().Notices.Stopped == 5 }, func() string { return fmt.Sprint(o.status().Notices) })
	require.Contains(t, o.status().Notices.StoppedBy, "401")
	require.Contains(t, o.Do("status", id), "SENDGRID_API_KEY")
	require.Empty(t, provider.Taken())
	doctor, out, _ := o.Run("doctor")
	require.Equal(t, 1, doctor)
	require.Contains(t, out, "notices of SENDGRID: 5 notices cannot be handed over: the e-mail provider takes no message at all and answered 401")

	o.KillWorker()
	o.Env["SENDGRID_API_KEY"] = "SG.pretend"
	o.StartWorker()
	o.awaitNotices(map[string]string{"P1": "sent", "P2": "sent", "P3": "sent", "P4": "rejected, owed", "P5": "sent"})
	require.Equal(t, map[string]int{"ok@example.org": 1, "r429@example.org": 2, "r500@example.org": 2, "r400@example.org": 1, "bounces@example.org": 1}, provider.Attempts())
	for _, m := range provider.Taken() {
		require.Equal(t, "notices@healthcloud.com", m.From)
		require.Equal(t, "privacy@example.org", m.ReplyTo)
	}

	events := filepath.Join(t.TempDir(), "events.http")
	foreign := mailsink.Message{To: "r429@example.org", Args: map[string]string{mail.MessageIDArg: "8f0a2c8e-0000-5000-8000-000000000000"}}
	bounced := provider.Bounced(provider.To("bounces@example.org")[0], time.Now(), "550 no such user")
	first, err := provider.Post(provider.Delivered(provider.To("ok@example.org")[0], time.Now()))
	require.NoError(t, err)
	second, err := provider.Post(bounced, provider.Bounced(foreign, time.Now(), "550 no such user"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(events, append(first, second...), 0o600))
	forged := filepath.Join(t.TempDir(), "forged.http")
	require.NoError(t, os.WriteFile(forged, append(first, bytes.Replace(second, []byte("bounces@"), []byte("thieves@"), 1)...), 0o600))
	code, _, errs := o.Run("bounces", id, forged, "--by", by)
	require.Equal(t, 3, code)
	require.Contains(t, errs, "request 2: its signature is not that of SENDGRID_WEBHOOK_KEY")
	require.Contains(t, o.Do("bounces", id, events, "--by", by), "1 row: 1 done, 0 done before, 0 refused")
	require.Contains(t, o.Do("bounces", id, events, "--by", by), "1 row: 0 done, 1 done before, 0 refused")
	o.Do("record", id, "--practice", "P1", "--fact", "notice_bounced", "--on", today, "--reference", "their office called", "--by", by)
	code, _, errs = o.Run("record", id, "--practice", "P4", "--fact", "notice_bounced", "--on", today, "--by", by)
	require.Equal(t, 3, code, "what was refused at once did not come back")
	require.Contains(t, errs, "no notice to practice P4 went out")
	o.awaitNotices(map[string]string{"P1": "bounced, owed", "P2": "sent", "P3": "sent", "P4": "rejected, owed", "P5": "bounced, owed"})
	require.Equal(t, casebook.NoticeCounts{Refused: 1, Bounced: 2}, o.status().Notices)

	require.Contains(t, o.Do("notify", id, "--by", by), "3 rows: 3 done, 0 done before, 0 refused")
	all := map[string]string{"P1": "sent", "P2": "sent", "P3": "sent", "P4": "sent", "P5": "sent"}
	o.awaitNotices(all)
	require.Contains(t, o.Do("notify", id, "--by", by), "no notice waits to be sent; nothing changed")
	for _, key := range []string{"P2", "P5"} {
		require.Contains(t, o.Do("notify", id, "--practice", key, "--by", by), "already done; nothing changed")
	}
	require.Contains(t, o.Do("bounces", id, events, "--by", by), "0 of notices of SENDGRID that did not arrive", "an old bounce says nothing of the new e-mail")
	o.awaitNotices(all)
	require.Equal(t, map[string]int{"ok@example.org": 2, "r429@example.org": 2, "r500@example.org": 2, "r400@example.org": 2, "bounces@example.org": 2}, provider.Attempts())
	sent := provider.To("bounces@example.org")
	require.NotEqual(t, sent[0].Args[mail.MessageIDArg], sent[1].Args[mail.MessageIDArg], "it is another e-mail")
}

// TestNoticesInTheOutboxAreNotSent until somebody records that they sent them.
func TestNoticesInTheOutboxAreNotSent(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil)
	const id, by = "SENDGRID", "Ada Officer"
	today := testkit.Today().String()
	require.Contains(t, o.Do("start", cases.Folder(t, "sendgrid"), "--by", by), "written into")
	owed := map[string]string{}
	for _, key := range []string{"P1", "P2", "P3", "P4", "P5"} {
		owed[key] = "to_send, owed"
	}
	o.awaitNotices(owed)
	files, err := filepath.Glob(filepath.Join(o.Out, "outbox", "*.eml"))
	require.NoError(t, err)
	require.Len(t, files, 5)
	require.Equal(t, "SENDGRID_P1.eml", filepath.Base(files[0]))
	require.Equal(t, casebook.NoticeCounts{ToSend: 5}, o.status().Notices)
	require.Contains(t, o.Do("status", id), "NOTICES 5 lie in ")
	require.Contains(t, o.Do("notify", id, "--practice", "P1", "--by", by), "already done; nothing changed", "the same would be written again")

	list := filepath.Join(t.TempDir(), "sent.csv")
	require.NoError(t, os.WriteFile(list, []byte("practice_key,legal_name,on\nP1,Oak,\nP2,Oak,2020-01-01\nP9,,\nP3,Oak,"+today+"\n"), 0o600))
	record := []string{"record", id, "--from", list, "--fact", "practice_notified", "--on", today, "--by", by}
	code, out, errs := o.Run(append(record, "--dry-run")...)
	require.Equal(t, 3, code, "%s%s", out, errs)
	require.Contains(t, out, "4 rows: 2 would be done, 0 done before, 2 refused.")
	o.awaitNotices(owed)
	code, out, errs = o.Run(record...)
	require.Equal(t, 3, code)
	require.Contains(t, out, "4 rows: 2 done, 0 done before, 2 refused.")
	require.Contains(t, errs, "legal_name")
	require.Contains(t, errs, "line 3, practice P2: 2020-01-01 is before the incident began")
	require.Contains(t, errs, "line 4, practice P9: ")
	_, out, _ = o.Run(record...)
	require.Contains(t, out, "4 rows: 0 done, 2 done before, 2 refused.")

	require.Contains(t, o.Do("record", id, "--outbox", "--fact", "practice_notified", "--on", today, "--by", by), "3 rows: 3 done")
	require.Contains(t, o.Do("record", id, "--outbox", "--fact", "practice_notified", "--on", today, "--by", by), "no notice lies in the outbox")
	told := map[string]string{}
	for key := range owed {
		told[key] = "recorded"
	}
	o.awaitNotices(told)
	code, _, errs = o.Run("notify", id, "--practice", "P2", "--by", by)
	require.Equal(t, 3, code)
	require.Contains(t, errs, "practice P2 was told on "+today)
}
