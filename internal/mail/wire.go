package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// maxAnswer bounds how much of an answer is read, whatever the other side sends.
const maxAnswer = 64 << 10

// wire sees whether a request may have reached the network.
type wire struct {
	// conn is the connection the request was given to, if it came that far.
	conn atomic.Pointer[net.Conn]
}

func watchWire(ctx context.Context) (context.Context, *wire) {
	w := new(wire)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { w.conn.Store(&info.Conn) },
	}), w
}

// touched reports whether a byte of the request may have left this process.
// httptrace's WroteHeaders and WroteRequest cannot tell: they are about a
// buffer. A connection through a proxy is not ours to count and is taken as
// written to from the moment the request was given to it.
func (w *wire) touched() bool {
	conn := w.conn.Load()
	if conn == nil {
		return false
	}
	if c, ours := (*conn).(*countedConn); ours {
		return c.wrote.Load()
	}
	return true
}

// countedConn remembers that something was written. What fails to be written
// counts too: under TLS a failed write may have sent a part.
type countedConn struct {
	net.Conn
	wrote atomic.Bool
}

func (c *countedConn) Write(p []byte) (int, error) {
	c.wrote.Store(true)
	return c.Conn.Write(p)
}

// ownClient returns a client that dials through countedConn, follows no
// redirect and keeps no connection. A kept one may be closed by the other side
// just as the next message is written to it, and that message's outcome would
// be unknown and wait for a person; a new connection costs milliseconds.
func ownClient(given *http.Client) (*http.Client, error) {
	if given == nil {
		given = &http.Client{Timeout: defaultTimeout}
	}
	var transport *http.Transport
	switch t := given.Transport.(type) {
	case nil:
		transport = http.DefaultTransport.(*http.Transport).Clone()
	case *http.Transport:
		transport = t.Clone()
	default:
		return nil, errors.New("mail: the client's transport must be an *http.Transport, or nothing can be said about a request that failed")
	}
	transport.DisableKeepAlives = true
	transport.ForceAttemptHTTP2 = false
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetHTTP1(true)
	dial := transport.DialContext
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	dialTLS := transport.DialTLSContext
	if dialTLS == nil {
		dialTLS = tlsDialer(dial, transport.TLSClientConfig, transport.TLSHandshakeTimeout)
	}
	transport.DialContext = counted(dial)
	// TLS is dialled here so that the handshake is over before counting starts.
	transport.DialTLSContext = counted(dialTLS)
	return &http.Client{
		Transport: boundedAnswers{transport},
		Timeout:   given.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}, nil
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

func counted(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &countedConn{Conn: conn}, nil
	}
}

func tlsDialer(dial dialFunc, config *tls.Config, limit time.Duration) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		own := &tls.Config{}
		if config != nil {
			own = config.Clone()
		}
		own.NextProtos = []string{"http/1.1"}
		if own.ServerName == "" {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				return nil, errors.Join(err, conn.Close())
			}
			own.ServerName = host
		}
		secured := tls.Client(conn, own)
		if limit > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, limit)
			defer cancel()
		}
		if err := secured.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		return secured, nil
	}
}

// boundedAnswers cuts answers off, because the client library reads them whole.
type boundedAnswers struct{ next http.RoundTripper }

func (b boundedAnswers) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, maxAnswer), response.Body}
	return response, nil
}
