package rehearsal

import "math"

// Growth is how a quantity y grows with the size x of the incident: y ~ x^Exponent.
// Of work that is linear the exponent is 1.
type Growth struct {
	Exponent float64
	// Error is the standard error of the exponent; it is not a number with fewer than
	// three points, through which a line of two always goes.
	Error float64
	// Points is how many sizes it was fitted over.
	Points int
}

// Fit fits a line through the points by least squares in the logarithms of both. Fewer
// than two different sizes have no growth: Points is then less than 2.
func Fit(x, y []float64) Growth {
	var n, sx, sy float64
	for i := range x {
		if x[i] <= 0 || y[i] <= 0 {
			continue
		}
		n++
		sx += math.Log(x[i])
		sy += math.Log(y[i])
	}
	g := Growth{Points: int(n), Exponent: math.NaN(), Error: math.NaN()}
	var sxx, sxy, left float64
	each := func(do func(dx, dy float64)) {
		for i := range x {
			if x[i] > 0 && y[i] > 0 {
				do(math.Log(x[i])-sx/n, math.Log(y[i])-sy/n)
			}
		}
	}
	each(func(dx, dy float64) { sxx += dx * dx; sxy += dx * dy })
	if n < 2 || sxx == 0 {
		return g
	}
	g.Exponent = sxy / sxx
	if n < 3 {
		return g
	}
	each(func(dx, dy float64) { r := dy - g.Exponent*dx; left += r * r })
	g.Error = math.Sqrt(left / (n - 2) / sxx)
	return g
}

// GrowthOf fits the processor time of some parts together over the results that have
// all of them whole.
func GrowthOf(results []Result, phases ...string) Growth {
	var x, y []float64
	for _, r := range results {
		sum, whole := 0.0, true
		for _, name := range phases {
			p, ok := r.Phase(name)
			whole = whole && ok
			sum += p.CPUSeconds()
		}
		if whole {
			x, y = append(x, float64(r.Practices)), append(y, sum)
		}
	}
	return Fit(x, y)
}
