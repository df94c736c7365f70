package board_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/access"
	"duenotice/internal/casebook"
	"duenotice/internal/openitems"
	"duenotice/internal/packet"
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
	err = store.EachHeard(t.Context(), incidentID, func(part []casebook.Heard) error { from.Heard = append(from.Heard, part...); return nil })
	require.NoError(t, err)
	from.Posted, err = store.PostBatches(t.Context(), incidentID)
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

// troubled is the case with something that the program could not do, practices that say
// nothing on their pages, and a batch of notices that nobody recorded as mailed.
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
	for _, key := range []string{"bay", "cedar", "dune", "elm"} {
		_, err := store.MakePage(t.Context(), packet.Practice{IncidentID: incidentID, Key: key})
		require.NoError(t, err)
	}
	for _, statement := range []string{
		// Harbor has none, bay answered, cedar tried too many codes, dune and elm say nothing.
		"UPDATE page_practice SET opened_at = '2026-04-03 14:00Z', answered_at = '2026-04-03 14:05Z' WHERE practice_id = (SELECT id FROM practice WHERE practice_key = 'bay')",
		"UPDATE page_practice SET opened_at = '2026-04-03 14:00Z', wrong = 10 WHERE practice_id = (SELECT id FROM practice WHERE practice_key = 'cedar')",
		`UPDATE practice SET facts = facts || '{"default_delegation": "all", "default_days": 7, "phone": "202-555-0100"}' WHERE practice_key = 'dune'`,
		"INSERT INTO post_batch (incident_id, number, kind, act_id, printed_at) VALUES ('EX-2026-03', 1, 'notice', 'act', '2026-04-03 14:00Z'), ('EX-2026-03', 2, 'reminder', 'act', NULL)",
		"INSERT INTO post_piece SELECT b.id, row_number() OVER (), p.id, '' FROM practice p, post_batch b WHERE p.incident_id = 'EX-2026-03' AND p.practice_key IN ('fern', 'grove') AND b.number = 1",
		// A look missed elm's notice, another one found fern's.
		"UPDATE practice SET posting_url = 'https://' || practice_key || '.example.org' WHERE practice_key IN ('elm', 'fern')",
		"INSERT INTO posting_state SELECT id, incident_id, practice_key, posting_url, practice_key = 'fern', 'nothing of the notice is on it', '2026-04-02', '2026-04-03', '2026-04-03 14:00Z' FROM practice WHERE posting_url <> ''",
	} {
		require.NoError(t, execute(t.Context(), url, statement))
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
	require.Equal(t, "dune", rows(t, h, "/board/EX-2026-03/csv/open.csv")[0][0], "what is late stands first")
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
	require.Len(t, want, 8, "officer's notices, duties, pages and post, approver's steps, practice's steps and duties, operator's troubles")
}

// TestSilentPracticesAndUnrecordedPostWait on the board as on report open, for every role.
func TestSilentPracticesAndUnrecordedPostWait(t *testing.T) {
	t.Parallel()
	url, _ := troubled(t)
	for _, who := range []access.Identity{"os:ada", "os:ben", "os:ola", "os:eve"} {
		h := served(t, url, who, grants...)
		var lines, counted [][]string
		for _, row := range rows(t, h, "/board/EX-2026-03/csv/open.csv") {
			if row[6] == openitems.Page || row[6] == openitems.Post {
				lines = append(lines, []string{row[0], row[2], row[4], row[5], row[7]})
			}
		}
		require.Equal(t, [][]string{
			{"dune", "2026-04-09", "page not opened, told on 2026-04-02: call the practice, 202-555-0100; without an answer: all", "duenotice practice code EX-2026-03 dune --by YOUR NAME", "yes"},
			{"", "", "notices-001: 2 letters to practices are printed and not recorded as mailed", "duenotice record EX-2026-03 --batch notices-001 --fact practice_notified --on 2026-04-12 --by YOUR NAME", "no"},
			{"cedar", "", "page tried too many codes, told on 2026-04-02: call the practice", "duenotice practice code EX-2026-03 cedar --by YOUR NAME", "no"},
		}, lines, who)
		for _, row := range rows(t, h, "/board/EX-2026-03/csv/waits.csv") {
			if row[5] == openitems.Page || row[5] == openitems.Post {
				counted = append(counted, row[:5])
			}
		}
		require.Equal(t, [][]string{
			{"officer", "page not opened: call the practice", "1", "1", "2026-04-09"}, {"officer", "page tried too many codes: call the practice", "1", "0", ""},
			{"officer", "batches of letters to practices printed and not recorded as mailed", "1", "0", ""},
		}, counted, who)
		require.Contains(t, shown(t, h, "/board/EX-2026-03/practice/dune"), "page not opened, told on 2026-04-02")
		require.NotContains(t, shown(t, h, "/board/EX-2026-03/practice/elm"), "page not opened", "it acknowledged its notice")
	}
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
