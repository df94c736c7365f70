package papers

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"

	"github.com/goccy/go-yaml"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	"duenotice/templates"
)

// Letters are in a person's language (breach.Languages). A language is the letter, the
// texts of the States, and the words that are put together for each letter; the program
// brings some (templates/languages), and officers may bring others, in the same form.

// lettering is a letter's own words in one language.
type lettering struct {
	tag string
	// words are those of words.yaml by key.
	words map[string]string
	// set has letterName and the States' texts by stateName.
	set *template.Template
	// headings are the title and the letter's headings in their order, as they are read back.
	headings []string
	// sentences are those that stand in every letter.
	sentences map[string]bool
	// openings are how the States' texts begin, by which they are known.
	openings map[string]string
	// day finds a date as the language writes it.
	day *regexp.Regexp
}

// The files of a language.
const (
	letterName = "letter.txt"
	wordsName  = "words.yaml"
	statesName = "states"
)

// englishWords is the English words.yaml.
const englishWords = "words.en.yaml"

// stateName is the name of a State's text in a language's folder.
func stateName(state string) string { return path.Join(statesName, strings.ToLower(state)+".txt") }

// english are the letter's words in English, with which every other language is compared.
var english = sync.OnceValue(func() *lettering {
	l, err := readLettering(breach.English, englishFiles(embeddedTexts()))
	if err != nil {
		panic(err) // The files are embedded, and the tests read them.
	}
	return l
})

// englishFiles are the English letter's files as a language's folder has them.
func englishFiles(folder fs.FS) map[string]string {
	files := map[string]string{}
	read := func(from, to string) {
		if text, err := fs.ReadFile(folder, from); err == nil {
			files[to] = string(text)
		}
	}
	read(letterText, letterName)
	read(englishWords, wordsName)
	for _, state := range textsIn(folder) {
		read("states/"+stateText(state), stateName(state))
	}
	// What kinds of information are called in English every paper says.
	var classes strings.Builder
	for _, c := range breach.DataClasses() {
		fmt.Fprintf(&classes, "class.%s: %q\n", c, c.Plain())
	}
	files[wordsName] += "\n" + classes.String()
	return files
}

// shippedFiles are the files of a language that the program brings.
func shippedFiles(tag string) map[string]string {
	files := map[string]string{}
	folder := "languages/" + tag
	err := fs.WalkDir(templates.Texts(), folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(templates.Texts(), name)
		files[strings.TrimPrefix(name, folder+"/")] = string(text)
		return err
	})
	if err != nil {
		panic(err) // The files are embedded, and a test reads those of every language.
	}
	return files
}

// letterings are those that were read, by their files: an incident's letters are many.
var letterings sync.Map // of lettering, by hash

// letteringIn is the letter's own words for letters in a language: an officers' own, or
// the program's. A language that there is none in is refused with code "no_language".
func letteringIn(incident breach.Incident, tag string) (*lettering, error) {
	own := incident.LettersOwnWords(tag)
	var files map[string]string
	switch i := slices.IndexFunc(incident.Letters.Languages.Own, func(o breach.OwnLanguage) bool { return o.Tag == own }); {
	case own == "":
		return nil, breach.Refuse("no_language", "Give the language as docs/languages.md says.", "there is no letter in the language %s", tag)
	case i >= 0:
		files = incident.Letters.Languages.Own[i].Files
	case own == breach.English:
		return english(), nil
	default:
		return shipped(own)
	}
	key := sumOf(own, files)
	if l, ok := letterings.Load(key); ok {
		return l.(*lettering), nil
	}
	l, err := readLettering(own, files)
	if err == nil {
		letterings.Store(key, l)
	}
	return l, err
}

// shipped is the letter in a language that the program brings.
func shipped(tag string) (*lettering, error) {
	if l, ok := letterings.Load(tag); ok {
		return l.(*lettering), nil
	}
	l, err := readLettering(tag, shippedFiles(tag))
	if err == nil {
		letterings.Store(tag, l)
	}
	return l, err
}

// sumOf tells files of a language from others.
func sumOf(tag string, files map[string]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q", tag)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&b, "%q%q", name, files[name])
	}
	return b.String()
}

