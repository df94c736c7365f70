package papers_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/require"

	"duenotice/internal/papers"
)

// told is what a program that reads aloud is told: the structure's type and the words.
type told struct{ role, text string }

// structureOf reads a file's structure back with its words, in the order it is read,
// and fails for words that are neither in it nor marked as an artifact, or in it twice.
func structureOf(t *testing.T, file []byte) []told {
	t.Helper()
	doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	marked := map[[2]int64]string{}
	for n := 1; n <= doc.NumPage(); n++ {
		page := doc.Page(n)
		parents := page.V.Key("StructParents").Int64()
		fonts := map[string]pdf.TextEncoding{}
		for _, name := range page.Fonts() {
			font := page.Font(name)
			fonts[name] = font.Encoder()
		}
		font, mark, artifact := "", int64(-1), false
		pdf.Interpret(page.V.Key("Contents"), func(stack *pdf.Stack, op string) {
			args := make([]pdf.Value, stack.Len())
			for i := len(args) - 1; i >= 0; i-- {
				args[i] = stack.Pop()
			}
			switch op {
			case "BDC":
				mark = args[1].Key("MCID").Int64()
			case "BMC":
				require.Equal(t, "Artifact", args[0].Name())
				artifact = true
			case "EMC":
				mark, artifact = -1, false
			case "Tf":
				font = args[0].Name()
			case "re", "l":
				require.True(t, artifact, "page %d: a line that is no artifact", n)
			case "Tj":
				text := fonts[font].Decode(args[0].RawString())
				require.True(t, artifact || mark >= 0, "page %d: %q is not marked", n, text)
				if !artifact {
					marked[[2]int64{parents, mark}] += text
				}
			}
		})
	}
	var all []told
	var walk func(node pdf.Value)
	walk = func(node pdf.Value) {
		role, text := node.Key("S").Name(), ""
		kids := node.Key("K")
		at := len(all)
		all = append(all, told{role: role})
		for i := range kids.Len() {
			kid := kids.Index(i)
			key := [2]int64{node.Key("Pg").Key("StructParents").Int64(), kid.Int64()}
			switch {
			case kid.Kind() == pdf.Dict && !kid.Key("MCID").IsNull():
				key = [2]int64{kid.Key("Pg").Key("StructParents").Int64(), kid.Key("MCID").Int64()}
			case kid.Kind() == pdf.Dict:
				walk(kid)
				continue
			}
			words, there := marked[key]
			require.True(t, there, "a place of the structure has no words, or the same as another")
			delete(marked, key)
			text += words
		}
		all[at].text = strings.TrimSpace(text)
	}
	walk(doc.Trailer().Key("Root").Key("StructTreeRoot").Key("K"))
	require.Empty(t, marked, "words that no place of the structure has")
	return all
}

// TestALetterIsReadInItsOrder: a proof is heard from the sender to the reference, with
// its headings, lists and the box, and with a space wherever a line ends.
func TestALetterIsReadInItsOrder(t *testing.T) {
	t.Parallel()
	file, err := proofOf(exampleIncident(), examplePractice())
	require.NoError(t, err)
	all := structureOf(t, file)
	require.Equal(t, "Document", all[0].role)
	var first []string
	art := func(p told) bool { return p.role == "Art" }
	for _, part := range all[slices.IndexFunc(all, art)+1:] {
		if art(part) {
			break
		}
		first = append(first, part.role+" "+part.text)
	}
	read := strings.Join(first, "\n")
	at := 0
	for _, words := range []string{
		"P Example Health Cloud, Inc. 100 Example Way Somerset, NJ 08873\nP May 1, 2026\nP ADULT SAMPLE 100 EXAMPLE STREET ANYTOWN KS 12345",
		"P Oak Street Family Medicine\nH1 Notice of Data Breach\nP Dear Adult Sample:\nP We are writing to tell you about an incident that involved information about you. Example Health Cloud, Inc. works",
		"H2 What to Do Now", "P Your enrollment code:\nP (each person's own code)", "H2 What Happened", "H2 What Information Was Involved",
		"H2 What We Are Doing", "H2 What You Can Do", "L \nLI \nLBody • Read the statements that come from your health care providers and health plan. If one lists care that you did not get",
		"H2 For More Information", "P Reference PROOF-1",
	} {
		found := strings.Index(read[at:], words)
		require.GreaterOrEqual(t, found, 0, "%q is missing or out of order in:\n%s", words, read)
		at += found
	}
	require.Equal(t, 1+9, strings.Count(fmt.Sprint(all), "{H1 "), "the first pages and each letter have their title")
}

// TestEveryPaperForAScreenSaysWhatItIs reads back each paper that is shown or sent: all
// of its words have a place, tables have as many cells in each row as in their head, and
// there is one title.
func TestEveryPaperForAScreenSaysWhatItIs(t *testing.T) {
	t.Parallel()
	made := everyPaper(t, exampleIncident(), examplePractice())
	for _, name := range []string{"notice", "worksheet", "media", "binder"} {
		all := structureOf(t, made[name])
		titles, cells, row := 0, 0, 0
		for i, part := range all {
			switch part.role {
			case "H1":
				titles++
			case "TR", "Table":
				if part.role == "Table" {
					cells = 0
				}
				row = 0
			case "TH", "TD":
				row++
				if end := i+1 == len(all) || all[i+1].role != part.role; end && cells == 0 {
					cells = row
				} else if end {
					require.Equal(t, cells, row, "%s: a row of another length", name)
				}
			}
		}
		require.Equal(t, 1, titles, name)
	}
}

// TestLettersToPrintHaveNoStructure: mail houses ask for files of PDF 1.4, and nobody
// reads a batch aloud.
func TestLettersToPrintHaveNoStructure(t *testing.T) {
	t.Parallel()
	file, _ := letters(t, exampleIncident(), letterTo(examplePerson()))
	require.True(t, bytes.HasPrefix(file, []byte("%PDF-1.4\n")))
	doc, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	require.True(t, doc.Trailer().Key("Root").Key("StructTreeRoot").IsNull())
	require.NotContains(t, string(file), "Nguy")
	require.Contains(t, string(file), "<pdfaid:conformance>U</pdfaid:conformance>")
}

// TestPopplerReadsTheSame where it is installed: another reader than the one above finds
// the structure, the language and the title.
func TestPopplerReadsTheSame(t *testing.T) {
	t.Parallel()
	info, err := exec.LookPath("pdfinfo")
	if err != nil {
		t.Skip("poppler's pdfinfo is not installed; TestALetterIsReadInItsOrder reads the structure without it")
	}
	file, err := papers.Notice(exampleNotice())
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "notice.pdf")
	require.NoError(t, os.WriteFile(path, file, 0o600))
	said, err := exec.CommandContext(t.Context(), info, path).Output()
	require.NoError(t, err)
	require.Regexp(t, `Tagged:\s+yes`, string(said))
	require.Regexp(t, `Metadata Stream:\s+yes`, string(said))
	require.Regexp(t, `Title:\s+\S`, string(said))
	read, err := exec.CommandContext(t.Context(), info, "-struct-text", path).CombinedOutput()
	require.NoError(t, err)
	require.NotContains(t, string(read), "Error")
	for _, part := range structureOf(t, file) {
		if part.role == "H1" || part.role == "H2" {
			require.Contains(t, string(read), part.role+" (block)\n")
			require.Contains(t, string(read), part.text)
		}
	}
}
