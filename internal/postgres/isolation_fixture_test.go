package postgres_test

import (
	"context"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// The isolation suite: sessions of people and of the program try everything
// that is not theirs, with statements of their own as an intruder would have
// them. Everything of the other incident has "foreign" in it, everything of the
// other practice "neighbour".

const (
	ownIncident   = "OWN-2026-03"
	otherIncident = "FOREIGN-2026-03"
)

// twoIncidents is a database with two incidents, each with all there can be:
// papers, approvals, letters, e-mail, acts. Its address is the owner's.
func twoIncidents(t *testing.T) (address string) {
	t.Helper()
	address = testkit.DatabaseURL(t) // the rights on the database itself are not copied with a template
	require.NoError(t, postgres.Migrate(t.Context(), address))
	// The program's own login, which is how it is run: all of this needs no more.
	program := testkit.ProgramLogin(t, address)
	store := openAt(t, program, postgres.WithMaster(masterOf("test")))
	officer := openAt(t, program, postgres.WithMaster(masterOf("test")), postgres.As(access.Everywhere(access.Officer)))
	for incidentID, keys := range map[string][]string{ownIncident: {"own", "neighbour"}, otherIncident: {"foreign-1", "foreign-2"}} {
		facts := incident()
		facts.ID, facts.Entity.Name = incidentID, "Entity of "+incidentID
		var people []breach.Person
		for _, key := range keys {
			people = append(people, with(person(key, key+"-p1"), func(p *breach.Person) { p.LastName = "Patient of " + key }),
				with(person(key, key+"-p2"), func(p *breach.Person) { p.LastName = "Patient of " + key }))
		}
		in := caseOf(facts, practices(keys...), people...)
		in.CaseSHA256, in.ListSHA256 = "case "+incidentID, "list "+incidentID
		loaded(t, store, in)
		fill(t, store, officer, incidentID, keys)
		for _, statement := range []string{
			"INSERT INTO counting_group (incident_id, key, members, tally) VALUES ($1, 'group of ' || $1, '{}', '{}')",
			"INSERT INTO page_session (proof_sha256, practice_id, wrapped, way, until) SELECT sha256(convert_to(incident_id || practice_key, 'UTF8')), id, 'x', 'code', now() + interval '1 hour' FROM practice WHERE incident_id = $1",
			"INSERT INTO page_passkey (credential_id, practice_id, proof_sha256, wrapped, credential, name) SELECT convert_to(incident_id || practice_key, 'UTF8'), id, sha256('x'), 'x', '{}', 'passkey of ' || practice_key FROM practice WHERE incident_id = $1",
			"INSERT INTO page_answer (id, practice_id, kind, content_sha256, sealed, session, detail) SELECT gen_random_uuid(), p.id, 'received', repeat('a', 64), 'x', s.proof_sha256, 'answer of ' || practice_key FROM practice p JOIN page_session s ON s.practice_id = p.id WHERE incident_id = $1",
			"INSERT INTO dispute (practice_id, person_key, act_id, at) SELECT id, 'person of ' || practice_key, 'act', now() FROM practice WHERE incident_id = $1",
			"INSERT INTO page_signed (answer_id, practice_id, act_id, sha256, bytes) SELECT a.id, p.id, 'act of ' || practice_key, repeat('a', 64), 1 FROM page_answer a JOIN practice p ON p.id = a.practice_id WHERE incident_id = $1",
			"INSERT INTO post_batch (incident_id, number, kind, act_id) VALUES ($1, 1, 'notice', 'act of ' || $1)",
			"INSERT INTO post_piece (batch_id, piece_no, practice_id, held) SELECT b.id, row_number() OVER (), p.id, 'why of ' || practice_key FROM practice p JOIN post_batch b USING (incident_id) WHERE incident_id = $1",
			"INSERT INTO address_check (incident_id, number, sha256, checked_on, after_list, list_number, outcomes, by_whom, at) VALUES ($1, 1, 'list of ' || $1, '2026-04-20', 1, 0, '{}', 'by', now())",
			"INSERT INTO checked_address SELECT id, 'person of ' || practice_key, 1, 'stands', 'x' FROM practice WHERE incident_id = $1",
			"INSERT INTO piece_scan SELECT id, 1, now(), '919', '20001', 'seen', 'file' FROM mail_run WHERE incident_id = $1",
			"INSERT INTO posting_state SELECT id, incident_id, practice_key, 'https://' || practice_key || '.example.org', false, 'gone', '2026-04-20', '2026-04-20', now() FROM practice WHERE incident_id = $1",
			"INSERT INTO posting_look SELECT id, 1, row_number() OVER (), 'look at ' || practice_key FROM practice WHERE incident_id = $1",
			"INSERT INTO returned_letter SELECT id, 1, '2026-04-20', 'reason of ' || $1, 2 FROM mail_run WHERE incident_id = $1",
		} {
			_, err := testkit.Pool(t, address).Exec(t.Context(), statement, incidentID)
			require.NoError(t, err)
		}
	}
	return address
}

func fill(t *testing.T, store, officer *postgres.Store, incidentID string, keys []string) {
	t.Helper()
	ctx := t.Context()
	for _, key := range keys {
		of := packet.Practice{IncidentID: incidentID, Key: key}
		_, err := store.MakePage(ctx, of)
		require.NoError(t, err)
		_, err = store.GiveCode(ctx, of, postgres.CodeByPost, "duenotice", noon)
		require.NoError(t, err)
		require.NoError(t, store.SavePacket(ctx, of, "packet of "+key, []packet.Part{{Name: packet.PartPage, Content: []byte(key)}}))
		there, err := store.Practice(ctx, incidentID, key)
		require.NoError(t, err)
		require.NoError(t, store.SavePapers(ctx, incidentID, key, papersOf(there, "papers "+key)))
		plan := planOf(duty("rule", breach.IndividualNotice, "US", "2026-05-15"))
		plan.Inputs, plan.Result = []byte(`{"incident":{"id":"`+incidentID+`"},"practice":"`+key+`"}`), []byte(`{}`)
		_, err = store.SavePlan(ctx, incidentID, key, plan, casebook.Standing{Phase: casebook.PhaseApproval})
		require.NoError(t, err)
		require.NoError(t, store.SaveStages(ctx, casebook.StageReached{
			IncidentID: incidentID, PracticeKey: key, ObligationID: plan.Obligations[0].ID(), Stage: "30 days", At: noon,
		}))
		_, err = store.IntendMessage(ctx, incidentID, key, "practice_notice")
		require.NoError(t, err)
		for _, who := range []string{"Ada", "Ben"} {
			act := casebook.Act{
				ID: "approve " + key + who, IncidentID: incidentID, PracticeKey: key, Kind: casebook.ActApprove, Who: who, At: noon,
				Approve: &casebook.ApproveTerms{SHA256: "papers " + key},
			}
			require.NoError(t, officer.RequestAct(ctx, act, "account of "+key))
			_, err := store.ActOnPractice(ctx, act, func(casebook.Practice) error { return nil })
			require.NoError(t, err)
		}
		there, err = store.Practice(ctx, incidentID, key)
		require.NoError(t, err)
		_, err = store.SavePlan(ctx, incidentID, key, plan, casebook.Standing{Changes: there.Changes, Phase: casebook.PhaseApproval, Printable: true})
		require.NoError(t, err)
	}
	run, err := store.PlanMailRun(ctx, casebook.MailRun{IncidentID: incidentID, Number: 1}, 100)
	require.NoError(t, err)
	require.Equal(t, 4, run.Pieces)
	printed := 0
	require.NoError(t, store.Letters(ctx, incidentID, 1, 1, func(*casebook.Letter) error { printed++; return nil }))
	require.Equal(t, 4, printed)
	require.NoError(t, store.SaveBatch(ctx, incidentID, 1, casebook.Batch{Number: 1, Name: "batch of " + incidentID, Pieces: 4, Pages: 8}))
	require.NoError(t, store.AddPayloadView(ctx, casebook.PayloadView{At: noon, Who: "Ada", WorkflowID: "incident:" + incidentID, Payloads: 1}))
	_, err = store.AnchorLedger(ctx, incidentID, 0)
	require.NoError(t, err)
	require.NoError(t, store.NoteTrouble(ctx, casebook.Trouble{Incident: incidentID, Practice: keys[0], Kind: "PreparePapers", What: "of " + incidentID}))
	require.NoError(t, store.SignOfLife(ctx, "worker", "duenotice", ""))
	_, err = officer.Reveal(ctx, casebook.Reveal{
		IncidentID: incidentID, PracticeKey: keys[0], PersonKey: keys[0] + "-p1", Reason: "reason of " + incidentID, Who: "Ada", Identity: "os:ada",
	})
	require.NoError(t, err)
}

// personal makes a login for a person who holds the role in ownIncident, for
// its practice "own" where the role is for one.
func personal(t *testing.T, address string, role access.Role) *pgx.Conn {
	t.Helper()
	own := testkit.Login(t, address, "duenotice_"+string(role))
	u, err := url.Parse(own)
	require.NoError(t, err)
	officer := openAt(t, address, postgres.As(access.Everywhere(access.Officer)))
	grant := access.Grant{Identity: access.OfLogin(u.User.Username()), Name: u.User.Username(), Role: role, IncidentID: ownIncident}
	if role == access.Practice {
		grant.PracticeKey = "own"
	}
	for _, g := range []access.Grant{{Identity: "os:ada", Name: "Ada", Role: access.Officer}, grant} {
		_, err = officer.ChangeRole(t.Context(), postgres.RoleChange{Grant: g, Granted: true, Who: "Ada", By: "os:ada", At: noon})
		require.NoError(t, err)
	}
	conn, err := pgx.Connect(t.Context(), own)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}
