package casefolder

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zones of the world, where the machine has none

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// practiceList is practices.csv as it was read.
type practiceList struct {
	// practices are the rows with a usable key, refused or not.
	practices []breach.Practice
	line      map[string]int // by key
	lowered   map[string]string
	// Of a corrected list: the practices there are, and which columns it has.
	known  map[string]bool
	header *header
}

// readPractices reads practices.csv. discovered is zero when the incident
// could not be read. known is false when the file's keys could not be read, so
// that no row of the findings can be held against them.
func readPractices(ctx context.Context, c *collector, src io.Reader, names headerNames, discovered, today civil.Date) (list []breach.Practice, known bool, err error) {
	pl := &practiceList{line: map[string]int{}, lowered: map[string]string{}}
	var h *header
	rows, readable, err := checkRows(ctx, c, src, practiceColumns, names, pKey, func(found *header) { h = found }, func(r *row) error {
		pl.read(cells{c, r, practiceColumns, today}, discovered)
		return nil
	})
	if err != nil || !readable {
		return nil, false, err
	}
	if rows == 0 {
		c.startRow(0)
		c.problem(ruleNoRows, "", "there is no practice in the list")
	}
	slices.SortFunc(pl.practices, func(a, b breach.Practice) int { return strings.Compare(a.Key, b.Key) })
	return pl.practices, h.fieldOf[pKey] >= 0, c.err
}

func (pl *practiceList) read(r cells, discovered civil.Date) {
	text := func(col int) string { return nfc(r.row.cells[col]) }
	p := breach.Practice{
		LegalName: text(pLegalName), DBA: text(pDBA), Address1: text(pAddress1), Address2: text(pAddress2), City: text(pCity),
		State: r.state(pState, true), ZIP: text(pZIP), PrivacyOfficer: text(pPrivacyOfficer),
		Phone: text(pPhone), TollFree: text(pTollFree), Website: text(pWebsite),
		NPI: r.npi(), Email: r.practiceEmail(pEmail), SecondEmail: r.practiceEmail(pSecondEmail), BAANoticeDays: r.baaNoticeDays(),
		Agent: breach.YesNo(r.word(pAgent, yesNo)), Delegation: r.word(pDelegation, breach.Delegations),
		DefaultDelegation: r.word(pDefaultDelegation, breach.Delegations), DefaultDays: r.days(pDefaultDays),
		NotifiedOn:   r.pastDate(pNotifiedOn),
		Part2Program: breach.YesNo(r.word(pPart2Program, yesNo)), CALicensedFacility: breach.YesNo(r.word(pCALicensedFacility, yesNo)),
		NYGeneralHospital: breach.YesNo(r.word(pNYGeneralHospital, yesNo)),
		Insurer:           breach.YesNo(r.word(pInsurer, yesNo)), FederalPlan: breach.YesNo(r.word(pFederalPlan, yesNo)),
		Ownership: r.word(pOwnership, breach.OwnershipAnswers), Timezone: r.timezone(),
	}
	for _, col := range []int{pLegalName, pDBA, pPrivacyOfficer, pPhone, pTollFree, pWebsite} {
		if r.row.fine(col) && saysNothing(r.row.cells[col]) {
			r.c.problem(ruleSaysNothing, practiceColumns[col].name, practiceColumns[col].name+" is a word that stands for nothing")
		}
	}
	p.CountingEntity, _ = r.key(pCountingEntity)
	r.checkSilence(&p)
	key, ok := r.key(pKey)
	if ok {
		pl.enter(r, &p, key)
	}
	checkPrintable(r)
	if pl.header == nil { // of a correction it is not news what the practice lacks
		warnPractice(r, &p, discovered)
	}
}

// enter adds the practice under its key unless another row has it.
func (pl *practiceList) enter(r cells, p *breach.Practice, key string) {
	if line, twice := pl.line[key]; twice {
		r.c.problem(ruleTwicePractice, "practice_key", fmt.Sprintf("practice_key %s is on line %d already", key, line))
		return
	}
	if pl.known != nil && !pl.known[key] {
		r.c.problem(ruleNewPractice, "practice_key", fmt.Sprintf("the incident has no practice %s", key))
		return
	}
	p.Key = key
	pl.line[key] = r.row.line
	pl.practices = append(pl.practices, *p)
	lower := strings.ToLower(key)
	if other, near := pl.lowered[lower]; near {
		r.c.problem(ruleKeyCase, "practice_key", fmt.Sprintf("practice_key %s differs only in capitals from %s on line %d", key, other, pl.line[other]))
		return
	}
	pl.lowered[lower] = key
}

