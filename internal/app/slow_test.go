package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/app"
	"duenotice/internal/breach"
	"duenotice/internal/packet"
	"duenotice/internal/pages"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// shortTimes are the bounds of a page in these tests, which wait for what ends and
// measure nothing.
var shortTimes = app.Times{Header: 200 * time.Millisecond, Request: 400 * time.Millisecond, Proof: 20 * time.Second, Answer: 20 * time.Second, Idle: 200 * time.Millisecond}

// patience is after how long a test takes a connection for one that never ends.
const patience = 20 * time.Second

// slowly is a connection that sends and then drips, or stops.
type slowly struct {
	t    *testing.T
	conn net.Conn
	done sync.WaitGroup
}

func connect(t *testing.T, at, first string) *slowly {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", at)
	require.NoError(t, err)
	s := &slowly{t: t, conn: conn}
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = io.WriteString(conn, first)
	require.NoError(t, err)
	return s
}

// drips sends a byte again and again until the other side has had enough.
func (s *slowly) drips() *slowly {
	s.done.Go(func() {
		drop := time.NewTicker(10 * time.Millisecond)
		defer drop.Stop()
		for range drop.C {
			if _, err := s.conn.Write([]byte("x")); err != nil {
				return
			}
		}
	})
	return s
}

// ends waits until the other side ends the connection, and returns what it answered.
func (s *slowly) ends(why string) string {
	s.t.Helper()
	answer, err := io.ReadAll(s.conn)
	require.NotErrorIs(s.t, err, os.ErrDeadlineExceeded, "%s is never ended", why)
	require.NoError(s.t, s.conn.Close())
	s.done.Wait()
	return string(answer)
}

// endsEverySlowRequest attacks a page with requests that take for ever, all at once:
// each is cut off, and others are answered meanwhile. post is the path of a form.
func endsEverySlowRequest(t *testing.T, at, host, post string, answers func() bool) {
	t.Helper()
	head := func(path, more string) string {
		return "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + host + "\r\nContent-Type: application/x-www-form-urlencoded\r\n" + more
	}
	for why, open := range map[string]func() *slowly{
		"a request that does not begin": func() *slowly { return connect(t, at, "") },
		"headers that stop":             func() *slowly { return connect(t, at, "GET / HTTP/1.1\r\nHost: "+host+"\r\n") },
		"headers that drip":             func() *slowly { return connect(t, at, "GET / HTTP/1.1\r\nHost: "+host+"\r\nX: ").drips() },
		"a body that does not come":     func() *slowly { return connect(t, at, head(post, "Content-Length: 100\r\n\r\n")) },
		"a body that stops":             func() *slowly { return connect(t, at, head(post, "Content-Length: 100\r\n\r\ncode=")) },
		"a body that drips":             func() *slowly { return connect(t, at, head(post, "Content-Length: 60000\r\n\r\ncode=")).drips() },
		"a body in chunks that stops":   func() *slowly { return connect(t, at, head(post, "Transfer-Encoding: chunked\r\n\r\n5\r\ncode=\r\n")) },
		"a body in chunks that drips": func() *slowly {
			return connect(t, at, head(post, "Transfer-Encoding: chunked\r\n\r\nffff\r\n")).drips()
		},
		"a connection kept with nothing": func() *slowly { return connect(t, at, "GET /health HTTP/1.1\r\nHost: "+host+"\r\n\r\n") },
	} {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			var all []*slowly
			for range 10 {
				all = append(all, open())
			}
			require.True(t, answers(), "others are answered meanwhile")
			for _, s := range all {
				answer := s.ends(why)
				require.NotContains(t, answer, "HTTP/1.1 303", "nothing of it was taken for a form")
			}
		})
	}
	t.Run("a body that is too large", func(t *testing.T) {
		t.Parallel()
		s := connect(t, at, head(post, "Content-Length: 10000000\r\n\r\n"))
		s.done.Go(func() { // until it is told to stop
			for {
				if _, err := s.conn.Write(bytes.Repeat([]byte("x"), 32<<10)); err != nil {
					return
				}
			}
		})
		line := make([]byte, len("HTTP/1.1 413"))
		_, err := io.ReadFull(s.conn, line)
		require.NoError(t, err)
		require.Equal(t, "HTTP/1.1 413", string(line))
		_ = s.ends("it is told, and cut off")
	})
}

