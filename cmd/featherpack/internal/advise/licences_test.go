package advise

import (
	"fmt"
	"io/fs"
	"testing"
)

// TestLicences checks what is said about packages by their package.json and their files.
func TestLicences(t *testing.T) {
	const public = "https://registry.npmjs.org/p/-/p-1.0.0.tgz"
	for _, c := range []struct{ name, resolved, manifest, file, text, want string }{
		{"nobody's", public, `{"license": "UNLICENSED"}`, "", "", "is UNLICENSED, which grants nobody the right to use it or to pass it on"},
		{"for non-commercial use", public, `{"license": "CC-BY-NC-4.0"}`, "", "", "has the licence CC-BY-NC-4.0, which limits what it may be used for"},
		{"of its own", public, `{"license": "SEE LICENSE IN TERMS.md"}`, "TERMS.md", "You need a subscription.", "has a licence of its own"},
		{"none at all", public, `{}`, "", "", "names no licence"},
		{"none, but an unusual file", public, `{}`, "LICENSE", "All rights reserved.", "names no licence"},

		{"a usual one", public, `{"license": "MIT"}`, "", "", ""},
		{"the older form", public, `{"license": {"type": "BSD"}}`, "", "", ""},
		{"the oldest form", public, `{"licenses": [{"type": "MIT"}]}`, "", "", ""},
		{"a choice", public, `{"license": "(MIT OR CC-BY-NC-4.0)"}`, "", "", ""},
		{"a usual one in a file", public, `{"license": "SEE LICENSE IN LICENSE.md"}`, "LICENSE.md", "Permission is hereby granted, free of charge", ""},
		{"only in a file", public, `{}`, "LICENSE", "Redistribution and use in source and binary forms", ""},
		{"only in the readme", public, `{}`, "readme.md", "## License\n\nMIT", ""},
		{"a package of a private registry", "https://npm.example.com/p/-/p-1.0.0.tgz", `{"license": "UNLICENSED"}`, "", "", ""},
		{"a package of a repository", "git+ssh://git@github.com/x/p.git#1", `{"license": "UNLICENSED"}`, "", "", ""},
		{"a linked package", "", `{"license": "UNLICENSED"}`, "", "", ""},
		{"a package.json that cannot be read", public, `{`, "", "", ""},
	} {
		files := map[string]string{
			"a/node_modules/p/package.json":     c.manifest,
			"a/node_modules/.package-lock.json": fmt.Sprintf(`{"packages": {"node_modules/p": {"resolved": %q}}}`, c.resolved),
			"a/node_modules/p/" + c.file:        c.text,
		}
		l := newLicences(func(name string) ([]byte, error) {
			if text, ok := files[name]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		})
		if got := l.judge("a/node_modules/p"); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
