package coldstart

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
)

func TestMoney(t *testing.T) {
	saves := Projection{Load: Range{100, 200, 300}, Download: exactly(5000)}
	costs := Projection{Load: Range{-300, -200, -100}}
	usage := Usage{Region: "eu-west-1", Architecture: "x86_64", MemoryMB: 512, Invocations: 10e6}
	with := func(change func(*Usage)) Usage {
		u := usage
		change(&u)
		return u
	}
	for _, test := range []struct {
		name string
		p    Projection
		u    Usage
	}{
		// 10 M x 1% x 200 ms x 0.5 GB: 17 cents, whatever the download saves.
		{"the share is assumed", saves, usage},
		{"the share is known", saves, with(func(u *Usage) { u.ColdShare = 0.025 })},
		{"a region with its own price, arm64", saves, with(func(u *Usage) {
			u.Region, u.Architecture, u.ColdShare = "af-south-1", "arm64", 1
		})},
		{"a cost", costs, with(func(u *Usage) { u.MemoryMB = 0 })},
		{"nothing measurable", Projection{Load: Range{0, 5, 9}}, usage},
		{"a refused projection", Projection{Refused: "SnapStart"}, usage},
		{"unknown use", saves, with(func(u *Usage) { u.Invocations = 0 })},
		{"another currency", saves, with(func(u *Usage) { u.Region = "cn-north-1" })},
		{"half a thousand percent", saves, with(func(u *Usage) { u.ColdShare = 5 })},
	} {
		want := textOf("money.txtar", test.name)
		if got := Money(test.p, test.u, DefaultPrices()).Line; got != want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, want)
		}
	}
}

func TestReadPrices(t *testing.T) {
	own, err := ReadPrices(
		strings.NewReader(
			`{"schema": 1, "date": "2027-01-01", "currency": "EUR", "regions": {"eu-west-1": {"x86_64": 0.00002}}}`,
		),
	)
	if err != nil {
		t.Fatal(err)
	}
	u := Usage{Region: "eu-west-1", Architecture: "x86_64", MemoryMB: 1024, Invocations: 1e6, ColdShare: 1}
	if b := Money(Projection{Load: exactly(1000)}, u, own); b.PerMonth.Central != 20 || b.Currency != "EUR" {
		t.Errorf("%+v", b)
	}
	for file, message := range map[string]string{
		"":                                    "it ends too early",
		"x":                                   "it is not JSON at byte 1",
		`{"schema": 2, "regions": {}}`:        "version 2",
		`{"schema": 1, "regions": {}}`:        "has no region",
		`{"schema": 1, "regions": {"a": {}}}`: "has no currency or no date",
		`{"schema": 1, "price": 1}`:           `unknown field "price"`,
		`{"schema": 1, "date": "d", "currency": "USD", "regions": {"a": {"x86_64": 0}}}`:                                   "the price of x86_64 in a is not between",
		`{"schema": 1, "date": "d", "currency": "USD", "regions": {"a": {}}, "ready": {"eu-west-1": 0.1}}`:                 "have no readyDate",
		`{"schema": 1, "date": "d", "currency": "USD", "regions": {"a": {}}, "ready": {"us-east-1": 2}, "readyDate": "d"}`: "the price of provisioned concurrency in us-east-1 is not",
		`{"schema": 1, "date": "d", "currency": "USD", "regions": {"a": {"x86_64": 16.7}}}`:                                "the price of x86_64 in a is not between",
		`{"schema": 1, "date": "d", "currency": "USD", "regions": {"a": {"x86_64": 0.1}}}{"and": "more"}`:                  "has content after its JSON object",
	} {
		_, err := ReadPrices(strings.NewReader(file))
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || !strings.Contains(d.Message, message) || d.Hint == "" {
			t.Errorf("%s gives %v, want %q", file, err, message)
		}
	}
}

// TestReady: what is kept ready has the price of its region. Other tables may have none.
func TestReady(t *testing.T) {
	own := Prices{Date: "2026-11-01", Regions: map[string]map[string]float64{"*": {"x86_64": 0.00002}}}
	for _, c := range []struct {
		prices       Prices
		region, arch string
		price        float64
		from         string
		known        bool
	}{
		{DefaultPrices(), "sa-east-1", "x86_64", 0.0000066372, "", true},
		{DefaultPrices(), "us-east-1", "arm64", 0.00000333336, "", true},
		{DefaultPrices(), "", "x86_64", 0.0000041667, "those of us-east-1", true},
		{DefaultPrices(), "xx-west-1", "x86_64", 0.0000041667, "those of us-east-1, since those of xx-west-1 are not known", true},
		{DefaultPrices(), "cn-north-1", "x86_64", 0, "", false},
		{own, "eu-west-1", "x86_64", 0.000005, "taken as a quarter of the price on demand", true},
		{own, "eu-west-1", "arm64", 0, "taken as a quarter of the price on demand", false},
	} {
		price, date, from, known := c.prices.PerReadyGBSecond(c.region, c.arch)
		if math.Abs(price-c.price) > 1e-12 || from != c.from || known != c.known || known && date == "" {
			t.Errorf("%s %s: %g, %q, %q, %v", c.region, c.arch, price, date, from, known)
		}
	}
}

func TestReadPowerTuning(t *testing.T) {
	for file, want := range map[string]int{
		`{"results": {"power": "512", "cost": 0.0000002083, "duration": 2.9, "stateMachine": {"visualization": "x"}}}`: 512,
		`{"power": 1024, "cost": 1}`: 1024,
	} {
		if got, err := ReadPowerTuning(strings.NewReader(file)); err != nil || got != want {
			t.Errorf("%s: %d, %v", file, got, err)
		}
	}
	for file, message := range map[string]string{
		``:                              "it ends too early",
		`{}`:                            "it has no results.power",
		`{"results": {"power": "64"}}`:  "is not between 128 and 10240 MB",
		`{"results": {"power": "big"}}`: "is not between 128 and 10240 MB",
		`{"results": {"power": [1]}}`:   "is not between 128 and 10240 MB",
		`[]`:                            "has the wrong type: array",
	} {
		_, err := ReadPowerTuning(strings.NewReader(file))
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || !strings.Contains(d.Message, message) || d.Hint == "" {
			t.Errorf("%s gives %v, want %q", file, err, message)
		}
	}
}

func FuzzReadPrices(f *testing.F) {
	f.Add(string(embeddedPrices))
	f.Add(`{"results": {"power": "512"}}`)
	f.Fuzz(func(t *testing.T, file string) {
		defer inputtest.Bound(t)()
		if memoryMB, err := ReadPowerTuning(strings.NewReader(file)); err == nil && (memoryMB < 128 ||
			memoryMB > 10240) {
			t.Fatal(memoryMB)
		}
		p, err := ReadPrices(strings.NewReader(file))
		if err != nil {
			return
		}
		b := Money(Projection{Load: Range{1, 2, 3}}, Usage{
			Region: "eu-west-1", Architecture: "x86_64", Invocations: 1e9,
		}, p)
		if !b.PerMonth.finite() || !b.PerMonth.ordered() || b.Line == "" {
			t.Fatalf("%+v", b)
		}
	})
}
