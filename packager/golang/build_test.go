package golang

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
)

// loop is the smallest main package that is accepted as a function: it refers to the
// runtime API.
const loop = `package main

import "os"

func main() { println(os.Getenv("AWS_LAMBDA_RUNTIME_API")) }
`

// shop writes a project of one module from files by name. It adds a go.mod.
func shop(t testing.TB, files map[string]string) analyzer.Project {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := files["go.mod"]; !ok {
		write(t, root, "go.mod", "module example.com/shop\n\ngo 1.24\n")
	}
	for name, text := range files {
		write(t, root, name, text)
	}
	return analyzer.Project{Root: root, Dir: "."}
}

func write(t testing.TB, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func function(name, entry string) analyzer.Function {
	return analyzer.Function{
		Name: name, ID: name, Entry: entry, Family: analyzer.Go, ServiceDir: ".",
		Runtime: "provided.al2023", Architecture: "x86_64",
		Position: analyzer.Position{File: "featherpack.yaml", Line: 2, Column: 3},
	}
}

// setup is a job and its cache folder.
type setup struct {
	cache string
	packager.Job
}

// build builds functions and returns the bundles by ID.
func build(t *testing.T, p analyzer.Project, o setup, functions ...analyzer.Function) map[string]packager.Bundle {
	t.Helper()
	if o.cache == "" {
		o.cache = t.TempDir()
	}
	p.Functions = functions
	o.Project, o.Functions = p, functions
	out := map[string]packager.Bundle{}
	err := packager.Build(t.Context(), Builder{CacheDir: o.cache}, o.Job, func(b packager.Bundle) {
		if _, twice := out[b.ID]; twice {
			t.Errorf("%s was emitted twice", b.ID)
		}
		out[b.ID] = b
	})
	if err != nil {
		t.Error(err)
	}
	if len(out) != len(functions) {
		t.Errorf("%d bundles for %d functions", len(out), len(functions))
	}
	return out
}

// program returns the program of a bundle. It fails if there is none.
func programOf(t *testing.T, b packager.Bundle) string {
	t.Helper()
	if b.Failed() || len(b.Files) != 1 {
		t.Fatalf("%s was not built: %v", b.ID, b.Diagnostics)
	}
	return b.Files[0].Source
}

func sha(t *testing.T, b packager.Bundle) string {
	t.Helper()
	text, err := os.ReadFile(programOf(t, b))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(text))
}

func codes(b packager.Bundle) []string {
	var out []string
	for _, d := range b.Diagnostics {
		out = append(out, d.Code)
	}
	return out
}

