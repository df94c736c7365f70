package ledger

import (
	"crypto/sha256"
	"encoding/json"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Kinds of entry. In the incident's chain:
const (
	KindLoaded   = "incident_loaded"    // Loaded: the case folder
	KindAmended  = "list_loaded"        // Loaded: a further list of findings
	KindPhase    = "incident_phase"     // Phase
	KindMailRun  = "mail_run_planned"   // MailRun
	KindAnchor   = "anchor"             // Anchor
	KindKey      = "evidence_key"       // Key
	KindTimeMark = "timestamp_imported" // TimeMark
	// KindSearched is that somebody looked for a person by name; Result is a Reveal. It does
	// not say for whom.
	KindSearched = "person_searched"
	// KindTracing is what the Postal Service's machines saw of letters; Result is a Tracing.
	KindTracing = "letters_traced"
	// KindListOut is a list of people that was written for somebody outside to work with.
	KindListOut = "list_exported" // ListOut
	// KindAddressesChecked is what a service said of addresses.
	KindAddressesChecked = "addresses_checked" // AddressesChecked
	KindLooks            = "postings_looked"   // Looks
)

// In a practice's chain:
const (
	KindTouched   = "list_touched"     // Touched: a further list changed its people
	KindReturned  = "letters_returned" // Returned: a list of letters that came back
	KindRecalled  = "letters_recalled" // Recalled: letters that are wrong were taken back, or are printed again
	KindCorrected = "case_corrected"   // Corrected: practices.csv or incident.yaml was
	KindDecision  = "decision"         // Decision
	KindPapers    = "papers_made"      // Papers
	KindWorksheet = "worksheet_made"   // Papers: the worksheet and the calendar alone, made anew
	KindApproval  = "approval"         // Approval, given with approve --all
	KindPlanned   = "letters_planned"  // Letters: assigned to a mail run
	KindPrinted   = "letters_printed"  // Letters: every batch of the run is finished
	KindOverdue   = "overdue"          // Overdue
	KindClosed    = "practice_closed"  // Closed
	KindPosting   = "posting_looked"   // Posting: a look found its posting otherwise than the one before
	// KindAltered is what the program found changed past it; Ref tells one alteration
	// from another and names nobody; Result is an Altered.
	KindAltered = "altered"
)

// In either:
const (
	// KindAct is what a person did; Result is the act's terms.
	KindAct = "act"
	// KindReveal is a look at one patient's row; Result is a Reveal. It does not
	// say whose row: that is in the database alone.
	KindReveal = "reveal"
	// KindIntent is written before something that cannot be taken back, and
	// KindResult when its outcome is known, both with a Step.
	KindIntent = "intent"
	KindResult = "result"
	// KindRestarted is a workflow that was ended from outside and is started again;
	// Ref is the run that was ended, Result a Restarted.
	KindRestarted = "workflow_restarted"
	// KindRefused is something that came through Temporal and was not believed;
	// Result is a Refused.
	KindRefused = "payload_refused"
	// KindPage is that a practice got its page, KindPacket that its packet was sealed:
	// Inputs are the parts' sums.
	KindPage   = "page_made"
	KindPacket = "packet_sealed"
	// KindPageCode is that somebody gave the practice a code; Result has the way and until when.
	KindPageCode = "page_code_given"
	// What happened on the page is written by the database itself (migration 00190): opened
	// and with what (Ref), a part looked at or taken away (Ref), answered (Ref is the
	// answer's ID, Result its kind), a passkey added or removed, and codes that were tried
	// too often.
	KindPageOpened         = "page_opened"
	KindPageLooked         = "page_looked"
	KindPageDownloaded     = "page_downloaded"
	KindPageAnswered       = "page_answered"
	KindPagePasskeyAdded   = "page_passkey_added"
	KindPagePasskeyRemoved = "page_passkey_removed" //nolint:gosec // the name of an entry
	KindPageCodesEnded     = "page_codes_ended"
	// KindSigned is the paper that was made of an answer which a practice signed: Ref is
	// the answer's ID, Inputs has the paper's sum as proof.
	KindSigned = "answer_signed"
	// KindSessionsEnded is that somebody ended the practice's sessions; Result counts them.
	KindSessionsEnded = "page_sessions_ended"
)

// Things that cannot be taken back.
const (
	StepEmail    = "email"
	StepPost     = "post"
	StepBatch    = "batch"
	StepKeyShred = "key_shredding"
)

// Looks are looks at many practices' postings, made together. Each of them is a leaf of
// the tree whose root this is, so that the entry holds them all and tells no practice of
// the others (LookHead).
type Looks struct {
	On     civil.Date `json:"on"`
	Missed int        `json:"missed"`
	Anchor
}

// LookHead is the leaf of a look, which is text: no chain has an entry 0, so that it is
// none of a chain.
func LookHead(practice, text string) Head {
	return Head{Practice: practice, Hash: sha256.Sum256([]byte(text))}
}

// LookProof is a look with the proof that it is one of those of an entry of the
// incident's chain, which the proof names as its Anchor.
type LookProof struct {
	Look  string `json:"look"`
	Proof Proof  `json:"proof"`
}

// Posting is what a look at a practice's posting found, where that was news.
type Posting struct {
	URL     string     `json:"url"`
	On      civil.Date `json:"on"`
	Shown   bool       `json:"shown"`
	Problem string     `json:"problem,omitempty"`
	// Missed is the number of days so far on which no look found it.
	Missed int `json:"missed,omitempty"`
}

// Signed is the paper of an answer.
type Signed struct {
	Act    string `json:"act"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// SessionsEnded counts sessions of a practice that an officer ended.
type SessionsEnded struct {
	Sessions int `json:"sessions"`
}

// SourceInput begins the name of an input that is a file from which a list of findings
// was imported; its number follows.
const SourceInput = "source "

// Loaded is a list of findings taken in, with the case folder it came with if it is the first.
type Loaded struct {
	List      int `json:"list"`
	Rows      int `json:"rows"`
	Practices int `json:"practices"`
	Added     int `json:"added,omitempty"`
	Changed   int `json:"changed,omitempty"`
	Unchanged int `json:"unchanged,omitempty"`
	Removed   int `json:"removed,omitempty"`
	// Cleared are those of Removed of whom it turned out that nobody had seen their data,
	// Told those who had been told by then, by a letter or otherwise. Passed were on no list,
	// and nobody saw their data: they came on none.
	Cleared int `json:"cleared,omitempty"`
	Told    int `json:"told,omitempty"`
	Passed  int `json:"passed_over,omitempty"`
}

// Phase is where the incident is now.
type Phase struct {
	Phase    string     `json:"phase"`
	ClosedOn civil.Date `json:"closed_on,omitzero"`
}

// MailRun is one printing of letters, over all practices.
type MailRun struct {
	Run     int        `json:"run"`
	MailOn  civil.Date `json:"mail_on"`
	Batches int        `json:"batches"`
	Pieces  int        `json:"pieces"`
}

// Anchor holds where the practices' chains stood.
type Anchor struct {
	// Practices is the number of chains, Root the Merkle root over their Heads.
	Practices int  `json:"practices"`
	Root      Hash `json:"root"`
}

// Key publishes the key that evidence of the incident is signed with.
type Key struct {
	// Public is the Ed25519 public key in base64.
	Public string `json:"public"`
}

// TimeMark is an RFC 3161 response that was taken in.
type TimeMark struct {
	// PackSHA256 is the sum of the signed manifest it marks.
	PackSHA256 string `json:"pack_sha256"`
	Authority  string `json:"authority"`
	Time       string `json:"time"`
}

// Touched is what a further list did to a practice.
type Touched struct {
	List   int `json:"list"`
	People int `json:"people"`
}

// Corrected is what a correction of the case did to a practice.
type Corrected struct {
	// Of is practices or incident, as casebook.AmendTerms.
	Of   string `json:"of"`
	List int    `json:"list"`
	// Fields are the names of what changed: none where the practice was only
	// counted with one that changed.
	Fields []string `json:"fields"`
	// Papers: what is sent in the practice's name says something else, and
	// approvals given until then hold no more.
	Papers bool `json:"papers"`
}

// Altered is something in the database that is not what the program wrote.
type Altered struct {
	// People: a row of a person; else what is kept of the practice itself.
	People bool `json:"people"`
	// Columns are those in clear that differ from what was sealed; none where it is
	// the encrypted record.
	Columns []string `json:"columns,omitempty"`
}

// Returned is what a list of letters that came back did to a practice.
type Returned struct {
	List int `json:"list"`
	// Letters came back from an address that the practice still has on record.
	Letters int `json:"letters"`
	// NoUsableAddress is the number of its people now that no letter can reach.
	NoUsableAddress int `json:"no_usable_address"`
}

// Tracing is a file of scans of letters; Inputs has its sum.
type Tracing struct {
	// Scans are those of letters of the incident that were new, of Letters letters.
	Scans   int `json:"scans"`
	Letters int `json:"letters"`
}

// What a list that goes out is for.
const (
	ListOfAddresses = "addresses" // to be checked
	ListForCallers  = "callers"   // for a call centre
)

// ListOut is a list that was written for somebody outside; Inputs has its sum.
type ListOut struct {
	For  string `json:"for"`
	Rows int    `json:"rows"`
}

// AddressesChecked is what a service said of addresses; Inputs has the sum of its list.
type AddressesChecked struct {
	Check     int        `json:"check"`
	CheckedOn civil.Date `json:"checked_on"`
	// Outcomes are how many people there are of each (breach.AddressOutcomes).
	Outcomes map[string]int `json:"outcomes"`
	// List has the new addresses; 0 where there are none.
	List int `json:"list"`
}

// Recalled is what a recall did to a practice, or with Again that its letters which
// printing held back are to be printed again.
type Recalled struct {
	List int `json:"list"`
	// Recall is its number, 0 with Again.
	Recall int `json:"recall,omitempty"`
	// Withdrawn letters were not recorded as mailed, Mailed ones were.
	Withdrawn int `json:"withdrawn,omitempty"`
	Mailed    int `json:"mailed,omitempty"`
	Again     int `json:"again,omitempty"`
}

// Decision is what the law says of the practice, and what that changed.
type Decision struct {
	Notifiable bool       `json:"notifiable"`
	Reason     string     `json:"reason"`
	Discovered civil.Date `json:"discovered"`
	// PlanSHA256 is over the plan as saved.
	PlanSHA256 string   `json:"plan_sha256"`
	Changes    []Change `json:"changes"`
}

// Change is what a decision did to one duty.
type Change struct {
	ID string `json:"id"`
	// What is added, dropped, moved, settled, reopened, or restated where
	// neither its day nor its settlement changed.
	What      string     `json:"what"`
	OldDue    civil.Date `json:"old_due,omitzero"`
	SettledOn civil.Date `json:"settled_on,omitzero"`
	// Obligation is the duty as it is now; absent when dropped.
	Obligation *breach.Obligation `json:"obligation,omitempty"`
}

// Papers are the files of a practice's folder as made.
type Papers struct {
	PapersSHA256 string `json:"papers_sha256"`
	PacketSHA256 string `json:"packet_sha256"`
	Files        []File `json:"files"`
}

// File is one file by its content.
type File struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// Approval is one practice's share of approve --all.
type Approval struct {
	PapersSHA256 string `json:"papers_sha256"`
}

// Letters are a practice's letters in a mail run.
type Letters struct {
	Run int `json:"run"`
	// Findings were assigned; of them, when printed, Letters went out in this
	// practice's name, Joined went out in another's letter to the same person,
	// and Held wait for somebody to look.
	Findings int `json:"findings,omitempty"`
	Letters  int `json:"letters,omitempty"`
	Joined   int `json:"joined,omitempty"`
	Held     int `json:"held,omitempty"`
}

// Overdue is a duty whose day passed.
type Overdue struct {
	Obligation string     `json:"obligation"`
	Due        civil.Date `json:"due"`
}

// Closed ends a practice's case.
type Closed struct {
	On  civil.Date `json:"on"`
	Why string     `json:"why"`
}

// Step is something that cannot be taken back, before or after.
type Step struct {
	// What is one of the Step constants.
	What string `json:"what"`
	// State is where it stands: "intended", "sending", "sent", "finished".
	State string `json:"state"`
	// Detail is what else is known of it, by name: hashes, counts, a provider's id.
	Detail map[string]any `json:"detail,omitempty"`
}

// ResultOf reads a body's result.
func ResultOf[T any](b Body) (T, error) {
	var result T
	err := json.Unmarshal(b.Result, &result)
	return result, err
}

// Reveal is why one patient's row was looked at, and through which database login.
type Reveal struct {
	Reason string `json:"reason"`
	Login  string `json:"login"`
}

// Restarted is how a workflow was ended that Duenotice did not end.
type Restarted struct {
	// Ended is "terminated", "canceled", "failed", "timed out" or "gone".
	Ended string `json:"ended"`
}

// Refused is a payload that was given to something that it was not made for, or was
// not ours at all. Nothing was done with it.
type Refused struct {
	// Used is what it was given to.
	Used string `json:"used"`
	// Made is what it was made for, where that is known. It names no other practice:
	// a practice's pack tells of nobody else.
	Made string `json:"made,omitempty"`
	// Reason is why it was refused.
	Reason string `json:"reason"`
}
