package node

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/packager/node/installed"
)

// licences lists the packages whose code is in the outputs, each with the
// licence files it came with: the notices that minifying took out of the code.
func (b *builder) licences(outputs ...*settled) []byte {
	dirs := map[string]bool{}
	for _, s := range outputs {
		for input, share := range s.Output.Inputs {
			if dir := installed.PackageDir(input); dir != "" && share.BytesInOutput > 0 {
				dirs[dir] = true
			}
		}
	}
	return b.licencesOf(slices.Sorted(maps.Keys(dirs)))
}

// licencesOf is the notice for packages, given by folder. Packages with the same
// text share it: the AWS SDK has one text fifty times.
func (b *builder) licencesOf(dirs []string) []byte {
	headings := map[string][]string{} // by text
	for _, dir := range dirs {
		at := filepath.Join(b.packages.Root(), filepath.FromSlash(dir))
		m := b.packages.Manifest(at)
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
		text, known := b.licenceTexts[dir]
		if !known {
			text = b.packages.LicenceText(at)
			b.licenceTexts[dir] = text
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
	for _, n := range notices {
		fmt.Fprintf(&out, "%s\n%s\n", n.heading, strings.Repeat("-", 72))
		if n.text != "" {
			out.WriteString(n.text + "\n")
		}
		out.WriteString("\n")
	}
	return out.Bytes()
}
