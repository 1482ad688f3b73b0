package manifest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/manifesttest"
)

func TestHandlerToSource(t *testing.T) {
	dir := manifesttest.Project(t, manifesttest.Files{
		"repo/.git/": "", "repo/shared/x.ts": "",
		"repo/svc/a.ts": "", "repo/svc/b.tsx": "", "repo/svc/c.mts": "", "repo/svc/d.cts": "",
		"repo/svc/e.js": "", "repo/svc/f.jsx": "", "repo/svc/g.mjs": "", "repo/svc/h.cjs": "", "repo/svc/i.json": "{}",
		"repo/svc/dir/index.ts": "", "repo/svc/both.ts": "", "repo/svc/both.js": "", "repo/svc/both/index.ts": "",
		"repo/svc/typed.d.ts": "", "repo/svc/src/orders.ts": "", "repo/svc/src/Users.ts": "", "repo/svc/get.user.ts": "",
		"repo/svc/src/deep/payments.js": "", "repo/svc/folder.ts/": "",
	})
	svc := filepath.Join(dir, "repo/svc")
	for name, target := range map[string]string{"out.ts": filepath.Join(dir, "up.ts"), "link.ts": "a.ts"} {
		if err := os.Symlink(target, filepath.Join(svc, name)); err != nil {
			t.Skip(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "up.ts"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ handler, entry, told string }{
		{"a.handler", "a.ts", ""},
		{"b.handler", "b.tsx", ""},
		{"c.handler", "c.mts", ""},
		{"d.handler", "d.cts", ""},
		{"e.handler", "e.js", ""},
		{"f.handler", "f.jsx", ""},
		{"g.handler", "g.mjs", ""},
		{"h.handler", "h.cjs", ""},
		{"./src/orders.handler", "src/orders.ts", ""},
		{"src//orders.handlers.main", "src/orders.ts", ""},
		{"dir.handler", "dir/index.ts", ""},
		{"dir/index.handler", "dir/index.ts", ""},
		{"link.handler", "link.ts", ""},
		{
			"both.handler", "both.ts",
			`note ambiguous-handler fits svc/both.ts and svc/both.js; svc/both.ts is used | remove the stale file`,
		},
		{"i.handler", "", "error no-such-handler there is no svc/i with any of"},
		{"typed.handler", "", "error no-such-handler there is no svc/typed with any of"},
		{"folder.handler", "", "error no-such-handler there is no svc/folder with any of"},
		{
			"src/order.handler", "",
			"error no-such-handler with any of .ts .tsx .mts .cts .js .jsx .mjs .cjs | did you mean svc/src/orders.ts?",
		},
		{"src/payments.handler", "", "error no-such-handler | did you mean svc/src/deep/payments.js?"},
		{"lib/zebra.handler", "", "error no-such-handler | create the file, or name the one that is meant"},
		{
			"src/users.handler", "",
			"error handler-case the file is called svc/src/Users.ts" +
				" | file names on lambda are case-sensitive: use the same case in both",
		},
		{
			"get.user.handler", "",
			"error bad-handler lambda reads the file's name up to its first dot and would look for get | rename the file",
		},
		{"src/orders", "", "error bad-handler names no export | write file and export: src/orders.handler"},
		{
			"src/orders.ts", "",
			"error bad-handler ends in a file extension | write src/orders.handler, with the export in place of the extension",
		},
		{"", "", "error no-handler has no handler | name the file and the export"},
		{"../shared/x.handler", "", `error bad-handler holds ".." | lambda's runtime refuses it`},
		{"src/../a.handler", "", `error bad-handler holds ".." | lambda's runtime refuses it`},
		{
			"../../up.handler", "",
			"refused handler-outside leaves the project's root | nothing outside the project's root is packed",
		},
		{"../../../../../../etc/passwd.handler", "", "refused handler-outside leaves the project's root"},
		{"..", "", `error bad-handler`},
		{"/etc/passwd.handler", "", "refused handler-outside is an absolute path"},
		{"C:/x.handler", "", "refused handler-outside is an absolute path"},
		{`src\orders.handler`, "", "error bad-handler holds a backslash | use forward slashes"},
		{"a\x00b.handler", "", "error bad-handler holds a NUL byte"},
		{"out.handler", "", "refused handler-outside a link that leaves the project's root"},
	} {
		t.Run(test.handler, func(t *testing.T) {
			at := analyzer.Position{File: "serverless.yml", Line: 7, Column: 14}
			f := &declared.Function{
				Function:  analyzer.Function{Name: "f", Handler: test.handler, Family: analyzer.Node, CodeDir: "svc"},
				HandlerAt: at,
			}
			if _, ok := manifest.Entry(svc, f); !ok {
				t.Fatal("no folder")
			}
			want := ""
			if test.entry != "" {
				want = "svc/" + test.entry
			}
			if f.Entry != want {
				t.Errorf("entry %q, want %q", f.Entry, want)
			}
			line := ""
			for _, p := range f.Problems {
				line += string(p.Severity) + " " + p.Code + " " + p.Error() + " | " + p.Hint
			}
			if (line == "") != (test.told == "") {
				t.Fatalf("told %q, want %q", line, test.told)
			}
			if line != "" && !strings.Contains(line, at.String()) {
				t.Errorf("no position: %q", line)
			}
			// Each part of what is wanted must be in what is told, in order.
			rest := line
			for part := range strings.SplitSeq(test.told, " | ") {
				for i, w := range strings.SplitN(part, " ", 3) {
					_, after, found := strings.Cut(rest, w)
					if !found {
						t.Fatalf("told %q, want %q (word %d)", line, test.told, i)
					}
					rest = after
				}
			}
		})
	}
}

func TestRuntimes(t *testing.T) {
	for _, test := range []struct{ runtime, told, skipped string }{
		{"nodejs24.x", "", ""},
		{"nodejs22.x", "", ""},
		{
			"nodejs20.x",
			"warning deprecated-runtime serverless.yml:3:27: runtime nodejs20.x is deprecated since 30 April 2026;" +
				" Lambda updates no functions of it since 30 September 2026" +
				" | move to nodejs22.x",
			"",
		},
		{
			"nodejs18.x",
			"warning deprecated-runtime serverless.yml:3:27: runtime nodejs18.x is deprecated since 1 September 2025" +
				" | move to nodejs22.x",
			"",
		},
		{
			"nodejs16.x",
			`error unsupported-runtime serverless.yml:3:27: f: lambda does not support runtime "nodejs16.x": it is deprecated since 12 June 2024` +
				` | move to nodejs22.x; for a platform that still runs it, name it in build.endedRuntimes: [nodejs16.x]`,
			"",
		},
		{
			"nodejs",
			`error unsupported-runtime serverless.yml:3:27: f: lambda does not support runtime "nodejs"` +
				` | use one of nodejs24.x, nodejs22.x`,
			"",
		},
		{
			"nodejs26.x",
			"warning preview-runtime serverless.yml:3:27: runtime nodejs26.x is in public preview and may change | use nodejs24.x for production",
			"",
		},
		{
			"nodejs-22.x",
			`error unsupported-runtime serverless.yml:3:27: f: lambda does not support runtime "nodejs-22.x"` +
				` | did you mean nodejs22.x?`,
			"",
		},
		{
			"nodjs22.x",
			`error unsupported-runtime serverless.yml:3:27: f: lambda does not support runtime "nodjs22.x"` +
				` | did you mean nodejs22.x?`,
			"",
		},
		{
			"go1.x",
			`error unsupported-runtime serverless.yml:3:27: f: lambda does not support runtime "go1.x"` +
				` | use provided.al2023 and a binary named bootstrap, which featherpack builds`,
			"",
		},
		{
			"provided",
			`error unsupported-runtime serverless.yml:3:27: f: lambda does not support runtime "provided" | use provided.al2023`,
			"",
		},
		{"python3.13", "", "runtime python3.13 is neither Node nor Go"},
		{"java21", "", "runtime java21 is neither Node nor Go"},
	} {
		t.Run(test.runtime, func(t *testing.T) {
			p := manifesttest.Discover(t, manifesttest.Files{
				"serverless.yml": "service: s\nfunctions: {f: {handler: f.handler}}\n" +
					"provider: {name: aws, runtime: " + test.runtime + "}\n",
				"f.ts": "",
			}, manifest.Options{})
			var want []string
			if test.told != "" {
				want = []string{strings.Replace(test.told, ":3:27:", ":3:32:", 1)}
			}
			manifesttest.MustReport(t, p, want...)
			switch {
			case test.skipped != "":
				if len(p.Skipped) != 1 || p.Skipped[0].Reason != test.skipped ||
					p.Skipped[0].Position.String() != "serverless.yml:2:13" {
					t.Errorf("skipped %+v", p.Skipped)
				}
			case len(p.Functions) != 1:
				t.Errorf("functions %v", manifesttest.Summary(p))
			case (p.Functions[0].Entry == "") != strings.HasPrefix(test.told, "error"):
				t.Errorf("entry %q", p.Functions[0].Entry)
			}
		})
	}
}

func TestArchitectures(t *testing.T) {
	for name, want := range map[string]string{
		"x86_64": "", "arm64": "", "amd64": "lambda calls it x86_64", "aarch64": "lambda calls it arm64",
		"mips": "use x86_64 or arm64",
	} {
		p := manifesttest.Discover(
			t, manifesttest.Files{"featherpack.yaml": "functions:\n  f: {entry: f.ts, arch: " + name + "}\n", "f.ts": ""},
			manifest.Options{},
		)
		if want == "" {
			manifesttest.MustReport(t, p)
			if p.Functions[0].Architecture != name {
				t.Errorf("%s: %s", name, p.Functions[0].Architecture)
			}
			continue
		}
		manifesttest.MustReport(
			t, p, `error unsupported-architecture featherpack.yaml:2:26: f: lambda has no architecture "`+name+`" | `+want,
		)
	}
}
