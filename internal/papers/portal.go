package papers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// answers are one report's answers to the portal's questions.
type answers struct {
	in     WorksheetInput
	regime string
	count  int
}

// The portal's words. Types and locations are in package breach.
var (
	reportTypes = []string{"Initial Breach Report", "Addendum to Previous Report"}
	filersHIPAA = []string{
		"Covered entity that had a breach, filing for itself",
		"Business associate that had a breach, filing on behalf of a covered entity",
		"Covered entity filing because its business associate had a breach",
	}
	filersPart2 = []string{
		"Part 2 program that had a breach, filing for itself",
		"Qualified service organization that had a breach, filing on behalf of a Part 2 program",
		"Part 2 program filing because its qualified service organization had a breach",
	}
	entityTypes = []string{"Health Plan", "Healthcare Clearing House", "Healthcare Provider"}
	usages      = []string{"Home/Cell", "Work"}
	sizes       = []string{"500 or More Individuals", "Fewer Than 500 Individuals"}
	phiTypes    = []string{"Clinical", "Demographic", "Financial", "Other"}
	clinical    = []string{"Diagnosis/Conditions", "Lab Results", "Medications", "Other Treatment Information"}
	demographic = []string{"Address/ZIP", "Date of Birth", "Driver's License", "Name", "SSN", "Other Identifier"}
	financial   = []string{"Claims Information", "Credit Card/Bank Acct #", "Other Financial Information"}
	safeguards  = []string{
		"None",
		"Privacy Rule Safeguards (Training, Policies and Procedures, etc.)",
		"Security Rule Administrative Safeguards (Risk Analysis, Risk Management, etc.)",
		"Security Rule Physical Safeguards (Facility Access Controls, Workstation Security, etc.)",
		"Security Rule Technical Safeguards (Access Controls, Transmission Security, etc.)",
	}
	substitutes = []string{"No", "Yes: Fewer than 10", "Yes: 10 or more"}
	actions     = []string{
		"Adopted encryption technologies", "Created new Security Rule risk management plan",
		"Revised Security Rule risk management plan", "Enhanced HIPAA training for business associates",
		"Enhanced password requirements", "Enhanced physical security", "Implemented new technical safeguard",
		"Implemented periodic evaluations (technical and nontechnical)", offeredMonitoring,
		"Performed Security Rule risk analysis", "Revised business associate contracts",
		"Revised policies and procedures", "Sanctioned workforce members", "Trained/retrained workforce members", "Other",
	}
	yesNo = []string{"Yes", "No"}
)

const offeredMonitoring = "Offered free credit monitoring to individuals"

// maxDescription is the longest text the portal is known to take in a field.
const maxDescription = 4000

func known(id, label, kind string, allowed []string, answer ...string) field {
	f := field{ID: id, Label: label, Kind: kind, Allowed: allowed, Answer: []string{}}
	for _, a := range answer {
		if a = strings.TrimSpace(a); a != "" {
			f.Answer = append(f.Answer, a)
		}
	}
	f.NeedsPerson = len(f.Answer) == 0
	return f
}

// ifKnown is a day of the breach, which may not be known.
func ifKnown(id, label string, d civil.Date) field {
	f := known(id, label, kindDate, nil, day(d))
	if d.IsZero() {
		f.Note = "not known: enter the best estimate, and say in the description that it is one"
	}
	return f
}

// check marks an answer that is our suggestion.
func (f field) check(note string) field {
	f.NeedsPerson, f.Note = true, note
	return f
}

// also marks an answer that has another reason to be checked.
func (f field) also(note string) field {
	if f.Note != "" {
		note = f.Note + "; " + note
	}
	return f.check(note)
}

// optional marks a question that may stay empty.
func (f field) optional(note string) field {
	if len(f.Answer) == 0 {
		f.NeedsPerson, f.Note = false, note
	}
	return f
}

func day(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", int(d.Month), d.Day, d.Year)
}

// filed returns the latest report to HHS under the worksheet's regime: what comes
// after it is an addendum to that one.
func (a answers) filed() (breach.Fact, bool) {
	var latest breach.Fact
	for _, f := range a.in.Facts {
		if f.Kind == breach.HHSFiled && f.Reports(a.regime) && !f.On.Before(a.in.Discovered) && !f.On.Before(latest.On) {
			latest = f
		}
	}
	return latest, !latest.On.IsZero()
}

