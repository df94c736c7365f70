package cli_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/mailsink"
	"duenotice/internal/synthetic"
	"duenotice/internal/testkit"
)

// largeIncident is that of the guide's chapter about three hundred practices.
const largeIncident = "EX-2026-11"

// largePractices is how many the test has in place of the guide's three hundred, whose
// papers take minutes. DUENOTICE_TEST_PRACTICES=300 has them all.
const largePractices = 12

// TestThreeHundredPracticesWithADozenCommands types the guide's chapter of that name, with
// a database, Temporal, a worker and a mail provider that posts signed events.
func TestThreeHundredPracticesWithADozenCommands(t *testing.T) {
	t.Parallel()
	n := largePractices
	if given := os.Getenv("DUENOTICE_TEST_PRACTICES"); given != "" {
		var err error
		n, err = strconv.Atoi(given)
		require.NoError(t, err)
	}
	provider, err := mailsink.Start(t.Context(), "SG.large", time.Now)
	require.NoError(t, err)
	defer func() { require.NoError(t, provider.Close()) }()
	signedWith, err := provider.VerificationKey()
	require.NoError(t, err)
	o := newOffice(t)
	for name, value := range map[string]string{
		"SENDGRID_API_KEY": "SG.large", "SENDGRID_HOST": provider.URL, "SENDGRID_WEBHOOK_KEY": signedWith, "DUENOTICE_MAIL_FROM": "notices@healthcloud.com",
	} {
		o.env[name] = value
	}
	o.startWorker()
	l := &large{office: o, provider: provider, dir: t.TempDir(), n: n}
	l.makeCase()

	scaled := strings.NewReplacer("300", strconv.Itoa(n), "298", strconv.Itoa(n-2))
	typed := 0
	for _, d := range commandsIn(t, filepath.Join("..", "..", "docs", "officers-guide.md")) {
		if d.mention || !strings.Contains(d.line, largeIncident) {
			continue
		}
		l.before(d)
		line := d.line
		for i, word := range d.words {
			d.words[i] = l.here(word)
		}
		for i := range d.shown {
			d.shown[i] = scaled.Replace(d.shown[i])
		}
		r := o.do(d.words...)
		code := 0
		if slices.Contains(d.words, "--refused") {
			code = 3
			require.Contains(t, r.err, "answers.csv, line 2, practice ")
		}
		require.Equal(t, code, r.code, "%s: %s\n%s%s", d.where, line, r.out, r.err)
		printed := strings.ReplaceAll(r.out, testkit.Today().String(), "2026-04-20")
		printed = strings.NewReplacer(l.folder(), "cases/"+largeIncident, l.dir+"/", "", " --dir "+o.dir, "").Replace(printed)
		d.show(t, printed)
		if len(d.shown) > 0 {
			typed++
		}
	}
	require.Equal(t, 12, typed, "it says a dozen")
	o.await(largeIncident, func(s casebook.Status) bool { return s.Account.AddsUp && s.Letters.Letters > 0 })
	for _, row := range o.table("report", "open", largeIncident, "--csv") {
		if row["kind"] == "step" { // theirs are taken; the practices still acknowledge
			require.Equal(t, "practice", row["waits_for"], row)
		}
		require.NotContains(t, row["what"], "Individual notice", "everybody was told: %v", row)
	}
}

// large is the chapter's office, with what its officers have been given.
type large struct {
	*office
	provider *mailsink.Sink
	dir      string
	n        int
}

func (l *large) folder() string { return filepath.Join(l.dir, largeIncident) }

// files are those that the chapter names.
var largeFiles = []string{"events.http", "addresses.csv", "answers.csv", "again.csv", "filings.csv", "open.csv"}

func (l *large) here(word string) string {
	if slices.Contains(largeFiles, word) {
		return filepath.Join(l.dir, word)
	}
	return strings.NewReplacer("cases/"+largeIncident, l.folder(), "2026-04-20", testkit.Today().String()).Replace(word)
}

