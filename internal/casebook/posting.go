package casebook

import (
	"encoding/json"
	"slices"
	"time"

	"duenotice/internal/civil"
)

// Posting is what looks at a practice's posting found so far; its zero value is that
// nobody looked. It is the one place where a look becomes a missed day.
type Posting struct {
	URL string `json:"url"`
	// Shown: the last look found all of the notice. Problem is what was amiss else.
	Shown   bool   `json:"shown"`
	Problem string `json:"problem"`
	// Since is the day of the first look that found it so, LookedOn that of the last.
	Since    civil.Date `json:"since"`
	LookedOn civil.Date `json:"looked_on"`
	// Missed are the days, in order, on which there were looks and none found it.
	Missed []civil.Date `json:"missed"`
}

// Amiss reports whether somebody has to see to it.
func (p Posting) Amiss() bool { return !p.LookedOn.IsZero() && !p.Shown }

// Look is one look at a posting, as the evidence keeps it: of the practice's notice as it
// was then, at the address.
type Look struct {
	Practice string    `json:"practice"`
	URL      string    `json:"url"`
	At       time.Time `json:"at"`
	// On is the day, where the officers are.
	On    civil.Date `json:"on"`
	Shown bool       `json:"shown"`
	// Problem is what was amiss: why there was no page, or which sentences it lacks.
	Problem string `json:"problem,omitempty"`
	// TextSHA256 is of the sentences that were looked for, PageSHA256 of the page that
	// came, "" where none did.
	TextSHA256 string `json:"text_sha256"`
	PageSHA256 string `json:"page_sha256,omitempty"`
}

// Encode writes the look in the bytes that are hashed.
func (l Look) Encode() (string, error) {
	l.At = l.At.UTC().Truncate(time.Microsecond)
	text, err := json.Marshal(l)
	return string(text), err
}

// After is what is known after one more look.
func (p Posting) After(l Look) Posting {
	next := Posting{URL: l.URL, Shown: l.Shown, Problem: l.Problem, Since: p.Since, LookedOn: l.On, Missed: slices.Clone(p.Missed)}
	if p.Since.IsZero() || p.Shown != l.Shown || p.URL != l.URL {
		next.Since = l.On
	}
	at, there := slices.BinarySearchFunc(next.Missed, l.On, civil.Date.Compare)
	switch {
	case l.Shown && there: // it was there on that day after all
		next.Missed = slices.Delete(next.Missed, at, at+1)
	case !l.Shown && !there && (p.LookedOn != l.On || !p.Shown):
		// A day on which an earlier look found it counts.
		next.Missed = slices.Insert(next.Missed, at, l.On)
	}
	return next
}

// Differs reports whether what is known now says something else of the case than before:
// another time at which nothing had changed does not.
func (p Posting) Differs(before Posting) bool {
	return p.URL != before.URL || p.Shown != before.Shown || p.Problem != before.Problem || !slices.Equal(p.Missed, before.Missed)
}

// PostingPlace is where a practice's posting is.
type PostingPlace struct {
	PracticeKey, URL string
}
