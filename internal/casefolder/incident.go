package casefolder

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
)

// maxIncident bounds incident.yaml in bytes: ten times what its longest texts
// need, and small enough for a parser that recurses.
const maxIncident = 128 << 10

// lawApplies is the first day of discovery the rule applies to (45 CFR 164.400).
var lawApplies = civil.MustParse("2009-09-23")

// The keys of incident.yaml, by section, as breach.Incident has them; a test holds the two equal.
var (
	incidentKeys = strings.Fields(`id entity occurred discovered determined scope_identified material_determined environment
		breach_type location what_happened what_we_are_doing what_you_can_do translations data_security data_security_standard
		keys_compromised exclusion exclusion_reason knowledge imminent_misuse risk_assessment law_enforcement_holds credit_monitoring letters print_run media reminders columns`)
	entityKeys     = strings.Fields("name role address toll_free email website public_company parent personal_health_records")
	spanKeys       = strings.Fields("from to")
	assessmentKeys = strings.Fields("conclusion factors")
	factorKeys     = strings.Fields("nature_of_phi unauthorized_person acquired_or_viewed mitigation")
	knowledgeKeys  = strings.Fields("who relation knew_on agent told_on")
	holdKeys       = strings.Fields("kind stated_on official agency public_authority statement until covers")
	monitoringKeys = strings.Fields("provider months enroll_url phone enroll_by")
	lettersKeys    = strings.Fields("approvers mail_by envelope languages taglines")
)

// readIncident reads incident.yaml and reports everything that is wrong with
// it. Empty values take the defaults of the contract: unsecured data, a breach
// presumed. beside is the folder that it lies in, with what it may name.
func readIncident(c *collector, src io.Reader, beside string, today civil.Date, forms envelope.Forms) (breach.Incident, error) {
	data, err := io.ReadAll(io.LimitReader(src, maxIncident+1))
	if err != nil {
		return breach.Incident{}, err
	}
	own, problems, err := readLanguages(beside)
	if err != nil {
		return breach.Incident{}, err
	}
	n := &notes{forms: forms, beside: beside, own: own}
	incident := n.incident(data, today)
	n.report(c)
	c.languages(problems)
	c.endRow()
	return incident, c.err
}

func (n *notes) incident(data []byte, today civil.Date) breach.Incident {
	for bytes.HasPrefix(data, byteOrderMark) {
		data = data[len(byteOrderMark):]
	}
	switch {
	case len(data) > maxIncident:
		n.note(0, "", ruleTooLong, "the file is larger than 131,072 bytes")
		return breach.Incident{}
	case len(bytes.TrimSpace(data)) == 0:
		n.note(0, "", ruleEmptyFile, "the file is empty")
		return breach.Incident{}
	case bytes.IndexByte(data, 0) >= 0:
		n.note(0, "", ruleNotCSV, "the file was saved as UTF-16 or is no text")
		return breach.Incident{}
	case !utf8.Valid(data):
		n.note(firstDamagedLine(data), "", ruleUTF8, "a letter is not valid UTF-8")
		return breach.Incident{}
	}
	root, ok := n.parseYAML(strings.ReplaceAll(string(data), "\r\n", "\n"))
	if !ok {
		return breach.Incident{}
	}
	s := n.section("", root, 1, incidentKeys)
	if len(n.problems) > 0 && n.problems[0].rule == ruleType {
		return breach.Incident{} // the file is no group of keys at all
	}
	return s.incident(today)
}

func firstDamagedLine(data []byte) int {
	line := 1
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		data = data[size:]
	}
	return line
}

func (s *section) incident(today civil.Date) breach.Incident {
	i := breach.Incident{
		ID: s.incidentID(), Entity: s.entity(), Occurred: s.occurred(today),
		Discovered: s.requiredDate("discovered", today), Determined: s.date("determined", today, true),
		ScopeIdentified: s.date("scope_identified", today, true), MaterialDetermined: s.date("material_determined", today, true),
		Environment: s.text("environment"), BreachType: s.word("breach_type", breach.BreachTypes), Location: s.words("location", breach.Locations),
		WhatHappened: s.letterText("what_happened"), WhatWeAreDoing: s.letterText("what_we_are_doing"), WhatYouCanDo: s.letterText("what_you_can_do"),
		Translations:         s.translations(),
		DataSecurity:         s.word("data_security", []string{breach.Unsecured, breach.Encrypted, breach.Destroyed}),
		DataSecurityStandard: s.text("data_security_standard"), KeysCompromised: breach.YesNo(s.word("keys_compromised", knowledge)),
		Exclusion: s.word("exclusion", breach.Exclusions), ExclusionReason: s.prose("exclusion_reason"),
		Knowledge: s.knowledge(today), ImminentMisuse: s.yesNo("imminent_misuse"),
		RiskAssessment: s.riskAssessment(), Holds: s.holds(today), CreditMonitoring: s.creditMonitoring(today), Letters: s.letterTerms(today), PrintRun: s.printRun(today), Media: s.media(), Reminders: s.reminders(), Columns: s.columnWords(),
	}
	i.Letters.Languages.Own = spoken(i, s.own)
	s.checkLetterTexts(i)
	s.checkLetters(i)
	s.checkTranslated(i)
	s.checkDates(i)
	s.checkKnowledge(i)
	s.checkExemptions(i)
	s.warnIncident(i)
	if i.DataSecurity == "" {
		i.DataSecurity = breach.Unsecured
	}
	if i.RiskAssessment.Conclusion == "" {
		i.RiskAssessment.Conclusion = breach.Presumed
	}
	if i.KeysCompromised == "unknown" {
		i.KeysCompromised = breach.Unknown
	}
	return i
}

