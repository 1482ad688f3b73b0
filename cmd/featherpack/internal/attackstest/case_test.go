//go:build unix

package attackstest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// attack is a file of testdata/attacks. It begins with lines of the form "key: value"
// and continues with the files of the tree. Files below p are the project, those below
// outside are not. In all of it, @outside@ is the absolute path of the folder outside,
// and @secret@ the secret.
type attack struct {
	group, name  string
	title        string   // what is tried
	so           string   // the outcome, if the attack is not refused
	sh           []string // commands that prepare the tree, run in p
	env          []string // variables of featherpack
	runs         []string // featherpack's command lines, run in p
	exit         int      // the last one's exit status
	says, unsaid []string // what its output must and must not contain
	never        []string // what neither an output nor a file may contain, besides the secret
	keeps        []string // files of the tree that stay as they are
	packs        bool     // the secret is packed, as the project asks for
	needs        string   // a program without which the attack is skipped
	links        bool     // a Go program is linked, which needs this user's cache
	files        []txtar.File
}

// attacks reads all attacks, sorted by group and name.
func attacks(t *testing.T) (all []attack) {
	t.Helper()
	files, err := filepath.Glob(clitest.Testdata(t, "attacks", "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		a, err := read(file)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, a)
	}
	return all
}

func read(file string) (attack, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return attack{}, err
	}
	archive := txtar.Parse(text)
	a := attack{
		group: filepath.Base(filepath.Dir(file)), name: strings.TrimSuffix(filepath.Base(file), ".txtar"),
		exit: -1, files: archive.Files,
	}
	for line := range strings.Lines(string(archive.Comment)) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case !ok:
			return a, fmt.Errorf("%q is not key: value", line)
		case key == "attack":
			a.title = value
		case key == "so":
			a.so = value
		case key == "sh":
			a.sh = append(a.sh, value)
		case key == "env":
			a.env = append(a.env, value)
		case key == "run":
			a.runs = append(a.runs, value)
		case key == "exit":
			if a.exit, err = strconv.Atoi(value); err != nil {
				return a, err
			}
		case key == "says":
			a.says = append(a.says, value)
		case key == "unsaid":
			a.unsaid = append(a.unsaid, value)
		case key == "never":
			a.never = append(a.never, value)
		case key == "keeps":
			a.keeps = append(a.keeps, value)
		case key == "packs":
			a.packs = value == "yes"
		case key == "links":
			a.links = value == "yes"
		case key == "needs":
			a.needs = value
		default:
			return a, fmt.Errorf("there is no key %q", key)
		}
	}
	if a.title == "" || len(a.runs) == 0 || a.exit < 0 || a.exit != 3 && a.so == "" {
		return a, fmt.Errorf("it needs attack:, run:, exit: and, unless it is refused, so:")
	}
	return a, nil
}

// outcome is the table's cell.
func (a attack) outcome() string {
	switch {
	case a.so != "":
		return a.so
	default:
		return "refused"
	}
}
