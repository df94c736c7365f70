package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/pagelook"
	"duenotice/internal/papers"
)

// Looker fetches pages of the internet: a *pagelook.NotSeen says why there is none to read.
type Looker interface {
	Look(ctx context.Context, address string) (pagelook.Page, error)
}

// PostingStore keeps looks at postings.
type PostingStore interface {
	// PostingIncidents returns the open incidents with a posting that is to be looked at
	// on a day: one that nobody looked at that day, or whose last look missed the notice.
	PostingIncidents(ctx context.Context, today civil.Date) ([]string, error)
	// PostingsToLookAt returns such postings of an incident after a practice's key, in
	// key order and at most limit.
	PostingsToLookAt(ctx context.Context, incidentID, after string, today civil.Date, limit int) ([]casebook.PostingPlace, error)
	// SaveLooks keeps looks of one day, one for each practice in key order, and returns
	// the practices for whose case they are news.
	SaveLooks(ctx context.Context, incidentID string, looks []casebook.Look) (news []string, err error)
}

const (
	// looksAtOnce is how many pages are fetched at the same time.
	looksAtOnce = 16
	// looksPart is how many looks are made in one step and stand in one entry of the ledger.
	looksPart = 500
)

// PostingIncidents returns the incidents with postings that are to be looked at now;
// none where the installation looks at none.
func (a *Activities) PostingIncidents(ctx context.Context) ([]string, error) {
	if a.Looker == nil {
		return nil, nil
	}
	return a.Postings.PostingIncidents(ctx, a.today())
}

// LooksInput asks for looks at an incident's postings, of practices after a key.
type LooksInput struct {
	IncidentID string
	After      string
}

// Part tells this step apart from those of other incidents.
func (in LooksInput) Part() string { return "incident " + in.IncidentID }

// LooksResult is how far looks have come. More: there are further ones after After.
type LooksResult struct {
	After          string
	More           bool
	Looked, Missed int
}

// LookAtPostings looks at a part of an incident's postings: whether the page has every
// sentence of the practice's notice. Those that it looked at it does not look at again on
// the day, whoever asks, until one missed the notice. Where nothing at all of many could
// be reached, our own network is taken to be down: nothing is noted, and it is tried again.
func (a *Activities) LookAtPostings(ctx context.Context, in LooksInput) (LooksResult, error) {
	defer beating(ctx)()
	if a.Looker == nil {
		return LooksResult{}, nil
	}
	on := a.today()
	places, err := a.Postings.PostingsToLookAt(ctx, in.IncidentID, in.After, on, looksPart)
	if err != nil || len(places) == 0 {
		return LooksResult{}, err
	}
	looks, err := a.lookAt(ctx, in.IncidentID, places, on)
	if err != nil {
		return LooksResult{}, err
	}
	news, err := a.Postings.SaveLooks(ctx, in.IncidentID, looks)
	if err != nil {
		return LooksResult{}, err
	}
	keys := make([]string, len(places))
	for i, p := range places {
		keys[i] = p.PracticeKey
	}
	// Also those whom a worker that died here before did not tell.
	outdated, err := a.Store.Outdated(ctx, in.IncidentID, keys)
	if err != nil {
		return LooksResult{}, err
	}
	news = append(news, outdated...)
	slices.Sort(news)
	for _, key := range slices.Compact(news) {
		if err := a.signalPractice(ctx, in.IncidentID, key, FactsChanged{Reason: "a look at its posting"}); err != nil {
			return LooksResult{}, err
		}
	}
	result := LooksResult{After: keys[len(keys)-1], More: len(places) == looksPart, Looked: len(looks)}
	for _, l := range looks {
		if !l.Shown {
			result.Missed++
		}
	}
	return result, nil
}

// errNothingReached is of a network that leads nowhere.
var errNothingReached = breach.Refuse("nothing_reached",
	"See whether this machine reaches the internet: the names of hosts, the proxy in HTTPS_PROXY, a firewall. Until then no posting is looked at, and no day counts as missed for it.",
	"none of the pages on which notices are posted could be reached")

// lookAt fetches each address once, several at a time, and holds against its page the
// notice of each practice that is posted there. No more pages are in memory than are
// being read.
func (a *Activities) lookAt(ctx context.Context, incidentID string, places []casebook.PostingPlace, on civil.Date) ([]casebook.Look, error) {
	incident, err := a.Store.Incident(ctx, incidentID)
	if err != nil {
		return nil, err
	}
	at := a.Now().UTC().Truncate(time.Microsecond)
	posted := map[string][]int{}
	for i, p := range places {
		posted[p.URL] = append(posted[p.URL], i)
	}
	looks := make([]casebook.Look, len(places))
	pages, reached := errgroup.Group{}, atomic.Int64{}
	pages.SetLimit(looksAtOnce)
	for address, there := range posted {
		pages.Go(func() error {
			page, err := a.Looker.Look(ctx, address)
			var not *pagelook.NotSeen
			if err != nil && !errors.As(err, &not) {
				return err // we were stopped
			}
			noPage := ""
			if not != nil {
				noPage = not.Why
			}
			if not == nil || !not.Unreached {
				reached.Add(1)
			}
			for _, i := range there {
				key := places[i].PracticeKey
				practice, err := a.Store.Practice(ctx, incidentID, key)
				if err != nil {
					return err
				}
				if looks[i], err = compared(incident.Incident, practice, page, noPage); err != nil {
					return err
				}
				looks[i].Practice, looks[i].URL, looks[i].At, looks[i].On = key, address, at, on
			}
			return nil
		})
	}
	if err := pages.Wait(); err != nil {
		return nil, err
	}
	if reached.Load() == 0 && len(posted) > 1 {
		return nil, errNothingReached
	}
	return looks, nil
}

// shownMissing is how many missing sentences are told one by one.
const shownMissing = 2

// compared holds a practice's notice of now against a page; noPage is why there is none,
// "" where there is.
func compared(incident breach.Incident, practice casebook.Practice, page pagelook.Page, noPage string) (casebook.Look, error) {
	text, err := papers.PostingText(postingInput(incident, practice))
	if refusal, is := breach.AsRefusal(err); is {
		return casebook.Look{Problem: refusal.Message}, nil
	}
	if err != nil {
		return casebook.Look{}, err
	}
	wanted, err := json.Marshal(text)
	if err != nil {
		return casebook.Look{}, err
	}
	sum := sha256.Sum256(wanted)
	look := casebook.Look{TextSHA256: hex.EncodeToString(sum[:]), PageSHA256: page.SHA256}
	if noPage != "" {
		look.Problem = noPage
		return look, nil
	}
	missing := text.MissingFrom(page.Words)
	look.Shown = len(missing) == 0
	if look.Shown {
		return look, nil
	}
	look.Problem = fmt.Sprintf("%d of %d sentences are missing", len(missing), text.Sentences())
	if len(missing) == text.Sentences() {
		look.Problem = "nothing of the notice is on it"
		return look, nil
	}
	for _, m := range missing[:min(len(missing), shownMissing)] {
		look.Problem += fmt.Sprintf("; under %q: %q", m.Element, m.Sentence)
	}
	return look, nil
}