func (a answers) general() []field {
	report := known("G1", "Report Type: What type of breach report are you filing?", kindOne, reportTypes, reportTypes[0])
	has := known("G2", "Do you have a valid breach tracking number?", kindYes, yesNo).optional("asked for an addendum only")
	number := known("G3", "Breach Tracking Number", kindText, nil).optional("asked for an addendum only")
	if fact, ok := a.filed(); ok {
		report = known("G1", report.Label, kindOne, reportTypes, reportTypes[1])
		report.Note = "a report was filed on " + fact.On.Long()
		answer := "No"
		if fact.Reference != "" {
			answer = "Yes"
		}
		has = known("G2", has.Label, kindYes, yesNo, answer)
		number = known("G3", number.Label, kindText, nil, fact.Reference)
	}
	return []field{report, has, number}
}

func (a answers) contact() []field {
	p, entity := a.in.Practice, a.in.Incident.Entity
	filers := filersHIPAA
	if a.regime == "part2" {
		filers = filersPart2
	}
	filer, kind := filers[2], known("C3", "Type of covered entity", kindOne, entityTypes, entityTypes[2])
	switch {
	case entity.Role == breach.CoveredEntity:
		filer = filers[0]
	case p.Delegation == breach.DelegateAll:
		filer = filers[1]
	}
	if p.Insurer == breach.Yes {
		kind = known("C3", kind.Label, kindOne, entityTypes, entityTypes[0])
	} else if p.NPI == "" && p.Insurer == breach.Unknown {
		kind = kind.check("practices.csv does not say; a provider unless it is a health plan")
	}
	first, last := splitName(p.PrivacyOfficer)
	fields := []field{
		known("C1", "Who is filing", kindOne, filers, filer),
		known("C2", "Name of covered entity (no abbreviations, no acronyms)", kindText, nil, p.LegalName),
		kind,
		known("C4.1", "Street address line 1", kindText, nil, p.Address1),
		known("C4.2", "Street address line 2", kindText, nil, p.Address2).optional(""),
		known("C4.3", "City", kindText, nil, p.City),
		known("C4.4", "State", kindOne, nil, breach.StateName(p.State)),
		known("C4.5", "ZIP", kindText, nil, p.ZIP),
		suggested(known("C5.1", "Point of contact: first name", kindText, nil, first), "split from the full name"),
		suggested(known("C5.2", "Point of contact: last name", kindText, nil, last), "split from the full name"),
		known("C5.3", "Point of contact: e-mail", kindText, nil, p.Email),
		known("C5.4", "Point of contact: phone with area code", kindText, nil, p.Phone),
		known("C5.5", "Point of contact: phone usage", kindOne, usages, "Work"),
	}
	if a.regime == "part2" {
		fields[1].Label = "Name of Part 2 program (no abbreviations, no acronyms)"
	}
	if entity.Role == breach.CoveredEntity {
		return append(fields, known("C6.1", "Business associate: name", kindText, nil).optional("no business associate was involved"))
	}
	return append(fields,
		known("C6.1", "Business associate: name", kindText, nil, entity.Name),
		known("C6.2", "Business associate: address", kindText, nil, strings.Join(entity.Address, ", ")),
		known("C6.3", "Business associate: contact's first and last name", kindText, nil),
		known("C6.4", "Business associate: contact's e-mail", kindText, nil, entity.Email),
		known("C6.5", "Business associate: contact's phone", kindText, nil, entity.TollFree),
	)
}

// suggested marks an answer for checking, where there is one to check.
func suggested(f field, note string) field {
	if len(f.Answer) > 0 {
		return f.check(note)
	}
	return f
}

func splitName(full string) (first, last string) {
	full = oneLine(full)
	if i := strings.LastIndex(full, " "); i >= 0 {
		return full[:i], full[i+1:]
	}
	return "", full
}

