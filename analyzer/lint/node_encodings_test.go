package lint

import (
	"os"
	"strings"
	"testing"
)

// TestDecoderIsDocumented checks that the documentation, and the script that runs it, have the module
// with which the saving is measured.
func TestDecoderIsDocumented(t *testing.T) {
	for _, file := range []string{"../../cmd/featherpack/docs/advice.md", "../../testdata/script/advise_encodings.txtar"} {
		text, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(text), nodeDecoder) {
			t.Errorf("%s does not have it: %v", file, err)
		}
	}
}
