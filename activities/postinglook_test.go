package activities_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/pagelook"
	"duenotice/internal/postgres"
	"duenotice/internal/posting"
)

// sites is the internet of a test: what stands at each address, or why nothing does.
type sites struct {
	guard sync.Mutex
	pages map[string]string
	not   map[string]*pagelook.NotSeen
	asked []string
}

func (s *sites) Look(ctx context.Context, address string) (pagelook.Page, error) {
	s.guard.Lock()
	defer s.guard.Unlock()
	s.asked = append(s.asked, address)
	if err := ctx.Err(); err != nil {
		return pagelook.Page{}, err
	}
	if not := s.not[address]; not != nil {
		return pagelook.Page{}, not
	}
	page, there := s.pages[address]
	if !there {
		return pagelook.Page{}, &pagelook.NotSeen{Why: "its server answers 404 Not Found"}
	}
	return pagelook.Page{Words: posting.OfHTML(page), SHA256: "sum of " + address}, nil
}

// heard are the practices that were told that something changed.
type heard struct {
	guard sync.Mutex
	ids   []string
}

func (h *heard) SignalWorkflow(_ context.Context, id, _, name string, _ any) error {
	h.guard.Lock()
	defer h.guard.Unlock()
	h.ids = append(h.ids, strings.TrimPrefix(id, "practice:"+packetIncident+":")+" "+name)
	return nil
}

// postedCase is an incident in which practices with a dozen people whom no letter reaches
// posted their notice, with the internet and who is told of changes.
func postedCase(t *testing.T, keys ...string) (*packetCase, *sites, *heard) {
	t.Helper()
	var all []breach.Practice
	var people []breach.Person
	for _, key := range keys {
		p := clinic(key)
		p.TollFree, p.Website, p.Delegation = "1-800-555-0142", "https://"+key+".example.org", breach.DelegateLetters
		all = append(all, p)
		for i := range 12 {
			one := patient(key, i)
			one.Address1, one.City, one.ZIP = "", "", ""
			people = append(people, one)
		}
	}
	c := packets(t, vendor(), all, people)
	web, told := &sites{pages: map[string]string{}, not: map[string]*pagelook.NotSeen{}}, new(heard)
	c.steps.Looker, c.steps.Postings, c.steps.Workflows = web, c.store, told
	for _, key := range keys {
		made, err := os.ReadFile(c.steps.Out.Incident(packetIncident).PostingPage(key))
		require.NoError(t, err, "the practice's folder has the notice")
		web.pages["https://"+key+".example.org"] = string(made)
		c.record(key, breach.Fact{Kind: breach.PostingStarted, On: civil.MustParse("2026-04-12")}, "")
		c.record(key, breach.Fact{Kind: breach.TollFreeStarted, On: civil.MustParse("2026-04-12")}, "")
	}
	return c, web, told
}

// looks has the postings looked at, and lets the practices that are told of it look again.
func (c *packetCase) looks(told *heard) activities.LooksResult {
	c.t.Helper()
	told.ids = nil
	result, err := c.steps.LookAtPostings(c.t.Context(), activities.LooksInput{IncidentID: packetIncident})
	require.NoError(c.t, err)
	for _, id := range told.ids {
		c.prepare(strings.Fields(id)[0])
	}
	return result
}

func (c *packetCase) needs(key string) string {
	c.t.Helper()
	details, err := c.store.StatusDetails(c.t.Context(), packetIncident, postgres.Filter{Practice: key}, c.now)
	require.NoError(c.t, err)
	require.Len(c.t, details, 1)
	return details[0].NeedsPerson
}

