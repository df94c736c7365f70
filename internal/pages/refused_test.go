package pages_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"duenotice/internal/pages"
	"duenotice/internal/postgres"
)

// refusing are the files in which an answer of a practice can be refused, on its way from
// the page to the database.
var refusing = []string{
	"../../activities/*.go", "../breach/*.go", "../casebook/*.go", "../app/attend*.go", "../postgres/acts.go", "../postgres/answer*.go", "../postgres/attending.go",
	"../postgres/amend.go", "../postgres/takeapart.go", "../postgres/authorise.go", "../postgres/onename.go", "../postgres/practice.go", "../postgres/packets.go",
}

// officersOnly are refusals in them that no answer of a practice meets, by why not.
var officersOnly = map[string]string{
	"assess, approve, replan, hold and release are no answers": `changed_since_looked factors_missing no_hold no_official no_papers no_statement not_delegated
		other_rulebook unknown_conclusion unknown_kind unknown_scope until_before no_until`,
	"nothing of the incident as a whole, of notices, letters by batch or papers is one": `batch_jurisdiction file_changed no_notice no_practice no_reminder not_halted not_now
		nothing_to_adopt nothing_to_mail on_hold printed_before printed_earlier printing_halted serials_used_up told_already unknown_batch unknown_mail_run unknown_post not_ours
		bad_sentence not_told recalled unknown_why`,
	"the page refuses it, or has no field for it":          `no_answer no_batch no_sender no_outlet no_state unknown_outlet no_url unknown_url unknown_act unknown_answer unknown_delegation unknown_fact unknown_sender unknown_through`,
	"only an officer records it":                           `duty_theirs nobody_disputed no_reason`,
	"it is of a look at a posting, which nobody asks for":  `nothing_reached`,
	"it ends by itself, and the answer waits":              `mail_run_open no_identity rulebook_unknown`,
	"of a case as it is loaded, or corrected by its files": `bad_key hold_released other_incident`,
}

func codesOf(t *testing.T) map[string]string {
	t.Helper()
	codes := map[string]string{}
	for _, pattern := range refusing {
		paths, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, paths, pattern)
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) < 3 {
					return true
				}
				name := ""
				switch f := call.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				code, literal := call.Args[0].(*ast.BasicLit)
				if name != "Refuse" || !literal && strings.HasSuffix(path, "/mailing.go") { // of letters by batch
					return true
				}
				require.True(t, literal, "%s refuses with a code that nobody can look for", path)
				text, err := strconv.Unquote(code.Value)
				require.NoError(t, err)
				codes[text] = path
				return true
			})
		}
	}
	return codes
}

// TestEveryRefusalIsInThePracticesLanguages goes over every reason for which what a
// practice answers can be refused: each has words in every language, or it is said here
// why no practice meets it.
func TestEveryRefusalIsInThePracticesLanguages(t *testing.T) {
	t.Parallel()
	codes := codesOf(t)
	require.Greater(t, len(codes), 50)
	var others []string
	for _, list := range officersOnly {
		others = append(others, strings.Fields(list)...)
	}
	for _, lang := range pages.Languages {
		words, err := pages.Words(lang)
		require.NoError(t, err)
		require.NotEmpty(t, words["refused.other"])
		for code, path := range codes {
			_, worded := words["refused."+code]
			require.NotEqual(t, worded, slices.Contains(others, code), "%s: %s of %s has words, or a reason why no practice meets it", lang, code, path)
		}
		for key := range words {
			code, is := strings.CutPrefix(key, "refused.")
			require.True(t, !is || code == "other" || codes[code] != "", "%s: nothing is refused with %s", lang, code)
		}
	}
	for _, code := range others {
		require.Contains(t, codes, code, "nothing is refused with it")
	}
}

// TestARefusalIsReadInTheReadersLanguage: what a clerk is shown of an answer that was
// not accepted is in the language of the page, whatever it is.
func TestARefusalIsReadInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	f := serve(t)
	clerks := map[string]*clerk{}
	for _, lang := range pages.Languages {
		clerks[lang] = f.clerk(t)
		clerks[lang].lang = lang
		clerks[lang].comesIn(own)
	}
	c := clerks["en"]
	sent := c.post("/answer/received", c.form(c.get("/answer/received"), "received", signer...))
	id, err := uuid.Parse(strings.TrimPrefix(sent.to(), "/answers/"))
	require.NoError(t, err)
	require.NoError(t, f.store.EndAnswer(t.Context(), id, postgres.AnswerRefused, "before_cause"))
	for lang, says := range map[string]string{"en": "before what has to come first", "es": "anterior a lo que tiene que ocurrir primero"} {
		page := clerks[lang].get(sent.to())
		require.Contains(t, page.body, says)
		_, why, _ := strings.Cut(page.body, "</span></dd>")
		require.NotContains(t, why, `lang="`+"en"+`">`, lang)
	}
	text, err := pages.RefusedWords("before_cause")
	require.NoError(t, err)
	require.Contains(t, text, "before what has to come first")
	text, err = pages.RefusedWords("a_code_of_a_later_program")
	require.NoError(t, err)
	require.Contains(t, text, "Call us")
	text, err = pages.RefusedWords("A sentence, as an earlier program kept it.")
	require.NoError(t, err)
	require.Contains(t, text, "as an earlier program kept it")
}
