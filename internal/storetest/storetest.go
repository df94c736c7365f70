// Package storetest is the contract of an activities.Store as one suite. It runs
// against the real one and against that of a simulation: what a simulation shows
// is then what the real one does.
//
// It plays generated histories, in which people and time do anything in any
// order, and holds after each step what must always be so.
package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rulebooks"
)

// IncidentID is the incident's of every history.
const IncidentID = "EX-2026-03"

// Begins is the day of discovery.
var Begins = civil.MustParse("2026-03-16")

// Case is what a store is opened with: four practices, of which one has not said
// who writes to its patients and one writes itself.
func Case() (breach.Incident, []breach.Practice, []breach.Person) {
	incident := breach.Incident{
		ID: IncidentID, Discovered: Begins, Occurred: breach.Span{From: Begins, To: Begins}, DataSecurity: breach.Unsecured,
		Entity: breach.Entity{Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate, Email: "privacy@example.org"},
	}
	var practices []breach.Practice
	var people []breach.Person
	for i, delegation := range []string{breach.DelegateAll, breach.DelegateLetters, "", breach.DelegateNone} {
		key := fmt.Sprintf("P%d", i+1)
		practices = append(practices, breach.Practice{
			Key: key, LegalName: "Practice " + key + ", Inc.", Email: strings.ToLower(key) + "@example.org", State: "TX",
			Agent: breach.Yes, BAANoticeDays: 30, Delegation: delegation, Timezone: "America/Chicago",
		})
		if delegation == "" { // what its contract says where it does not answer
			practices[i].DefaultDelegation, practices[i].DefaultDays = breach.DelegateLetters, 4
		}
		for n := range 4 + 3*i {
			person := breach.Person{
				Key: fmt.Sprintf("%s-%02d", key, n), PracticeKey: key, FirstName: "Ada", LastName: fmt.Sprintf("Example%d", n),
				Address1: fmt.Sprintf("%d Example Street", n+1), City: "Austin", State: []string{"TX", "OK"}[n%2], ZIP: []string{"78701", "73101"}[n%2],
				DataClasses: []breach.DataClass{"name", "diagnosis"},
			}
			switch n {
			case 1:
				person.Address1 = "" // nowhere to write to
			case 3:
				person.Address1, person.DeceasedDate = "", civil.MustParse("2024-01-01")
			case 5:
				person.DeceasedDate = civil.MustParse("1960-01-01") // no longer protected
			}
			people = append(people, person)
		}
	}
	return incident, practices, people
}

// Opened is a store with the case in it.
type Opened struct {
	Store activities.Store
	// Ask writes down that an act is asked for, where the store wants that.
	Ask func(context.Context, casebook.Act) error
	// Clock hands the store the suite's clock, where it has one of its own.
	Clock func(now func() time.Time)
	// After is called after each step, where it is given.
	After func(step string)
}

// History plays the history of a seed and returns what could be seen after each
// step, of which two stores must show the same.
func History(t *testing.T, opened Opened, seed uint64, steps int) []string {
	t.Helper()
	h := &history{
		t: t, ask: opened.Ask, store: opened.Store, random: rand.New(rand.NewPCG(seed, 164)), //nolint:gosec // G404: the same seed must play the same history
		now: Begins.AddDays(3).Start(time.UTC).Add(15 * time.Hour), run: 1,
	}
	clock := func() time.Time { return h.now }
	if opened.Clock != nil {
		opened.Clock(clock)
	}
	h.post = &post{h: h}
	h.steps = &activities.Activities{
		Store: opened.Store, Books: rulebooks.Kept(), Workflows: nobody{}, Mail: h.post, Now: clock, Zone: time.UTC, Rehearsal: true,
	}
	h.look("begin")
	for range steps {
		name, do := h.choose()
		what := do()
		h.look(name + ": " + what)
		for range 2 {
			h.look("stranger: " + h.stranger())
		}
		if opened.After != nil {
			opened.After(name + ": " + what)
		}
	}
	return h.seen
}

type history struct {
	t      *testing.T
	store  activities.Store
	ask    func(context.Context, casebook.Act) error
	steps  *activities.Activities
	random *rand.Rand
	now    time.Time
	acts   int
	run    int
	post   *post
	seen   []string
}

func (h *history) today() civil.Date { return civil.OfTime(h.now) }

func (h *history) one(list ...string) string { return list[h.random.IntN(len(list))] }

func (h *history) ref() activities.PracticeRef {
	return activities.PracticeRef{IncidentID: IncidentID, PracticeKey: h.one("P1", "P2", "P3", "P4")}
}

