package sample

import (
	"bytes"
	"testing"

	"github.com/featherpack/featherpack/reporters"
)

// JSON returns a report as report.json contains it.
func JSON(t *testing.T, r reporters.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := reporters.JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
