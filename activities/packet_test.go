package activities_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/yeka/zip"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/internal/testkit"
)

// Whatever a practice's list and record are, the numbers on its page add up, and every
// duty that status has stands on it with the same day, open or done.
func TestAPageSaysWhatStatusSays(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	var practices []breach.Practice
	var people []breach.Person
	answers := []string{"", breach.DelegateAll, breach.DelegateLetters, breach.DelegateNone}
	for n := range 12 {
		p := clinic(fmt.Sprintf("P%02d", n))
		p.Delegation = answers[n%len(answers)]
		if n > 8 {
			p.CountingEntity = "G"
		}
		practices = append(practices, p)
		people = append(people, anyPatients(random, p.Key, 1+random.IntN(60))...)
	}
	// Over the lines of media and HHS.
	people = append(people, func() (many []breach.Person) {
		for i := range 520 {
			many = append(many, patient("P03", 1000+i))
		}
		return many
	}()...)
	c := packets(t, vendor(), practices, people)
	facts := []breach.Fact{
		{Kind: breach.Acknowledged, On: civil.MustParse("2026-04-02")},
		{Kind: breach.HHSFiled, On: civil.MustParse("2026-04-03"), Reference: "HHS-1"},
		{Kind: breach.MediaSent, On: civil.MustParse("2026-04-04"), Reference: "wire"},
		{Kind: breach.RegulatorNotified, On: civil.MustParse("2026-04-05"), Reference: "AG-7"},
		{Kind: breach.CRANotified, On: civil.MustParse("2026-04-06"), Reference: "bureaus"},
		{Kind: breach.PostingStarted, On: civil.MustParse("2026-04-06"), Reference: "home page"},
	}
	for _, p := range practices {
		c.told(p.Key)
		for _, f := range facts {
			if random.IntN(2) == 0 {
				c.record(p.Key, f, "")
			}
		}
	}
	done := 0
	for _, p := range practices {
		c.prepare(p.Key)
		c.seal(p.Key)
		page := c.page(p.Key)
		require.NotNil(t, page, p.Key)
		status, err := c.store.StatusDetails(t.Context(), packetIncident, postgres.Filter{Practice: p.Key}, c.now)
		require.NoError(t, err)
		require.Len(t, status, 1)
		require.Equal(t, status[0].People, page.People)
		require.Equal(t, page.People, sum(page.ByState), "%s by State", p.Key)
		require.Equal(t, page.People, sum(page.ByAge), "%s by age", p.Key)
		require.Len(t, page.Duties, len(status[0].Obligations))
		for i, o := range status[0].Obligations {
			duty := page.Duties[i]
			require.Equal(t, []any{o.Kind, o.Jurisdiction, o.Citation, o.Due, o.NotBefore, o.SettledOn, o.SettledOn.IsZero()},
				[]any{duty.Kind, duty.Jurisdiction, duty.Citation, duty.Due, duty.NotBefore, duty.DoneOn, duty.Open}, "%s %s", p.Key, o.ID())
			require.Equal(t, o.CarriedOutBy(p.Delegation), duty.By)
			if o.Kind == breach.HHSNotice && !duty.Open {
				require.Equal(t, "HHS-1", duty.Reference)
				done++
			}
		}
		rows, err := csv.NewReader(bytes.NewReader(c.part(p.Key, packet.PartPeople))).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, page.People+1)
		folder, err := os.ReadFile(c.steps.Out.Incident(packetIncident).People(p.Key))
		require.NoError(t, err)
		require.Equal(t, string(folder), string(c.part(p.Key, packet.PartPeople)), "the list is the folder's")
		for _, f := range page.Files {
			require.Len(t, c.part(p.Key, f.Part), int(f.Bytes), f.Part)
		}
		require.NotContains(t, string(c.part(p.Key, packet.PartPage)), canary, "the page names nobody")
		for _, name := range []string{packet.PartAgencies, packet.PartCalendar} {
			require.NotContains(t, string(c.part(p.Key, name)), canary, name)
		}
	}
	require.Positive(t, done)
}

func sum(counts []packet.Count) (n int) {
	for _, c := range counts {
		n += c.People
	}
	return n
}

