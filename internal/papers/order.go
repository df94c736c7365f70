package papers

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/internal/envelope"
)

// OrderInput is what a mail house is to print and mail. It holds no patient data.
type OrderInput struct {
	Incident breach.Incident
	Batches  []OrderBatch
	// Dated is the day on the letters, MailBy the last day to mail them.
	Dated, MailBy civil.Date
	OrderedOn     civil.Date
}

// OrderBatch is one batch by its counts and files.
type OrderBatch struct {
	Name          string
	Pieces, Pages int
	Sheets        int
	// BySheets counts letters by how many sheets they have, Classes by how they are mailed.
	BySheets map[int]int
	Classes  map[string]int
	Files    []OrderFile
}

// OrderFile is a file as it is handed over.
type OrderFile struct {
	Name, SHA256 string
	Bytes        int64
}

type orderView struct {
	Incident, Entity, Contact string
	Pieces, Sheets, Count     string
	MailOn, Dated             string
	SidesWords                string
	// Envelope is the form that the letters are set for, in words.
	Envelope string
	Barcode  bool
	Mailer   string
	Classes  []orderClass
	Batches  []orderBatchView
	Files    []string
}

type orderClass struct{ Class, Pieces, How string }

type orderBatchView struct{ Name, Pieces, Pages, Sheets, BySheets string }

// envelopeWords is a form of envelope as a mail house orders it.
func envelopeWords(form envelope.Form) string {
	form = form.OrStandard()
	words := fmt.Sprintf("Folded %.3g inches below the top, the address outside, into %s envelopes of %.4g by %.4g inches with a window of %.4g by %.4g inches, %.4g inch from the left and %.4g inch above the foot.",
		form.Fold, form.Name, form.Width, form.Height, form.Address.Width, form.Address.Height, form.Address.Left, form.Address.Bottom)
	if form.Return == (envelope.Window{}) {
		return words + " Use no envelope with a second window."
	}
	return words + fmt.Sprintf(" The sender's window is %.4g by %.4g inches, %.4g inch from the left and %.4g inch above the foot.",
		form.Return.Width, form.Return.Height, form.Return.Left, form.Return.Bottom)
}

// classWords are classes of mail for a mail house.
var classWords = map[string][2]string{
	breach.FirstClass:          {"First-Class Mail", "single pieces, metered or stamped"},
	breach.FirstClassPresorted: {"First-Class Mail, presorted", "commercial letters, sorted by you; the files are in ZIP order"},
	breach.International:       {"First-Class Mail International", "by airmail; the last line has the country"},
}

// Order is the order sheet for batches of letters, as a PDF. The same order gives the
// same bytes.
func Order(in OrderInput) ([]byte, error) {
	text, err := render(orderText, viewOrder(in))
	if err != nil {
		return nil, err
	}
	return typeset(fmt.Sprintf("Order to print and mail · incident %s", oneLine(in.Incident.ID)), text, in.OrderedOn)
}

func viewOrder(in OrderInput) orderView {
	e, run := in.Incident.Entity, in.Incident.PrintRun
	v := orderView{
		Incident: data(in.Incident.ID), Entity: data(e.Name), Contact: data(cmp.Or(run.Contact, strings.Join(waysTo(e), ", "))),
		MailOn: in.MailBy.Long(), Dated: in.Dated.Long(), Barcode: run.HasBarcode(), Mailer: data(run.MailerID),
		Envelope: data(envelopeWords(in.Incident.Letters.Envelope)), SidesWords: "Both sides of the sheet.", Count: counted(len(in.Batches), "batch", "batches"),
	}
	if run.OneSided() {
		v.SidesWords = "One side of the sheet; the backs stay white."
	}
	pieces, sheets, classes := 0, 0, map[string]int{}
	for _, b := range in.Batches {
		pieces, sheets = pieces+b.Pieces, sheets+b.Sheets
		for class, n := range b.Classes {
			classes[class] += n
		}
		var by []string
		for _, n := range slices.Sorted(maps.Keys(b.BySheets)) {
			by = append(by, fmt.Sprintf("%s of %s", thousands(b.BySheets[n]), counted(n, "sheet", "sheets")))
		}
		v.Batches = append(v.Batches, orderBatchView{data(b.Name), thousands(b.Pieces), thousands(b.Pages), thousands(b.Sheets), strings.Join(by, ", ")})
		for _, f := range b.Files {
			v.Files = append(v.Files, fmt.Sprintf("%s/%s, %s bytes, SHA-256 %s", data(b.Name), data(f.Name), thousands(int(f.Bytes)), data(f.SHA256)))
		}
	}
	for _, class := range slices.Sorted(maps.Keys(classes)) {
		words := classWords[class]
		v.Classes = append(v.Classes, orderClass{words[0], thousands(classes[class]), words[1]})
	}
	v.Pieces, v.Sheets = counted(pieces, "letter", "letters"), counted(sheets, "sheet", "sheets")
	return v
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// Sums adds up the pieces of a batch for its order.
func Sums(pieces []Piece) (sheets int, bySheets map[int]int, classes map[string]int) {
	bySheets, classes = map[int]int{}, map[string]int{}
	for i := range pieces {
		m := &pieces[i].Mail
		sheets += m.Sheets
		bySheets[m.Sheets]++
		classes[m.Class]++
	}
	return sheets, bySheets, classes
}
