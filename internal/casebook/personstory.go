package casebook

import (
	"time"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

// PersonStory is what became of one person as one practice knows them. With Person it is
// patient data; without, it says what happened to a key.
type PersonStory struct {
	PracticeKey string `json:"practice_key"`
	PersonKey   string `json:"person_key"`
	// Person is the row as it stands, nil for somebody who left the list.
	Person *breach.Person `json:"-"`
	// State is where the finding stands, and Why its reason; MailedOn and ToldOn are its days.
	State    account.State `json:"state"`
	Why      string        `json:"why,omitempty"`
	MailedOn civil.Date    `json:"mailed_on,omitzero"`
	ToldOn   civil.Date    `json:"told_on,omitzero"`
	// Lists are those of people that said something of the person, in order.
	Lists []PersonList `json:"lists"`
	// Letters are all that were planned for the person, in order.
	Letters []PersonLetter `json:"letters"`
	// Scans are what the Postal Service's machines saw of the letters, in order.
	Scans []PersonScan `json:"scans"`
	// Addresses are what services said of the address, in order.
	Addresses []PersonAddress `json:"addresses"`
	// Looks are who was shown the row, and why, in order.
	Looks []Reveal `json:"looks"`
}

// PersonList is a list of people that said something of a person.
type PersonList struct {
	Number   int       `json:"number"`
	SHA256   string    `json:"sha256"`
	By       string    `json:"by"`
	LoadedAt time.Time `json:"loaded_at"`
	// What it did: "added", "changed" or "removed".
	What string `json:"what"`
}

// PersonScan is one scan of a letter to a person.
type PersonScan struct {
	PieceID   string    `json:"piece_id"`
	At        time.Time `json:"at"`
	Operation string    `json:"operation,omitempty"`
	Facility  string    `json:"facility,omitempty"`
	// Kind is one of breach.ScanKinds.
	Kind string `json:"kind"`
}

// PersonAddress is what a service said of a person's address. With Was and Said it is
// patient data.
type PersonAddress struct {
	Check     int                   `json:"check"`
	CheckedOn civil.Date            `json:"checked_on"`
	Outcome   breach.AddressOutcome `json:"outcome"`
	// Was is the address that the person had then, and Said all that the service said.
	Was  breach.PostalAddress  `json:"-"`
	Said breach.CheckedAddress `json:"-"`
}

// PersonLetter is one letter to a person.
type PersonLetter struct {
	PieceID string `json:"piece_id"`
	Batch   string `json:"batch"`
	// PDFSHA256 is the hash of the batch's letters.pdf; "" before it was printed.
	PDFSHA256 string     `json:"pdf_sha256,omitempty"`
	PrintedAt time.Time  `json:"printed_at,omitzero"`
	MailedOn  civil.Date `json:"mailed_on,omitzero"`
	// Language is in which language it is, or was to be, and why; it is not known of letters
	// that an earlier program printed.
	Language breach.LetterLanguage `json:"language,omitzero"`
	// Held is why it was not printed, "" where it was.
	Held string `json:"held,omitempty"`
	// Superseded: another letter is owed in its place, or was printed.
	Superseded bool `json:"superseded,omitempty"`
	// ReturnedOn is when it came back, and ReturnedWhy one of breach.ReturnReasons.
	ReturnedOn  civil.Date `json:"returned_on,omitzero"`
	ReturnedWhy string     `json:"returned_why,omitempty"`
}
