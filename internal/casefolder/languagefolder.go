package casefolder

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"duenotice/internal/breach"
	"duenotice/internal/papers"
)

// LanguagesFolder is the folder beside incident.yaml with the letter's own words in
// languages that the program does not have: a folder for each, by its tag.
const LanguagesFolder = "languages"

// Bounds of what somebody can mean to translate.
const (
	mostLanguages = 40
	mostOfAText   = 64 << 10
)

// languageProblem is something that is wrong with a language's folder.
type languageProblem struct {
	// file is its address from the case folder, with slashes.
	file    string
	line    int
	message string
}

// readLanguages reads the languages beside incident.yaml, and says what each lacks. One
// with problems is not returned.
func readLanguages(dir string) (all []breach.OwnLanguage, problems []languageProblem, err error) {
	root, err := os.OpenRoot(filepath.Join(dir, LanguagesFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("open the folder of languages: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, nil, fmt.Errorf("read the folder of languages: %w", err)
	}
	for _, entry := range entries {
		name := entry.Name()
		at := path.Join(LanguagesFolder, name)
		tag := canonicalTag(name)
		switch {
		case strings.HasPrefix(name, ".") || !entry.IsDir():
			continue // notes of people and programs
		case tag != name:
			problems = append(problems, languageProblem{at, 0, "the folder's name is not a BCP 47 tag in its canonical form, such as vi or zh-Hans"})
			continue
		case tag == breach.English:
			problems = append(problems, languageProblem{at, 0, "the English letter is the program's own"})
			continue
		case len(all) == mostLanguages:
			return all, append(problems, languageProblem{LanguagesFolder, 0, fmt.Sprintf("there are more than %d languages", mostLanguages)}), nil
		}
		files, found, err := readLanguage(root.FS(), name)
		if err != nil {
			return nil, nil, err
		}
		for _, p := range found {
			problems = append(problems, languageProblem{path.Join(at, p.file), p.line, p.message})
		}
		if len(found) > 0 {
			continue
		}
		for _, f := range papers.CheckLanguage(tag, files) {
			found = append(found, languageProblem{path.Join(at, f.File), f.Line, f.What})
		}
		if problems = append(problems, found...); len(found) == 0 {
			all = append(all, breach.OwnLanguage{Tag: tag, Files: files})
		}
	}
	return all, problems, nil
}

// readLanguage reads the files of one language by name.
func readLanguage(root fs.FS, tag string) (files map[string]string, problems []languageProblem, err error) {
	files = map[string]string{}
	err = fs.WalkDir(root, tag, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("read the language %s: %w", tag, err)
		}
		file := strings.TrimPrefix(name, tag+"/")
		if entry.IsDir() || strings.HasPrefix(path.Base(file), ".") || strings.EqualFold(path.Ext(file), ".md") {
			return nil
		}
		text, problem, err := readLanguageText(root, name)
		switch {
		case err != nil:
			return fmt.Errorf("read the language %s: %w", tag, err)
		case problem != "":
			problems = append(problems, languageProblem{file, 0, problem})
		default:
			files[file] = text
		}
		return nil
	})
	return files, problems, err
}

// readLanguageText reads a text as it is compared and kept, or says why it is none.
func readLanguageText(root fs.FS, name string) (text, problem string, err error) {
	file, err := root.Open(name)
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	raw, err := io.ReadAll(io.LimitReader(file, mostOfAText+1))
	switch {
	case err != nil:
		return "", "", err
	case len(raw) > mostOfAText:
		return "", "is larger than 65,536 bytes", nil
	case !utf8.Valid(raw):
		return "", "is not a UTF-8 text file", nil
	}
	text = strings.TrimPrefix(string(raw), string(byteOrderMark))
	return nfc(strings.ReplaceAll(text, "\r\n", "\n")), "", nil
}

// languages says what is wrong with languages, each in its own file.
func (c *collector) languages(problems []languageProblem) {
	of := c.file
	for _, p := range problems {
		c.file, c.line = p.file, p.line
		c.problem(ruleOwnLanguage, "", p.message)
	}
	c.file, c.line = of, 0
}

// withLanguages is the hash of incident.yaml, with that of what an incident has from beside
// it: the same file beside other languages is another case.
func withLanguages(sum string, i breach.Incident) string {
	if len(i.Letters.Languages.Own)+len(i.Letters.Taglines) == 0 {
		return sum
	}
	beside, err := json.Marshal([]any{i.Letters.Languages.Own, i.Letters.Taglines})
	if err != nil {
		panic(err) // They are texts, which always marshal.
	}
	whole := sha256.Sum256(append([]byte(sum+"\n"), beside...))
	return hex.EncodeToString(whole[:])
}

// spoken are those of own languages that something is translated into: an incident keeps
// no others.
func spoken(i breach.Incident, own []breach.OwnLanguage) []breach.OwnLanguage {
	i.Letters.Languages.Own = own
	return slices.DeleteFunc(slices.Clone(own), func(o breach.OwnLanguage) bool {
		for tag := range i.Translations {
			if i.LettersOwnWords(tag) == o.Tag {
				return false
			}
		}
		return true
	})
}

// IsLanguageTag reports a BCP 47 tag in its canonical form.
func IsLanguageTag(tag string) bool { return canonicalTag(tag) == tag }

// CheckLanguageFolder says what one language's folder lacks, as reading a case with it
// does. A folder that is none is refused with code "no_language_folder".
func CheckLanguageFolder(dir string) ([]papers.LanguageFault, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("look for the language's folder: %w", err)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, breach.Refuse("no_language_folder", "Write one with `duenotice languages new TAG --to FOLDER`.", "%s is not a folder", dir)
	}
	tag := filepath.Base(dir)
	if !IsLanguageTag(tag) || tag == breach.English {
		return []papers.LanguageFault{{File: tag, What: "the folder's name is not the BCP 47 tag, in its canonical form, of another language than English"}}, nil
	}
	files, problems, err := readLanguage(os.DirFS(filepath.Dir(dir)), tag)
	if err != nil {
		return nil, err
	}
	faults := make([]papers.LanguageFault, 0, len(problems))
	for _, p := range problems {
		faults = append(faults, papers.LanguageFault{File: p.file, Line: p.line, What: p.message})
	}
	if len(faults) > 0 {
		return faults, nil
	}
	return papers.CheckLanguage(tag, files), nil
}
