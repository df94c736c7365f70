package casefolder

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/givenfile"
)

// The columns of a list of agreed e-mails that bounced.
const (
	bPracticeKey = iota
	bPersonKey
	bBouncedOn
)

var bounceColumns = []column{
	bPracticeKey: {"practice_key", true, 64, ownKey},
	bPersonKey:   {"person_key", true, 64, opaqueKey},
	bBouncedOn:   {"bounced_on", true, 64, wordOrDate},
}

// Bounces is a list of agreed e-mails that bounced that was read whole.
type Bounces struct {
	// SHA256 is the hash of the file as it stands, in hexadecimal.
	SHA256 string
	// Emails are in the file's order, each person once for each practice.
	Emails []breach.BouncedEmail
}

// IsBounces reports whether a list of what came back is of e-mails, which are
// named by the person and not by a letter's piece_id.
func IsBounces(path string) (bool, error) {
	file, err := givenfile.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // said by whoever reads it
	}
	if err != nil {
		return false, fmt.Errorf("open the list: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	first, err := bufio.NewReader(io.LimitReader(file, 1<<16)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read the list: %w", err)
	}
	return strings.Contains(first, bounceColumns[bPersonKey].name), nil
}

// ReadBounces checks a list of agreed e-mails that bounced. Whether each is of
// somebody who agreed to e-mail is looked up when the list is recorded.
func ReadBounces(ctx context.Context, path string, options ListOptions, today civil.Date, sink Sink) (*Bounces, Report, error) {
	c := newCollector(sink)
	c.openFile(filepath.Base(path))
	list := &Bounces{}
	seen := map[[2]string]int{}
	sum, err := readFile(ctx, path, func(src io.Reader, _ io.ReaderAt) error {
		rows, _, err := checkRows(ctx, c, src, bounceColumns, options.headers(), bPracticeKey, func(*header) {}, func(row *row) error {
			cell := cells{c, row, bounceColumns, today}
			practice, named := cell.key(bPracticeKey)
			person, known := cell.key(bPersonKey)
			on := cell.pastDate(bBouncedOn)
			if !named || !known {
				return nil
			}
			if earlier := seen[[2]string{practice, person}]; earlier > 0 {
				c.problem(ruleTwicePerson, "person_key", fmt.Sprintf("the person is on line %d for this practice already", earlier))
				return nil
			}
			seen[[2]string{practice, person}] = row.line
			list.Emails = append(list.Emails, breach.BouncedEmail{PracticeKey: practice, PersonKey: person, On: on})
			return nil
		})
		if err == nil && rows == 0 && c.report.Errors == 0 {
			c.startRow(0)
			c.problem(ruleNoRows, "", "there is no e-mail in the list")
		}
		return err
	})
	if err != nil {
		return nil, c.report, err
	}
	list.SHA256 = sum.sha256
	return list, c.report, c.err
}
