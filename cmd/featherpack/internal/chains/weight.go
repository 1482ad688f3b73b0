package chains

import (
	"strconv"

	"github.com/featherpack/featherpack/reporters"
)

// Weight is a size in bytes, unzipped and zipped.
type Weight struct {
	Unzipped int64 `json:"unzipped"`
	Zipped   int64 `json:"zipped"`
}

// Minus returns w - v.
func (w Weight) Minus(v Weight) Weight { return Weight{w.Unzipped - v.Unzipped, w.Zipped - v.Zipped} }

// Of returns the size of a function's artifact.
func Of(f reporters.Function) Weight {
	return Weight{f.Artifact.UnzippedBytes, f.Artifact.ZipBytes}
}

// Exactly formats a number of bytes with all digits: "71,200 B".
func Exactly(bytes int64) string {
	s := strconv.FormatInt(bytes, 10)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s + " B"
}
