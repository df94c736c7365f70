package casefolder_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casefolder"
	"duenotice/internal/papers"
)

// inVietnamese is a whole folder with a translation into Vietnamese.
func inVietnamese() *folder {
	f := wholeFolder()
	f.incident += "\ntranslations:\n  vi: {what_happened: Việc xảy ra., what_we_are_doing: Chúng tôi làm., what_you_can_do: Quý vị có thể.}\n"
	return f
}

// ownLanguage is a language's folder as somebody might translate it: every word is
// another than the English one, and everything else is there.
func ownLanguage() map[string]string {
	files := papers.EnglishLanguage()
	vowels := strings.NewReplacer("a", "ă", "e", "ê", "o", "ơ", "u", "ư")
	translated := func(text string) string {
		lines := strings.Split(text, "\n")
		for i, line := range lines {
			words := strings.Split(line, " ")
			for j, word := range words {
				if !strings.Contains(word, "www.") {
					words[j] = vowels.Replace(word)
				}
			}
			lines[i] = strings.Join(words, " ")
			if mark, heading, _ := strings.Cut(line, " "); mark == "#" || mark == "##" {
				lines[i] += " / " + heading
			}
		}
		return strings.Join(lines, "\n")
	}
	for name, text := range files {
		if name == "words.yaml" {
			for _, key := range []string{"class.", "month.", "you.", "your.", "they.", "contact."} {
				text = strings.ReplaceAll(text, "\n"+key, "\n\x00"+key)
			}
			lines := strings.Split(text, "\n")
			for i, line := range lines {
				if key, said, ok := strings.Cut(strings.TrimPrefix(line, "\x00"), ": "); ok && strings.HasPrefix(line, "\x00") {
					line = key + ": " + vowels.Replace(said)
				}
				lines[i] = line
			}
			files[name] = strings.Join(lines, "\n")
			continue
		}
		var b strings.Builder
		for text != "" { // what is filled in stays
			words, rest, _ := strings.Cut(text, "{{")
			action, after, found := strings.Cut(rest, "}}")
			b.WriteString(translated(words))
			if found {
				b.WriteString("{{" + action + "}}")
			}
			text = after
		}
		files[name] = b.String()
	}
	return files
}

func writeLanguage(t *testing.T, dir, tag string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, "languages", tag, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
}

// TestALanguageIsDroppedIn: a folder beside incident.yaml and a translation of the officers'
// texts make an incident's language, which the incident keeps whole.
func TestALanguageIsDroppedIn(t *testing.T) {
	t.Parallel()
	f := inVietnamese()
	f.findings.set("language", "vi-VN")
	dir := f.write(t)
	writeLanguage(t, dir, "vi", ownLanguage())
	writeLanguage(t, dir, "ht", ownLanguage()) // nothing is translated into it
	c, report, problems := readDir(t, dir)
	require.Empty(t, problems)
	require.False(t, report.Refused())
	own := c.Incident.Letters.Languages.Own
	require.Len(t, own, 1)
	require.Equal(t, "vi", own[0].Tag)
	require.Equal(t, slices.Sorted(maps.Keys(papers.EnglishLanguage())), slices.Sorted(maps.Keys(own[0].Files)))
	require.Equal(t, []string{"en", "vi"}, c.Incident.Languages().Tags())
	before := c.IncidentSHA256

	path := filepath.Join(dir, "languages", "vi", "letter.txt")
	require.NoError(t, os.WriteFile(path, []byte(own[0].Files["letter.txt"]+"\n"), 0o600))
	c, _, _ = readDir(t, dir)
	require.NotEqual(t, before, c.IncidentSHA256, "another letter is another case")
}

// TestALanguagesFolderIsCheckedAlone, without a case.
func TestALanguagesFolderIsCheckedAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeLanguage(t, dir, "vi", ownLanguage())
	folder := filepath.Join(dir, "languages", "vi")
	faults, err := casefolder.CheckLanguageFolder(folder)
	require.NoError(t, err)
	require.Empty(t, faults)

	require.NoError(t, os.Remove(filepath.Join(folder, "words.yaml")))
	faults, err = casefolder.CheckLanguageFolder(folder)
	require.NoError(t, err)
	require.Equal(t, []papers.LanguageFault{{File: "words.yaml", What: "is not there"}}, faults)

	writeLanguage(t, dir, "Vietnamese", ownLanguage())
	faults, err = casefolder.CheckLanguageFolder(filepath.Join(dir, "languages", "Vietnamese"))
	require.NoError(t, err)
	require.Len(t, faults, 1)
	_, err = casefolder.CheckLanguageFolder(filepath.Join(dir, "none"))
	refusal, refused := breach.AsRefusal(err)
	require.True(t, refused)
	require.Equal(t, "no_language_folder", refusal.Code)
}