func (a answers) breach() []field {
	i := a.in.Incident
	size := sizes[1]
	if a.count >= 500 {
		size = sizes[0]
	}
	people := known("B4", "Approximate number of individuals affected", kindInt, nil, strconv.Itoa(a.count))
	if a.count == 500 || a.count == 501 {
		people.Note = "counted, not a placeholder"
	}
	types, other := a.phi()
	fields := []field{
		known("B1", "Breach Affecting", kindOne, sizes, size),
		ifKnown("B2.1", "Breach dates: start", i.Occurred.From),
		ifKnown("B2.2", "Breach dates: end", i.Occurred.To),
		known("B3.1", "Discovery dates: start", kindDate, nil, day(a.in.Discovered)),
		known("B3.2", "Discovery dates: end", kindDate, nil, day(a.in.Discovered)),
		people,
		known("B5", "Type of breach", kindOne, breach.BreachTypes, i.BreachType),
		known("B6", "Location of breach", kindMany, breach.Locations, i.Location...),
		known("B7", "Type of protected health information involved", kindMany, phiTypes, types.kinds...),
		known("B7a", "Clinical", kindMany, clinical, types.clinical...).optional("none was involved"),
		known("B7b", "Demographic", kindMany, demographic, types.demographic...).optional("none was involved"),
		known("B7c", "Financial", kindMany, financial, types.financial...).optional("none was involved"),
	}
	if other {
		fields = append(fields, known("B7d", "Other: describe", kindText, nil))
	}
	description := a.description()
	text := known("B8", "Brief description of the breach", kindLong, nil, description)
	if n := utf8.RuneCountInString(description); n > maxDescription {
		text = text.check(fmt.Sprintf("%d characters; the portal takes about %d", n, maxDescription))
	}
	return append(fields, text,
		known("B9", "Safeguards in place prior to breach", kindMany, safeguards).check("tick what was in place"))
}

// description says what the portal's instructions ask of it: how it happened,
// where, what type and what information.
func (a answers) description() string {
	i := a.in.Incident
	parts := []string{strings.TrimSpace(i.WhatHappened)}
	if i.BreachType != "" {
		parts = append(parts, "Type of breach: "+i.BreachType+".")
	}
	if len(i.Location) > 0 {
		parts = append(parts, "Location: "+strings.Join(i.Location, ", ")+".")
	}
	var classes []breach.DataClass
	for class, n := range a.in.Tally.Classes {
		if n > 0 {
			classes = append(classes, class)
		}
	}
	if words := plainClasses(classes); words != "" {
		parts = append(parts, "Information involved: "+words+".")
	}
	return strings.Join(parts, "\n\n")
}

// phiAnswer is B7 and its lists.
type phiAnswer struct{ kinds, clinical, demographic, financial []string }

// portalPHI places each data class in the portal's lists.
var portalPHI = map[breach.DataClass]struct{ kind, label string }{
	"name": {"Demographic", "Name"}, "address": {"Demographic", "Address/ZIP"},
	"phone": {"Demographic", "Other Identifier"}, "email": {"Demographic", "Other Identifier"},
	"date_of_birth": {"Demographic", "Date of Birth"}, "ssn": {"Demographic", "SSN"},
	"tin": {"Demographic", "Other Identifier"}, "drivers_license": {"Demographic", "Driver's License"},
	"state_id": {"Demographic", "Other Identifier"}, "passport": {"Demographic", "Other Identifier"},
	"financial_account": {"Financial", "Credit Card/Bank Acct #"}, "payment_card": {"Financial", "Credit Card/Bank Acct #"},
	"account_credentials": {"Demographic", "Other Identifier"}, "biometric": {"Demographic", "Other Identifier"},
	"medical_record_number": {"Demographic", "Other Identifier"}, "photo": {"Demographic", "Other Identifier"},
	"diagnosis": {"Clinical", "Diagnosis/Conditions"}, "disability": {"Clinical", "Diagnosis/Conditions"},
	"mental_health": {"Clinical", "Diagnosis/Conditions"}, "substance_use_disorder": {"Clinical", "Diagnosis/Conditions"},
	"treatment": {"Clinical", "Other Treatment Information"}, "provider_name": {"Clinical", "Other Treatment Information"},
	"medication": {"Clinical", "Medications"}, "lab_result": {"Clinical", "Lab Results"},
	"health_insurance_id": {"Demographic", "Other Identifier"}, "claims": {"Financial", "Claims Information"},
	"other": {"Other", ""},
}

// phi answers B7 from the counted classes; other means a person must describe the rest.
func (a answers) phi() (answer phiAnswer, other bool) {
	marked := map[string]bool{}
	for class, n := range a.in.Tally.Classes {
		if n > 0 {
			place := portalPHI[class]
			marked[place.kind], marked[place.label] = true, true
		}
	}
	// "Other" is a kind here; no list has that label.
	chosen := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return !marked[s] })
	}
	return phiAnswer{chosen(phiTypes), chosen(clinical), chosen(demographic), chosen(financial)}, marked["Other"]
}

