package cli

import (
	"time"

	"duenotice/internal/casebook"
	"duenotice/internal/mail"
)

// SortBounces sorts events against notices by practice, and returns the practices of those
// that did not arrive, and where events stand that are of none or say a thing again.
func SortBounces(events []mail.Event, latest map[string]casebook.Message, byAddress map[string][]string) (practices []string, unknown, doubled []int) {
	sent := sentMessages{latest: latest, byAddress: byAddress, byID: map[string]string{}, zone: time.UTC}
	for practice, message := range latest {
		sent.byID[message.ID] = practice
	}
	found := sent.bounced(events)
	for _, row := range found.rows {
		practices = append(practices, row.practice)
	}
	return practices, found.unknown, found.doubled
}
