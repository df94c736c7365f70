package accesslog

import (
	"time"

	"duenotice/internal/accesslog/baseline"
)

// The files of the case folder that Run writes.
const (
	ReportJSON   = "access-report.json"
	ReportCSV    = "access-report.csv"
	ReportSVG    = "access-report.svg"
	PeopleFile   = "access-people.csv"
	LinesFile    = "access-lines.csv"
	UnknownFile  = "access-unknown.csv"
	FindingsFile = "access-findings.csv"
	BeforeFile   = "findings-before-access.csv"
	SourcesFile  = "access-sources.json"
	// EvidenceFile are the lines by which findings.csv was answered: further runs for other
	// accounts write access-lines.csv anew, and what is evidence has to stay.
	EvidenceFile = "findings-access-lines.csv"
)

// Report is access-report.json. It has accounts and counts, and nothing of a patient.
type Report struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Zone is that of hours of the day and of days.
	Zone     string      `json:"zone"`
	Rules    Rules       `json:"rules"`
	Logs     []LogReport `json:"logs"`
	Events   int         `json:"events"`
	Accounts struct {
		All int `json:"all"`
		// InWindow did something in the window; Left left what is usual; NotJudged have too
		// little baseline of their own and of their role.
		InWindow  int `json:"in_window"`
		Left      int `json:"left"`
		NotJudged int `json:"not_judged"`
	} `json:"accounts"`
	Roles []RoleReport `json:"roles"`
	// Shown are the accounts that left a baseline, and the chosen ones.
	Shown []AccountReport `json:"shown"`
	// UnknownActions are words for actions that the profile does not have, with their
	// lines: they count as views.
	UnknownActions map[string]int `json:"unknown_actions"`
	// CannotShow is what the logs cannot show. What concerns the window makes nobody's
	// answer no.
	CannotShow []Limit `json:"cannot_show"`
	// People is there when accounts were chosen.
	People *PeopleReport `json:"people,omitempty"`
}

// Rules are the numbers by which accounts are judged.
type Rules struct {
	FewestHours int     `json:"fewest_hours"`
	Spreads     float64 `json:"spreads"`
	Deviation   float64 `json:"mad_to_deviation"`
	Busy        float64 `json:"busy_share"`
	Chance      float64 `json:"chance"`
	Rare        float64 `json:"rare_share"`
}

func theRules() Rules {
	return Rules{baseline.FewestHours, baseline.Spreads, baseline.ToDeviation, baseline.Busy, baseline.Chance, baseline.Rare}
}

