package casefolder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// streamPeople gives each person of a list that was checked before to each,
// normalised as the package says, and passes over those who are taken out. The same Person is used for the next row.
func streamPeople(ctx context.Context, src io.Reader, columns []column, names headerNames, each func(row int, p *breach.Person) error) error {
	rec := newRecords(src)
	c := newCollector(nil)
	c.openFile("")
	h, ok, err := readHeader(c, rec, columns, names)
	if err != nil {
		return err
	}
	if !ok {
		return errChanged
	}
	t, v := newTable(h, rec), newVocabulary()
	var p breach.Person
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.Join(errChanged, err)
		}
		if t.empty() || removes(columns, t.row.cells) {
			continue
		}
		if err := readPerson(&p, t.row.cells, v); err != nil {
			return fmt.Errorf("line %d: %w", t.row.line, err)
		}
		if err := each(t.row.line, &p); err != nil {
			return err
		}
	}
}

// readPerson makes a person of a row's cells.
func readPerson(p *breach.Person, cells []string, v *vocabulary) error {
	birth, deceased, agreed := civil.Date{}, civil.Date{}, civil.Date{}
	dayUnknown := isDayUnknown(cells[fDeceasedDate])
	for _, d := range []struct {
		day *civil.Date
		col int
	}{{&birth, fBirthDate}, {&deceased, fDeceasedDate}, {&agreed, fEmailAgreedOn}} {
		if d.col == fDeceasedDate && dayUnknown {
			continue
		}
		day, fault := readDate(cells[d.col])
		if fault != dateFine {
			return errChanged
		}
		*d.day = day
	}
	classes, tag := v.dataClasses(cells[fDataClasses]), v.languageTag(cells[fLanguage])
	if classes.words == 0 || classes.unknown > 0 || tag == noLanguage {
		return errChanged
	}
	*p = breach.Person{
		Key: cells[fPersonKey], PracticeKey: cells[fPracticeKey],
		FirstName: nfc(cells[fFirstName]), MiddleName: nfc(cells[fMiddleName]), LastName: nfc(cells[fLastName]), Suffix: nfc(cells[fSuffix]),
		BirthDate: birth, DeceasedDate: deceased, DeathDayUnknown: dayUnknown,
		RepresentativeName: nfc(cells[fRepresentativeName]), RepresentativeRelation: strings.ToLower(cells[fRepresentativeRelation]),
		Address1: nfc(cells[fAddress1]), Address2: nfc(cells[fAddress2]), City: nfc(cells[fCity]),
		State: nfc(strings.ToUpper(cells[fState])), ZIP: withoutZeros(cells[fZIP]), Country: nfc(strings.ToUpper(cells[fCountry])),
		Email: cells[fEmail], EmailAgreedOn: agreed, Phone: cells[fPhone], Language: tag,
		ConfidentialAddress: breach.YesNo(strings.ToLower(cells[fConfidentialAddress])),
		DataClasses:         classes.classes,
		AcquiredOrViewed:    strings.ToLower(cells[fAcquiredOrViewed]), Source: nfc(cells[fSource]),
		EnrollmentCode: cells[fEnrollmentCode],
	}
	if territory, _ := breach.DomesticCountry(p.Country); p.State == "" {
		p.State = territory
	}
	if breach.SaysNoPlace(p.Address2) && !breach.SaysReturned(p.Address2) {
		p.Address2 = "" // N/A is not to be printed on an envelope
	}
	return nil
}

// isDayUnknown reports what stands in deceased_date for a dead person whose day
// of death is not known.
func isDayUnknown(s string) bool { return strings.EqualFold(s, breach.DayUnknown) }
