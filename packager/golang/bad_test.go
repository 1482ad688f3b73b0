package golang

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// Each failing function is reported at the place to fix, and the other function is
// still built.
func TestBuildErrors(t *testing.T) {
	const lambdaMod = "module example.com/shop\n\ngo 1.24\n\nrequire github.com/aws/aws-lambda-go v1.55.1\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		entry string
		code  string
		at    string
		says  string // part of the message
		hint  string // part of the hint
		alone bool   // the other function cannot be built either
	}{
		{
			name:  "undefined name",
			files: map[string]string{"cmd/bad/main.go": "package main\n\nfunc main() {\n\tmissing()\n}\n"},
			code:  "go-compile", at: "cmd/bad/main.go:4:2", says: "undefined: missing",
		}, {
			name: "error in a package that it imports",
			files: map[string]string{
				"cmd/bad/main.go": "package main\n\nimport \"example.com/shop/lib\"\n\nfunc main() { lib.F() }\n",
				"lib/lib.go":      "package lib\n\nfunc F() { var x int = \"\" }\n",
			},
			code: "go-compile", at: "lib/lib.go:3:16", says: "declared and not used",
		}, {
			name:  "syntax error in the imports",
			files: map[string]string{"cmd/bad/main.go": "package main\n\nimport (\n"},
			code:  "go-list", at: "cmd/bad/main.go:3:10", says: "expected",
		}, {
			name:  "syntax error further down",
			files: map[string]string{"cmd/bad/main.go": "package main\n\nfunc main() { if {\n"},
			code:  "go-compile", at: "cmd/bad/main.go:3:18", says: "syntax error",
		}, {
			name:  "import that no module provides",
			files: map[string]string{"cmd/bad/main.go": "package main\n\nimport \"github.com/no/such\"\n\nfunc main() { such.F() }\n"},
			code:  "unresolved-import", at: "cmd/bad/main.go:3:8", says: "no required module provides package github.com/no/such", hint: "go mod tidy",
		}, {
			name:  "misspelt package of the standard library",
			files: map[string]string{"cmd/bad/main.go": "package main\n\nimport \"strngs\"\n\nfunc main() { strngs.F() }\n"},
			code:  "unresolved-import", at: "cmd/bad/main.go:3:8", says: "package strngs is not in std", hint: "spelling",
		}, {
			name: "no go.sum",
			files: map[string]string{
				"go.mod":          lambdaMod,
				"cmd/bad/main.go": "package main\n\nimport \"github.com/aws/aws-lambda-go/lambda\"\n\nfunc main() { lambda.Start(nil) }\n",
			},
			code: "missing-go-sum", at: "cmd/bad/main.go:3:8", says: "missing go.sum entry", hint: "run `go mod tidy`",
		}, {
			name:  "generated file that is not there",
			files: map[string]string{"cmd/bad/main.go": "package main\n\nimport _ \"embed\"\n\n//go:embed gen/*.json\nvar b []byte\n\nfunc main() { println(b) }\n"},
			code:  "embed-missing", at: "cmd/bad/main.go:5:12", says: "pattern gen/*.json: no matching files found", hint: "go generate",
		}, {
			name:  "generated package that is not there",
			files: map[string]string{"cmd/bad/main.go": "package main\n\nimport \"example.com/shop/internal/gen\"\n\nfunc main() { gen.F() }\n"},
			code:  "unresolved-import", at: "cmd/bad/main.go:3:8", says: "the module has no package internal/gen", hint: "go generate",
		}, {
			name: "generated name that is not there",
			files: map[string]string{
				"cmd/bad/main.go":  "package main\n\nimport \"example.com/shop/lib\"\n\nfunc main() { lib.F() }\n",
				"lib/generates.go": "package lib\n\n//go:generate sh generate.sh\n",
			},
			code: "go-compile", at: "cmd/bad/main.go:5:19", says: "undefined: lib.F", hint: "lib/generates.go declares generated files",
		}, {
			name:  "not package main",
			files: map[string]string{"cmd/bad/lib.go": "// Package lib\n// is a library.\npackage lib\n"},
			code:  "not-main", at: "cmd/bad/lib.go:3:9", says: "cmd/bad is package lib", hint: "func main",
		}, {
			name:  "no func main",
			files: map[string]string{"cmd/bad/main.go": "package main\n"},
			code:  "go-link", at: "", says: "function main is undeclared in the main package",
		}, {
			name:  "no runtime loop",
			files: map[string]string{"cmd/bad/main.go": "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(1) }\n"},
			code:  "no-lambda-loop", at: "cmd/bad/main.go:5:1", says: "never requests events from Lambda", hint: "lambda.Start",
		}, {
			name:  "C in the only file",
			files: map[string]string{"cmd/bad/main.go": "package main\n\nimport \"C\"\n\nfunc main() {}\n"},
			code:  "cgo-needed", at: "cmd/bad/main.go:3:1", says: "needs cgo, which is off", hint: "cgo: true",
		}, {
			name: "C in one of two files",
			files: map[string]string{
				"cmd/bad/main.go": "package main\n\nfunc main() { println(two()) }\n",
				"cmd/bad/two.go":  "package main\n\n// int two() { return 2; }\nimport \"C\"\n\nfunc two() int { return int(C.two()) }\n",
			},
			code: "cgo-needed", at: "cmd/bad/main.go:3:23", says: "undefined: two", hint: "two.go is excluded because it needs cgo",
		}, {
			name:  "folder that is not there",
			entry: "cmd/nowhere", files: map[string]string{},
			code: "missing-entry", at: "featherpack.yaml:2:3", says: "cmd/nowhere does not exist",
		}, {
			name:  "folder without Go",
			files: map[string]string{"cmd/bad/main.py": ""},
			code:  "no-go-files", at: "featherpack.yaml:2:3", says: "no Go files in cmd/bad",
		}, {
			name:  "for another system only",
			files: map[string]string{"cmd/bad/main_windows.go": loop},
			code:  "no-go-files", at: "featherpack.yaml:2:3", says: "exclude all Go files in cmd/bad", hint: "linux",
		}, {
			name:  "outside the root",
			entry: "../elsewhere", files: map[string]string{},
			code: "outside-root", at: "featherpack.yaml:2:3", says: "not a folder below the project's root",
		}, {
			name: "import cycle",
			files: map[string]string{
				"cmd/bad/main.go": "package main\n\nimport _ \"example.com/shop/x\"\n\nfunc main() {}\n",
				"x/x.go":          "package x\n\nimport _ \"example.com/shop/y\"\n",
				"y/y.go":          "package y\n\nimport _ \"example.com/shop/x\"\n",
			},
			code: "import-cycle", at: "featherpack.yaml:2:3", says: "import cycle",
		}, {
			name:  "newer go line",
			files: map[string]string{"go.mod": "module example.com/shop\n\ngo 1.99\n", "cmd/bad/main.go": loop},
			code:  "go-version", at: "go.mod:3:1", says: "go.mod requires go >= 1.99", hint: "install go1.99 or newer", alone: true,
		}, {
			name:  "go.mod that cannot be read",
			files: map[string]string{"go.mod": "module example.com/shop\n\nreqire x v1.0.0\n", "cmd/bad/main.go": loop},
			code:  "go-command", at: "go.mod:3", says: "unknown directive: reqire", alone: true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.files["cmd/good/main.go"] = loop
			p := shop(t, c.files)
			if c.entry == "" {
				c.entry = "./cmd/bad"
			}
			out := build(t, p, setup{}, function("bad", c.entry), function("good", "./cmd/good"))
			if !c.alone {
				programOf(t, out["good"])
			}
			b := out["bad"]
			if !b.Failed() || len(b.Files) > 0 {
				t.Fatalf("built, with %v", b.Diagnostics)
			}
			d := b.Diagnostics[0]
			if d.Code != c.code || d.Position.String() != c.at || !strings.Contains(d.Message, c.says) || !strings.Contains(d.Hint, c.hint) || d.Function != "bad" {
				t.Errorf("got %s %q %q\n  hint: %s", d.Code, d.Position, d.Message, d.Hint)
			}
			for _, d := range b.Diagnostics {
				if text := d.Message + d.Hint + d.File; strings.Contains(text, p.Root) || strings.Contains(text, "\n") {
					t.Errorf("shows a folder of this machine or a line break: %q", text)
				}
			}
		})
	}
}

