package pdffile

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
)

// What makes a file one for an archive (ISO 19005-2, PDF/A-2): it says what it is in
// XMP, names its language, and has the meaning of its colours in it. Fonts and what
// characters they show are in it anyway.

// Language is that of everything the program writes but for letters in other languages.
const Language = "en-US"

// Speaks says that a part of the document is in a language, BCP 47. The document's own is
// that of all its parts where they have one, else Language.
func (d *Document) Speaks(tag string) {
	if !slices.Contains(d.spoken, tag) {
		d.spoken = append(d.spoken, tag)
		slices.Sort(d.spoken)
	}
}

// languages are those of the document, its own first.
func (d *Document) languages() []string {
	all := []string{Language}
	for _, tag := range d.spoken {
		if tag != "en" {
			all = append(all, tag)
		}
	}
	if len(all) == 2 && len(d.spoken) == 1 {
		return all[1:]
	}
	return all
}

// archived adds what an archive asks for and returns the catalog's entries for it.
func (d *Document) archived() string {
	d.at = append(d.at, d.made.Len())
	described := d.described()
	// Programs that look through archives read it as it lies, so it is not compressed.
	fmt.Fprintf(&d.made, "%d 0 obj\n<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%s\nendstream\nendobj\n", len(d.at), len(described), described)
	metadata := len(d.at)
	profile := d.stream(screenColours(), " /N 3")
	return fmt.Sprintf(" /Lang (%s) /Metadata %d 0 R /ViewerPreferences <</DisplayDocTitle true>> "+
		"/OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile %d 0 R>>]",
		d.languages()[0], metadata, profile)
}

// described is the document's description in XMP (ISO 16684-1), the same as in its
// information dictionary.
func (d *Document) described() string {
	var title bytes.Buffer
	xml.EscapeText(&title, []byte(d.title)) //nolint:errcheck // a buffer takes everything
	level := "U"                            // every character can be read
	if d.tree != nil {
		level = "A" // and everything has its place in the reading
	}
	when := d.stamp.UTC().Format("2006-01-02T15:04:05")
	var b strings.Builder
	b.WriteString("<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>" +
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">" +
		"<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\"" +
		" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">")
	fmt.Fprintf(&b, "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>%s</pdfaid:conformance>", level)
	fmt.Fprintf(&b, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>", title.String())
	fmt.Fprintf(&b, "<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>", strings.Join(d.languages(), "</rdf:li><rdf:li>"))
	fmt.Fprintf(&b, "<pdf:Producer>Duenotice</pdf:Producer><xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>", when, when)
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>")
	return b.String()
}

// screenColours is a profile (ICC.1:2001-04) with sRGB's primaries and white and a
// gamma of 2.2, deflated: what our few greys and blues are meant as. It is made from
// the standard's numbers (IEC 61966-2-1, adapted to D50).
var screenColours = sync.OnceValue(func() []byte {
	xyz := func(x, y, z float64) []byte {
		made := append([]byte("XYZ "), 0, 0, 0, 0)
		for _, v := range []float64{x, y, z} {
			made = binary.BigEndian.AppendUint32(made, uint32(math.Round(v*65536)))
		}
		return made
	}
	curve := append([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x01"), 0x02, 0x33) // 2.2 in 256ths
	name := "sRGB\x00"
	described := append([]byte("desc\x00\x00\x00\x00"), 0, 0, 0, byte(len(name)))
	described = append(append(described, name...), make([]byte, 4+4+2+1+67)...)
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", described},
		{"cprt", []byte("text\x00\x00\x00\x00No copyright\x00")},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"rXYZ", xyz(0.4360, 0.2225, 0.0139)}, {"gXYZ", xyz(0.3851, 0.7169, 0.0971)}, {"bXYZ", xyz(0.1431, 0.0606, 0.7141)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	const head = 128
	var table, data []byte
	table = binary.BigEndian.AppendUint32(table, uint32(len(tags)))
	begin := head + 4 + 12*len(tags)
	for _, tag := range tags {
		table = append(table, tag.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(begin+len(data)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(tag.data)))
		data = append(data, tag.data...)
		for len(data)%4 != 0 {
			data = append(data, 0)
		}
	}
	profile := make([]byte, head)
	binary.BigEndian.PutUint32(profile, uint32(begin+len(data)))
	copy(profile[8:], "\x02\x10\x00\x00mntrRGB XYZ ")
	copy(profile[24:], "\x07\xD0\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00acsp")
	copy(profile[68:], xyz(0.9642, 1, 0.8249)[8:])
	return deflated(slices.Concat(profile, table, data))
})
