package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/workflows"
)

func TestTextStaysAsItIsInMarkdown(t *testing.T) {
	t.Parallel()
	require.Equal(t, `HHS annual log due 2027-03-01, 45 CFR 164.408\(c)`, workflows.Markdown("HHS annual log due 2027-03-01, 45 CFR 164.408(c)"))
	require.Equal(t, `A\*B \_Clinic\_ \<LLC\>, \[1\]`, workflows.Markdown("A*B _Clinic_ <LLC>, [1]"))
	require.Equal(t, "one line", workflows.Markdown("one\nline"))
}
