package reporters

import (
	"testing"
)

func TestInstalledAt(t *testing.T) {
	for path, want := range map[string]string{
		"src/a.ts":                                   "",
		"node_modules/a/index.js":                    "node_modules/a",
		"node_modules/@s/a/lib/index.js":             "node_modules/@s/a",
		"x/node_modules/a/node_modules/b/i.js":       "x/node_modules/a/node_modules/b",
		"node_modules/.pnpm/a@1/node_modules/a/i.js": "node_modules/.pnpm/a@1/node_modules/a",
		".yarn/cache/a.zip/node_modules/a/i.js":      ".yarn/cache/a.zip/node_modules/a",
		"my_node_modules/a/i.js":                     "",
		"node_modules/a":                             "",
		"node_modules/@s/a":                          "",
		"node_modules/":                              "",
		"node_modules//x":                            "",
		"github.com/x/y":                             "",
	} {
		if got := installedAt(path); got != want {
			t.Errorf("installedAt(%q) = %q, want %q", path, got, want)
		}
	}
}
