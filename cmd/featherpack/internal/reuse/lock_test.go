package reuse

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestLockedVersions(t *testing.T) {
	for _, test := range []struct{ file, text string }{
		{"package-lock.json", `{"packages": {"": {"version": "1.0.0"}, "node_modules/zod": {"version": "4.6.6"},
			"node_modules/a/node_modules/@scope/b": {"version": "2.0.0-rc.1"}}}`},
		{"yarn.lock", "# yarn lockfile v1\n\n\"@scope/b@^2.0.0\", \"@scope/b@~2.0.0\":\n  version \"2.0.0-rc.1\"\n  dependencies:\n" +
			"    zod \"^4.6.0\"\n\nzod@^4.6.0:\n  version \"4.6.6\"\n"},
		{"yarn.lock", "__metadata:\n  version: 8\n\n\"@scope/b@npm:^2.0.0\":\n  version: 2.0.0-rc.1\n\n\"zod@npm:^4.6.0\":\n  version: 4.6.6\n"},
		{"pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n\n  '@scope/b@2.0.0-rc.1':\n    resolution: {}\n\n  zod@4.6.6:\n    engines: {}\n" +
			"snapshots:\n\n  '@scope/b@2.0.0-rc.1(zod@4.6.6)':\n    dependencies:\n      zod: 4.6.6\n"},
		{"bun.lock", "{\n  \"packages\": {\n    \"@scope/b\": [\"@scope/b@2.0.0-rc.1\", \"\", {}],\n    \"zod\": [\"zod@4.6.6\", \"\", {}],\n  }\n}\n"},
	} {
		all := lockedVersions(test.file, []byte(test.text))
		var got []string
		for _, name := range slices.Sorted(maps.Keys(all)) {
			got = append(got, name+" "+strings.Join(slices.Compact(all[name]), ","))
		}
		if want := "@scope/b 2.0.0-rc.1; zod 4.6.6"; strings.Join(got, "; ") != want {
			t.Errorf("%s: %q, want %q", test.file, got, want)
		}
	}
	if all := lockedVersions("package-lock.json", []byte("<<<<<<< HEAD")); all != nil {
		t.Errorf("a lockfile that does not parse has %v", all)
	}
}