// What a practice finds beside its papers follows from who does what.
func TestThePartsFollowFromWhoDoesWhat(t *testing.T) {
	t.Parallel()
	var practices []breach.Practice
	var people []breach.Person
	for _, answer := range []string{"", breach.DelegateAll, breach.DelegateLetters, breach.DelegateNone} {
		p := clinic("P-" + answer + "x")
		p.Delegation = answer
		practices = append(practices, p)
		for i := range 501 {
			one := patient(p.Key, i)
			if i < 10 { // no letter reaches them, and the notice is for the home page
				one.Address1, one.City, one.ZIP = "", "", ""
			}
			people = append(people, one)
		}
	}
	c := packets(t, vendor(), practices, people)
	always := []string{packet.PartCalendar, packet.PartWorksheet, packet.PartNotice, packet.PartProof, packet.PartPeople, packet.PartPeopleZIP}
	for key, more := range map[string][]string{
		"P-x":        {packet.PartLetters, packet.PartMerge, packet.PartRelease, packet.PartPosting, packet.PartAgencies, packet.PartChecklist},
		"P-allx":     nil, // nothing is left to itself
		"P-lettersx": {packet.PartRelease, packet.PartPosting, packet.PartAgencies, packet.PartChecklist},
		"P-nonex":    {packet.PartLetters, packet.PartMerge, packet.PartRelease, packet.PartPosting, packet.PartAgencies, packet.PartChecklist},
	} {
		c.told(key)
		c.seal(key)
		want := append(more, always...)
		if key == "P-nonex" {
			want = slices.DeleteFunc(want, func(part string) bool { return part == packet.PartProof }) // no letter of ours
		}
		require.ElementsMatch(t, want, partsOf(c.page(key)), key)
	}
	// Under letters the letters are ours, and the notice on the home page is the practice's.
	require.Contains(t, string(c.part("P-lettersx", packet.PartPosting)), "<h1>Notice of Data Breach</h1>")
	require.NotContains(t, string(c.part("P-lettersx", packet.PartPosting)), canary, "it names nobody")
	// Delegation changes what is there.
	c.act("P-x", casebook.Act{Kind: casebook.ActDelegate, Delegate: &casebook.DelegateTerms{Delegation: breach.DelegateAll}})
	c.seal("P-x")
	require.Nil(t, c.part("P-x", packet.PartLetters))
	require.Equal(t, breach.DelegateAll, c.page("P-x").Delegation)
}

func TestTheArchiveOpensWithThePagesPassword(t *testing.T) {
	t.Parallel()
	c := packets(t, vendor(), []breach.Practice{clinic("P1")}, []breach.Person{patient("P1", 1)})
	c.told("P1")
	c.seal("P1")
	archive, page := c.part("P1", packet.PartPeopleZIP), c.page("P1")
	require.NotContains(t, string(archive), canary)
	require.Regexp(t, `^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$`, page.ZIPPassword)
	open := func(password string) ([]byte, error) {
		r, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
		require.NoError(t, err)
		require.Len(t, r.File, 1)
		require.True(t, r.File[0].IsEncrypted())
		r.File[0].SetPassword(password)
		f, err := r.File[0].Open()
		if err != nil {
			return nil, err
		}
		return io.ReadAll(f)
	}
	content, err := open(page.ZIPPassword)
	require.NoError(t, err)
	require.Equal(t, string(c.part("P1", packet.PartPeople)), string(content))
	_, err = open("00000-00000-00000-00000")
	require.Error(t, err)
}

