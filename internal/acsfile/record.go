package acsfile

import (
	"strings"

	"duenotice/internal/civil"
)

// Record is what the Postal Service says of one piece of mail.
type Record struct {
	// Line is where it stands in the file, from 1.
	Line int
	// Keyline is what the mailer printed above the address for itself, and Tracking the
	// first 20 digits of the Intelligent Mail barcode; either may be empty.
	Keyline, Tracking string
	// On is the day on which the Postal Service dealt with the piece.
	On civil.Date
	// Nixie says that it could not be delivered or forwarded; else it met an order to
	// change an address.
	Nixie bool
	// Code is the deliverability code; a space for an order with a new address.
	Code byte
	// Move is F for a family, I for one person and B for a business; a space of a nixie.
	Move byte
	// Action is what was done with the piece: F forwarded, R returned, and others for
	// pieces that were destroyed, or of which it is not known.
	Action byte
	// LastName and FirstName are whose order it is.
	LastName, FirstName string
	// New is where they moved, empty where it is not said.
	New Address
}

// Address is an address as an order for its change has it.
type Address struct{ Line1, Line2, City, State, ZIP string }

// forwarded is the action of a piece that went on to the new address.
const forwarded = 'F'

// CameBack reports whether the piece did not reach its addressee. One that was forwarded
// did, as far as the Postal Service knows. Of one of which is not known what was done it
// cannot be said that it was delivered.
func (r *Record) CameBack() bool { return r.Nixie || r.Action != forwarded }

// reasons are the words of a list of letters that came back (breach.ReturnReasons), by
// deliverability code. Nothing follows from which it is.
var reasons = map[byte]string{
	' ': "moved", 'K': "moved",
	'B': "insufficient_address", 'I': "insufficient_address", 'L': "insufficient_address",
	'P': "deceased", 'R': "refused",
	'C': "other", 'E': "other", 'U': "other", 'W': "other",
	'A': "undeliverable", 'D': "undeliverable", 'G': "undeliverable", 'M': "undeliverable", 'N': "undeliverable",
	'Q': "undeliverable", 'S': "undeliverable", 'V': "undeliverable", 'X': "undeliverable", 'Z': "undeliverable",
}

// Reason says why the piece came back, as breach.ReturnReasons.
func (r *Record) Reason() string {
	if reason, known := reasons[r.Code]; known {
		return reason
	}
	return "other"
}

// newAddress reads where somebody moved. The line that the Postal Service formatted for a
// label is taken as it is; without it the line is put together from its parts.
func newAddress(record string) Address {
	a := Address{Line1: newLabel.of(record), City: newCity.of(record), State: newState.of(record), ZIP: newZIP.of(record)}
	if plus := newPlus4.of(record); plus != "" && a.ZIP != "" {
		a.ZIP += "-" + plus
	}
	if a.Line1 == "" {
		a.Line1 = joined(record)
	}
	if urbanization := newUrbanization.of(record); urbanization != "" {
		// Puerto Rico: a street may be there once in each urbanization (Publication 28, 29).
		a.Line2 = "URB " + strings.TrimPrefix(urbanization, "URB ")
	}
	return a
}

// postBox is the type of an address at a post office, whose number stands last.
const postBox = "P"

func joined(record string) string {
	parts := []field{newPrimary, newPreDirection, newStreet, newSuffix, newPostDirection, newUnit, newSecondary}
	if newType.of(record) == postBox {
		parts = []field{newStreet, newPrimary, newUnit, newSecondary}
	}
	var words []string
	for _, part := range parts {
		if word := part.of(record); word != "" {
			words = append(words, word)
		}
	}
	if mailbox := newMailbox.of(record); mailbox != "" {
		words = append(words, "PMB", strings.TrimSpace(strings.TrimPrefix(mailbox, "PMB")))
	}
	return strings.Join(words, " ")
}