// makeCase invents the case: nobody has answered yet, and everybody has an address.
func (l *large) makeCase() {
	l.t.Helper()
	p := synthetic.Default(civil.MustParse("2026-03-16"))
	p.IncidentID, p.Practices, p.People = largeIncident, l.n, l.n
	p.Delegations = synthetic.Delegations{Unanswered: 1000}
	_, err := synthetic.Write(l.folder(), p)
	require.NoError(l.t, err)
	practices := rowsOf(l.t, filepath.Join(l.folder(), "practices.csv"))
	for _, row := range practices {
		setColumn(l.t, l.folder(), "practices.csv", row["practice_key"], "email", strings.ToLower(row["practice_key"])+"@example.org")
		setColumn(l.t, l.folder(), "practices.csv", row["practice_key"], "notified_on", "")
	}
}

// write writes one of the officers' files, a row for each practice.
func (l *large) write(name string, header []string, row func(i int, key, legalName string) []string) {
	l.t.Helper()
	file, err := os.Create(filepath.Join(l.dir, name))
	require.NoError(l.t, err)
	w := csv.NewWriter(file)
	require.NoError(l.t, w.Write(header))
	for i, p := range l.table("status", largeIncident, "--csv") {
		if cells := row(i, p["practice_key"], p["name"]); cells != nil {
			require.NoError(l.t, w.Write(cells))
		}
	}
	w.Flush()
	require.NoError(l.t, w.Error())
	require.NoError(l.t, file.Close())
}

// before is what the officers wait for or write before a command.
func (l *large) before(d documented) {
	l.t.Helper()
	sent := func(n int) {
		l.await(largeIncident, func(s casebook.Status) bool {
			return s.Notices == casebook.NoticeCounts{} && len(l.provider.Taken()) == n
		})
	}
	switch {
	case d.words[0] == "bounces":
		sent(l.n)
		taken, now := l.provider.Taken(), time.Now()
		first, err := l.provider.Post(l.provider.Delivered(taken[0], now))
		require.NoError(l.t, err)
		second, err := l.provider.Post(l.provider.Bounced(taken[1], now, "550 5.1.1 no such user"), l.provider.Dropped(taken[2], now))
		require.NoError(l.t, err)
		require.NoError(l.t, os.WriteFile(filepath.Join(l.dir, "events.http"), append(first, second...), 0o600))
	case slices.Contains(d.words, "addresses.csv"):
		bounced := map[string]bool{l.provider.Taken()[1].To: true, l.provider.Taken()[2].To: true}
		l.write("addresses.csv", []string{"practice_key", "legal_name", "email"}, func(_ int, key, _ string) []string {
			if !bounced[strings.ToLower(key)+"@example.org"] {
				return nil
			}
			return []string{key, l.legalName(key), "office@" + strings.ToLower(key) + ".example.org"}
		})
	case slices.Contains(d.words, "answers.csv"):
		sent(l.n + 2)
		l.write("answers.csv", []string{"practice_key", "delegation"}, func(i int, key, _ string) []string {
			switch i {
			case 0:
				return []string{key, "al"} // as somebody types who is in a hurry
			case 1:
				return []string{key, "lettres"}
			}
			return []string{key, "all"}
		})
	case slices.Contains(d.words, "again.csv"):
		path := filepath.Join(l.dir, "again.csv")
		corrected := strings.NewReplacer(",al,", ",all,", ",lettres,", ",letters,").Replace(readText(l.t, path))
		require.NoError(l.t, os.WriteFile(path, []byte(corrected), 0o600))
	case d.words[0] == "approve":
		l.await(largeIncident, func(s casebook.Status) bool { return s.In(casebook.PhaseApproval) == l.n })
	case slices.Contains(d.words, "filings.csv"):
		l.write("filings.csv", []string{"practice_key", "reference"}, func(i int, key, _ string) []string {
			return []string{key, "HHS-" + strconv.Itoa(1000+i)}
		})
	}
}

// legalName is a practice's name as its file has it.
func (l *large) legalName(key string) string {
	l.t.Helper()
	for _, row := range rowsOf(l.t, filepath.Join(l.folder(), "practices.csv")) {
		if row["practice_key"] == key {
			return row["legal_name"]
		}
	}
	l.t.Fatalf("no practice %s", key)
	return ""
}
