package cli_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/cli"
)

func TestRowsOfManyActsAreRead(t *testing.T) {
	t.Parallel()
	path := writeFile(t, "\ufeffPractice_Key , legal_name,on,reference\r\nP1,\"Oak, LLC\",2026-04-20,\"two\nlines\"\r\n\r\nP2,Elm,,\r\n")
	lines, practices, cells, ignored, err := cli.ReadRows(path, "on", "reference")
	require.NoError(t, err)
	require.Equal(t, []int{2, 5}, lines, "as an editor counts them")
	require.Equal(t, []string{"P1", "P2"}, practices)
	require.Equal(t, []map[string]string{{"on": "2026-04-20", "reference": "two\nlines"}, {"on": "", "reference": ""}}, cells)
	require.Equal(t, []string{"legal_name"}, ignored)

	for content, why := range map[string]string{
		"":                                 "is empty",
		"key,on\nP1,2026-04-20\n":          "no column practice_key; its first line says: key, on",
		"practice_key,on,on\nP1,x,y\n":     "the column on twice",
		"practice_key,on\nP1\n":            "line 2, column 1: wrong number of fields",
		"practice_key,on\nP1,\"x\n":        "line 2",
		"practice_key,on\nP1,caf\xe9\n":    "not text in UTF-8",
		"practice_key;on\nP1;2026-04-20\n": "no column practice_key",
	} {
		_, _, _, _, err := cli.ReadRows(writeFile(t, content), "on")
		refusal, ok := breach.AsRefusal(err)
		require.True(t, ok, "%q: %v", content, err)
		require.Contains(t, refusal.Error(), why)
	}
}

// TestTheSameFileAgainDoesOnlyWhatIsNotDone: acts of one series take each other's
// place, and a file with several would otherwise never be done.
func TestTheSameFileAgainDoesOnlyWhatIsNotDone(t *testing.T) {
	t.Parallel()
	reason := func(day string) casebook.Act {
		return casebook.Act{IncidentID: "X", PracticeKey: "P1", Kind: casebook.ActRecord, Who: "Ada", Record: &casebook.RecordTerms{
			Fact: breach.Fact{Kind: breach.DelayReason, On: civil.MustParse(day), Reference: "why"},
		}}
	}
	a, b, c := reason("2026-04-01"), reason("2026-04-02"), reason("2026-04-03")
	other := casebook.Act{IncidentID: "X", Kind: casebook.ActRecord, Who: "Ada", Record: &casebook.RecordTerms{
		Fact: breach.Fact{Kind: breach.LettersMailed, On: civil.MustParse("2026-04-20")},
	}}
	for name, x := range map[string]struct {
		acts, before []casebook.Act
		done         int
	}{
		"nothing was done":                {[]casebook.Act{a, b, c}, []casebook.Act{other}, 0},
		"all of it was":                   {[]casebook.Act{a, b, c}, []casebook.Act{a, b, other, c}, 3},
		"it was interrupted":              {[]casebook.Act{a, b, c}, []casebook.Act{c, a, b}, 2},
		"something else was done since":   {[]casebook.Act{a, b}, []casebook.Act{a, b, c}, 0},
		"it begins with what is the last": {[]casebook.Act{b, a}, []casebook.Act{a, b}, 1},
	} {
		done, err := cli.AlreadyDone(x.acts, x.before)
		require.NoError(t, err)
		require.Equal(t, x.done, done, name)
	}
}

func TestCommandLinesOfManyActs(t *testing.T) {
	t.Parallel()
	for line, header := range map[string]string{
		"record --template":      "practice_key,fact,on,jurisdiction,reference,count,estimate,answer,through,batch,person,proof,sender,url,outlet\n",
		"delegate --template":    "practice_key,delegation\n",
		"assess EX-1 --template": "practice_key,conclusion,factors\n",
		"approve --template":     "practice_key\n",
		"notify EX-1 --template": "practice_key\n",
	} {
		r := terminal{}.run(t, strings.Fields(line)...)
		require.Zero(t, r.code, "%s: %s", line, r.err)
		require.Equal(t, header, r.out, line)
	}
	for line, why := range map[string]string{
		"record EX-1 --on 2026-04-20 --by A":                                `required flag(s) "fact" not set`,
		"record EX-1 --fact hhs_filed --on 2026-04-20":                      `required flag(s) "by" not set`,
		"record EX-1 --from x.csv --fact hhs_filed":                         `required flag(s) "by" not set`,
		"record EX-1 --from x.csv --practice P1 --by A":                     "none of the others can be",
		"record EX-1 --outbox --fact letters_mailed --on 2026-04-20 --by A": "--outbox goes with --fact practice_notified",
		"record EX-1 --practice P1 --fact acknowledged --on soon --by A":    "--on: ",
		"record EX-1 --fact hhs_filed --on 2026-04-20 --count many --by A":  "invalid argument",
		"record EX-1 --fact acknowledged --on 2026-04-20 --dry-run --by A":  "--dry-run goes with --from",
		"approve EX-1 --practice P1,P? --by A":                              "is not a practice's key",
		"delegate EX-1 --from x.csv --refused x.csv --by A":                 "--refused is to be another file",
		"delegate EX-1 --practice P1 all --refused x.csv --by A":            "--refused goes with --from",
		"delegate EX-1 --practice P1 some --by A":                           "a delegation is",
		"delegate EX-1 --practice P1,, all --by A":                          "no key before or after a comma",
		"delegate EX-1 --practice P1,a/b all --by A":                        "is not a practice's key",
		"delegate EX-1 --practice P1 --practice P? all --by A":              "is not a practice's key",
		"delegate EX-1 --practice ../* all --by A":                          "is not a pattern of practices' keys",
		"delegate EX-1 --practice P1 all --dry-run --by A":                  "--dry-run goes with --from, or with several practices",
		"delegate EX-1 all --by A":                                          `required flag(s) "practice" not set`,
		"assess EX-1 --practice P1 --by A":                                  `required flag(s) "conclusion" not set`,
		"assess EX-1 --practice P1 --conclusion maybe --by A":               "--conclusion is presumed or low_probability",
		"notify EX-1":                       `required flag(s) "by" not set`,
		"notify EX-1 --practice a/b --by A": "is not a practice's key",
		"bounces EX-1 events.json":          `required flag(s) "by" not set`,
		"approve EX-1 --by A":               "at least one of the flags",
		"simulate . --notices lost":         "--notices is sent or outbox",
	} {
		r := terminal{}.run(t, strings.Fields(line)...)
		require.Equal(t, 2, r.code, "%s: %s%s", line, r.out, r.err)
		require.Contains(t, r.err, why, line)
	}
	r := terminal{}.run(t, "bounces", "EX-1", writeFile(t, "piece_id,returned_on\nx,y\n"), "--by", "A")
	require.Equal(t, 3, r.code)
	require.Contains(t, r.err, "no export of SendGrid's events")
}
