package papers

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"duenotice/internal/breach"
)

// Piece is where a letter stands in its batch, and what a mail house's machines need to
// know of it. Pages count from 1. The address block is as addressed; it is patient data,
// and so are the address's parts and the barcode.
type Piece struct {
	PieceID      string
	FirstPage    int
	Pages        int
	AddressBlock []string
	// Window are the lines as the envelope's window shows them: the same address, as the
	// form has it printed. They are patient data too.
	Window []string

	Mail PieceMail
	// Variant is which words it has.
	Variant breach.Variant
	// Language is in which language it is, and why.
	Language breach.LetterLanguage
}

// PieceMail is a piece's address in parts, and how it is mailed.
type PieceMail struct {
	// Recipient are the lines of the address block before the street.
	Recipient                                     []string
	Address1, Address2, City, State, ZIP, Country string
	Sheets                                        int
	// PracticeKeys are the practices that it writes for, the sender's first.
	PracticeKeys []string
	// Language is its text's, BCP 47.
	Language string
	// Class is how it is mailed, in breach's words.
	Class string
	// IMb are the digits of its Intelligent Mail barcode, "" where it has none.
	IMb string
}

// pieceColumns are the columns of pieces.csv. The first four are those that there were
// first; whoever reads them by name or place finds them.
var pieceColumns = []string{
	"piece_id", "first_page", "pages", "address_block",
	"recipient1", "recipient2", "recipient3", "address1", "address2", "city", "state", "zip", "country",
	"sheets", "practice_key", "language", "mail_class", "imb",
}

// mostRecipients is how many lines stand before the street at most: a representative, in
// which capacity, and of whom.
const mostRecipients = 3

// PiecesCSV writes pieces.csv, a row for each piece in the order of the letters:
// address_block has its lines joined by newlines in one quoted cell, practice_key those
// of a joined letter separated by semicolons.
func PiecesCSV(w io.Writer, pieces []Piece) error {
	out := csv.NewWriter(w)
	if err := out.Write(pieceColumns); err != nil {
		return fmt.Errorf("writing pieces.csv: %w", err)
	}
	for i := range pieces {
		if err := out.Write(pieceRow(&pieces[i])); err != nil {
			return fmt.Errorf("writing pieces.csv: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing pieces.csv: %w", err)
	}
	return nil
}

func pieceRow(p *Piece) []string {
	recipient := make([]string, mostRecipients)
	copy(recipient, p.Mail.Recipient)
	row := []string{
		p.PieceID, strconv.Itoa(p.FirstPage), strconv.Itoa(p.Pages), strings.Join(p.AddressBlock, "\n"),
		recipient[0], recipient[1], recipient[2], p.Mail.Address1, p.Mail.Address2, p.Mail.City, p.Mail.State, p.Mail.ZIP, p.Mail.Country,
		strconv.Itoa(p.Mail.Sheets), strings.Join(p.Mail.PracticeKeys, ";"), p.Mail.Language, p.Mail.Class, p.Mail.IMb,
	}
	for i := range row {
		row[i] = Inert(row[i])
	}
	return row
}

// mailOf takes an address block apart as it was put together.
func mailOf(p *breach.Person, block []string) PieceMail {
	m := PieceMail{City: oneLine(p.City), State: oneLine(p.State), ZIP: hyphenated(oneLine(p.ZIP)), Address1: oneLine(p.Address1), Address2: oneLine(p.Address2)}
	below := 1 // the line of the city
	if !p.InUnitedStates() {
		m.Country = country(oneLine(p.Country))
		below++
	}
	for _, street := range []string{m.Address1, m.Address2} {
		if street != "" {
			below++
		}
	}
	m.Recipient = block[:max(len(block)-below, 0)]
	return m
}
