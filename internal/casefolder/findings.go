package casefolder

import (
	"context"
	"fmt"
	"io"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
)

// findingsCheck goes through a list of people.
type findingsCheck struct {
	c     *collector
	today civil.Date
	// lettersOn is the day the letters will be dated.
	lettersOn civil.Date
	// envelope is the form that the letters will be set for.
	envelope envelope.Form
	// languages are those that the letters can be in, ownWords says which the letter's own
	// words are there in, and missing counts whose letter is not in the one it should be in.
	languages breach.Languages
	ownWords  func(tag string) bool
	missing   map[breach.LetterLanguage]int
	// columns are findingColumns, or laterColumns.
	columns []column
	names   headerNames
	// monitoring: credit monitoring is offered, for which people may have codes;
	// noMonitoring: it is known that none is.
	monitoring, noMonitoring bool
	// removals are the rows of a later list that take somebody out.
	removals []breach.Removal
	// practices has whether a person was found in each; nil when they are not known.
	practices  map[string]bool
	seen       *seenPeople
	codes      *seenCodes
	vocabulary *vocabulary
}

// offers notes what the incident offers people; an incident that could not be
// read has no id.
func (f *findingsCheck) offers(incident breach.Incident) {
	offered := incident.CreditMonitoring.Provider != ""
	f.monitoring, f.noMonitoring = offered, !offered && incident.ID != ""
}

// readFindings reads a list of people: findings.csv, or a later list. hashed
// is file's content in order, tapped for its hash.
func (f *findingsCheck) readFindings(ctx context.Context, hashed io.Reader, file io.ReaderAt) (rows int, err error) {
	prepare := func(h *header) {
		if h.fieldOf[fEnrollmentCode] >= 0 && f.noMonitoring {
			f.c.problem(warnCodeUnused, "enrollment_code", "there are enrollment codes and incident.yaml offers no credit monitoring")
		}
		if key, practice := h.fieldOf[fPersonKey], h.fieldOf[fPracticeKey]; key >= 0 && practice >= 0 {
			f.seen = newSeenPeople(file, key, practice)
			if code := h.fieldOf[fEnrollmentCode]; code >= 0 {
				f.codes = newSeenCodes(f.seen, code)
			}
		}
	}
	f.vocabulary = newVocabulary()
	rows, _, err = checkRows(ctx, f.c, hashed, f.columns, f.names, fPracticeKey, prepare, f.check)
	if err == nil {
		f.sayMissing()
	}
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
	p.BirthDate = r.pastDate(fBirthDate)
	if p.DeathDayUnknown = isDayUnknown(row.cells[fDeceasedDate]); !p.DeathDayUnknown {
		p.DeceasedDate = r.pastDate(fDeceasedDate)
	}
	if !p.DeceasedDate.IsZero() && !p.BirthDate.IsZero() && p.DeceasedDate.Before(p.BirthDate) {
		f.c.problem(ruleDeathBirth, "deceased_date", "deceased_date is before birth_date")
	}
	p.EmailAgreedOn = r.pastDate(fEmailAgreedOn)
	p.RepresentativeName = row.cells[fRepresentativeName]
	p.RepresentativeRelation = r.word(fRepresentativeRelation, breach.Relations)
	r.word(fConfidentialAddress, yesNo)
	r.word(fAcquiredOrViewed, knowledge)
	f.checkVocabulary(r)
	f.checkNames(r)
	f.checkAddress(r)
	f.checkReader(r, &p)
	f.checkLanguage(r)
	f.checkHeldBack(r, p)
	return f.checkCode(r, person, p.Dead())
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
	if r.row.fine(fLanguage) && f.vocabulary.languageTag(r.row.cells[fLanguage]) == noLanguage {
		f.c.problem(ruleLanguage, "language", "language is not a BCP 47 tag")
	}
}

// checkNames warns of what would be printed as somebody's name and is none.
func (f *findingsCheck) checkNames(r cells) {
	for _, col := range []int{fFirstName, fMiddleName, fLastName, fSuffix, fRepresentativeName} {
		if r.row.fine(col) && isNoName(r.row.cells[col]) {
			f.c.problem(warnNameWord, findingColumns[col].name, findingColumns[col].name+" is a word that stands for no name")
		}
	}
}

// checkReader warns where the letter's reader or the way it goes is not settled.
func (f *findingsCheck) checkReader(r cells, p *breach.Person) {
	empty := func(col int) bool { return r.row.cells[col] == "" }
	switch email := r.row.cells[fEmail]; {
	case !r.row.fine(fEmail):
	case !breach.IsMailbox(email):
		f.c.problem(warnPersonEmail, "email", "email is not one e-mail address that mail can be sent to")
	case breach.IsUnreadMailbox(email):
		f.c.problem(warnUnreadEmail, "email", "email looks like an address that nobody reads")
	}
	if empty(fEmail) && !p.EmailAgreedOn.IsZero() {
		f.c.problem(warnAgreedNoEmail, "email", "email_agreed_on is given and email is empty")
	}
	named := !empty(fRepresentativeName)
	reader := p.ReaderOn(f.today)
	forSelf := p.RepresentativeRelation == breach.ActsForSelf
	if reader == breach.ForMinor && strings.EqualFold(r.row.cells[fConfidentialAddress], "yes") {
		f.c.problem(warnMinorInConfidence, "confidential_address", "the person is a minor and confidential_address is yes")
	}
	if p.DeathDayUnknown {
		f.c.problem(warnDeathDay, "deceased_date", "deceased_date is unknown, and the person counts as dead")
	}
	switch {
	case p.RepresentativeRelation == breach.RelationNextOfKin && empty(fDeceasedDate):
		f.c.problem(ruleKinOfLiving, "deceased_date", "representative_relation is next_of_kin and deceased_date is empty")
	case forSelf && named:
		f.c.problem(warnRepresentative, "representative_name", "representative_relation is self and representative_name is given")
	case forSelf:
	case named == empty(fRepresentativeRelation):
		f.c.problem(warnRepresentative, "representative_relation", "only one of representative_name and representative_relation is given")
	case named && reader == breach.Adult && p.RepresentativeRelation != "" && empty(fDeceasedDate) && empty(fBirthDate) == p.BirthDate.IsZero():
		f.c.problem(warnPassedOver, "representative_relation", "representative_relation is "+p.RepresentativeRelation+" and the person is an adult, to whom the letter goes")
	case named:
	case reader == breach.NextOfKin:
		f.c.problem(warnDeceased, "representative_name", "the person is deceased and representative_name is empty")
	case reader == breach.ForMinor:
		f.c.problem(warnMinor, "representative_name", "the person is a minor and representative_name is empty")
	}
}
