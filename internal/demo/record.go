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
	if err := p.sendOutbox(ctx); err != nil {
		return err
	}
	list, err := p.Stage.Practices(ctx, p.Incident)
	if err != nil {
		return err
	}
	today, err := p.Stage.Today()
	if err != nil {
		return err
	}
	type fact struct{ kind, jurisdiction string }
	var facts []fact
	owed := func(f fact) {
		if !slices.Contains(facts, f) {
			facts = append(facts, f)
		}
	}
	record := func(f fact, more ...string) error {
		words := append([]string{"record", p.Incident, "--fact", f.kind, "--on", today.String()}, more...)
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
			if err := record(fact{kind: breach.PracticeMailed}, "--practice", practice.Key, "--count", strconv.Itoa(n)); err != nil {
				return err
			}
		}
		if practice.Account.OwedEmail() > 0 {
			if err := record(fact{kind: breach.EmailsSent}, "--practice", practice.Key, "--reference", "DEMO-MAILING"); err != nil {
				return err
			}
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
					if err := record(fact{kind: kind}, "--practice", practice.Key); err != nil {
						return err
					}
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
	if err := p.callHeld(ctx, today); err != nil {
		return err
	}
	return record(fact{kind: breach.Acknowledged})
}

// callHeld looks whose letters are held back, and plays the officer who tells each
// of them by telephone.
func (p *Play) callHeld(ctx context.Context, today civil.Date) error {
	held, err := p.Stage.Held(ctx, p.Incident)
	if err != nil || len(held) == 0 {
		return err
	}
	if err := p.Stage.Run(ctx, "status", p.Incident, "--held"); err != nil {
		return err
	}
	for _, h := range held {
		if err := p.Stage.Run(ctx, "record", p.Incident, "--practice", h.PracticeKey, "--person", h.PersonKey, "--fact", breach.ToldOtherwise,
			"--on", today.String(), "--reference", "by telephone", "--by", firstOfficer); err != nil {
			return err
		}
	}
	return nil
}

// sendOutbox plays the officer who sends the notices that lie in the outbox, and
// says so of all of them.
func (p *Play) sendOutbox(ctx context.Context) error {
	today, err := p.Stage.Today()
	if err != nil {
		return err
	}
	return p.Stage.Run(ctx, "record", p.Incident, "--outbox", "--fact", breach.PracticeNotified, "--on", today.String(), "--by", firstOfficer)
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
