package casefolder

import (
	"context"
	"fmt"
	"io"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// findingsCheck goes through a list of people.
type findingsCheck struct {
	c     *collector
	today civil.Date
	// lettersOn is the day the letters will be dated.
	lettersOn civil.Date
	// columns are findingColumns, or laterColumns.
	columns []column
	// removals are the rows of a later list that take somebody out.
	removals []breach.Removal
	// practices has whether a person was found in each; nil when they are not known.
	practices  map[string]bool
	seen       *seenPeople
	vocabulary *vocabulary
}

// readFindings reads a list of people: findings.csv, or a later list. hashed
// is file's content in order, tapped for its hash.
func (f *findingsCheck) readFindings(ctx context.Context, hashed io.Reader, file io.ReaderAt) (rows int, err error) {
	prepare := func(h *header) {
		if key, practice := h.fieldOf[fPersonKey], h.fieldOf[fPracticeKey]; key >= 0 && practice >= 0 {
			f.seen = newSeenPeople(file, key, practice)
		}
	}
	f.vocabulary = newVocabulary()
	rows, _, err = checkRows(ctx, f.c, hashed, f.columns, fPracticeKey, prepare, f.check)
	return rows, err
}

func (f *findingsCheck) check(row *row) error {
	r := cells{f.c, row, f.columns, f.today}
	if f.seen != nil {
		f.seen.passing(row.line, row.offset)
	}
	practice, practiceOK := r.key(fPracticeKey)
	person, personOK := r.key(fPersonKey)
	if practiceOK && f.practices != nil {
		found, known := f.practices[practice]
		if !known {
			f.c.problem(ruleUnknownPractice, "practice_key", fmt.Sprintf("practice_key %s is not in practices.csv", practice))
		} else if !found {
			f.practices[practice] = true
		}
	}
	if practiceOK && personOK && f.seen != nil {
		earlier, err := f.seen.add(practice, person, row.line)
		if err != nil {
			return err
		}
		if earlier > 0 {
			f.c.problem(ruleTwicePerson, "person_key", fmt.Sprintf("the person is on line %d for this practice already", earlier))
		}
	}
	if isLater(f.columns) {
		r.word(fRemoved, yesNo)
	}
	if removes(f.columns, row.cells) {
		f.removes(row, practice, person)
		return nil
	}
	var p breach.Person
	p.BirthDate, p.DeceasedDate = r.pastDate(fBirthDate), r.pastDate(fDeceasedDate)
	if !p.DeceasedDate.IsZero() && !p.BirthDate.IsZero() && p.DeceasedDate.Before(p.BirthDate) {
		f.c.problem(ruleDeathBirth, "deceased_date", "deceased_date is before birth_date")
	}
	p.EmailAgreedOn = r.pastDate(fEmailAgreedOn)
	p.RepresentativeRelation = r.word(fRepresentativeRelation, breach.Relations)
	r.word(fConfidentialAddress, yesNo)
	r.word(fAcquiredOrViewed, knowledge)
	f.checkVocabulary(r)
	f.checkAddress(r)
	f.checkReader(r, &p)
	f.checkHeldBack(r, p)
	return nil
}

// removes notes a row that takes somebody out.
func (f *findingsCheck) removes(row *row, practice, person string) {
	if !row.fine(fSource) {
		f.c.problem(ruleRemoval, "source", "the row takes the person out and source does not say why")
		return
	}
	f.removals = append(f.removals, breach.Removal{Row: row.line, PracticeKey: practice, PersonKey: person, Why: nfc(row.cells[fSource])})
}

func (f *findingsCheck) checkVocabulary(r cells) {
	if r.row.fine(fDataClasses) {
		cell := f.vocabulary.dataClasses(r.row.cells[fDataClasses])
		switch {
		case cell.unknown > 0:
			f.c.problem(ruleDataClass, "data_classes", fmt.Sprintf("word %d of %d is not a data class", cell.unknown, cell.words))
		case cell.words == 0:
			f.c.problem(ruleRequired, "data_classes", "data_classes names no data class")
		}
	}
	if r.row.fine(fLanguage) && f.vocabulary.languageTag(r.row.cells[fLanguage]) == "" {
		f.c.problem(ruleLanguage, "language", "language is not a BCP 47 tag")
	}
}

// checkAddress warns of people who cannot be written to. An address without a
// State is one warning and not also an unusable address, and so is a ZIP
// without its zero: one cause, one line.
func (f *findingsCheck) checkAddress(r cells) {
	p := breach.Person{Country: r.row.cells[fCountry]}
	domestic := p.InUnitedStates()
	state := r.state(fState, domestic)
	empty := func(col int) bool { return r.row.cells[col] == "" }
	if domestic && empty(fState) {
		f.c.problem(warnNoState, "state", "state is empty")
	}
	if domestic && state != "" && !breach.IsState(state) {
		f.c.problem(warnPostalCode, "state", "state is a postal code that is none of the 56 States of 45 CFR 160.103")
	}
	var lacks []string
	for _, col := range []int{fAddress1, fCity} {
		if empty(col) {
			lacks = append(lacks, findingColumns[col].name)
		}
	}
	if zip := r.row.cells[fZIP]; domestic && !r.row.isBad(fZIP) && !breach.IsZIP(zip) {
		if lostZero(zip) {
			f.c.problem(warnZIP, "zip", "the ZIP lost its leading zero")
		} else {
			lacks = append(lacks, "a zip of five or nine digits")
		}
	}
	if len(lacks) > 0 {
		f.c.problem(warnNoAddress, "address1", "the address lacks "+strings.Join(lacks, ", "))
	}
}

// checkReader warns where the letter's reader or the way it goes is not settled.
func (f *findingsCheck) checkReader(r cells, p *breach.Person) {
	empty := func(col int) bool { return r.row.cells[col] == "" }
	if r.row.fine(fEmail) && !isMailbox(r.row.cells[fEmail]) {
		f.c.problem(warnPersonEmail, "email", "email is not one e-mail address")
	}
	if empty(fEmail) && !p.EmailAgreedOn.IsZero() {
		f.c.problem(warnAgreedNoEmail, "email", "email_agreed_on is given and email is empty")
	}
	named := !empty(fRepresentativeName)
	forSelf := p.RepresentativeRelation == breach.ActsForSelf
	if p.ReaderOn(f.today) == breach.ForMinor && strings.EqualFold(r.row.cells[fConfidentialAddress], "yes") {
		f.c.problem(warnMinorInConfidence, "confidential_address", "the person is a minor and confidential_address is yes")
	}
	switch {
	case forSelf && named:
		f.c.problem(warnRepresentative, "representative_name", "representative_relation is self and representative_name is given")
	case forSelf:
	case named == empty(fRepresentativeRelation):
		f.c.problem(warnRepresentative, "representative_relation", "only one of representative_name and representative_relation is given")
	case named:
	case p.ReaderOn(f.today) == breach.NextOfKin:
		f.c.problem(warnDeceased, "representative_name", "the person is deceased and representative_name is empty")
	case p.ReaderOn(f.today) == breach.ForMinor:
		f.c.problem(warnMinor, "representative_name", "the person is a minor and representative_name is empty")
	}
}
