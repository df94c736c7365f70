package casebook

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// Steps of the outbox, of which each is one e-mail to a practice.
const (
	// NoticeStep carries a practice's notice.
	NoticeStep = "practice_notice"
	// CodeStep carries the code for its page to its second mailbox.
	CodeStep = "practice_code"
)

// ReminderSteps is what every reminder's step begins with.
const ReminderSteps = "practice_reminder_"

// ReminderStep is the step of the reminder some days after the notice.
func ReminderStep(days int) string { return fmt.Sprintf(ReminderSteps+"%03d", days) }

// IsReminder reports whether a step of the outbox is a reminder.
func IsReminder(step string) bool { return strings.HasPrefix(step, ReminderSteps) }

// DefaultStep is what the ID of the act is made from by which a contract's default
// takes the place of a practice's answer (MessageID): there is one at most.
const DefaultStep = "practice_default"

// States of an e-mail. It is written as intended before anything is sent and
// is never sent again while its outcome is unknown.
const (
	MessageNone     = ""
	MessageIntended = "intended" // nothing was handed over yet
	MessageSending  = "sending"  // handed over, no answer yet: unknown if the process died here
	MessageSent     = "sent"     // the provider took it
	MessageToSend   = "to_send"  // written into the outbox folder; nobody has sent it as far as is known
	MessageRecorded = "recorded" // a person recorded that the practice was told, whatever became of the e-mail
	MessageBounced  = "bounced"  // taken by the provider, and did not arrive; a person must act
	MessageRejected = "rejected" // refused for good; a person must act
	MessageUnknown  = "unknown"  // may or may not have arrived; a person must find out
	MessageNoEmail  = "no_email" // the practice has no e-mail address; a person must send it by post
	MessageAgain    = "again"    // was refused or did not arrive, and a person said that e-mail goes there again
)

// Message is one e-mail to a practice; it carries no patient data.
type Message struct {
	ID    string
	State string
	// Attempt counts the e-mails of one step from 1: a notice that was refused or
	// came back is sent again as another one, and the earlier one stays on record.
	Attempt    int
	ProviderID string
	// Detail is the reason when it was rejected or came back, and of one that is
	// intended what keeps it from being handed over: Cause in our words, then, on a
	// line of its own, what the provider said.
	Detail string
	SentOn civil.Date
	// Tries counts in vain attempts to hand it over, RetryAt is when the next is
	// made; zero where none failed.
	Tries   int
	RetryAt time.Time
	// PacketSHA256 is what it was made from, as Practice's; "" until it is made.
	PacketSHA256 string
	// Changes is what the standing that lets it go out was worked out from (see
	// Standing). It is only looked at when a message is moved to MessageSending.
	Changes int
}

// Detail is a message's: what is wrong in our words, and in the provider's.
func Detail(ours, theirs string) string {
	if theirs == "" {
		return ours
	}
	return ours + "\n" + theirs
}

// Cause is what is wrong in our words: what a provider says may repeat what it was
// sent, and is kept in the database and shown from there (`notify --list`) only.
func (m Message) Cause() string {
	ours, _, _ := strings.Cut(m.Detail, "\n")
	return ours
}

// messageSpace makes message IDs of our own from incident, practice, step and
// attempt, so that the same attempt always has the same ID.
var messageSpace = uuid.MustParse("6f1f3f0e-6a55-5c0e-9d8e-3d2f1a7b9c10")

// MessageID is the ID of an attempt to send a step's e-mail.
func MessageID(incidentID, practiceKey, step string, attempt int) string {
	name := incidentID + "\x00" + practiceKey + "\x00" + step
	if attempt > 1 {
		name += fmt.Sprintf("\x00%d", attempt)
	}
	return uuid.NewSHA1(messageSpace, []byte(name)).String()
}

// MessageReference is how a record refers to a message.
func MessageReference(id string) string { return "e-mail " + id }

// MessageReferred is the ID of the message that a record's reference begins with,
// "" when it refers to none.
func MessageReferred(reference string) string {
	id, _, _ := strings.Cut(strings.TrimPrefix(reference, "e-mail "), ":")
	if parsed, err := uuid.Parse(id); err != nil || !strings.HasPrefix(reference, "e-mail ") || parsed.String() != id {
		return ""
	}
	return id
}

// MessageFile is what an attempt's file in the outbox is called, without its
// ending. Neither an underscore in an incident's id nor a tilde in a practice's
// key can make two of them one.
func MessageFile(incidentID, practiceKey string, attempt int) string {
	if attempt > 1 {
		return fmt.Sprintf("%s_%s~%d", incidentID, practiceKey, attempt)
	}
	return incidentID + "_" + practiceKey
}

// StepFile is MessageFile for the e-mail of any step.
func StepFile(incidentID, practiceKey, step string, attempt int) string {
	if step == NoticeStep {
		return MessageFile(incidentID, practiceKey, attempt)
	}
	file := incidentID + "_" + practiceKey + "~" + strings.TrimPrefix(step, "practice_")
	if attempt > 1 {
		file += fmt.Sprintf("~%d", attempt)
	}
	return file
}

// NoticeCounts are the notices that practices are still owed, by what became of
// the e-mail with them.
type NoticeCounts struct {
	// ToSend lie in the outbox folder until a person sends them.
	ToSend int `json:"to_send"`
	// KeptBack wait for `notify`, since the incident was started with --no-notices.
	KeptBack int `json:"kept_back"`
	// Stopped cannot be handed over at the moment; StoppedBy says why.
	Stopped   int    `json:"stopped"`
	StoppedBy string `json:"stopped_by"`
	Refused   int    `json:"refused"`
	Bounced   int    `json:"bounced"`
	Unknown   int    `json:"unknown"`
	NoEmail   int    `json:"no_email"`
}