func (s *section) incidentID() string {
	id := s.required("id", s.text("id"))
	if id != "" && !breach.IsIncidentID(id) {
		s.noteFix(s.lineFor("id"), "id", ruleKey, "id is not 1 to 64 letters, digits and dashes that may name a folder", "Write letters, digits and dashes, for example EX-2026-03; nothing about a patient, no dash at the start, and neither outbox nor annual-log, which are folders of their own.")
		return ""
	}
	return id
}

func (s *section) entity() breach.Entity {
	e := s.sub("entity", entityKeys)
	entity := breach.Entity{
		Name: e.required("name", e.text("name")),
		Role: e.required("role", e.word("role", []string{breach.BusinessAssociate, breach.CoveredEntity})),
		// The return address of the letters.
		Address:  e.texts("address", "[100 Example Way, Somerset, NJ 08873]"),
		TollFree: e.phone("toll_free"), Email: e.link("email"), Website: e.link("website"), PublicCompany: e.yesNo("public_company"), Parent: e.text("parent"),
		PersonalHealthRecords: e.yesNo("personal_health_records"),
	}
	if len(entity.Address) == 0 {
		e.required("address", "")
	}
	if entity.Email != "" && !breach.IsMailbox(entity.Email) {
		e.note(e.lineFor("email"), "entity.email", ruleEntityEmail, "entity.email is not one e-mail address that mail can be sent to")
	}
	return entity
}

// notKnown is what stands for a day of the breach that nobody knows.
const notKnown = "unknown"

// occurred reads the first and last day of the breach. Notices tell them "if
// known" (45 CFR 164.404(c)(1)(A)): each may be left out or unknown, and so may both.
func (s *section) occurred(today civil.Date) breach.Span {
	var span breach.Span
	if !s.saysNotKnown("occurred") {
		o := s.sub("occurred", spanKeys)
		span = breach.Span{From: o.dateIfKnown("from", today), To: o.dateIfKnown("to", today)}
		if o.refused("from") || o.refused("to") {
			return span
		}
	}
	switch {
	case span.From.IsZero() && span.To.IsZero():
		s.note(s.lineFor("occurred"), "occurred", warnOccurred, "occurred has no day, and the letters will say that it is not known")
	case span.From.IsZero():
		s.note(s.lineFor("occurred"), "occurred.from", warnOccurred, "occurred.from has no day, and the letters will say that it is not known")
	case span.To.IsZero():
		s.note(s.lineFor("occurred"), "occurred.to", warnOccurred, "occurred.to has no day, and the letters will say that it is not known")
	}
	return span
}

// saysNotKnown reports a value that is the word unknown.
func (s *section) saysNotKnown(key string) bool {
	text, ok := s.values[key].(*ast.StringNode)
	return ok && strings.EqualFold(strings.TrimSpace(text.Value), notKnown)
}

func (s *section) dateIfKnown(key string, today civil.Date) civil.Date {
	if s.saysNotKnown(key) {
		return civil.Date{}
	}
	return s.date(key, today, true)
}

func (s *section) riskAssessment() breach.RiskAssessment {
	r := s.sub("risk_assessment", assessmentKeys)
	f := r.sub("factors", factorKeys)
	return breach.RiskAssessment{
		Conclusion: r.word("conclusion", []string{breach.Presumed, breach.LowProbability}),
		Factors: breach.Factors{
			NatureOfPHI: f.prose("nature_of_phi"), UnauthorizedPerson: f.prose("unauthorized_person"),
			AcquiredOrViewed: f.prose("acquired_or_viewed"), Mitigation: f.prose("mitigation"),
		},
	}
}

func (s *section) knowledge(today civil.Date) []breach.Knowledge {
	var all []breach.Knowledge
	for i, node := range s.list("knowledge", "- {who: ..., relation: subcontractor, knew_on: 2026-03-10, agent: no, told_on: 2026-03-16}") {
		k := s.section(fmt.Sprintf("knowledge[%d]", i+1), node, lineOf(node, s.lineFor("knowledge")), knowledgeKeys)
		all = append(all, breach.Knowledge{
			Who: k.required("who", k.text("who")), Relation: k.required("relation", k.word("relation", breach.KnowledgeRelations)),
			KnewOn: k.requiredDate("knew_on", today), Agent: k.yesNo("agent"), ToldOn: k.date("told_on", today, true),
		})
	}
	return all
}

