package packet

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// Kinds of answer.
const (
	Received = "received" // the practice has its notice
	Delegate = "delegate" // all, letters or none
	Correct  = "contact"  // whom to write to
	NotOurs  = "not_ours" // these people are not its patients
	Told     = "told"     // it did something itself, on a day
)

// Answers lists them.
var Answers = []string{Received, Delegate, Correct, NotOurs, Told}

// MaxAttachment is how large a proof may be that a practice sends, in bytes.
const MaxAttachment = 10 << 20

// Answer is what a practice says on its page. It is kept sealed for the worker; of
// its content the database knows the kind and a hash.
type Answer struct {
	Kind string `json:"kind"`
	// Name and Title are who signs, as typed.
	Name  string `json:"name"`
	Title string `json:"title"`

	Delegation string   `json:"delegation,omitempty"`
	Contact    *Contact `json:"contact,omitempty"`
	// PersonKeys are rows of the practice's list, with Reason in the practice's own
	// words: it may name a patient, and goes nowhere but to an officer's screen.
	PersonKeys []string `json:"person_keys,omitempty"`
	Reason     string   `json:"reason,omitempty"`
	// Fact is what the practice did, with the proof's name, type and sum, if it sent one.
	Fact       *breach.Fact `json:"fact,omitempty"`
	ProofName  string       `json:"proof_name,omitempty"`
	ProofType  string       `json:"proof_type,omitempty"`
	ProofSHA   string       `json:"proof_sha256,omitempty"`
	ProofBytes int64        `json:"proof_bytes,omitempty"`
}

// Encode is the answer as it is sealed, and the hash that binds the act to it.
func (a Answer) Encode() (content []byte, sha string, err error) {
	content, err = json.Marshal(a)
	sum := sha256.Sum256(content)
	return content, hex.EncodeToString(sum[:]), err
}

// DecodeAnswer reads what Encode wrote.
func DecodeAnswer(content []byte) (a Answer, err error) {
	return a, json.Unmarshal(content, &a)
}

// Signer is the answer's name and title, as acts have who acted.
func (a Answer) Signer() string {
	name := strings.Join(strings.Fields(a.Name), " ")
	if title := strings.Join(strings.Fields(a.Title), " "); title != "" {
		return name + ", " + title
	}
	return name
}

// Act is what the answer asks for, without ID and time. It is the one place where
// an answer becomes an act: the page's server hashes it, and the worker carries
// out nothing else (casebook.Act.AnswerSHA256).
func (a Answer) Act(of Practice) (casebook.Act, error) {
	act := casebook.Act{IncidentID: of.IncidentID, PracticeKey: of.Key, Who: a.Signer()}
	switch {
	case a.Kind == Received && a.Fact != nil:
		act.Kind, act.Record = casebook.ActRecord, &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.Acknowledged, On: a.Fact.On}}
	case a.Kind == Delegate:
		act.Kind, act.Delegate = casebook.ActDelegate, &casebook.DelegateTerms{Delegation: a.Delegation}
	case a.Kind == Correct && a.Contact != nil:
		act.Kind, act.Contact = casebook.ActContact, &casebook.ContactTerms{PrivacyOfficer: a.Contact.PrivacyOfficer, Email: a.Contact.Email, Phone: a.Contact.Phone}
	case a.Kind == NotOurs && len(a.PersonKeys) > 0:
		act.Kind, act.Dispute = casebook.ActDispute, &casebook.DisputeTerms{PersonKeys: a.PersonKeys}
	case a.Kind == Told && a.Fact != nil && a.Fact.On != (civil.Date{}):
		act.Kind, act.Record = casebook.ActRecord, &casebook.RecordTerms{Fact: *a.Fact, ProofSHA256: a.ProofSHA, ProofBytes: a.ProofBytes}
	default:
		return casebook.Act{}, errors.New("this answer is not complete")
	}
	return act, nil
}

// Says is the answer in a few words for an officer's screen, without Reason.
func (a Answer) Says() string {
	switch {
	case a.Kind == Delegate:
		return a.Delegation
	case a.Contact != nil:
		return strings.Join([]string{a.Contact.PrivacyOfficer, a.Contact.Email, a.Contact.Phone}, ", ")
	case len(a.PersonKeys) > 0:
		return strings.Join(a.PersonKeys, ", ")
	case a.Fact != nil:
		words := []string{a.Fact.Kind, a.Fact.Jurisdiction, a.Fact.On.String(), a.Fact.Reference}
		if a.Fact.Count > 0 {
			words = append(words, strconv.Itoa(a.Fact.Count)+" people")
		}
		if a.ProofSHA != "" {
			words = append(words, "proof "+a.ProofSHA)
		}
		return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
	}
	return ""
}
