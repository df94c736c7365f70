package synthetic

import (
	"encoding/csv"
	"io"
	"strings"

	"duenotice/internal/breach"
)

// findingColumns are the columns of findings.csv in the contract's order.
var findingColumns = []string{
	"person_key", "practice_key", "first_name", "middle_name", "last_name", "suffix", "birth_date", "deceased_date",
	"representative_name", "representative_relation", "address1", "address2", "city", "state", "zip", "country", "email",
	"email_agreed_on", "phone", "language", "confidential_address", "data_classes", "acquired_or_viewed", "source",
}

// classSet is the kinds of information one table of the invented system held.
type classSet struct {
	text    string
	classes []breach.DataClass
	source  string
}

// classSets are what rows name; a practice's people have one of two of them.
// The last is kept for 42 CFR part 2 programs.
var classSets = func() []classSet {
	sets := []classSet{
		{text: "name;address;date_of_birth;medical_record_number;diagnosis;provider_name", source: "chart export"},
		{text: "name;address;phone;date_of_birth;ssn;health_insurance_id;claims", source: "billing export"},
		{text: "name;date_of_birth;medical_record_number;lab_result;medication", source: "laboratory feed"},
		{text: "name;address;phone;email;date_of_birth;health_insurance_id", source: "scheduling table"},
		{text: "name;date_of_birth;ssn;drivers_license;photo;diagnosis;treatment", source: "intake scans"},
		{text: "name;email;account_credentials", source: "portal table"},
		{text: "name;date_of_birth;diagnosis;mental_health;medication;disability", source: "chart export"},
		{text: "name;address;financial_account;payment_card;claims", source: "billing export"},
		{text: "name;date_of_birth;diagnosis;treatment;substance_use_disorder", source: "chart export"},
	}
	for i := range sets {
		for class := range strings.SplitSeq(sets[i].text, ";") {
			sets[i].classes = append(sets[i].classes, breach.DataClass(class))
		}
	}
	return sets
}()

// part2Set is the index of the set of 42 CFR part 2 programs.
var part2Set = len(classSets) - 1

// classSet returns the index of the set that the practice's row for a person
// names: the practice's main one for five people of six.
func (q *practice) classSet(number int) int {
	main, second := q.index%part2Set, (q.index/2+3)%part2Set
	if q.clinic.kind == "Recovery Center" {
		main = part2Set
	}
	if mix(uint64(number)+uint64(q.index)<<32)%6 == 0 {
		return second
	}
	return main
}

// writeFindings writes findings.csv practice by practice and counts it.
func (c *counter) writeFindings(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write(findingColumns); err != nil {
		return err
	}
	r := newRandom(c.Seed)
	cells := make([]string, len(findingColumns))
	t := newTally()
	for i := range c.practices {
		q := &c.practices[i]
		t.reset()
		for number := q.first; number < q.first+q.own; number++ {
			b := c.plan.person(q, number, r)
			c.person(&b)
			if err := c.finding(out, cells, q, number, &b, &t); err != nil {
				return err
			}
			if q.shared() {
				c.add(&c.shared, &b, q.classSet(number))
			}
		}
		for _, guest := range q.guestIDs {
			number := int(guest)
			home := c.home(number)
			b := c.plan.person(home, number, r)
			c.elsewhere(q, number, r, &b)
			if err := c.finding(out, cells, q, number, &b, &t); err != nil {
				return err
			}
			if q.shared() && !home.shared() {
				c.add(&c.shared, &b, q.classSet(number))
			}
		}
		c.practice(q, &t)
	}
	out.Flush()
	return out.Error()
}

// shared reports whether the practice is counted with another.
func (b boundary) shared() bool { return b.name == SharedFirst || b.name == SharedSecond }

// finding writes and counts one row.
func (c *counter) finding(out *csv.Writer, cells []string, q *practice, number int, b *breach.Person, t *tally) error {
	set := q.classSet(number)
	c.total.Findings++
	c.add(t, b, set)
	if b.ConfidentialAddress == breach.Yes {
		c.total.ConfidentialRows++
	}
	copy(cells, []string{
		b.Key, q.key(), b.FirstName, b.MiddleName, b.LastName, b.Suffix, b.BirthDate.String(), b.DiedOn(),
		b.RepresentativeName, b.RepresentativeRelation, b.Address1, b.Address2, b.City, b.State, b.ZIP, b.Country, b.Email,
		b.EmailAgreedOn.String(), b.Phone, b.Language, string(b.ConfidentialAddress), classSets[set].text, b.AcquiredOrViewed,
		classSets[set].source,
	})
	return out.Write(cells)
}
