package js

import (
	"bufio"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/packager/install/projecttest"
)

const acornFolder = "../../testdata/acorn"

// TestAcorn compares the parser with acorn, and its scopes with eslint-scope:
// over the parser tests of ECMA-262 and a few packages, and with
// FEATHERPACK_LONG=1 over all that the sample projects install.
func TestAcorn(t *testing.T) {
	files := projecttest.Scripts(t, "../../testdata")
	compareWithAcorn(t, append(snippetFiles(t), files...))
}

// snippetFiles writes the texts of the other tests into files.
func snippetFiles(t *testing.T) (files []string) {
	dir := t.TempDir()
	for i, s := range snippets(t, "testdata/syntax.txt") {
		name := filepath.Join(dir, fmt.Sprintf("syntax%d.js", i))
		if err := os.WriteFile(name, []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	return files
}

// compareWithAcorn wants the same facts of every file that acorn accepts.
func compareWithAcorn(t *testing.T, files []string) {
	answers := askAcorn(t, files)
	refused, only, wrong := 0, 0, []string{}
	for _, name := range files {
		answer := answers()
		tree, err := parseFile(t, name)
		switch {
		case strings.HasPrefix(answer, "error "):
			refused++
			if err == nil {
				only++
			}
		case err != nil:
			t.Errorf("%s: acorn accepts it: %v at %d", name, err, offsetOf(err))
		case hash(lines(tree)) != answer:
			wrong = append(wrong, name)
		}
	}
	t.Logf("%d files, %d of them refused by acorn (%d by acorn alone), %d differ", len(files), refused, only, len(wrong))
	if len(wrong) == 0 {
		return
	}
	answers = askAcorn(t, wrong, "--lines")
	for _, name := range wrong {
		tree, _ := parseFile(t, name)
		var want []string
		for line := answers(); line != "end"; line = answers() {
			want = append(want, line)
		}
		t.Errorf("%s:%s", name, difference(lines(tree), want))
	}
}

// askAcorn starts facts.mjs over files and returns what gives its lines.
func askAcorn(t *testing.T, files []string, args ...string) (next func() string) {
	// Some trees are deep, and acorn goes through them by recursion.
	args = append([]string{"--stack-size=3900", filepath.Join(acornFolder, "facts.mjs")}, args...)
	cmd := exec.Command("node", args...)
	cmd.Stdin = strings.NewReader(strings.Join(files, "\n"))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		out.Close()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	return func() string {
		if !lines.Scan() {
			t.Fatal("facts.mjs ended early: ", lines.Err())
		}
		return lines.Text()
	}
}

func parseFile(t *testing.T, name string) (*Tree, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return Parse(src)
}

func lines(t *Tree) (out []string) {
	for _, f := range facts(t) {
		out = append(out, f.String())
	}
	return out
}

func hash(lines []string) string {
	sum := md5.Sum([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// difference is the first few lines that only one of two lists has.
func difference(here, acorn []string) string {
	var b strings.Builder
	only := func(who string, lines, others []string) {
		others = slices.Sorted(slices.Values(others))
		lines = slices.DeleteFunc(slices.Clone(lines), func(l string) bool {
			_, found := slices.BinarySearch(others, l)
			return found
		})
		for _, l := range lines[:min(len(lines), 3)] {
			fmt.Fprintf(&b, "\n\tonly %s: %s", who, l)
		}
	}
	only("here", here, acorn)
	only("acorn", acorn, here)
	if b.Len() == 0 {
		return " the same facts, but not as often"
	}
	return b.String()
}