// readLettering reads the files of a language. Whether they say what they should is
// CheckLanguage's to say.
func readLettering(tag string, files map[string]string) (*lettering, error) {
	l := &lettering{tag: tag, sentences: map[string]bool{}, openings: map[string]string{}}
	var err error
	if l.words, err = readWords(files[wordsName]); err != nil {
		return nil, fmt.Errorf("the words of letters in %s: %w", tag, err)
	}
	l.set = template.New("").Option("missingkey=error")
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name == wordsName {
			continue
		}
		if _, err := l.set.New(name).Parse(files[name]); err != nil {
			return nil, fmt.Errorf("reading the letter in %s: %w", tag, err)
		}
		if folder, file := path.Split(name); folder == statesName+"/" {
			l.openings[strings.ToUpper(strings.TrimSuffix(file, ".txt"))] = opening(files[name])
		}
	}
	letter := templateAction.ReplaceAllString(files[letterName], "\n\n")
	for line := range strings.SplitSeq(letter, "\n") {
		for _, mark := range []string{"# ", "## "} {
			if words, ok := strings.CutPrefix(line, mark); ok {
				l.headings = append(l.headings, squeezed(words))
			}
		}
	}
	for _, sentence := range sentences(letter) {
		l.sentences[spoken(sentence)] = true
	}
	var months []string
	for m := 1; m <= 12; m++ {
		months = append(months, regexp.QuoteMeta(l.words["month."+strconv.Itoa(m)]))
	}
	day := regexp.QuoteMeta(l.words["date"])
	for name, pattern := range map[string]string{"month": "(?:" + strings.Join(months, "|") + ")", "day": `\d{1,2}`, "year": `\d{4}`} {
		day = strings.ReplaceAll(day, regexp.QuoteMeta("{"+name+"}"), pattern)
	}
	if l.day, err = regexp.Compile("(?i)" + day); err != nil {
		return nil, fmt.Errorf("the dates of letters in %s: %w", tag, err)
	}
	return l, nil
}

// readWords reads a words.yaml.
func readWords(text string) (words map[string]string, err error) {
	err = yaml.NewDecoder(strings.NewReader(text), yaml.Strict()).Decode(&words)
	return words, err
}

// boldWords are the first words in bold of a text.
var boldWords = regexp.MustCompile(`\*\*([^*]+)\*\*`)

// opening is how a State's text begins: its first words in bold, spaces left out.
func opening(text string) string {
	if m := boldWords.FindStringSubmatch(text); m != nil {
		return squeezed(m[1])
	}
	return ""
}

// say is what stands under a key, with names in braces filled in.
func (l *lettering) say(key string, filled ...string) string {
	pairs := make([]string, len(filled))
	for i, text := range filled {
		if pairs[i] = text; i%2 == 0 {
			pairs[i] = "{" + text + "}"
		}
	}
	return strings.NewReplacer(pairs...).Replace(l.words[key])
}

// date is a day as the language writes it, "" for none.
func (l *lettering) date(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return l.say("date", "month", l.words["month."+strconv.Itoa(int(d.Month))], "day", strconv.Itoa(d.Day), "year", fmt.Sprintf("%04d", d.Year))
}

// count is a number with what the language puts between thousands.
func (l *lettering) count(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + l.words["thousands"] + digits[i:]
	}
	return digits
}

// list lists words as the language's prose does.
func (l *lettering) list(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	case 2:
		return l.say("list.two", "first", words[0], "second", words[1])
	}
	return strings.Join(words[:len(words)-1], l.words["list.between"]) + l.words["list.last"] + words[len(words)-1]
}

// classes are the kinds of information in the letter's words.
func (l *lettering) classes(of []breach.DataClass) string {
	var words []string
	for _, c := range breach.SetOf(of...).Classes() {
		words = append(words, l.words["class."+string(c)])
	}
	return l.list(words)
}

// residents is a number of residents.
func (l *lettering) residents(n int) string {
	if n == 1 {
		return l.words["residents.one"]
	}
	return l.say("residents.many", "n", l.count(n))
}

// render fills in one of the language's texts.
func (l *lettering) render(name string, view any) (string, error) {
	var b bytes.Buffer
	if err := l.set.ExecuteTemplate(&b, name, view); err != nil {
		return "", fmt.Errorf("filling in %s of the language %s: %w", name, l.tag, err)
	}
	return oneStop(b.String()), nil
}

// in is the incident as its officers tell it in a language.
func in(incident breach.Incident, tag string) breach.Incident {
	if t, ok := incident.Translations[tag]; ok {
		incident.WhatHappened, incident.WhatWeAreDoing, incident.WhatYouCanDo = t.WhatHappened, t.WhatWeAreDoing, t.WhatYouCanDo
	}
	return incident
}
