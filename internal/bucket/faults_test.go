package bucket_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/bucket"
	"duenotice/internal/outfolder"
)

// between puts a proxy between the program and the store. fault may answer a request
// itself, or change it or its answer.
func between(t *testing.T, s bucket.Settings, fault func(w http.ResponseWriter, r *http.Request, pass http.Handler)) bucket.Settings {
	t.Helper()
	target, err := url.Parse(s.Endpoint)
	require.NoError(t, err)
	// The request keeps the host that it was signed for.
	pass := &httputil.ReverseProxy{
		Rewrite:  func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host },
		ErrorLog: nil, FlushInterval: -1,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fault(w, r, pass) }))
	t.Cleanup(server.Close)
	s.Endpoint = server.URL
	return s
}

// problem is what a person reads of a failure.
func problem(t *testing.T, err error) *outfolder.Problem {
	t.Helper()
	var p *outfolder.Problem
	require.ErrorAs(t, err, &p)
	require.NotEmpty(t, p.What)
	require.NotEmpty(t, p.Todo)
	return p
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
}

// TestWhatTheStoreAnswersSaysWhatToDo, for every answer that stops it.
func TestWhatTheStoreAnswersSaysWhatToDo(t *testing.T) {
	t.Parallel()
	good, _ := settings(t, "")
	missing := good
	missing.Address = "s3://nobody-made-this-one"
	wrongSecret, nobody := good, good
	wrongSecret.Credentials.SecretAccessKey = "wrong-secret-of-nobody"
	nobody.Credentials = bucket.Credentials{AccessKeyID: "nobody", SecretAccessKey: "secret-of-nobody"}
	none := good
	none.Credentials = bucket.Credentials{}
	away := good
	away.Endpoint = "http://127.0.0.1:1"
	answers := func(status int, code string) bucket.Settings {
		return between(t, good, func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { refuse(w, status, code) })
	}
	for name, c := range map[string]struct {
		settings bucket.Settings
		todo     string
	}{
		"no such bucket":      {missing, "Make the bucket nobody-made-this-one"},
		"a wrong secret":      {wrongSecret, "credentials"},
		"nobody's key":        {nobody, "credentials"},
		"no credentials":      {none, "DUENOTICE_S3_CREDENTIALS_FILE"},
		"nobody there":        {away, "can be reached"},
		"not allowed":         {answers(http.StatusForbidden, "AccessDenied"), "read, write, list and remove"},
		"another region":      {answers(http.StatusBadRequest, "AuthorizationHeaderMalformed"), "DUENOTICE_S3_REGION"},
		"a wrong clock":       {answers(http.StatusForbidden, "RequestTimeTooSkewed"), "clock"},
		"no key of the store": {answers(http.StatusBadRequest, "KMS.NotFoundException"), "DUENOTICE_S3_ENCRYPTION"},
		"no room":             {answers(http.StatusForbidden, "QuotaExceeded"), "Make room"},
		"too little":          {answers(http.StatusNotImplemented, "NotImplemented"), "If-None-Match"},
		"overloaded":          {answers(http.StatusServiceUnavailable, "SlowDown"), "overloaded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := bucket.New(c.settings)
			err := b.Write(t.Context(), "EX-1/notice.pdf", []byte("notice"))
			require.Contains(t, problem(t, err).Todo, c.todo)
			require.NotContains(t, err.Error(), "secret-of-nobody")
			_, err = outfolder.In(b).ReadFile(t.Context(), b.Address("EX-1/notice.pdf"))
			_ = problem(t, err)
			_ = problem(t, b.Each(t.Context(), "EX-1", func(string) error { return nil }))
			_ = problem(t, b.Ready(t.Context()))
		})
	}
}

// TestAStoreThatComesBackIsAskedAgain within one step.
func TestAStoreThatComesBackIsAskedAgain(t *testing.T) {
	t.Parallel()
	good, _ := settings(t, "")
	var asked atomic.Int32
	b := bucket.New(between(t, good, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if asked.Add(1)%2 == 1 {
			refuse(w, http.StatusServiceUnavailable, "SlowDown")
			return
		}
		pass.ServeHTTP(w, r)
	}))
	long := []byte(strings.Repeat("letters ", 100_000))
	require.NoError(t, b.Write(t.Context(), "EX-1/letters.pdf", long))
	got, err := outfolder.In(b).ReadFile(t.Context(), b.Address("EX-1/letters.pdf"))
	require.NoError(t, err)
	require.Equal(t, long, got)
}

// TestAnAnswerThatIsLostIsNoSecondFile: the store took the file and nobody heard of it.
// What asks again finds its own.
func TestAnAnswerThatIsLostIsNoSecondFile(t *testing.T) {
	t.Parallel()
	good, _ := settings(t, "")
	var puts atomic.Int32
	b := bucket.New(between(t, good, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method == http.MethodPut && puts.Add(1) == 1 {
			pass.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		pass.ServeHTTP(w, r)
	}))
	require.NoError(t, b.Write(t.Context(), "EX-1/notice.pdf", []byte("notice")))
	require.Equal(t, int32(2), puts.Load())
	found, err := b.Find(t.Context(), "EX-1/notice.pdf")
	require.NoError(t, err)
	require.Equal(t, int64(6), found.Bytes)
}