func TestNothingIsSealedTwiceFromTheSame(t *testing.T) {
	t.Parallel()
	c := packets(t, vendor(), []breach.Practice{clinic("P1")}, []breach.Person{patient("P1", 1)})
	c.told("P1")
	c.seal("P1")
	made := func() (times []time.Time) {
		rows, err := testkit.Pool(t, c.url).Query(t.Context(), "SELECT made_at FROM page_part ORDER BY name")
		require.NoError(t, err)
		for rows.Next() {
			var at time.Time
			require.NoError(t, rows.Scan(&at))
			times = append(times, at)
		}
		return times
	}
	before := made()
	require.NotEmpty(t, before)
	c.now = c.now.Add(26 * time.Hour)
	c.seal("P1")
	require.Equal(t, before, made())
	// A look that finds nothing else, because something of no meaning to the page changed.
	_, err := testkit.Pool(t, c.url).Exec(t.Context(), "UPDATE page_packet SET turn = turn + 1")
	require.NoError(t, err)
	c.seal("P1")
	require.Equal(t, before, made())
	waiting, err := c.store.TakePackets(t.Context(), 10, c.now, c.now.Add(time.Minute))
	require.NoError(t, err)
	require.Empty(t, waiting)
	// A record changes the page and not the letters.
	c.record("P1", breach.Fact{Kind: breach.Acknowledged, On: civil.MustParse("2026-04-02")}, "")
	waiting, err = c.store.TakePackets(t.Context(), 10, c.now, c.now.Add(time.Minute))
	require.NoError(t, err)
	require.Len(t, waiting, 1)
	c.seal("P1")
	after := made()
	require.Len(t, after, len(before))
	changed := 0
	for i := range after {
		if after[i] != before[i] {
			changed++
		}
	}
	require.Positive(t, changed)
	require.Less(t, changed, len(before))
	require.Equal(t, civil.MustParse("2026-04-02"), c.page("P1").Acknowledged)
}

func TestAPracticeThatWasNotToldSeesNothing(t *testing.T) {
	t.Parallel()
	c := packets(t, vendor(), []breach.Practice{clinic("P1"), clinic("P2"), clinic("P3")},
		[]breach.Person{patient("P1", 1), patient("P2", 1), patient("P3", 1)})
	c.seal("P1") // has no page at all
	_, err := c.store.MakePage(t.Context(), c.of("P1"))
	require.NoError(t, err)
	c.seal("P1")
	require.Nil(t, c.page("P1"))
	_, err = c.store.GiveCode(t.Context(), c.of("P1"), postgres.CodeByTelephone, "Robin Officer", c.now.Add(time.Hour))
	require.NoError(t, err)
	c.seal("P1")
	require.NotNil(t, c.page("P1"), "the officer is telling it")
}

// While law enforcement holds notices to practices back, one that was told learns
// nothing further, and one that was not learns nothing; after the hold both do.
func TestAHoldKeepsBackWhatItKeepsBack(t *testing.T) {
	t.Parallel()
	c := packets(t, vendor(), []breach.Practice{clinic("P1"), clinic("P2"), clinic("P3")},
		[]breach.Person{patient("P1", 1), patient("P2", 1), patient("P3", 1)})
	c.told("P1")
	c.seal("P1")
	_, err := c.store.MakePage(t.Context(), c.of("P2"))
	require.NoError(t, err)
	c.told("P3")
	c.act("", casebook.Act{Kind: casebook.ActHold, Hold: &breach.Hold{
		Kind: breach.WrittenHold, StatedOn: civil.MustParse("2026-04-10"), Until: civil.MustParse("2026-05-20"), Official: "Sam Example", Agency: "Federal Bureau of Investigation",
		Statement: "would impede an investigation",
	}})
	_, err = c.store.LoadList(t.Context(), packetIncident, postgres.ListInput{SHA256: "list-2", By: "Robin Officer", At: c.now, Findings: listOf([]breach.Person{patient("P1", 2)})})
	require.NoError(t, err)
	for _, key := range []string{"P1", "P2", "P3"} {
		c.prepare(key)
		c.seal(key)
	}
	page := c.page("P1")
	require.True(t, page.Held)
	require.Equal(t, 1, page.People, "what the later list says is kept back")
	require.NotContains(t, string(c.part("P1", packet.PartPeople)), "P1-00002")
	require.Nil(t, c.part("P1", packet.PartLetters), "letters may not go out")
	require.NotNil(t, c.part("P1", packet.PartNotice))
	require.Nil(t, c.page("P2"))
	require.True(t, c.page("P3").Held)
	require.Empty(t, c.page("P3").WhatHappened, "it had seen nothing before the hold")
	require.Empty(t, c.page("P3").Files)

	waiting := func() int {
		list, err := c.store.TakePackets(t.Context(), 10, c.now, c.now)
		require.NoError(t, err)
		return len(list)
	}
	require.Zero(t, waiting())
	c.now = time.Date(2026, 5, 20, 15, 0, 0, 0, time.UTC)
	require.Equal(t, 3, waiting(), "the end of the hold is a time, and no change")
	for _, key := range []string{"P1", "P3"} {
		c.seal(key)
		require.False(t, c.page(key).Held)
	}
	require.Equal(t, 2, c.page("P1").People)
	require.NotNil(t, c.part("P1", packet.PartLetters))
	require.Contains(t, string(c.part("P1", packet.PartPeople)), "P1-00002")
}

