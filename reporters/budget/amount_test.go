package budget

import (
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/reporters"
)

func TestAmounts(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1024": 1024, "5 B": 5, "1 kB": 1000, "1 KB": 1000, "1.5 MB": 1_500_000, "1 KiB": 1024,
		"1.2 MiB": 1_258_291, "1MiB": 1 << 20, "2 GiB": 2 << 30,
		"90% of lambda-unzipped": 235_929_600, "50 % of lambda-zip": 26_214_400, " 7 B ": 7,
	} {
		if a, err := parseAmount(text, "zip", false); err != nil || a.units != want {
			t.Errorf("%q is %d, %v", text, a.units, err)
		}
	}
	for text, want := range map[string]int64{"250 ms": 250_000, "1.5 s": 1_500_000, "0.5ms": 500} {
		if a, err := parseAmount(text, "load", false); err != nil || a.units != want {
			t.Errorf("%q is %d, %v", text, a.units, err)
		}
	}
	for _, text := range []string{
		"", "big", "-1", "1 mib", "1 XB", "2%", "2% of lambda", "1e9", "1 MiB or so", "99999 GiB",
		"999999999999999999999999", "١ MiB", "1 ms",
	} {
		if a, err := parseAmount(text, "zip", false); err == nil {
			t.Errorf("%q is %+v", text, a)
		}
	}
	for _, text := range []string{"1 MiB", "90% of lambda-zip", "5"} {
		if a, err := parseAmount(text, "load", false); err == nil {
			t.Errorf("%q is a time: %+v", text, a)
		}
	}
	if a, err := parseAmount("2%", "zip", true); err != nil || !a.isPercent || a.percent != 2 {
		t.Errorf("%+v, %v", a, err)
	}
}

func FuzzAmount(f *testing.F) {
	for _, seed := range []string{"1.2 MiB", "90% of lambda-unzipped", "2%", "250 ms", "1 kB"} {
		f.Add(seed, "zip", true)
		f.Add(seed, "load", false)
	}
	f.Fuzz(func(t *testing.T, text, metric string, growth bool) {
		defer inputtest.Bound(t)()
		a, err := parseAmount(text, metric, growth)
		if err == nil && (a.units < 0 || a.units > reporters.MaxBytes*10 || a.percent < 0) {
			t.Errorf("%q is %+v", text, a)
		}
	})
}
