package pdffile_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/require"

	"duenotice/internal/pdffile"
)

var stamp = time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)

// saying is drawing that sets a text of ASCII in a face.
func saying(face string, y int, text string) []byte {
	wide := strings.Join(strings.Split(text, ""), "\x00")
	return fmt.Appendf(nil, "BT /%s 10 Tf 54 %d Td (\x00%s) Tj ET\n", face, y, wide)
}

func newDocument(text string) *pdffile.Document {
	d := pdffile.New("An example", stamp, 612, 792)
	d.Uses(false, text)
	d.Uses(true, text)
	return d
}

func written(t *testing.T, d *pdffile.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	n, err := d.WriteTo(&out)
	require.NoError(t, err)
	require.EqualValues(t, out.Len(), n)
	return out.Bytes()
}

// example has two pages with the same words and each with a line of its own.
func example(t *testing.T) []byte {
	t.Helper()
	d := newDocument("Zoë “Łódź” Ελλάδα Жук")
	words := d.Add(saying(pdffile.Regular, 700, "The same words on both pages"))
	for page := range 2 {
		d.Page(d.Add(saying(pdffile.Bold, 600, fmt.Sprintf("Number %d", page+1))), words)
	}
	require.Equal(t, 2, d.Pages())
	return written(t, d)
}

// A reader that trusts the table of objects lands at the beginning of each, and each
// stream is as long as it says.
func TestCrossReferencesPointAtTheirObjects(t *testing.T) {
	t.Parallel()
	text := string(example(t))
	start := text[strings.LastIndex(text, "startxref\n")+len("startxref\n"):]
	table, err := strconv.Atoi(start[:strings.Index(start, "\n")])
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(text[table:], "xref\n0 "))
	entries := regexp.MustCompile(`(?m)^(\d{10}) 00000 n $`).FindAllStringSubmatch(text[table:], -1)
	require.Len(t, entries, strings.Count(text, " 0 obj\n"))
	for i, entry := range entries {
		offset, err := strconv.Atoi(entry[1])
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(text[offset:], fmt.Sprintf("%d 0 obj\n", i+1)), "object %d is not at %d", i+1, offset)
	}
	require.NotEmpty(t, streams(t, text))
}

// streams are what is in each stream.
func streams(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	for _, at := range regexp.MustCompile(`<</Length (\d+) [^\n]*>>\nstream\n`).FindAllStringSubmatchIndex(text, -1) {
		length, err := strconv.Atoi(text[at[2]:at[3]])
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(text[at[1]+length:], "\nendstream"), "a stream is not as long as it says")
		unpacked, err := zlib.NewReader(strings.NewReader(text[at[1] : at[1]+length]))
		require.NoError(t, err)
		content, err := io.ReadAll(unpacked)
		require.NoError(t, err)
		all = append(all, string(content))
	}
	// An archive's description is not compressed.
	require.Len(t, all, strings.Count(text, "\nstream\n")-strings.Count(text, "/Type /Metadata"), "every stream was looked at")
	return all
}

// The words that pages share lie in the file once, and each page reads as a whole.
func TestPagesShareTheirWords(t *testing.T) {
	t.Parallel()
	file := example(t)
	shared := 0
	for _, content := range streams(t, string(file)) {
		if strings.Contains(content, "\x00s\x00a\x00m\x00e") {
			shared++
		}
	}
	require.Equal(t, 1, shared)
	doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	require.Equal(t, 2, doc.NumPage())
	for page := 1; page <= 2; page++ {
		text, err := doc.Page(page).GetPlainText(nil)
		require.NoError(t, err)
		require.Contains(t, text, "The same words on both pages")
		require.Contains(t, text, fmt.Sprintf("Number %d", page))
	}
	require.Equal(t, "An example", doc.Trailer().Key("Info").Key("Title").Text())
}

// ISO 32000-1 section 9.10.3 lets only the last byte of a code count up within a range:
// a screen reader that goes by it would otherwise find "Ł" to be "A".
func TestCharactersAreToldInLawfulRanges(t *testing.T) {
	t.Parallel()
	maps := 0
	for _, content := range streams(t, string(example(t))) {
		if !strings.Contains(content, "beginbfrange") {
			continue
		}
		maps++
		ranges := regexp.MustCompile(`<(..)(..)> <(..)(..)> <(....)>`).FindAllStringSubmatch(content, -1)
		var blocks []string
		for _, r := range ranges {
			require.Equal(t, r[1], r[3], "a range goes beyond its block")
			require.Equal(t, r[1]+r[2], r[5], "a code is its character's number")
			blocks = append(blocks, r[1])
		}
		require.Equal(t, []string{"00", "01", "03", "04", "20"}, blocks, "one for each block that is printed")
		require.Contains(t, content, fmt.Sprintf("%d beginbfrange", len(ranges)))
	}
	require.Equal(t, 2, maps, "one for each face")
}

// Programs that join documents take fonts of one name for the same, and would print
// the one document in the other's cut font.
func TestFontsOfOtherCharactersHaveOtherNames(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`/FontName /([A-Z]{6}\+NotoSans-(?:Regular|Bold)) `)
	seen := map[string]bool{}
	for _, text := range []string{"ë", "Ж", "ëЖ"} {
		d := newDocument(text)
		d.Page(d.Add(saying(pdffile.Regular, 700, "Words")))
		found := name.FindAllStringSubmatch(string(written(t, d)), -1)
		require.Len(t, found, 2)
		for _, f := range found {
			require.False(t, seen[f[1]], f[1])
			seen[f[1]] = true
		}
	}
}

// Documents are made at the same time, and each is the same bytes as alone.
func TestDocumentsMadeAtTheSameTimeAreTheSameBytes(t *testing.T) {
	t.Parallel()
	alone := example(t)
	files := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range files {
		all.Go(func() { files[i] = example(t) })
	}
	all.Wait()
	for _, file := range files {
		require.True(t, bytes.Equal(alone, file))
	}
}

func TestADocumentIsWrittenOnceAndHasPages(t *testing.T) {
	t.Parallel()
	d := newDocument("a")
	_, err := d.WriteTo(io.Discard)
	require.ErrorContains(t, err, "no pages")
	d.Page(d.Add(saying(pdffile.Regular, 700, "Words")))
	written(t, d)
	_, err = d.WriteTo(io.Discard)
	require.ErrorContains(t, err, "already written")
}