// Programs that GOFLAGS or linker flags name are never run.
func TestFlagsRunNoProgram(t *testing.T) {
	p := shop(t, map[string]string{"cmd/a/main.go": loop, "overlay.json": "{}"})
	canary := filepath.Join(p.Root, "ran")
	evil := filepath.Join(p.Root, "evil.sh")
	if err := os.WriteFile(evil, []byte("#!/bin/sh\ntouch "+canary+"\nexec \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, goflags string
		ldflags       []string
		allow         []string
		code          string
	}{
		{"toolexec", "-toolexec=" + evil, nil, nil, "goflags-refused"},
		{"toolexec with two dashes, quoted", "'--toolexec=" + evil + " -x'", nil, nil, "goflags-refused"},
		{"overlay", "-overlay=overlay.json", nil, nil, "goflags-refused"},
		{"external linker in GOFLAGS", "'-ldflags=-linkmode=external -extld=" + evil + "'", nil, nil, "ldflags-refused"},
		{"external linker of a function", "", []string{"-linkmode=external -extld " + evil}, nil, "ldflags-refused"},
		{"archiver of a function", "", []string{"-extar=" + evil}, nil, "ldflags-refused"},
		{"profile written elsewhere", "", []string{"-cpuprofile", canary}, nil, "ldflags-refused"},
		{"overlay that is allowed", "-overlay=" + filepath.Join(p.Root, "overlay.json"), nil, []string{"-overlay"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("GOFLAGS", c.goflags)
			f := function("a", "cmd/a")
			f.Build.LDFlags = c.ldflags
			b := build(t, p, setup{Job: packager.Job{AllowGoflags: c.allow}}, f)["a"]
			if c.code == "" {
				programOf(t, b)
			} else if analyzer.ExitStatus(b.Diagnostics) != 3 || !slices.Contains(codes(b), c.code) {
				t.Errorf("diagnostics: %v", b.Diagnostics)
			}
			if _, err := os.Stat(canary); err == nil {
				t.Fatal("it ran")
			}
		})
	}

	// With the flag allowed, the canary does run.
	t.Setenv("GOFLAGS", "-toolexec="+evil)
	programOf(t, build(t, p, setup{Job: packager.Job{AllowGoflags: []string{"toolexec"}}}, function("a", "cmd/a"))["a"])
	if _, err := os.Stat(canary); err != nil {
		t.Error("-toolexec was allowed by name and did not run")
	}
}

// Variables of the environment that would change a program, or stop a build, do nothing.
func TestEnvironmentOfTheToolchain(t *testing.T) {
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
	t.Setenv("GOOS", "plan9")
	t.Setenv("CGO_ENABLED", "1")
	t.Setenv("GOTOOLCHAIN", "go1.99.0")
	t.Setenv("GODEBUG", "netdns=cgo")
	p := shop(t, map[string]string{"cmd/a/main.go": loop})
	programOf(t, build(t, p, setup{}, function("a", "cmd/a"))["a"])
}

func TestUsersGoflagsAreMerged(t *testing.T) {
	p := shop(t, map[string]string{
		"cmd/a/main.go": strings.ReplaceAll(loop, "println(", "println(version, ") + "\nvar version string\n",
		"cmd/a/more.go": "//go:build more\n\npackage main\n\nfunc init() { println(\"more\") }\n",
	})
	t.Setenv("GOFLAGS", "-tags=more '-ldflags=-X main.version=7' -trimpath=false -mod=mod -gcflags=-N")
	b := build(t, p, setup{}, function("a", "cmd/a"))["a"]
	if says, err := exec.Command(programOf(t, b)).CombinedOutput(); err != nil || string(says) != "more\n7 \n" {
		t.Errorf("the program prints %q, %v", says, err)
	}
	if got := codes(b); !slices.Equal(got, []string{"goflags-ignored", "goflags-ignored"}) {
		t.Errorf("diagnostics: %v", b.Diagnostics)
	}
	if got := setting(b, "goflags") + " " + setting(b, "ldflags"); got != "-gcflags=-N -s -w -X main.version=…" {
		t.Errorf("the settings show %q", got)
	}
}

func TestToolchains(t *testing.T) {
	fake := func(says string) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\n"+says+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	for _, c := range []struct{ name, path, code, hint string }{
		{"none", t.TempDir(), "no-go-toolchain", "https://go.dev/dl"},
		{"too old", fake(`echo '{"GOVERSION":"go1.19.3"}'`), "go-version", "https://go.dev/dl"},
		{"broken", fake(`echo 'go: cannot find GOROOT directory' >&2; exit 2`), "go-toolchain", "go env"},
		{"nonsense", fake(`echo hello`), "go-build", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := shop(t, map[string]string{"cmd/a/main.go": loop})
			t.Setenv("PATH", c.path)
			b := build(t, p, setup{}, function("a", "cmd/a"))["a"]
			if len(b.Diagnostics) != 1 || b.Diagnostics[0].Code != c.code || !strings.Contains(b.Diagnostics[0].Hint, c.hint) {
				t.Errorf("diagnostics: %v", b.Diagnostics)
			}
		})
	}

	t.Run("newer toolchain line", func(t *testing.T) {
		p := shop(t, map[string]string{"cmd/a/main.go": loop, "go.mod": "module example.com/shop\n\ngo 1.24\n\ntoolchain go1.99.0\n"})
		b := build(t, p, setup{}, function("a", "cmd/a"))["a"]
		programOf(t, b)
		if len(b.Diagnostics) != 1 || b.Diagnostics[0].Code != "go-toolchain-line" || b.Diagnostics[0].Position.String() != "go.mod:5:1" {
			t.Errorf("diagnostics: %v", b.Diagnostics)
		}
	})
}

