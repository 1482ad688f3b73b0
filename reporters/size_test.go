package reporters

import (
	"testing"
)

func TestSizes(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.00 KiB", 10_234: "9.99 KiB", 10_239: "10.0 KiB", 102_348: "99.9 KiB",
		102_399:   "100 KiB",
		1_048_064: "1.00 MiB", 1_047_000: "1022 KiB", 262_144_000: "250 MiB", -1536: "-1.50 KiB", 1 << 40: "1.00 TiB",
		1 << 52: "4096 TiB",
	} {
		if got := Size(bytes); got != want {
			t.Errorf("size(%d) = %s, want %s", bytes, got, want)
		}
	}
	for _, test := range []struct {
		before, after int64
		want          string
	}{
		{1000, 13, "-98.7%"}, {1_000_000, 200, "-99.98%"}, {1_000_000, 1, "-99.99%"}, {100, 0, "-100.0%"}, {0, 5, ""},
		{100, 100, "+0.0%"}, {10, 500, "+4900%"}, {1000, 1194, "+19.4%"},
	} {
		if got := PercentChange(test.before, test.after); got != test.want {
			t.Errorf("change(%d, %d) = %s, want %s", test.before, test.after, got, test.want)
		}
	}
	for part, want := range map[int64]string{0: "0.0%", 1: "<0.1%", 5_000: "5.0%", 99_500: "100%", 16_400: "16%"} {
		if got := Share(part, 100_000); got != want {
			t.Errorf("share(%d) = %s, want %s", part, got, want)
		}
	}
	if got := Count(1_234_567) + " " + Count(-999) + " " + Count(12_345); got != "1,234,567 -999 12,345" {
		t.Error(got)
	}
}
