package acts

import (
	"github.com/google/uuid"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// actSpace is the namespace of the acts' name-based UUIDs (RFC 9562, version 5).
var actSpace = uuid.MustParse("6d9d4f0e-5a2b-4c43-9f5e-0b1c6a7c3d52")

// Identify gives the act its ID: a hash of its content and of the last act of
// its series, so that the same act twice is one act, and the same words after
// something else was decided are another. repeated is true when the last act of
// the series already says this.
func Identify(act *casebook.Act, before []casebook.Act) (repeated bool, err error) {
	content, err := act.Content()
	if err != nil {
		return false, err
	}
	last := ""
	for i := len(before) - 1; i >= 0; i-- {
		if before[i].Kind == casebook.ActReturns && isSubstitute(*act) {
			last = before[i].ID // there are others to tell since
			break
		}
		if !SameSeries(*act, before[i]) {
			continue
		}
		earlier, err := before[i].Content()
		if err != nil {
			return false, err
		}
		if string(earlier) == string(content) {
			act.ID = before[i].ID
			return true, nil
		}
		last = before[i].ID
		break
	}
	act.ID = uuid.NewSHA1(actSpace, append([]byte(last+"\n"), content...)).String()
	return false, nil
}

// isSubstitute reports whether the act records substitute notice.
func isSubstitute(act casebook.Act) bool {
	return act.Kind == casebook.ActRecord && act.Record != nil && act.Record.Fact.Kind == breach.PostingStarted
}

// aboutNotice: the fact says whether a practice was told.
func aboutNotice(f breach.Fact) bool {
	return f.Kind == breach.PracticeNotified || f.Kind == breach.NoticeBounced
}

// SameSeries reports whether a later act of one kind takes the place of the
// earlier one: acts between them that decided otherwise make a repetition count.
func SameSeries(a, b casebook.Act) bool {
	holds := func(kind string) bool { return kind == casebook.ActHold || kind == casebook.ActRelease }
	switch {
	case holds(a.Kind):
		return holds(b.Kind)
	case a.Kind != b.Kind:
		return false
	case a.Kind == casebook.ActRecord && a.Record != nil && b.Record != nil:
		if aboutNotice(a.Record.Fact) {
			return aboutNotice(b.Record.Fact) // told, not told after all, told again
		}
		f, g := a.Record.Fact, b.Record.Fact
		return f.Kind == g.Kind && f.Jurisdiction == g.Jurisdiction && f.Batch == g.Batch
	}
	return true
}