// mediaTold is the day on which all of the media of a State were told that officers listed.
func (a answers) mediaTold(state string) civil.Date {
	_, _, on := breach.MediaOf(a.in.Incident.Media, state).Told(a.in.Facts, a.in.Discovered)
	return on
}

func (a answers) notices() []field {
	i := a.in.Incident
	sent, ended := a.individualNotice()
	substitute, required := substitutes[0], "No"
	var given, toGive []string // States of media notice
	for _, o := range a.in.Obligations {
		switch {
		case o.Kind == breach.SubstituteNotice && o.Form == breach.FormConspicuous:
			substitute = substitutes[2]
		case o.Kind == breach.SubstituteNotice && o.Form == breach.FormAlternative:
			substitute = substitutes[1]
		case o.Kind == breach.MediaNotice:
			required = "Yes"
			if state := breach.StateName(o.Jurisdiction); a.mediaTold(o.Jurisdiction).IsZero() {
				toGive = append(toGive, state)
			} else {
				given = append(given, state)
			}
		}
	}
	media := known("N3.2", "States and territories where media notice was given", kindMany, nil, given...).optional("none")
	if len(toGive) > 0 {
		media = media.check("owed and not recorded as given: " + strings.Join(toGive, ", "))
	}
	var taken []string
	if i.CreditMonitoring.Provider != "" {
		taken = append(taken, offeredMonitoring)
	}
	acts := known("N4", "Actions taken in response to breach", kindMany, actions, taken...)
	return []field{
		sent, ended,
		known("N2", "Was substitute notice required?", kindOne, substitutes, substitute),
		known("N3.1", "Was media notice required?", kindYes, yesNo, required),
		media,
		acts.check("tick what was done"),
		known("N5", "Describe in detail any actions taken in addition to those selected above", kindLong, nil, i.WhatWeAreDoing),
	}
}

// individualNotice is N1 from the account: from when on people were told, and until
// when, which is a plan while anybody is untold.
func (a answers) individualNotice() (sent, ended field) {
	people, mailBy := a.in.Account, a.in.Incident.Letters.MailBy
	first, last := people.ToldFrom(""), people.ToldOn("")
	sent = known("N1.1", "Individual notice: date first sent", kindDate, nil, day(first))
	ended = known("N1.2", "Individual notice: date last sent, or projected", kindDate, nil, day(last))
	untold := people.Untold("")
	switch {
	case first.IsZero() && !mailBy.IsZero():
		const planned = "planned; not recorded as mailed"
		return known(sent.ID, sent.Label, kindDate, nil, day(mailBy)).check(planned), known(ended.ID, ended.Label, kindDate, nil, day(mailBy)).check(planned)
	case untold > 0 && !first.IsZero():
		projected := civil.Date{}
		if mailBy.After(last) {
			projected = mailBy
		}
		ended = known(ended.ID, ended.Label, kindDate, nil, day(projected)).check(fmt.Sprintf("not recorded as told yet: %s; enter the day by which they will be", thousands(untold)))
	}
	if earliest := a.firstLetters(); !first.IsZero() && !earliest.IsZero() && earliest.Before(first) {
		sent = sent.also(fmt.Sprintf("letters were also recorded as mailed on %s; check whether any was of these people", earliest.Long()))
	}
	if g := a.in.Group; g != nil && len(g.Members) > 1 {
		const own = "of this practice's own people; the report is of the whole group"
		sent, ended = sent.also(own), ended.also(own)
	}
	return sent, ended
}

// firstLetters is the first day on which anybody recorded that letters were mailed.
func (a answers) firstLetters() (first civil.Date) {
	for _, f := range a.in.Facts {
		if f.Kind == breach.LettersMailed || f.Kind == breach.PracticeMailed {
			first = civil.Earlier(first, f.On)
		}
	}
	return first
}

func (a answers) attestation() []field {
	return []field{
		known("A1.1", "Attestation (Freedom of Information Act notice): name", kindText, nil).check("the person who files attests. Breaches of 500 or more are posted publicly"),
		known("A1.2", "Attestation: date", kindDate, nil),
	}
}

func (a answers) summary() []field {
	return []field{
		known("S1", "Review, submit, print, and keep the receipt for six years", kindText, nil).check("then: record INCIDENT --practice " + a.in.Practice.Key + " --fact hhs_filed --on DATE --reference NUMBER --by WHO"),
	}
}
