package pdffile

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"duenotice/internal/typeface"
)

// runes are characters that a document prints in a face, beside those of every one.
type runes struct{ others map[rune]bool }

func (u *runes) add(r rune) {
	if r < ' ' || r < 0x80 && isCommon[r] || r == '’' {
		return
	}
	if u.others == nil {
		u.others = map[rune]bool{}
	}
	u.others[r] = true
}

// common are the characters that every document has in its fonts, printed or not. The
// others are those of its own words, nearly the same for all documents of a kind, so
// that most have fonts that were cut and compressed before. A letter that nothing
// prints is some sixty bytes.
const common = " ().,-/0123456789:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz’"

// isCommon marks those of them that are ASCII.
var isCommon = func() (is [0x80]bool) {
	for _, r := range common {
		if r < 0x80 {
			is[r] = true
		}
	}
	return is
}()

// all are the characters to embed, in order.
func (u *runes) all() []rune {
	return slices.AppendSeq([]rune(common), maps.Keys(u.others))
}

// font is a face as it is embedded.
type font struct {
	cut typeface.Cut
	// name has the tag of a subset before it (ISO 32000-1 section 9.6.4): programs that
	// join documents take fonts of one name for the same.
	name string
	file []byte
	// glyphs tells a reader which glyph each character is.
	glyphs []byte
	// toUnicode tells a reader which character each code is.
	toUnicode []byte
	widths    string
}

// maxFonts bounds the memory of the fonts that are kept: some 15 KB each.
const maxFonts = 256

var fonts = struct {
	sync.Mutex
	kept map[string]*font
}{kept: map[string]*font{}}

// fontOf is a face with characters, made now or before.
func fontOf(bold bool, used runes) *font {
	all := used.all()
	slices.Sort(all)
	key := fmt.Sprint(bold) + string(all)
	fonts.Lock()
	made := fonts.kept[key]
	fonts.Unlock()
	if made != nil {
		return made
	}
	made = newFont(typeface.CutTo(bold, all))
	fonts.Lock()
	defer fonts.Unlock()
	if len(fonts.kept) >= maxFonts {
		clear(fonts.kept)
	}
	fonts.kept[key] = made
	return made
}

func newFont(cut typeface.Cut) *font {
	// Two bytes for each code up to the last that is printed: the number of its glyph.
	glyphs := make([]byte, 2*(cut.Runes[len(cut.Runes)-1]+1))
	for i, r := range cut.Runes {
		glyphs[2*r], glyphs[2*r+1] = byte(cut.Glyphs[i]>>8), byte(cut.Glyphs[i])
	}
	return &font{
		cut: cut, name: tagged(cut), file: deflated(cut.File), glyphs: deflated(glyphs),
		toUnicode: deflated([]byte(toUnicode(cut.Runes))), widths: widthsOf(cut),
	}
}

// tagged is the name of a cut font, with the tag of a subset before it.
func tagged(cut typeface.Cut) string {
	sum := sha256.Sum256(cut.File)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag) + "+" + cut.Name
}

// embed adds a font and returns the number of its object.
func (d *Document) embed(f *font) int {
	file := d.stream(f.file, fmt.Sprintf(" /Length1 %d", len(f.cut.File)))
	glyphs := d.stream(f.glyphs, "")
	names := d.stream(f.toUnicode, "")
	// Symbolic: its characters are not those of Adobe's Latin set alone.
	const symbolic, forceBold = 1 << 2, 1 << 18
	flags, stem := symbolic, 50+(f.cut.Weight*f.cut.Weight)/(65*65)
	if f.cut.Weight > 400 {
		flags |= forceBold
	}
	descriptor := d.object(fmt.Sprintf("<</Type /FontDescriptor /FontName /%s /Flags %d /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight %d /StemV %d /FontFile2 %d 0 R>>",
		f.name, flags, f.cut.Box[0], f.cut.Box[1], f.cut.Box[2], f.cut.Box[3], f.cut.Ascent, f.cut.Descent, f.cut.CapHeight, stem, file))
	descendant := d.object(fmt.Sprintf("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /CIDToGIDMap %d 0 R /W [%s]>>",
		f.name, descriptor, glyphs, f.widths))
	return d.object(fmt.Sprintf("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>",
		f.name, descendant, names))
}

// widthsOf is the array of the characters' widths, by stretches without a gap.
func widthsOf(cut typeface.Cut) string {
	var b strings.Builder
	for i, r := range cut.Runes {
		switch {
		case i == 0:
			fmt.Fprintf(&b, "%d [", r)
		case cut.Runes[i-1] != r-1:
			fmt.Fprintf(&b, "] %d [", r)
		default:
			b.WriteByte(' ')
		}
		fmt.Fprint(&b, cut.Widths[i])
	}
	b.WriteByte(']')
	return b.String()
}

// toUnicode says that every code is its character's number: what a reader that
// searches, copies or reads aloud goes by. Only the last byte counts up within a range
// (ISO 32000-1 section 9.10.3), so there is one for each block of 256 that is printed.
func toUnicode(all []rune) string {
	var blocks []rune
	for _, r := range all {
		blocks = append(blocks, r>>8)
	}
	blocks = slices.Compact(blocks)
	var b strings.Builder
	b.WriteString(mapBegins)
	// A list of ranges has at most 100 (Adobe Technical Note 5014).
	for part := range slices.Chunk(blocks, 100) {
		fmt.Fprintf(&b, "%d beginbfrange\n", len(part))
		for _, block := range part {
			fmt.Fprintf(&b, "<%02X00> <%02XFF> <%02X00>\n", block, block, block)
		}
		b.WriteString("endbfrange\n")
	}
	b.WriteString(mapEnds)
	return b.String()
}

// Every map of codes to characters begins and ends so (Adobe Technical Note 5014).
const (
	mapBegins = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
	mapEnds = "endcmap\nCMapName currentdict /CMap defineresource pop\n" + endDictionary + endDictionary

	endDictionary = "end\n"
)
