package acts_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"

	"duenotice/internal/acts"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// TestAnActThatNoWorkflowHearsSaysWhy: a closed incident refuses it, and what does
// not run, or cannot, is a failure with what to do.
func TestAnActThatNoWorkflowHearsSaysWhy(t *testing.T) {
	t.Parallel()
	whole := casebook.Act{IncidentID: "X"}
	one := casebook.Act{IncidentID: "X", PracticeKey: "P1"}
	missing := serviceerror.NewNotFound("workflow execution already completed")
	refusal, ok := breach.AsRefusal(acts.Gone(missing, true, whole))
	require.True(t, ok)
	require.Contains(t, refusal.Error(), "--practice")
	for act, closed := range map[*casebook.Act]bool{&whole: false, &one: true} {
		err := acts.Gone(missing, closed, *act)
		require.ErrorContains(t, err, "The worker starts it again within a minute")
		_, ok = breach.AsRefusal(err)
		require.False(t, ok)
	}
	require.ErrorContains(t, acts.Gone(serviceerror.NewWorkflowNotReady("its task fails"), false, one), "the workflow of practice P1 cannot hear it")
	other := errors.New("something else")
	require.Equal(t, other, acts.Gone(other, true, whole))
	require.NoError(t, acts.Gone(nil, true, whole))
}
