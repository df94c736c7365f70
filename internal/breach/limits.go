package breach

import (
	"time"

	"duenotice/internal/civil"
)

// NoticeDays is the outer limit in calendar days for telling individuals, the
// media and the Secretary, and for a business associate to tell the covered
// entity (45 CFR 164.404(b), 164.406(b), 164.408(b), 164.410(b)). The day of
// discovery is day 0, and a 60th day on a weekend is not moved: the rule that
// moves one, 45 CFR 160.526(a), is for hearings only.
const NoticeDays = 60

// YearEndDays is how many days after the end of the calendar year of discovery
// the Secretary must have the log of breaches of fewer than 500 people (45 CFR
// 164.408(c)).
const YearEndDays = 60

// YearEndDue is the last day for the log of a year.
func YearEndDue(year int) civil.Date { return civil.Of(year, time.December, 31).AddDays(YearEndDays) }

// WarningDays are the days before a last day on which a person is warned of it.
var WarningDays = []int{30, 14, 7, 3, 1}

// DefaultApprovers is how many different people approve letters where the case
// folder does not say.
const DefaultApprovers = 2

// LowProbabilityAssessors is how many different people must record a low
// probability of compromise before it takes effect. It is this product's own
// safeguard, not the law's: deciding not to tell people takes two.
const LowProbabilityAssessors = 2
