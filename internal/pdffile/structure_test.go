package pdffile_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/require"

	"duenotice/internal/pdffile"
)

// readable is a document of two pages with a heading and a paragraph that goes on over them.
func readable(t *testing.T) []byte {
	t.Helper()
	d := pdffile.NewRead("Zoë & <others>", stamp, 612, 792)
	d.Uses(false, "A heading that goes on")
	d.Uses(true, "A heading that goes on")
	marked := func(role string, mark int, drawn []byte) []byte {
		return fmt.Appendf(nil, "/%s <</MCID %d>> BDC\n%sEMC\n", role, mark, drawn)
	}
	heading := d.Structure().Add("H1")
	words := d.Structure().Add("P")
	d.MarkedPage([]*pdffile.Node{heading, words},
		d.Add(append(marked("H1", 0, saying(pdffile.Bold, 700, "A heading")), marked("P", 1, saying(pdffile.Regular, 600, "that goes"))...)))
	d.MarkedPage([]*pdffile.Node{words}, d.Add(marked("P", 0, saying(pdffile.Regular, 700, "on"))))
	return written(t, d)
}

// TestAStructureIsReadBackWithItsWords reads a tagged file by a reader of its own: each
// node has its place, and each mark leads back to its node.
func TestAStructureIsReadBackWithItsWords(t *testing.T) {
	t.Parallel()
	file := readable(t)
	doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	require.Equal(t, 2, doc.NumPage())
	root := doc.Trailer().Key("Root")
	require.True(t, root.Key("MarkInfo").Key("Marked").Bool())
	require.Equal(t, "en-US", root.Key("Lang").Text())
	require.True(t, root.Key("ViewerPreferences").Key("DisplayDocTitle").Bool())
	require.Equal(t, "Zoë & <others>", doc.Trailer().Key("Info").Key("Title").Text())
	tree := root.Key("StructTreeRoot")
	document := tree.Key("K")
	require.Equal(t, "Document", document.Key("S").Name())
	var roles []string
	for i := range document.Key("K").Len() {
		node := document.Key("K").Index(i)
		roles = append(roles, node.Key("S").Name())
		require.Equal(t, "Document", node.Key("P").Key("S").Name())
	}
	require.Equal(t, []string{"H1", "P"}, roles)
	words := document.Key("K").Index(1).Key("K")
	require.Equal(t, int64(1), words.Index(0).Int64())
	require.Equal(t, int64(0), words.Index(1).Key("MCID").Int64())
	require.Equal(t, int64(1), words.Index(1).Key("Pg").Key("StructParents").Int64())
	marks := tree.Key("ParentTree").Key("Nums")
	require.Equal(t, "H1", marks.Index(1).Index(0).Key("S").Name())
	require.Equal(t, "P", marks.Index(1).Index(1).Key("S").Name())
	require.Equal(t, "P", marks.Index(3).Index(0).Key("S").Name())
}

// TestAFileSaysForAnArchiveWhatItIs: the same in XMP as in its information, an identity
// that is the content's own, and the meaning of its colours.
func TestAFileSaysForAnArchiveWhatItIs(t *testing.T) {
	t.Parallel()
	for level, file := range map[string][]byte{"U": example(t), "A": readable(t)} {
		doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
		require.NoError(t, err)
		root := doc.Trailer().Key("Root")
		described, err := io.ReadAll(root.Key("Metadata").Reader())
		require.NoError(t, err)
		require.NoError(t, xml.Unmarshal(described, new(struct{})), "it is XML")
		for _, said := range []string{
			"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>" + level + "</pdfaid:conformance>",
			"<xmp:CreateDate>2026-05-01T00:00:00</xmp:CreateDate>", "<pdf:Producer>Duenotice</pdf:Producer>",
		} {
			require.Contains(t, string(described), said)
		}
		require.Equal(t, "D:20260501000000", doc.Trailer().Key("Info").Key("CreationDate").Text())
		require.Contains(t, string(file), string(described), "an archive reads it as it lies")
		intent := root.Key("OutputIntents").Index(0)
		require.Equal(t, "GTS_PDFA1", intent.Key("S").Name())
		profile, err := io.ReadAll(intent.Key("DestOutputProfile").Reader())
		require.NoError(t, err)
		require.Equal(t, len(profile), int(profile[2])<<8|int(profile[3]), "a profile begins with its size")
		require.Equal(t, "mntrRGB XYZ ", string(profile[12:24]))
		require.Equal(t, "acsp", string(profile[36:40]))
		id := doc.Trailer().Key("ID")
		require.Len(t, id.Index(0).RawString(), 16)
		require.Equal(t, id.Index(0).RawString(), id.Index(1).RawString())
	}
	first, again := readable(t), readable(t)
	require.Equal(t, first, again, "the same is the same bytes")
	one, two := newDocument("a"), newDocument("a")
	one.Page(one.Add(saying(pdffile.Regular, 600, "One")))
	two.Page(two.Add(saying(pdffile.Regular, 600, "Two")))
	identity := func(file []byte) string {
		_, after, _ := strings.Cut(string(file), "/ID [<")
		return after[:32]
	}
	require.NotEqual(t, identity(written(t, one)), identity(written(t, two)))
}