func (s *section) holds(today civil.Date) []breach.Hold {
	var holds []breach.Hold
	for i, node := range s.list("law_enforcement_holds", "- {kind: oral, stated_on: 2026-03-20, official: ..., agency: ...}") {
		h := s.section(fmt.Sprintf("law_enforcement_holds[%d]", i+1), node, lineOf(node, s.lineFor("law_enforcement_holds")), holdKeys)
		holds = append(holds, h.hold(today))
	}
	return holds
}

func (s *section) hold(today civil.Date) breach.Hold {
	h := breach.Hold{
		Kind: s.word("kind", []string{breach.OralHold, breach.WrittenHold}), StatedOn: s.date("stated_on", today, true),
		Official: s.text("official"), Agency: s.text("agency"), Statement: s.prose("statement"),
		Until: s.date("until", today, false), Covers: s.words("covers", breach.HoldScopes), PublicAuthority: s.yesNo("public_authority"),
	}
	var lacks []string
	for _, part := range []struct {
		key   string
		there bool
	}{{"kind", h.Kind != ""}, {"stated_on", !h.StatedOn.IsZero()}, {"official", h.Official != ""}, {"agency", h.Agency != ""}} {
		if !part.there && !s.refused(part.key) {
			lacks = append(lacks, part.key)
		}
	}
	path := strings.TrimSuffix(s.path, ".")
	if len(lacks) > 0 {
		s.note(s.line, path, ruleHold, path+" lacks "+strings.Join(lacks, ", "))
	}
	if !h.Until.IsZero() && h.Until.Before(h.StatedOn) {
		s.note(s.lineFor("until"), s.path+"until", ruleDateOrder, s.path+"until is before stated_on")
	}
	if h.Kind == breach.WrittenHold && h.Until.IsZero() && !s.refused("until") {
		s.note(s.line, s.path+"until", warnHoldNoEnd, s.path+"until is empty")
	}
	return h
}

func (s *section) creditMonitoring(today civil.Date) breach.CreditMonitoring {
	m := s.sub("credit_monitoring", monitoringKeys)
	return breach.CreditMonitoring{Provider: m.text("provider"), Months: m.number("months", 1, 120), EnrollURL: m.link("enroll_url"), Phone: m.phone("phone"), EnrollBy: m.date("enroll_by", today, false)}
}

func (s *section) letterTerms(today civil.Date) breach.LetterTerms {
	l := s.sub("letters", lettersKeys)
	return breach.LetterTerms{Approvers: l.number("approvers", 1, 2), MailBy: l.date("mail_by", today, false), Envelope: l.envelope(), Languages: l.languageTerms(), Taglines: l.taglines()}
}

// envelope reads the name of the form that the letters are set for. Where nothing is
// chosen, the standard form stays unsaid: an incident is then what it always was.
func (s *section) envelope() envelope.Form {
	name := s.text("envelope")
	form, there := s.forms.Named(name)
	switch {
	case !there:
		s.noteFix(s.lineFor("envelope"), s.path+"envelope", ruleEnvelope, "letters.envelope names no form of envelope that is known",
			"Write one of "+strings.Join(s.forms.Names(), ", ")+"; forms of your own come from the file of DUENOTICE_ENVELOPES (docs/envelopes.md).")
		return envelope.Form{}
	case name == "" && form == envelope.Form{}.OrStandard():
		return envelope.Form{}
	}
	return form
}

// maxReminders and the longest time to one bound what nobody would read any more.
const (
	maxReminders    = 12
	lastReminderDay = 365
)

// reminders reads the days after its notice on which a silent practice is reminded.
// A list without days is a decision, and no list is none.
func (s *section) reminders() []int {
	const form = "[5, 12, 20]"
	items := s.list("reminders", form)
	if items == nil {
		if _, ok := s.values["reminders"].(*ast.SequenceNode); !ok {
			return nil
		}
	}
	days := make([]int, 0, len(items))
	for i, node := range items {
		path, line := fmt.Sprintf("reminders[%d]", i+1), lineOf(node, s.lineFor("reminders"))
		text, ok := s.scalar(node, path, line)
		if !ok {
			continue
		}
		day, err := strconv.Atoi(text)
		switch {
		case err != nil || !isNumber(text) || day < 1 || day > lastReminderDay:
			s.noteFix(line, path, ruleType, path+" is not a number of days from 1 to 365", "Write days after the notice, in order: "+form+".")
		case len(days) > 0 && day <= days[len(days)-1]:
			s.noteFix(line, path, ruleDateOrder, path+" is not after the day before it", "Write the days in order, each once: "+form+".")
		case len(days) == maxReminders:
			s.noteFix(line, path, ruleTooLong, "reminders has more than 12 days", "Leave out those that nobody needs.")
			return days
		default:
			days = append(days, day)
		}
	}
	return days
}
