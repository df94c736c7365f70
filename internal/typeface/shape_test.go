package typeface_test

import (
	_ "embed"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"duenotice/internal/typeface"
	"duenotice/templates"
)

//go:embed testdata/harfbuzz.tsv
var harfbuzz string

// Conjuncts, joined letters and marks are those that HarfBuzz itself makes of the same
// fonts, at the same places.
func TestNamesAreShapedAsHarfBuzzDoes(t *testing.T) {
	t.Parallel()
	seen := 0
	for line := range strings.Lines(harfbuzz) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		require.Len(t, cells, 3)
		seen++
		t.Run(cells[0]+" "+cells[1], func(t *testing.T) {
			t.Parallel()
			parts := typeface.Set(cells[1], false)
			require.Len(t, parts, 1)
			require.NotNil(t, parts[0].Font)
			var got []string
			for _, g := range parts[0].Glyphs {
				if g.ID == typeface.Invisible && g.Text != "\u200C" {
					continue
				}
				if g.Text == "\u200C" {
					g.ID = 3 // a space without its room
				}
				at := ""
				if g.X != 0 || g.Y != 0 {
					at = fmt.Sprintf("@%.0f,%.0f", g.X, g.Y)
				}
				got = append(got, fmt.Sprintf("%d%s+%.0f", g.ID, at, g.Advance))
			}
			require.Equal(t, cells[2], "["+strings.Join(got, "|")+"]")
		})
	}
	require.Greater(t, seen, 40)
}

// names are people of many writing systems: each name as it is written.
var names = []string{
	"محمد علي", "مُحَمَّد الأمين", "می\u200cخواهم", "אברהם כהן", "שָׂרָה כֹּהֵן", "ܣܘܪܝܝܐ", "ދިވެހި", "ߒߞߏ", "𞤀𞤣𞤢𞤥", "𐴀𐴞𐴕",
	"क्षत्रिय श्रीवास्तव", "বন্দ্যোপাধ্যায় চৌধুরী", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "શ્રીકૃષ્ણ પટેલ", "ପ୍ରଧାନ", "கோகிலா மூர்த்தி", "శ్రీనివాస్ రెడ్డి", "ಕೃಷ್ಣ ಗೌಡ",
	"കൃഷ്ണൻ നായർ", "ශ්\u200dරීමාලි පෙරේරා", "สมชาย กิตติ์ น้ำผึ้ง", "ບຸນມີ", "ស្រីមុំ ច័ន្ទតារា", "ကျော်စွာ မြန်မာ", "བསྟན་འཛིན", "አበበ በቀለ", "Հակոբյան", "გიორგი ბერიძე",
	"ᏣᎳᎩ", "ᐃᓄᒃᑎᑐᑦ", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "𐓏𐒰𐓓𐒰𐓓𐒷", "ꦱꦿꦶ", "ᬓᬢᬸᬢ᭄", "𞄀𞄩", "𖬖𖬰𖬝𖬵", "ꕉꕜꕮ", "ꓡꓲ ꓢꓴ", "ᱥᱟᱱᱛᱟᱲᱤ", "ꆈꌠ",
	"Ọ́lá Adé", "g̃uy", "Jānis J̌ura", "M̲̄ike",
}

// Every name prints, and what its glyphs are read as is the name.
func TestNamesOfManyWritingSystemsPrint(t *testing.T) {
	t.Parallel()
	for _, name := range names {
		for _, bold := range []bool{false, true} {
			line := typeface.Line(name)
			require.Equal(t, name, line)
			r, lacks := typeface.Lacks(line)
			require.False(t, lacks, "%q lacks %U", name, r)
			marked, lacked := typeface.Marked(line)
			require.False(t, lacked)
			require.Equal(t, line, marked)
			for _, r := range name {
				require.True(t, typeface.Has(r) || r == '\u200C' || r == '\u200D', "%U", r)
			}
			seen, width := "", 0.0
			for _, part := range typeface.Set("Dear "+line+":", bold) {
				width += part.Width
				if part.Font == nil {
					seen += part.Text
				}
				for _, g := range part.Glyphs {
					seen += g.Text
				}
			}
			require.Equal(t, "Dear "+name+":", typeface.Read(seen))
			require.InDelta(t, typeface.Width("Dear "+line+":", bold, 1000), width, 0.001)
			require.Positive(t, width)
		}
	}
}

// hanFont skips a test in a build without the font for Han, Kana and Hangul, which
// "make fonts" makes and every test of the Makefile has.
func hanFont(t *testing.T) {
	t.Helper()
	if templates.Han() == nil {
		t.Skip("the font for Han was not made: make fonts")
	}
}

