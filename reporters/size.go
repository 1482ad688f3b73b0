package reporters

import (
	"fmt"
	"math"
	"strconv"
)

// Size formats bytes with three significant digits: "812 B", "9.80 MiB", "412 KiB".
func Size(bytes int64) string {
	if bytes < 0 {
		return "-" + Size(-bytes)
	}
	if bytes < 1024 {
		return strconv.FormatInt(bytes, 10) + " B"
	}
	v := float64(bytes)
	unit := ""
	for _, unit = range []string{"KiB", "MiB", "GiB", "TiB"} {
		v /= 1024
		if v < 1023.5 {
			break
		}
	}
	switch {
	case v < 9.995:
		return fmt.Sprintf("%.2f %s", v, unit)
	case v < 99.95:
		return fmt.Sprintf("%.1f %s", v, unit)
	}
	return fmt.Sprintf("%.0f %s", v, unit)
}

// SignedSize formats a change of size with its sign.
func SignedSize(bytes int64) string {
	if bytes > 0 {
		return "+" + Size(bytes)
	}
	return Size(bytes)
}

// PercentChange is the change from before to after in percent, "" if before is 0. It is
// -100% only if after is 0.
func PercentChange(before, after int64) string {
	if before <= 0 {
		return ""
	}
	percent := (float64(after) - float64(before)) / float64(before) * 100
	switch {
	case after > 0 && percent < -99.9:
		return fmt.Sprintf("%.2f%%", max(percent, -99.99))
	case math.Abs(percent) >= 1000:
		return fmt.Sprintf("%+.0f%%", percent)
	}
	return fmt.Sprintf("%+.1f%%", percent)
}

// Share is a part of a whole in percent.
func Share(part, whole int64) string {
	if whole <= 0 {
		return ""
	}
	percent := float64(part) / float64(whole) * 100
	switch {
	case part > 0 && percent < 0.1:
		return "<0.1%"
	case percent < 9.95:
		return fmt.Sprintf("%.1f%%", percent)
	}
	return fmt.Sprintf("%.0f%%", percent)
}

// Count formats a number in groups of three digits.
func Count(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// Plural is "1 file", "2 files".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// WholeMillis formats a time in whole ms, without a unit. It is never "-0".
func WholeMillis(v float64) string {
	if v = math.Round(v); v == 0 {
		v = 0
	}
	return fmt.Sprintf("%.0f", v)
}

// Quoted is a name in quotation marks, as in messages.
func Quoted(name string) string { return `"` + name + `"` }