// TestALanguageThatLacksSomethingIsRefused: with file, line and what is missing.
func TestALanguageThatLacksSomethingIsRefused(t *testing.T) {
	t.Parallel()
	dir := inVietnamese().write(t)
	files := ownLanguage()
	files["letter.txt"] = strings.Replace(files["letter.txt"], "{{.Classes}}", "...", 1)
	files["words.yaml"] = strings.Replace(files["words.yaml"], `month.5: "Măy"`, `month.5: ""`, 1)
	delete(files, "states/md.txt")
	writeLanguage(t, dir, "vi", files)
	writeLanguage(t, dir, "VI_vn", map[string]string{"letter.txt": "?"})
	writeLanguage(t, dir, "en", papers.EnglishLanguage())
	writeLanguage(t, dir, "pl", map[string]string{"letter.txt": "\xff"})
	_, report, problems := readDir(t, dir)
	require.True(t, report.Refused())
	var said []string
	for _, p := range problems {
		require.NotEmpty(t, p.Fix)
		said = append(said, fmt.Sprintf("%s %s:%d %s", p.Rule, p.File, p.Line, p.Message))
	}
	for _, want := range []string{
		"E426 languages/vi/letter.txt:0 lacks {{.Classes}}, which the English has on line",
		`says nothing under month.5, in English "May"`,
		"E426 languages/vi/states/md.txt:0 is not there",
		"E426 languages/VI_vn:0 the folder's name is not a BCP 47 tag",
		"E426 languages/en:0 the English letter is the program's own",
		"E426 languages/pl/letter.txt:0 is not a UTF-8 text file",
		"E424 incident.yaml",
	} {
		require.True(t, slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, want) }), "%q in %v", want, said)
	}
}

// taglines is a file of taglines in n languages beside English.
func taglines(n int) string {
	var b strings.Builder
	b.WriteString("en: \"Free help is available.\"\n")
	tags := []string{"es", "zh-Hant", "vi", "ko", "tl", "ru", "ar", "ht", "fr", "pl", "pt", "it", "de", "fa", "hi", "gu"}
	for _, tag := range tags[:n] {
		text := "Free help in " + tag
		if tag == "ar" {
			text = "المساعدة مجانية"
		}
		fmt.Fprintf(&b, "%s: %q\n", tag, text)
	}
	return b.String()
}

// TestTaglinesAreCheckedForTheirLanguages: 15 beside English, each there and printable.
func TestTaglinesAreCheckedForTheirLanguages(t *testing.T) {
	t.Parallel()
	read := func(file, text string) (*casefolder.Case, []string) {
		f := wholeFolder()
		f.say("mail_by: 2026-05-01", "mail_by: 2026-05-01, taglines: "+file)
		dir := f.write(t)
		if text != "" {
			require.NoError(t, os.WriteFile(filepath.Join(dir, "taglines.yaml"), []byte(text), 0o600))
		}
		c, _, problems := readDir(t, dir)
		var said []string
		for _, p := range problems {
			said = append(said, p.Rule+" "+p.Message)
		}
		return c, said
	}
	c, said := read("taglines.yaml", taglines(16))
	require.Empty(t, said)
	require.Len(t, c.Incident.Letters.Taglines, 17)
	require.Equal(t, breach.Tagline{Tag: "en", Text: "Free help is available."}, c.Incident.Letters.Taglines[0])
	for want, given := range map[string][2]string{
		"names a file that is not beside incident.yaml":   {"taglines.yaml", ""},
		"is not the name of a file beside incident.yaml":  {"../taglines.yaml", taglines(16)},
		"has 14 languages beside English":                 {"taglines.yaml", taglines(14)},
		"is no YAML that can be read":                     {"taglines.yaml", "en: \"a"},
		"is not under a BCP 47 tag":                       {"taglines.yaml", taglines(16) + "Spanish: x\n"},
		"says es a second time":                           {"taglines.yaml", taglines(16) + "es: x\n"},
		"says nothing in mn":                              {"taglines.yaml", taglines(16) + "mn: \"\"\n"},
		"has a placeholder in it":                         {"taglines.yaml", taglines(16) + "mn: \"<text>\"\n"},
		"has the character U+12000, which the papers'":    {"taglines.yaml", taglines(16) + "mn: \"\U00012000\"\n"},
		"the file of letters.taglines is not a UTF-8 tex": {"taglines.yaml", "\xff"},
	} {
		_, said := read(given[0], given[1])
		require.True(t, slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, "E428 ") && strings.Contains(s, want) }), "%q in %v", want, said)
	}
}