// TestAFileThatIsCutShortIsNotThere: the connection breaks in the middle of writing.
func TestAFileThatIsCutShortIsNotThere(t *testing.T) {
	t.Parallel()
	good, store := settings(t, "")
	b := bucket.New(between(t, good, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method == http.MethodPut {
			r.Body = io.NopCloser(io.LimitReader(r.Body, 1000))
		}
		pass.ServeHTTP(w, r)
	})).Hurried(3 * time.Second)
	whole := bucket.New(good)
	require.NoError(t, whole.Write(t.Context(), "EX-1/pieces.csv", []byte("earlier")))
	long := []byte(strings.Repeat("letters ", 1000))
	for _, key := range []string{"EX-1/letters.pdf", "EX-1/pieces.csv"} {
		_ = problem(t, b.Write(t.Context(), key, long))
	}
	there, err := whole.Exists(t.Context(), "EX-1/letters.pdf")
	require.NoError(t, err)
	require.False(t, there)
	got, err := os.ReadFile(filepath.Join(store.Folder, "EX-1", "pieces.csv"))
	require.NoError(t, err)
	require.Equal(t, "earlier", string(got))
}

// TestBytesThatChangeOnTheWayAreNotTaken: what the store keeps is what was sent.
func TestBytesThatChangeOnTheWayAreNotTaken(t *testing.T) {
	t.Parallel()
	good, _ := settings(t, "")
	b := bucket.New(between(t, good, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method == http.MethodPut {
			r.Body = io.NopCloser(strings.NewReader(strings.Repeat("x", int(r.ContentLength))))
		}
		pass.ServeHTTP(w, r)
	}))
	_ = problem(t, b.Write(t.Context(), "EX-1/notice.pdf", []byte("notice")))
	there, err := bucket.New(good).Exists(t.Context(), "EX-1/notice.pdf")
	require.NoError(t, err)
	require.False(t, there)
}

// TestAReadThatBreaksIsTriedAgainAndNeverShort, once and for good.
func TestAReadThatBreaksIsTriedAgainAndNeverShort(t *testing.T) {
	t.Parallel()
	good, _ := settings(t, "")
	long := []byte(strings.Repeat("letters ", 100_000))
	require.NoError(t, bucket.New(good).Write(t.Context(), "EX-1/letters.pdf", long))
	for name, breaks := range map[string]int32{"once": 1, "always": 1 << 30} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var gets atomic.Int32
			b := bucket.New(between(t, good, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
				if r.Method != http.MethodGet || gets.Add(1) > breaks {
					pass.ServeHTTP(w, r)
					return
				}
				answer := httptest.NewRecorder()
				pass.ServeHTTP(answer, r)
				for key, values := range answer.Header() {
					w.Header()[key] = values
				}
				_, _ = w.Write(answer.Body.Bytes()[:1000])
				panic(http.ErrAbortHandler)
			}))
			got, err := outfolder.In(b).ReadFile(t.Context(), b.Address("EX-1/letters.pdf"))
			if name == "once" {
				require.NoError(t, err)
				require.Equal(t, long, got)
				return
			}
			_ = problem(t, err)
		})
	}
}

// TestAStoreThatSaysNothingIsGivenUp in the middle of each kind of request.
func TestAStoreThatSaysNothingIsGivenUp(t *testing.T) {
	t.Parallel()
	good, _ := settings(t, "")
	require.NoError(t, bucket.New(good).Write(t.Context(), "EX-1/letters.pdf", []byte(strings.Repeat("letters ", 100_000))))
	silent := make(chan struct{})
	b := bucket.New(between(t, good, func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "letters.pdf") {
			w.Header().Set("Content-Length", "800000")
			w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
			_, _ = io.WriteString(w, "letters ")
			w.(http.Flusher).Flush()
		}
		select {
		case <-silent:
		case <-r.Context().Done():
		}
	})).Hurried(200 * time.Millisecond)
	t.Cleanup(func() { close(silent) }) // before the server waits for its answers
	_, err := outfolder.In(b).ReadFile(t.Context(), b.Address("EX-1/letters.pdf"))
	require.Contains(t, problem(t, err).Todo, "too slow")
	err = b.Write(t.Context(), "EX-1/notice.pdf", []byte("notice"))
	require.Contains(t, problem(t, err).Todo, "too slow")

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, b.Write(ended, "EX-1/notice.pdf", []byte("notice")), context.Canceled)
}

