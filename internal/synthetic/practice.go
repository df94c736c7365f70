package synthetic

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"duenotice/internal/breach"
)

// practiceColumns are the columns of practices.csv in the contract's order.
var practiceColumns = []string{
	"practice_key", "npi", "legal_name", "dba", "address1", "address2", "city", "state", "zip", "privacy_officer",
	"email", "phone", "toll_free", "website", "baa_notice_days", "agent", "delegation", "notified_on",
	"counting_entity", "part2_program", "ca_licensed_facility", "insurer", "timezone", "second_email",
}

// clinic is an invented practice's name.
type clinic struct{ name, kind, legalForm string }

// clinicOf returns the name of the index-th practice. Stepping through all
// combinations with a multiplier that has no factor in common with their
// number meets each once, and neighbours look different. A kind that is given
// takes the place of the one met.
func clinicOf(index int, kind string) clinic {
	const step, start = 70_881, 4_711
	n := (index*step + start) % (len(firstWords) * len(secondWords) * len(clinicKinds) * len(legalForms))
	word := func(from []string) string {
		w := from[n%len(from)]
		n /= len(from)
		return w
	}
	second, first, clinicKind, form := word(secondWords), word(firstWords), word(clinicKinds), word(legalForms)
	if kind != "" {
		// A form of its own, or it could have another practice's name.
		clinicKind, form = kind, ", Ltd."
	}
	return clinic{name: first + " " + second + " " + clinicKind, kind: clinicKind, legalForm: form}
}

// npi returns a National Provider Identifier with a right check digit (45 CFR
// 162.406: Luhn over the number prefixed with 80840), from the range 2000,
// in which none has been issued.
func npi(index int) string {
	digits := fmt.Sprintf("2000%05d", index)
	sum := 24 // what the prefix adds
	for i, c := range digits {
		d := int(c - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return digits + strconv.Itoa((10-sum%10)%10)
}

// contractWindows are contract days for telling the practice; 0 is none.
var contractWindows = []int{0, 60, 30, 15, 10, 0, 45, 20}

// Every so many practices one has a trait; the offsets keep the traits of a
// small folder on different practices. A folder of 20 practices has them all.
const (
	tradeNameEvery, tradeNameOffset = 2, 1
	tollFreeEvery, tollFreeOffset   = 3, 0
	websiteEvery, websiteOffset     = 5, 4
	notAgentEvery, notAgentOffset   = 7, 3
	askAgentEvery, askAgentOffset   = 11, 5
	noEmailEvery, noEmailOffset     = 90, 14
	noNPIEvery, noNPIOffset         = 120, 19
	insurerEvery, insurerOffset     = 160, 17
	notifiedIndex                   = 15
)

// row makes the practice's row of practices.csv.
func (p *plan) row(q *practice, r *random) breach.Practice {
	r.at(streamPractice, q.index)
	every := func(n, offset int) bool { return q.index%n == offset }
	where := pick(r, q.place.cities)
	slug := strings.NewReplacer(" ", "-", "'", "").Replace(strings.ToLower(q.clinic.name))
	row := breach.Practice{
		Key:                q.key(),
		NPI:                npi(q.index),
		LegalName:          q.clinic.name + q.clinic.legalForm,
		Address1:           p.street(r, q.place.state),
		City:               where.name,
		State:              q.place.state,
		ZIP:                zip(r, where),
		PrivacyOfficer:     officer(r),
		Email:              "privacy@" + slug + ".example.org",
		Phone:              phone(r, q.place),
		Agent:              breach.Yes,
		Delegation:         q.delegation,
		BAANoticeDays:      contractWindows[q.index%len(contractWindows)],
		Part2Program:       breach.No,
		CALicensedFacility: breach.No,
		Insurer:            breach.No,
		Timezone:           cityZones[where.name],
	}
	if every(tradeNameEvery, tradeNameOffset) {
		row.DBA = q.clinic.name
	}
	if r.oneIn(3) {
		row.Address2 = "Suite " + strconv.Itoa(100+r.IntN(400))
	}
	if every(tollFreeEvery, tollFreeOffset) {
		row.TollFree = fmt.Sprintf("1-800-555-01%02d", 10+r.IntN(90))
	}
	if !every(websiteEvery, websiteOffset) {
		row.Website = "https://" + slug + ".example.org"
	}
	row.SecondEmail = "manager@" + slug + ".example.org"
	if every(noEmailEvery, noEmailOffset) {
		row.Email, row.SecondEmail = "", ""
	}
	if every(noNPIEvery, noNPIOffset) {
		row.NPI = ""
	}
	switch {
	case every(notAgentEvery, notAgentOffset):
		row.Agent = breach.No
	case every(askAgentEvery, askAgentOffset):
		row.Agent = breach.Unknown
	}
	if every(insurerEvery, insurerOffset) {
		row.Insurer = breach.Yes
	}
	if q.index == notifiedIndex {
		row.NotifiedOn = p.Discovered.AddDays(notifiedAfter)
	}
	if q.clinic.kind == "Recovery Center" {
		row.Part2Program = breach.Yes
	}
	if q.clinic.kind == "Behavioral Health" {
		row.Part2Program = breach.Unknown
	}
	if q.clinic.kind == "Community Hospital" && q.place.state == "CA" {
		row.CALicensedFacility = breach.Yes
	}
	if q.name != "" {
		boundaryAnswers(q.name, &row)
	}
	return row
}

// key is the practice's practice_key.
func (q *practice) key() string { return fmt.Sprintf("P-%05d", q.index+1) }

func (p *plan) writePractices(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(practiceColumns); err != nil {
		return err
	}
	r := newRandom(p.Seed)
	for i := range p.practices {
		row := p.row(&p.practices[i], r)
		days := ""
		if row.BAANoticeDays > 0 {
			days = strconv.Itoa(row.BAANoticeDays)
		}
		if err := out.Write([]string{
			row.Key, row.NPI, row.LegalName, row.DBA, row.Address1, row.Address2, row.City, row.State, row.ZIP, row.PrivacyOfficer,
			row.Email, row.Phone, row.TollFree, row.Website, days, string(row.Agent), row.Delegation, row.NotifiedOn.String(),
			row.CountingEntity, string(row.Part2Program), string(row.CALicensedFacility), string(row.Insurer), row.Timezone, row.SecondEmail,
		}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
