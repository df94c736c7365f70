package accesslog

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"

	"duenotice/internal/accesslog/logs"
	"duenotice/internal/breach"
)

// read reads one log.
func (r *run) read(ctx context.Context, number int, l *logs.Log) error {
	report := LogReport{
		ID: l.ID, File: l.Name, Bytes: l.Bytes, SHA256: l.SHA256, Profile: l.Profile.ID, ProfileSHA256: l.Profile.SHA256, Guessed: l.Guessed, Unreadable: map[string]int{},
	}
	c := r.coverage[l.Profile.ID]
	if c == nil {
		c = &coverage{hours: map[int64]int{}}
		r.coverage[l.Profile.ID] = c
	}
	w := &watch{window: r.window}
	reader, done, err := l.Open(ctx, r.o.LogZone)
	if err != nil {
		return err
	}
	var own span
	lines := func() error {
		var e logs.Event
		for {
			err := reader.Next(&e)
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("read %s: %w", l.Name, err)
			}
			switch e.Problem {
			case "":
			case logs.Other:
				report.Other++
				continue
			case logs.ProblemZone:
				return breach.Refuse("access_zone", "Say in which zone the log was written, such as --zone America/Chicago or --zone UTC.", "%s, line %d: the time does not say in which zone it is, or is of another zone than was said", l.Name, e.Line)
			default:
				report.Unreadable[e.Problem]++
				w.unread(e.Line)
				continue
			}
			report.Events++
			report.Failed += int(flag(e.Failed))
			c.add(e.Time)
			own.add(e.Time)
			w.line(&e, r.o.Now)
			if err := r.event(number, &e); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(lines(), done()); err != nil {
		return err
	}
	w.end()
	if report.Events > 0 {
		first, last := own.first.UTC(), own.last.UTC()
		report.First, report.Last = &first, &last
	}
	r.report.Events += report.Events
	r.report.Logs = append(r.report.Logs, report)
	r.limitsOf(l.ID, w)
	return nil
}

// mostWords is how many unknown words for actions are counted, and usualLines how many
// lines a word has to have to be shown: what stands in few lines may be no word for an
// action but a text about somebody.
const (
	mostWords  = 5000
	usualLines = 10
	otherWords = "other words"
)

// word counts a word for an action that the profile does not have.
func (r *run) word(word string) {
	if _, there := r.words[word]; !there {
		if len(r.words) >= mostWords || len(word) > 40 || strings.ContainsAny(word, "0123456789") {
			word = otherWords
		}
		word = strings.Clone(word)
	}
	r.words[word]++
}

// tellWords puts the words that can be shown into the report.
func (r *run) tellWords() {
	for word, lines := range r.words {
		if lines < usualLines {
			word = otherWords
		}
		r.report.UnknownActions[word] += lines
	}
}

// event counts a line.
func (r *run) event(log int, e *logs.Event) error {
	number, err := r.accounts.of(e.Account)
	if err != nil {
		return err
	}
	roleName := e.Role
	if given, there := r.roleGiven[strings.ToLower(e.Account)]; there {
		roleName = given
	}
	role, err := r.roles.of(roleName)
	if err != nil {
		return err
	}
	r.roleLines[[2]uint32{number, role}]++
	chosen := len(r.chosen) > 0 && r.chosen[strings.ToLower(e.Account)]
	within := r.window.has(e.Time)
	if chosen && within {
		r.seen[number] = true
	}
	if e.Action == logs.None && len(e.Patients) == 0 {
		return nil
	}
	if e.Word != "" {
		r.word(e.Word)
	}
	practice, err := r.places.of(given{e.PracticeID, e.PracticeNPI, e.PracticeName})
	if err != nil {
		return err
	}
	if chosen && within {
		if err := r.touch(log, e, number, practice); err != nil {
			return err
		}
	}
	if len(r.chosen) > 0 {
		if err := r.meet(e.Patients); err != nil {
			return err
		}
	}
	if e.Failed {
		return nil
	}
	s := slot{account: number, hour: uint32(e.Time.Unix() / 3600), within: within, practice: practice}
	c := cell{lines: 1}
	if e.Action == logs.Export {
		c.exports = 1
	}
	if len(e.Patients) == 0 {
		c.unnamed = uint64(max(e.Rows, 1))
		return r.tally.add(s, c)
	}
	for _, patient := range e.Patients {
		s.patient = []byte(patient)
		if err := r.tally.add(s, c); err != nil {
			return err
		}
	}
	return nil
}

// mostRecent is how many patients are remembered to have been met already.
const mostRecent = 1 << 17

// meet notes that the log knows these patients by its ids.
func (r *run) meet(patients []string) error {
	for _, patient := range patients {
		if _, there := r.recent[patient]; there {
			continue
		}
		if len(r.recent) >= mostRecent {
			clear(r.recent)
		}
		r.recent[strings.Clone(patient)] = struct{}{}
		if key := r.people.Key(r.system, patient); key != "" {
			if err := r.met.Add([]byte(key), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// touch keeps a line of a chosen account.
func (r *run) touch(log int, e *logs.Event, account, practice uint32) error {
	if len(e.Patients) == 0 {
		if !e.Failed {
			if r.unnamed.count == 0 {
				r.unnamedIn = r.logs[log].ID
			}
			r.unnamed.add(e.Line, 0, true)
		}
		return nil
	}
	hash := sha256.Sum256(e.Raw)
	for _, patient := range e.Patients {
		person := r.people.Key(r.system, patient)
		if person == "" {
			person = "?" + patient
		}
		if err := r.touched.add(touch{
			person: person, practice: practice, at: e.Time, log: uint32(log + 1), line: uint64(e.Line), account: account,
			action: e.Action, failed: e.Failed, hash: hash, patient: patient,
		}); err != nil {
			return err
		}
	}
	return nil
}
