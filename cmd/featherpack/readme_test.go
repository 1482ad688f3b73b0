package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TestReadmeCommands holds the README's commands against the commands there
// are: each must exist and take the flags it is shown with.
func TestReadmeCommands(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	all := commands()
	seen := 0
	for _, block := range strings.Split(string(text), "```sh\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		for line := range strings.Lines(block) {
			line, _, _ = strings.Cut(line, " #")
			words := strings.Fields(line)
			if len(words) > 2 && words[0] == "go" && words[1] == "run" {
				words = words[2:]
			}
			if len(words) < 2 || filepath.Base(words[0]) != "featherpack" {
				continue
			}
			seen++
			i := slices.IndexFunc(all, func(c command) bool { return c.name == words[1] })
			if i < 0 {
				t.Errorf("there is no command %q: %s", words[1], line)
				continue
			}
			set := pflag.NewFlagSet(words[1], pflag.ContinueOnError)
			set.SetOutput(io.Discard)
			all[i].flags(set)
			if err := set.Parse(words[2:]); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d commands were found in the README", seen)
	}
}
