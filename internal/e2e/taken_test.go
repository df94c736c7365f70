package e2e_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"duenotice/internal/packet"
)

var ageSecret = regexp.MustCompile(`^age-secret-key-1[02-9ac-hj-np-z]{58}`)

// find is what of everything sought is in content.
func (s *pagesServer) find(content []byte) (found []string) {
	lower := bytes.ToLower(content)
	for what, text := range s.sought {
		sought, in := []byte(strings.ToLower(text)), lower
		if !utf8.ValidString(text) { // bytes have no other case
			sought, in = []byte(text), content
		}
		escaped := []byte(url.QueryEscape(string(sought)))
		if bytes.Contains(in, sought) || !bytes.Equal(escaped, sought) && bytes.Contains(lower, escaped) {
			found = append(found, what)
		}
	}
	// By a plain search first: a pattern takes seconds for a process's memory.
	for rest := lower; ; rest = rest[1:] {
		at := bytes.Index(rest, []byte("age-secret-key-1"))
		if at < 0 {
			return found
		}
		if rest = rest[at:]; ageSecret.Match(rest) {
			return append(found, "an age secret key")
		}
	}
}

// inMemory is what of everything sought is in the memory of the process; ok is false where
// it cannot be read.
func (s *pagesServer) inMemory(t *testing.T) (found []string, ok bool) {
	t.Helper()
	var all bytes.Buffer
	err := readMemory(s.program.Process.Pid, &all)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
		return nil, false
	}
	require.NoError(t, err)
	require.Greater(t, all.Len(), 1<<20)
	return s.find(all.Bytes()), true
}

// readMemory copies the memory of a process as far as it can be written to or read.
func readMemory(pid int, to io.Writer) error {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return err
	}
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return err
	}
	defer func() { _ = memory.Close() }()
	for line := range strings.Lines(string(maps)) {
		var from, end uint64 // the system's own pages are beyond what is signed
		var rights string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &end, &rights); err != nil {
			return err
		}
		if !strings.HasPrefix(rights, "rw") { // what is not written is of the program's file or the system's
			continue
		}
		// A part may be given back, or the process replaced, while it is read.
		_, _ = io.Copy(to, io.NewSectionReader(memory, int64(from), int64(end-from)))
	}
	return nil
}

// takeDatabase takes what the pages' login reads by any statement, with whatever it says
// of itself, and the tables of the pages as their owner has them. While somebody is in,
// it is also shown that a session's proof makes the search see what is sealed.
func (s *pagesServer) takeDatabase(token string, in bool) {
	t := s.t
	t.Helper()
	key, ok := packet.ParseToken(token)
	require.True(t, ok)
	proof := hex.EncodeToString(key.Key().Proof)
	owner, err := pgx.Connect(t.Context(), s.owner)
	require.NoError(t, err)
	defer func() { require.NoError(t, owner.Close(context.WithoutCancel(t.Context()))) }()
	const sealed = "age-encryption.org/v1"
	dump := take(t, owner, readable(t, owner, "relnamespace = 'public'::regnamespace AND relname LIKE 'page_%'"))
	require.Contains(t, string(dump), sealed, "the owner's tables were not read")
	require.Empty(t, s.find(dump), "the tables of the pages")

	login, err := pgx.Connect(t.Context(), s.login)
	require.NoError(t, err)
	defer func() { require.NoError(t, login.Close(context.WithoutCancel(t.Context()))) }()
	require.Empty(t, s.find(take(t, login, readable(t, login, "relnamespace <> 'public'::regnamespace"))), "the system's tables")
	read, called := 0, 0
	queries := readable(t, login, "relnamespace = 'public'::regnamespace")
	settings := list(t, owner, `SELECT DISTINCT m[1] FROM (
		SELECT regexp_matches(prosrc, '(duenotice\.[a-z_]+)', 'g') m FROM pg_proc WHERE pronamespace = 'public'::regnamespace
		UNION ALL SELECT regexp_matches(qual, '(duenotice\.[a-z_]+)', 'g') FROM pg_policies WHERE qual IS NOT NULL) x`)
	require.Contains(t, settings, "duenotice.page")
	hashes := list(t, owner, "SELECT encode(proof_sha256, 'hex') FROM page_session UNION ALL SELECT encode(link_sha256, 'hex') FROM page_practice")
	require.NotEmpty(t, hashes)
	values := append([]string{"", "own", intruded, intruded + "/own", "page:" + intruded + "/own", "1", "Robin Officer", "engine", "duenotice_engine", proof}, hashes...)
	seen := false
	for _, value := range values {
		if !in && value == proof || in && value != proof {
			continue // of who is in, what their own session shows; of who left, all but what nobody has any more
		}
		for _, setting := range settings {
			_, err := login.Exec(t.Context(), "SELECT set_config($1, $2, false)", setting, value)
			require.NoError(t, err)
		}
		tables := take(t, login, queries)
		require.Empty(t, s.find(tables), "with %q", value)
		seen = seen || bytes.Contains(tables, []byte(sealed))
		given := takeFunctions(t, login, hashes)
		require.Empty(t, s.find(given), "called with %q", value)
		read, called = read+len(tables), called+len(given)
	}
	require.Positive(t, read, "no table was read")
	require.Positive(t, called, "no function was called")
	require.Equal(t, in, seen, "what is sealed is read with the proof of a session, and with nothing else")
}

