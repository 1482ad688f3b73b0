package coldstart

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Prices are per GB-second, by region and architecture. The region "*" applies to
// all regions that are not listed.
type Prices struct {
	Schema   int                           `json:"schema"`
	Date     string                        `json:"date"`
	Currency string                        `json:"currency"`
	Source   string                        `json:"source,omitempty"`
	Regions  map[string]map[string]float64 `json:"regions"`
	// Ready are the prices of a GB-second on x86_64 that provisioned concurrency keeps ready,
	// by region, of ReadyDate. A table may leave them out; otherwise it has us-east-1.
	Ready       map[string]float64 `json:"ready,omitempty"`
	ReadyDate   string             `json:"readyDate,omitempty"`
	ReadySource string             `json:"readySource,omitempty"`
}

//go:embed prices.json
var embeddedPrices []byte

// DefaultPrices returns the prices embedded in this program.
func DefaultPrices() Prices {
	p, err := ReadPrices(bytes.NewReader(embeddedPrices))
	if err != nil {
		panic(fmt.Sprintf("coldstart: prices.json: %v", err)) // a test reads it
	}
	return p
}

// ReadPrices reads a table that replaces the embedded one. Errors are
// [analyzer.Diagnostic] without the file's name.
func ReadPrices(r io.Reader) (Prices, error) {
	bad := func(message string) (Prices, error) {
		return Prices{}, analyzer.Diagnostic{Code: "prices", Severity: analyzer.Error, Message: message,
			Hint: `a price table looks like {"schema": 1, "date": "2026-11-23", "currency": "USD", "regions": {"eu-west-1": {"x86_64": 0.0000166667}}}`}
	}
	data, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return Prices{}, fmt.Errorf("reading the prices: %w", err)
	}
	var p Prices
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return bad("the file is not a price table: " + reason(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return bad("the price table has content after its JSON object, or is larger than 1 MiB")
	}
	switch {
	case p.Schema != 1:
		return bad(fmt.Sprintf("the price table has version %d; this featherpack reads version 1", p.Schema))
	case len(p.Regions) == 0:
		return bad("the price table has no region")
	case p.Currency == "" || p.Date == "":
		return bad("the price table has no currency or no date")
	}
	if len(p.Ready) > 0 && (p.ReadyDate == "" || p.Ready[otherwise] == 0) {
		return bad("the prices of provisioned concurrency have no readyDate or no " + otherwise)
	}
	for _, region := range slices.Sorted(maps.Keys(p.Ready)) {
		if price := p.Ready[region]; !(price > 0 && price < 1) {
			return bad(fmt.Sprintf("the price of provisioned concurrency in %s is not between 0 and 1 per GB-second", region))
		}
	}
	for _, region := range slices.Sorted(maps.Keys(p.Regions)) {
		for _, architecture := range slices.Sorted(maps.Keys(p.Regions[region])) {
			if price := p.Regions[region][architecture]; !(price > 0 && price < 1) {
				return bad(fmt.Sprintf("the price of %s in %s is not between 0 and 1 per GB-second", architecture, region))
			}
		}
	}
	return p, nil
}

// of is the price per GB-second. listed is false if it is the price of region "*".
func (p Prices) of(region, architecture string) (price float64, listed, ok bool) {
	if price, ok = p.Regions[region][architecture]; ok {
		return price, region != "*", true
	}
	if strings.HasPrefix(region, "cn-") { // another currency
		return 0, false, false
	}
	price, ok = p.Regions["*"][architecture]
	return price, false, ok
}

// PerGBSecond is the price of an architecture in a region, in [Prices.Currency]. A region
// that is not listed has the price of most regions.
func (p Prices) PerGBSecond(region, architecture string) (price float64, ok bool) {
	price, _, ok = p.of(region, architecture)
	return price, ok
}

const (
	// otherwise is the region whose price of provisioned concurrency is used for others.
	otherwise = "us-east-1"
	// readyARM is what a GB-second that is kept ready costs on arm64, as a share of x86_64, and
	// readyShare as a share of one on demand where a table has no such prices.
	readyARM, readyShare = 0.8, 0.25
)

// PerReadyGBSecond is the price of an architecture that provisioned concurrency keeps ready in
// a region, its date, and a clause about where the price comes from if it is not the region's own.
func (p Prices) PerReadyGBSecond(region, architecture string) (price float64, date, from string, ok bool) {
	if len(p.Ready) == 0 {
		price, ok = p.PerGBSecond(region, architecture)
		return price * readyShare, p.Date, "taken as a quarter of the price on demand", ok
	}
	price, listed := p.Ready[region]
	switch {
	case listed:
	case strings.HasPrefix(region, "cn-"):
		return 0, "", "", false
	case region == "":
		price, from = p.Ready[otherwise], "those of "+otherwise
	default:
		price, from = p.Ready[otherwise], fmt.Sprintf("those of %s, since those of %s are not known", otherwise, region)
	}
	if architecture == "arm64" {
		price *= readyARM
	}
	return price, p.ReadyDate, from, true
}

