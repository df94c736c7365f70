package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// TestWhichBatchesAMailingIsOf: one that names none is of every batch printed by
// its day, where the officers are, and not mailed yet.
func TestWhichBatchesAMailingIsOf(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	day := civil.MustParse
	// Eleven in the evening of the 19th where the officers are, the 20th in UTC.
	first := casebook.MailedBatch{Name: "run-001-batch-0001", PrintedAt: time.Date(2026, 4, 20, 3, 0, 0, 0, time.UTC)}
	second := casebook.MailedBatch{Name: "run-002-batch-0001", PrintedAt: time.Date(2026, 4, 20, 15, 0, 0, 0, time.UTC)}
	printing := casebook.MailedBatch{Name: "run-003-batch-0001"}
	mailed := func(b casebook.MailedBatch, on string) casebook.MailedBatch {
		b.MailedOn = day(on)
		return b
	}
	for _, c := range []struct {
		name, on, batch, practice string
		there                     []casebook.MailedBatch
		want                      []string
		already                   bool
		refused, says             string
	}{
		{name: "both", on: "2026-04-20", there: []casebook.MailedBatch{first, second, printing}, want: []string{first.Name, second.Name}},
		{name: "only what was printed by then", on: "2026-04-19", there: []casebook.MailedBatch{first, second}, want: []string{first.Name}},
		{name: "the day before anything was printed", on: "2026-04-18", there: []casebook.MailedBatch{first, second}, refused: "before_cause", says: "2026-04-19"},
		{name: "while it is being printed", on: "2026-04-20", there: []casebook.MailedBatch{printing}, refused: "no_cause", says: printing.Name},
		{name: "nothing printed at all", on: "2026-04-20", refused: "no_cause"},
		{name: "a second mailing on one day", on: "2026-04-20", there: []casebook.MailedBatch{mailed(first, "2026-04-20"), second}, want: []string{second.Name}},
		{name: "the same again", on: "2026-04-20", there: []casebook.MailedBatch{mailed(first, "2026-04-20")}, want: []string{first.Name}, already: true},
		{name: "on another day, of nothing", on: "2026-04-21", there: []casebook.MailedBatch{mailed(first, "2026-04-20")}, refused: "nothing_to_mail", says: first.Name},
		{name: "one by name", on: "2026-04-20", batch: second.Name, there: []casebook.MailedBatch{first, second}, want: []string{second.Name}},
		{name: "one by name, corrected", on: "2026-04-21", batch: first.Name, there: []casebook.MailedBatch{mailed(first, "2026-04-20"), second}, want: []string{first.Name}},
		{name: "one by name, again", on: "2026-04-20", batch: first.Name, there: []casebook.MailedBatch{mailed(first, "2026-04-20"), second}, want: []string{first.Name}, already: true},
		{name: "one that is being printed", on: "2026-04-20", batch: printing.Name, there: []casebook.MailedBatch{first, printing}, refused: "no_cause", says: printing.Name},
		{name: "one that there is not", on: "2026-04-20", batch: "run-009-batch-0001", there: []casebook.MailedBatch{first, second}, refused: "unknown_batch", says: second.Name},
		{name: "of one practice: whatever has letters of it", on: "2026-04-20", practice: "P1", there: []casebook.MailedBatch{mailed(first, "2026-04-19"), second, printing}, want: []string{second.Name}},
		{name: "of one practice: its account knows what is left", on: "2026-04-20", practice: "P1", there: []casebook.MailedBatch{mailed(first, "2026-04-19")}, want: []string{first.Name}},
		{name: "of one practice: the same again", on: "2026-04-20", practice: "P1", there: []casebook.MailedBatch{mailed(first, "2026-04-19"), mailed(second, "2026-04-20")}, want: []string{first.Name, second.Name}, already: true},
		{name: "of one practice: not before it was printed", on: "2026-04-18", practice: "P1", there: []casebook.MailedBatch{first}, refused: "before_cause", says: first.Name},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			terms := casebook.RecordTerms{Fact: breach.Fact{Kind: breach.LettersMailed, On: day(c.on), Batch: c.batch}}
			names, already, err := Mailing(terms, c.practice, c.there, zone)
			if c.refused != "" {
				refusal, ok := breach.AsRefusal(err)
				require.True(t, ok, "%v", err)
				require.Equal(t, c.refused, refusal.Code)
				require.Contains(t, refusal.Error(), c.says)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, names)
			require.Equal(t, c.already, already)
		})
	}
	_, _, err = Mailing(casebook.RecordTerms{Fact: breach.Fact{Kind: breach.LettersMailed, On: day("2026-04-20"), Jurisdiction: "VA"}}, "", []casebook.MailedBatch{first}, zone)
	require.Error(t, err)
}
