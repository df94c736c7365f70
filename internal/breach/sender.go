package breach

import (
	"slices"
	"strings"
)

// dutiesTold are the duties that each kind of fact says were done, where whoever did
// them is not in the fact's own name: letters of ours and of the practice are two facts.
var dutiesTold = map[string]string{
	HHSFiled: HHSNotice, HHSAddendum: HHSNotice, MediaSent: MediaNotice, RegulatorNotified: RegulatorNotice, RegulatorUpdated: RegulatorNotice,
	CRANotified: CRANotice,
}

// HasSender reports whether the fact says that somebody told HHS, the media, an agency
// of a State or the consumer reporting agencies: one of two can have done that, and
// Sender says which.
func (f Fact) HasSender() bool { return dutiesTold[f.Kind] != "" }

// SameDuty reports whether two facts with a sender are about one duty: of HHS one for
// each regime, of the others one for each State or agency. One that names no State is
// about all of them.
func (f Fact) SameDuty(g Fact) bool {
	duty := dutiesTold[f.Kind]
	switch {
	case duty == "" || duty != dutiesTold[g.Kind]:
		return false
	case duty == HHSNotice:
		return f.Reports(Part2) == g.Reports(Part2)
	case ofAll(f.Jurisdiction) || ofAll(g.Jurisdiction):
		return true
	}
	return slices.ContainsFunc(EachAgency(f.Jurisdiction), func(one string) bool {
		return slices.ContainsFunc(EachAgency(g.Jurisdiction), func(other string) bool {
			return one == other || strings.HasPrefix(one, other+":") || strings.HasPrefix(other, one+":")
		})
	})
}

func ofAll(jurisdiction string) bool { return jurisdiction == "" || jurisdiction == AllAgencies }

// SameFiling reports whether two facts are the same thing done, whoever is said to have
// done it.
func (f Fact) SameFiling(g Fact) bool {
	return f.Kind == g.Kind && f.Jurisdiction == g.Jurisdiction && f.On == g.On && f.Reference == g.Reference
}

// ToldBy is who did what the fact is about, as far as is recorded, "" where it is not:
// nobody did, or what was recorded for the whole incident names no sender.
func (fs Facts) ToldBy(fact Fact) string {
	by := ""
	for _, f := range fs {
		if f.Sender != "" && f.SameDuty(fact) {
			by = f.Sender
		}
	}
	return by
}

// SenderOf is who carries out the duty that a fact with a sender is about: ByUs,
// ByPractice or Undecided. Whoever has told somebody tells them the rest too, a final
// number for example; of what nobody has told it is as the practice has answered. It is
// the one place that decides whose such a record is.
func (e Entity) SenderOf(fact Fact, p Practice, facts Facts) string {
	if by := facts.ToldBy(fact); by != "" {
		return by
	}
	return Obligation{Kind: dutiesTold[fact.Kind]}.CarriedOutBy(e.Delegated(p))
}

// TakesBack is the fact by which we told somebody for a practice who, by another answer,
// would be the practice's to tell; ok is false where there is none. A record for the
// whole incident names no sender and was ours for whoever had left it to us.
func (e Entity) TakesBack(delegation string, p Practice, facts Facts) (told Fact, ok bool) {
	later := p
	later.Delegation = delegation
	for _, f := range facts {
		duty := Obligation{Kind: dutiesTold[f.Kind]}
		ours := f.Sender == ByUs || f.Sender == "" && duty.CarriedOutBy(e.Delegated(p)) == ByUs
		if f.HasSender() && ours && duty.CarriedOutBy(e.Delegated(later)) == ByPractice {
			return f, true
		}
	}
	return Fact{}, false
}
