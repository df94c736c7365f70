package mail_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/mail"
)

// listener answers every connection with handle and closes it.
func listener(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			handle(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return l.Addr().String()
}

// readRequest reads one whole request off the connection.
func readRequest(conn net.Conn) {
	r, err := http.ReadRequest(bufio.NewReader(conn))
	if err == nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
}

func requireUnavailable(t *testing.T, err error) {
	t.Helper()
	var unavailable *mail.Unavailable
	require.ErrorAs(t, err, &unavailable)
	require.Zero(t, unavailable.Status)
	require.Error(t, unavailable.Err)
	require.NotContains(t, err.Error(), apiKey)
}

func requireUnknown(t *testing.T, err error) {
	t.Helper()
	var unknown *mail.OutcomeUnknown
	require.ErrorAs(t, err, &unknown)
	require.Zero(t, unknown.Status)
	require.Error(t, unknown.Err)
	require.NotContains(t, err.Error(), apiKey)
}

func TestARefusedConnectionSentNothing(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	_, err = sendGridAt(t, "http://"+l.Addr().String(), nil).Send(t.Context(), notice())
	requireUnavailable(t, err)
}

func TestANameThatDoesNotResolveSentNothing(t *testing.T) {
	t.Parallel()
	resolver := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no name server")
	}}
	client := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Resolver: resolver}).DialContext}}
	_, err := sendGridAt(t, "https://mail.example.org", client).Send(t.Context(), notice())
	requireUnavailable(t, err)
}

func TestATLSHandshakeThatFailsSentNothing(t *testing.T) {
	t.Parallel()
	t.Run("the certificate is not trusted", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		server.StartTLS()
		defer server.Close()
		_, err := sendGridAt(t, server.URL, nil).Send(t.Context(), notice())
		requireUnavailable(t, err)
		require.ErrorContains(t, err, "certificate")
	})
	t.Run("the other side closes in the middle of it", func(t *testing.T) {
		t.Parallel()
		address := listener(t, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 1)) })
		_, err := sendGridAt(t, "https://"+address, nil).Send(t.Context(), notice())
		requireUnavailable(t, err)
	})
}

func TestTLSToATrustedHostWorksAndCounts(t *testing.T) {
	t.Parallel()
	answer := make(chan int, 1)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.ProtoMajor != 1 {
			panic("not HTTP/1.1: " + r.Proto)
		}
		status := <-answer
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	sender := sendGridAt(t, server.URL, server.Client())
	answer <- http.StatusAccepted
	_, err := sender.Send(t.Context(), notice())
	require.NoError(t, err)
	answer <- 0
	_, err = sender.Send(t.Context(), notice())
	requireUnknown(t, err)
}

func TestASentRequestWithoutAnAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	for name, handle := range map[string]func(net.Conn){
		"closed before the body was read": func(conn net.Conn) { _, _ = conn.Read(make([]byte, 1)) },
		"closed after the body was read":  readRequest,
		"an answer that breaks off in its first line": func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 20")
		},
		"an answer that is not HTTP": func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, "220 smtp.example.org ESMTP\r\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := listener(t, handle)
			_, err := sendGridAt(t, "http://"+address, nil).Send(t.Context(), notice())
			requireUnknown(t, err)
		})
	}
}

func TestAnAnswerWhoseBodyBreaksOffIsStillAnAnswer(t *testing.T) {
	t.Parallel()
	address := listener(t, func(conn net.Conn) {
		readRequest(conn)
		_, _ = io.WriteString(conn, "HTTP/1.1 202 Accepted\r\nX-Message-Id: p1\r\nContent-Length: 100\r\n\r\nhalf")
	})
	receipt, err := sendGridAt(t, "http://"+address, nil).Send(t.Context(), notice())
	require.NoError(t, err)
	require.Equal(t, mail.Receipt{Outcome: mail.Accepted, ProviderID: "p1", Status: 202}, receipt)
}

func TestAHangingProviderIsUnknownWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	address := listener(t, func(conn net.Conn) {
		readRequest(conn)
		cancel()
		_, _ = conn.Read(make([]byte, 1)) // until the client gives up
	})
	_, err := sendGridAt(t, "http://"+address, nil).Send(ctx, notice())
	requireUnknown(t, err)
	require.ErrorIs(t, err, context.Canceled)
}

func TestTheClientsTimeoutAfterSendingIsUnknown(t *testing.T) {
	t.Parallel()
	address := listener(t, func(conn net.Conn) {
		readRequest(conn)
		_, _ = conn.Read(make([]byte, 1))
	})
	client := &http.Client{Timeout: 3 * time.Second}
	_, err := sendGridAt(t, "http://"+address, client).Send(t.Context(), notice())
	requireUnknown(t, err)
}

func TestAContextThatEndsBeforeTheConnectionSentNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sendGridAt(t, "http://127.0.0.1:9", nil).Send(ctx, notice())
	requireUnavailable(t, err)
	require.ErrorIs(t, err, context.Canceled)

	ctx, cancel = context.WithCancel(t.Context())
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}}}
	_, err = sendGridAt(t, "http://127.0.0.1:9", client).Send(ctx, notice())
	requireUnavailable(t, err)
}

// brokenConn fails as a connection does that the other side has reset.
type brokenConn struct{ net.Conn }

var errReset = errors.New("connection reset")

func (brokenConn) Write([]byte) (int, error) { return 0, errReset }

func TestAWriteThatFailedMayHaveSentAPart(t *testing.T) {
	t.Parallel()
	address := listener(t, func(conn net.Conn) { _, _ = conn.Read(make([]byte, 1)) })
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return brokenConn{conn}, err
	}}}
	_, err := sendGridAt(t, "http://127.0.0.1:9", client).Send(t.Context(), notice())
	requireUnknown(t, err)
	require.ErrorIs(t, err, errReset)
}

func TestThroughAProxy(t *testing.T) {
	t.Parallel()
	via := func(proxy string) *http.Client {
		return &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: proxy})}}
	}
	t.Run("one that refuses the tunnel sent nothing", func(t *testing.T) {
		t.Parallel()
		proxy := listener(t, func(conn net.Conn) {
			readRequest(conn)
			_, _ = io.WriteString(conn, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
		})
		_, err := sendGridAt(t, "https://mail.example.org", via(proxy)).Send(t.Context(), notice())
		requireUnavailable(t, err)
	})
}

type oddTransport struct{}

func (oddTransport) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.EOF }

func TestATransportThatHidesItsConnectionsIsRefused(t *testing.T) {
	t.Parallel()
	_, err := mail.NewSendGrid(apiKey, "", clock, &http.Client{Transport: oddTransport{}})
	require.ErrorContains(t, err, "*http.Transport")
}
