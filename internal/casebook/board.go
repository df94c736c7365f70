package casebook

import (
	"time"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Board is an incident as the officers' board shows it: what status says, and counts
// over its practices as they stood at the same moment.
type Board struct {
	// At is the instant of which it tells.
	At       time.Time
	Incident Incident
	Status   Status
	// DueSoon is how many practices have something open due within seven days, today
	// included, and nothing late.
	DueSoon int
	// Duties are the open duties, counted.
	Duties []DutyCount
	// Told counts the practices of which patients are owed notice (45 CFR 164.404), by
	// the day on which all of them were told.
	Told []ToldCount
	// Ladder counts the duties to tell HHS by the number of people HHS is told of, and
	// Near are those close to 500.
	Ladder []LadderStep
	Near   []NearLine
	// Media are the duties to tell the media (45 CFR 164.406), by State.
	Media []MediaCount
	// Returns are the letters that came back, by reason.
	Returns []ReturnCount
	// PostingsAmiss is how many practices' notices the last look missed on their page.
	PostingsAmiss int
	// Disputing is how many practices say of somebody that they are not their patient,
	// whom nobody has looked into.
	Disputing int
	// Calls are practices with a page that say nothing, whom somebody has to call, and
	// Posted the batches of letters to practices.
	Calls  []CallCount
	Posted []PostBatchState
}

// DutyCount is how many open duties are alike.
type DutyCount struct {
	// Obligation has its Kind, Form and Regime, and nothing else.
	Obligation breach.Obligation
	// Delegation is what their practices delegated.
	Delegation string
	// Notice is the state of the latest e-mail with the notice to their practices and
	// NoticeOwed that those were not told yet: of duties that the notice fulfils only.
	Notice     string
	NoticeOwed bool
	// Duties are how many, Late how many of them are late, Due the first of their days,
	// zero where they have none.
	Duties, Late int
	Due          civil.Date
}

// ToldCount is how many practices told their last patient on a day.
type ToldCount struct {
	// On is zero for those of which somebody is not told.
	On        civil.Date
	Practices int
}

// Ladder says how practices are counted by their number of people.
type Ladder struct {
	// Steps are where the steps begin, in rising order.
	Steps []int
	// Line is the number that decides, of which those from Least through Most are near.
	Line, Least, Most int
}

// LadderStep is one step of the ladder of practices: From people up to the next step.
type LadderStep struct {
	From int `json:"from"`
	// Practices are counting entities: those that are counted together stand once.
	Practices int `json:"practices"`
	// Immediate are those that tell HHS with the letters, the others by its yearly log
	// (45 CFR 164.408).
	Immediate int `json:"immediate"`
}

// NearLine is a practice whose number of people is close to 500.
type NearLine struct {
	PracticeKey, Name string
	Count             int
	Immediate         bool
	Due, SettledOn    civil.Date
}

// MediaCount are the duties to tell the media of one State.
type MediaCount struct {
	State              string
	Duties, Open, Late int
	// Due is the first day of those that are open, Most the largest number of people.
	Due  civil.Date
	Most int
}

// ReturnCount is how many letters came back for a reason, one of breach.ReturnReasons or "".
type ReturnCount struct {
	Reason  string
	Letters int
}

// HeldLine are letters of a practice that are held back or came back, for one reason.
type HeldLine struct {
	PracticeKey, Name string
	State             account.State
	// Why is as account.Line's.
	Why    string
	People int
}

// PageLine is a practice's page: when it was made, first opened and first answered, the
// last two zero for not yet.
type PageLine struct {
	PracticeKey, Name            string
	NextDue                      civil.Date
	Late                         bool
	MadeAt, OpenedAt, AnsweredAt time.Time
}

// SentMessage is an e-mail to a practice and when it came into its state.
type SentMessage struct {
	Message
	Step    string
	MovedAt time.Time
}

// PracticeLine is a practice in a list of many.
type PracticeLine struct {
	Key, Name   string
	Phase       Phase
	People      int
	Delegation  string
	NextDue     civil.Date
	Late        bool
	NeedsPerson string
	Notice      string
}

// StatusLine is a practice in the list that status shows, with how many of its duties are
// open and done, and who approved its letters as they are.
type StatusLine struct {
	PracticeLine
	Open, Settled int
	Approvals     []string
}
