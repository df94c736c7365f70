package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// TestWhatBecameOfAPerson follows one person from the first list through two letters and
// another list to their leaving it.
func TestWhatBecameOfAPerson(t *testing.T) {
	t.Parallel()
	store, url := open(t)
	officer := openAt(t, url, postgres.WithMaster(masterOf("test")), postgres.As(access.Everywhere(access.Officer)))
	mailed(t, store, someone(3)...)
	ask := casebook.Reveal{IncidentID: incidentID, PracticeKey: "P1", PersonKey: "a", Reason: "Complaint 17", Who: "Ada", Identity: "os:ada"}
	story, err := officer.PersonStory(t.Context(), ask)
	require.NoError(t, err)
	require.Equal(t, account.Printed, story.State)
	require.Equal(t, "Example a", story.Person.LastName)
	require.Len(t, story.Lists, 1)
	require.Equal(t, "added", story.Lists[0].What)
	require.Len(t, story.Letters, 1)
	require.Equal(t, "R001-000001", story.Letters[0].PieceID)
	require.NotEmpty(t, story.Letters[0].PDFSHA256)
	require.Len(t, story.Looks, 1)
	require.Equal(t, "Complaint 17", story.Looks[0].Reason)

	returned(t, store, cameBack("file", 1))
	_, err = store.TakeNewAddresses(t.Context(), incidentID, postgres.NewAddressesInput{FileSHA256: "file", By: "Robin Officer", At: noon, Moved: []breach.Moved{order("R001-000001", person("P1", "a"))}})
	require.NoError(t, err)
	story, err = officer.PersonStory(t.Context(), ask)
	require.NoError(t, err)
	require.Equal(t, account.Waiting, story.State)
	require.Equal(t, "9 SAMPLE AVE", story.Person.Address1)
	require.Equal(t, []string{"added", "changed"}, []string{story.Lists[0].What, story.Lists[1].What})
	require.True(t, story.Letters[0].Superseded)
	require.Equal(t, today, story.Letters[0].ReturnedOn)
	require.Equal(t, "moved", story.Letters[0].ReturnedWhy)

	gone := amendment("gone")
	gone.Removals = []breach.Removal{{Row: 2, PracticeKey: "P1", PersonKey: "a", Why: "another person of that name"}}
	amended(t, store, gone)
	story, err = officer.PersonStory(t.Context(), ask)
	require.NoError(t, err)
	require.Nil(t, story.Person, "nobody has the row any more")
	require.Equal(t, account.Left, story.State)
	require.Equal(t, map[string]int{story.Why: 1}, leftAs(practice(t, store, "P1").Account), "the story and the account say the same")
	require.Equal(t, "removed", story.Lists[2].What)
	require.Len(t, story.Letters, 1, "and the letter is known all the same")

	unknown := ask
	unknown.PersonKey = "nobody"
	_, err = officer.PersonStory(t.Context(), unknown)
	refused(t, err, "unknown_person")
	people, err := officer.PeopleOfLetter(t.Context(), incidentID, "R001-000002")
	require.NoError(t, err)
	require.Equal(t, []casebook.Reveal{{IncidentID: incidentID, PracticeKey: "P1", PersonKey: "b"}}, people)
	for _, none := range []string{"R001-000009", "R002-000001", "b", ""} {
		_, err = officer.PeopleOfLetter(t.Context(), incidentID, none)
		refused(t, err, "unknown_letter")
	}
}

// TestNobodyLearnsAStoryWithoutALookOnRecord: not by the functions themselves, and not of
// another incident's letters.
func TestNobodyLearnsAStoryWithoutALookOnRecord(t *testing.T) {
	t.Parallel()
	address := twoIncidents(t)
	conn := personal(t, address, access.Officer)
	var id int
	require.NoError(t, testkit.Pool(t, address).QueryRow(t.Context(), "SELECT id FROM practice WHERE incident_id = $1 AND practice_key = 'own'", ownIncident).Scan(&id))
	count := func(sql string, args ...any) (n int) {
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM "+sql, args...).Scan(&n))
		return n
	}
	require.Zero(t, count("letters_to($1, 'own-p1')", id), "the look on record is somebody else's")
	require.Zero(t, count("lists_with($1, 'own-p1')", id))
	require.Zero(t, count("languages_of_letters($1, 'own-p1')", id))
	_, err := conn.Exec(t.Context(), "INSERT INTO reveal (incident_id, practice_key, practice_id, person_key, reason, who) VALUES ($1, 'own', $2, 'own-p1', 'a call', 'Ada')", ownIncident, id)
	require.NoError(t, err)
	require.Equal(t, 1, count("letters_to($1, 'own-p1')", id))
	require.Equal(t, 1, count("lists_with($1, 'own-p1')", id))
	require.Zero(t, count("letters_to($1, 'own-p2')", id))
	require.Positive(t, count("people_of_letter($1, 1, 1)", ownIncident))
	require.Zero(t, count("people_of_letter($1, 1, 1)", otherIncident))
	for _, role := range []access.Role{access.Approver, access.Counsel, access.Operator, access.Practice} {
		other := personal(t, address, role)
		for _, call := range []string{"letters_to(1, 'own-p1')", "lists_with(1, 'own-p1')", "left_as(1, 'own-p1')", "people_of_letter('" + ownIncident + "', 1, 1)"} {
			_, err := other.Exec(t.Context(), "SELECT * FROM "+call)
			require.ErrorContains(t, err, "permission denied", "%s of %s", call, role)
		}
	}
}
