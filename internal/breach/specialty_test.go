package breach_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
)

func TestNamesThatTellASpecialty(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Riverside Behavioral Health LLC", "Example Oncology Associates", "HIV Care of Example", "Lakeview Recovery Center", "EXAMPLE PSYCHIATRY",
		"Example OB/GYN", "Women’s Health of Example", "Elm Avenue Cardiology LLC", "Example Fertility", "Example Pain Clinic",
	} {
		require.True(t, breach.TellsSpecialty(name), name)
	}
	for _, name := range []string{
		"Example Health Cloud, Inc.", "Oak Street Family Medicine PLLC", "Mentalia Family Practice", "Aidson and Sons", "St. Alphonsus Hospital", "Painter Family Care", "Privacy Office",
	} {
		require.False(t, breach.TellsSpecialty(name), name)
	}
}
