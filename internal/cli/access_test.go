package cli_test

import (
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"duenotice/internal/casebook"
	"duenotice/internal/cli"
	"duenotice/internal/temporalx"
	"duenotice/internal/testkit"
	"duenotice/workflows"
)

// as gives a command under another account of the machine.
func (o *office) as(account string, args ...string) result {
	o.t.Helper()
	other := *o
	other.account = account
	return other.do(args...)
}

// TestRolesSayWhoActs: from the first role on, a command does what the account's
// role allows and under the name it was given to, and a workflow believes no act
// that was not asked for in the session of somebody who may.
func TestRolesSayWhoActs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.env["DUENOTICE_TIMEZONE"] = "UTC"
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	o.startWorker()
	refused := func(r result, why string) {
		t.Helper()
		require.Equal(t, 3, r.code, "%s%s", r.out, r.err)
		require.Contains(t, r.err, why)
	}
	done := func(r result) string {
		t.Helper()
		require.Zero(t, r.code, r.err)
		return r.out
	}
	give := func(account, role, name string, more ...string) {
		t.Helper()
		done(o.as("ada", append([]string{"access", "grant", role, "--to", "os:" + account, "--name", name, "--by", "Ada Rivera"}, more...)...))
	}

	require.Contains(t, done(o.as("ada", "access")), "Nobody holds a role")
	refused(o.as("ada", "access", "grant", "approver", "--to", "os:ben", "--name", "Ben Okafor", "--by", "Ada Rivera"), "Grant yourself the role officer first")
	give("ada", "officer", "Ada Rivera")
	ahead := o.as("ada", "access", "grant", "approver", "--to", "os:ben", "--name", "Ben Okafor", "--incident", id, "--by", "Ada Rivera")
	require.Zero(t, ahead.code, ahead.err)
	require.Contains(t, ahead.err, "there is no incident "+id+" yet", "it may be given ahead, and a slip of the finger shows")
	give("dora", "approver", "Dora Lind")
	give("cleo", "counsel", "Cleo Marsh")
	give("root", "operator", "Op One")
	require.Contains(t, done(o.as("ada", "doctor")), "held by 5 identities; you are os:ada")
	refused(o.as("ben", "access", "grant", "officer", "--to", "os:ben", "--name", "Ben Okafor", "--by", "Ben Okafor"), "may not give or take roles")
	refused(o.as("ada", "access", "revoke", "officer", "--to", "os:ada", "--by", "Ada Rivera"), "last officer")

	refused(o.as("ben", "start", folder), "may not start")
	refused(o.as("eve", "status"), "holds no role here")
	refused(o.as("ada", "start", folder, "--by", "Ben Okafor"), "os:ada is Ada Rivera here")
	done(o.as("ada", "start", folder))
	refused(o.as("ada", "approve", id, "--all", "--by", "Ada Rivera"), "takes the role approver")
	refused(o.as("ada", "approve", id, "--all", "--by", "Dora Lind"), "os:ada is Ada Rivera here")
	refused(o.as("cleo", "hold", id, "--kind", "written", "--stated-on", "2026-03-20", "--official", "C. Example", "--agency", "FBI",
		"--statement", "Wait.", "--until", "2026-05-20", "--by", "Cleo Marsh"), "may not hold")
	require.Contains(t, done(o.as("cleo", "status", id)), id)

	// Who reaches Temporal with the payloads' keys and not the database.
	act := casebook.Act{
		ID: "forged", IncidentID: id, PracticeKey: "bay", Kind: casebook.ActDelegate, Who: "Ada Rivera", Identity: "os:ada", At: time.Now(),
		Delegate: &casebook.DelegateTerms{Delegation: "none"},
	}
	handle, err := o.temporal().UpdateWorkflow(t.Context(), client.UpdateWorkflowOptions{
		WorkflowID: temporalx.PracticeID(id, "bay"), UpdateName: workflows.UpdateAct, Args: []any{act}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	require.NoError(t, err)
	require.ErrorContains(t, handle.Get(t.Context(), nil), "nobody who is known asked for this act")

	done(o.as("ben", "approve", id, "--all", "--by", "Ben Okafor"))
	refused(o.as("ben", "approve", id, "--all", "--by", "Dora Lind"), "os:ben is Ben Okafor here")
	done(o.as("dora", "approve", id, "--all", "--by", "Dora Lind"))

	people := rowsOf(t, filepath.Join(folder, "findings.csv"))
	key, practice, name := people[0]["person_key"], people[0]["practice_key"], people[0]["last_name"]
	ask := []string{"reveal", id, "--practice", practice, "--person", key, "--reason", "Call, identity checked", "--by"}
	refused(o.as("root", append(ask, "Op One")...), "may not see a person's row")
	refused(o.as("cleo", append(ask, "Cleo Marsh")...), "may not see a person's row")
	require.Contains(t, done(o.as("ada", append(ask, "Ada Rivera")...)), name)
	require.Regexp(t, "Ada Rivera \\(os:ada\\).*"+key+".*Call, identity checked", done(o.as("cleo", "reveal", id)))
	refused(o.as("ada", "reveal", id, "--practice", practice, "--person", "nobody", "--reason", "x", "--by", "Ada Rivera"), "nobody under that key")
	done(o.as("root", "keys"))
	refused(o.as("root", "report", "accounting", id, "--practice", practice), "may not take out a list of people")

	done(o.as("cleo", "report", "evidence", id, "--practice", practice))
	pack := filepath.Join(o.env["DUENOTICE_OUT"], id, "evidence", id+"-"+practice+".zip")
	require.Contains(t, done(o.as("eve", "verify", pack, "--without-key")), "every link holds")
	content, err := os.ReadFile(pack)
	require.NoError(t, err)
	require.Contains(t, string(content), `os:dora`)
	require.Contains(t, string(content), `Call, identity checked`)
	give("ben", "counsel", "Ben Okafor")
	done(o.as("ada", "access", "revoke", "counsel", "--to", "os:ben", "--by", "Ada Rivera"))
	require.Regexp(t, "taken +Ben Okafor +os:ben +counsel +in every incident +Ada Rivera \\(os:ada\\)", done(o.as("ada", "access", "--record")))
}

// TestPeopleOnOtherMachinesHaveTheirOwnLogin: who somebody is says the database,
// and what it does not give them the commands refuse or do not find.
func TestPeopleOnOtherMachinesHaveTheirOwnLogin(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	const id = "EX-2026-07"
	folder := filepath.Join(t.TempDir(), "case")
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join("..", "..", "docs", "walkthrough"))))
	o.startWorker()
	o.must("start", folder, "--by", "Ada Rivera")
	owner := o.env["DUENOTICE_OWNER_DATABASE_URL"]
	// with is the office of somebody who has this login and not the owner's.
	with := func(role string) (*office, string) {
		other := *o
		other.env = maps.Clone(o.env)
		delete(other.env, "DUENOTICE_OWNER_DATABASE_URL")
		other.env["DUENOTICE_DATABASE_URL"] = testkit.Login(t, owner, "duenotice_"+role)
		u, err := url.Parse(other.env["DUENOTICE_DATABASE_URL"])
		require.NoError(t, err)
		return &other, "db:" + u.User.Username()
	}
	counsel, cleo := with("counsel")
	clerk, dee := with("practice")
	require.Contains(t, counsel.do("status").err, cleo+" holds no role here")
	o.must("access", "grant", "officer", "--to", "os:"+cli.AccountName(), "--name", "Ada Rivera", "--by", "Ada Rivera")
	o.must("access", "grant", "counsel", "--to", cleo, "--name", "Cleo Marsh", "--incident", id, "--by", "Ada Rivera")
	o.must("access", "grant", "practice", "--to", dee, "--name", "Dee Clerk", "--incident", id, "--practice", "harbor", "--by", "Ada Rivera")

	require.Regexp(t, "total +2 ", counsel.must("status", id))
	require.Contains(t, counsel.must("access"), "You are "+cleo)
	for args, why := range map[string]string{
		"report evidence " + id: "takes the program's own login", "amend " + id + " --findings x.csv --by Cleo": "cannot act as Cleo",
		"reveal " + id + " --practice harbor --person x --reason y --by": "may not see a person's row",
		"release " + id + " --on 2026-03-20 --by":                        "may not release",
	} {
		words := strings.Fields(args)
		if strings.HasSuffix(args, "--by") {
			words = append(words, "Cleo Marsh")
		}
		r := counsel.do(words...)
		require.Equal(t, 3, r.code, "%s: %s%s", args, r.out, r.err)
		require.Contains(t, r.err, why, args)
	}

	require.Contains(t, clerk.must("status", id, "--practice", "harbor"), "harbor")
	require.Contains(t, clerk.do("status", id, "--practice", "bay").err, "has no practice bay")
	require.Regexp(t, "total +1 ", clerk.must("status", id))
	o.must("record", id, "--practice", "harbor", "--fact", "practice_notified", "--on", testkit.Today().String(), "--by", "Ada Rivera")
	told := []string{"record", id, "--fact", "acknowledged", "--on", testkit.Today().String(), "--by", "Dee Clerk", "--practice"}
	require.Contains(t, clerk.must(append(told, "harbor")...), "by Dee Clerk")
	require.Contains(t, clerk.do(append(told, "bay")...).err, "practice bay")
	require.Contains(t, o.must("report", "evidence", id, "--practice", "harbor"), "harbor")
	pack, err := os.ReadFile(filepath.Join(o.env["DUENOTICE_OUT"], id, "evidence", id+"-harbor.zip"))
	require.NoError(t, err)
	require.Contains(t, string(pack), dee, "whose session it was is in the ledger")
}