func setting(b packager.Bundle, name string) string {
	for _, s := range b.Settings {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}

func TestBundle(t *testing.T) {
	p := shop(t, map[string]string{
		"cmd/orders/main.go": "package main\n\nimport (\n\t\"os\"\n\t\"example.com/shop/price\"\n)\n\nfunc main() { println(price.Of(os.Getenv(\"AWS_LAMBDA_RUNTIME_API\"))) }\n",
		"price/price.go":     "package price\n\nimport \"strconv\"\n\n//go:noinline\nfunc Of(s string) string { return strconv.Quote(s) }\n",
	})
	b := build(t, p, setup{}, function("orders", "./cmd/orders"))["orders"]
	program := programOf(t, b)
	if b.Files[0].Name != "bootstrap" {
		t.Errorf("the program is packed as %q", b.Files[0].Name)
	}
	if len(b.Diagnostics) > 0 {
		t.Errorf("diagnostics of a sound function: %v", b.Diagnostics)
	}
	if got := b.Graph.Inputs[b.Entry]; got.Path != "example.com/shop/cmd/orders" || got.Package != "" || got.Format != "go" || got.Bytes == 0 {
		t.Errorf("the entry is %+v", got)
	}
	if out, err := exec.Command(program).CombinedOutput(); err != nil || string(out) != "\"\"\n" {
		t.Errorf("the program prints %q, %v", out, err)
	}
	var sum, own int64
	for _, part := range b.Files[0].Parts {
		sum += part.Bytes
		if part.Input >= 0 && b.Graph.Inputs[part.Input].Package == "" {
			own += part.Bytes
		}
	}
	if sum != sizeOf(t, program) || own == 0 {
		t.Errorf("the parts sum to %d (own code %d), the program has %d bytes", sum, own, sizeOf(t, program))
	}
	price := b.Graph.Intern("example.com/shop/price")
	strconv := b.Graph.Intern("strconv")
	if chain := b.Graph.Chain(b.Entry, strconv); len(chain) != 3 || chain[1] != price {
		t.Errorf("the chain to strconv is %v", chain)
	}
	if in := b.Graph.Inputs[strconv]; in.Package != "std" || !strings.HasPrefix(in.Version, "go1.") {
		t.Errorf("strconv is %+v", in)
	}
	if b.Graph.Chain(b.Entry, b.Graph.Intern("runtime")) == nil || !slices.Contains(b.Reached, strconv) {
		t.Error("the runtime or strconv is not reached")
	}
	for _, s := range b.Settings {
		if strings.Contains(s.Value, p.Root) {
			t.Errorf("setting %s shows a folder of this machine: %s", s.Name, s.Value)
		}
	}
	if got := setting(b, "tags") + " " + setting(b, "ldflags") + " " + setting(b, "goarch"); got != "lambda.norpc -s -w amd64" {
		t.Errorf("the settings are %q", got)
	}
}

// A function's bytes depend only on the function, not on the folder, the run, or the
// functions that are built with it.
func TestReproducible(t *testing.T) {
	files := map[string]string{
		"cmd/a/main.go":  loop,
		"cmd/b/main.go":  strings.ReplaceAll(loop, "println(", "println(2, "),
		"lib/a/main.go":  strings.ReplaceAll(loop, "println(", "println(3, "),
		"cmd/a/where.go": "package main\n\nimport \"runtime\"\n\nfunc init() { _, file, _, _ := runtime.Caller(0); println(file) }\n",
	}
	a, b, c := function("a", "cmd/a"), function("b", "cmd/b"), function("c", "lib/a")
	sums := func(p analyzer.Project, o setup, functions ...analyzer.Function) map[string]string {
		out := map[string]string{}
		for id, b := range build(t, p, o, functions...) {
			out[id] = sha(t, b)
		}
		return out
	}
	first := sums(shop(t, files), setup{}, a, b, c)
	if len(first) != 3 || first["a"] == first["c"] {
		t.Error("two folders with the same name share a program")
	}
	here, o := shop(t, files), setup{cache: t.TempDir()}
	if together := sums(here, o, c, b, a); !maps.Equal(together, first) {
		t.Errorf("the programs differ between two folders: %v and %v", first, together)
	}
	for _, f := range []analyzer.Function{c, a, b} {
		if alone := sums(here, o, f)[f.Name]; alone != first[f.Name] {
			t.Errorf("%s differs when it is built alone", f.Name)
		}
	}
}

func TestUnchangedIsNotLinkedAgain(t *testing.T) {
	p := shop(t, map[string]string{"cmd/a/main.go": loop})
	cache := t.TempDir()
	a := function("a", "cmd/a")
	program := programOf(t, build(t, p, setup{cache: cache}, a)["a"])
	before, err := os.Stat(program)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha(t, build(t, p, setup{cache: cache}, a)["a"])
	if after, err := os.Stat(program); err != nil || !os.SameFile(before, after) {
		t.Error("an unchanged program was linked again")
	}

	// A program that something else changed keeps its build ID, so the go command
	// considers it up to date.
	for _, damaged := range [][]string{{program}, {linkedOf(program)}, {program, linkedOf(program)}} {
		for _, name := range damaged {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text[len(text)/2] ^= 1
			if err := os.WriteFile(name, text, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if got := sha(t, build(t, p, setup{cache: cache}, a)["a"]); got != sum {
			t.Errorf("a damaged program was emitted: %q", damaged)
		}
	}

	write(t, p.Root, "cmd/a/main.go", strings.ReplaceAll(loop, "println(", "println(2, "))
	if got := sha(t, build(t, p, setup{cache: cache}, a)["a"]); got == sum {
		t.Error("a changed source built the old program")
	}
	// If the source no longer compiles, the old program must not stay.
	write(t, p.Root, "cmd/a/main.go", "package main\n\nfunc main() { x }\n")
	if b := build(t, p, setup{cache: cache}, a)["a"]; !b.Failed() || len(b.Files) > 0 {
		t.Errorf("a broken source built %v", b.Files)
	}
	if _, err := os.Stat(program); err == nil {
		t.Error("the program of the source before is still there")
	}
}

// Two main packages whose folders have the same name, and one whose folder is a major
// version, do not overwrite each other.
func TestProgramsWithSameName(t *testing.T) {
	p := shop(t, map[string]string{
		"orders/main/main.go":  strings.ReplaceAll(loop, "println(", "println(1, "),
		"refunds/main/main.go": strings.ReplaceAll(loop, "println(", "println(2, "),
		"main/v2/main.go":      strings.ReplaceAll(loop, "println(", "println(3, "),
		"Main/main.go":         strings.ReplaceAll(loop, "println(", "println(4, "),
	})
	out := build(t, p, setup{}, function("1", "orders/main"), function("2", "refunds/main"), function("3", "main/v2"), function("4", "Main"), function("5", "refunds/main/main.go"))
	for id, b := range out {
		says, err := exec.Command(programOf(t, b)).CombinedOutput()
		want := id
		if id == "5" {
			want = "2"
		}
		if got := strings.TrimSpace(string(says)); got != want || err != nil {
			t.Errorf("function %s prints %q, %v", id, got, err)
		}
	}
}

func TestArchitecturesAndSettings(t *testing.T) {
	p := shop(t, map[string]string{
		"cmd/a/main.go": strings.ReplaceAll(loop, "println(", "println(version, ") + "\nvar version = \"dev\"\n",
		"cmd/a/more.go": "//go:build more\n\npackage main\n\nfunc init() { println(\"more\") }\n",
	})
	plain, arm := function("plain", "cmd/a"), function("arm", "cmd/a")
	arm.Architecture = "arm64"
	set := function("set", "cmd/a")
	set.Build.LDFlags = []string{"-X main.version=s3cret", "'-X=main.other=a b'"}
	set.Build.Tags = []string{"more", "auto"}
	out := build(t, p, setup{}, plain, arm, set)

	if says, err := exec.Command(programOf(t, out["set"])).CombinedOutput(); err != nil || string(says) != "more\ns3cret \n" {
		t.Errorf("with a tag and a value the program prints %q, %v", says, err)
	}
	if got := setting(out["set"], "ldflags"); got != "-s -w -X main.version=… -X main.other=…" {
		t.Errorf("the linker flags are shown as %q", got)
	}
	if got := setting(out["set"], "tags"); got != "lambda.norpc,more" {
		t.Errorf("the tags are shown as %q", got)
	}
	if sha(t, out["plain"]) == sha(t, out["arm"]) || setting(out["arm"], "goarch") != "arm64" {
		t.Error("arm64 was not built for arm64")
	}
	head := make([]byte, 20)
	f, err := os.Open(programOf(t, out["arm"]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if f.Read(head); head[18] != 0xb7 { // EM_AARCH64
		t.Errorf("the arm64 program is for machine %#x", head[18])
	}
}

func TestModuleLayouts(t *testing.T) {
	uses := func(module string) string {
		return "package main\n\nimport (\n\t\"os\"\n\t\"" + module + "\"\n)\n\nfunc main() { println(lib.F(), os.Getenv(\"AWS_LAMBDA_RUNTIME_API\")) }\n"
	}
	lib := "package lib\n\n//go:noinline\nfunc F() string { return \"lib\" }\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		entry string
		mod   string
	}{
		{"replace", map[string]string{
			"svc/go.mod":         "module example.com/svc\n\ngo 1.24\n\nrequire example.com/lib v0.0.0\n\nreplace example.com/lib => ../lib\n",
			"svc/cmd/a/main.go":  uses("example.com/lib"),
			"lib/go.mod":         "module example.com/lib\n\ngo 1.24\n",
			"lib/lib.go":         lib,
			"svc/unrelated/x.go": "package unrelated\n",
		}, "svc/cmd/a", "readonly"},
		{"workspace", map[string]string{
			"go.work":           "go 1.24\n\nuse (\n\t./svc\n\t./lib\n)\n",
			"svc/go.mod":        "module example.com/svc\n\ngo 1.24\n\nrequire example.com/lib v0.0.0\n",
			"svc/cmd/a/main.go": uses("example.com/lib"),
			"lib/go.mod":        "module example.com/lib\n\ngo 1.24\n",
			"lib/lib.go":        lib,
		}, "svc/cmd/a", "readonly"},
		{"nested module beside a workspace", map[string]string{
			"go.work":             "go 1.24\n\nuse ./other\n",
			"other/go.mod":        "module example.com/other\n\ngo 1.24\n",
			"svc/go.mod":          "module example.com/svc\n\ngo 1.24\n",
			"svc/cmd/a/main.go":   uses("example.com/svc/lib"),
			"svc/lib/lib.go":      lib,
			"svc/nested/go.mod":   "module example.com/nested\n\ngo 1.24\n",
			"svc/nested/bad.go":   "package nested; func",
			"svc/cmd/a/README.md": "a",
		}, "svc/cmd/a", "readonly"},
		{"vendor", map[string]string{
			"go.mod":                           "module example.com/shop\n\ngo 1.24\n\nrequire example.com/lib v1.0.0\n",
			"cmd/a/main.go":                    uses("example.com/lib"),
			"vendor/modules.txt":               "# example.com/lib v1.0.0\n## explicit; go 1.24\nexample.com/lib\n",
			"vendor/example.com/lib/lib.go":    lib,
			"vendor/example.com/lib/go.mod.md": "",
		}, "cmd/a", "vendor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.files["go.mod"] = c.files["go.mod"] + "" // a go.mod at the root only where the case has one
			p := shop(t, c.files)
			if c.files["go.mod"] == "" {
				os.Remove(filepath.Join(p.Root, "go.mod"))
			}
			b := build(t, p, setup{}, function("a", c.entry))["a"]
			if says, err := exec.Command(programOf(t, b)).CombinedOutput(); err != nil || string(says) != "lib \n" {
				t.Errorf("the program prints %q, %v", says, err)
			}
			if got := setting(b, "mod"); got != c.mod {
				t.Errorf("mod is %q, want %q", got, c.mod)
			}
			if c.name == "vendor" {
				if in := b.Graph.Inputs[b.Graph.Intern("example.com/lib")]; in.Package != "example.com/lib" || in.Version != "v1.0.0" {
					t.Errorf("the vendored package is %+v", in)
				}
			}
		})
	}
}

// Modules with the same name in one repository are distinct in the graph.
func TestPackagesWithSamePath(t *testing.T) {
	files := map[string]string{}
	for _, dir := range []string{"one", "two"} {
		files[dir+"/go.mod"] = "module hello\n\ngo 1.24\n"
		files[dir+"/main.go"] = loop
	}
	files["two/more.go"] = "package main\n\nimport _ \"strconv\"\n"
	g := &analyzer.Graph{}
	out := build(t, shop(t, files), setup{Job: packager.Job{Graph: g}}, function("one", "one"), function("two", "two"))
	if out["one"].Entry == out["two"].Entry {
		t.Fatal("two packages share one input")
	}
	var paths []string
	for _, b := range out {
		programOf(t, b)
		paths = append(paths, g.Inputs[b.Entry].Path)
	}
	if slices.Sort(paths); !slices.Equal(paths, []string{"hello", "hello in two"}) {
		t.Errorf("the entries are %q", paths)
	}
}

func TestWaterfall(t *testing.T) {
	p := shop(t, map[string]string{
		"cmd/a/main.go": loop,
		"cmd/a/rpc.go":  "//go:build !lambda.norpc\n\npackage main\n\nimport \"net/http\"\n\nfunc init() { http.Handle(\"/\", nil) }\n",
	})
	b := build(t, p, setup{Job: packager.Job{Waterfall: true}}, function("a", "cmd/a"))["a"]
	var names []string
	for i, s := range b.Waterfall {
		names = append(names, s.Name)
		if i > 0 && s.Bytes >= b.Waterfall[i-1].Bytes {
			t.Errorf("%s does not make it smaller: %v", s.Name, b.Waterfall)
		}
	}
	if !slices.Equal(names, []string{"linked", "stripped", "tagged"}) {
		t.Fatalf("the steps are %v", b.Waterfall)
	}
	if last := b.Waterfall[2].Bytes; last != sizeOf(t, programOf(t, b)) {
		t.Errorf("the last step has %d bytes", last)
	}
}

func TestProgressReachesTheTotal(t *testing.T) {
	p := shop(t, map[string]string{"cmd/a/main.go": loop})
	arm := function("b", "cmd/a")
	arm.Architecture = "arm64"
	last := map[string]int{}
	progress := func(stage string, done, total int) {
		if done <= last[stage] || total != 2 {
			t.Errorf("%s: %d of %d after %d", stage, done, total, last[stage])
		}
		last[stage] = done
	}
	build(t, p, setup{Job: packager.Job{Progress: progress}}, function("a", "cmd/a"), arm)
	if want := map[string]int{"list": 2, "link": 2, "attribute": 2}; !maps.Equal(last, want) {
		t.Errorf("progress ended at %v", last)
	}
}

func TestCancelled(t *testing.T) {
	p := shop(t, map[string]string{"cmd/a/main.go": loop})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	job := packager.Job{Project: p, Functions: []analyzer.Function{function("a", "cmd/a")}}
	err := packager.Build(ctx, Builder{CacheDir: t.TempDir()}, job, func(b packager.Bundle) {
		if got := codes(b); !slices.Equal(got, []string{"cancelled"}) {
			t.Errorf("diagnostics of a cancelled build: %v", b.Diagnostics)
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("and ends with %v", err)
	}
}
