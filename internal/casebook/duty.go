package casebook

import (
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// DutyRecord is one duty of a practice with what became of it: also of one that
// is owed no more, since whoever was told of it has to be told that, too.
type DutyRecord struct {
	breach.Obligation
	SettledOn civil.Date
	// Dropped: the present plan does not have it.
	Dropped bool
	// Changes counts what was changed of it since it was first owed: its day, that
	// it was fulfilled or open again, that it was dropped or owed again.
	Changes int
	// DueBefore is the last day it had before Due, or zero.
	DueBefore civil.Date
}

// PracticeDuties is a practice with every duty it ever had.
type PracticeDuties struct {
	Practice breach.Practice
	Duties   []DutyRecord
}