// slowPages serves the practices' pages with short times, and the page of a practice.
func slowPages(t *testing.T) (served *app.Pages, at string, link packet.Link, code func() packet.Code) {
	t.Helper()
	in := install(t, time.Now, &postman{}, []breach.Practice{quiet("P1")})
	of := packet.Practice{IncidentID: caseID, Key: "P1"}
	link, err := in.store.MakePage(t.Context(), of)
	require.NoError(t, err)
	at = freeAddress(t)
	served = &app.Pages{
		Config: app.PagesConfig{Address: "http://" + at, Listen: at, DatabaseURL: testkit.Login(t, in.url, "duenotice_page")}, Log: t.Output(), Times: shortTimes,
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- served.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	testkit.Await(t, func() bool { return served.Check(t.Context()) == nil })
	return served, at, link, func() packet.Code {
		code, err := in.store.GiveCode(t.Context(), of, postgres.CodeByTelephone, "Robin Officer", time.Now().Add(time.Hour))
		require.NoError(t, err)
		return code
	}
}

func TestSlowRequestsOfThePracticesPagesAreCutOff(t *testing.T) {
	t.Parallel()
	served, at, link, _ := slowPages(t)
	endsEverySlowRequest(t, at, at, pages.PathOf(link.String()), func() bool { return served.Check(t.Context()) == nil })
}

// TestAProofOverASlowLineIsTaken: of a practice that has a session, and of nobody else.
func TestAProofOverASlowLineIsTaken(t *testing.T) {
	t.Parallel()
	_, at, link, code := slowPages(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+at+pages.PathOf(link.String()), strings.NewReader(url.Values{"code": {code().String()}}.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	in, err := client.Do(request)
	require.NoError(t, err)
	require.NoError(t, in.Body.Close())
	require.Equal(t, http.StatusSeeOther, in.StatusCode)
	require.Len(t, in.Cookies(), 1)
	token, ok := packet.ParseToken(in.Cookies()[0].Value)
	require.True(t, ok)

	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(t, form.WriteField("form", token.FormSecret()))
	file, err := form.CreateFormFile("proof", "receipt.pdf")
	require.NoError(t, err)
	_, err = file.Write(append([]byte("%PDF-"), bytes.Repeat([]byte("x"), 1<<20)...))
	require.NoError(t, err)
	require.NoError(t, form.Close())
	head := func(session string) string {
		return fmt.Sprintf("POST /answer/told HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nCookie: %s=%s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
			at, in.Cookies()[0].Name, session, form.FormDataContentType(), body.Len())
	}
	half := body.Len() / 2
	slow := connect(t, at, head(token.String())+body.String()[:half])
	// Who begins after it, with a request that is not a proof, is cut off before it goes on.
	connect(t, at, "POST "+pages.PathOf(link.String())+" HTTP/1.1\r\nHost: "+at+"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n").ends("a body that stops")
	stranger := connect(t, at, head(packet.NewToken().String())).ends("a proof of nobody")
	require.Contains(t, stranger, "HTTP/1.1 401")
	_, err = io.WriteString(slow.conn, body.String()[half:])
	require.NoError(t, err)
	// All of it was read: the packet, of which there is none here, is what is missing.
	require.Contains(t, slow.ends("a proof that came"), "HTTP/1.1 503")
}

func TestSlowRequestsOfTheOfficersPagesAreCutOff(t *testing.T) {
	t.Parallel()
	page, port, ended, _ := serving(t)
	page.Times = shortTimes
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	go func() { ended <- page.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	testkit.Await(t, func() bool { return page.Check(t.Context()) == nil })
	endsEverySlowRequest(t, "127.0.0.1:"+port, "k3x9ab.localhost:"+port, "/duenotice/login", func() bool { return page.Check(t.Context()) == nil })
}
