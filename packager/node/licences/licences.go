package licences

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/packager/node/installed"
)

// Notices makes them: the AWS SDK has one text fifty times, and many
// functions have the same packages.
type Notices struct {
	packages *installed.Tree
	texts    map[string]string // by package folder
}

// New makes notices of installed packages.
func New(packages *installed.Tree) *Notices { return &Notices{packages, map[string]string{}} }

// Renew makes the notices ready for another build with the same files, see
// [installed.Tree.Renew]. What installed packages hold is still known then.
func (n *Notices) Renew() {
	maps.DeleteFunc(n.texts, func(dir, _ string) bool { return installed.PackageDir(dir+"/_") == "" })
}

// Of is the notice for packages, given by folder. Packages with the same text share it.
func (n *Notices) Of(dirs []string) []byte {
	headings := map[string][]string{} // by text
	for _, dir := range dirs {
		at := filepath.Join(n.packages.Root(), filepath.FromSlash(dir))
		m := n.packages.Manifest(at)
		if m == nil {
			continue
		}
		name := m.Name
		if name == "" {
			name = installed.NameOf(dir)
		}
		heading := strings.TrimSpace(name + " " + m.Version)
		if kind := m.LicenceName(); kind != "" {
			heading += " (" + kind + ")"
		}
		text, known := n.texts[dir]
		if !known {
			text = n.packages.LicenceText(at)
			n.texts[dir] = text
		}
		headings[text] = append(headings[text], heading)
	}
	type notice struct{ heading, text string }
	var notices []notice
	for text, packages := range headings {
		slices.Sort(packages)
		notices = append(notices, notice{strings.Join(slices.Compact(packages), "\n"), text})
	}
	slices.SortFunc(notices, func(a, b notice) int { return strings.Compare(a.heading, b.heading) })
	var out bytes.Buffer
	for _, one := range notices {
		fmt.Fprintf(&out, "%s\n%s\n", one.heading, strings.Repeat("-", 72))
		if one.text != "" {
			out.WriteString(one.text + "\n")
		}
		out.WriteString("\n")
	}
	return out.Bytes()
}