// Notice is one practice's notice as `notify --list` shows it.
type Notice struct {
	Practice breach.Practice
	Message  Message
	// Owed: the practice has not been told as far as is recorded.
	Owed bool
}

// Kinds of letter to practices by post.
const (
	PostNotice   = "notice"
	PostReminder = "reminder"
)

// PostBatch is one batch of letters to practices, planned by an act and printed by a worker.
type PostBatch struct {
	IncidentID string
	ID         int
	Number     int
	// Kind is PostNotice or PostReminder.
	Kind   string
	Pieces []PostPiece
	// PrintedAt is zero while it is not printed.
	PlannedAt, PrintedAt time.Time
}

// PostPiece is one letter to a practice.
type PostPiece struct {
	Number      int
	PracticeKey string
	// Held is why it was not printed, "" where it was.
	Held string
}

// PostBatchState is a batch of letters to practices as people look at it.
type PostBatchState struct {
	Name, Kind string
	// ActID is the act's that asked for it.
	ActID               string
	Pieces, Held, Pages int
	// Unrecorded is how many of its letters nobody recorded as mailed.
	Unrecorded int
	// PrintedAt is zero while it is being printed.
	PrintedAt time.Time
}

// PostFact is the fact that the mailing of a letter of a kind is.
func PostFact(kind string) string {
	if kind == PostReminder {
		return breach.PracticeReminded
	}
	return breach.PracticeNotified
}

// HeldPost is a letter to a practice that was not printed.
type HeldPost struct {
	PracticeKey string
	Why         string
}

// PostBatchName is the folder of such a batch under mail/: "notices-001".
func PostBatchName(number int) string { return fmt.Sprintf("notices-%03d", number) }

// PostReference is how the record that a letter of a batch was mailed refers to it.
func PostReference(batch string) string { return "letter " + batch }

// PostBatchNumber reads a PostBatchName.
func PostBatchNumber(name string) (int, bool) {
	digits, found := strings.CutPrefix(name, "notices-")
	n, err := strconv.Atoi(digits)
	return n, found && err == nil && n > 0 && PostBatchName(n) == name
}

// MailRun is one printing of letters: every practice approved by then.
type MailRun struct {
	IncidentID string
	Number     int
	// MailOn is the date printed on the letters.
	MailOn  civil.Date
	Batches int
	Pieces  int
	// Residents is the number of people found in the incident when the run was
	// planned, for the States whose letters have to tell it: those a run is asked
	// for with a key.
	Residents map[string]int
}

// Letter is one piece: to one person, for the practices whose letters were joined
// into it (at least one), about the kinds of information all of them had. No Classes
// means the person's own. It is patient data.
type Letter struct {
	PieceID string
	// Serial is its number among all letters of the incident, from 1: what the mail's
	// barcode tells it from others by. 0 for a letter that is not mailed from here.
	Serial    int
	Person    breach.Person
	Practices []breach.Practice
	Classes   []breach.DataClass
	// Corrects is what it says of an earlier letter that it corrects, nil for most.
	Corrects *breach.Correction
}

// PieceLanguages are the letters in a language, for one reason.
type PieceLanguages struct {
	breach.LetterLanguage
	PieceIDs []string `json:"pieces"`
}

// HeldPiece is a letter that was held back, and why.
type HeldPiece struct {
	PieceID string
	Reason  breach.HeldReason
}

// Batch is one finished print file.
type Batch struct {
	Name   string
	Number int
	Pieces int
	Pages  int
	// PDF and CSV identify letters.pdf and pieces.csv.
	PDFSHA256, CSVSHA256 string
	PDFBytes, CSVBytes   int64
	// Seconds is how long rendering took, for the summary.
	Seconds float64
	// PrintedAt is the instant at which it was finished.
	PrintedAt time.Time
	// Languages are those of its letters that are not in English because nobody asked,
	// with why, those that are held back too. They are patient data.
	Languages []PieceLanguages `json:"languages,omitempty"`
	// Held are the pieces that could not be set as they should be; they wait for a person.
	Held []HeldPiece
}

// BatchName is the folder of a batch under mail/: "run-001-batch-0001".
func BatchName(run, number int) string { return fmt.Sprintf("run-%03d-batch-%04d", run, number) }

// BatchOf reads a BatchName: the run and the number.
func BatchOf(name string) (run, number int, ok bool) {
	_, err := fmt.Sscanf(name, "run-%d-batch-%d", &run, &number)
	return run, number, err == nil && BatchName(run, number) == name
}

// MailedBatch is a batch of letters on its way: planned, printed, mailed.
type MailedBatch struct {
	Name string
	// PrintedAt is zero while it is being printed.
	PrintedAt time.Time
	// MailedOn is zero while it is not recorded as mailed.
	MailedOn civil.Date
	// Withdrawn: every letter of it was recalled before any was mailed.
	Withdrawn bool
}

// noticeWords says what became of an e-mail, for a person.
var noticeWords = map[string]string{
	MessageNone: "not begun", MessageIntended: "about to be handed over", MessageSending: "being handed over",
	MessageSent: "accepted by the provider", MessageToSend: "to send: in the outbox", MessageRecorded: "recorded as told",
	MessageBounced: "did not arrive", MessageRejected: "refused", MessageUnknown: "not known whether it arrived",
	MessageNoEmail: "no e-mail address", MessageAgain: "did not arrive, may be sent again",
}

// NoticeWords says what became of the e-mail with a notice, by its state, for a person.
func NoticeWords(state string) string { return noticeWords[state] }
