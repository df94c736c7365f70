package temporalx

import (
	"go.temporal.io/sdk/temporal"
)

// Search attributes: the columns an officer sorts by in the Temporal UI. They
// are stored in clear; keys, phases and dates only.
var (
	IncidentKey    = temporal.NewSearchAttributeKeyKeyword("IncidentId")
	PracticeKey    = temporal.NewSearchAttributeKeyKeyword("PracticeKey")
	PhaseKey       = temporal.NewSearchAttributeKeyKeyword("Phase")
	SizeBandKey    = temporal.NewSearchAttributeKeyKeyword("SizeBand")
	NextDueKey     = temporal.NewSearchAttributeKeyTime("NextDue")
	NeedsPersonKey = temporal.NewSearchAttributeKeyBool("NeedsPerson")
	LateKey        = temporal.NewSearchAttributeKeyBool("Late")
)

// SearchAttributes lists them as "Name=Type" for registration with a server.
func SearchAttributes() []string {
	return []string{
		"IncidentId=Keyword", "PracticeKey=Keyword", "Phase=Keyword", "SizeBand=Keyword",
		"NextDue=Datetime", "NeedsPerson=Bool", "Late=Bool",
	}
}

// SizeBand says on which side of the lines of 45 CFR 164.406 and 164.408 a
// practice stands: under 500, exactly 500, or more.
func SizeBand(people int) string {
	switch {
	case people < 500:
		return "under 500"
	case people == 500:
		return "500"
	default:
		return "over 500"
	}
}