func TestNamesInHanKanaAndHangulPrint(t *testing.T) {
	t.Parallel()
	hanFont(t)
	for name, want := range map[string]string{
		"王小明": "王小明", "陳美玲": "陳美玲", "张建国": "张建国", "𠮷田 たろう": "𠮷田 たろう", "佐々木 エリカ": "佐々木 エリカ", "ヤマダ・タロウ": "ヤマダ・タロウ",
		"김민수": "김민수", "\u1100\u1175\u11b7": "김", "ﾔﾏﾀﾞ ﾊﾟｸ": "ヤマダ パク", "か\u3099": "が", "㐂": "㐂", "ㄅㄆ": "ㄅㄆ", "葛\U000E0100": "葛",
	} {
		line := typeface.Line(name)
		require.Equal(t, want, line)
		r, lacks := typeface.Lacks(line)
		require.False(t, lacks, "%q lacks %U", name, r)
		parts := typeface.Set(strings.ReplaceAll(line, " ", ""), false)
		require.Len(t, parts, 1)
		for i, r := range []rune(parts[0].Text) {
			require.Equal(t, string(r), parts[0].Glyphs[i].Text)
			require.Positive(t, parts[0].Font.Advance(parts[0].Glyphs[i].ID))
		}
		require.NotEmpty(t, parts[0].Font.Cut([]uint16{parts[0].Glyphs[0].ID}).File)
	}
}

// Words are measured one by one and set together: their widths add up.
func TestWidthsOfWordsAddUp(t *testing.T) {
	t.Parallel()
	whole := typeface.Width(strings.Join(names, " "), false, 10)
	sum := typeface.Width(" ", false, 10) * float64(len(names)-1)
	for _, name := range names {
		sum += typeface.Width(name, false, 10)
	}
	require.InDelta(t, sum, whole, 0.01)
}

// An Arabic or Hebrew name in an English line runs leftwards at its place, with the
// number in it as it is read, and a bracket opens to where its words are.
func TestNamesRunLeftwardsWithinALine(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"Dear שרה כהן:":    "Dear |ןהכ| |הרש|:",
		"רחוב 15, NY":      "15| |בוחר|, NY",
		"א 12 ב":           "ב| |12| |א",
		"Attn: (שרה) Ltd.": "Attn: (|הרש|) Ltd.",
		"שרה (כהן)":        ")|ןהכ|(| |הרש",
	} {
		var got []string
		all := ""
		for _, part := range typeface.Set(line, false) {
			text := part.Text
			if part.Font != nil {
				text = ""
				for _, g := range part.Glyphs {
					text += g.Text
				}
			}
			all += text
			got = append(got, strings.TrimPrefix(text, "\u200F"))
		}
		require.Equal(t, want, strings.Join(got, "|"), line)
		require.Equal(t, line, typeface.Read(all))
	}
}

// A cut font of a further writing system draws each glyph as the whole one does.
func TestEveryCutFontDrawsAsTheWholeOne(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(templates.Scripts(), "*.ttf")
	require.NoError(t, err)
	require.Len(t, files, len(typeface.Systems()))
	for name, font := range typeface.Systems() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := fs.ReadFile(templates.Scripts(), name)
			require.NoError(t, err)
			was, err := sfnt.Parse(file)
			require.NoError(t, err)
			glyphs := []uint16{typeface.Invisible}
			for id := was.NumGlyphs() - 1; id > 0; id -= 3 {
				glyphs = append(glyphs, uint16(id))
			}
			cut := font.Cut(glyphs)
			now := parseCutOf(t, cut, file)
			var a, b sfnt.Buffer
			for i, id := range glyphs {
				after, err := now.LoadGlyph(&b, sfnt.GlyphIndex(cut.Glyphs[i]), fixed.I(2048), nil)
				require.NoError(t, err)
				if id == typeface.Invisible {
					require.Empty(t, after)
					require.Zero(t, cut.Widths[i])
					continue
				}
				before, err := was.LoadGlyph(&a, sfnt.GlyphIndex(id), fixed.I(2048), nil)
				require.NoError(t, err)
				require.Equal(t, before, after, "glyph %d", id)
			}
		})
	}
}

// Lines with letters below letters stand farther apart; those of Noto Sans as ever.
func TestTallLettersKeepLinesApart(t *testing.T) {
	t.Parallel()
	require.Zero(t, typeface.Leading([]string{"Łukasz Nguyễn", "45 Maple Court", "Αθήνα"}))
	for _, name := range []string{"ផ្លូវ", "ကျော်စွာ", "བསྟན་འཛིན", "ကျွန်ုပ်"} {
		_, below := typeface.Reach(name, false)
		require.Greater(t, below, 0.24, name)
		require.InDelta(t, below+0.86, typeface.Leading([]string{name, "45 Maple Court"}), 1e-9, name)
		above, _ := typeface.Reach(name, false)
		require.InDelta(t, 0.32+max(above, 0.78), typeface.Leading([]string{"Richmond", name}), 1e-9, name)
	}
}
