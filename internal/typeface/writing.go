package typeface

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	"github.com/klauspost/compress/zstd"

	"duenotice/templates"
)

// Font is a font whose characters are set by shaping: one of a further writing
// system, or Noto Sans itself where a mark has to be put in its place.
type Font struct {
	// bold says that the font is bold itself. The fonts of further writing systems
	// have one weight, which is emboldened where it is needed.
	bold bool
	// file is its name in templates/fonts/scripts, "" for Noto Sans.
	file string
	read func() *shaped
}

// shaped is a font that was read, with what shaping it takes.
type shaped struct {
	source *source
	runes  *font.Font
	// dotted is the glyph of the dotted circle, which shaping puts under a mark that
	// has no letter, 0 where the font has none.
	dotted uint16
	// placesMarks says that what follows a letter in it is a mark, which has its place.
	placesMarks bool

	// One text is shaped at a time: the shaper's caches are not for several.
	mutex  sync.Mutex
	shaper *harfbuzz.Font
	buffer *harfbuzz.Buffer
}

// newFont makes a font of templates/fonts/scripts, which is read when something is
// first set in it.
func newFont(file string) *Font {
	return &Font{file: file, read: sync.OnceValue(func() *shaped {
		ttf, err := fs.ReadFile(templates.Scripts(), file)
		if err != nil {
			panic(fmt.Sprintf("typeface: a font is not embedded: %v", err))
		}
		return readShaped(ttf)
	})}
}

func readShaped(ttf []byte) *shaped { return readShapedOf(readSource(ttf), ttf) }

// readShapedOf reads a font for shaping from a file that can lack its outlines.
func readShapedOf(outlines *source, ttf []byte) *shaped {
	face, err := font.ParseTTF(bytes.NewReader(ttf))
	if err != nil {
		panic(fmt.Sprintf("typeface: an embedded font cannot be read: %v", err))
	}
	s := &shaped{source: outlines, runes: face.Font, shaper: harfbuzz.NewFont(face), buffer: harfbuzz.NewBuffer()}
	if glyph, has := face.NominalGlyph(dottedCircle); has {
		s.dotted = uint16(glyph)
	}
	return s
}

// dottedCircle stands for a letter that a mark lacks.
const dottedCircle = '\u25CC'

// has reports whether the font has a glyph for the character.
func (f *Font) has(r rune) bool {
	glyph, there := f.read().runes.NominalGlyph(r)
	return there && glyph != 0
}

// marking are Noto Sans and Noto Sans Bold for letters with marks that are no
// character of their own.
var marking = [2]*Font{newMarking(templates.Regular, false), newMarking(templates.Bold, true)}

func newMarking(ttf []byte, bold bool) *Font {
	return &Font{bold: bold, read: sync.OnceValue(func() *shaped {
		s := readShaped(ttf)
		s.placesMarks = true
		return s
	})}
}

