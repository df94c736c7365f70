package demo

import (
	"context"
	"slices"
	"strconv"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
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
	type fact struct{ kind, jurisdiction string }
	// What is of one practice each goes into one file, and is recorded with one command.
	rows := [][]string{{"practice_key", "fact", "on", "count", "reference", "person"}}
	ofPractice := func(practice, kind, count, reference, person string) {
		rows = append(rows, []string{practice, kind, today.String(), count, reference, person})
	}
	var facts []fact
	owed := func(f fact) {
		if !slices.Contains(facts, f) {
			facts = append(facts, f)
		}
	}
	record := func(f fact) error {
		words := []string{"record", p.Incident, "--fact", f.kind, "--on", today.String()}
		if f.jurisdiction != "" {
			words = append(words, "--jurisdiction", f.jurisdiction)
		}
		if f.kind == breach.HHSFiled {
			words = append(words, "--reference", "DEMO-TRACKING-NUMBER")
		}
		return p.Stage.Run(ctx, append(words, "--by", firstOfficer)...)
	}
	for _, practice := range list {
		// Whom no letter of ours tells: the practice says that it wrote, and e-mail is sent.
		if n := practice.Account.In(account.PracticeTells); n > 0 {
			ofPractice(practice.Key, breach.PracticeMailed, strconv.Itoa(n), "", "")
		}
		if practice.Account.OwedEmail() > 0 {
			ofPractice(practice.Key, breach.EmailsSent, "", "DEMO-MAILING", "")
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
					if slices.Contains(said, kind) {
						continue
					}
					ofPractice(practice.Key, kind, "", "", "")
					said = append(said, kind)
					continue
				}
				jurisdiction := ""
				switch {
				case o.Kind == breach.HHSNotice && o.Regime == breach.Part2:
					jurisdiction = breach.Part2
				case kind == breach.RegulatorNotified, kind == breach.RegulatorUpdated:
					jurisdiction = breach.AllAgencies
				}
				owed(fact{kind, jurisdiction})
			}
		}
	}
	slices.SortStableFunc(facts, func(a, b fact) int {
		return slices.Index(breach.FactKinds, a.kind) - slices.Index(breach.FactKinds, b.kind)
	})
	for _, f := range facts {
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
		// An officer has told them on the telephone.
		ofPractice(h.PracticeKey, breach.ToldOtherwise, "", "by telephone", h.PersonKey)
	}
	if len(rows) > 1 {
		file, err := p.Stage.Rows("record.csv", rows)
		if err != nil {
			return err
		}
		if err := p.Stage.Run(ctx, "record", p.Incident, "--from", file, "--by", firstOfficer); err != nil {
			return err
		}
	}
	return record(fact{kind: breach.Acknowledged})
}

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
