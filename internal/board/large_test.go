package board_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// large makes a database with an incident of n practices in every phase, some late,
// some near the line of 500 people, one person in twenty without a usable address. The
// program's own steps take minutes for that many; what is read is the same rows.
func large(t testing.TB, n int) (url string) {
	t.Helper()
	url = testkit.Migrated(t, migrate)
	store := openAt(t, url)
	list := make([]breach.Practice, n)
	for i := range list {
		list[i] = breach.Practice{
			Key: fmt.Sprintf("P%05d", i+1), LegalName: fmt.Sprintf("Example Family Practice %d, Inc.", i+1), State: "VA", Address1: "1 Example Street",
			City: "Richmond", ZIP: "23220", Email: fmt.Sprintf("office%d@example.org", i+1), Delegation: []string{"", "all", "letters", "none"}[i%4],
		}
	}
	incident := breach.Incident{
		ID: "EX-2026-03", Discovered: civil.MustParse("2026-03-16"),
		Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate},
	}
	_, err := store.LoadCase(t.Context(), postgres.LoadInput{
		Incident: incident, CaseSHA256: "case", Practices: list, ListSHA256: "list", RulebookVersion: "2026.11", RulebookSHA256: "book",
		By: "Robin Officer", At: time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC),
		Findings: func(ctx context.Context, each func(int, *breach.Person) error) error {
			for i, p := range list {
				person := breach.Person{
					Key: fmt.Sprintf("p-%06d", i), PracticeKey: p.Key, FirstName: "Ada", LastName: "Example", Address1: "1 Example Street",
					City: "Richmond", State: "VA", ZIP: "23220", DataClasses: []breach.DataClass{"name", "diagnosis"},
				}
				if err := each(i+2, &person); err != nil {
					return err
				}
			}
			return ctx.Err()
		},
	}, nil)
	require.NoError(t, err)
	pool := testkit.Pool(t, url)
	phases := make([]string, len(casebook.Phases))
	for i, p := range casebook.Phases {
		phases[i] = string(p)
	}
	for _, statement := range []string{
		// As many people as the practice's place gives, up to seven hundred.
		`UPDATE practice SET people = id * 37 % 701, findings = id * 37 % 701, phase = ($1::text[])[1 + id % 12],
			closed_on = CASE WHEN id % 12 = 11 THEN date '2026-05-01' END,
			next_due = CASE WHEN id % 12 <> 11 THEN date '2026-05-15' - id % 40 END,
			late_at = CASE WHEN id % 12 <> 11 THEN timestamptz '2026-05-16 04:00Z' - id % 40 * interval '1 day' END,
			needs_person = CASE WHEN id % 3 = 0 THEN 'letters wait for approval, 1 of 2 given (approve); HHS notice due 2026-05-15' ELSE '' END,
			first_planned_at = now(), notifiable = true, discovered = date '2026-03-16', has_notice = true, standing_of = changes`,
		`INSERT INTO obligation (practice_id, obligation_id, position, rule, kind, regime, jurisdiction, recipient, form, count, trigger, clock, due, citation, why, confidence, settled_on, due_ends)
			SELECT p.id, concat(k.kind, k.form, k.jurisdiction), k.position, concat('hipaa.', k.kind), (k.kind), 'hipaa', k.jurisdiction, 'somebody', k.form, p.people, 'discovered', '60 calendar days',
				p.next_due + k.position, '45 CFR 164.404(b)', 'people; discovered 2026-03-16', 'verified',
				CASE WHEN p.phase = 'closed' OR (p.id + k.position) % 3 = 0 THEN date '2026-03-20' + p.id % 40 END, p.late_at
			FROM practice p CROSS JOIN (VALUES (1, 'covered_entity_notice', '', 'US'), (2, 'individual_notice', '', 'US'), (3, 'hhs_notice', 'immediate', 'US'),
				(4, 'substitute_notice', 'conspicuous', 'US'), (5, 'regulator_notice', '', 'VA'), (6, 'media_notice', '', 'VA')) AS k (position, kind, form, jurisdiction)
			WHERE (k.kind <> 'media_notice' OR p.people > 500) AND $1::text[] IS NOT NULL`,
		`DELETE FROM account WHERE $1::text[] IS NOT NULL`,
		`INSERT INTO account (practice_id, state, why, letter, residence, people)
			SELECT p.id, s.state, s.why, s.letter, r.residence, CASE WHEN s.state = 'waiting' AND r.residence = 'VA' THEN p.people - 7 * (p.people / 8) ELSE p.people / 8 END
			FROM practice p CROSS JOIN (VALUES ('waiting', '', ''), ('mailed', '', 'own'), ('no_address', '', ''), ('held', 'address_too_long', '')) AS s (state, why, letter)
			CROSS JOIN (VALUES ('VA'), ('MD')) AS r (residence) WHERE $1::text[] IS NOT NULL`,
		`INSERT INTO outbox (id, incident_id, practice_key, step, state, sent_on)
			SELECT 'm' || id, incident_id, practice_key, 'practice_notice', (ARRAY['sent', 'sent', 'sent', 'bounced', 'no_email'])[1 + id % 5], '2026-03-20' FROM practice WHERE $1::text[] IS NOT NULL`,
	} {
		_, err = pool.Exec(t.Context(), statement, phases)
		require.NoError(t, err)
	}
	_, err = pool.Exec(t.Context(), "VACUUM ANALYZE")
	require.NoError(t, err)
	return url
}
