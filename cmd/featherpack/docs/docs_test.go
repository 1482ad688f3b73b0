package docs_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/featherpack/featherpack/cmd/featherpack/docs"
)

func TestPrint(t *testing.T) {
	page := strings.Join([]string{
		"# Title", "<!-- generated: x -->", "A `code` and **bold** and *stressed* text with a",
		"[link](https://example.org) and [a page](budgets.md#x), `@aws-sdk/*` and `a*b`.", "",
		"- one item that is long enough to be wrapped onto a second line",
		"- two", "", "```sh", "featherpack build | cat", "```", "",
		"| a | b |", "|---|---|", "| `x\\|y` | 1 |", "| z \\| w | 2 |", "",
		"| key | means | default |", "|---|---|---|", "| k | a sentence that is far too long for one column of the table | 1 |",
	}, "\n")
	want := strings.Join([]string{
		"Title", "=====", "A `code` and bold and stressed text with a", "link (https://example.org) and a page",
		"(featherpack help budgets), `@aws-sdk/*`", "and `a*b`.", "",
		"- one item that is long enough to be", "  wrapped onto a second line", "- two", "",
		"    featherpack build | cat", "", "a      b", "`x|y`  1", "z | w  2", "",
		"k", "    a sentence that is far too long for", "    one column of the table", "    default: 1",
	}, "\n")
	var got strings.Builder
	if err := docs.Print(&got, page, docs.Options{Width: 42}); err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(got.String()) != want {
		t.Errorf("printed\n%s\nwant\n%s", got.String(), want)
	}
	got.Reset()
	docs.Print(&got, "## T", docs.Options{Width: 42, Color: true})
	if got.String() != "\x1b[1mT\x1b[0m\n" {
		t.Errorf("printed %q", got.String())
	}
}

// TestTopics holds every page to the width of a terminal, code apart.
func TestTopics(t *testing.T) {
	for _, topic := range docs.Topics() {
		var got strings.Builder
		if err := docs.Print(&got, topic.Markdown(), docs.Options{Width: 80}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(got.String()) {
			line = strings.TrimRight(line, "\n")
			if utf8.RuneCountInString(line) > 80 && !strings.HasPrefix(line, "    ") && strings.Contains(strings.TrimSpace(line), " ") {
				t.Errorf("%s: %s", topic.Name, line)
			}
		}
	}
}