// LogReport is one log.
type LogReport struct {
	ID      string `json:"id"`
	File    string `json:"file"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
	Profile string `json:"profile"`
	// ProfileSHA256 is the hash of the profile's text.
	ProfileSHA256 string     `json:"profile_sha256"`
	Guessed       bool       `json:"guessed"`
	Events        int        `json:"events"`
	Failed        int        `json:"failed"`
	Other         int        `json:"other"`
	First         *time.Time `json:"first"`
	Last          *time.Time `json:"last"`
	// Unreadable are lines by why they are none.
	Unreadable map[string]int `json:"unreadable"`
}

// RoleReport is the baseline of a role.
type RoleReport struct {
	Role     string            `json:"role"`
	Accounts int               `json:"accounts"`
	Patients baseline.Baseline `json:"patients_an_hour"`
	Exports  baseline.Baseline `json:"exports_an_hour"`
	Unnamed  baseline.Baseline `json:"rows_without_patient_an_hour"`
	Hours    baseline.Hours    `json:"hours_of_the_day"`
}

// AccountReport is one account in the window.
type AccountReport struct {
	Account string `json:"account"`
	Role    string `json:"role"`
	Left    bool   `json:"left"`
	Judged  bool   `json:"judged"`
	Chosen  bool   `json:"chosen"`
	// Hours is how many hours of the window it was at work.
	Hours int    `json:"hours"`
	Signs []Sign `json:"signs"`
	// Course is its hours in the window, in UTC: all of a chosen account, of the others
	// those that their own baseline does not explain. At most 2,000.
	Course []Hour `json:"course"`

	own, role baseline.Counts
}

// Hour is one hour of an account.
type Hour struct {
	At       time.Time `json:"at"`
	Patients int       `json:"patients"`
	Exports  int       `json:"exports"`
	Unnamed  int       `json:"rows_without_patient"`
}

// Limit is something that the logs cannot show.
type Limit struct {
	Code string `json:"code"`
	// Log is the log's number, or the profile of logs that are read as one.
	Log  string     `json:"log,omitempty"`
	From *time.Time `json:"from,omitempty"`
	To   *time.Time `json:"to,omitempty"`
	// Line is the first line it concerns, Count how many.
	Line  int `json:"line,omitempty"`
	Count int `json:"count,omitempty"`
	// Seconds is by how much a clock was off.
	Seconds int `json:"seconds,omitempty"`
	// Within: it can concern the window, so that nobody's answer is no.
	Within bool `json:"within_window"`
}

// The limits.
const (
	LimitGap        = "gap"
	LimitBegins     = "begins_late"
	LimitEnds       = "ends_early"
	LimitUnreadable = "lines_unreadable"
	LimitClock      = "clock_off"
	LimitFuture     = "clock_in_future"
	LimitHour       = "hour_unclear"
	LimitUnnamed    = "no_patient_named"
	LimitSilent     = "account_silent"
)

// Explain says what a limit means.
func (l Limit) Explain() string {
	return map[string]string{
		LimitGap:        "there is no line, though usually there are some at that time",
		LimitBegins:     "the log begins after the window does",
		LimitEnds:       "the log ends before the window does",
		LimitUnreadable: "lines cannot be read, and who they are about nobody knows",
		LimitClock:      "the times go back and forth by more than five minutes: a clock was off, or the file was put together",
		LimitFuture:     "times are later than now: a clock was off",
		LimitHour:       "the clocks were changed in that hour: times without an offset can be off by an hour",
		LimitUnnamed:    "lines of the chosen accounts name no patient, such as a query over many",
		LimitSilent:     "a chosen account has no line in the window",
	}[l.Code]
}

// PeopleReport is what came of the chosen accounts.
type PeopleReport struct {
	Accounts []string `json:"accounts"`
	// IDs is the system whose ids the logs were taken to have.
	IDs string `json:"ids"`
	// Rows of the case's list by the answer.
	Yes     int `json:"yes"`
	No      int `json:"no"`
	Unknown int `json:"unknown"`
	// NoLeftOut says that the rows answered with no are not in the list that was written.
	NoLeftOut bool `json:"no_left_out"`
	// Reasons are the rows by why they were answered so.
	Reasons map[string]int `json:"reasons"`
	// Touched is how many people the accounts reached, Viewed, Changed and Exported how
	// many of them in which way; OnlyFailed were asked for and not given.
	Touched    int `json:"touched"`
	Viewed     int `json:"viewed"`
	Changed    int `json:"changed"`
	Exported   int `json:"exported"`
	OnlyFailed int `json:"only_failed"`
	// NotInList is how many of them the case's list does not have, and AtOtherPractice how
	// many it has, but not at the practice that the log names.
	NotInList       int `json:"not_in_list"`
	AtOtherPractice int `json:"at_other_practice"`
	Lines           int `json:"lines"`
	// The hashes of the files written; FindingsWritten says that findings.csv has them too.
	LinesSHA256     string `json:"lines_sha256"`
	PeopleSHA256    string `json:"people_sha256"`
	FindingsSHA256  string `json:"findings_sha256"`
	FindingsWritten bool   `json:"findings_written"`
	// ThirdFactor is what the logs say of 45 CFR 164.402(2)(iii), for whoever assesses.
	ThirdFactor string `json:"third_factor"`
}

// Why a row of the list was answered as it was.
const (
	ReasonTouched       = "touched"
	ReasonTouchedAll    = "touched_practice_not_told"
	ReasonTouchedOther  = "touched_at_other_practice"
	ReasonListSays      = "list_says_yes"
	ReasonFailed        = "only_failed"
	ReasonNotTouched    = "not_touched"
	ReasonLogIncomplete = "log_incomplete"
	ReasonNotInLog      = "not_known_to_log"
)

// ExplainReason says what a reason means.
func ExplainReason(reason string) string {
	return map[string]string{
		ReasonTouched:       "the chosen accounts reached the person at that practice",
		ReasonTouchedAll:    "they reached the person, and the log does not say at which practice, or at one that the list of practices does not have",
		ReasonTouchedOther:  "they reached the person at a practice where the list does not have them",
		ReasonListSays:      "the list itself says yes, and the logs do not make that a no",
		ReasonFailed:        "they asked for the person's record, and the log says that it was not given",
		ReasonNotTouched:    "the logs have everything of those accounts and times, and not this person",
		ReasonLogIncomplete: "not in the log, which has not everything of those accounts and times",
		ReasonNotInLog:      "not in the log, and it is not certain by which id the log would name the person",
	}[reason]
}
