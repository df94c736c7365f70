package cli_test

import (
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/cli"
	"duenotice/internal/testkit"
)

// underRoles are command lines that reach the database, for each command that does.
var underRoles = map[string][]string{
	"access":            {"access", "access --record", "access --json"},
	"access grant":      {"access grant counsel --to os:eve --name Eve_Two --by WHO"},
	"access revoke":     {"access revoke counsel --to os:eve --by WHO"},
	"amend":             {"amend ID --findings later.csv --by WHO", "amend ID --practices practices.csv --dry-run --by WHO", "amend ID --from-sources case --dry-run --by WHO"},
	"approve":           {"approve ID --list", "approve ID --practice harbor --by WHO", "approve ID --practice harbor,bay --dry-run --by WHO"},
	"assess":            {"assess ID --practice harbor --conclusion presumed --factors factors.yaml --by WHO"},
	"addresses export":  {"addresses export ID --by WHO"},
	"addresses import":  {"addresses import ID checked.csv --checked-on TODAY --by WHO"},
	"adopt":             {"adopt ID --list", "adopt ID --by WHO --yes"},
	"audit replay":      {"audit replay ID"},
	"board":             {"board", "board ID"},
	"board passkeys":    {"board passkeys", "board passkeys --remove 1"},
	"board sessions":    {"board sessions", "board sessions --record", "board sessions --end 1"},
	"bounces":           {"bounces ID events.json --by WHO"},
	"certificate":       nil,
	"completion":        nil,
	"delegate":          {"delegate ID --practice harbor all --by WHO", "delegate ID --practice * all --dry-run --by WHO"},
	"demo":              nil,
	"doctor":            {"doctor"},
	"down":              nil,
	"findings access":   nil,
	"findings diff":     nil,
	"findings import":   nil,
	"findings pairs":    nil,
	"findings profiles": nil,
	"findings trace":    nil,
	"handover":          {"handover ID --batch batch-001 --to Mail_house --by WHO"},
	"hold":              {"hold ID --kind written --stated-on TODAY --official X --agency FBI --statement Wait. --until TODAY --by WHO"},
	"init":              nil,
	"keys":              {"keys"},
	"keys hold":         {"keys hold ID --matter X --by WHO"},
	"keys new":          nil,
	"keys release":      {"keys release ID --matter X --by WHO"},
	"keys rotate":       {"keys rotate"},
	"keys shred":        {"keys shred ID --by WHO --yes"},
	"languages check":   nil,
	"languages new":     nil,
	"notify":            {"notify ID --list", "notify ID --practice harbor --by WHO", "notify ID --post --dry-run --by WHO"},
	"pages":             nil,
	"plan":              {"plan case --diff ID"},
	"practice answers":  {"practice answers ID", "practice answers ID --practice harbor", "practice answers ID --words --by WHO"},
	"practice code":     {"practice code ID harbor --by WHO"},
	"practice contact":  {"practice contact ID --practice harbor --phone 202-555-0100 --by WHO"},
	"practice dispute":  {"practice dispute ID --practice harbor --person H-001 --by WHO"},
	"practice link":     {"practice link ID harbor --by WHO", "practice link ID * --by WHO"},
	"practice sessions": {"practice sessions ID", "practice sessions ID --practice harbor", "practice sessions ID --practice harbor --end --by WHO"},
	"record":            {"record ID --practice harbor --fact acknowledged --on TODAY --by WHO", "record ID --outbox --fact practice_notified --on TODAY --by WHO", "record ID --batch batch-001 --fact letters_mailed --on TODAY --by WHO"},
	"preview":           {"preview ID", "preview ID --practice harbor", "preview ID --json"},
	"recall":            {"recall ID --batch run-001-batch-0001 --why wrong-text --reason y --by WHO --yes", "recall ID --number 1 --disclosure no --reason y --by WHO"},
	"release":           {"release ID --on TODAY --by WHO"},
	"replan":            {"replan ID --dry-run --by WHO"},
	"report accounting": {"report accounting ID --practice harbor"},
	"report binder":     {"report binder ID --practice harbor"},
	"report board":      {"report board ID"},
	"report calendar":   {"report calendar ID"},
	"report callcentre": {"report callcentre ID --hours always --by WHO"},
	"report email-list": {"report email-list ID --practice harbor"},
	"report evidence":   {"report evidence ID --practice harbor", "report evidence ID"},
	"report files":      {"report files ID --practice harbor --to files", "report files ID --to files"},
	"report order":      {"report order ID"},
	"report open":       {"report open ID", "report open ID --csv"},
	"report person":     {"report person ID --practice harbor --person H-001 --reason y --by WHO", "report person ID --letter R001-000001 --reason y --by WHO"},
	"report unopened":   {"report unopened ID", "report unopened ID --csv"},
	"reprint":           {"reprint ID --reason y --by WHO"},
	"resume":            {"resume ID --reason y --by WHO"},
	"returns":           {"returns ID came-back.csv --by WHO"},
	"reveal":            {"reveal ID", "reveal ID --practice harbor --person H-001 --reason y --by WHO", "reveal ID --letter R001-000001 --reason y --by WHO", "reveal ID --first-name Hal --last-name Lane --born 1941-02-11 --reason y --by WHO"},
	"rules":             nil,
	"simulate":          nil,
	"start":             {"start case --by WHO"},
	"status":            {"status", "status ID", "status ID --practice harbor", "status ID --late", "status ID --held", "status ID --json", "status ID --csv", "status ID --due 60d"},
	"testbatch":         nil,
	"tracing":           {"tracing ID scans.json --by WHO", "tracing ID --unseen 7 --by WHO"},
	"ui":                {"ui", "ui ID"},
	"up":                nil,
	"validate":          nil,
	"verify":            nil,
	"viewer":            nil,
	"worker":            nil,
	"worker pages":      nil,

	"findings practices": nil,
}

