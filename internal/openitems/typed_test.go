package openitems_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/openitems"
)

func TestACommandIsTypedAsAShellTakesIt(t *testing.T) {
	t.Parallel()
	for word, typed := range map[string]string{
		"cases/EX-2026-03": "cases/EX-2026-03", "Ada Rivera": `"Ada Rivera"`, "$HOME": `'$HOME'`, `a"b'c`: `'a"b'\''c'`, "": `""`,
	} {
		require.Equal(t, "duenotice "+typed, openitems.Typed(word))
	}
	require.Equal(t, `duenotice record EX-1 --by "YOUR NAME" --reference '$5 it'\''s' ""`, openitems.Typed("record", "EX-1", "--by", "YOUR NAME", "--reference", "$5 it's", ""))
}
