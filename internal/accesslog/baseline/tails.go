package baseline

import "math"

// PoissonTail is the chance of at least k where rate are usual.
func PoissonTail(k int, rate float64) float64 {
	switch {
	case k <= 0:
		return 1
	case rate <= 0:
		return 0
	}
	term := func(i int) float64 {
		g, _ := math.Lgamma(float64(i) + 1)
		return math.Exp(float64(i)*math.Log(rate) - rate - g)
	}
	if float64(k) <= rate {
		// The smaller part is summed up, because the difference of two numbers near 1 has no
		// digits left.
		below := 0.0
		for i := range k {
			below += term(i)
		}
		return max(1-below, 0)
	}
	sum, one := 0.0, term(k)
	for i := k; one > sum*1e-12 && one > 0; i++ {
		sum += one
		one *= rate / float64(i+1)
	}
	return min(sum, 1)
}

// BinomialTail is the chance of at least k of n where each happens by the share.
func BinomialTail(k, n int, share float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n || share <= 0:
		return 0
	case share >= 1:
		return 1
	}
	sum := 0.0
	for i := k; i <= n; i++ {
		a, _ := math.Lgamma(float64(n) + 1)
		b, _ := math.Lgamma(float64(i) + 1)
		c, _ := math.Lgamma(float64(n-i) + 1)
		sum += math.Exp(a - b - c + float64(i)*math.Log(share) + float64(n-i)*math.Log1p(-share))
	}
	return min(sum, 1)
}
