package js

import (
	"strings"
	"testing"
)

func TestFilesAreBounded(t *testing.T) {
	source := []byte(strings.Repeat(" ", maxSource+1))
	for _, name := range []string{"a.js", "a.ts"} {
		if _, err := Read(File{Path: name, Source: source}); err == nil || err.Error() != "is larger than 16 MiB" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
