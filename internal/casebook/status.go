package casebook

import (
	"time"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Status is where an incident stands: the CLI's `status --json`.
type Status struct {
	Incident   string       `json:"incident"`
	Entity     string       `json:"entity"`
	Phase      string       `json:"phase"`
	AsOf       civil.Date   `json:"as_of"`
	Discovered civil.Date   `json:"discovered"`
	DayOf60    int          `json:"day_of_60"`
	Practices  int          `json:"practices"`
	Launched   int          `json:"launched"`
	People     int          `json:"people"`
	Phases     []PhaseCount `json:"phases"`
	Late       int          `json:"late"`
	// DoneLate is the number of duties done after their due day, DoneLateDays
	// the days by which they were late together (45 CFR 160.406).
	DoneLate     int             `json:"done_late"`
	DoneLateDays int             `json:"done_late_days"`
	NeedsPerson  int             `json:"needs_person"`
	NextDue      civil.Date      `json:"next_due"`
	Holds        []breach.Hold   `json:"holds"`
	Letters      LetterCounts    `json:"letters"`
	Account      IncidentAccount `json:"account"`
	Notices      NoticeCounts    `json:"notices"`
	// Halted is why printing pauses, empty where it goes on; HaltCounts is what that was
	// decided by.
	Halted     []breach.HaltReason `json:"halted"`
	HaltCounts breach.HaltCounts   `json:"-"`
	// Recalls are the letters that were taken back, with what is still to be answered of them.
	Recalls []Recall   `json:"recalls"`
	Pages   PageCounts `json:"pages"`
	// AddressCheck is why letters that wait would go to addresses that were checked too long
	// ago, or never; "" where there is nothing to say (breach.AddressCheck.Worry).
	AddressCheck string `json:"address_check,omitempty"`
	// Posted are the batches of letters to practices.
	Posted     []PostBatchState `json:"-"`
	Details    []PracticeStatus `json:"details,omitempty"` // only as asked: --practice, --due, --late
	TemporalUI string           `json:"temporal_ui"`
	// Worker is whether somebody works, Troubles what could not be done.
	Worker   Watch     `json:"worker"`
	Troubles []Trouble `json:"troubles"`
}

// In is how many practices are in a phase.
func (s Status) In(phase Phase) int {
	for _, c := range s.Phases {
		if c.Phase == phase {
			return c.Practices
		}
	}
	return 0
}

// PhaseCount is one line of the status table.
type PhaseCount struct {
	Phase     Phase      `json:"phase"`
	Practices int        `json:"practices"`
	People    int        `json:"people"`
	Late      int        `json:"late"`
	OldestDue civil.Date `json:"oldest_due"`
}

// IncidentAccount is everybody of an incident, or of one practice in its evidence, by
// state. Lines without those who left a list add up to Findings; an account that does
// not is an alarm.
type IncidentAccount struct {
	Findings int             `json:"findings"`
	Lines    account.Account `json:"lines"`
	AddsUp   bool            `json:"adds_up"`
	// DoNotAddUp are practices whose lines do not add up to their list, the first twenty.
	DoNotAddUp []string `json:"do_not_add_up,omitempty"`
}

// HeldLetter is a letter that is held back: its person stays owed.
type HeldLetter struct {
	PracticeKey string `json:"practice_key"`
	PersonKey   string `json:"person_key"`
	// Why is the reason, in one of breach's words for it.
	Why   string `json:"why"`
	Batch string `json:"batch"`
}

// OpenDispute is one person of whom a practice says that they are not its patient.
type OpenDispute struct {
	PracticeKey, PersonKey string
	At                     time.Time
	// Who said so.
	Who string
}

// LetterCounts reconcile: Findings = Letters + Joined + Held + Unaddressable +
// NotDelegated + NotYetApproved + NotProtected + ToldOtherwise. Returned is a part
// of Letters: a letter that came back was still a letter. One whose addressee has
// another address since is in neither.
type LetterCounts struct {
	Findings       int `json:"findings"`
	Letters        int `json:"letters"`
	Joined         int `json:"joined"`
	Held           int `json:"held"`
	Unaddressable  int `json:"unaddressable"`
	NotDelegated   int `json:"not_delegated"`
	NotYetApproved int `json:"not_yet_approved"`
	NotProtected   int `json:"not_protected"`
	ToldOtherwise  int `json:"told_otherwise"`
	Returned       int `json:"returned"`
	Pages          int `json:"pages"`
	Batches        int `json:"batches"`
}

// LetterCountsOf counts an account in the contract's words, without pages,
// batches and returned letters.
func LetterCountsOf(people account.Account) LetterCounts {
	var c LetterCounts
	for _, l := range people {
		switch {
		case l.State == account.Left:
			continue
		case l.Letter == account.Own:
			c.Letters += l.People
		case l.Letter == account.Joined:
			c.Joined += l.People
		case l.State == account.Held:
			c.Held += l.People
		case l.State == account.NoAddress, l.State == account.Told && (l.Why == account.BySubstitute || l.Why == account.ByEmail):
			c.Unaddressable += l.People
		case l.State == account.PracticeTells, l.State == account.Told && l.Why == account.ByPractice:
			c.NotDelegated += l.People
		case l.State == account.DeadFifty:
			c.NotProtected += l.People
		case l.State == account.Told:
			c.ToldOtherwise += l.People
		default: // waiting, or in a mail run that is not finished
			c.NotYetApproved += l.People
		}
		c.Findings += l.People
	}
	return c
}

// PracticeStatus is one practice in `status --practice`.
type PracticeStatus struct {
	Key         string             `json:"practice_key"`
	Name        string             `json:"name"`
	Phase       Phase              `json:"phase"`
	People      int                `json:"people"`
	Delegation  string             `json:"delegation"`
	NeedsPerson string             `json:"needs_person"` // what is needed, "" when nothing
	Late        bool               `json:"late"`
	Obligations []ObligationStatus `json:"obligations"`
	Approvals   []string           `json:"approvals"`
	// OneAccount: two of the approvals were given under one account or login.
	OneAccount bool      `json:"one_account,omitempty"`
	Notice     string    `json:"notice"`
	Warnings   []Warning `json:"warnings"`
	// Findings are those on its lists, and Account is where each of them stands;
	// AddsUp: that is all of them.
	Findings int             `json:"findings"`
	Account  account.Account `json:"account"`
	AddsUp   bool            `json:"adds_up"`
	// Delay is what stood between the approval of its letters and their mailing;
	// nil while they are not approved.
	Delay *Delay `json:"delay,omitempty"`
	// Posting is what looks at its posting found, where the last one missed the notice;
	// nil else.
	Posting *Posting `json:"posting,omitempty"`
	// MediaSent are the records of single outlets that were told, while a duty to tell the
	// media is open.
	MediaSent breach.Facts `json:"media_sent,omitempty"`
	// Page is where it is with its page, in words, "" where it has none. Default is what
	// its contract makes of its silence after the day DefaultAfter; both only as asked
	// for, with --practice.
	Page         string     `json:"page,omitempty"`
	Default      string     `json:"default,omitempty"`
	DefaultAfter civil.Date `json:"default_after,omitzero"`
}

// Delay is the time between the day a practice's letters could have gone out
// and the day they did: a notice goes out without unreasonable delay, and the
// necessity of any is to be shown (42 U.S.C. 17932(d)(2)).
type Delay struct {
	// ReadyOn is the day of the last approval needed.
	ReadyOn civil.Date `json:"ready_on"`
	// SentOn is the day of mailing; zero while they are not mailed.
	SentOn civil.Date `json:"sent_on"`
	// Days is the number of days between the two.
	Days    int           `json:"days"`
	Reasons []DelayReason `json:"reasons"`
	// Unexplained are the days between without a reason.
	Unexplained []civil.Date `json:"unexplained"`
}

// DelayReason is a recorded reason, From through To.
type DelayReason struct {
	From civil.Date `json:"from"`
	To   civil.Date `json:"to"`
	Text string     `json:"text"`
	By   string     `json:"by"`
}

// ObligationStatus is one obligation with where it stands.
type ObligationStatus struct {
	breach.Obligation
	SettledOn civil.Date `json:"settled_on"`
	// Stage is the last warning passed: 30, 14, 7, 3, 1 days, due, overdue.
	Stage string `json:"stage"`
	Late  bool   `json:"late"`
	// DaysLate counts from the day after the due day (45 CFR 160.406).
	DaysLate int `json:"days_late"`
	// Moved lists earlier due days, oldest first.
	Moved []civil.Date `json:"moved,omitempty"`
}

// DaysLate counts, for one duty by itself, each day after its last one up to the
// day it was done, or to asOf while it is open (45 CFR 160.406). It is 0 while the
// duty has no day.
func DaysLate(due, settledOn, asOf civil.Date) int {
	until := asOf
	if !settledOn.IsZero() {
		until = settledOn
	}
	if due.IsZero() || !until.After(due) {
		return 0
	}
	return until.DaysSince(due)
}

// Summary is out/INCIDENT/summary.json, the contract's keys and a few more.
type Summary struct {
	Incident         string       `json:"incident"`
	Practices        int          `json:"practices"`
	People           int          `json:"people"`
	Letters          int          `json:"letters"`
	Pages            int          `json:"pages"`
	Batches          int          `json:"batches"`
	PracticeNotices  int          `json:"practice_notices"`
	HHSImmediate     int          `json:"hhs_immediate"`
	HHSAnnual        int          `json:"hhs_annual"`
	MediaNotices     int          `json:"media_notices"`
	RegulatorNotices int          `json:"regulator_notices"`
	Late             int          `json:"late"`
	Seconds          Seconds      `json:"seconds"`
	TemporalUI       string       `json:"temporal_ui"`
	Phase            string       `json:"phase"`
	Counts           LetterCounts `json:"counts"`
}

// Seconds are wall-clock times of the steps that take long.
type Seconds struct {
	Load   float64 `json:"load"`
	Plan   float64 `json:"plan"`
	Render float64 `json:"render"`
	Total  float64 `json:"total"`
}

// AnnualEntry is one line of the year-end log (45 CFR 164.408(c)).
type AnnualEntry struct {
	IncidentID  string     `json:"incident"`
	PracticeKey string     `json:"practice_key"`
	Practice    string     `json:"practice"`
	Discovered  civil.Date `json:"discovered"`
	Count       int        `json:"count"`
	Regime      string     `json:"regime"`
	Due         civil.Date `json:"due"`
	FiledOn     civil.Date `json:"filed_on"`
	Delegation  string     `json:"delegation"`
}

// StageReached is one deadline warning that became true.
type StageReached struct {
	IncidentID   string
	PracticeKey  string
	ObligationID string
	Stage        string
	At           time.Time
}