// TestAPostingIsLookedAtUntilItsDaysAreOver: it is there; it loses a sentence, which
// status says with what to do; it comes back, and is kept longer by the days it was gone.
func TestAPostingIsLookedAtUntilItsDaysAreOver(t *testing.T) {
	t.Parallel()
	c, web, told := postedCase(t, "P1", "P2")
	require.Equal(t, activities.LooksResult{After: "P2", Looked: 2}, c.looks(told))
	require.Equal(t, []string{"P1 facts_changed", "P2 facts_changed"}, told.ids, "that it is looked at is news")
	require.NotContains(t, c.needs("P1"), "the notice is not on its page")
	require.Equal(t, activities.LooksResult{}, c.looks(told), "once a day")
	incidents, err := c.steps.PostingIncidents(t.Context())
	require.NoError(t, err)
	require.Empty(t, incidents)

	whole := web.pages["https://P1.example.org"]
	web.pages["https://P1.example.org"] = strings.Replace(whole, "1-800-555-0142", "1-800-555-0143", 1)
	for range 3 {
		c.now = c.now.AddDate(0, 0, 1)
		require.Equal(t, activities.LooksResult{After: "P2", Looked: 2, Missed: 1}, c.looks(told))
	}
	require.Equal(t, []string{"P1 facts_changed"}, told.ids, "nobody is told of what did not change")
	needs := c.needs("P1")
	for _, words := range []string{
		"the notice is not on its page https://P1.example.org since 2026-04-13", "1 of ", "sentences are missing", `under "For More Information"`,
		"call 1-800-555-0142", "practices/P1/posting.html", "record posting_gap",
	} {
		require.Contains(t, needs, words)
	}
	require.NotContains(t, c.needs("P2"), "the notice is not on its page")

	web.pages["https://P1.example.org"] = whole
	c.now = c.now.AddDate(0, 0, 1)
	c.looks(told)
	require.NotContains(t, c.needs("P1"), "the notice is not on its page")
	kept := func(key string) (until string) {
		details, err := c.store.StatusDetails(t.Context(), packetIncident, postgres.Filter{Practice: key}, c.now)
		require.NoError(t, err)
		for _, o := range details[0].Obligations {
			if o.Form == breach.FormKept {
				until = o.NotBefore.String()
			}
		}
		return until
	}
	require.Equal(t, "2026-07-14", kept("P1"), "three days longer")
	require.Equal(t, "2026-07-11", kept("P2"))
	c.record("P1", breach.Fact{Kind: breach.PostingGap, On: civil.MustParse("2026-04-13"), Through: civil.MustParse("2026-04-14"), Reference: "the number was moved to the top"}, "")
	require.Equal(t, "2026-07-12", kept("P1"), "two of them count by the officer's word")

	// When it is over nobody looks any more.
	for _, kind := range []string{breach.PostingEnded, breach.TollFreeEnded} {
		c.now = civil.MustParse("2026-07-12").Start(c.steps.Zone)
		c.record("P1", breach.Fact{Kind: kind, On: civil.MustParse("2026-07-12")}, "")
	}
	web.asked = nil
	c.looks(told)
	require.Equal(t, []string{"https://P2.example.org"}, web.asked)
}

// TestWhatWasNotLookedAtIsNotMissed: where nothing answers at all, our own network is
// down, and no practice is kept longer for it. One site alone that does not answer is.
func TestWhatWasNotLookedAtIsNotMissed(t *testing.T) {
	t.Parallel()
	c, web, told := postedCase(t, "P1", "P2")
	for _, key := range []string{"P1", "P2"} {
		web.not["https://"+key+".example.org"] = &pagelook.NotSeen{Why: "its server cannot be reached, or broke off", Unreached: true}
	}
	_, err := c.steps.LookAtPostings(t.Context(), activities.LooksInput{IncidentID: packetIncident})
	refusal, is := breach.AsRefusal(err)
	require.True(t, is)
	require.Equal(t, "nothing_reached", refusal.Code)
	p, err := c.store.Practice(t.Context(), packetIncident, "P1")
	require.NoError(t, err)
	require.Equal(t, casebook.Posting{}, p.Posting)

	delete(web.not, "https://P2.example.org")
	require.Equal(t, activities.LooksResult{After: "P2", Looked: 2, Missed: 1}, c.looks(told))
	require.Contains(t, c.needs("P1"), "its server cannot be reached")
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.steps.LookAtPostings(stopped, activities.LooksInput{IncidentID: packetIncident})
	require.Error(t, err, "a worker that ends saw nothing")
}

