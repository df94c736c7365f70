package openitems

import (
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

// Hint is what a person does about practices in a phase, "" where nothing waits for one;
// key is that of one of them, or KEY for any.
func Hint(command Command, phase casebook.Phase, incident, key string, today civil.Date) string {
	switch phase {
	case casebook.PhaseRiskAssessment:
		return command("assess", incident, "--practice", key, "--conclusion", breach.LowProbability, "--factors", "FILE", "--by", "YOUR NAME")
	case casebook.PhaseNotice:
		return command("notify", incident, "--list")
	case casebook.PhaseDelegation:
		return command("delegate", incident, "--practice", key, "all", "--by", "YOUR NAME")
	case casebook.PhaseApproval:
		return command("approve", incident, "--list")
	case casebook.PhaseLettersReady:
		return command("record", incident, "--fact", breach.LettersMailed, "--on", today.String(), "--by", "YOUR NAME")
	case casebook.PhaseOpen:
		return command("status", incident, "--due", "60d")
	case casebook.PhaseAcknowledgment:
		return command("record", incident, "--practice", key, "--fact", breach.Acknowledged, "--on", today.String(), "--by", "YOUR NAME")
	}
	return ""
}