func TestBuildInfoNote(t *testing.T) {
	p := shop(t, map[string]string{
		"cmd/a/main.go": loop,
		"cmd/b/main.go": loop,
		"cmd/b/info.go": "package main\n\nimport \"runtime/debug\"\n\nfunc init() { i, _ := debug.ReadBuildInfo(); println(i.Main.Version) }\n",
	})
	out := build(t, p, setup{}, function("a", "cmd/a"), function("b", "cmd/b"))
	if len(codes(out["a"])) != 0 || !slices.Equal(codes(out["b"]), []string{"build-info"}) {
		t.Errorf("diagnostics: %v and %v", out["a"].Diagnostics, out["b"].Diagnostics)
	}
	programOf(t, out["b"])
}

// A layer may request events from Lambda for the program.
func TestNoRuntimeLoopWithALayer(t *testing.T) {
	p := shop(t, map[string]string{"cmd/a/main.go": "package main\n\nfunc main() {}\n"})
	f := function("a", "cmd/a")
	f.Layers = []string{"arn:aws:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerX86:24"}
	b := build(t, p, setup{}, f)["a"]
	programOf(t, b)
	if len(b.Diagnostics) != 1 || b.Diagnostics[0].Severity != analyzer.Warning {
		t.Errorf("diagnostics: %v", b.Diagnostics)
	}
}