func list(t *testing.T, conn *pgx.Conn, query string) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), query)
	require.NoError(t, err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return all
}

// readable are queries of every table and view that the login may read, and of the
// columns where it may read only some. Each is tried.
func readable(t *testing.T, conn *pgx.Conn, which string) (queries []string) {
	t.Helper()
	try := func(query string) bool {
		_, err := conn.Exec(t.Context(), query+" LIMIT 0")
		if err == nil {
			queries = append(queries, query)
		}
		return err == nil
	}
	for _, table := range list(t, conn, "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') AND "+which) {
		if try("SELECT * FROM " + table) {
			continue
		}
		for _, column := range list(t, conn, "SELECT quote_ident(attname) FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped AND attrelid = '"+strings.ReplaceAll(table, "'", "''")+"'::regclass") {
			try("SELECT " + column + " FROM " + table)
		}
	}
	require.NotEmpty(t, queries)
	return queries
}

// take copies what queries give, as the bytes that are in the tables; of a query that is
// refused now, nothing.
func take(t *testing.T, conn *pgx.Conn, queries []string) []byte {
	t.Helper()
	var all bytes.Buffer
	for _, query := range queries {
		_, err := conn.PgConn().CopyTo(t.Context(), &all, "COPY ("+query+") TO STDOUT WITH (FORMAT binary)")
		if of := (*pgconn.PgError)(nil); err != nil && !errors.As(err, &of) {
			require.NoError(t, err)
		}
	}
	return all.Bytes()
}

// takeFunctions copies what the functions of the case's schema give the login, each tried
// without arguments, and those of the pages with what an intruder could have of the tables.
func takeFunctions(t *testing.T, conn *pgx.Conn, hashes []string) []byte {
	t.Helper()
	calls := list(t, conn, "SELECT proname || '()' FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND pronargs = 0 AND prorettype <> 'trigger'::regtype AND proname <> 'page_serves'")
	require.NotEmpty(t, calls)
	for _, hash := range hashes {
		of := `'\x` + hash + `'`
		calls = append(calls, "page_salt("+of+")", "page_passkeys("+of+")", "page_try("+of+", NULL, "+of+")", "page_enter("+of+", NULL, "+of+", "+of+", "+of+", NULL)")
	}
	for i, call := range calls {
		calls[i] = "SELECT * FROM " + call
	}
	return take(t, conn, calls)
}
