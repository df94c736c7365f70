package accesslog

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"duenotice/internal/intake/spill"
)

// Records of the join come person by person: what was reached of them, that the log knows
// them, then their rows of the list.
const (
	joinReached = 'A'
	joinMet     = 'M'
	joinRow     = 'R'
)

// answers joins what the chosen accounts reached with the case's list, and answers each
// row of it.
type answers struct {
	run    *run
	report *PeopleReport
	join   *spill.Sorter
	rows   *spill.Sorter
	// complete: the logs have everything of the chosen accounts and the window.
	complete, allByID bool
	people, unknown   *csv.Writer

	person  string
	reached []reached
	met     bool
	listed  []listed
	buffer  []byte
}

// listed is a row of the list.
type listed struct {
	number        int
	practice, own string
}

var (
	peopleColumns  = []string{"person_key", "practice_key", "practice_as_logged", "in_list", "viewed", "exported", "changed", "failed", "first", "last", "lines", "lines_sha256"}
	unknownColumns = []string{"patient_as_logged", "practice_key", "practice_as_logged", "why", "viewed", "exported", "changed", "failed", "first", "last", "lines", "lines_sha256"}
)

func (a *answers) key(person string, kind byte, tail ...byte) []byte {
	a.buffer = append(append(append(a.buffer[:0], person...), 0, kind), tail...)
	return a.buffer
}

// fill puts everything into the join.
func (a *answers) fill(ctx context.Context, lines *csv.Writer) error {
	r := a.run
	var value []byte
	err := r.touched.each(lines, r.accounts, r.places, func(one reached) error {
		value = one.encode(value)
		return a.join.Add(a.key(one.person, joinReached, binary.BigEndian.AppendUint32(nil, one.practice)...), value)
	})
	if err != nil {
		return err
	}
	if err := r.met.Each(func(key, _ []byte) error { return a.join.Add(a.key(string(key), joinMet), nil) }); err != nil {
		return err
	}
	return r.base.each(ctx, func(number int, at columnsOf, cells []string) error {
		if number == 0 {
			return nil
		}
		own := ""
		if at.answer >= 0 {
			own = strings.ToLower(strings.TrimSpace(cells[at.answer]))
		}
		key := a.key(strings.TrimSpace(cells[at.person]), joinRow, binary.BigEndian.AppendUint64(nil, uint64(number))...)
		return a.join.Add(key, []byte(strings.TrimSpace(cells[at.practice])+"\x00"+own))
	})
}

// settle goes through the join person by person.
func (a *answers) settle() error {
	err := a.join.Each(func(key, value []byte) error {
		person, rest, found := bytes.Cut(key, []byte{0})
		if !found || len(rest) == 0 {
			return errTouch
		}
		if string(person) != a.person {
			if err := a.end(); err != nil {
				return err
			}
			a.person, a.reached, a.met, a.listed = string(person), a.reached[:0], false, a.listed[:0]
		}
		switch rest[0] {
		case joinReached:
			one := reached{person: a.person}
			if err := one.decode(value); err != nil {
				return err
			}
			a.reached = append(a.reached, one)
		case joinMet:
			a.met = true
		case joinRow:
			practice, own, _ := strings.Cut(string(value), "\x00")
			a.listed = append(a.listed, listed{int(binary.BigEndian.Uint64(rest[1:])), practice, own})
		}
		return nil
	})
	return errors.Join(err, a.end())
}

// end answers the rows of the person whose records are all there.
func (a *answers) end() error {
	if len(a.reached) > 0 {
		if err := a.tell(); err != nil {
			return err
		}
	}
	for _, row := range a.listed {
		answer, reason := a.answer(row)
		switch answer {
		case "yes":
			a.report.Yes++
		case "no":
			a.report.No++
		default:
			a.report.Unknown++
		}
		a.report.Reasons[reason]++
		if err := a.rows.Add(binary.BigEndian.AppendUint64(nil, uint64(row.number)), []byte(answer)); err != nil {
			return err
		}
	}
	a.reached, a.listed, a.met = a.reached[:0], a.listed[:0], false
	return nil
}

