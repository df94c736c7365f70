package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
)

func disputed(id, key string, keep bool, people ...string) casebook.Act {
	act := casebook.Act{ID: id, IncidentID: incidentID, PracticeKey: key, Kind: casebook.ActDispute, Who: "Ann Example", At: noon, Dispute: &casebook.DisputeTerms{PersonKeys: people, Keep: keep}}
	if keep {
		act.Dispute.Reason = "the visit of March is in its own file"
	}
	return act
}

func actTwice(t *testing.T, store *postgres.Store, a casebook.Act) {
	t.Helper()
	for i := range 2 {
		fresh, err := store.ActOnPractice(t.Context(), a, allowed)
		require.NoError(t, err)
		require.Equal(t, i == 0, fresh, "the same act twice is the same act once")
	}
}

// Nobody is lost by a dispute: whoever is disputed stays owed a letter, which waits until
// a list takes them out or an officer says that they stay.
func TestALetterWaitsWhileItIsDisputedWhosePatientItIs(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P1", "b"), person("P1", "c"), person("P2", "a")))
	approved(t, store, "P1", "P2")
	actTwice(t, store, disputed("d1", "P1", false, "a", "b", "a"))
	p := practice(t, store, "P1")
	require.Equal(t, 2, p.Disputed)
	require.Equal(t, 2, p.Account.Sum(func(l account.Line) bool {
		return l.State == account.Held && l.Why == string(breach.HeldDisputed)
	}))
	require.Equal(t, 3, p.Account.Untold(""), "they are owed what they were owed")
	require.Zero(t, practice(t, store, "P2").Disputed, "who is one practice's patient may be another's")
	open, err := store.OpenDisputes(t.Context(), incidentID)
	require.NoError(t, err)
	require.Equal(t, []casebook.OpenDispute{
		{PracticeKey: "P1", PersonKey: "a", At: noon, Who: "Ann Example"}, {PracticeKey: "P1", PersonKey: "b", At: noon, Who: "Ann Example"},
	}, open)

	// Delegating back and forth makes every letter wait again, but these.
	for i, to := range []string{breach.DelegateNone, breach.DelegateAll} {
		actTwice(t, store, casebook.Act{
			ID: "delegate " + to, IncidentID: incidentID, PracticeKey: "P1", Kind: casebook.ActDelegate, Who: "Ann Example", At: noon.Add(time.Duration(i) * time.Minute),
			Delegate: &casebook.DelegateTerms{Delegation: to},
		})
	}
	stand(t, store, "P1")
	stand(t, store, "P2")
	run, err := store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: incidentID, Number: 1, MailOn: today}, 100)
	require.NoError(t, err)
	require.Equal(t, 2, run.Pieces, "c of P1 and a of P2")

	_, err = store.ActOnPractice(t.Context(), disputed("k0", "P1", true, "a", "c"), allowed)
	refused(t, err, "nobody_disputed")
	_, err = store.ActOnPractice(t.Context(), disputed("d2", "P1", false, "nobody"), allowed)
	refused(t, err, "nobody_to_dispute")
	actTwice(t, store, disputed("k1", "P1", true, "a"))
	p = practice(t, store, "P1")
	require.Equal(t, 1, p.Disputed)
	require.Equal(t, []int{1, 1}, []int{p.Account.In(account.Waiting), p.Account.In(account.Held)})

	// Said once more, it is open once more.
	again := disputed("d3", "P1", false, "a")
	again.At = noon.Add(time.Hour)
	actTwice(t, store, again)
	require.Equal(t, 2, practice(t, store, "P1").Disputed)
}

func TestAListThatTakesSomebodyOutEndsTheDispute(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1"), person("P1", "a"), person("P1", "b")))
	actTwice(t, store, disputed("d1", "P1", false, "a", "b"))
	amended, err := store.LoadList(t.Context(), incidentID, postgres.ListInput{
		SHA256: "list-2", By: "Robin Officer", At: noon,
		// A corrected address makes another letter of b wait: it is disputed all the same.
		Findings: stream(with(person("P1", "b"), func(p *breach.Person) { p.Address1 = "2 Example Street" })),
		Removals: []breach.Removal{{Row: 2, PracticeKey: "P1", PersonKey: "a", Why: "not a patient"}},
	})
	require.NoError(t, err)
	require.Equal(t, 1, amended.Removed)
	p := practice(t, store, "P1")
	require.Equal(t, 1, p.Disputed)
	require.Equal(t, 1, p.Account.In(account.Held))
	require.Zero(t, p.Account.In(account.Waiting))
}

func TestAContactIsACorrectionInItsOwnTransaction(t *testing.T) {
	t.Parallel()
	store, _ := open(t)
	loaded(t, store, caseOf(incident(), practices("P1", "P2"), person("P1", "a"), person("P2", "b")))
	approved(t, store, "P1", "P2")
	before := practice(t, store, "P1")
	contact := casebook.Act{
		ID: "contact", IncidentID: incidentID, PracticeKey: "P1", Kind: casebook.ActContact, Who: "Ann Example, Office manager", At: noon,
		Contact: &casebook.ContactTerms{PrivacyOfficer: "Ben Example", Email: "ben@practice.example", Phone: "804-555-0100"},
	}
	actTwice(t, store, contact)
	p := practice(t, store, "P1")
	require.Equal(t, []string{"Ben Example", "ben@practice.example", "804-555-0100"}, []string{p.Practice.PrivacyOfficer, p.Practice.Email, p.Practice.Phone})
	require.Equal(t, before.Practice.LegalName, p.Practice.LegalName)
	require.Empty(t, p.PapersSHA256, "it stands on the papers, which are made and approved anew")
	require.Equal(t, practice(t, store, "P2").ListNumber+1, p.ListNumber, "papers that are being made of the earlier contact are not noted")
	require.NotEmpty(t, practice(t, store, "P2").PapersSHA256)
	acts, err := store.Acts(t.Context(), incidentID, "P1")
	require.NoError(t, err)
	require.Equal(t, casebook.ActContact, acts[len(acts)-1].Kind, "it is no amend of the officer's")

	// While its letters are printed what stands on them does not change.
	stand(t, store, "P2")
	_, err = store.PlanMailRun(t.Context(), casebook.MailRun{IncidentID: incidentID, Number: 1, MailOn: today}, 100)
	require.NoError(t, err)
	contact.ID, contact.PracticeKey = "contact 2", "P2"
	_, err = store.ActOnPractice(t.Context(), contact, allowed)
	refused(t, err, "mail_run_open")
	require.Empty(t, practice(t, store, "P2").Practice.Email)
}
