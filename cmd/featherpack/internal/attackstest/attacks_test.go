//go:build unix

package attackstest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// TestAttacks runs every attack as every user.
func TestAttacks(t *testing.T) {
	program := filepath.Join(folder(t), "featherpack") // where an unprivileged user can run it
	if err := os.WriteFile(program, clitest.Read(t, clitest.Path(t)), 0o755); err != nil {
		t.Fatal(err)
	}
	all := attacks(t)
	if len(all) < 120 {
		t.Errorf("there are %d attacks, and 120 were promised", len(all))
	}
	for _, as := range users() {
		t.Run(as.name, func(t *testing.T) {
			if as.id != 0 {
				clitest.SkipUnlessLong(t) // the same attacks by a second user
			}
			for _, a := range all {
				t.Run(a.group+"/"+a.name, func(t *testing.T) {
					t.Parallel()
					a.run(t, program, as)
				})
			}
		})
	}
}

// The table of attacks in the documentation is up to date.
func TestTable(t *testing.T) {
	const begin, end = "<!-- generated: attacks -->\n", "<!-- end of generated -->\n"
	page := filepath.Join(clitest.Testdata(t), "..", "cmd", "featherpack", "docs", "security.md")
	text := string(clitest.Read(t, page))
	before, rest, found := strings.Cut(text, begin)
	_, after, ends := strings.Cut(rest, end)
	if !found || !ends {
		t.Fatalf("security.md has no place for the table: %s and %s", begin, end)
	}
	want := before + begin + table(attacks(t)) + end + after
	if *clitest.Update {
		clitest.Write(t, page, want)
		return
	}
	if diff := cmp.Diff(text, want); diff != "" {
		t.Errorf("the table is out of date (-update rewrites it): %s", diff)
	}
}

// table formats the attacks, a table for each group.
func table(all []attack) string {
	var b strings.Builder
	var groups []string
	for _, a := range all {
		if !slices.Contains(groups, a.group) {
			groups = append(groups, a.group)
		}
	}
	escape := strings.NewReplacer("|", `\|`)
	fmt.Fprintf(&b, "\n%d attacks are run by the tests, as root and as an unprivileged user.\n", len(all))
	for _, group := range groups {
		fmt.Fprintf(&b, "\n### %s\n\n| attack | outcome |\n|---|---|\n", group)
		for _, a := range all {
			if a.group == group {
				fmt.Fprintf(&b, "| %s | %s |\n", escape.Replace(a.title), escape.Replace(a.outcome()))
			}
		}
	}
	return b.String()
}