// answer is what the logs say of a person at a practice: yes, no or unknown, and why.
// Whoever may have been reached is not a no.
func (a *answers) answer(row listed) (answer, reason string) {
	failed := false
	for _, one := range a.reached {
		if !one.given() {
			failed = true
			continue
		}
		switch key := a.run.places.all[one.practice].key; {
		case strings.EqualFold(key, row.practice):
			return "yes", ReasonTouched
		case key == "":
			reason = ReasonTouchedAll
		case !a.isListed(key):
			if reason == "" {
				reason = ReasonTouchedOther
			}
		}
	}
	switch {
	case reason != "":
		return "yes", reason
	case row.own == "yes":
		return "yes", ReasonListSays
	case failed:
		return "unknown", ReasonFailed
	case !a.complete:
		return "unknown", ReasonLogIncomplete
	case !a.met && !a.allByID:
		return "unknown", ReasonNotInLog
	}
	return "no", ReasonNotTouched
}

// isListed reports that the list has the person at a practice.
func (a *answers) isListed(practice string) bool {
	return slices.ContainsFunc(a.listed, func(row listed) bool { return strings.EqualFold(row.practice, practice) })
}

// tell writes what was reached of a person: for everybody, and again where the list does
// not have them, so that nobody is lost.
func (a *answers) tell() error {
	views, exports, changes, given := 0, 0, 0, false
	for _, one := range a.reached {
		at := a.run.places.all[one.practice]
		cells := []string{
			strconv.Itoa(one.views), strconv.Itoa(one.exports), strconv.Itoa(one.changes), strconv.Itoa(one.failed), one.first.Format(time.RFC3339Nano), one.last.Format(time.RFC3339Nano),
			strconv.Itoa(one.lines), hex.EncodeToString(one.hash[:]),
		}
		here := len(a.listed) > 0 && (at.key == "" || a.isListed(at.key))
		person := a.person
		if person[0] == '?' {
			person = ""
		}
		if err := a.people.Write(append([]string{person, at.key, safe(at.label), yesNo(here)}, cells...)); err != nil {
			return err
		}
		views, exports, changes, given = views+one.views, exports+one.exports, changes+one.changes, given || one.given()
		if here {
			continue
		}
		why := "the list does not have the person at this practice"
		if len(a.listed) == 0 {
			why = "the list has nobody with this id"
		}
		if err := a.unknown.Write(append([]string{safe(one.patient), at.key, safe(at.label), why}, cells...)); err != nil {
			return err
		}
	}
	rep := a.report
	rep.Touched += int(flag(given))
	rep.OnlyFailed += int(flag(!given))
	rep.Viewed += int(flag(views > 0))
	rep.Exported += int(flag(exports > 0))
	rep.Changed += int(flag(changes > 0))
	rep.NotInList += int(flag(len(a.listed) == 0))
	rep.AtOtherPractice += int(flag(len(a.listed) > 0 && slices.ContainsFunc(a.reached, func(one reached) bool {
		key := a.run.places.all[one.practice].key
		return key != "" && !a.isListed(key)
	})))
	return nil
}

// write writes the list with its answers, in the order in which it was.
func (a *answers) write(ctx context.Context, to io.Writer) error {
	w := csv.NewWriter(to)
	var broken error
	next, stop := iter.Pull(func(yield func(string) bool) {
		broken = a.rows.Each(func(_, value []byte) error {
			if !yield(string(value)) {
				return errStopped
			}
			return nil
		})
	})
	defer stop()
	err := a.run.base.each(ctx, func(number int, at columnsOf, cells []string) error {
		if number == 0 {
			return answered(w, at, cells, "acquired_or_viewed")
		}
		answer, there := next()
		if !there {
			return errors.Join(broken, fmt.Errorf("answer row %d of the list: %w", number, errTouch))
		}
		if answer == "no" && a.run.o.LeaveOutNo {
			return nil
		}
		return answered(w, at, cells, answer)
	})
	w.Flush()
	return errors.Join(err, w.Error())
}

var errStopped = errors.New("nobody reads the answers any more")

// safe keeps a spreadsheet from taking a text of a log for a formula.
func safe(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
