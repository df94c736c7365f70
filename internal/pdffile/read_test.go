package pdffile_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/pdffile"
)

// What was put on a page is read back from the file's bytes: characters, places, sizes.
func TestAFileIsReadBack(t *testing.T) {
	t.Parallel()
	d := newDocument("Zoë (Łódź) \\ Ελλάδα")
	shared := d.Add(saying(pdffile.Regular, 700, "Words of both pages"))
	// In the ways that a PDF has to say a text.
	own := d.Add([]byte("q 2 0 0 2 10 20 cm BT /B 12 Tf 1 0 0 1 5 6 Tm [<005A> -30 <006F00EB>] TJ ET Q\n" +
		"BT /R 8 Tf 54 100 Td (\x00\\(\\001A\x00\\)\x00\\\\) Tj 0 -10 Td (\x00\\101) Tj ET\n" +
		"/Span <</ActualText <FEFF0041006C006C>>> BDC BT /R 9 Tf 1 2 Td <0001> Tj 3 0 Td <0002> Tj ET EMC\n" +
		"q 0 g 1 0 0 -1 0 0 cm 3 4 5 1 re f Q\n"))
	d.Page(shared)
	d.Page(shared, own)
	r, err := pdffile.Read(written(t, d))
	require.NoError(t, err)
	require.Equal(t, 2, r.Pages())
	words := pdffile.Text{X: 54, FromTop: 92, Size: 10, Text: "Words of both pages"}
	first, err := r.Page(1)
	require.NoError(t, err)
	require.Equal(t, []pdffile.Text{words}, first)
	second, err := r.Page(2)
	require.NoError(t, err)
	require.Equal(t, []pdffile.Text{
		words, {X: 20, FromTop: 792 - 32, Size: 24, Text: "Zoë"},
		{X: 54, FromTop: 692, Size: 8, Text: "(Ł)\\"}, {X: 54, FromTop: 702, Size: 8, Text: "A"},
		{X: 1, FromTop: 790, Size: 9, Text: "All"},
	}, second)
	_, err = r.Page(3)
	require.Error(t, err)
}

// What cannot be read for sure is an error: a check that read nothing would find nothing.
func TestWhatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	for name, drawn := range map[string]string{
		"a font that is not there": "BT /X 10 Tf 1 2 Td (\x00A) Tj ET",
		"another drawing":          "/Form Do",
		"an end without beginning": "Q",
		"a text without an end":    "BT /R 10 Tf (\x00A Tj ET << ",
		"too few numbers":          "BT /R 10 Tf 4 Td (\x00A) Tj ET",
	} {
		d := newDocument("A")
		d.Page(d.Add([]byte(drawn)))
		r, err := pdffile.Read(written(t, d))
		require.NoError(t, err)
		_, err = r.Page(1)
		require.Error(t, err, name)
	}
	whole := example(t)
	for name, file := range map[string][]byte{
		"nothing": nil, "no table": []byte("%PDF-1.4\nstartxref\n99999\n"), "cut off": whole[:len(whole)/2],
		"another table": bytes.Replace(whole, []byte("xref\n0 "), []byte("xrex\n0 "), 1),
	} {
		_, err := pdffile.Read(file)
		require.Error(t, err, name)
	}
}

// A file that somebody changed is read or refused, and nothing else.
func FuzzReadingBack(f *testing.F) {
	d := newDocument("Zoë")
	d.Page(d.Add([]byte("BT /R 8 Tf 54 100 Td (\x00A\x00b) Tj ET")))
	var out bytes.Buffer
	if _, err := d.WriteTo(&out); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes(), 100, byte('<'))
	f.Add([]byte(strings.Repeat("[", 5000)+"startxref\n1\n"), 0, byte('x'))
	f.Fuzz(func(_ *testing.T, file []byte, at int, c byte) {
		file = bytes.Clone(file)
		if at >= 0 && at < len(file) {
			file[at] = c
		}
		r, err := pdffile.Read(file)
		if err != nil {
			return
		}
		for n := 1; n <= min(r.Pages(), 10); n++ {
			_, _ = r.Page(n)
		}
	})
}