// Usage is how a function is used.
type Usage struct {
	Region       string
	Architecture string
	// MemoryMB is 0 for Lambda's 128 MB.
	MemoryMB int
	// Tuned is set if AWS Lambda Power Tuning found MemoryMB best.
	Tuned bool
	// Invocations are per month.
	Invocations float64
	// ColdShare is the share of invocations that start cold, 0 if unknown.
	ColdShare float64
}

// assumedColdShare is used if the user gives no share; the output marks it as
// assumed.
// Source:
// aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase,
// which has cold starts in "under 1%" of invocations.
const assumedColdShare = 0.01

// Bill is what a projection saves in a month. A negative saving is a cost.
type Bill struct {
	PerMonth Range  `json:"perMonth"`
	Currency string `json:"currency,omitempty"`
	Line     string `json:"line"`
	// Refused says why there is no figure, "" if there is one.
	Refused string `json:"refused,omitempty"`
}

// Money prices the load part of a projection: invocations x cold share x load x GB
// x price. Download and extract are not billed.
func Money(p Projection, u Usage, prices Prices) Bill {
	refuse := func(why string) Bill { return Bill{Refused: why, Line: "money: no figure: " + why} }
	assumed := u.ColdShare == 0
	if assumed {
		u.ColdShare = assumedColdShare
	}
	if u.MemoryMB == 0 {
		u.MemoryMB = defaultMemoryMB
	}
	price, listed, ok := prices.of(u.Region, u.Architecture)
	switch {
	case p.Refused != "":
		return refuse(p.Refused)
	case !(u.Invocations > 0) || u.Invocations > 1e15:
		return refuse("the number of invocations is not known")
	case !(u.ColdShare > 0 && u.ColdShare <= 1):
		return refuse("the cold share is not between 0 and 1")
	case u.MemoryMB < 0 || u.MemoryMB > 1<<17:
		return refuse("the memory size is out of range")
	case !ok:
		return refuse(fmt.Sprintf("the price table has no price for %s in %s", u.Architecture, u.Region))
	}
	perMs := u.Invocations * u.ColdShare / 1000 * float64(u.MemoryMB) / 1024 * price
	b := Bill{PerMonth: p.Load.times(exactly(perMs)), Currency: prices.Currency}
	where := ""
	if u.Region != "" {
		where = " in " + u.Region
	}
	if !listed {
		where += " at the price of most regions"
	}
	share := strconv.FormatFloat(u.ColdShare*100, 'g', 3, 64) + "% cold"
	if assumed {
		share += " (assumed)"
	}
	amount, direction := b.PerMonth, "less"
	if amount.Central < 0 {
		amount, direction = amount.negated(), "more"
	}
	figure := fmt.Sprintf("%s %s a month %s (range %s..%s)", prices.Currency, cents(amount.Central), direction, cents(amount.Low), cents(amount.High))
	if p.NoChange || p.Load.holdsZero() {
		figure = "no measurable change"
	}
	b.Line = fmt.Sprintf("money: %s at %s invocations a month, %s, %d MB %s%s, prices of %s; load only, download and extract are not billed",
		figure, grouped(u.Invocations), share, u.MemoryMB, u.Architecture, where, prices.Date)
	return b
}

// cents prints an amount with two decimals, and below 0.1 with two significant
// digits.
func cents(v float64) string {
	if a := math.Abs(v); a != 0 && a < 0.1 {
		return strconv.FormatFloat(v, 'g', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// grouped formats a number as "10,000,000".
func grouped(v float64) string {
	digits := strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// ReadPowerTuning reads the best memory size in MB from the output of AWS Lambda
// Power Tuning. Errors are [analyzer.Diagnostic] without the file's name.
// Source: github.com/alexcasalboni/aws-lambda-power-tuning README-INPUT-OUTPUT.md
func ReadPowerTuning(r io.Reader) (memoryMB int, err error) {
	bad := func(message string) (int, error) {
		return 0, analyzer.Diagnostic{Code: "power-tuning", Severity: analyzer.Error, Message: message,
			Hint: "pass the output of the state machine's execution, which contains results.power"}
	}
	data, err := io.ReadAll(io.LimitReader(r, 4<<20))
	if err != nil {
		return 0, fmt.Errorf("reading the output of Power Tuning: %w", err)
	}
	type result struct {
		Power json.RawMessage `json:"power"`
	}
	var output struct {
		result
		Results result `json:"results"`
	}
	if err := json.Unmarshal(data, &output); err != nil {
		return bad("the file is not an output of AWS Lambda Power Tuning: " + reason(err))
	}
	power := output.Results.Power
	if power == nil {
		power = output.Power
	}
	if power == nil {
		return bad("the file is not an output of AWS Lambda Power Tuning: it has no results.power")
	}
	memoryMB, err = strconv.Atoi(strings.Trim(string(power), `"`))
	if err != nil || memoryMB < 128 || memoryMB > 10240 {
		return bad("the power in the output of AWS Lambda Power Tuning is not between 128 and 10240 MB")
	}
	return memoryMB, nil
}
