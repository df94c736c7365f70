package casebook

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Engine stands as who recorded what the program itself did.
const Engine = "duenotice"

// Kinds of act, named as the CLI's commands.
const (
	ActAssess   = "assess"
	ActApprove  = "approve"
	ActDelegate = "delegate"
	ActHold     = "hold"
	ActRelease  = "release"
	ActAmend    = "amend"
	ActRecord   = "record"
	ActReplan   = "replan"
	ActReturns  = "returns"
	ActNotify   = "notify"
	ActAdopt    = "adopt"
	ActResume   = "resume"
	ActRecall   = "recall"
	ActReprint  = "reprint"
)

// Kinds of act that a practice does on its page, and an officer in its name.
const (
	ActContact = "contact"
	ActDispute = "dispute"
)

// Kinds of act on what is kept, and on what of it leaves or ends.
const (
	ActLegalHold    = "legal_hold"
	ActLegalRelease = "legal_release"
	ActHandOver     = "hand_over"
	// Destroying a data key cannot be undone: it is written down before and after.
	ActShred = "shred"
)

// Act is something a person did. It is written once, in the transaction that
// carries out what it says, and never changed.
type Act struct {
	// ID is derived from the act's content, so that the same act twice is the same act once.
	ID         string
	IncidentID string
	// PracticeKey is empty for acts on the whole incident.
	PracticeKey string
	Kind        string
	// Who acted, as given with --by: an officer's name, never a patient's.
	Who string
	// Identity is in whose session the act was asked for (access.Identity), "" where
	// nobody could tell.
	Identity string `json:",omitempty"`
	At       time.Time

	// One of these, as Kind says.
	Assess   *AssessTerms   `json:",omitempty"`
	Approve  *ApproveTerms  `json:",omitempty"`
	Delegate *DelegateTerms `json:",omitempty"`
	Hold     *breach.Hold   `json:",omitempty"`
	Release  *ReleaseTerms  `json:",omitempty"`
	Record   *RecordTerms   `json:",omitempty"`
	Replan   *ReplanTerms   `json:",omitempty"`
	Returns  *ReturnsTerms  `json:",omitempty"`
	Amend    *AmendTerms    `json:",omitempty"`
	Notify   *NotifyTerms   `json:",omitempty"`
	Adopt    *AdoptTerms    `json:",omitempty"`
	Resume   *ResumeTerms   `json:",omitempty"`
	Recall   *RecallTerms   `json:",omitempty"`
	Reprint  *ReprintTerms  `json:",omitempty"`
	Contact  *ContactTerms  `json:",omitempty"`
	Dispute  *DisputeTerms  `json:",omitempty"`

	LegalHold *LegalHoldTerms `json:",omitempty"` // also of its release
	HandOver  *HandOverTerms  `json:",omitempty"`
	Shred     *ShredTerms     `json:",omitempty"`
}

// Terms are what an act says, without whose it is and when: in JSON, the one of
// its terms that its kind has, and nothing else. They are how an act is stored,
// and what the ledger and its readers know of it.
type Terms struct {
	Act

	// These stand before the act's own fields of the same names and are never there.
	ID, IncidentID, PracticeKey, Kind, Who, Identity, At *struct{} `json:",omitempty"`
}

// Terms are the act's.
func (a Act) Terms() Terms { return Terms{Act: a} }

// Content is what makes two acts the same, as JSON: everything but when, under
// which ID and in whose session.
func (a Act) Content() ([]byte, error) {
	a.ID, a.Identity, a.At = "", "", time.Time{}
	a.Who = breach.PersonNamed(a.Who)
	return json.Marshal(a)
}

// RequestSHA256 is what somebody asks for who asks for the act, as the hash of
// its ID and Content in hexadecimal digits. With the ID, which is another one
// after something else was decided, nobody can have an earlier act done again.
func (a Act) RequestSHA256() (string, error) {
	content, err := a.Content()
	sum := sha256.Sum256(append([]byte(a.ID+"\n"), content...))
	return hex.EncodeToString(sum[:]), err
}

// AnswerSHA256 is what an answer on a practice's page asks for: the act's Content,
// as the hash in hexadecimal digits.
func (a Act) AnswerSHA256() (string, error) {
	content, err := a.Content()
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), err
}

// AssessTerms are a risk assessment's conclusion and answers.
type AssessTerms struct {
	Conclusion string
	Factors    breach.Factors
}

// ApproveTerms bind an approval to exactly what was looked at: one practice's
// papers, or the set of all that waited (see Waiting.SHA256).
type ApproveTerms struct {
	SHA256 string
}

// DelegateTerms are the practice's answer: all, letters or none.
type DelegateTerms struct {
	Delegation string
}

// ReleaseTerms end the incident's law-enforcement holds on a day.
type ReleaseTerms struct {
	On string // YYYY-MM-DD
}

