package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/postgres"
)

// TestABounceMakesAPersonUnreachable until a later list has another e-mail.
func TestABounceMakesAPersonUnreachable(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	byEmail := func(key, email string) breach.Person {
		return with(person("P1", key), func(p *breach.Person) { p.Address1, p.Email, p.EmailAgreedOn = "", email, discovered.AddDays(-90) })
	}
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), byEmail("a", "a@example.org"), byEmail("b", "b@example.org"),
		with(byEmail("c", "c@example.org"), func(p *breach.Person) { p.EmailAgreedOn = discovered.AddDays(-1); p.Address1 = "1 Example Street" }),
		person("P2", "a")))
	counts := func() []int {
		tally := practice(t, store, "P1").Tally
		return []int{tally.People, tally.NoUsableAddress, tally.EmailOnly}
	}
	listed := func() (keys []string) {
		require.NoError(t, store.EmailOnly(t.Context(), incidentID, "P1", func(p *breach.Person) error {
			keys = append(keys, p.Key+" "+p.Email)
			return nil
		}))
		return keys
	}
	require.Equal(t, []int{3, 2, 2}, counts())
	require.Equal(t, []string{"a a@example.org", "b b@example.org"}, listed(), "who has an address gets a letter")

	bounced := func(sha string, people ...string) postgres.ReturnsInput {
		in := postgres.ReturnsInput{SHA256: sha, By: "Robin Officer", At: noon}
		for _, key := range people {
			in.Emails = append(in.Emails, breach.BouncedEmail{PracticeKey: "P1", PersonKey: key, On: today})
		}
		return in
	}
	_, err := store.RecordReturns(t.Context(), incidentID, bounced("wrong", "a", "nobody"))
	refused(t, err, "unknown_email")
	require.Equal(t, []int{3, 2, 2}, counts(), "a list with a wrong row does nothing")

	result, err := store.RecordReturns(t.Context(), incidentID, bounced("bounces-1", "a"))
	require.NoError(t, err)
	require.Equal(t, []any{1, 0, 1, []string{"P1"}}, []any{result.Letters, result.Before, result.OutOfDate, result.Practices})
	require.Equal(t, []int{3, 2, 1}, counts())
	require.Equal(t, []string{"b b@example.org"}, listed())

	again, err := store.RecordReturns(t.Context(), incidentID, bounced("bounces-2", "a"))
	require.NoError(t, err)
	require.Equal(t, []any{1, 0}, []any{again.Before, again.OutOfDate}, "an e-mail bounces once")

	amended(t, store, amendment("list-2", with(byEmail("a", "A@example.org"), func(p *breach.Person) { p.Phone = "217-555-0100" })))
	require.Equal(t, []int{3, 2, 1}, counts(), "the same mailbox is no better one")
	amended(t, store, amendment("list-3", byEmail("a", "other@example.org")))
	require.Equal(t, []int{3, 2, 2}, counts(), "another one is")
}
