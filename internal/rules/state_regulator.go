package rules

import (
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/rules/states"
)

// regulatorNotice is one filing with one agency of the State.
func regulatorNotice(l *law, g *states.Regulator) *rule {
	r := stateRule(l, "regulator."+g.ID, breach.RegulatorNotice, "Notice to "+g.Name, g.Evidence)
	r.Text = regulatorText(l, g)
	r.Parameters = append([]Parameter{{"threshold", thresholdWords(g.Threshold)}}, clockParameters(g.Due)...)
	r.withoutBreach = g.If == states.NoHarmFiling
	r.evaluate = func(m *matter) []breach.Obligation {
		s := m.in(l)
		n, what, reached := s.reached(g)
		answer := s.excuseOf(l.Excuses(*g))
		if !m.leads || answer == dutyExcused || !reached || !s.filer(g.If) {
			return nil
		}
		return s.owed(breach.Obligation{Recipient: g.Name, Count: n}, s.earliest(g.Due, m.entityDiscovery), g.Evidence, answer, m.ofEntity(what))
	}
	return r
}

// reached is the number that a filing's threshold is held against, and whether
// the filing is owed by it, or by the licensee's domicile whatever the number.
func (s *stateMatter) reached(g *states.Regulator) (n int, what string, owed bool) {
	n, what = s.toCount(g.Threshold)
	if g.Threshold.Reached(n) || g.Domicile != states.Yes || !s.domiciled() {
		return n, what, g.Threshold.Reached(n)
	}
	what = "an insurer in " + s.code
	if n > 0 {
		return n, what + ", " + people(n) + " of it", true
	}
	return s.counted.People, what, s.counted.People > 0
}

// domiciled reports whether an insurance licensee among the practices that are
// counted as one is in the State itself.
func (s *stateMatter) domiciled() bool {
	return (s.Practice.Insurer == breach.Yes && s.Practice.State == s.code) ||
		slices.ContainsFunc(s.Peers, func(p Peer) bool { return p.Insurer == breach.Yes && p.State == s.code })
}

// tooYoung reports whether a duty is younger than the version it stands in, and
// than what happened.
func (s *stateMatter) tooYoung(from civil.Date) bool {
	return from.After(s.EffectiveFrom) && s.judgedBy(s.matter).Before(from)
}

// filer reports whether a filing is owed by who the practice is and what it does.
func (s *stateMatter) filer(condition string) bool {
	switch condition {
	case "", states.Always, states.HIPAAFiler:
		return true // every practice is a covered entity
	case states.Insurer:
		return s.someInsurer(true)
	case states.NotInsurer:
		return s.someInsurer(false)
	case states.NoHarmFiling:
		return s.noHarm
	case states.DelayFiling:
		return s.lettersHeldBack()
	}
	return false // what a case folder does not tell
}

// lettersHeldBack: a law-enforcement hold keeps the letters beyond the State's own day.
func (s *stateMatter) lettersHeldBack() bool {
	day := s.earliest(s.Individuals.Due, s.entityDiscovery).due
	end, _ := HoldUntil(s.Incident.Holds, breach.CoversIndividual)
	return !day.IsZero() && end.After(day)
}

// toCount is the number that a threshold is held against, in words too. It is
// nothing while nobody of the State is concerned.
func (s *stateMatter) toCount(t states.Threshold) (n int, what string) {
	switch {
	case t.Of == states.OfAffectedResidents:
		what = fmt.Sprintf("%d affected residents of %s", s.affected, s.code)
		if s.affected == 1 {
			what = "1 affected resident of " + s.code
		}
		return s.affected, what
	case t.Of == states.OfPeople && s.entity > 0:
		return s.counted.People, fmt.Sprintf("%s in all States, %s", people(s.counted.People), s.residents(s.entity))
	}
	return s.entity, s.residents(s.entity)
}

func thresholdWords(t states.Threshold) string {
	what := "residents with personal information"
	switch t.Of {
	case states.OfAffectedResidents:
		what = "affected residents"
	case states.OfPeople:
		what = "people in all States"
	}
	if t.Op == states.Any {
		return "any number of " + what
	}
	return fmt.Sprintf("%s %d %s", t.Op, *t.N, what)
}

func regulatorText(l *law, g *states.Regulator) string {
	var w strings.Builder
	fmt.Fprintf(&w, "%s is told %s", g.Name, clocksWords(g.Due))
	switch g.Threshold.Op {
	case states.Any:
		w.WriteString(", however few residents are affected.")
	default:
		fmt.Fprintf(&w, ", when the count is %s.", thresholdWords(g.Threshold))
	}
	if words := filerWords[g.If]; words != "" {
		fmt.Fprintf(&w, " %s.", words)
	}
	if g.Domicile == states.Yes {
		w.WriteString(" A licensee domiciled in the State, for which the practice's own State is taken, files whatever the number.")
	}
	for _, part := range []struct{ name, text string }{{"Content", g.Content}, {"Form", g.Form}, {"Note", g.Note}} {
		if part.text != "" {
			fmt.Fprintf(&w, " %s: %s.", part.name, sentence(part.text))
		}
	}
	if g.If != states.NoHarmFiling {
		w.WriteString(" It is told the larger number where the lists come to more people than it was told.")
	}
	if g.If == states.NoHarmFiling && l.HIPAA.Condition == states.NoticeGiven {
		w.WriteString(" Compliance with HIPAA excuses who gives its notices, and here nobody is notified.")
		return w.String()
	}
	w.WriteString(excuseWords(l.Excuses(*g)))
	return w.String()
}

var filerWords = map[string]string{
	states.HIPAAFiler:       "For covered entities under HIPAA",
	states.NotHIPAAFiler:    "Not for covered entities under HIPAA, so no practice owes it",
	states.Insurer:          "Only for insurance licensees",
	states.NotInsurer:       "Not for insurance licensees",
	states.NoHarmFiling:     "Only by who does not notify because no harm is likely",
	states.DelayFiling:      "Only while letters are held back beyond the State's day",
	states.GovernmentEntity: "Only for public bodies, which a case folder does not tell: counsel decides",
	states.CreditBureau:     "Only for consumer reporting agencies",
	states.Vendor:           "Only for vendors on their own account",
	states.Employer:         "Only for employers' payroll data",
	states.OtherFiler:       "Only for filers that a case folder does not tell: counsel decides",
}

func excuseWords(a states.Answer) string {
	switch a {
	case states.Yes:
		return " Compliance with HIPAA excuses it."
	case states.Doubtful:
		return " The words of the HIPAA clause reach it; it is done anyway until counsel says otherwise."
	case states.Unknown:
		return " Whether compliance with HIPAA excuses it is not known; it is done until counsel says otherwise."
	}
	return ""
}
