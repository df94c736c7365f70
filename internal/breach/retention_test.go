package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
)

func TestRecordsAreKeptSixYears(t *testing.T) {
	t.Parallel()
	require.Equal(t, "2032-05-20", breach.RetainedUntil(civil.MustParse("2026-05-20")).String())
	require.Equal(t, "2034-03-01", breach.RetainedUntil(civil.MustParse("2028-02-29")).String(), "never a day short")
}