// systems are the fonts of the writing systems that Noto Sans does not have. They are
// those that Unicode recommends for identifiers, and those in limited use, by living
// communities (UAX #31, tables 5 and 7). Mongolian is missing: it runs downwards.
var systems = func() map[language.Script]*Font {
	fonts := map[language.Script]*Font{}
	for script, name := range map[language.Script]string{
		language.Arabic: "Sans Arabic", language.Armenian: "Sans Armenian", language.Bengali: "Sans Bengali",
		language.Devanagari: "Sans Devanagari", language.Ethiopic: "Sans Ethiopic", language.Georgian: "Sans Georgian",
		language.Gujarati: "Sans Gujarati", language.Gurmukhi: "Sans Gurmukhi", language.Hebrew: "Sans Hebrew",
		language.Kannada: "Sans Kannada", language.Khmer: "Sans Khmer", language.Lao: "Sans Lao",
		language.Malayalam: "Sans Malayalam", language.Myanmar: "Sans Myanmar", language.Oriya: "Sans Oriya",
		language.Sinhala: "Sans Sinhala", language.Tamil: "Sans Tamil", language.Telugu: "Sans Telugu",
		language.Thaana: "Sans Thaana", language.Thai: "Sans Thai", language.Tibetan: "Serif Tibetan",

		language.Adlam: "Sans Adlam", language.Balinese: "Sans Balinese", language.Bamum: "Sans Bamum",
		language.Batak: "Sans Batak", language.Canadian_Aboriginal: "Sans CanadianAboriginal", language.Chakma: "Sans Chakma",
		language.Cham: "Sans Cham", language.Cherokee: "Sans Cherokee", language.Hanifi_Rohingya: "Sans HanifiRohingya",
		language.Javanese: "Sans Javanese", language.Kayah_Li: "Sans KayahLi", language.Lepcha: "Sans Lepcha",
		language.Limbu: "Sans Limbu", language.Lisu: "Sans Lisu", language.Mandaic: "Sans Mandaic",
		language.Meetei_Mayek: "Sans MeeteiMayek", language.Miao: "Sans Miao", language.New_Tai_Lue: "Sans NewTaiLue",
		language.Newa: "Sans Newa", language.Nko: "Sans NKo", language.Nyiakeng_Puachue_Hmong: "Serif NyiakengPuachueHmong",
		language.Ol_Chiki: "Sans OlChiki", language.Osage: "Sans Osage", language.Pahawh_Hmong: "Sans PahawhHmong",
		language.Saurashtra: "Sans Saurashtra", language.Sundanese: "Sans Sundanese", language.Syloti_Nagri: "Sans SylotiNagri",
		language.Syriac: "Sans Syriac", language.Tai_Le: "Sans TaiLe", language.Tai_Tham: "Sans TaiTham",
		language.Tai_Viet: "Sans TaiViet", language.Tifinagh: "Sans Tifinagh", language.Vai: "Sans Vai",
		language.Wancho: "Sans Wancho", language.Yi: "Sans Yi",
	} {
		fonts[script] = newFont("Noto" + strings.ReplaceAll(name, " ", "") + "-Regular.ttf")
	}
	if packed := templates.Han(); packed != nil {
		han := &Font{file: "NotoSansCJK.ttf.zst", read: sync.OnceValue(func() *shaped { return readPacked(packed) })}
		for _, script := range []language.Script{language.Han, language.Hiragana, language.Katakana, language.Hangul, language.Bopomofo} {
			fonts[script] = han
		}
	}
	return fonts
}()

// readPacked reads a compressed font. Its characters are not shaped but for their
// widths, for which their outlines, some 10 MB, need not be read.
func readPacked(packed []byte) *shaped {
	r, err := zstd.NewReader(nil)
	if err != nil {
		panic(fmt.Sprintf("typeface: an embedded font cannot be unpacked: %v", err))
	}
	defer r.Close()
	ttf, err := r.DecodeAll(packed, nil)
	if err != nil {
		panic(fmt.Sprintf("typeface: an embedded font cannot be unpacked: %v", err))
	}
	outlines := readSource(ttf)
	return readShapedOf(outlines, outlines.withoutOutlines())
}

// fontOf is the font that sets a character which Noto Sans does not print letter by
// letter, nil where none does. before is the font of the character before it: what
// belongs to no writing system of its own, such as a comma of Arabic, is set in that.
func fontOf(r rune, before *Font, bold bool) *Font {
	script := language.LookupScript(r)
	switch {
	case script == language.Latin || script == language.Greek || script == language.Cyrillic:
		if m := markingIn(bold); m.has(r) {
			return m
		}
		return nil
	case script.Strong():
		if f := systems[script]; f != nil && f.has(r) {
			return f
		}
		return nil
	case !belongs(r):
		return nil
	case before != nil && before.has(r):
		return before
	}
	if m := markingIn(bold); m.has(r) {
		return m
	}
	for _, block := range shared {
		if r >= block.from && r <= block.to {
			if f := systems[block.of]; f != nil && f.has(r) {
				return f
			}
		}
	}
	return nil
}

func markingIn(bold bool) *Font {
	if bold {
		return marking[1]
	}
	return marking[0]
}

// belongs reports whether a character that several writing systems share may be set in
// the font of one of them. Signs and pictures are not: what stands for those is in
// words and groups.
func belongs(r rune) bool {
	return unicode.In(r, unicode.M, unicode.P, unicode.Lm, unicode.Nd) && (r < '\u2000' || r > '\u2BFF')
}

// shared are characters of several writing systems by the one whose font has them
// where none of theirs stands before.
var shared = []struct {
	from, to rune
	of       language.Script
}{
	{'\u060C', '\u060C', language.Arabic}, {'\u061B', '\u061B', language.Arabic}, {'\u061F', '\u061F', language.Arabic},
	{'\u0640', '\u0640', language.Arabic}, {'\u064B', '\u0655', language.Arabic}, {'\u0670', '\u0670', language.Arabic}, {'\u0964', '\u0965', language.Devanagari}, {'\u10FB', '\u10FB', language.Georgian},
	{'\u3001', '\u30FF', language.Han},
}
