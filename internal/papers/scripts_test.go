package papers_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/envelope"
	"duenotice/internal/papers"
	"duenotice/internal/typeface"
	"duenotice/templates"
)

// written are names as people of a writing system write them; all of them are invented.
type written struct {
	script        string
	given, family []string
	street        string
}

var scripts = append(others, han()...)

// han are names that print in a build with the font that "make fonts" makes.
func han() []written {
	if templates.Han() == nil {
		return nil
	}
	return []written{
		{script: "Han", given: []string{"小明", "建国", "美玲"}, family: []string{"王", "张", "陳", "歐陽"}, street: "長安街"},
		{script: "Kana", given: []string{"たろう", "エリカ"}, family: []string{"佐々木", "𠮷田", "ヤマダ"}},
		{script: "Hangul", given: []string{"민수", "서연"}, family: []string{"김", "황보"}, street: "세종대로"},
	}
}

var others = []written{
	{script: "Latin", given: []string{"Łukasz", "Zoë", "Ọ́lá", "Ng̃uy"}, family: []string{"Nguyễn", "Begą́ązhí", "J̌ura", "Kʼóyitł'ots'ína"}},
	{script: "Greek", given: []string{"Ελένη", "Γιώργος"}, family: []string{"Παπαδοπούλου", "Ζαχαρίου"}},
	{script: "Cyrillic", given: []string{"Наталья", "Юрій"}, family: []string{"Рождественская", "Ё̈лкин"}},
	{script: "Arabic", given: []string{"محمد", "عبد الله", "مُحَمَّد", "علی\u200cرضا"}, family: []string{"الأمين", "صالح", "پروین", "زادہ"}, street: "شارع النيل"},
	{script: "Hebrew", given: []string{"אברהם", "שָׂרָה", "נועה"}, family: []string{"כהן", "בן־דוד", "יצחקי"}, street: "רחוב הרצל"},
	{script: "Syriac", given: []string{"ܝܘܚܢܢ"}, family: []string{"ܣܘܪܝܝܐ"}},
	{script: "Thaana", given: []string{"އަހްމަދު"}, family: []string{"އިބްރާހީމް"}},
	{script: "NKo", given: []string{"ߡߊߡߊߘߎ"}, family: []string{"ߞߊ߲ߕߍ"}},
	{script: "Devanagari", given: []string{"अनिता", "श्रीकृष्ण", "क्षितिज"}, family: []string{"शर्मा", "श्रीवास्तव", "द्विवेदी"}, street: "गांधी मार्ग"},
	{script: "Bengali", given: []string{"শর্মিলা", "কৌশিক"}, family: []string{"চৌধুরী", "বন্দ্যোপাধ্যায়"}},
	{script: "Gurmukhi", given: []string{"ਗੁਰਪ੍ਰੀਤ"}, family: []string{"ਸਿੰਘ", "ਢਿੱਲੋਂ"}},
	{script: "Gujarati", given: []string{"શ્રીકૃષ્ણ", "જિજ્ઞેશ"}, family: []string{"પટેલ", "ત્રિવેદી"}},
	{script: "Odia", given: []string{"ପ୍ରଭାତ"}, family: []string{"ପ୍ରଧାନ"}},
	{script: "Tamil", given: []string{"கோகிலா", "முத்துக்குமார்"}, family: []string{"மூர்த்தி", "சௌந்தரராஜன்"}},
	{script: "Telugu", given: []string{"శ్రీనివాస్"}, family: []string{"రెడ్డి", "వెంకటేశ్వర్లు"}},
	{script: "Kannada", given: []string{"ಕೃಷ್ಣ"}, family: []string{"ಗೌಡ", "ಹೊಸಮನಿ"}},
	{script: "Malayalam", given: []string{"കൃഷ്ണൻ"}, family: []string{"നായർ", "ചെറിയാൻ"}},
	{script: "Sinhala", given: []string{"ශ්\u200dරීමාලි", "බන්දුල"}, family: []string{"පෙරේරා", "ද සිල්වා"}},
	{script: "Thai", given: []string{"สมชาย", "น้ำผึ้ง"}, family: []string{"กิตติ์ธนา", "ใจดี"}, street: "ถนนสุขุมวิท"},
	{script: "Lao", given: []string{"ບຸນມີ"}, family: []string{"ສີສຸລາດ"}},
	{script: "Khmer", given: []string{"ស្រីមុំ", "ច័ន្ទតារា"}, family: []string{"ហេង", "ព្រហ្ម"}, street: "ផ្លូវ"},
	{script: "Myanmar", given: []string{"ကျော်စွာ", "အောင်ဆန်း"}, family: []string{"မြင့်", "လှိုင်"}},
	{script: "Tibetan", given: []string{"བསྟན་འཛིན"}, family: []string{"རྒྱ་མཚོ"}},
	{script: "Ethiopic", given: []string{"አበበ", "ሰላማዊት"}, family: []string{"በቀለ", "ተስፋዬ"}},
	{script: "Armenian", given: []string{"Գոռ"}, family: []string{"Հակոբյան"}},
	{script: "Georgian", given: []string{"გიორგი"}, family: []string{"ბერიძე"}},
	{script: "Cherokee", given: []string{"ᏎᏉᏯ"}, family: []string{"ᏣᎳᎩ"}},
	{script: "Canadian syllabics", given: []string{"ᐃᓄᒃᑎᑐᑦ"}, family: []string{"ᓄᓇᕗᑦ"}},
	{script: "Tifinagh", given: []string{"ⵜⴰⵎⴰⵣⵉⵖⵜ"}, family: []string{"ⴰⵎⴰⵙⵙ"}},
	{script: "Osage", given: []string{"𐓏𐒰𐓓𐒰"}, family: []string{"𐓓𐒷"}},
	{script: "Adlam", given: []string{"𞤀𞤣𞤢𞤥"}, family: []string{"𞤄𞤢𞤸"}},
	{script: "Hmong", given: []string{"𞄀𞄩𞄰"}, family: []string{"𞄁𞄨"}},
}

