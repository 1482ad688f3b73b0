package node

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// licences lists the packages whose code is in the output, each with the
// licence files it came with: the notices that minifying took out of the code.
func (b *builder) licences(result linked) []byte {
	dirs := map[string]bool{}
	for input, share := range result.output.Inputs {
		if dir := packageDir(input); dir != "" && share.BytesInOutput > 0 {
			dirs[dir] = true
		}
	}
	return b.licencesOf(sortedKeys(dirs))
}

// licencesOf is the notice for packages given by folder. Packages that came
// with the same text share it: the AWS SDK alone brings one text fifty times.
func (b *builder) licencesOf(dirs []string) []byte {
	headings := map[string][]string{} // by text
	for _, dir := range dirs {
		at := filepath.Join(b.in.root, filepath.FromSlash(dir))
		m := b.in.manifestIn(at)
		if m == nil {
			continue
		}
		name := m.Name
		if name == "" {
			name = nameOf(dir)
		}
		heading := strings.TrimSpace(name + " " + m.Version)
		if kind := licenceName(m.License); kind != "" {
			heading += " (" + kind + ")"
		}
		text, known := b.licenceTexts[dir]
		if !known {
			text = b.in.licenceText(at)
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

// licenceName reads the license field: a string, or the older {type: ...}.
func licenceName(field any) string {
	switch v := field.(type) {
	case string:
		return v
	case map[string]any:
		name, _ := v["type"].(string)
		return name
	}
	return ""
}

// licenceText joins the licence and notice files at the top of a package.
func (in *installed) licenceText(dir string) string {
	folder := in.folder(dir)
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return ""
	}
	var texts []string
	for _, entry := range entries {
		upper := strings.ToUpper(entry.Name())
		for _, stem := range []string{"LICENSE", "LICENCE", "COPYING", "NOTICE"} {
			if strings.HasPrefix(upper, stem) && entry.Type().IsRegular() {
				if text, err := fs.ReadFile(folder, entry.Name()); err == nil && len(text) < 1<<20 {
					texts = append(texts, strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
				}
				break
			}
		}
	}
	return strings.Join(texts, "\n\n")
}
