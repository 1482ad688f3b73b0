package main

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/spf13/pflag"
)

// The npm library's build and check accept every flag of the command line, except those
// that the library sets itself and those for hooks.
func TestLibraryAcceptsEveryFlag(t *testing.T) {
	text, err := os.ReadFile("hook/npm/index.js")
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, m := range regexp.MustCompile(`as[A-Z][a-z]+\('--([a-z-]+)'\)`).FindAllSubmatch(text, -1) {
		known = append(known, string(m[1]))
	}
	set := pflag.NewFlagSet("check", pflag.ContinueOnError)
	checkCommand.flags(set)
	set.VisitAll(func(f *pflag.Flag) {
		if want := !slices.Contains([]string{"dir", "json", "functions", "unpacked"}, f.Name); want != slices.Contains(known,
			f.Name) {
			t.Errorf("--%s is an option of the library: %t, want %t", f.Name, !want, want)
		}
	})
	for _, name := range known {
		if set.Lookup(name) == nil {
			t.Errorf("there is no flag --%s", name)
		}
	}
}
