package budget

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// amount is the limit of a budget: bytes, microseconds, or a percentage of the value
// before.
type amount struct {
	// units is a number of bytes, or of microseconds for a time.
	units int64
	// percent is set for growth such as "2%".
	percent   float64
	isPercent bool
	// days is the span of growth such as "5% in 30d", 0 for growth against a baseline.
	days int
}

var (
	amountPattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]*)$`)
	spanPattern   = regexp.MustCompile(`^(.+) in ([0-9]{1,3})([dw])$`)
	sharePattern  = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?%(?: of ([a-z-]+))?$`)
)

// byteUnits are the units of sizes in budgets: kB is 1000 B and KiB is 1024 B.
var byteUnits = map[string]float64{
	"": 1, "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
}

var timeUnits = map[string]float64{"ms": 1e3, "s": 1e6}

var lambdaLimits = map[string]int64{reporters.LimitZip: reporters.MaxZip, reporters.LimitUnzipped: reporters.MaxUnzipped}

// parseAmount reads "1.2 MiB", "500 kB", "90% of lambda-unzipped", "250 ms" or,
// for growth only, "2%" and any amount with a span: "5% in 30d", "20 KiB in 8w".
func parseAmount(text, metric string, growth bool) (amount, error) {
	text = strings.TrimSpace(text)
	if m := spanPattern.FindStringSubmatch(text); m != nil && growth {
		a, err := parseAmount(m[1], metric, true)
		if err == nil {
			a.days, err = daysOf(m[2], m[3])
		}
		if err != nil || strings.HasPrefix(metric, reporters.PackageMetric) {
			return amount{}, badAmount(text, metric, "write growth over time such as 5% in 30d, of zip, unzipped or load, and of at most 365 days")
		}
		return a, nil
	}
	if m := sharePattern.FindStringSubmatch(text); m != nil {
		percent, _ := strconv.ParseFloat(m[1], 64)
		switch {
		case percent > 1e6:
		case m[2] == "" && growth:
			return amount{percent: percent, isPercent: true}, nil
		case m[2] != "" && !growth && metric != reporters.MetricLoad && lambdaLimits[m[2]] > 0:
			return amount{units: int64(float64(lambdaLimits[m[2]]) * percent / 100)}, nil
		}
		return amount{}, badAmount(text, metric, "write a size such as 1.2 MiB, or 90% of lambda-unzipped; growth may be 2%")
	}
	units, hint := byteUnits, "write a size such as 1.2 MiB (1024 KiB) or 500 kB (1000 B)"
	if metric == reporters.MetricLoad {
		units, hint = timeUnits, "write a time such as 250 ms or 1.5 s"
	}
	m := amountPattern.FindStringSubmatch(text)
	if m == nil || units[m[2]] == 0 {
		return amount{}, badAmount(text, metric, hint)
	}
	number, err := strconv.ParseFloat(m[1], 64)
	if err != nil || number*units[m[2]] > reporters.MaxBytes {
		return amount{}, badAmount(text, metric, hint)
	}
	return amount{units: int64(math.Floor(number * units[m[2]]))}, nil
}

// daysOf is a span of at most a year in days: 30d, or 8w.
func daysOf(number, unit string) (int, error) {
	days, err := strconv.Atoi(number)
	if unit == "w" {
		days *= 7
	}
	if err == nil && (days < 1 || days > 365) {
		err = fmt.Errorf("%d days", days)
	}
	return days, err
}

func badAmount(text, metric, hint string) error {
	return analyzer.Diagnostic{
		Code: "bad-budget", Severity: analyzer.Error, Hint: hint,
		Message: fmt.Sprintf("%q is not a limit for %s", text, metric),
	}
}

// allows reports whether growth from before to after is within the amount. most is the
// largest allowed value.
func (a amount) allows(before, after int64) (ok bool, most int64) {
	most = before + a.units
	if a.isPercent {
		most = before + int64(float64(before)*a.percent/100)
	}
	return after <= most, most
}