// A packet that was made before a change is not sealed after it.
func TestAnEarlierPacketIsNotSealedOverALaterRecord(t *testing.T) {
	t.Parallel()
	c := packets(t, vendor(), []breach.Practice{clinic("P1")}, []breach.Person{patient("P1", 1)})
	c.told("P1")
	there, err := c.store.Packet(t.Context(), c.of("P1"))
	require.NoError(t, err)
	c.record("P1", breach.Fact{Kind: breach.Acknowledged, On: civil.MustParse("2026-04-02")}, "")
	made := packet.Making{Turn: there.Turn, SHA256: "x", Parts: []packet.Part{{Name: packet.PartPage, Content: []byte("{}")}}}
	sealed, err := c.store.SealPacket(t.Context(), c.of("P1"), made)
	require.NoError(t, err)
	require.False(t, sealed)
	sealed, err = c.store.SealPart(t.Context(), c.of("P1"), there.Turn, made.Parts[0])
	require.NoError(t, err)
	require.False(t, sealed)
	require.Nil(t, c.page("P1"))
}

func TestLaterListsAreDifferences(t *testing.T) {
	t.Parallel()
	long := patient("P1", 9)
	long.DeceasedDate = civil.MustParse("1950-01-01")
	c := packets(t, vendor(), []breach.Practice{clinic("P1"), clinic("P2")},
		[]breach.Person{patient("P1", 1), patient("P1", 2), patient("P1", 3), long, patient("P2", 1)})
	c.told("P1")
	list := func(sha string, removals []breach.Removal, people ...breach.Person) {
		_, err := c.store.LoadList(t.Context(), packetIncident, postgres.ListInput{SHA256: sha, By: "Robin Officer", At: c.now, Findings: listOf(people), Removals: removals})
		require.NoError(t, err)
		c.prepare("P1")
	}
	moved := patient("P1", 2)
	moved.Address1 = "7 Changed Road"
	list("list-2", []breach.Removal{{Row: 2, PracticeKey: "P1", PersonKey: "P1-00003", Why: "a mistyped number"}}, moved, patient("P1", 4))
	moved.Address1 = "8 Changed Road"
	list("list-3", nil, moved)
	list("list-4", nil, patient("P2", 2)) // is not P1's
	c.seal("P1")
	page := c.page("P1")
	today := civil.OfTime(c.now)
	require.Equal(t, []packet.List{
		{Number: 1, On: today, Added: 3},
		{Number: 2, On: today, Added: 1, Removed: 1, Changed: 1, Part: "list-002.csv"},
		{Number: 3, On: today, Changed: 1, Part: "list-003.csv"},
	}, page.Lists)
	rows, err := csv.NewReader(bytes.NewReader(c.part("P1", "list-002.csv"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 4)
	require.Equal(t, []string{"change", "reason", "see_also", "person_key"}, rows[0][:4])
	require.Equal(t, []string{"changed", "", "touched again by list 3; the row is as it is now", "P1-00002"}, rows[1][:4])
	require.Contains(t, rows[1], "8 Changed Road")
	require.Equal(t, []string{"removed", "a mistyped number", "", "P1-00003"}, rows[2][:4])
	require.NotContains(t, strings.Join(rows[2], " "), canary)
	require.Equal(t, []string{"added", "", "", "P1-00004"}, rows[3][:4])
	require.NotContains(t, string(c.part("P1", packet.PartPeople)), "P1-00003")
}

// What was filed for a practice is on its page with the paper; what was recorded for
// everybody may show others, and stays with the sender.
func TestProofsOfThePracticeAloneAreShown(t *testing.T) {
	t.Parallel()
	c := packets(t, vendor(), []breach.Practice{clinic("P1"), clinic("P2")}, []breach.Person{patient("P1", 1), patient("P2", 1)})
	c.told("P1")
	keep := func(content string) string {
		digest := sha256.Sum256([]byte(content))
		sum := hex.EncodeToString(digest[:])
		path := filepath.Join(c.steps.Out.Incident(packetIncident).Proofs(), sum+".pdf")
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return sum
	}
	duty := func(kind string) packet.Duty {
		for _, d := range c.page("P1").Duties {
			if d.Kind == kind {
				return d
			}
		}
		t.Fatalf("no %s", kind)
		return packet.Duty{}
	}
	own, all := keep("%PDF-1.7 receipt of P1"), keep("%PDF-1.7 receipt of everybody")
	filed := breach.Fact{Kind: breach.HHSFiled, On: civil.MustParse("2026-04-03"), Reference: "HHS-1", Count: 1}
	c.record("", filed, all)
	c.prepare("P1")
	c.seal("P1")
	require.Equal(t, "HHS-1", duty(breach.HHSNotice).Reference)
	require.Empty(t, duty(breach.HHSNotice).Paper)
	require.True(t, duty(breach.HHSNotice).PaperElsewhere)

	filed.On, filed.Reference = civil.MustParse("2026-04-04"), "HHS-2"
	c.record("P1", filed, own)
	c.seal("P1")
	require.Equal(t, packet.PartFiled(own), duty(breach.HHSNotice).Paper)
	require.False(t, duty(breach.HHSNotice).PaperElsewhere)
	require.Equal(t, "%PDF-1.7 receipt of P1", string(c.part("P1", packet.PartFiled(own))))
	require.Nil(t, c.part("P1", packet.PartFiled(all)))

	filed.Reference = "HHS-3"
	c.record("P1", filed, strings.Repeat("ab", 32)) // the folder does not have it
	c.seal("P1")
	require.True(t, duty(breach.HHSNotice).PaperElsewhere)
}

// After the hand-over the list is with the practice, and after the retention nobody can read it.
func TestWhatWasHandedOverOrMadeUnreadableIsGone(t *testing.T) {
	t.Parallel()
	c := packets(t, vendor(), []breach.Practice{clinic("P1")}, []breach.Person{patient("P1", 1)})
	c.told("P1")
	c.seal("P1")
	require.NotNil(t, c.part("P1", packet.PartPeople))
	files, err := c.store.PracticeFiles(t.Context(), c.of("P1"))
	require.NoError(t, err)
	for _, f := range files {
		if filepath.Base(f.Path) == packet.PartPeople {
			require.NoError(t, c.store.HandOver(t.Context(), casebook.Act{
				IncidentID: packetIncident, PracticeKey: "P1", Kind: casebook.ActHandOver, Who: "Robin Officer", At: c.now,
				HandOver: &casebook.HandOverTerms{To: "Pat Clerk", Files: []casebook.HandedFile{{File: f, Plain: f.SHA256}}},
			}))
		}
	}
	c.seal("P1")
	for _, f := range c.page("P1").Files {
		require.False(t, f.Patients, f.Part)
	}
	require.Equal(t, 1, c.page("P1").People)
	require.Nil(t, c.part("P1", packet.PartPeople))
	// A later list was not handed over.
	_, err = c.store.LoadList(t.Context(), packetIncident, postgres.ListInput{SHA256: "list-2", By: "Robin Officer", At: c.now, Findings: listOf([]breach.Person{patient("P1", 2)})})
	require.NoError(t, err)
	c.prepare("P1")
	c.seal("P1")
	require.NotNil(t, c.part("P1", packet.PartPeople))
}

// A part opens with the identity of the practice it was made for, and as that part.
func TestAPartOpensForItsPracticeAlone(t *testing.T) {
	t.Parallel()
	c := packets(t, vendor(), []breach.Practice{clinic("P1"), clinic("P2")}, []breach.Person{patient("P1", 1), patient("P2", 1)})
	for _, key := range []string{"P1", "P2"} {
		c.told(key)
		c.seal(key)
	}
	pool := testkit.Pool(t, c.url)
	rows, err := pool.Query(t.Context(), "SELECT sealed FROM page_part")
	require.NoError(t, err)
	n := 0
	for rows.Next() {
		var sealed []byte
		require.NoError(t, rows.Scan(&sealed))
		require.NotContains(t, string(sealed), canary)
		n++
	}
	require.NoError(t, rows.Err())
	require.Greater(t, n, 10)
	// P2's parts in P1's rows open nothing.
	_, err = pool.Exec(t.Context(), `UPDATE page_part t SET sealed = o.sealed FROM page_part o, practice p, practice q
		WHERE p.id = t.practice_id AND p.practice_key = 'P1' AND q.id = o.practice_id AND q.practice_key = 'P2' AND o.name = t.name`)
	require.NoError(t, err)
	_, err = c.store.PacketPart(t.Context(), c.of("P1"), packet.PartPeople)
	require.ErrorIs(t, err, packet.ErrSealed)
}

// Letters of a practice's own are in its name, and whoever gets none is named with the
// reason; the code for the credit monitoring stands in the letter alone.
func TestOwnLettersAreThePracticesOwn(t *testing.T) {
	t.Parallel()
	incident := vendor()
	incident.CreditMonitoring = breach.CreditMonitoring{Provider: "Example Watch", Months: 24, Phone: "1-800-555-0199"}
	nowhere, odd := patient("P1", 2), patient("P1", 3)
	nowhere.Address1, odd.LastName = "", "ᠪᠠᠲᠤ"
	coded := patient("P1", 1)
	coded.EnrollmentCode = "CODE-77"
	c := packets(t, incident, []breach.Practice{clinic("P1")}, []breach.Person{coded, nowhere, odd})
	c.told("P1")
	c.seal("P1")
	rows, err := csv.NewReader(bytes.NewReader(c.part("P1", packet.PartMerge))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 4)
	require.Equal(t, []string{"P1-00001", packet.PartLetters, "1"}, rows[1][:3])
	require.Empty(t, rows[1][4])
	for _, row := range rows[2:] {
		require.Empty(t, row[1], "%s has no letter", row[0])
		require.NotEmpty(t, row[4], row[0])
	}
	require.NotContains(t, string(c.part("P1", packet.PartMerge)), "CODE-77")
	require.True(t, bytes.HasPrefix(c.part("P1", packet.PartLetters), []byte("%PDF")))
	practice, err := c.store.Practice(t.Context(), packetIncident, "P1")
	require.NoError(t, err)
	require.False(t, practice.Account.AnyLetter(), "nobody's state moves by letters that are not ours")
}

// A practice's list can be longer than one file of letters.
func TestManyLettersAreSeveralFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("sets 2,100 letters")
	}
	t.Parallel()
	var people []breach.Person
	for i := range 2100 {
		people = append(people, patient("P1", i))
	}
	c := packets(t, vendor(), []breach.Practice{clinic("P1")}, people)
	c.told("P1")
	c.seal("P1")
	require.Contains(t, partsOf(c.page("P1")), "own-letters-002.pdf")
	rows, err := csv.NewReader(bytes.NewReader(c.part("P1", packet.PartMerge))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, "own-letters.pdf", rows[2000][1])
	require.Equal(t, []string{"own-letters-002.pdf", "1"}, rows[2001][1:3])
	// Another record keeps them as they lie.
	c.record("P1", breach.Fact{Kind: breach.Acknowledged, On: civil.MustParse("2026-04-02")}, "")
	c.seal("P1")
	require.Contains(t, partsOf(c.page("P1")), "own-letters-002.pdf")
	require.NotNil(t, c.part("P1", "own-letters-002.pdf"))
}

// The page says what becomes of a practice that does not answer, and when.
func TestAPageSaysWhatSilenceMeans(t *testing.T) {
	t.Parallel()
	silent := clinic("P1")
	silent.DefaultDelegation, silent.DefaultDays = breach.DelegateLetters, 14
	c := packets(t, vendor(), []breach.Practice{silent, clinic("P2")}, []breach.Person{patient("P1", 1), patient("P2", 1)})
	for _, key := range []string{"P1", "P2"} {
		c.told(key)
		c.seal(key)
	}
	require.Equal(t, breach.DelegateLetters, c.page("P1").Default)
	require.Equal(t, civil.MustParse("2026-04-15"), c.page("P1").DefaultAfter)
	require.Empty(t, c.page("P2").Default)
	require.True(t, c.page("P2").DefaultAfter.IsZero())
}
