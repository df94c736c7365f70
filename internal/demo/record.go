package demo

import (
	"context"
	"slices"
	"strconv"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/rules"
)

// record tells the incident what the invented people did: everything that the
// practices still owe, and nothing that none of them does.
func (p *Play) record(ctx context.Context) error {
	list, err := p.Stage.Practices(ctx, p.Incident)
	if err != nil {
		return err
	}
	today, err := p.Stage.Today()
	if err != nil {
		return err
	}
	records := NewRecords(today)
	for _, practice := range list {
		records.Add(practice)
	}
	record := func(f Fact) error {
		return p.Stage.Run(ctx, f.Words(p.Incident, today, firstOfficer)...)
	}
	for _, f := range records.Facts() {
		if err := record(f); err != nil {
			return err
		}
	}
	held, err := p.Stage.Held(ctx, p.Incident)
	if err != nil {
		return err
	}
	if len(held) > 0 {
		if err := p.Stage.Run(ctx, "status", p.Incident, "--held"); err != nil {
			return err
		}
	}
	for _, h := range held {
		records.Call(h)
	}
	if rows := records.Rows(); len(rows) > 1 {
		file, err := p.Stage.Rows("record.csv", rows)
		if err != nil {
			return err
		}
		if err := p.Stage.Run(ctx, "record", p.Incident, "--from", file, "--by", firstOfficer); err != nil {
			return err
		}
	}
	return record(Fact{Kind: breach.Acknowledged})
}

// Fact is one record that goes for every practice that owes it.
type Fact struct{ Kind, Jurisdiction string }

// Words are the command line by which an officer records it.
func (f Fact) Words(incident string, on civil.Date, who string) []string {
	words := []string{"record", incident, "--fact", f.Kind, "--on", on.String()}
	if f.Jurisdiction != "" {
		words = append(words, "--jurisdiction", f.Jurisdiction)
	}
	if f.Kind == breach.HHSFiled {
		words = append(words, "--reference", "DEMO-TRACKING-NUMBER")
	}
	return append(words, "--by", who)
}

// Records are what officers record where everything that is owed was done as is usual:
// Facts once for all practices, and Rows, a file for record --from, of what is of one
// practice each. Practices are told to it one after the other, so that nobody has to
// hold all of a large incident.
type Records struct {
	today civil.Date
	facts []Fact
	rows  [][]string
}

// NewRecords has nothing to record yet; all of it was done today.
func NewRecords(today civil.Date) *Records {
	return &Records{today: today, rows: [][]string{{"practice_key", "fact", "on", "count", "reference", "person"}}}
}

// Add takes in what a practice still owes.
func (r *Records) Add(practice casebook.PracticeStatus) {
	// Whom no letter of ours tells: the practice says that it wrote, and e-mail is sent.
	if n := practice.Account.In(account.PracticeTells); n > 0 {
		r.row(practice.Key, breach.PracticeMailed, strconv.Itoa(n), "", "")
	}
	if practice.Account.OwedEmail() > 0 {
		r.row(practice.Key, breach.EmailsSent, "", "DEMO-MAILING", "")
	}
	// A record for the outbox is not settled before the practice's workflow has heard of it.
	said := []string{}
	if practice.Notice == string(casebook.MessageRecorded) {
		said = append(said, breach.PracticeNotified)
	}
	for _, o := range practice.Obligations {
		if !o.SettledOn.IsZero() {
			continue
		}
		for _, kind := range recordsOf(o.Obligation) {
			if o.ToPractice() {
				if !slices.Contains(said, kind) {
					r.row(practice.Key, kind, "", "", "")
					said = append(said, kind)
				}
				continue
			}
			jurisdiction := ""
			switch {
			case o.Kind == breach.HHSNotice && o.Regime == breach.Part2:
				jurisdiction = breach.Part2
			case kind == breach.RegulatorNotified, kind == breach.RegulatorUpdated:
				jurisdiction = breach.AllAgencies
			}
			if f := (Fact{kind, jurisdiction}); !slices.Contains(r.facts, f) {
				r.facts = append(r.facts, f)
			}
		}
	}
}

// Call takes in somebody whose letter is held back: an officer has told them on the
// telephone.
func (r *Records) Call(held casebook.HeldLetter) {
	r.row(held.PracticeKey, breach.ToldOtherwise, "", "by telephone", held.PersonKey)
}

func (r *Records) row(practice, kind, count, reference, person string) {
	r.rows = append(r.rows, []string{practice, kind, r.today.String(), count, reference, person})
}

// Facts are those for all practices, in the order in which they follow from each other.
func (r *Records) Facts() []Fact {
	return slices.SortedStableFunc(slices.Values(r.facts), func(a, b Fact) int {
		return slices.Index(breach.FactKinds, a.Kind) - slices.Index(breach.FactKinds, b.Kind)
	})
}

// Rows are those of one practice each, below their header.
func (r *Records) Rows() [][]string { return r.rows }

// recordsOf lists what an officer records when an obligation was done as is usual:
// what notice has two parts of needs both, and of several ways the first is taken.
func recordsOf(o breach.Obligation) []string {
	kinds := rules.SettledBy(o)
	switch {
	case o.Form == breach.FormKept:
		return nil // not before its 90 days
	case o.Form == breach.FormConspicuous, len(kinds) == 0:
		return kinds
	}
	return kinds[:1]
}
