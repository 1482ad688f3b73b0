package installed

import (
	"io/fs"
	"strings"
)

// LicenceName reads the license field: a string, or the older {type: ...}.
func (m *Manifest) LicenceName() string {
	switch v := m.License.(type) {
	case string:
		return v
	case map[string]any:
		name, _ := v["type"].(string)
		return name
	}
	return ""
}

// LicenceText joins the licence and notice files at the top of a package.
func (t *Tree) LicenceText(dir string) string {
	folder := t.Folder(dir)
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