// choose draws the next thing that happens.
func (h *history) choose() (string, func() string) {
	kinds := []struct {
		name string
		do   func() string
	}{
		{"time", h.time}, {"papers", h.papers}, {"worksheet", h.worksheet}, {"approve", h.approve}, {"approve", h.approve}, {"both approve", h.bothApprove}, {"both approve", h.bothApprove},
		{"both approve", h.bothApprove}, {"delegate", h.delegate}, {"assess", h.assess}, {"record", h.record}, {"record", h.record},
		{"record for all", h.recordForAll}, {"hold", h.hold}, {"release", h.release}, {"release", h.release}, {"mail run", h.mailRun}, {"mail run", h.mailRun},
		{"everything", h.everything}, {"everything", h.everything}, {"contact", h.contact}, {"dispute", h.dispute},
	}
	k := kinds[h.random.IntN(len(kinds))]
	return k.name, k.do
}

func (h *history) time() string {
	h.now = h.now.Add(time.Duration(h.random.IntN(20)+1) * 12 * time.Hour)
	return h.now.Format(time.RFC3339)
}

func (h *history) papers() string {
	ref := h.ref()
	_, err := h.steps.PreparePapers(h.t.Context(), activities.PapersInput{PracticeRef: ref, At: h.now})
	return ref.PracticeKey + " " + outcome(err)
}

// worksheet brings the worksheet of a practice up to date that has papers, as its
// workflow does.
func (h *history) worksheet() string {
	ref := h.ref()
	state, err := h.steps.PlanPractice(h.t.Context(), ref)
	require.NoError(h.t, err)
	if !state.WorksheetStale {
		return ref.PracticeKey + " has none to make"
	}
	state, err = h.steps.UpdateWorksheet(h.t.Context(), activities.PapersInput{PracticeRef: ref, At: h.now})
	require.NoError(h.t, err)
	require.False(h.t, state.WorksheetStale)
	return fmt.Sprintf("%s made, papers stale %t", ref.PracticeKey, state.PapersStale)
}

// act does something to a practice twice: the second time changes nothing.
func (h *history) act(act casebook.Act) string {
	h.acts++
	act.ID, act.IncidentID = fmt.Sprintf("act-%d", h.acts), IncidentID
	require.NoError(h.t, h.ask(h.t.Context(), act))
	do := h.steps.ActOnPractice
	if act.PracticeKey == "" {
		do = h.steps.ActOnIncident
	}
	first, err := do(h.t.Context(), act)
	if err != nil {
		return outcome(err)
	}
	before := h.everybody()
	again, err := do(h.t.Context(), act)
	require.NoError(h.t, err)
	require.False(h.t, again.Fresh, "the same act twice is the same act once")
	require.Equal(h.t, before, h.everybody())
	return fmt.Sprintf("fresh %t", first.Fresh)
}

// bothApprove takes a practice as far as it goes without anything in its way.
func (h *history) bothApprove() string {
	ref := h.ref()
	_, err := h.steps.PreparePapers(h.t.Context(), activities.PapersInput{PracticeRef: ref, At: h.now})
	require.NoError(h.t, err)
	return h.approveAs(ref, "Robin Officer") + ", " + h.approveAs(ref, "Sam Second")
}

func (h *history) approve() string { return h.approveAs(h.ref(), h.one("Robin Officer", "Sam Second")) }

func (h *history) approveAs(ref activities.PracticeRef, who string) string {
	practice, err := h.store.Practice(h.t.Context(), IncidentID, ref.PracticeKey)
	require.NoError(h.t, err)
	return ref.PracticeKey + " " + who + " " + h.act(casebook.Act{
		Kind: casebook.ActApprove, PracticeKey: ref.PracticeKey, Who: who, Approve: &casebook.ApproveTerms{SHA256: practice.PapersSHA256},
	})
}

func (h *history) delegate() string {
	ref, to := h.ref(), h.one(breach.DelegateAll, breach.DelegateLetters, breach.DelegateNone)
	return ref.PracticeKey + " " + to + " " + h.act(casebook.Act{
		Kind: casebook.ActDelegate, PracticeKey: ref.PracticeKey, Who: "Robin Officer", Delegate: &casebook.DelegateTerms{Delegation: to},
	})
}

// contact corrects whom a practice is written to, which stands on its papers.
func (h *history) contact() string {
	ref := h.ref()
	terms := casebook.ContactTerms{PrivacyOfficer: h.one("Quinn Example", "Rory Example"), Email: strings.ToLower(ref.PracticeKey) + "@example.org", Phone: h.one("", "512-555-0100")}
	return ref.PracticeKey + " " + terms.PrivacyOfficer + terms.Phone + " " + h.act(casebook.Act{
		Kind: casebook.ActContact, PracticeKey: ref.PracticeKey, Who: "Robin Officer", Contact: &terms,
	})
}