func (r cells) npi() string {
	if !r.row.fine(pNPI) {
		return ""
	}
	npi := r.row.cells[pNPI]
	if breach.IsNPI(npi) {
		return npi
	}
	// Only ten digits are repeated: nine may be somebody's Social Security number.
	if len(npi) != 10 || !isNumber(npi) {
		r.c.problem(ruleNPI, "npi", "npi is not ten digits")
		return ""
	}
	r.c.problem(ruleNPI, "npi", fmt.Sprintf("npi %s has a wrong check digit (%s would pass)", npi, rightNPI(npi)))
	return ""
}

// rightNPI is the number with the check digit that fits its first nine digits.
func rightNPI(npi string) string {
	for d := byte('0'); d <= '9'; d++ {
		if try := npi[:9] + string(d); breach.IsNPI(try) {
			return try
		}
	}
	return ""
}

func (r cells) practiceEmail(col int) string {
	if !r.row.fine(col) {
		return ""
	}
	name := practiceColumns[col].name
	if !breach.IsMailbox(r.row.cells[col]) {
		r.c.problem(rulePracticeEmail, name, name+" is not one e-mail address that mail can be sent to")
		return ""
	}
	if breach.IsUnreadMailbox(r.row.cells[col]) {
		r.c.problem(warnUnreadEmail, name, name+" looks like an address that nobody reads")
	}
	return r.row.cells[col]
}

// checkSilence holds what is said of a practice that does not answer against itself:
// half of it decides nothing, and a code in the same mailbox as its link protects nobody.
func (r cells) checkSilence(p *breach.Practice) {
	empty := func(col int) bool { return r.row.cells[col] == "" }
	if empty(pDefaultDelegation) != empty(pDefaultDays) {
		r.c.problem(ruleHalfDefault, practiceColumns[pDefaultDelegation].name, "default_delegation and default_days are not both given")
	}
	if p.SecondEmail != "" && strings.EqualFold(p.SecondEmail, p.Email) {
		r.c.problem(ruleSameEmail, practiceColumns[pSecondEmail].name, "second_email is the same as email")
	}
}

// days reads a number of calendar days.
func (r cells) days(col int) int {
	if !r.row.fine(col) {
		return 0
	}
	s := r.row.cells[col]
	days, err := strconv.Atoi(s)
	if err != nil || !isNumber(s) || days < 1 || days > 9999 {
		name := practiceColumns[col].name
		r.c.problem(ruleBAADays, name, name+" is not a whole number of days from 1 on")
		return 0
	}
	return days
}

func (r cells) baaNoticeDays() int {
	days := r.days(pBAANoticeDays)
	if days > breach.NoticeDays {
		r.c.problem(warnLongWindow, "baa_notice_days", fmt.Sprintf("baa_notice_days is more than %d, the law's limit", breach.NoticeDays))
	}
	return days
}

func (r cells) timezone() string {
	if !r.row.fine(pTimezone) {
		return ""
	}
	zone := r.row.cells[pTimezone]
	// "Local" is this machine's zone, on which nothing may depend.
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" {
		r.c.problem(ruleTimezone, "timezone", "timezone is not an IANA time zone")
		return ""
	}
	return zone
}

// warnPractice says what an officer will miss later. A cell that was refused is not also missed.
func warnPractice(r cells, p *breach.Practice, discovered civil.Date) {
	empty := func(col int) bool { return r.row.cells[col] == "" }
	noPlace := func(col int) bool { return breach.SaysNoPlace(r.row.cells[col]) }
	warn := func(rule string, col int, message string) { r.c.problem(rule, practiceColumns[col].name, message) }
	if empty(pEmail) && (noPlace(pAddress1) || noPlace(pCity)) {
		warn(warnNoContact, pEmail, "neither an e-mail address nor a postal address is given")
	}
	if empty(pPrivacyOfficer) {
		warn(warnNoOfficer, pPrivacyOfficer, "privacy_officer is empty")
	}
	if empty(pBAANoticeDays) {
		warn(warnNoWindow, pBAANoticeDays, "baa_notice_days is empty")
	}
	if empty(pAgent) {
		warn(warnAgent, pAgent, "agent is not answered and counts as yes")
	}
	if empty(pDelegation) {
		warn(warnDelegation, pDelegation, "delegation is not answered")
	}
	if !p.NotifiedOn.IsZero() && !discovered.IsZero() && p.NotifiedOn.Before(discovered) {
		warn(warnNotified, pNotifiedOn, "notified_on is before the incident's discovered")
	}
	r.checkZIP(pZIP, p.State)
	switch {
	case r.row.isBad(pZIP):
	case lostZero(p.ZIP):
		warn(warnZIP, pZIP, "the ZIP lost its leading zero")
	case !empty(pAddress1) && (noPlace(pAddress1) || noPlace(pCity) || empty(pState) || !breach.IsZIP(p.ZIP)):
		warn(warnPracticeAddress, pAddress1, "the postal address lacks its street, its city, its State or a ZIP of five or nine digits")
	}
}
