package posting

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// Words are what a reader sees of a page: its letters and digits in small letters, one
// behind the other. Spaces are left out too, since a site writes a number as
// 1 (800) 555-0100 that the notice has as 1-800-555-0100.
type Words string

// unseen are elements whose text nobody reads.
var unseen = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Head: true, atom.Title: true,
	atom.Textarea: true, atom.Iframe: true, atom.Object: true, atom.Svg: true,
}

// OfHTML reads the words of a page of HTML. Parts that the page itself hides (the
// attribute hidden, display:none) are not seen; what only a style sheet or a script
// hides or writes is not known. Broken HTML is read as browsers read it.
func OfHTML(page string) Words {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return "" // nested deeper than the parser goes, or than anybody reads
	}
	var seen strings.Builder
	for node := range root.Descendants() {
		if node.Type == html.TextNode && !unread(node) {
			seen.WriteString(node.Data)
		}
	}
	return OfText(seen.String())
}

// OfText reads the words of plain text. Characters that Unicode takes for the same are
// the same.
func OfText(text string) Words {
	var b strings.Builder
	for _, r := range norm.NFKC.String(text) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return Words(b.String())
}

// have reports whether a sentence stands in the page.
func (w Words) have(sentence string) bool {
	return strings.Contains(string(w), string(OfText(sentence)))
}

// unread reports whether something around a text keeps it from readers.
func unread(text *html.Node) bool {
	for node := range text.Ancestors() {
		if unseen[node.DataAtom] {
			return true
		}
		for _, a := range node.Attr {
			style := strings.ReplaceAll(strings.ToLower(a.Val), " ", "")
			if a.Key == "hidden" || a.Key == "style" && (strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")) {
				return true
			}
		}
	}
	return false
}
