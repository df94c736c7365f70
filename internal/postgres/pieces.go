package postgres

import (
	"bytes"
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/postgres/finding"
	"duenotice/internal/postgres/sqlgen"
)

// toMail is a finding that gets a letter. A run holds all of its own in memory,
// some 70 bytes each: ZIPs are encrypted, so that SQL cannot sort by them.
type toMail struct {
	practiceID int32
	zip        int32
	person     string
	mailKey    [16]byte
	// alone: it shares a letter with no other.
	alone bool
}

// zip5 is the ZIP's place without its last four digits. Findings that may share
// a letter have the same one (breach.Person.MailKey).
func (m *toMail) zip5() int32 { return m.zip / 10_000 }

// sameLetter reports whether one letter serves both: one person, one mail key.
func (m *toMail) sameLetter(o *toMail) bool {
	return !m.alone && !o.alone && m.person == o.person && m.mailKey == o.mailKey
}

// inLetters orders findings so that those of one letter stand together, the
// first practice first, by five-digit ZIP.
func inLetters(a, b toMail) int {
	return cmp.Or(
		cmp.Compare(a.zip5(), b.zip5()), strings.Compare(a.person, b.person), compareBool(a.alone, b.alone),
		bytes.Compare(a.mailKey[:], b.mailKey[:]), cmp.Compare(a.practiceID, b.practiceID),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// piece is a letter's findings; zip is the first place any of them has, since
// one may have five digits of a ZIP and another nine.
type piece struct {
	zip      int32
	findings []toMail
}

// piecesOf sorts findings into letters in ZIP order, and calls each with them.
func piecesOf(findings []toMail, each func(*piece) error) error {
	slices.SortFunc(findings, inLetters)
	var same []piece // of one five-digit ZIP
	for len(findings) > 0 {
		n := 1
		for n < len(findings) && findings[0].sameLetter(&findings[n]) {
			n++
		}
		p := piece{zip: findings[0].zip, findings: findings[:n:n]}
		for _, f := range p.findings {
			p.zip = min(p.zip, f.zip)
		}
		same = append(same, p)
		zip5 := findings[0].zip5()
		findings = findings[n:]
		if len(findings) > 0 && findings[0].zip5() == zip5 {
			continue
		}
		slices.SortStableFunc(same, func(a, b piece) int { return cmp.Compare(a.zip, b.zip) })
		for i := range same {
			if err := each(&same[i]); err != nil {
				return err
			}
		}
		same = same[:0]
	}
	return nil
}

// readToMail reads every finding of the practices that has no letter yet. Of a
// practice with one that was altered it returns none, and that one.
func readToMail(ctx context.Context, q *sqlgen.Queries, read *finding.Reader, practices []sqlgen.PracticesToMailRow) (findings []toMail, altered []*finding.Altered, err error) {
	left := map[int]bool{}
	leave := func(practiceID int, err error) error {
		var was *finding.Altered
		if !errors.As(err, &was) {
			return err
		}
		if !left[practiceID] {
			left[practiceID], altered = true, append(altered, was)
		}
		return nil
	}
	practices = slices.DeleteFunc(practices, func(p sqlgen.PracticesToMailRow) bool {
		sealed := subtle.ConstantTimeCompare(p.StandingSeal, printableSeal(read, p.PracticeKey, p.StandingOf)) == 1
		return !sealed && leave(p.ID, read.Altered(p.PracticeKey, "", "printable")) == nil
	})
	for len(practices) > 0 {
		// Small practices together, so that 45,000 of them are not as many questions.
		n, rows := 0, 0
		keys := map[int]string{}
		page := sqlgen.FindingsToMailParams{Page: pageRows, Waiting: string(account.Waiting)}
		for ; n < len(practices) && (n == 0 || rows+practices[n].Waiting <= pageRows); n++ {
			rows += practices[n].Waiting
			keys[practices[n].ID] = practices[n].PracticeKey
			page.PracticeIds = append(page.PracticeIds, practices[n].ID)
		}
		practices = practices[n:]
		page.AfterPractice, page.LastPractice = page.PracticeIds[0], page.PracticeIds[n-1] // no person_key is empty
		for {
			found, err := q.FindingsToMail(ctx, page)
			if err != nil {
				return nil, nil, err
			}
			for i := range found {
				f := &found[i].Finding
				opened, err := read.Open(f, keys[f.PracticeID])
				if err != nil {
					if err := leave(f.PracticeID, err); err != nil {
						return nil, nil, err
					}
					continue
				}
				zip, err := opened.ZIPOrder()
				if err != nil {
					return nil, nil, err
				}
				findings = append(findings, toMail{
					practiceID: int32(f.PracticeID), zip: zip, person: f.PersonKey, mailKey: f.MailKey.Bytes, alone: !f.MailKey.Valid,
				})
			}
			if len(found) < pageRows {
				break
			}
			last := &found[len(found)-1].Finding
			page.AfterPractice, page.AfterPerson = last.PracticeID, last.PersonKey
		}
	}
	if len(left) > 0 {
		findings = slices.DeleteFunc(findings, func(f toMail) bool { return left[int(f.practiceID)] })
	}
	return findings, altered, nil
}

// rowsAtATime is how many rows are handed over at a time.
const rowsAtATime = 20_000

// writePieces numbers the letters in print order and writes them, and returns
// how many there are.
func writePieces(ctx context.Context, q *sqlgen.Queries, runID int, findings []toMail) (pieces int, err error) {
	rows := sqlgen.InsertPiecesParams{RunID: runID}
	flush := func() error {
		err := q.InsertPieces(ctx, rows)
		rows.PieceNos, rows.PracticeIds, rows.Leads, rows.PersonKeys = rows.PieceNos[:0], rows.PracticeIds[:0], rows.Leads[:0], rows.PersonKeys[:0]
		return err
	}
	err = piecesOf(findings, func(p *piece) error {
		pieces++
		for i, f := range p.findings {
			rows.PieceNos = append(rows.PieceNos, pieces)
			rows.PracticeIds = append(rows.PracticeIds, int(f.practiceID))
			rows.Leads = append(rows.Leads, i == 0)
			rows.PersonKeys = append(rows.PersonKeys, f.person)
		}
		if len(rows.PieceNos) < rowsAtATime {
			return nil
		}
		return flush()
	})
	if err != nil || len(rows.PieceNos) == 0 {
		return pieces, err
	}
	return pieces, flush()
}
