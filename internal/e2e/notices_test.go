package e2e_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/cases"
	"duenotice/internal/mail"
	"duenotice/internal/testkit"
)

// pretendSendGrid answers by recipient: it takes all mail but what its address
// says, once the key is right and until the cause is mended.
type pretendSendGrid struct {
	mu       sync.Mutex
	wrongKey bool
	mended   bool
	posts    map[string]int
	taken    map[string][]string // our ids of the messages it took, by recipient
}

func (p *pretendSendGrid) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct {
		From             struct{ Email string }
		ReplyTo          struct{ Email string } `json:"reply_to"`
		Personalizations []struct {
			To         []struct{ Email string }
			CustomArgs map[string]string `json:"custom_args"`
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wrongKey {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil || body.From.Email != "notices@healthcloud.com" || body.ReplyTo.Email != "privacy@example.org" {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	to := body.Personalizations[0].To[0].Email
	p.posts[to]++
	switch {
	case to == "r429@example.org" && p.posts[to] == 1:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	case to == "r500@example.org" && p.posts[to] == 1:
		w.WriteHeader(http.StatusInternalServerError)
	case to == "r400@example.org" && !p.mended:
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email"}]}`)
	default:
		p.taken[to] = append(p.taken[to], body.Personalizations[0].CustomArgs[mail.MessageIDArg])
		w.WriteHeader(http.StatusAccepted)
	}
}

func (p *pretendSendGrid) set(change func(*pretendSendGrid)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *pretendSendGrid) counts() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := map[string]int{}
	for to, n := range p.posts {
		counts[to] = n
	}
	return counts
}

func (o *office) status(args ...string) casebook.Status {
	o.t.Helper()
	var s casebook.Status
	require.NoError(o.t, json.Unmarshal([]byte(o.do(append([]string{"status", "SENDGRID", "--json"}, args...)...)), &s))
	return s
}

// notices has, by practice, the state of its e-mail and whether it is owed its notice.
func (o *office) notices() map[string]string {
	o.t.Helper()
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
	o.t.Helper()
	testkit.Await(o.t, func() bool { return fmt.Sprint(o.notices()) == fmt.Sprint(want) }, func() string { return fmt.Sprint(o.notices()) })
}

// TestNoticesThroughAProvider: kept back until somebody says so, stopped and said
// so while the key is wrong, tried again where that helps, refused where it does
// not, sent again when the cause is mended; and one that bounces was no notice.
func TestNoticesThroughAProvider(t *testing.T) {
	t.Parallel()
	provider := &pretendSendGrid{wrongKey: true, posts: map[string]int{}, taken: map[string][]string{}}
	server := httptest.NewServer(provider)
	defer server.Close()
	o := newOffice(t, map[string]string{
		"SENDGRID_API_KEY": "SG.pretend", "SENDGRID_HOST": server.URL, "DUENOTICE_MAIL_FROM": "notices@healthcloud.com",
	})
	const id, by = "SENDGRID", "Ada Officer"
	today := testkit.Today().String()
	require.Contains(t, o.do("start", cases.Folder(t, "sendgrid"), "--no-notices", "--by", by), "5 notices to practices by e-mail: kept back")
	require.Equal(t, casebook.NoticeCounts{KeptBack: 5}, o.status().Notices)

	o.do("notify", id, "--by", by)
	testkit.Await(t, func() bool { return o.status().Notices.Stopped == 5 }, func() string { return fmt.Sprint(o.status().Notices) })
	require.Contains(t, o.status().Notices.StoppedBy, "401")
	require.Contains(t, o.do("status", id), "SENDGRID_API_KEY")
	require.Empty(t, provider.counts())
	code, out, _ := o.run("doctor")
	require.Equal(t, 1, code)
	require.Contains(t, out, "notices of SENDGRID: 5 notices cannot be handed over: the e-mail provider takes no message at all and answered 401")

	o.killWorker()
	provider.set(func(p *pretendSendGrid) { p.wrongKey = false })
	o.startWorker()
	o.awaitNotices(map[string]string{"P1": "sent", "P2": "sent", "P3": "sent", "P4": "rejected, owed", "P5": "sent"})
	require.Equal(t, map[string]int{"ok@example.org": 1, "r429@example.org": 2, "r500@example.org": 2, "r400@example.org": 1, "bounces@example.org": 1}, provider.counts())

	events := filepath.Join(t.TempDir(), "events.json")
	require.NoError(t, os.WriteFile(events, fmt.Appendf(nil, `[{"event":"delivered","timestamp":%[1]d,"duenotice_message_id":%[2]q},
		{"event":"bounce","timestamp":%[1]d,"reason":"550 no such user","duenotice_message_id":%[3]q},
		{"event":"bounce","timestamp":%[1]d,"duenotice_message_id":"8f0a2c8e-0000-5000-8000-000000000000"}]`,
		time.Now().Unix(), provider.taken["ok@example.org"][0], provider.taken["bounces@example.org"][0]), 0o600))
	require.Contains(t, o.do("bounces", id, events, "--by", by), "1 row: 1 done, 0 done before, 0 refused")
	require.Contains(t, o.do("bounces", id, events, "--by", by), "1 row: 0 done, 1 done before, 0 refused")
	o.do("record", id, "--practice", "P1", "--fact", "notice_bounced", "--on", today, "--reference", "their office called", "--by", by)
	var errs string
	code, _, errs = o.run("record", id, "--practice", "P4", "--fact", "notice_bounced", "--on", today, "--by", by)
	require.Equal(t, 3, code, "what was refused at once did not come back")
	require.Contains(t, errs, "no notice to practice P4 went out")
	o.awaitNotices(map[string]string{"P1": "bounced, owed", "P2": "sent", "P3": "sent", "P4": "rejected, owed", "P5": "bounced, owed"})
	require.Equal(t, casebook.NoticeCounts{Refused: 1, Bounced: 2}, o.status().Notices)

	provider.set(func(p *pretendSendGrid) { p.mended = true })
	require.Contains(t, o.do("notify", id, "--by", by), "3 rows: 3 done, 0 done before, 0 refused")
	all := map[string]string{"P1": "sent", "P2": "sent", "P3": "sent", "P4": "sent", "P5": "sent"}
	o.awaitNotices(all)
	require.Contains(t, o.do("notify", id, "--by", by), "no notice waits to be sent; nothing changed")
	for _, key := range []string{"P2", "P5"} {
		require.Contains(t, o.do("notify", id, "--practice", key, "--by", by), "already done; nothing changed")
	}
	require.Contains(t, o.do("bounces", id, events, "--by", by), "0 of notices of SENDGRID that did not arrive", "an old bounce says nothing of the new e-mail")
	o.awaitNotices(all)
	require.Equal(t, map[string]int{"ok@example.org": 2, "r429@example.org": 2, "r500@example.org": 2, "r400@example.org": 2, "bounces@example.org": 2}, provider.counts())
	require.NotEqual(t, provider.taken["bounces@example.org"][0], provider.taken["bounces@example.org"][1], "it is another e-mail")
}

// TestNoticesInTheOutboxAreNotSent until somebody records that they sent them.
func TestNoticesInTheOutboxAreNotSent(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil)
	const id, by = "SENDGRID", "Ada Officer"
	today := testkit.Today().String()
	require.Contains(t, o.do("start", cases.Folder(t, "sendgrid"), "--by", by), "written into")
	owed := map[string]string{}
	for _, key := range []string{"P1", "P2", "P3", "P4", "P5"} {
		owed[key] = "to_send, owed"
	}
	o.awaitNotices(owed)
	files, err := filepath.Glob(filepath.Join(o.out, "outbox", "*.eml"))
	require.NoError(t, err)
	require.Len(t, files, 5)
	require.Equal(t, "SENDGRID_P1.eml", filepath.Base(files[0]))
	require.Equal(t, casebook.NoticeCounts{ToSend: 5}, o.status().Notices)
	require.Contains(t, o.do("status", id), "NOTICES 5 lie in ")
	require.Contains(t, o.do("notify", id, "--practice", "P1", "--by", by), "already done; nothing changed", "the same would be written again")

	list := filepath.Join(t.TempDir(), "sent.csv")
	require.NoError(t, os.WriteFile(list, []byte("practice_key,legal_name,on\nP1,Oak,\nP2,Oak,2020-01-01\nP9,,\nP3,Oak,"+today+"\n"), 0o600))
	record := []string{"record", id, "--from", list, "--fact", "practice_notified", "--on", today, "--by", by}
	code, out, errs := o.run(append(record, "--dry-run")...)
	require.Equal(t, 3, code, "%s%s", out, errs)
	require.Contains(t, out, "4 rows: 2 would be done, 0 done before, 2 refused.")
	o.awaitNotices(owed)
	code, out, errs = o.run(record...)
	require.Equal(t, 3, code)
	require.Contains(t, out, "4 rows: 2 done, 0 done before, 2 refused.")
	require.Contains(t, errs, "legal_name")
	require.Contains(t, errs, "line 3, practice P2: 2020-01-01 is before the incident began")
	require.Contains(t, errs, "line 4, practice P9: ")
	_, out, _ = o.run(record...)
	require.Contains(t, out, "4 rows: 0 done, 2 done before, 2 refused.")

	require.Contains(t, o.do("record", id, "--outbox", "--fact", "practice_notified", "--on", today, "--by", by), "3 rows: 3 done")
	require.Contains(t, o.do("record", id, "--outbox", "--fact", "practice_notified", "--on", today, "--by", by), "no notice lies in the outbox")
	told := map[string]string{}
	for key := range owed {
		told[key] = "recorded"
	}
	o.awaitNotices(told)
	code, _, errs = o.run("notify", id, "--practice", "P2", "--by", by)
	require.Equal(t, 3, code)
	require.Contains(t, errs, "practice P2 was told on "+today)
}
