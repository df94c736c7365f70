package pdffile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"

	"github.com/klauspost/compress/zlib"
)

// Text is a stretch of text as a page shows it: where its baseline begins, in points from
// the page's top left, and its size.
type Text struct {
	X, FromTop, Size float64
	Text             string
}

// Reader reads back what a file prints. It takes the bytes as a printer gets them, and
// knows files that a Document wrote: a table of objects, pages in one list, streams that
// are deflated. It is not safe for concurrent use.
type Reader struct {
	file   []byte
	at     []int
	pages  []int
	height float64
	// fonts say by their names on a page which characters their codes are.
	fonts map[string]unicode
	// parts are drawings that were read before: words that many pages share.
	parts  map[int][]Text
	unpack io.ReadCloser
}

// maxParts bounds the memory of a Reader; the words of a batch are some dozens.
const maxParts = 4096

// Read opens a file.
func Read(file []byte) (*Reader, error) {
	r := &Reader{file: file, fonts: map[string]unicode{}, parts: map[int][]Text{}}
	if err := r.open(); err != nil {
		return nil, fmt.Errorf("the file is no PDF as it was written: %w", err)
	}
	return r, nil
}

// Pages is how many pages the file has.
func (r *Reader) Pages() int { return len(r.pages) }

// Page returns what a page prints, from 1, in the order in which it is drawn.
func (r *Reader) Page(n int) ([]Text, error) {
	if n < 1 || n > len(r.pages) {
		return nil, fmt.Errorf("there is no page %d", n)
	}
	page, err := r.dictionary(r.pages[n-1])
	if err != nil {
		return nil, err
	}
	var all []Text
	for _, part := range page.refs("Contents") {
		texts, err := r.part(part)
		if err != nil {
			return nil, err
		}
		all = append(all, texts...)
	}
	return all, nil
}

func (r *Reader) part(object int) ([]Text, error) {
	if texts, read := r.parts[object]; read {
		return texts, nil
	}
	drawn, err := r.stream(object)
	if err != nil {
		return nil, err
	}
	texts, err := r.texts(drawn)
	if err != nil {
		return nil, fmt.Errorf("object %d: %w", object, err)
	}
	if len(r.parts) >= maxParts {
		clear(r.parts)
	}
	r.parts[object] = texts
	return texts, nil
}

// open reads the table of objects, the pages and what their fonts' codes are.
func (r *Reader) open() error {
	from := bytes.LastIndex(r.file, []byte("startxref\n"))
	if from < 0 {
		return errors.New("it has no end")
	}
	s := &scanner{in: r.file, at: from + len("startxref\n")}
	table := int(s.next().num)
	if table <= 0 || table >= len(r.file) {
		return errors.New("it has no table of objects")
	}
	s.at = table
	if !s.next().is(keyword, "xref") || s.next().kind != number {
		return errors.New("its table of objects is not where it says")
	}
	count := int(s.next().num)
	if count < 1 || count > len(r.file) {
		return errors.New("its table of objects has no length")
	}
	r.at = make([]int, count)
	for i := range r.at {
		r.at[i] = int(s.next().num)
		s.next()
		s.next()
	}
	if !s.next().is(keyword, "trailer") {
		return errors.New("its table of objects is longer than it says")
	}
	trailer, err := s.dictionary()
	if err != nil {
		return err
	}
	catalog, err := r.dictionary(trailer.ref("Root"))
	if err != nil {
		return err
	}
	return r.openPages(catalog.ref("Pages"))
}

func (r *Reader) openPages(object int) error {
	tree, err := r.dictionary(object)
	if err != nil {
		return err
	}
	box := tree.numbers("MediaBox")
	if r.pages = tree.refs("Kids"); len(box) != 4 || len(r.pages) == 0 {
		return errors.New("it has no pages")
	}
	r.height = box[3]
	page, err := r.dictionary(r.pages[0])
	if err != nil {
		return err
	}
	shared, err := r.dictionary(page.ref("Resources"))
	if err != nil {
		return err
	}
	fonts := shared["Font"].dict
	for name := range fonts {
		font, err := r.dictionary(fonts.ref(name))
		if err != nil {
			return err
		}
		codes, err := r.stream(font.ref("ToUnicode"))
		if err != nil {
			return fmt.Errorf("font %s does not say what it prints: %w", name, err)
		}
		r.fonts[name] = unicodeOf(codes)
	}
	return nil
}

// value is an object inside another: a number, a name, a string, a reference, a list or
// a dictionary.
type value struct {
	token token
	ref   int
	list  []value
	dict  dictionary
}

type dictionary map[string]value

func (d dictionary) ref(key string) int { return d[key].ref }

// refs are the references of a list, or the one that stands there.
func (d dictionary) refs(key string) []int {
	v := d[key]
	if v.ref > 0 {
		return []int{v.ref}
	}
	refs := make([]int, 0, len(v.list))
	for _, item := range v.list {
		refs = append(refs, item.ref)
	}
	return refs
}

func (d dictionary) numbers(key string) []float64 {
	var all []float64
	for _, item := range d[key].list {
		all = append(all, item.token.num)
	}
	return all
}

// dictionary reads the dictionary of an object.
func (r *Reader) dictionary(object int) (dictionary, error) {
	s, err := r.object(object)
	if err != nil {
		return nil, err
	}
	return s.dictionary()
}