// dispute has a practice say of all its people that they are not its patients, or
// somebody say that they stay. A simulation has no rows of people, and so cannot tell
// whose letter waits when it is only of some.
func (h *history) dispute() string {
	ref := h.ref()
	return h.disputes(ref.PracticeKey, h.disputed(ref.PracticeKey) > 0)
}

func (h *history) disputed(key string) int {
	practice, err := h.store.Practice(h.t.Context(), IncidentID, key)
	require.NoError(h.t, err)
	return practice.Disputed
}

func (h *history) disputes(key string, keep bool) string {
	terms := casebook.DisputeTerms{Keep: keep}
	if keep {
		terms.Reason = "they were there in May"
	}
	_, _, people := Case()
	for _, p := range people {
		if p.PracticeKey == key {
			terms.PersonKeys = append(terms.PersonKeys, p.Key)
		}
	}
	did := h.act(casebook.Act{Kind: casebook.ActDispute, PracticeKey: key, Who: "Robin Officer", Dispute: &terms})
	return fmt.Sprintf("%s keep=%t %s", key, keep, did)
}

func (h *history) assess() string {
	ref, conclusion, who := h.ref(), h.one(breach.Presumed, breach.LowProbability), h.one("Robin Officer", "Sam Second")
	return ref.PracticeKey + " " + conclusion + " " + who + " " + h.act(casebook.Act{
		Kind: casebook.ActAssess, PracticeKey: ref.PracticeKey, Who: who, Assess: &casebook.AssessTerms{Conclusion: conclusion, Factors: breach.Factors{
			NatureOfPHI: "names", UnauthorizedPerson: "unknown", AcquiredOrViewed: "no sign", Mitigation: "closed",
		}},
	})
}

func (h *history) fact() casebook.RecordTerms {
	kind := h.one(breach.LettersMailed, breach.LettersMailed, breach.LettersMailed, breach.PostingStarted, breach.TollFreeStarted, breach.PracticeNotified, breach.Acknowledged)
	return casebook.RecordTerms{Fact: breach.Fact{Kind: kind, On: h.today()}}
}

// everything has people do all that can be owed in this case, as far as it may be
// done now: without it few histories come to an end.
func (h *history) everything() string {
	for _, key := range []string{"P1", "P2", "P3", "P4"} {
		ref := activities.PracticeRef{IncidentID: IncidentID, PracticeKey: key}
		if h.disputed(key) > 0 {
			h.disputes(key, true)
		}
		_, err := h.steps.PreparePapers(h.t.Context(), activities.PapersInput{PracticeRef: ref, At: h.now})
		require.NoError(h.t, err)
		h.approveAs(ref, "Robin Officer")
		h.approveAs(ref, "Sam Second")
	}
	done := []string{h.mailRun()}
	for _, kind := range []string{
		breach.LettersMailed, breach.PostingStarted, breach.TollFreeStarted, breach.PracticeNotified, breach.HHSFiled, breach.Acknowledged,
	} {
		done = append(done, kind+" "+h.act(casebook.Act{Kind: casebook.ActRecord, Who: "Robin Officer", Record: &casebook.RecordTerms{
			Fact: breach.Fact{Kind: kind, On: h.today(), Reference: "HHS-1"},
		}}))
	}
	return strings.Join(done, ", ")
}

func (h *history) record() string {
	ref, terms := h.ref(), h.fact()
	return ref.PracticeKey + " " + terms.Fact.Kind + " " + h.act(casebook.Act{
		Kind: casebook.ActRecord, PracticeKey: ref.PracticeKey, Who: "Robin Officer", Record: &terms,
	})
}

func (h *history) recordForAll() string {
	terms := h.fact()
	return terms.Fact.Kind + " " + h.act(casebook.Act{Kind: casebook.ActRecord, Who: "Robin Officer", Record: &terms})
}

func (h *history) hold() string {
	hold := breach.Hold{
		Kind: breach.OralHold, StatedOn: h.today(), Official: "Special Agent Example", Agency: "FBI", Statement: "It would impede an investigation.",
		Covers: [][]string{nil, {breach.CoversIndividual}, {breach.CoversPractice}}[h.random.IntN(3)],
	}
	return fmt.Sprint(hold.Covers) + " " + h.act(casebook.Act{Kind: casebook.ActHold, Who: "Robin Officer", Hold: &hold})
}

func (h *history) release() string {
	return h.act(casebook.Act{Kind: casebook.ActRelease, Who: "Robin Officer", Release: &casebook.ReleaseTerms{On: h.today().String()}})
}

