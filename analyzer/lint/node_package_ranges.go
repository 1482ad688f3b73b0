package lint

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// accepts reports whether a range of versions as package.json has it includes a version. It is
// true for ranges that this code does not understand, such as a URL.
// Source: github.com/npm/node-semver#ranges
func accepts(versions, version string) bool {
	for alternative := range strings.SplitSeq(versions, "||") {
		fields := strings.Fields(alternative)
		if slices.Contains(fields, "-") || !slices.ContainsFunc(fields, func(c string) bool { return !includes(c, version) }) {
			return true
		}
	}
	return false
}

// includes reports whether one part of a range includes a version.
func includes(part, version string) bool {
	operator := part[:len(part)-len(strings.TrimLeft(part, "<>=^~v"))]
	wanted, known := numbers(strings.TrimLeft(part, "<>=^~v"))
	got, whole := numbers(version)
	if !known || !whole || len(got) < 3 {
		return true
	}
	full := append(slices.Clone(wanted), 0, 0, 0)[:3]
	by := slices.Compare(got[:3], full)
	switch strings.TrimSuffix(operator, "v") {
	case "", "=":
		return slices.Equal(got[:len(wanted)], wanted)
	case "~":
		return by >= 0 && slices.Equal(got[:min(2, len(wanted))], wanted[:min(2, len(wanted))])
	case "^":
		same := slices.IndexFunc(wanted, func(n int) bool { return n != 0 }) + 1
		same = cmp.Or(same, len(wanted))
		return by >= 0 && slices.Equal(got[:same], wanted[:same])
	case ">=":
		return by >= 0
	case ">":
		return by > 0
	case "<=":
		return by <= 0
	case "<":
		return by < 0
	}
	return true
}

// numbers are the first three numbers of a version, fewer if it has an x or a * in the place of
// one. It is false for what is no version.
func numbers(version string) (all []int, known bool) {
	version, _, _ = strings.Cut(version, "+")
	version, _, _ = strings.Cut(version, "-")
	if version == "" {
		return nil, true
	}
	for part := range strings.SplitSeq(version, ".") {
		if part == "x" || part == "X" || part == "*" {
			return all, true
		}
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, false
		}
		all = append(all, n)
	}
	return all, len(all) <= 3
}
