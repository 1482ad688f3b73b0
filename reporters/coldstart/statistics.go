package coldstart

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/featherpack/featherpack/reporters"
)

// middle is the median of sorted values. There must be at least one.
func middle(sorted []float64) float64 {
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// resamples is the number of bootstrap draws. With this many, the noise of the 2.5%
// quantile is about 0.3 percentage points.
const resamples = 2000

// manyValues is the sample size from which the bootstrap would be noticeably slow.
const manyValues = 10_000

// MedianRange is the median with its 95% interval by the percentile bootstrap.
// The draws are seeded by the sample's size, so equal samples give equal intervals.
func MedianRange(values []float64) Range {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n > manyValues {
		// The normal approximation, which the bootstrap converges to.
		off := int(math.Ceil(1.96 * math.Sqrt(float64(n)) / 2))
		return Range{sorted[n/2-off], middle(sorted), sorted[n/2+off]}
	}
	draw := rand.New(rand.NewPCG(0x66656174686572, uint64(n)))
	counts := make([]int32, n)
	medians := make([]float64, resamples)
	for i := range medians {
		clear(counts)
		for range n {
			counts[draw.IntN(n)]++
		}
		medians[i] = middleOfCounted(sorted, counts)
	}
	slices.Sort(medians)
	return between(medians, middle(sorted))
}

// between is the middle 95% of the bootstrap's draws, extended to include the
// estimate if needed.
func between(drawn []float64, estimate float64) Range {
	low, high := drawn[len(drawn)*25/1000], drawn[len(drawn)-1-len(drawn)*25/1000]
	return Range{min(low, estimate), estimate, max(high, estimate)}
}

// middleOfCounted is the median of sorted values, each drawn as often as its count.
func middleOfCounted(sorted []float64, counts []int32) float64 {
	n := len(sorted)
	seen, lower := 0, 0.0
	for i, count := range counts {
		had := seen
		seen += int(count)
		if n%2 == 1 {
			if seen > n/2 {
				return sorted[i]
			}
			continue
		}
		if had < n/2 && seen >= n/2 {
			lower = sorted[i]
		}
		if seen > n/2 {
			return (lower + sorted[i]) / 2
		}
	}
	return sorted[n-1]
}

// point is one artifact in a fit.
type point struct{ x, y float64 }

// theilSen returns the median of the slopes of all pairs of points with different
// x, and the median of the matching intercepts. It tolerates up to 29% outliers. ok
// is false if all x are equal.
func theilSen(points []point) (slope, intercept float64, slopes []float64, ok bool) {
	for i, a := range points {
		for _, b := range points[i+1:] {
			if a.x != b.x {
				slopes = append(slopes, (a.y-b.y)/(a.x-b.x))
			}
		}
	}
	if len(slopes) == 0 {
		return 0, 0, nil, false
	}
	slope = reporters.Median(slopes)
	intercepts := make([]float64, len(points))
	for i, p := range points {
		intercepts[i] = p.y - slope*p.x
	}
	return slope, reporters.Median(intercepts), slopes, true
}

// senInterval is the 95% interval of a Theil-Sen slope, by the normal approximation
// to Kendall's statistic. For few points it spans all slopes.
// Source: Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau",
// 1968.
func senInterval(slopes []float64, points int) Range {
	sorted := slices.Sorted(slices.Values(slopes))
	n := float64(points)
	c := 1.96 * math.Sqrt(n*(n-1)*(2*n+5)/18)
	low := int(math.Floor((float64(len(sorted)) - c) / 2))
	high := int(math.Ceil((float64(len(sorted)) + c) / 2))
	return Range{sorted[max(low, 0)], middle(sorted), sorted[min(high, len(sorted)-1)]}
}