func (r *Reader) object(object int) (*scanner, error) {
	if object < 1 || object >= len(r.at) || r.at[object] >= len(r.file) {
		return nil, fmt.Errorf("there is no object %d", object)
	}
	s := &scanner{in: r.file, at: r.at[object]}
	if first := s.next(); first.kind != number || int(first.num) != object || s.next().kind != number || !s.next().is(keyword, "obj") {
		return nil, fmt.Errorf("object %d is not where the table says", object)
	}
	return s, nil
}

// stream inflates an object's stream.
func (r *Reader) stream(object int) ([]byte, error) {
	s, err := r.object(object)
	if err != nil {
		return nil, err
	}
	d, err := s.dictionary()
	if err != nil {
		return nil, err
	}
	length := int(d["Length"].token.num)
	if !s.next().is(keyword, "stream") || s.at+1+length > len(s.in) || length < 0 {
		return nil, fmt.Errorf("object %d has no stream of the length that it says", object)
	}
	content, err := r.inflated(s.in[s.at+1 : s.at+1+length])
	if err != nil {
		return nil, fmt.Errorf("object %d: %w", object, err)
	}
	return content, nil
}

// inflated is what was deflated. The decompressor is used again: a new one is 40 KB of
// tables for a few hundred bytes.
func (r *Reader) inflated(packed []byte) ([]byte, error) {
	in := bytes.NewReader(packed)
	var err error
	if r.unpack == nil {
		r.unpack, err = zlib.NewReader(in)
	} else {
		err = r.unpack.(zlib.Resetter).Reset(in, nil)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r.unpack)
}

var errCutOff = errors.New("an object is cut off")

func (s *scanner) dictionary() (dictionary, error) {
	if !s.next().is(open, "<<") {
		return nil, errors.New("an object is no dictionary")
	}
	return s.entries()
}

// entries reads a dictionary behind its beginning.
func (s *scanner) entries() (dictionary, error) {
	d := dictionary{}
	for {
		key := s.next()
		if key.is(closing, ">>") {
			return d, nil
		}
		if key.kind != name {
			return nil, errCutOff
		}
		v, err := s.value(s.next())
		if err != nil {
			return nil, err
		}
		d[string(key.text)] = v
	}
}

func (s *scanner) value(first token) (value, error) {
	switch {
	case first.kind == ended || first.kind == closing:
		return value{}, errCutOff
	case first.is(open, "<<"):
		d, err := s.entries()
		return value{dict: d}, err
	case first.is(open, "["):
		var list []value
		for {
			item := s.next()
			if item.is(closing, "]") {
				return value{list: list}, nil
			}
			v, err := s.value(item)
			if err != nil {
				return value{}, err
			}
			list = append(list, v)
		}
	case first.kind == number:
		// "12 0 R" is a reference.
		back := s.at
		if s.next().kind == number && s.next().is(keyword, "R") {
			return value{ref: int(first.num)}, nil
		}
		s.at = back
	}
	return value{token: first}, nil
}

// unicode says which characters the codes of a font are.
type unicode struct {
	single map[uint16]string
	ranges []codes
}

// codes are codes that follow one another, with the character of the first.
type codes struct {
	first, last uint16
	is          rune
}

func (u unicode) text(coded []byte) string {
	var out []byte
	for i := 0; i+1 < len(coded); i += 2 {
		code := uint16(coded[i])<<8 | uint16(coded[i+1])
		if text, is := u.single[code]; is {
			out = append(out, text...)
			continue
		}
		r := '\uFFFD'
		for _, c := range u.ranges {
			if code >= c.first && code <= c.last {
				r = c.is + rune(code-c.first)
				break
			}
		}
		out = append(out, string(r)...)
	}
	return string(out)
}

// unicodeOf reads a font's map of codes (section 9.10.3).
func unicodeOf(cmap []byte) unicode {
	u := unicode{single: map[uint16]string{}}
	s := &scanner{in: cmap}
	var read [][]byte
	listed := false
	for t := s.next(); t.kind != ended; t = s.next() {
		switch {
		case t.kind == literal:
			read = append(read, t.text)
		case t.kind == open:
			listed = true
		case t.is(keyword, "endbfchar"):
			for i := 0; i+1 < len(read); i += 2 {
				u.single[codeOf(read[i])] = utf16Text(read[i+1])
			}
		case t.is(keyword, "endbfrange") && !listed:
			for i := 0; i+2 < len(read); i += 3 {
				if first := []rune(utf16Text(read[i+2])); len(first) == 1 {
					u.ranges = append(u.ranges, codes{codeOf(read[i]), codeOf(read[i+1]), first[0]})
				}
			}
		case t.kind == keyword:
			read, listed = read[:0], false
		}
	}
	return u
}

func codeOf(b []byte) uint16 {
	n := uint16(0)
	for _, c := range b {
		n = n<<8 | uint16(c)
	}
	return n
}

// utf16Text is text in UTF-16, the more significant byte first, with or without its mark.
func utf16Text(b []byte) string {
	b = bytes.TrimPrefix(b, []byte{0xFE, 0xFF})
	units := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, codeOf(b[i:i+2]))
	}
	return string(utf16.Decode(units))
}
