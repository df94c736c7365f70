package casebook

import (
	"time"

	"duenotice/internal/account"
	"duenotice/internal/civil"
)

// Answers whether a letter that was recalled was itself a disclosure.
const (
	DisclosureYes = "yes"
	DisclosureNo  = "no"
)

// RecallTerms take letters back that are wrong; or with Disclosure answer whether letters
// that were taken back disclosed something to somebody, or with MailedOn say that letters
// which were withdrawn were mailed after all.
type RecallTerms struct {
	// Number counts the incident's recalls from 1; List is its number among the lists.
	Number int
	List   int `json:",omitempty"`
	// Why is one of breach.RecallReasons; Reason is what was found, in the person's words,
	// or why the answer is what it is.
	Why    string `json:",omitempty"`
	Reason string
	// Batches and Pieces are what was taken back, as it was named.
	Batches []string `json:",omitempty"`
	Pieces  []string `json:",omitempty"`
	// Told: the letters told their readers of the breach all the same, with all five
	// elements of 45 CFR 164.404(c)(1).
	Told bool `json:",omitempty"`
	// Sentence is what the corrected letters say of the first ones beside the program's own words.
	Sentence string `json:",omitempty"`
	// Withdrawn letters had not been mailed as far as was recorded, Mailed ones had.
	Withdrawn int `json:",omitempty"`
	Mailed    int `json:",omitempty"`
	// Unprinted are the letters that were planned with them and are not printed now.
	Unprinted int `json:",omitempty"`
	// Disclosure is DisclosureYes or DisclosureNo in an answer, "" otherwise.
	Disclosure string `json:",omitempty"`
	// MailedOn is the day on which letters that were withdrawn were mailed after all, "" otherwise.
	MailedOn string `json:",omitempty"`
}

// ReprintTerms let letters be printed that printing held back.
type ReprintTerms struct {
	// List is its number among the lists.
	List int
	// Letters wait again, as many as there are findings.
	Letters int
	// Reason is what was mended, in the person's words.
	Reason string
}

// Recall is one recall as it stands: what was taken back, and whether somebody answered
// whether the letters that were mailed were themselves a disclosure.
type Recall struct {
	Number    int       `json:"number"`
	Why       string    `json:"why"`
	Reason    string    `json:"reason"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
	Batches   []string  `json:"batches,omitempty"`
	Pieces    []string  `json:"pieces,omitempty"`
	Told      bool      `json:"told"`
	Withdrawn int       `json:"withdrawn"`
	Mailed    int       `json:"mailed"`
	// Disclosure is "" while nobody has answered; the latest answer counts.
	Disclosure       string `json:"disclosure"`
	DisclosureReason string `json:"disclosure_reason,omitempty"`
	AnsweredBy       string `json:"answered_by,omitempty"`
}

// Asks reports whether somebody has still to answer whether its letters were a disclosure:
// those that nobody got disclosed nothing.
func (r Recall) Asks() bool { return r.Mailed > 0 && r.Disclosure == "" }

// RecallsOf are the recalls that acts tell of, which come in their order.
func RecallsOf(acts []Act) []Recall {
	recalls := []Recall{}
	for _, a := range acts {
		t := a.Recall
		if t == nil {
			continue
		}
		if t.Disclosure == "" && t.MailedOn == "" {
			recalls = append(recalls, Recall{
				Number: t.Number, Why: t.Why, Reason: t.Reason, By: a.Who, At: a.At, Batches: t.Batches, Pieces: t.Pieces,
				Told: t.Told, Withdrawn: t.Withdrawn, Mailed: t.Mailed,
			})
			continue
		}
		for i := range recalls {
			r := &recalls[i]
			switch {
			case r.Number != t.Number:
			case t.MailedOn != "":
				r.Mailed, r.Withdrawn = r.Mailed+r.Withdrawn, 0
			default:
				r.Disclosure, r.DisclosureReason, r.AnsweredBy = t.Disclosure, t.Reason, a.Who
			}
		}
	}
	return recalls
}

// RecalledLetter is a letter that was taken back, for one practice that it writes for.
type RecalledLetter struct {
	PieceID, Batch         string
	PracticeKey, PersonKey string
	// MailedOn is zero where no mailing was recorded.
	MailedOn civil.Date
	// CameBack: the post returned it. State is where the person stands now, "" for somebody
	// who is on no list any more; Owed: another letter is owed.
	CameBack bool
	State    account.State
	Owed     bool
}