// TestOnePageForManyPracticesIsFetchedOnce, and each practice's own notice is looked for.
func TestOnePageForManyPracticesIsFetchedOnce(t *testing.T) {
	t.Parallel()
	c, web, told := postedCase(t, "P1", "P2", "P3")
	const address = "https://group.example.org/notices"
	web.pages[address] = web.pages["https://P1.example.org"] + web.pages["https://P2.example.org"]
	for _, key := range []string{"P1", "P2", "P3"} {
		c.record(key, breach.Fact{Kind: breach.PostingStarted, On: civil.MustParse("2026-04-12"), URL: address}, "")
	}
	require.Equal(t, activities.LooksResult{After: "P3", Looked: 3, Missed: 1}, c.looks(told))
	require.Equal(t, []string{address}, web.asked)
	require.Contains(t, c.needs("P3"), "sentences are missing")
	require.NotContains(t, c.needs("P1"), "not on its page")
}

// TestNothingIsLookedAtUnlessItIsConfigured.
func TestNothingIsLookedAtUnlessItIsConfigured(t *testing.T) {
	t.Parallel()
	c, web, told := postedCase(t, "P1")
	c.steps.Looker = nil
	incidents, err := c.steps.PostingIncidents(t.Context())
	require.NoError(t, err)
	require.Empty(t, incidents)
	require.Equal(t, activities.LooksResult{}, c.looks(told))
	require.Empty(t, web.asked)
	// What officers record of the number is seen without any look.
	c.record("P1", breach.Fact{Kind: breach.TollFreeTested, On: civil.MustParse("2026-04-12"), Answer: "no"}, "")
	require.Contains(t, c.needs("P1"), "the toll-free number was not answered on 2026-04-12")
}

// TestManyPostingsAreLookedAtInParts of five hundred, one after the other.
func TestManyPostingsAreLookedAtInParts(t *testing.T) {
	t.Parallel()
	c, web, _ := postedCase(t, "P1")
	var places []casebook.PostingPlace
	for n := range 700 {
		places = append(places, casebook.PostingPlace{PracticeKey: fmt.Sprintf("Q%03d", n), URL: "https://P1.example.org"})
	}
	c.steps.Postings = &manyPostings{PostingStore: c.store, places: places}
	c.steps.Store = &onePractice{Store: c.steps.Store, key: "P1"}
	first, err := c.steps.LookAtPostings(t.Context(), activities.LooksInput{IncidentID: packetIncident})
	require.NoError(t, err)
	require.Equal(t, activities.LooksResult{After: "Q499", More: true, Looked: 500}, first)
	rest, err := c.steps.LookAtPostings(t.Context(), activities.LooksInput{IncidentID: packetIncident, After: first.After})
	require.NoError(t, err)
	require.Equal(t, activities.LooksResult{After: "Q699", Looked: 200}, rest)
	require.Len(t, web.asked, 2)
}

// manyPostings says that there are many, and keeps no look.
type manyPostings struct {
	activities.PostingStore
	places []casebook.PostingPlace
}

func (m *manyPostings) PostingsToLookAt(_ context.Context, _, after string, _ civil.Date, limit int) (part []casebook.PostingPlace, err error) {
	for _, p := range m.places {
		if p.PracticeKey > after && len(part) < limit {
			part = append(part, p)
		}
	}
	return part, nil
}

func (m *manyPostings) SaveLooks(context.Context, string, []casebook.Look) ([]string, error) {
	return nil, nil
}

// onePractice has one practice under every key.
type onePractice struct {
	activities.Store
	key string
}

func (o *onePractice) Practice(ctx context.Context, incident, _ string) (casebook.Practice, error) {
	return o.Store.Practice(ctx, incident, o.key)
}