// rawError is what a database or a library says, and no person is helped by.
var rawError = regexp.MustCompile(`SQLSTATE|permission denied|ERROR:|row-level security|relation "|pgx|panic|no rows in result`)

// TestWhatARoleMayNotIsSaidInWords gives every command under every role, each with a login
// of its own to the database. None answers with what the database said of it.
func TestWhatARoleMayNotIsSaidInWords(t *testing.T) {
	t.Parallel()
	for name := range cli.Commands() {
		lines, there := underRoles[name]
		require.True(t, there || slices.Contains([]string{"addresses", "audit", "findings", "languages", "practice", "report"}, name), "%s is in no line of this test", name)
		for _, line := range lines {
			require.True(t, strings.HasPrefix(line, name), line)
		}
	}
	o := newOffice(t)
	o.env["DUENOTICE_PAGES_ADDRESS"] = "https://notice.example.com"
	o.env["DUENOTICE_TEMPORAL_UI"] = "http://k3x9ab.localhost:8080"
	const id = "EX-2026-07"
	dir := t.TempDir()
	folder := filepath.Join(dir, "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	for name, text := range map[string]string{
		"later.csv": "practice_key,person_key\n", "events.json": "[]", "scans.json": "[]", "came-back.csv": "piece_id,returned_on\n", "checked.csv": "token,last_name\n", "factors.yaml": "{}", "practices.csv": "practice_key,legal_name\nharbor,Other PLLC\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	o.must("access", "grant", "officer", "--to", "os:"+cli.AccountName(), "--name", "Ada Rivera", "--by", "Ada Rivera")

	offices := map[string]*office{}
	for _, role := range access.Roles {
		other := *o
		other.env = maps.Clone(o.env)
		delete(other.env, "DUENOTICE_OWNER_DATABASE_URL")
		other.env["DUENOTICE_DATABASE_URL"] = testkit.Login(t, o.env["DUENOTICE_OWNER_DATABASE_URL"], "duenotice_"+string(role))
		u, err := url.Parse(other.env["DUENOTICE_DATABASE_URL"])
		require.NoError(t, err)
		grant := []string{"access", "grant", string(role), "--to", "db:" + u.User.Username(), "--name", "Person " + string(role), "--by", "Ada Rivera"}
		if role != access.Officer && role != access.Operator {
			grant = append(grant, "--incident", id)
		}
		if role == access.Practice {
			grant = append(grant, "--practice", "harbor")
		}
		o.must(grant...)
		offices[string(role)] = &other
	}
	for role, office := range offices {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			mine := *office
			mine.t = t
			for _, name := range slices.Sorted(maps.Keys(underRoles)) {
				for _, line := range underRoles[name] {
					words := strings.Fields(line)
					for i, word := range words {
						word = strings.NewReplacer("ID", id, "TODAY", testkit.Today().String(), "WHO", "Person "+role).Replace(word)
						if filepath.Ext(word) != "" && !strings.Contains(word, ":") || word == "case" {
							word = filepath.Join(dir, word)
						}
						words[i] = word
					}
					r := mine.do(words...)
					require.NotEqual(t, 2, r.code, "%s as %s is no command line: %s", line, role, r.err)
					require.NotRegexp(t, rawError, r.out+r.err, "%s as %s", line, role)
					if role == string(access.Practice) && name == "practice answers" {
						require.Equal(t, 3, r.code, line)
						require.Contains(t, r.err, "may not", line)
						require.Contains(t, r.err, "officer", "it says whom to ask: %s", line)
					}
				}
			}
		})
	}
}