// person is somebody who writes their name in a script, by chance.
func (w written) person(r *rand.Rand) breach.Person {
	p := examplePerson()
	p.FirstName, p.LastName = w.given[r.IntN(len(w.given))], w.family[r.IntN(len(w.family))]
	if r.IntN(4) == 0 {
		p.MiddleName = w.given[r.IntN(len(w.given))]
	}
	if w.street != "" && r.IntN(3) == 0 {
		p.Address1 = w.street + " " + strconv.Itoa(1+r.IntN(99))
	}
	if r.IntN(8) == 0 {
		p.Suffix = "Jr."
	}
	return p
}

// Names of all scripts come out of a batch as they were written: the check of every
// letter that is printed finds nothing. DUENOTICE_TEST_PEOPLE=10000 has many more of
// them, by chance.
func TestPeopleOfAllScriptsAreReadBack(t *testing.T) {
	t.Parallel()
	count := 4 * len(scripts)
	if given := os.Getenv("DUENOTICE_TEST_PEOPLE"); given != "" {
		var err error
		count, err = strconv.Atoi(given)
		require.NoError(t, err)
	}
	batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range count {
		p := scripts[i%len(scripts)].person(r)
		require.Nil(t, papers.HoldsBack(&p, may1, envelope.Form{}, breach.Languages{}), "%q", p.FullName())
		l := letterTo(p)
		l.PieceID = fmt.Sprintf("EX-%05d", i)
		piece, err := batch.Add(l)
		require.NoError(t, err)
		require.Equal(t, typeface.Line(p.FullName()), piece.AddressBlock[0])
	}
	var file bytes.Buffer
	_, err = batch.WriteTo(&file)
	require.NoError(t, err)
	misread, err := batch.ReadBack(file.Bytes())
	require.NoError(t, err)
	require.Empty(t, misread)
}

// The check reads what stands there: it finds a name that came out as another one.
func TestANameOfAnotherScriptThatCameOutWrongIsFound(t *testing.T) {
	t.Parallel()
	for _, w := range scripts {
		p, other := examplePerson(), examplePerson()
		p.FirstName, other.FirstName = w.given[0], w.family[0]
		file, _ := letters(t, exampleIncident(), letterTo(other))
		batch, err := papers.NewLetterBatch(exampleIncident(), may1, nil)
		require.NoError(t, err)
		_, err = batch.Add(letterTo(p))
		require.NoError(t, err)
		misread, err := batch.ReadBack(file)
		require.NoError(t, err)
		require.Equal(t, []papers.Misread{{PieceID: "EX-00001", Checks: []papers.Check{papers.CheckPerson, papers.CheckEnvelope}}}, misread, w.script)
	}
}