// RecordTerms are a fact and its proof. The proof itself stays with the
// person; its hash and size prove which file it was.
type RecordTerms struct {
	Fact breach.Fact
	// PersonKey is whom a told_otherwise was about: the opaque key of a row of the list.
	PersonKey   string `json:",omitempty"`
	ProofSHA256 string
	ProofBytes  int64
	// Batches are the batches of letters that a LettersMailed is about, in order.
	Batches []string `json:",omitempty"`
}

// AgencyDuty is a duty to tell an agency: rule, jurisdiction, form and count are
// known. Of several practices the count is the largest.
type AgencyDuty struct {
	breach.Obligation
	// Open: the practice, or one of several, has not told it.
	Open bool
}

// ReplanTerms put an incident under another rulebook, with what the person who
// decided it was shown that this changes.
type ReplanTerms struct {
	FromVersion, FromSHA256 string
	ToVersion, ToSHA256     string
	// Obligations over all practices that are added, dropped, due on another day
	// or otherwise changed, and the hash over the list of them.
	Added, Dropped, Moved, Changed int
	DifferenceSHA256               string
}

// ReturnsTerms are a list of letters that came back.
type ReturnsTerms struct {
	// List is its number among the incident's lists, SHA256 the file's sum.
	List   int
	SHA256 string
	// Letters is the number of letters in it, or of e-mails, that no earlier list had.
	Letters int
	// Emails: it is of agreed e-mails that bounced.
	Emails bool `json:",omitempty"`
}

// NotifyTerms ask for a practice's notice to be sent, as which attempt; of the
// whole incident they let the notices go that were kept back.
type NotifyTerms struct {
	Attempt int `json:",omitempty"`
	// Post is the kind of letter that goes to practices by post instead (PostNotice,
	// PostReminder): to those of Practices, or with none to all who are owed one.
	Post      string   `json:",omitempty"`
	Practices []string `json:",omitempty"`
	// Batch is the number of the first batch they are printed in.
	Batch int `json:",omitempty"`
	// Step is the e-mail after the notice that came back, where e-mail shall go to the
	// practice's address again; "" for the notice itself. Attempt is the one that came back.
	Step string `json:",omitempty"`
}

// AdoptTerms are batches of letters that lie printed in the output folder, and that a
// database which was restored from a backup does not know.
type AdoptTerms struct {
	Batches []AdoptedBatch
}

// AdoptedBatch is a batch and the SHA-256 of its record, as somebody looked at it.
type AdoptedBatch struct{ Name, SHA256 string }

// ResumeTerms let printing go on that has paused at the halt line.
type ResumeTerms struct {
	// Seen is what the person saw who decided it: the lines begin anew from there.
	Seen breach.HaltCounts
	// Reason is what was found out, in the person's words.
	Reason string
}

// ContactTerms are whom a practice is written to from now on: the columns of
// practices.csv with the same names.
type ContactTerms struct {
	PrivacyOfficer, Email, Phone string
}

// DisputeTerms are people who, the practice says, are not its patients: opaque keys
// of rows of its list. An officer looks into it and takes them out with amend, or
// does not.
type DisputeTerms struct {
	PersonKeys []string
	// Keep says the opposite: somebody looked, and they stay, for the Reason.
	Keep   bool   `json:",omitempty"`
	Reason string `json:",omitempty"`
}

// LegalHoldTerms name what an incident's people are kept for beyond their
// retention: a lawsuit, an audit, an investigation.
type LegalHoldTerms struct {
	Matter string
}

// HandOverTerms are files that were given to somebody and removed here.
type HandOverTerms struct {
	// To is who has them now, as given by the person who handed them over.
	To string
	// Batch is the batch of letters they are, "" for a practice's list.
	Batch string `json:",omitempty"`
	Files []HandedFile
}

// HandedFile is a file as it lay on the disk, and the SHA-256 of what was in it.
type HandedFile struct {
	File
	Plain string
}

// ShredTerms are what is destroyed: the only key to an incident's people.
type ShredTerms struct {
	ClosedOn      civil.Date
	RetainedUntil civil.Date
	Findings      int
}

// Waiting is what waits for approval: each practice's papers hash, and one
// hash over them all for `approve --all`.
type Waiting struct {
	Practices []WaitingPractice
	// SHA256 is over "practice_key papers_sha256\n" in key order.
	SHA256 string
}

// WaitingPractice is one practice whose letters wait for approval.
type WaitingPractice struct {
	Key     string `json:"practice_key"`
	Name    string `json:"name"`
	People  int    `json:"people"`
	Letters int    `json:"letters"`
	// Minors and Deceased are the people whose letters speak of a child and of
	// somebody dead: for whoever approves to compare with what they expect.
	Minors       int      `json:"minors"`
	Deceased     int      `json:"deceased"`
	PapersSHA256 string   `json:"papers_sha256"`
	ApprovedBy   []string `json:"approved_by"`
	Needed       int      `json:"approvals_needed"`
}
