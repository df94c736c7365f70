package board_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
	"duenotice/internal/openitems"
	"duenotice/internal/postgres"
)

// items are what report open lists of the case, with held letters counted.
func items(t testing.TB, store *postgres.Store) []openitems.Item {
	t.Helper()
	s := surroundings(t)
	in, err := store.Incident(t.Context(), incidentID)
	require.NoError(t, err)
	from := openitems.Sources{NoKeys: true}
	from.Practices, err = store.StatusDetails(t.Context(), incidentID, postgres.Filter{}, looking)
	require.NoError(t, err)
	from.Notices, err = store.Notices(t.Context(), incidentID)
	require.NoError(t, err)
	from.Disputes, err = store.OpenDisputes(t.Context(), incidentID)
	require.NoError(t, err)
	from.Troubles, err = store.Troubles(t.Context(), incidentID)
	require.NoError(t, err)
	for i := range from.Troubles {
		from.Troubles[i].Step = s.StepWords(from.Troubles[i])
	}
	return openitems.In(in, discovered.AddDays(27), s.Command, from)
}

// troubled is the case with something that the program could not do.
func troubled(t testing.TB) (url string, store *postgres.Store) {
	t.Helper()
	url = case27(t)
	store = openAt(t, url)
	for _, trouble := range []casebook.Trouble{
		{Incident: incidentID, Practice: "dune", Kind: "PreparePapers", What: "no room on the disk", Todo: "make room", Stopped: true},
		{Incident: incidentID, Kind: "RenderBatches", What: "no room on the disk", Todo: "make room", Stopped: true},
	} {
		require.NoError(t, store.NoteTrouble(t.Context(), trouble))
	}
	return url, store
}

// TestTheBoardListsWhatReportOpenLists, page by page and as one table.
func TestTheBoardListsWhatReportOpenLists(t *testing.T) {
	t.Parallel()
	url, store := troubled(t)
	h := served(t, url, "os:ada")
	var want [][]string
	for _, it := range items(t, store) {
		name := it.Name
		if name == "=Grove Dental" {
			name = "'=Grove Dental"
		}
		want = append(want, []string{it.Practice, name, it.Due.String(), it.Whom, it.What, it.Do, it.Kind, map[bool]string{true: "yes", false: "no"}[it.Late]})
	}
	require.NotEmpty(t, want)
	require.ElementsMatch(t, want, rows(t, h, "/board/EX-2026-03/csv/open.csv"))
	require.Equal(t, "harbor", rows(t, h, "/board/EX-2026-03/csv/open.csv")[0][0], "what is late stands first")
	for _, row := range rows(t, h, "/board/EX-2026-03/csv/open.csv?whom=approver") {
		require.Equal(t, "approver", row[3])
	}
	page := shown(t, h, "/board/EX-2026-03/open?whom=operator")
	require.Contains(t, page, "practice dune: could not PreparePapers: no room on the disk.")
	require.NotContains(t, page, "Individual notice")
}

// TestWhatWaitsIsCountedAsItIsListed: the counts over an incident, which come from counts
// of the database, are those of its items.
func TestWhatWaitsIsCountedAsItIsListed(t *testing.T) {
	t.Parallel()
	url, store := troubled(t)
	h := served(t, url, "os:ada")
	type group struct{ whom, kind string }
	want, late := map[group]int{}, map[group]int{}
	for _, it := range items(t, store) {
		of := group{it.Whom, it.Kind}
		want[of]++
		if it.Late {
			late[of]++
		}
	}
	counted, countedLate := map[group]int{}, map[group]int{}
	for _, row := range rows(t, h, "/board/EX-2026-03/csv/waits.csv") {
		of := group{row[0], row[5]}
		counted[of] += number(t, row[2])
		if n := number(t, row[3]); n > 0 {
			countedLate[of] += n
		}
	}
	require.Equal(t, want, counted)
	require.Equal(t, late, countedLate)
	require.Len(t, want, 6, "officer's notices and duties, approver's steps, practice's steps and duties, operator's troubles")
}

// TestALateNoticeIsTheOfficers: of a practice whose notice is on its way and late, the
// duty to tell it waits, and of one whose notice was refused the notice does.
func TestALateNoticeIsTheOfficers(t *testing.T) {
	t.Parallel()
	url := case27(t)
	store := openAt(t, url)
	late := "UPDATE obligation SET settled_on = NULL, due = '2026-04-01', due_ends = '2026-04-02 04:00Z' WHERE kind = 'covered_entity_notice'"
	require.NoError(t, execute(t.Context(), url, late))
	h := served(t, url, "os:ada")
	type line struct{ kind, what string }
	want := map[line]int{}
	for _, it := range items(t, store) {
		if it.Whom == openitems.ForOfficer && (it.Kind == openitems.Notice || it.What == "Notice to the practice") {
			what := it.What
			if it.Kind == openitems.Notice && it.Practice == "grove" {
				what = "notice to the practice: refused" // without the reason, which each has of its own
			}
			want[line{it.Kind, what}]++
		}
	}
	require.Equal(t, map[line]int{
		{"notice", "notice to the practice: refused"}: 1, {"notice", "notice to the practice: no e-mail address"}: 1, {"duty", "Notice to the practice"}: 5,
	}, want)
	got := map[line]int{}
	for _, row := range rows(t, h, "/board/EX-2026-03/csv/waits.csv") {
		if of := (line{row[5], row[1]}); want[of] > 0 {
			got[of] = number(t, row[2])
		}
	}
	require.Equal(t, want, got)
}

func number(t testing.TB, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// TestADisputeIsCountedWithoutAKey: that a practice says of people that they are not its
// patients is on the board as on report open, and whose letter it holds back is not.
func TestADisputeIsCountedWithoutAKey(t *testing.T) {
	t.Parallel()
	url := case27(t)
	_, err := openAt(t, url).ActOnPractice(t.Context(), casebook.Act{
		ID: "dispute", IncidentID: incidentID, PracticeKey: "dune", Kind: casebook.ActDispute, Who: "Dee Clerk", At: looking,
		Dispute: &casebook.DisputeTerms{PersonKeys: []string{"dune-0001", "dune-0002"}},
	}, func(casebook.Practice) error { return nil })
	require.NoError(t, err)
	h := served(t, url, "os:ada")
	var lines, counted [][]string
	for _, row := range rows(t, h, "/board/EX-2026-03/csv/open.csv") {
		if row[6] == openitems.Dispute || row[6] == openitems.Letter {
			lines = append(lines, []string{row[0], row[3], row[4], row[5]})
		}
	}
	require.Equal(t, [][]string{{"dune", "officer", "the practice says of people that they are not its patients: 2", "duenotice report open EX-2026-03"}}, lines)
	for _, row := range rows(t, h, "/board/EX-2026-03/csv/waits.csv") {
		if row[5] == openitems.Dispute || row[5] == openitems.Letter {
			counted = append(counted, row[:3])
		}
	}
	require.Equal(t, [][]string{{"officer", "people of whom their practice says that they are not its patients", "1"}}, counted)
	require.NotContains(t, shown(t, h, "/board/EX-2026-03/practice/dune"), "dune-0001")
	require.NotContains(t, shown(t, h, "/board/EX-2026-03/held"), "dune-0001")
}
