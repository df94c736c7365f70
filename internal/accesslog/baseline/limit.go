package baseline

import "math"

// What leaves a baseline. They are printed in every report, so that whoever reads it can
// judge again with others.
const (
	// FewestHours is how many hours make a baseline; of fewer nothing is said.
	FewestHours = 20
	// Spreads is how many spreads above the median a count has to be. A spread is 1.4826
	// MADs, which is a standard deviation where numbers are normal, and at least one MAD
	// of 1: where every hour has had the same count, one more is no news.
	Spreads = 6
	// ToDeviation makes a standard deviation of a MAD.
	ToDeviation = 1.4826
	// Busy is the share of hours that are not busier than a busy hour.
	Busy = 0.99
	// Chance is the chance below which a count is not put down to a busy hour.
	Chance = 1e-6
	// Rare is the share of hours below which an hour of the day is unusual.
	Rare = 0.01
)

// Baseline is what is usual for an account or a role.
type Baseline struct {
	// Hours is how many hours it is made of.
	Hours  int     `json:"hours"`
	Median float64 `json:"median"`
	MAD    float64 `json:"mad"`
	// Busy is the count that one hour in a hundred is above.
	Busy int `json:"busy"`
	// Limit is the least count that leaves it; 0 where there are too few hours to say.
	Limit int `json:"limit"`
}

// Of is the baseline of hours' counts.
func Of(c Counts) Baseline {
	b := Baseline{Hours: c.N(), Median: c.Median(), MAD: c.MAD(), Busy: c.Quantile(Busy)}
	if b.Hours >= FewestHours {
		b.Limit = b.limit()
	}
	return b
}

// limit is the least count for which both hold: it is more than Spreads spreads above the
// median, and in an hour that is as busy as the busy ones always are it would still come
// by a chance of less than Chance. The first leaves out what is usual, the second the
// busy day of somebody whose hours are otherwise alike.
func (b Baseline) limit() int {
	least := int(math.Floor(b.Median+Spreads*ToDeviation*max(b.MAD, 1))) + 1
	rate := max(float64(b.Busy), 1)
	if PoissonTail(least, rate) < Chance {
		return least
	}
	low, high := least, 2*max(least, b.Busy, 16)
	for PoissonTail(high, rate) >= Chance {
		low, high = high, 2*high
	}
	for high-low > 1 {
		if middle := (low + high) / 2; PoissonTail(middle, rate) < Chance {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// Left says whether a count left the baselines of the account and of its role. Where one
// has too few hours the other decides alone; judged is false where both have.
func Left(count int, own, role Baseline) (left, judged bool) {
	switch {
	case own.Limit == 0 && role.Limit == 0:
		return false, false
	case own.Limit == 0:
		return count >= role.Limit, true
	case role.Limit == 0:
		return count >= own.Limit, true
	}
	return count >= own.Limit && count >= role.Limit, true
}

// Hours says how often an account or a role was at work in each hour of the day.
type Hours [24]int

// N is how many hours it was at work.
func (h *Hours) N() int {
	n := 0
	for _, times := range h {
		n += times
	}
	return n
}

// Rare reports an hour of the day in which less than the share Rare of the work was done.
func (h *Hours) Rare(hour int) bool { return float64(h[hour]) < Rare*float64(h.N()) }

// In is how many hours of work were in unusual hours of the day.
func (h *Hours) In(unusual [24]bool) int {
	n := 0
	for hour, is := range unusual {
		if is {
			n += h[hour]
		}
	}
	return n
}

// Share is the share of work in unusual hours that is taken for usual: one hour more than
// there was, so that what never happened is not taken for impossible.
func (h *Hours) Share(unusual [24]bool) float64 {
	return float64(h.In(unusual)+1) / float64(h.N()+1)
}
