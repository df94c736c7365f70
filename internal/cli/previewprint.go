package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

// previewDocument is preview --json.
type previewDocument struct {
	Incident string `json:"incident"`
	Practice string `json:"practice,omitempty"`
	// SHA256 is the fingerprint of what an approval of it would be bound to.
	SHA256    string                    `json:"sha256"`
	DatedOn   civil.Date                `json:"dated_on"`
	Practices int                       `json:"practices"`
	People    int                       `json:"people"`
	NoAddress int                       `json:"no_usable_address"`
	Held      map[breach.HeldReason]int `json:"held"`
	Proof     string                    `json:"proof"`
	Variants  []previewVariant          `json:"variants"`
}

type previewVariant struct {
	Key string `json:"variant"`
	breach.Variant
	Reasons   []string `json:"reasons"`
	People    int      `json:"people"`
	Practices int      `json:"practices"`
	// Example is the key of a practice with such people.
	Example string         `json:"example"`
	Pages   int            `json:"pages"`
	Words   int            `json:"words"`
	Grade   float64        `json:"grade,omitempty"`
	Failed  []papers.Check `json:"failed,omitempty"`

	hard bool
}

func documentOf(in papers.ProofInput, practice, at string, measured []papers.Measured) previewDocument {
	d := previewDocument{
		Incident: in.Incident.ID, Practice: practice, SHA256: in.SHA256, DatedOn: in.DatedOn, Practices: in.Practices,
		NoAddress: in.NoAddress, Held: in.Held, Proof: at, Variants: make([]previewVariant, len(in.Variants)),
	}
	for i, v := range in.Variants {
		m := measured[i]
		d.People += v.People
		d.Variants[i] = previewVariant{
			Key: v.Key(), Variant: v.Variant, Reasons: v.Reasons(), People: v.People, Practices: v.Practices, Example: v.Example.Key,
			Pages: m.Pages, Words: m.Words, Grade: m.Grade, Failed: m.Failed, hard: m.Hard(),
		}
	}
	return d
}

// table has a row for each variant, in the order of the proof's letters.
func (d previewDocument) table(p *program) *table {
	t := p.table("LETTER", "READ BY", "LANGUAGE", "STATE", "OFFER", "CODE", "INFORMATION", "PEOPLE", "PRACTICES", "PAGES", "GRADE", "VARIANT").
		leaveOut("VARIANT", "CODE", "LANGUAGE", "PRACTICES", "PAGES")
	for i, v := range d.Variants {
		reader, code, classes := v.Voice.Words(), "", make([]string, 0, 8)
		if v.ActsForSelf {
			reader += ", who acts for themselves"
		}
		if v.Coded {
			code = "yes"
		}
		for _, c := range v.Classes.Classes() {
			classes = append(classes, string(c))
		}
		grade := ""
		if v.Grade > 0 {
			grade = fmt.Sprintf("%.1f", v.Grade)
		}
		t.row(fmt.Sprintf("PROOF-%d", i+1), reader, v.Language, v.State, string(v.Offer), code, strings.Join(classes, " "), v.People, v.Practices, v.Pages, grade, v.Key)
	}
	return t
}

// mostShown is how many variants a terminal is given; the proof and --csv have all.
const mostShown = 40

func (d previewDocument) print(p *program) {
	p.say("%s: %s, %s, in %s. Dated %s. Fingerprint %.*s.", firstSet(d.Practice, d.Incident), count(d.Practices, "practice", "practices"),
		count(d.People, "person gets a letter", "people get a letter"), count(len(d.Variants), "variant", "variants"), d.DatedOn, leastFingerprint, d.SHA256)
	shown := d
	shown.Variants = d.Variants[:min(mostShown, len(d.Variants))]
	if len(shown.Variants) > 0 {
		p.say("")
		shown.table(p).print()
	}
	if more := len(d.Variants) - len(shown.Variants); more > 0 {
		p.say("and %s of fewer people each, which the proof and --csv have", count(more, "variant", "variants"))
	}
	if d.NoAddress > 0 {
		p.say("%s no letter: there is no address that one can go to.", count(d.NoAddress, "person gets", "people get"))
	}
	for _, why := range slices.Sorted(maps.Keys(d.Held)) {
		p.say("%s held back: %s.", count(d.Held[why], "letter will be", "letters will be"), why.Words())
	}
	d.printMeasured(p)
}

// printMeasured says which letters are hard to read, and which lack something.
func (d previewDocument) printMeasured(p *program) {
	hard, hardest := 0, 0.0
	for i, v := range d.Variants {
		if v.hard {
			hard, hardest = hard+1, max(hardest, v.Grade)
		}
		if len(v.Failed) > 0 {
			p.note("PROOF-%d does not say what it must (%s): it would be held back when it is printed.", i+1, strings.Join(stringsOf(v.Failed), ", "))
		}
	}
	if hard > 0 {
		p.note("%s reading grade %.0f or more, %.1f at most: shorter sentences in what_happened, what_we_are_doing and what_you_can_do help.",
			count(hard, "variant has", "variants have"), papers.MostGrade, hardest)
	}
}

func stringsOf(checks []papers.Check) []string {
	words := make([]string, len(checks))
	for i, c := range checks {
		words[i] = string(c)
	}
	return words
}
