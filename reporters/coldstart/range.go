package coldstart

import (
	"fmt"
	"math"

	"github.com/featherpack/featherpack/reporters"
)

// megabyte is the unit of every "MB" in this package, 1,000,000 bytes.
const megabyte = 1e6

// Range is a value between two bounds: Low <= Central <= High. In a
// [Projection] it is a saving in ms, negative where the change costs time.
type Range struct {
	Low     float64 `json:"low"`
	Central float64 `json:"central"`
	High    float64 `json:"high"`
}

// exactly is a range without width.
func exactly(v float64) Range { return Range{v, v, v} }

func (r Range) add(o Range) Range {
	return Range{r.Low + o.Low, r.Central + o.Central, r.High + o.High}
}

// times multiplies all combinations of the bounds, so that it gives the widest
// interval whatever the signs.
func (r Range) times(o Range) Range {
	a, b, c, d := r.Low*o.Low, r.Low*o.High, r.High*o.Low, r.High*o.High
	return Range{min(a, b, c, d), r.Central * o.Central, max(a, b, c, d)}
}

// negated turns a saving into a cost.
func (r Range) negated() Range { return Range{-r.High, -r.Central, -r.Low} }

// holdsZero reports whether the range includes no change.
func (r Range) holdsZero() bool { return r.Low <= 0 && r.High >= 0 }

// Holds reports whether v is within the range.
func (r Range) Holds(v float64) bool { return r.Low <= v && v <= r.High }

func (r Range) finite() bool {
	for _, v := range []float64{r.Low, r.Central, r.High} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

func (r Range) ordered() bool { return r.Low <= r.Central && r.Central <= r.High }

// String is "63 (30..129)", in whole ms.
func (r Range) String() string {
	return fmt.Sprintf("%s (%s..%s)", reporters.WholeMillis(r.Central), reporters.WholeMillis(r.Low), reporters.WholeMillis(r.High))
}
