package cli_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/cases"
	"duenotice/internal/testkit"
)

// held are the letters that status --held lists.
func (o *office) held(id string) []casebook.HeldLetter {
	o.t.Helper()
	var list struct{ Held []casebook.HeldLetter }
	require.NoError(o.t, json.Unmarshal([]byte(o.must("status", id, "--held", "--json")), &list))
	return list.Held
}

// owed are the individual notices of a practice that are not given, and how many
// people they are for.
func (o *office) owed(id, practice string) map[string]int {
	o.t.Helper()
	var s casebook.Status
	require.NoError(o.t, json.Unmarshal([]byte(o.must("status", id, "--practice", practice, "--json")), &s))
	open := map[string]int{}
	for _, d := range s.Details {
		for _, duty := range d.Obligations {
			if duty.Kind == breach.IndividualNotice && duty.SettledOn.IsZero() {
				open[duty.Rule] = duty.Count
			}
		}
	}
	return open
}

// Who was not written to is still owed a letter after the others' were mailed: the
// officer is told of them, by keys and with the true reason, and no duty is done.
func TestWhoseLetterIsHeldBackStaysOwed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	today := testkit.Today().String()
	for name, id := range map[string]string{"held-one-of-two": "HELD-ONE-OF-TWO", "held-long-address": "HELD-LONG-ADDRESS"} {
		want := casebook.HeldLetter{PracticeKey: "P1", PersonKey: "K2", Why: string(breach.HeldScript), Batch: casebook.BatchName(1, 1)}
		if name == "held-long-address" {
			want.Why = string(breach.HeldAddressTooLong)
		}
		o.must("start", cases.Folder(t, name), "--by", "Ada Rivera")
		o.must("approve", id, "--practice", "P1", "--by", "Ada Rivera")
		o.await(id, func(s casebook.Status) bool { return s.Account.Lines.In(account.Printed) == 1 })
		o.must("record", id, "--fact", "letters_mailed", "--on", today, "--by", "Ada Rivera")

		o.await(id, func(s casebook.Status) bool { return s.Account.Lines.In(account.Mailed) == 1 })
		s := o.status(id)
		require.True(t, s.Account.AddsUp, name)
		require.Equal(t, []int{1, 1}, []int{s.Account.Lines.In(account.Held), s.Account.Lines.Untold("")}, name)
		require.Equal(t, 1, s.NeedsPerson, name)
		require.Equal(t, []casebook.HeldLetter{want}, o.held(id))
		require.NotEmpty(t, o.owed(id, "P1"), "the individual notice is not done for two people")
		require.Contains(t, o.must("status", id), "1 held back: "+breach.HeldReason(want.Why).Words())
		require.NotContains(t, o.must("status", id, "--held"), "Test2", "keys, and no name")

		open := o.must("report", "open", id, "--csv")
		require.Contains(t, open, "letter to person K2 is held back: "+breach.HeldReason(want.Why).Words())
		require.NotContains(t, open, "Test2", "keys, and no name")

		// They are told by telephone, once.
		tell := []string{"record", id, "--practice", "P1", "--person", "K2", "--fact", "told_otherwise", "--on", today, "--reference", "by telephone", "--by", "Ada Rivera"}
		o.must(tell...)
		o.await(id, func(s casebook.Status) bool { return s.Account.Lines.In(account.Told) == 1 })
		require.Empty(t, o.held(id))
		require.NotContains(t, o.must("report", "open", id, "--csv"), "held back")
		testkit.Await(t, func() bool { return len(o.owed(id, "P1")) == 0 })
		require.Contains(t, o.must(tell...), "nothing changed", "the same act twice is the same act once")
		nobody := o.do("record", id, "--practice", "P1", "--person", "K1", "--fact", "told_otherwise", "--on", today, "--reference", "by telephone", "--by", "Ada Rivera")
		require.Equal(t, 3, nobody.code, "K1 has their letter")
	}
}

// A practice whose only letter was held back keeps no other practice's back.
func TestALetterHeldBackBlocksNoOther(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.startWorker()
	const id = "HELD-BLOCKS"
	o.must("start", cases.Folder(t, "held-blocks"), "--by", "Ada Rivera")
	o.must("approve", id, "--practice", "P1", "--by", "Ada Rivera")
	o.await(id, func(s casebook.Status) bool { return s.Account.Lines.In(account.Held) == 1 })
	o.must("approve", id, "--practice", "P2", "--by", "Ada Rivera")
	o.await(id, func(s casebook.Status) bool { return s.Account.Lines.In(account.Printed) == 1 })

	letters, err := filepath.Glob(filepath.Join(o.env["DUENOTICE_OUT"], id, "mail", "run-*", "letters.pdf"))
	require.NoError(t, err)
	require.Len(t, letters, 1)
	o.must("record", id, "--fact", "letters_mailed", "--on", testkit.Today().String(), "--by", "Ada Rivera")
	testkit.Await(t, func() bool { return len(o.owed(id, "P2")) == 0 })
	require.NotEmpty(t, o.owed(id, "P1"), "its one person was written to by nobody")
}