// TestAnEarlierAnswerDoesNotLetAWriteBeLost: a store, or what stands before it, that
// still tells of what was there before.
func TestAnEarlierAnswerDoesNotLetAWriteBeLost(t *testing.T) {
	t.Parallel()
	good, _ := settings(t, "")
	b := bucket.New(good)
	require.NoError(t, b.Write(t.Context(), "EX-1/summary.json", []byte("earlier")))
	var mu sync.Mutex
	kept := map[string]*httptest.ResponseRecorder{}
	stale := bucket.New(between(t, good, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		if r.Method != http.MethodHead {
			pass.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		if kept[r.URL.Path] == nil {
			kept[r.URL.Path] = httptest.NewRecorder()
			pass.ServeHTTP(kept[r.URL.Path], r)
		}
		for key, values := range kept[r.URL.Path].Header() {
			w.Header()[key] = values
		}
		w.WriteHeader(kept[r.URL.Path].Code)
	}))
	found, err := stale.Find(t.Context(), "EX-1/summary.json")
	require.NoError(t, err)
	require.Equal(t, int64(7), found.Bytes)
	require.NoError(t, b.Write(t.Context(), "EX-1/summary.json", []byte("a later one")))
	// It would write over a file that it has not seen: that is not done in silence.
	_ = problem(t, stale.Write(t.Context(), "EX-1/summary.json", []byte("mine")))
	got, err := outfolder.In(b).ReadFile(t.Context(), b.Address("EX-1/summary.json"))
	require.NoError(t, err)
	require.Equal(t, "a later one", string(got))
}

// TestAStoreThatComparesNothingIsNotUsed: it would let workers undo each other's files.
func TestAStoreThatComparesNothingIsNotUsed(t *testing.T) {
	t.Parallel()
	good, _ := settings(t, "")
	b := bucket.New(between(t, good, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
		answer := httptest.NewRecorder()
		pass.ServeHTTP(answer, r)
		if answer.Code == http.StatusPreconditionFailed {
			w.Header().Set("ETag", `"tag"`)
			return // as if it had written it
		}
		for key, values := range answer.Header() {
			w.Header()[key] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	require.Contains(t, problem(t, b.Ready(t.Context())).What, "If-None-Match")
}

// TestEncryptionIsAskedForAndSeen in every request that writes, and a store that takes
// no notice of it is not used.
func TestEncryptionIsAskedForAndSeen(t *testing.T) {
	t.Parallel()
	for asked, header := range map[string]string{"AES256": "AES256", "aws:kms": "aws:kms", "aws:kms:alias/papers": "aws:kms"} {
		t.Run(asked, func(t *testing.T) {
			t.Parallel()
			good, _ := settings(t, "")
			good.Encryption = asked
			var without, with atomic.Int32
			obeys := atomic.Bool{}
			b := bucket.New(between(t, good, func(w http.ResponseWriter, r *http.Request, pass http.Handler) {
				if r.Method == http.MethodPut {
					if r.Header.Get("X-Amz-Server-Side-Encryption") == header && (strings.Count(asked, ":") < 2 || r.Header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id") == "alias/papers") {
						with.Add(1)
					} else {
						without.Add(1)
					}
				}
				if obeys.Load() && r.Method == http.MethodHead {
					w.Header().Set("X-Amz-Server-Side-Encryption", header)
				}
				pass.ServeHTTP(w, r)
			}))
			err := b.Ready(t.Context())
			require.Error(t, err, "the store of these tests does not encrypt")
			_ = problem(t, err)
			obeys.Store(true)
			require.NoError(t, b.Ready(t.Context()))
			require.NoError(t, b.Write(t.Context(), "EX-1/notice.pdf", []byte("notice")))
			require.Zero(t, without.Load())
			require.Positive(t, with.Load())
		})
	}
}

// TestCredentialsAreReadFromAFileOfTheirOwn and never repeated.
func TestCredentialsAreReadFromAFileOfTheirOwn(t *testing.T) {
	t.Parallel()
	good, _ := settings(t, "")
	own := good.Credentials
	file := filepath.Join(t.TempDir(), "credentials")
	good.Credentials = bucket.Credentials{File: file}
	write := func(mode os.FileMode, words string) error {
		_ = os.Remove(file)
		require.NoError(t, os.WriteFile(file, []byte(words), mode))
		return bucket.New(good).Write(t.Context(), "EX-1/notice.pdf", []byte("notice"))
	}
	words := "[default]\naws_access_key_id = " + own.AccessKeyID + "\naws_secret_access_key = " + own.SecretAccessKey + "\n"
	require.NoError(t, write(0o600, words))
	for name, err := range map[string]error{
		"open to others": write(0o644, words),
		"of another":     write(0o600, strings.Replace(words, "default", "other", 1)),
		"no such words":  write(0o600, "[default\n"+own.SecretAccessKey),
		"empty":          write(0o600, ""),
		"half":           write(0o600, "[default]\naws_access_key_id = x\n"),
	} {
		_ = problem(t, err)
		require.NotContains(t, err.Error(), own.SecretAccessKey, name)
	}
	require.NoError(t, os.Remove(file))
	require.ErrorIs(t, bucket.New(good).Write(t.Context(), "EX-1/notice.pdf", nil), os.ErrNotExist)
}
