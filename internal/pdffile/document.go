// Package pdffile binds pages that somebody else has drawn into a PDF file (ISO
// 32000-1). What every document needs alike is made once: the compressor, and the
// fonts cut down to what is printed. Drawing that stands on several pages, the words
// of a letter to a whole practice say, lies in the file once.
//
// It is pure: the same pages in the same order give the same bytes.
package pdffile

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
	"unicode/utf16"
)

// Names of the two faces in what is drawn: "/R 10 Tf" sets in the regular one.
const (
	Regular = "R"
	Bold    = "B"
)

// Content is drawing that lies in a document, for as many of its pages as like.
type Content struct{ object int }

// Document is a file being made. It is not safe for concurrent use.
type Document struct {
	// made are the objects so far, of which at says where each begins; the one with
	// number 1 is first.
	made bytes.Buffer
	at   []int
	// lies are the drawings that lie in it already, by their hash.
	lies  map[[sha256.Size]byte]Content
	pages []int
	used  [2]runes
	// shaped are the fonts of shaped text, in the order in which they were first used.
	shaped []*shapedFont
	// spoken are the languages of its parts (Speaks).
	spoken  []string
	title   string
	stamp   time.Time
	width   float64
	height  float64
	written bool
	// id is of everything that was drawn, and with the title the document's own.
	id hash.Hash
	// tree is the structure of a document that is read on a screen; nil where it is
	// printed. marked are its pages' marks.
	tree   *Node
	marked [][]*Node
}

// Objects with a number of their own; the others count on.
const (
	pageTree = 1 + iota
	resources
	info
	catalog
	firstFree
)

// New opens a document whose pages are width by height points. stamp is when it was
// made, as it says of itself.
func New(title string, stamp time.Time, width, height float64) *Document {
	return newDocument("1.4", title, stamp, width, height)
}

func newDocument(version, title string, stamp time.Time, width, height float64) *Document {
	d := &Document{lies: map[[sha256.Size]byte]Content{}, title: title, stamp: stamp, width: width, height: height, id: sha256.New()}
	d.at = make([]int, firstFree-1, 64)
	// The second line tells programs that copy files that this is no text.
	d.made.WriteString("%PDF-" + version + "\n%\xE2\xE3\xCF\xD3\n")
	fmt.Fprintf(d.id, "%s\n%s\n", title, stamp.UTC())
	return d
}

// Uses says that characters are printed in a face, which embeds them.
func (d *Document) Uses(bold bool, text string) {
	used := &d.used[0]
	if bold {
		used = &d.used[1]
	}
	for _, r := range text {
		used.add(r)
	}
}

// Add puts drawing into the document, unless the same lies there.
func (d *Document) Add(drawn []byte) Content {
	sum := sha256.Sum256(drawn)
	if lies, there := d.lies[sum]; there {
		return lies
	}
	made := Content{d.stream(deflated(drawn), "")}
	d.lies[sum] = made
	d.id.Write(sum[:])
	return made
}

// Page adds a page of drawings, the later over the earlier.
func (d *Document) Page(parts ...Content) { d.page("", parts) }

func (d *Document) page(keys string, parts []Content) {
	var of strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&of, " %d 0 R", part.object)
	}
	d.pages = append(d.pages, d.object(fmt.Sprintf("<</Type /Page /Parent %d 0 R /Resources %d 0 R /Contents [%s]%s>>", pageTree, resources, of.String()[1:], keys)))
}

// Pages is how many pages there are.
func (d *Document) Pages() int { return len(d.pages) }

// object adds an object and returns its number.
func (d *Document) object(content string) int {
	d.at = append(d.at, d.made.Len())
	fmt.Fprintf(&d.made, "%d 0 obj\n%s\nendobj\n", len(d.at), content)
	return len(d.at)
}

// numbered adds an object with a number of its own.
func (d *Document) numbered(number int, content string) {
	d.at[number-1] = d.made.Len()
	fmt.Fprintf(&d.made, "%d 0 obj\n%s\nendobj\n", number, content)
}

// stream adds what was deflated. keys are further entries of its dictionary.
func (d *Document) stream(deflated []byte, keys string) int {
	d.at = append(d.at, d.made.Len())
	fmt.Fprintf(&d.made, "%d 0 obj\n<</Length %d /Filter /FlateDecode%s>>\nstream\n", len(d.at), len(deflated), keys)
	d.made.Write(deflated)
	d.made.WriteString("\nendstream\nendobj\n")
	return len(d.at)
}

// WriteTo writes the file, once.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	if d.written {
		return 0, fmt.Errorf("the document %q is already written", d.title)
	}
	if len(d.pages) == 0 {
		return 0, fmt.Errorf("the document %q has no pages", d.title)
	}
	d.written = true
	faces := fmt.Sprintf("/%s %d 0 R /%s %d 0 R", Regular, d.embed(fontOf(false, d.used[0])), Bold, d.embed(fontOf(true, d.used[1])))
	for _, f := range d.shaped {
		faces += fmt.Sprintf(" /%s %d 0 R", f.name, d.embed(f.font()))
	}
	d.numbered(resources, fmt.Sprintf("<</ProcSet [/PDF /Text] /Font <<%s>>>>", faces))
	var kids strings.Builder
	for _, page := range d.pages {
		fmt.Fprintf(&kids, " %d 0 R", page)
	}
	d.numbered(pageTree, fmt.Sprintf("<</Type /Pages /Count %d /MediaBox [0 0 %g %g] /Kids [%s]>>", len(d.pages), d.width, d.height, kids.String()[1:]))
	when := d.stamp.UTC().Format("D:20060102150405")
	d.numbered(info, fmt.Sprintf("<</Producer %s /Title %s /CreationDate (%s) /ModDate (%s)>>", TextString("Duenotice"), TextString(d.title), when, when))
	keys := d.archived()
	if d.tree != nil {
		keys += d.structured()
	}
	d.numbered(catalog, fmt.Sprintf("<</Type /Catalog /Pages %d 0 R%s>>", pageTree, keys))
	if d.tree != nil {
		d.crossReferenceStream()
	} else {
		d.crossReferences()
	}
	return d.made.WriteTo(w)
}

// crossReferences end a file that is older than PDF 1.5: the place of each object.
func (d *Document) crossReferences() {
	table := d.made.Len()
	fmt.Fprintf(&d.made, "xref\n0 %d\n0000000000 65535 f \n", len(d.at)+1)
	for _, at := range d.at {
		fmt.Fprintf(&d.made, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&d.made, "trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n", len(d.at)+1, d.trailer(), table)
}

// trailer are the entries of every trailer. The identity is of what the document says,
// so that the same document has the same.
func (d *Document) trailer() string {
	sum := d.id.Sum(nil)[:16]
	return fmt.Sprintf(" /Root %d 0 R /Info %d 0 R /ID [<%X> <%X>]", catalog, info, sum, sum)
}

// TextString is a string that a reader shows, in whichever characters, as it is written in
// a document's objects and drawing.
func TextString(s string) string {
	units := utf16.Encode([]rune(s))
	coded := []byte{0xFE, 0xFF}
	for _, unit := range units {
		coded = binary.BigEndian.AppendUint16(coded, unit)
	}
	return fmt.Sprintf("<%X>", coded)
}