// pdftotext is what many programs that read PDFs are made of. It does not know that
// Adlam and N'Ko run leftwards.
func TestNamesOfAllScriptsAreFoundByOtherPrograms(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext, of Poppler, is not installed")
	}
	var all []casebook.Letter
	var want []string
	for i, w := range scripts {
		if w.script == "Adlam" || w.script == "NKo" {
			continue
		}
		for j := range max(len(w.given), len(w.family)) {
			p := examplePerson()
			p.FirstName, p.LastName = w.given[j%len(w.given)], w.family[j%len(w.family)]
			l := letterTo(p)
			l.PieceID = fmt.Sprintf("EX-%03d-%d", i, j)
			all = append(all, l)
			want = append(want, norm.NFC.String(typeface.Line(p.FullName())))
		}
	}
	file, pieces := letters(t, exampleIncident(), all...)
	path := filepath.Join(t.TempDir(), "letters.pdf")
	require.NoError(t, os.WriteFile(path, file, 0o600))
	for i, piece := range pieces {
		page := strconv.Itoa(piece.FirstPage)
		var out bytes.Buffer
		command := exec.CommandContext(t.Context(), program, "-layout", "-f", page, "-l", page, path, "-")
		command.Stdout = &out
		require.NoError(t, command.Run())
		// What says in a text without a layout that it runs leftwards.
		text := norm.NFC.String(strings.Map(func(r rune) rune {
			if r >= '\u202A' && r <= '\u202E' || r == '\u200F' {
				return -1
			}
			return r
		}, out.String()))
		// The window shows Latin letters as capitals.
		shown := norm.NFC.String(piece.Window[0])
		if shown == want[i] {
			require.Equal(t, 2, strings.Count(text, want[i]), "%q in the window and in the salutation:\n%s", want[i], text[:1500])
			continue
		}
		require.Equal(t, 1, strings.Count(text, want[i]), "%q in the salutation:\n%s", want[i], text[:1500])
		require.Equal(t, 1, strings.Count(text, shown), "%q in the window:\n%s", shown, text[:1500])
	}
}

// A practice's name in a bold line prints as its patients write it.
func TestAPracticesNameOfAnyScriptIsPrinted(t *testing.T) {
	t.Parallel()
	for _, w := range scripts {
		practice := examplePractice()
		practice.LegalName, practice.DBA = w.family[0]+" Clinic", ""
		file, _ := letters(t, exampleIncident(), letterTo(examplePerson(), practice))
		require.Contains(t, flowed(textOf(t, file)), "on behalf of "+w.family[0]+" Clinic.", w.script)
		in := exampleNotice()
		in.Practice = practice
		notice, err := papers.Notice(in)
		require.NoError(t, err)
		require.Contains(t, flowed(textOf(t, notice)), practice.LegalName, w.script)
	}
}

// TestAWordThatIsTooLongIsBrokenBetweenLetters: a mark or a vowel that came to stand alone
// at the head of a line would be another word.
func TestAWordThatIsTooLongIsBrokenBetweenLetters(t *testing.T) {
	t.Parallel()
	for _, letters := range [][]string{{"ति", "ज", "की"}, {"น้ำ", "ผึ้", "ง"}, {"ကျော်", "စွာ"}, {"Ọ́", "g̃"}, {"มุํ"}, {"a", "b"}} {
		word, at := strings.Repeat(strings.Join(letters, ""), 12), map[int]bool{}
		for end := 0; end < len(word); {
			for _, letter := range letters {
				end += len(letter)
				at[end] = true
			}
		}
		for measure := 20.0; measure < 60; measure += 0.5 {
			lines, end := papers.WrappedLines(word, 10, measure), 0
			require.Greater(t, len(lines), 1)
			for _, line := range lines {
				end += len(line)
				require.True(t, at[end], "%q is broken behind %q", word, line)
			}
			require.Equal(t, word, strings.Join(lines, ""), "nothing is lost")
		}
	}
}
