package typeface_test

import (
	"encoding/binary"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"duenotice/internal/typeface"
	"duenotice/templates"
)

// everyRune is every character that Noto Sans prints letter by letter.
func everyRune() []rune {
	var all []rune
	for r := range rune(0x10000) {
		if typeface.IsPlain(string(r)) {
			all = append(all, r)
		}
	}
	return all
}

// A font that was cut down draws each character as the whole one does, whichever
// others are in it.
func TestACutFontDrawsAsTheWholeOne(t *testing.T) {
	t.Parallel()
	for name, runes := range map[string][]rune{
		"every character": everyRune(),
		"a few":           []rune("Zoë Nguyễn ½ “Łódź” Ελλάδα Ж•ﬁ"),
		"one of two":      []rune("ễ"),
		"twice, unsorted": []rune("baab"),
		"none":            nil,
		"one it lacks":    []rune("A王"),
	} {
		for _, bold := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				whole := templates.Regular
				if bold {
					whole = templates.Bold
				}
				cut := typeface.CutTo(bold, runes)
				was, err := sfnt.Parse(whole)
				require.NoError(t, err)
				now := parseCut(t, cut)
				require.Len(t, cut.Glyphs, len(cut.Runes))
				for i, r := range cut.Runes {
					var a, b sfnt.Buffer
					glyph, err := was.GlyphIndex(&a, r)
					require.NoError(t, err)
					before, err := was.LoadGlyph(&a, glyph, fixed.I(2048), nil)
					require.NoError(t, err)
					after, err := now.LoadGlyph(&b, sfnt.GlyphIndex(cut.Glyphs[i]), fixed.I(2048), nil)
					require.NoError(t, err, "%q", r)
					require.Equal(t, before, after, "%q", r)
					advance, err := now.GlyphAdvance(&b, sfnt.GlyphIndex(cut.Glyphs[i]), fixed.I(1000), font.HintingNone)
					require.NoError(t, err)
					require.Equal(t, cut.Widths[i], advance.Round(), "%q", r)
					require.InDelta(t, typeface.Width(string(r), bold, 1000), float64(cut.Widths[i]), 0, "%q", r)
				}
				for _, r := range runes {
					if typeface.IsPlain(string(r)) {
						require.Contains(t, cut.Runes, r)
					}
				}
			})
		}
	}
}

// parseCut reads a cut font with the library that reads the whole one. It asks for tables
// that a PDF does without, so they are the whole font's.
func parseCut(t *testing.T, cut typeface.Cut) *sfnt.Font {
	t.Helper()
	whole := templates.Regular
	if cut.Weight > 400 {
		whole = templates.Bold
	}
	return parseCutOf(t, cut, whole)
}

func parseCutOf(t *testing.T, cut typeface.Cut, whole []byte) *sfnt.Font {
	t.Helper()
	tables := tablesOf(cut.File)
	require.Equal(t, []string{"glyf", "head", "hhea", "hmtx", "loca", "maxp"}, slices.Sorted(maps.Keys(tables)))
	for name, content := range tablesOf(whole) {
		if slices.Contains([]string{"cmap", "name", "post", "OS/2"}, name) {
			tables[name] = content
		}
	}
	file := binary.BigEndian.AppendUint32(nil, 0x00010000)
	file = binary.BigEndian.AppendUint16(file, uint16(len(tables)))
	file = append(file, make([]byte, 6)...)
	at := 12 + 16*len(tables)
	var content []byte
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		file = append(file, name+"\x00\x00\x00\x00"...)
		file = binary.BigEndian.AppendUint32(file, uint32(at+len(content)))
		file = binary.BigEndian.AppendUint32(file, uint32(len(tables[name])))
		content = append(content, tables[name]...)
		content = append(content, make([]byte, -len(content)&3)...)
	}
	parsed, err := sfnt.Parse(append(file, content...))
	require.NoError(t, err)
	return parsed
}

func tablesOf(ttf []byte) map[string][]byte {
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		entry := ttf[12+16*i:]
		from, length := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		tables[string(entry[:4])] = ttf[from : from+length]
	}
	return tables
}

// The sum of a whole file is a number that readers compare (OpenType, table head).
func TestACutFontAddsUp(t *testing.T) {
	t.Parallel()
	cut := typeface.CutTo(true, []rune("Example"))
	sum := uint32(0)
	for i := 0; i < len(cut.File); i += 4 {
		sum += binary.BigEndian.Uint32(cut.File[i:])
	}
	require.Equal(t, uint32(0xB1B0AFBA), sum)
	require.Equal(t, cut, typeface.CutTo(true, []rune("elpmaxEE")), "the same characters give the same bytes")
	require.Equal(t, "NotoSans-Bold", cut.Name)
}
