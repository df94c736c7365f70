package access_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
)

// rows has the permissions which each row of the guide's table is about, by the row's first words.
var rows = map[string][]access.Permission{
	"look:": {access.Read},
	"`start`": {access.Start, casebook.ActAmend, casebook.ActReturns, casebook.ActHold, casebook.ActRelease, casebook.ActReplan,
		casebook.ActNotify, casebook.ActAdopt, casebook.ActResume, casebook.ActRecall, casebook.ActReprint, casebook.ActHandOver, casebook.ActLegalHold, casebook.ActLegalRelease, casebook.ActShred},
	"`approve`":                        {casebook.ActApprove},
	"`assess`":                         {casebook.ActAssess},
	"`practice code`, `practice link`": {access.GiveCodes},
	"`delegate`":                       {casebook.ActDelegate, casebook.ActRecord, casebook.ActContact, casebook.ActDispute},
	"`report evidence`":                {access.Prove},
	"`report accounting`":              {access.SeePeople},
	"`reveal`":                         {access.SeeOne},
	"see who looked":                   {access.Oversee},
	"`ui`":                             {access.Watch},
	"the officers' board":              {access.Board},
	"`keys`":                           {access.KeepKeys},
	"give and take roles":              {access.GiveRoles},
}

// TestTheGuideSaysWhoMayDoWhat holds the table of docs/access.md against what is
// decided: every permission stands in one row, and each role's cell is true.
func TestTheGuideSaysWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	table := tableOf(t, text(t, "..", "..", "docs", "access.md"), "| may |")
	require.Equal(t, access.Roles, asRoles(table[0][1:]), "the table's columns")
	var told []access.Permission
	for _, row := range table[1:] {
		permissions := permissionsOf(t, row[0])
		told = append(told, permissions...)
		for i, role := range access.Roles {
			for _, permission := range permissions {
				require.Equal(t, cell(permission, role), row[i+1], "%s for %s (%s)", row[0], role, permission)
			}
		}
	}
	slices.Sort(told)
	require.Equal(t, access.Permissions(), told, "each permission stands in one row")
}

// cell is what the table says of a permission and a role.
func cell(permission access.Permission, role access.Role) string {
	grant := access.Grant{Identity: "os:ada", Name: "Ada Rivera", Role: role}
	if role == access.Practice {
		grant.IncidentID, grant.PracticeKey = "EX-1", "harbor"
	}
	may := func(practice string) bool {
		_, err := access.May([]access.Grant{grant}, "os:ada", "", permission, "EX-1", practice)
		return err == nil
	}
	switch {
	case may("harbor") && may("bay"):
		return "yes"
	case may("harbor"):
		return "its own"
	}
	return ""
}

func permissionsOf(t *testing.T, words string) []access.Permission {
	t.Helper()
	var found []access.Permission
	for first, permissions := range rows {
		if strings.HasPrefix(words, first) {
			found = append(found, permissions...)
		}
	}
	require.NotEmpty(t, found, "what is %q about?", words)
	return found
}

// TestTheDatabaseHasTheSameRoles wherever they are made or given rights: in the
// schema, the rights, the container's first start and the administrator's guide.
func TestTheDatabaseHasTheSameRoles(t *testing.T) {
	t.Parallel()
	rights := text(t, "..", "postgres", "access.sql")
	schema := text(t, "..", "postgres", "migrations", "00090_access.sql")
	container := text(t, "..", "compose", "postgresql", "10-databases.sh")
	guide := text(t, "..", "..", "docs", "access.md")
	people := []string{}
	for _, role := range access.Roles {
		people = append(people, "duenotice_"+string(role))
	}
	withEngine := append([]string{"duenotice_engine"}, people...)
	made := append([]string{"duenotice_app"}, withEngine...)
	for _, c := range []struct {
		what, text, pattern string
		want                []string
	}{
		{"people of access.sql", rights, `people text\[\] := ARRAY\[(.*?)\]`, people},
		{"everybody of access.sql", rights, `everybody text := '(.*?)'`, append([]string{"duenotice_page"}, made...)},
		{"who may ask for the scope", rights, `(?s)GRANT EXECUTE ON FUNCTION login_scope.*?TO (.*?);`, withEngine},
		{"members of the program's role in the container", container, `(?s)duenotice_app NOLOGIN NOINHERIT\s+IN ROLE (.*?);`, withEngine},
		{"members of the program's role in the guide", guide, `duenotice_app NOLOGIN NOINHERIT IN ROLE (.*?);`, withEngine},
		{"roles made in the container", container, `CREATE ROLE (duenotice_\w+) NOLOGIN`, append([]string{"duenotice_page"}, made...)},
		{"roles made in the guide", guide, `CREATE ROLE (duenotice_\w+) NOLOGIN`, append([]string{"duenotice_page"}, made...)},
	} {
		require.ElementsMatch(t, c.want, names(c.text, c.pattern), c.what)
	}
	given := regexp.MustCompile(`role IN \((.*?)\)`).FindStringSubmatch(schema)
	require.NotNil(t, given)
	require.ElementsMatch(t, access.Roles, asRoles(regexp.MustCompile(`\w+`).FindAllString(given[1], -1)), "the schema's roles")
	for _, name := range regexp.MustCompile(`duenotice_[a-z]+`).FindAllString(rights, -1) {
		require.Contains(t, append(made, "duenotice_page"), name, "access.sql gives rights to a role that nobody makes")
	}
}

// names are the roles in every match of a pattern's group.
func names(text, pattern string) []string {
	var list []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		list = append(list, regexp.MustCompile(`duenotice_\w+`).FindAllString(match[1], -1)...)
	}
	return list
}

func asRoles(words []string) []access.Role {
	list := make([]access.Role, len(words))
	for i, w := range words {
		list[i] = access.Role(w)
	}
	return list
}

// tableOf is the table of a Markdown text that begins with a line, its head
// first and without the line below it.
func tableOf(t *testing.T, text, begins string) [][]string {
	t.Helper()
	_, rest, found := strings.Cut("\n"+text, "\n"+begins)
	require.True(t, found, "no table begins with %s", begins)
	var table [][]string
	for line := range strings.Lines(begins + rest) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		table = append(table, cells)
	}
	require.Greater(t, len(table), 2)
	return slices.Delete(table, 1, 2)
}

func text(t *testing.T, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(b)
}
