package viewer_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// endless is a body without an end, as far as anybody waits for it.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestABodyWithoutAnEndIsCut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	officer := h.loggedIn()
	for path, most := range map[string]int64{
		"/duenotice/login": 64 << 10, "/duenotice/passkey": 64 << 10, "/duenotice/account/end": 64 << 10, "/duenotice/codec/decode": 16 << 20, "/duenotice/render": 256 << 10,
		"/api/v1/namespaces/default/workflows/practice:EX-2026-03:P1/query/__temporal_workflow_metadata": 64 << 10,
	} {
		body := &counting{Reader: endless{}}
		r := httptest.NewRequest(http.MethodPost, h.address.String()+path, body)
		r.Header.Set("Origin", h.address.String())
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, c := range officer.Jar.Cookies(h.address) {
			r.AddCookie(c)
		}
		answer := httptest.NewRecorder()
		h.handler().ServeHTTP(answer, r)
		require.Equal(t, http.StatusRequestEntityTooLarge, answer.Code, path)
		require.LessOrEqual(t, body.read, most+1<<20, path)
	}
	require.Empty(t, h.views())
}

type counting struct {
	io.Reader
	read int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	return n, err
}
