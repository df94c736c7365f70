package stack

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldestPostgres is the oldest major version this program is run with.
const oldestPostgres = 14

// binaries is a folder with PostgreSQL's programs.
type binaries struct {
	dir   string
	major int
}

func (b binaries) program(name string) string { return filepath.Join(b.dir, name) }

// findPostgres returns the programs to run a cluster with: those on the machine,
// or, where it has none, those that embedded-postgres fetches. A cluster that
// exists already (major is not 0) can be run by its own major version only.
func findPostgres(ctx context.Context, major int, fetch fetcher, progress func(string)) (binaries, error) {
	found := installedPostgres(ctx)
	for _, b := range found {
		if b.major == major || (major == 0 && b.major >= oldestPostgres) {
			return b, nil
		}
	}
	if ctx.Err() != nil {
		return binaries{}, context.Cause(ctx) // then looking failed, and nothing is known
	}
	progress("No fitting PostgreSQL is installed; fetching one")
	b, err := fetch(ctx, major)
	if err == nil {
		return b, nil
	}
	return binaries{}, noPostgresError(major, found, err)
}

// noPostgresError is one sentence for a machine on which neither way works.
func noPostgresError(major int, found []binaries, fetching error) error {
	have := "PostgreSQL is not installed"
	install := "on Debian or Ubuntu: apt-get install postgresql; on macOS: brew install postgresql@17"
	if len(found) > 0 {
		have = fmt.Sprintf("the PostgreSQL in %s is version %d, and %d or newer is needed", found[0].dir, found[0].major, oldestPostgres)
	}
	if major != 0 {
		have = fmt.Sprintf("the data was made by PostgreSQL %d, which is not installed", major)
		install = fmt.Sprintf("on Debian or Ubuntu: apt-get install postgresql-%d; on macOS: brew install postgresql@%d", major, major)
	}
	return fmt.Errorf("%s, and fetching it failed (%w): install it (%s) and run this again", have, fetching, install)
}

// installedPostgres returns every PostgreSQL server on the machine, those that
// PATH names first and then the newest first.
func installedPostgres(ctx context.Context) []binaries {
	var first, rest []binaries
	add := func(list *[]binaries, dir string) {
		dir, err := filepath.EvalSymlinks(dir)
		known := func(b binaries) bool { return b.dir == dir }
		if err != nil || slices.ContainsFunc(first, known) || slices.ContainsFunc(rest, known) {
			return
		}
		if b, ok := binariesIn(ctx, dir); ok {
			*list = append(*list, b)
		}
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		// Often a link, while initdb stands beside what it points at.
		if server, err := filepath.EvalSymlinks(path); err == nil {
			add(&first, filepath.Dir(server))
		}
	}
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		add(&first, strings.TrimSpace(string(out)))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",                    // Debian, Ubuntu
		"/usr/pgsql-*/bin",                             // PostgreSQL's own packages for Red Hat
		"/opt/homebrew/opt/postgresql*/bin",            // Homebrew on Apple silicon
		"/usr/local/opt/postgresql*/bin",               // Homebrew on Intel
		"/home/linuxbrew/.linuxbrew/opt/postgres*/bin", // Homebrew on Linux
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"/usr/local/pgsql/bin", // built from source
	} {
		dirs, err := filepath.Glob(pattern)
		if err != nil {
			continue
		}
		for _, dir := range dirs {
			add(&rest, dir)
		}
	}
	slices.SortStableFunc(rest, func(a, b binaries) int { return cmp.Compare(b.major, a.major) })
	return append(first, rest...)
}

var postgresVersion = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// binariesIn looks at one folder. Client packages alone put pg_config and psql
// in place but neither a server nor initdb.
func binariesIn(ctx context.Context, dir string) (binaries, bool) {
	b := binaries{dir: dir}
	if _, err := os.Stat(b.program("initdb")); err != nil {
		return b, false
	}
	out, err := exec.CommandContext(ctx, b.program("postgres"), "--version").Output()
	if err != nil {
		return b, false
	}
	m := postgresVersion.FindSubmatch(out)
	if m == nil {
		return b, false
	}
	b.major, err = strconv.Atoi(string(m[1]))
	return b, err == nil
}
