package faults_test

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// wire is what lies between the worker and a server: a listener that passes everything on,
// and can be cut, kept cut and slowed. What toxiproxy does besides (a library of toxics and
// an API of its own over HTTP) no case needs, and its servers' dependencies would be the
// test's alone.
type wire struct {
	t        *testing.T
	listener net.Listener
	to       string

	mu    sync.Mutex
	pairs map[net.Conn]net.Conn
	down  bool
	// pause is how long each piece of what is sent waits, in both directions.
	pause time.Duration
	// cutAfter is after how many more bytes to the server it is cut; 0 is never.
	cutAfter int
}

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
		to, err := new(net.Dialer).DialContext(w.t.Context(), "tcp", w.to)
		if err != nil {
			_ = from.Close()
			continue
		}
		w.mu.Lock()
		w.pairs[from] = to
		w.mu.Unlock()
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

// wait holds a piece up for as long as the wire is slow.
func (w *wire) wait() {
	w.mu.Lock()
	pause := w.pause
	w.mu.Unlock()
	if pause > 0 {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-w.t.Context().Done():
		}
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
