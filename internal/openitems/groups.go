package openitems

import (
	"cmp"
	"slices"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// Group is how many things of a kind wait for somebody, over all of an incident.
type Group struct {
	// Whom is one of Whoms, Kind one of the kinds of Item, What says it in words.
	Whom, Kind, What string
	// Phase is the phase of practices that wait in a step, "" in other groups.
	Phase casebook.Phase
	// Count is how many there are, Late how many of them are late, Due the first of
	// their days, zero where none has one.
	Count, Late int
	Due         civil.Date
}

// add puts as many more into the group.
func (g *Group) add(count, late int, due civil.Date) {
	g.Count, g.Late, g.Due = g.Count+count, g.Late+late, civil.Earlier(g.Due, due)
}

// Groups counts what In lists over all practices of an incident, by for whom it waits
// and what it is, from what the board counts. Letters that are held back are counted, and of practices whose account does not add up the first twenty.
func Groups(b casebook.Board) []Group {
	incident, status := b.Incident, b.Status
	var groups []Group
	of := func(whom, kind, what string) *Group {
		for i := range groups {
			if groups[i].Whom == whom && groups[i].Kind == kind && groups[i].What == what {
				return &groups[i]
			}
		}
		groups = append(groups, Group{Whom: whom, Kind: kind, What: what})
		return &groups[len(groups)-1]
	}
	for _, c := range status.Phases {
		if whom, is := stepWaits[c.Phase]; is {
			step := of(whom, Step, string(c.Phase))
			step.Phase = c.Phase
			step.add(c.Practices, c.Late, c.OldestDue)
		}
	}
	for _, c := range b.Duties {
		o := c.Obligation
		what, waits := noticeWaits(c.Notice, incident.NoticesKeptBack)
		waits = waits && o.FirstToPractice() && c.NoticeOwed
		switch {
		case waits && o.Kind == breach.CoveredEntityNotice:
			of(ForOfficer, Notice, what).add(c.Duties, c.Late, c.Due)
		case waits: // the notice is the item
		case o.FirstToPractice() && c.Late > 0:
			of(ForOfficer, Duty, dutyWords(o)).add(c.Late, c.Late, c.Due)
		case !o.FirstToPractice() && (!c.Due.IsZero() || o.NoSetDay()):
			of(whose(incident.Incident.Entity, c.Delegation, o), Duty, dutyWords(o)).add(c.Duties, c.Late, c.Due)
		}
	}
	for _, c := range b.Calls {
		kind, what := Page, "page "+c.What+": call the practice"
		if c.Write {
			kind, what = Post, c.What+": write to the practice by post, or correct its address"
		}
		of(ForOfficer, kind, what).add(c.Practices, c.Late, c.Due)
	}
	for _, p := range b.Posted {
		if postWaits(p) {
			of(ForOfficer, Post, "batches of letters to practices printed and not recorded as mailed").add(1, 0, civil.Date{})
		}
	}
	if b.PostingsAmiss > 0 {
		of(ForOfficer, Duty, postingAmiss).add(b.PostingsAmiss, 0, civil.Date{})
	}
	if b.Disputing > 0 {
		of(ForOfficer, Dispute, "people of whom their practice says that they are not its patients").add(b.Disputing, 0, civil.Date{})
	}
	held := status.Account.Lines.Sum(func(line account.Line) bool {
		return line.State == account.Held && line.Why != string(breach.HeldDisputed)
	})
	if held > 0 {
		of(ForOfficer, Letter, "letters held back").add(held, 0, civil.Date{})
	}
	if len(status.Halted) > 0 {
		of(ForOfficer, Letter, "printing has paused at the halt line").add(1, 0, civil.Date{})
	}
	for _, r := range status.Recalls {
		if r.Asks() {
			of(ForOfficer, Letter, "recalls of mailed letters of which nobody said whether they were a disclosure").add(1, 0, civil.Date{})
		}
	}
	if wrong := len(status.Account.DoNotAddUp); wrong > 0 {
		of(ForOperator, Account, "the account of their people does not add up").add(wrong, 0, civil.Date{})
	}
	if n := len(status.Troubles); n > 0 {
		of(ForOperator, Trouble, "what the program could not do").add(n, 0, civil.Date{})
	}
	slices.SortStableFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(slices.Index(Whoms, a.Whom), slices.Index(Whoms, b.Whom)), ByDay(a.Due, b.Due))
	})
	return groups
}

// dutyWords are the title of duties of a kind, to whichever agency and of whichever State.
func dutyWords(o breach.Obligation) string {
	if o.Form == breach.FormUpdate && o.ToPractice() {
		o.Recipient = "the practice"
	} else {
		o.Recipient = "agencies"
	}
	o.Jurisdiction = ""
	return o.Title()
}
