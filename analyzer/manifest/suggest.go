package manifest

import (
	"fmt"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// didYouMean is a hint that names the nearest candidate, or else all of them.
func didYouMean(word string, candidates []string) string {
	if near := analyzer.Nearest(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "use one of " + strings.Join(candidates, ", ")
}
