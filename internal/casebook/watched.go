package casebook

import (
	"time"

	"duenotice/internal/civil"
)

// Watched is what operators are warned by: of every open incident where it stands, and
// what could not be done. Nothing in it is about a person, and of practices it has counts
// alone, but for Troubles.
type Watched struct {
	// At is the instant of which it tells, AsOf the day it is then for the officers.
	At        time.Time
	AsOf      civil.Date
	Incidents []WatchedIncident
	// Troubles are what status shows of all incidents.
	Troubles []Trouble
	Worker   Watch
}

// WatchedIncident is one open incident.
type WatchedIncident struct {
	// Status has its phases, what is late, its account and its notices, and no more.
	Status Status
	// Since is when the practice that has been longest in a phase came into it.
	Since map[Phase]time.Time
	// Untold are those who are owed written notice and were not sent it, by the days that
	// are left for it.
	Untold []UntoldCount
	// Disputing are as Board's; DisputedSince is when the oldest of their disputes was
	// raised, zero for none.
	Disputing     int
	DisputedSince time.Time
	// LedgerAt is when the last entry of a practice's ledger was written since the last
	// anchor, UnanchoredSince the first; zero when the last anchor has all of them.
	LedgerAt, UnanchoredSince time.Time
	// AnchoredAt is when the last anchor was written; zero for none.
	AnchoredAt time.Time
}

// UntoldCount is how many people are to be told within the same time.
type UntoldCount struct {
	// Left are the days left at most, one of breach.WarningDays, or one of the others below.
	Left   string
	People int
}

// What is left for those who are not within a number of days.
const (
	LeftLate = "late" // the last day has passed
	LeftMore = "more" // more days than the first warning has
	LeftNone = "none" // no day is set
)
