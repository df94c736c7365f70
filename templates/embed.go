// Package templates holds the words of every paper the product makes, and the
// fonts they are set in. A change of wording is a change in this folder and
// nowhere else.
//
// The texts are Go text/template files. Their layout marks are:
//
//	# Title            ## Heading            ### Small heading
//	- list item        1. numbered item      [ ] item with a box to tick ([x] ticked)
//	**bold words**     > words in a frame    === new page
//	|! 20 50 30        column widths, in percent, of the table that follows
//	|= Head | Head     a table's head        | cell | cell    a row
//	|_ Name: | Date:   a row to sign on
//	|@ Your code:      a line behind which a person's own code is set
//	#@ Name            the name at a letter's head
//	=< and =>          lines between which no page ends
//
// Lines that follow each other are one paragraph; an empty line ends it. What
// comes from a case folder is data: marks in it are printed, not obeyed, except
// that its empty lines end paragraphs and "- " begins a list item.
package templates

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"sync"
)

//go:embed *.txt words.en.yaml states/*.txt states/offices.yaml
//go:embed languages/*/letter.txt languages/*/words.yaml languages/*/states/*.txt
var texts embed.FS

// Texts are the templates: letter.en.txt, notice.en.txt, media.en.txt,
// email.en.txt; and in states/ what letters to one State's residents say beyond
// the others', with the offices they name; words.en.yaml has what letters put together.
// languages/ has a folder for each other language of letters, with the same.
func Texts() fs.FS { return texts }

//go:embed board/*.html board/style.css
var board embed.FS

// Board is the officers' board: html/template files and style.css. No paper is made from
// it, so it is not part of SHA256.
func Board() fs.FS {
	sub, err := fs.Sub(board, "board")
	if err != nil {
		panic(err) // The folder is embedded.
	}
	return sub
}

// Regular is Noto Sans: Latin with Vietnamese, Greek and Cyrillic. Its licence
// is fonts/OFL.txt.
//
//go:embed fonts/NotoSans-Regular.ttf
var Regular []byte

// Bold is Noto Sans Bold.
//
//go:embed fonts/NotoSans-Bold.ttf
var Bold []byte

//go:embed fonts/scripts/*.ttf
var scripts embed.FS

// Scripts are the fonts of writing systems that Noto Sans does not have, one file
// each. Their licence is fonts/OFL.txt.
func Scripts() fs.FS {
	sub, err := fs.Sub(scripts, "fonts/scripts")
	if err != nil {
		panic(err) // The folder is embedded.
	}
	return sub
}

//go:embed fonts/made
var made embed.FS

// Han is the font for Han, Kana, Hangul and Bopomofo, compressed by Zstandard, nil in a
// program that was built without it (fonts/made/README.md).
func Han() []byte {
	font, err := made.ReadFile("fonts/made/NotoSansCJK.ttf.zst")
	if err != nil {
		return nil // Only this file of the folder can be missing.
	}
	return font
}

// SHA256 identifies the texts and fonts, so that an approval of a paper can be
// bound to the words it was made from.
func SHA256() string { return sum() }

// sum is worked out once: every look at a practice asks for it, and the fonts
// are long.
var sum = sync.OnceValue(func() string {
	h := sha256.New()
	for _, folder := range []embed.FS{texts, scripts, made} {
		err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := folder.ReadFile(name)
			h.Write([]byte(name + "\x00"))
			h.Write(content)
			return err
		})
		if err != nil {
			panic(err) // The files are embedded.
		}
	}
	h.Write(Regular)
	h.Write(Bold)
	return hex.EncodeToString(h.Sum(nil))
})
