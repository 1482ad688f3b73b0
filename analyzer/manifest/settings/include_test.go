package settings

import (
	"strings"
	"testing"
)

// Patterns are added to each form of a file. Comments, order and style stay.
func TestAddIncludes(t *testing.T) {
	both := []Include{{"data/a.json", "opened by a.ts:1:2"}, {`d\[1\].json`, "opened by b.ts:3:4"}}
	for _, c := range []struct{ name, file, before, after string }{
		{"no file", "featherpack.yaml", "", "override:\n  \"f\":\n    include:\n" +
			"      - \"data/a.json\" # opened by a.ts:1:2\n      - \"d\\\\[1\\\\].json\" # opened by b.ts:3:4\n"},
		{"other keys", "featherpack.yaml", "# mine\nbuild: {minify: false} # why", "# mine\nbuild: {minify: false} # why\n" +
			"override:\n  \"f\":\n    include:\n" +
			"      - \"data/a.json\" # opened by a.ts:1:2\n      - \"d\\\\[1\\\\].json\" # opened by b.ts:3:4\n"},
		{"another function", "featherpack.yaml", "override:\n    g: {minify: false}\n# end\nbudgets: []\n",
			"override:\n    g: {minify: false}\n    \"f\":\n      include:\n" +
				"        - \"data/a.json\" # opened by a.ts:1:2\n        - \"d\\\\[1\\\\].json\" # opened by b.ts:3:4\n" +
				"# end\nbudgets: []\n"},
		{"the function", "featherpack.yaml", "override:\n  f:\n    minify: false # x\n\n  g: {}\n",
			"override:\n  f:\n    minify: false # x\n    include:\n" +
				"      - \"data/a.json\" # opened by a.ts:1:2\n      - \"d\\\\[1\\\\].json\" # opened by b.ts:3:4\n\n  g: {}\n"},
		{"a list", "featherpack.yaml", "override:\n  f:\n    include:\n    - x # one\n    # two\n    - y\nbuild: {}\n",
			"override:\n  f:\n    include:\n    - x # one\n    # two\n    - y\n" +
				"    - \"data/a.json\" # opened by a.ts:1:2\n    - \"d\\\\[1\\\\].json\" # opened by b.ts:3:4\nbuild: {}\n"},
		{"a list in brackets", "featherpack.yaml", "override: {f: {include: [x]}}\n", "override: {f: {include: [x,\n" +
			"  \"data/a.json\", # opened by a.ts:1:2\n  \"d\\\\[1\\\\].json\" # opened by b.ts:3:4\n  ]}}\n"},
		{"an empty list", "featherpack.yaml", "override:\n  f: {include: []}\n", "override:\n  f: {include: [\n" +
			"    \"data/a.json\", # opened by a.ts:1:2\n    \"d\\\\[1\\\\].json\" # opened by b.ts:3:4\n    ]}\n"},
		{"a mapping in brackets", "featherpack.yaml", "override: {g: {minify: false}}\n",
			"override: {g: {minify: false}, \"f\": {include: [\n" +
				"  \"data/a.json\", # opened by a.ts:1:2\n  \"d\\\\[1\\\\].json\" # opened by b.ts:3:4\n  ]}}\n"},
		{"one is there", "featherpack.yaml", "override:\n  f:\n    include:\n      - data/a.json\n",
			"override:\n  f:\n    include:\n      - data/a.json\n      - \"d\\\\[1\\\\].json\" # opened by b.ts:3:4\n"},
		{"JSON", "featherpack.json", `{"build": {}}`,
			`{"build": {}, "override": {"f": {"include": ["data/a.json","d\\[1\\].json"]}}}`},
	} {
		updated, added, err := AddIncludes(c.file, []byte(c.before), "f", both)
		if err != nil || string(updated) != c.after || len(added) == 0 {
			t.Errorf("%s: %v, %d added\n%s\nwant\n%s", c.name, err, len(added), updated, c.after)
			continue
		}
		again, added, err := AddIncludes(c.file, updated, "f", both)
		if err != nil || len(added) != 0 || string(again) != string(updated) {
			t.Errorf("%s: a second time: %v, %v\n%s", c.name, err, added, again)
		}
	}
	_, _, err := AddIncludes("featherpack.yaml", []byte("override: &all\n  f: &f {minify: false}\n  g: *f\ninclude: *all\n"), "g", both)
	if err == nil || !strings.Contains(err.Error(), "cannot be added") {
		t.Errorf("an alias: %v", err)
	}
}
