package coldstart

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/reporters"
)

func TestMedians(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   float64
	}{{[]float64{3}, 3}, {[]float64{4, 1}, 2.5}, {[]float64{9, 1, 5}, 5}, {[]float64{4, 1, 3, 2}, 2.5}} {
		if got := reporters.Median(test.values); got != test.want {
			t.Errorf("median of %v is %v, want %v", test.values, got, test.want)
		}
	}
}

// TestCountedMedian compares the shortcut with drawing and sorting.
func TestCountedMedian(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 12; n++ {
		sorted := make([]float64, n)
		for i := range sorted {
			sorted[i] = float64(draw.IntN(6))
		}
		slices.Sort(sorted)
		for range 200 {
			counts := make([]int32, n)
			var drawn []float64
			for range n {
				i := draw.IntN(n)
				counts[i]++
				drawn = append(drawn, sorted[i])
			}
			if got, want := middleOfCounted(sorted, counts), reporters.Median(drawn); got != want {
				t.Fatalf("of %v counted %v: %v, want %v", sorted, counts, got, want)
			}
		}
	}
}

// TestBootstrapCovers checks that about 95 of 100 intervals contain the true
// median.
func TestBootstrapCovers(t *testing.T) {
	draw := rand.New(rand.NewPCG(7, 7))
	held := 0
	const rounds = 200
	for range rounds {
		values := make([]float64, 25)
		for i := range values {
			values[i] = 140 + 16*draw.NormFloat64()
		}
		if MedianRange(values).Holds(140) {
			held++
		}
	}
	if share := float64(held) / rounds; share < 0.90 || share > 0.99 {
		t.Errorf("%.1f%% of the intervals hold the median", share*100)
	}
}

func TestBootstrapIsDeterministic(t *testing.T) {
	values := []float64{12, 15, 11, 19, 13, 14, 12.5, 16, 11.5, 13.5}
	first := MedianRange(values)
	slices.Reverse(values)
	if again := MedianRange(values); again != first || !first.ordered() || first.Low == first.High {
		t.Errorf("%v, then %v", first, again)
	}
}

func TestTheilSen(t *testing.T) {
	line := []point{{10, 120}, {20, 140}, {40, 180}, {80, 260}}
	slope, intercept, _, ok := theilSen(line)
	if !ok || slope != 2 || intercept != 100 {
		t.Errorf("slope %v, intercept %v", slope, intercept)
	}
	wild := append(slices.Clone(line), point{60, 2000})
	if slope, _, _, _ := theilSen(wild); math.Abs(slope-2) > 1 {
		t.Errorf("one wild point turns the slope to %v", slope)
	}
	if _, _, _, ok := theilSen([]point{{1, 2}, {1, 3}}); ok {
		t.Error("points above each other have no slope")
	}
}

// TestManyValues checks that the shortcut for large samples agrees with the
// bootstrap.
func TestManyValues(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 4))
	values := make([]float64, manyValues+1)
	for i := range values {
		values[i] = 140 + 16*draw.NormFloat64()
	}
	short, drawn := MedianRange(values), MedianRange(values[1:])
	if math.Abs(short.Low-drawn.Low) > 0.1 || math.Abs(short.High-drawn.High) > 0.1 || !short.ordered() {
		t.Errorf("%v, and by drawing %v", short, drawn)
	}
}

func FuzzMedianRange(f *testing.F) {
	f.Add([]byte{0x40, 0x70, 0, 0, 0, 0, 0, 0, 0x40, 0x70, 1, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		defer inputtest.Bound(t)()
		var values []float64
		for ; len(data) >= 8; data = data[8:] {
			// Whatever logs may say of an init.
			if v := math.Float64frombits(binary.BigEndian.Uint64(data)); v > 0 && v <= 900_000 {
				values = append(values, v)
			}
		}
		if len(values) == 0 {
			return
		}
		if r := MedianRange(values); !r.finite() || !r.ordered() {
			t.Fatalf("%v of %v", r, values)
		}
	})
}