func TestCgo(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil || runtime.GOARCH != "amd64" || runtime.GOOS != "linux" {
		t.Skip("needs a C compiler for linux/amd64")
	}
	p := shop(t, map[string]string{
		"cmd/a/main.go":    "package main\n\n// int two() { return 2; }\nimport \"C\"\n\nimport \"os\"\n\nfunc main() { println(int(C.two()), os.Getenv(\"AWS_LAMBDA_RUNTIME_API\")) }\n",
		"cmd/evil/main.go": "package main\n\n// #cgo LDFLAGS: -fplugin=evil.so\n// int two() { return 2; }\nimport \"C\"\n\nfunc main() { C.two() }\n",
	})
	evil := function("evil", "cmd/evil")
	evil.Build.CGO = true
	t.Setenv("CGO_LDFLAGS_ALLOW", ".*")
	if b := build(t, p, setup{}, evil)["evil"]; !b.Failed() || !strings.Contains(b.Diagnostics[0].Message, "invalid flag in #cgo LDFLAGS: -fplugin=evil.so") {
		t.Errorf("diagnostics of a plugin in a cgo directive: %v", b.Diagnostics)
	}

	dynamic, static := function("dynamic", "cmd/a"), function("static", "cmd/a")
	dynamic.Build.CGO, static.Build.CGO = true, true
	static.Build.LDFlags = []string{"-linkmode=external -extldflags=-static"}
	out := build(t, p, setup{}, dynamic, static)
	if says, err := exec.Command(programOf(t, out["static"])).CombinedOutput(); err != nil || string(says) != "2 \n" {
		t.Errorf("the static program says %q, %v", says, err)
	}
	f, err := os.Open(programOf(t, out["static"]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if links := readDynamics(f); links.Interpreter != "" || len(links.Libraries) > 0 {
		t.Errorf("the static program loads %+v", links)
	}
	// What the dynamic program needs depends on this machine's C library. Only check
	// that it was read.
	if setting(out["dynamic"], "cgo") != "true" || out["dynamic"].Entry < 0 {
		t.Errorf("cgo is off: %v", out["dynamic"].Diagnostics)
	}
}

func TestDynamicLinks(t *testing.T) {
	const interpreter = "/lib64/ld-linux-x86-64.so.2"
	foreign := dynamics{Interpreter: interpreter, Libraries: []string{"libvips.so.42"}}
	for _, c := range []struct {
		name  string
		links dynamics
		edit  func(*analyzer.Function)
		want  string // code and severity
	}{
		{"static", dynamics{}, nil, ""},
		{"the C library", dynamics{Interpreter: interpreter, Libraries: []string{"libc.so.6", "libresolv.so.2"}, Versions: []string{"GLIBC_2.2.5", "GLIBC_2.34"}}, nil, ""},
		{"a newer C library", dynamics{Interpreter: interpreter, Libraries: []string{"libc.so.6"}, Versions: []string{"GLIBC_2.38", "GLIBC_2.4"}}, nil, "glibc-version error"},
		{"what al2023 has and al2 has not", dynamics{Interpreter: interpreter, Versions: []string{"GLIBC_2.34"}},
			func(f *analyzer.Function) { f.Runtime = "provided.al2" }, "glibc-version error"},
		{"a foreign library", foreign, nil, "dynamic-library error"},
		{"a foreign library, maybe in a layer", foreign, func(f *analyzer.Function) { f.Layers = []string{"vips"} }, "dynamic-library warning"},
		{"a foreign library that a layer holds", foreign, func(f *analyzer.Function) { f.Build.External = foreign.Libraries }, ""},
		{"a foreign library that is packed", foreign, func(f *analyzer.Function) { f.Patterns = []analyzer.Pattern{{Glob: "lib/libvips.so.42"}} }, ""},
		{"musl", dynamics{Interpreter: "/lib/ld-musl-x86_64.so.1"}, nil, "dynamic-library error"},
		{"dynamic without cgo", dynamics{Interpreter: interpreter}, func(f *analyzer.Function) { f.Build.CGO = false }, "dynamic-program warning"},
		{"no ELF", dynamics{Unread: true}, nil, "not-elf error"},
	} {
		f := function("a", "cmd/a")
		f.Build.CGO = true
		if c.edit != nil {
			c.edit(&f)
		}
		var got []string
		for _, d := range checkDynamics(f, c.links) {
			got = append(got, fmt.Sprint(d.Code, " ", d.Severity))
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: got %q, want %q", c.name, s, c.want)
		}
	}
}
