package breach

import "duenotice/internal/civil"

// RetentionYears is how long documentation is kept: six years from its creation
// or from when it last was in effect, whichever is later (45 CFR 164.530(j)(2)).
const RetentionYears = 6

// RetainedUntil returns the last day on which the records of an incident that
// was closed on a day have to be kept. Closing is when the last of its documents
// was in effect (docs/adr/0093).
func RetainedUntil(closedOn civil.Date) civil.Date { return closedOn.AddYears(RetentionYears) }
