package activities_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/datakey"
	"duenotice/internal/keyring"
	"duenotice/internal/mail"
	"duenotice/internal/outfolder"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/internal/rulebooks"
	"duenotice/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const (
	packetIncident = "EX-2026-03"
	// canary stands in every cell of a person that names them.
	canary = "Wilhelmina"
)

var day = civil.MustParse("2026-03-16")

// packetCase is an incident of which packets are made, over a database of its own.
type packetCase struct {
	t     testing.TB
	store *postgres.Store
	steps *activities.Activities
	url   string
	now   time.Time
}

func vendor() breach.Incident {
	return breach.Incident{
		ID: packetIncident, Discovered: day, Occurred: breach.Span{From: day, To: day}, DataSecurity: breach.Unsecured,
		Entity: breach.Entity{
			Name: "Example Health Cloud, Inc.", Role: breach.BusinessAssociate, Address: []string{"100 Example Way", "Somerset, NJ 08873"},
			TollFree: "1-800-555-0100", Email: "privacy@example.org",
		},
		BreachType: "Hacking/IT Incident", Location: []string{"Network Server"},
		WhatHappened: "Somebody entered one of our systems.", WhatWeAreDoing: "We changed every password.", WhatYouCanDo: "Please take the steps below.",
	}
}

func clinic(key string) breach.Practice {
	return breach.Practice{
		Key: key, LegalName: "Practice " + key + ", PLLC", State: "VA", City: "Richmond", Address1: "12 Oak Street", ZIP: "23220", Phone: "804-555-0142",
		PrivacyOfficer: "Dana Q. Example", Email: key + "@example.org", Agent: breach.Yes,
	}
}

// patient is an invented person of a practice.
func patient(practice string, n int) breach.Person {
	return breach.Person{
		Key: fmt.Sprintf("%s-%05d", practice, n), PracticeKey: practice, FirstName: canary, LastName: fmt.Sprintf("Canary %d", n),
		BirthDate: civil.MustParse("1980-05-04"), Address1: fmt.Sprintf("%d %s Street", n+1, canary), City: "Richmond", State: "VA", ZIP: "23220",
		Email: fmt.Sprintf("%s%d@example.org", canary, n), DataClasses: []breach.DataClass{"name", "diagnosis"},
	}
}

func listOf(people []breach.Person) postgres.Findings {
	return func(_ context.Context, each func(int, *breach.Person) error) error {
		for i := range people {
			person := people[i]
			if err := each(i+2, &person); err != nil {
				return err
			}
		}
		return nil
	}
}

// packets loads an incident and makes the papers of its practices.
func packets(t testing.TB, incident breach.Incident, practices []breach.Practice, people []breach.Person) *packetCase {
	t.Helper()
	c := loadedCase(t, incident, practices, people)
	for _, p := range practices {
		c.prepare(p.Key)
	}
	return c
}

// loadedCase loads an incident in which nothing is decided yet.
func loadedCase(t testing.TB, incident breach.Incident, practices []breach.Practice, people []breach.Person) *packetCase {
	t.Helper()
	c := &packetCase{t: t, now: time.Date(2026, 4, 12, 15, 0, 0, 0, time.UTC)}
	c.url = testkit.Migrated(t, func(url string) error { return postgres.Migrate(context.Background(), url) })
	ring := datakey.NewRing("key file of the test", func() (*keyring.Ring, error) {
		return keyring.Parse([]byte("test AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"))
	})
	var err error
	c.store, err = postgres.Open(t.Context(), c.url, postgres.WithMaster(ring))
	require.NoError(t, err)
	t.Cleanup(c.store.Close)
	out := outfolder.New(t.TempDir())
	c.steps = &activities.Activities{
		Store: c.store, Books: rulebooks.Kept(), Out: out, Mail: mail.NewEMLFolder(out), Workflows: nobodyListens{},
		Now: func() time.Time { return c.now }, Zone: time.UTC, Packets: c.store,
	}
	newest := rulebooks.Kept().Newest()
	_, err = c.store.LoadCase(t.Context(), postgres.LoadInput{
		Incident: incident, CaseSHA256: "case", ListSHA256: "list", RulebookVersion: newest.Version(), RulebookSHA256: newest.SHA256(),
		By: "Robin Officer", At: c.now, Seconds: 1, Practices: practices, Findings: listOf(people),
	}, nil)
	require.NoError(t, err)
	return c
}

type nobodyListens struct{}

