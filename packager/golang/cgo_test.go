package golang

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

const (
	withCgo = "package store\n\n// int open() { return 1; }\nimport \"C\"\n\nfunc Open() error { C.open(); return nil }\n"
	// As github.com/mattn/go-sqlite3 has it.
	stubOfCgo = "//go:build !cgo\n\npackage store\n\nimport \"errors\"\n\n" +
		"func Open() error { return errors.New(\"this binary was built with CGO_ENABLED=0: this is a stub\") }\n"
	pureGo = "//go:build !cgo\n\npackage store\n\nfunc Open() error { return nil }\n"
	opens  = "package main\n\nimport (\n\t\"os\"\n\n\t\"example.com/shop/store\"\n)\n\n" +
		"func main() { println(store.Open(), os.Getenv(\"AWS_LAMBDA_RUNTIME_API\")) }\n"
)

// A package that loses its C code is reported: as an error if what replaces it only says
// that it needs cgo, otherwise as a warning.
func TestPackagesWithoutTheirC(t *testing.T) {
	for name, c := range map[string]struct {
		files    map[string]string
		edit     func(*analyzer.Function)
		env      string
		want, at string // the first diagnostic
		severity analyzer.Severity
	}{
		"a stub": {
			files: map[string]string{"store/cgo.go": withCgo, "store/stub.go": stubOfCgo},
			want:  `example.com/shop/store needs cgo, which is off: without it, the package only reports "this binary was`,
			at:    "store/cgo.go:4:1", severity: analyzer.Error,
		},
		"Go code instead of C": {
			files: map[string]string{"store/cgo.go": withCgo, "store/pure.go": pureGo},
			want:  "example.com/shop/store is built without its C code (cgo.go), because cgo is off",
			at:    "store/cgo.go:4:1", severity: analyzer.Warning,
		},
		"C for another system": {
			files: map[string]string{"store/cgo_windows.go": withCgo, "store/pure.go": pureGo},
		},
		"C for a system that is not in the name": {
			files: map[string]string{"store/cgo.go": "//go:build hurd\n\n" + withCgo, "store/pure.go": pureGo},
		},
		"C with a tag that is not set": {
			files: map[string]string{"store/cgo.go": "//go:build cgo && libsqlite3\n\n" + withCgo, "store/pure.go": pureGo},
		},
		"no C": {files: map[string]string{"store/pure.go": pureGo}},
		"CGO_ENABLED without cgo: true": {
			files: map[string]string{"store/pure.go": pureGo}, env: "1",
			want: "CGO_ENABLED=1 in the environment has no effect", at: "featherpack.yaml:2:3", severity: analyzer.Warning,
		},
		"CGO_ENABLED=0": {files: map[string]string{"store/pure.go": pureGo}, env: "0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("CGO_ENABLED", c.env)
			c.files["cmd/a/main.go"] = opens
			b := build(t, shop(t, c.files), setup{}, function("a", "./cmd/a"))["a"]
			if c.want == "" {
				if len(b.Diagnostics) > 0 {
					t.Errorf("diagnostics %v", b.Diagnostics)
				}
				return
			}
			if len(b.Diagnostics) == 0 {
				t.Fatal("no diagnostics")
			}
			d := b.Diagnostics[0]
			if !strings.HasPrefix(d.Message, c.want) || d.Position.String() != c.at || d.Severity != c.severity {
				t.Errorf("%s %v, want %s %s: %s", d.Severity, d, c.severity, c.at, c.want)
			}
			if !strings.Contains(d.Hint, "cgo: true") {
				t.Errorf("hint %q", d.Hint)
			}
		})
	}
}

// A pattern that matches what an earlier `go build` wrote does not ship it again.
func TestEarlierProgramsAreLeftOut(t *testing.T) {
	p := shop(t, map[string]string{"cmd/a/main.go": loop, "cmd/tool/main.go": loop, "bin/data.txt": "data"})
	for _, name := range []string{"a", "tool"} {
		cmd := exec.Command("go", "build", "-o", filepath.Join(p.Root, "bin", name), "./cmd/"+name)
		cmd.Dir, cmd.Env = p.Root, append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	f := function("a", "./cmd/a")
	f.Patterns = []analyzer.Pattern{{Glob: "bin/**"}, {Glob: "bin/tool"}}
	b := build(t, p, setup{}, f)["a"]
	var names []string
	for _, file := range b.Files {
		names = append(names, file.Name)
	}
	if got := strings.Join(names, " "); got != "bootstrap bin/data.txt bin/tool" {
		t.Errorf("files %s", got)
	}
	want := "a pattern matches bin/a, a program of the module example.com/shop, which is left out"
	if len(b.Diagnostics) != 1 || !strings.HasPrefix(b.Diagnostics[0].Message, want) {
		t.Errorf("diagnostics %v", b.Diagnostics)
	}
}