// mailRun plans what may be printed, and prints it unless a hold came in between.
func (h *history) mailRun() string {
	h.standings()
	ctx := h.t.Context()
	run := casebook.MailRun{IncidentID: IncidentID, Number: h.run, MailOn: h.today()}
	mayPrint := h.printable()
	planned, err := h.store.PlanMailRun(ctx, run, 5)
	require.NoError(h.t, err)
	require.Equal(h.t, mayPrint, planned.Pieces, "every letter that may be printed, and no other")
	if planned.Pieces == 0 {
		return "nothing"
	}
	for batch := range planned.Batches {
		name := casebook.BatchName(h.run, batch+1)
		require.NoError(h.t, h.store.IntendBatch(ctx, IncidentID, h.run, name))
		for range 2 {
			require.NoError(h.t, h.store.SaveBatch(ctx, IncidentID, h.run, casebook.Batch{Name: name, Number: batch + 1, Pieces: 5, PrintedAt: h.now}))
		}
	}
	h.run++
	return fmt.Sprintf("%d pieces", planned.Pieces)
}

// printable counts the letters of the practices that may print.
func (h *history) printable() int {
	n := 0
	for _, key := range []string{"P1", "P2", "P3", "P4"} {
		state, p := h.stand(key)
		if state.Printable && p.Phase != casebook.PhaseClosed {
			n += p.Account.In(account.Waiting)
		}
	}
	return n
}

// standings has every practice look where it stands, as its workflow does.
func (h *history) standings() {
	for _, key := range []string{"P1", "P2", "P3", "P4"} {
		h.stand(key)
	}
}

func (h *history) stand(key string) (activities.PracticeState, casebook.Practice) {
	ref := activities.PracticeRef{IncidentID: IncidentID, PracticeKey: key}
	state, err := h.steps.PlanPractice(h.t.Context(), ref)
	require.NoError(h.t, err)
	p, err := h.store.Practice(h.t.Context(), IncidentID, key)
	require.NoError(h.t, err)
	return state, p
}

func (h *history) everybody() map[string]account.Account {
	all := map[string]account.Account{}
	for _, key := range []string{"P1", "P2", "P3", "P4"} {
		p, err := h.store.Practice(h.t.Context(), IncidentID, key)
		require.NoError(h.t, err)
		all[key] = p.Account
	}
	return all
}

// look holds what must always be so, and notes what can be seen.
func (h *history) look(what string) {
	h.t.Helper()
	lines := []string{what}
	_, _, people := Case()
	for _, key := range []string{"P1", "P2", "P3", "P4"} {
		state, p := h.stand(key)
		again, _ := h.stand(key)
		require.Equal(h.t, state, again, "looking changes nothing")

		onList := len(slices.DeleteFunc(slices.Clone(people), func(r breach.Person) bool { return r.PracticeKey != key }))
		require.Equal(h.t, onList, p.Account.Total(), "%s: everybody is in the account, once: %v", what, p.Account)
		incident, err := h.store.Incident(h.t.Context(), IncidentID)
		require.NoError(h.t, err)
		if state.Printable {
			require.True(h.t, state.Notifiable && !state.AssessmentPending, what)
			require.GreaterOrEqual(h.t, len(p.Approvals), incident.Incident.ApproversNeeded(), what)
			require.NotEmpty(h.t, p.PapersSHA256, what)
			require.True(h.t, incident.Incident.Entity.WritesLetters(p.Practice), what)
			require.False(h.t, holdingOn(incident.Incident.Holds, breach.CoversIndividual, h.now), what)
		}
		settled := []string{}
		for _, d := range state.Deadlines {
			if d.Open {
				continue
			}
			settled = append(settled, d.ObligationID)
			switch d.Kind {
			case breach.IndividualNotice:
				require.Zero(h.t, p.Account.Untold(""), "%s: %s has people untold: %v", what, key, p.Account)
			case breach.SubstituteNotice:
				require.Zero(h.t, p.Account.Unreached(""), "%s: %s has people unreached: %v", what, key, p.Account)
			}
		}
		lines = append(lines, fmt.Sprintf("  %s %s printable=%t needs=%q late=%t disputed=%d settled=%v account=%v",
			key, state.Phase, state.Printable, state.NeedsPerson, state.Late, p.Disputed, settled, written(p.Account)))
	}
	h.seen = append(h.seen, strings.Join(lines, "\n"))
}

// written is an account in one order.
func written(a account.Account) []string {
	lines := []string{}
	for _, l := range a {
		if l.People > 0 {
			lines = append(lines, fmt.Sprintf("%s/%s/%s/%s=%d mailed %s told %s", l.State, l.Why, l.Letter, l.Residence, l.People, l.MailedOn, l.ToldOn))
		}
	}
	slices.Sort(lines)
	return lines
}

func outcome(err error) string {
	if err == nil {
		return "done"
	}
	if refusal, ok := activities.RefusalOf(err); ok {
		return "refused " + refusal.Code
	}
	return err.Error()
}

type nobody struct{}

func (nobody) SignalWorkflow(context.Context, string, string, string, any) error { return nil }