func (nobodyListens) SignalWorkflow(context.Context, string, string, string, any) error { return nil }

func (c *packetCase) ref(key string) activities.PracticeRef {
	return activities.PracticeRef{IncidentID: packetIncident, PracticeKey: key}
}

func (c *packetCase) of(key string) packet.Practice {
	return packet.Practice{IncidentID: packetIncident, Key: key}
}

// prepare does what a practice's workflow does after a change.
func (c *packetCase) prepare(key string) {
	c.t.Helper()
	state, err := c.steps.PlanPractice(c.t.Context(), c.ref(key))
	require.NoError(c.t, err)
	if state.PapersStale {
		state, err = c.steps.PreparePapers(c.t.Context(), activities.PapersInput{PracticeRef: c.ref(key), At: c.now})
		require.NoError(c.t, err)
	}
	if state.WorksheetStale {
		_, err = c.steps.UpdateWorksheet(c.t.Context(), activities.PapersInput{PracticeRef: c.ref(key), At: c.now})
		require.NoError(c.t, err)
	}
}

// record writes a fact of a practice, with a proof's sum or none.
func (c *packetCase) record(key string, fact breach.Fact, proof string) {
	c.t.Helper()
	c.act(key, casebook.Act{Kind: casebook.ActRecord, Record: &casebook.RecordTerms{Fact: fact, ProofSHA256: proof}})
}

func (c *packetCase) act(key string, act casebook.Act) {
	c.t.Helper()
	content, err := json.Marshal(act)
	require.NoError(c.t, err)
	act.ID, act.IncidentID, act.PracticeKey, act.Who, act.At = fmt.Sprintf("%s %x", key, content), packetIncident, key, "Robin Officer", c.now
	if key == "" {
		_, err = c.store.ActOnIncident(c.t.Context(), act)
	} else {
		_, err = c.store.ActOnPractice(c.t.Context(), act, func(casebook.Practice) error { return nil })
	}
	require.NoError(c.t, err)
	if key != "" {
		c.prepare(key)
	}
}

// told makes a practice's page and records that it was told.
func (c *packetCase) told(key string) {
	c.t.Helper()
	_, err := c.store.MakePage(c.t.Context(), c.of(key))
	require.NoError(c.t, err)
	c.record(key, breach.Fact{Kind: breach.PracticeNotified, On: civil.MustParse("2026-04-01"), Reference: "e-mail"}, "")
}

func (c *packetCase) seal(key string) {
	c.t.Helper()
	require.NoError(c.t, activities.SealPacket(c.t.Context(), c.steps, c.ref(key)))
}

// part opens a part of a practice's packet, nil for none.
func (c *packetCase) part(key, name string) []byte {
	c.t.Helper()
	content, err := c.store.PacketPart(c.t.Context(), c.of(key), name)
	require.NoError(c.t, err)
	return content
}

// page is the page of a practice, nil while there is none.
func (c *packetCase) page(key string) *packet.Page {
	c.t.Helper()
	content := c.part(key, packet.PartPage)
	if content == nil {
		return nil
	}
	page := new(packet.Page)
	require.NoError(c.t, json.Unmarshal(content, page))
	return page
}

func partsOf(page *packet.Page) []string {
	var names []string
	for _, f := range page.Files {
		names = append(names, f.Part)
	}
	slices.Sort(names)
	return names
}

// anyPatients are people of a practice of every kind that a list can have.
func anyPatients(random *rand.Rand, practice string, n int) []breach.Person {
	var people []breach.Person
	states := []string{"VA", "MD", "CA", "NY", "TX", ""}
	for i := range n {
		p := patient(practice, i)
		p.State = states[random.IntN(len(states))]
		switch random.IntN(8) {
		case 0:
			p.BirthDate = civil.MustParse("2019-01-01")
		case 1:
			p.BirthDate = civil.Date{}
		case 2:
			p.DeceasedDate = civil.MustParse("2020-02-02")
		case 3:
			p.DeceasedDate = civil.MustParse("1950-02-02") // protected no more
		case 4:
			p.Address1 = ""
		case 5:
			p.FirstName = "ᠪᠠᠲᠤ"
		}
		p.DataClasses = append([]breach.DataClass{"name"}, breach.DataClasses()[random.IntN(len(breach.DataClasses())-1)+1])
		if p.DataClasses[1] == "name" {
			p.DataClasses = p.DataClasses[:1]
		}
		people = append(people, p)
	}
	return people
}
