package faults_test

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// wire is what lies between the worker and a server: a listener that passes everything on,
// and can be cut, kept cut and slowed, and torn in one connection. What toxiproxy does
// besides (a library of toxics and an API of its own over HTTP) no case needs, and its
// servers' dependencies would be the test's alone.
type wire struct {
	t        *testing.T
	listener net.Listener

	mu    sync.Mutex
	to    string
	pairs map[net.Conn]net.Conn
	down  bool
	// pause is how long each piece of what is sent waits, in both directions.
	pause time.Duration
	// cutAfter is after how many more bytes to the server it is cut; 0 is never.
	cutAfter int
	// torn is asked for each new connection what happens to it; nil is nothing.
	torn func() tear
}

// tear is what happens to one connection.
type tear struct {
	// asked and answered are how many bytes are carried, to the server and back, before
	// the connection breaks there; less than 0 is all of them.
	asked, answered int
	// silent: it does not break, but nothing more is carried, as where packets are dropped.
	silent bool
	// reset: both ends hear of it as of a machine that was switched off, and not as of an end.
	reset bool
	// piece is how many bytes are carried at a time, each after pause; 0 is all that is there.
	piece int
	pause time.Duration
}

// whole is a connection to which nothing happens.
var whole = tear{asked: -1, answered: -1}

// newWire begins one to a server's host:port.
func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{t: t, listener: l, to: to, pairs: map[net.Conn]net.Conn{}}
	t.Cleanup(func() {
		_ = l.Close()
		w.cut()
	})
	go w.serve()
	return w
}

// address is where the wire begins.
func (w *wire) address() string { return w.listener.Addr().String() }

func (w *wire) serve() {
	for {
		from, err := w.listener.Accept()
		if err != nil {
			return
		}
		if w.isDown() {
			_ = from.Close()
			continue
		}
		w.mu.Lock()
		server := w.to
		w.mu.Unlock()
		to, err := new(net.Dialer).DialContext(w.t.Context(), "tcp", server)
		if err != nil {
			_ = from.Close()
			continue
		}
		w.mu.Lock()
		w.pairs[from] = to
		torn := w.torn
		w.mu.Unlock()
		if torn != nil {
			t := torn()
			go w.carry(to, from, t, t.asked)
			go w.carry(from, to, t, t.answered)
			continue
		}
		go w.pass(to, from, true)
		go w.pass(from, to, false)
	}
}

// pass carries what comes from one end to the other until either is gone.
func (w *wire) pass(to, from net.Conn, counted bool) {
	defer func() { _ = to.Close(); _ = from.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			if w.wait(); counted && w.spend(n) {
				w.cut()
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				if half, ok := to.(*net.TCPConn); ok {
					_ = half.CloseWrite()
				}
			}
			return
		}
	}
}

// carry carries what comes from one end to the other until the connection is torn, or
// either is gone.
func (w *wire) carry(to, from net.Conn, t tear, left int) {
	breaks := func() {
		for _, end := range []net.Conn{to, from} {
			if tcp, ok := end.(*net.TCPConn); ok && t.reset {
				_ = tcp.SetLinger(0)
			}
			_ = end.Close()
		}
	}
	size := t.piece
	if size == 0 {
		size = 32 << 10
	}
	buffer := make([]byte, size)
	for {
		if left == 0 {
			if t.silent {
				_, _ = io.Copy(io.Discard, from) // until somebody gives up
			}
			breaks()
			return
		}
		part := buffer
		if left > 0 {
			part = buffer[:min(left, len(buffer))]
		}
		n, err := from.Read(part)
		if n > 0 {
			rest(w.t.Context(), t.pause)
			left -= n // below 0, where all is carried, it never comes to 0
			if _, err := to.Write(part[:n]); err != nil {
				breaks()
				return
			}
		}
		if err != nil {
			if half, ok := to.(*net.TCPConn); ok && errors.Is(err, io.EOF) {
				_ = half.CloseWrite()
				return
			}
			breaks()
			return
		}
	}
}

// wait holds a piece up for as long as the wire is slow.
func (w *wire) wait() {
	w.mu.Lock()
	pause := w.pause
	w.mu.Unlock()
	rest(w.t.Context(), pause)
}

// rest lets some time pass, or the test end.
func rest(ctx context.Context, pause time.Duration) {
	if pause <= 0 {
		return
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// spend counts what goes to the server, and says when the wire breaks over it: the server
// does not get this piece.
func (w *wire) spend(n int) (breaks bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cutAfter == 0 {
		return false
	}
	if w.cutAfter -= n; w.cutAfter > 0 {
		return false
	}
	w.cutAfter = 0
	return true
}

func (w *wire) isDown() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.down
}

// cut breaks every connection, wherever it is.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for from, to := range w.pairs {
		_, _ = from.Close(), to.Close()
		delete(w.pairs, from)
	}
}

// breakAfter has the wire cut once so many more bytes went to the server: in the middle of
// whatever that is.
func (w *wire) breakAfter(bytes int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cutAfter = bytes
}

// tearing has each new connection asked for what happens to it.
func (w *wire) tearing(torn func() tear) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.torn = torn
}

// towards leads to another server from now on.
func (w *wire) towards(server string) {
	w.mu.Lock()
	w.to = server
	w.mu.Unlock()
	w.cut()
}

// away lets nothing through until it is back.
func (w *wire) away() {
	w.mu.Lock()
	w.down = true
	w.mu.Unlock()
	w.cut()
}

// back lets everything through again.
func (w *wire) back() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down, w.pause = false, 0
}

// slow holds every piece up.
func (w *wire) slow(pause time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pause = pause
}
