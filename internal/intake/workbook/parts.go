package workbook

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// outline is what of a sheet the library's streaming reader does not say: which cells
// are merged, and which row is the last. The library ends a sheet without a word where
// its XML is damaged; the last row tells that from an end.
type outline struct {
	merged []area // by their first row
	last   int
}

// area is a merged range; columns and rows count from 1.
type area struct{ left, top, right, bottom int }

// outlines reads the outline of each sheet by its name.
func outlines(file io.ReaderAt, size int64) (map[string]outline, error) {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return nil, err
	}
	var book struct {
		Sheets []struct {
			Name string     `xml:"name,attr"`
			Any  []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := readPart(archive, "xl/workbook.xml", &book); err != nil {
		return nil, err
	}
	if err := readPart(archive, "xl/_rels/workbook.xml.rels", &relations); err != nil {
		return nil, err
	}
	targets := map[string]string{}
	for _, r := range relations.List {
		target := r.Target
		if !strings.HasPrefix(target, "/") {
			target = path.Join("xl", target)
		}
		targets[r.ID] = strings.TrimPrefix(target, "/")
	}
	found := map[string]outline{}
	for _, sheet := range book.Sheets {
		for _, attribute := range sheet.Any {
			if attribute.Name.Local != "id" {
				continue
			}
			part, err := archive.Open(targets[attribute.Value])
			if err != nil {
				return nil, fmt.Errorf("the workbook lacks a sheet it names: %w", err)
			}
			o, err := outlineOf(part)
			if err = errors.Join(err, part.Close()); err != nil {
				return nil, err
			}
			found[sheet.Name] = o
		}
	}
	return found, nil
}

// mostOfAPart bounds the parts that are read whole, which have a line for each sheet.
const mostOfAPart = 16 << 20

func readPart(archive *zip.Reader, name string, into any) error {
	part, err := archive.Open(name)
	if err != nil {
		return err
	}
	defer part.Close() //nolint:errcheck // only read
	return xml.NewDecoder(io.LimitReader(part, mostOfAPart)).Decode(into)
}

// outlineOf goes through a sheet's bytes for two kinds of elements. It is no parser of
// XML, which would take as long as reading the cells; markup cannot stand in text.
func outlineOf(part io.Reader) (o outline, err error) {
	src := bufio.NewReaderSize(part, 256<<10)
	for {
		tag, err := nextTag(src)
		if errors.Is(err, io.EOF) {
			slices.SortFunc(o.merged, func(a, b area) int { return cmp.Or(cmp.Compare(a.top, b.top), cmp.Compare(a.left, b.left)) })
			return o, nil
		}
		if err != nil {
			return o, err
		}
		name, rest, _ := bytes.Cut(tag, []byte(" "))
		if _, local, prefixed := bytes.Cut(name, []byte(":")); prefixed {
			name = local
		}
		switch string(bytes.TrimSuffix(name, []byte("/"))) {
		case "row":
			o.last++
			if n, err := strconv.Atoi(attribute(rest, "r")); err == nil && n > 0 {
				o.last = n
			}
		case "mergeCell":
			first, last, _ := strings.Cut(attribute(rest, "ref"), ":")
			var a area
			var err1, err2 error
			a.left, a.top, err1 = excelize.CellNameToCoordinates(first)
			a.right, a.bottom, err2 = excelize.CellNameToCoordinates(last)
			if err1 == nil && err2 == nil {
				o.merged = append(o.merged, a)
			}
		}
	}
}

// nextTag reads past text to the next tag and returns its beginning, which is enough
// for the elements that are looked for.
func nextTag(src *bufio.Reader) ([]byte, error) {
	for {
		_, err := src.ReadSlice('<')
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return nil, err
		}
		break
	}
	var tag []byte
	for {
		piece, err := src.ReadSlice('>')
		if len(tag) < 512 {
			tag = append(tag, piece...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return bytes.TrimSuffix(tag, []byte(">")), nil
	}
}

// attribute is the value of an attribute in a tag.
func attribute(tag []byte, name string) string {
	for _, quote := range []string{`"`, `'`} {
		text := " " + string(tag)
		if _, rest, found := strings.Cut(text, " "+name+"="+quote); found {
			value, _, _ := strings.Cut(rest, quote)
			return value
		}
	}
	return ""
}
