package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/featherpack/featherpack"

// allowed lists every package of this module with the packages that it may import. A
// package may have several lines. DESIGN.md explains the order.
const allowed = `
analyzer:
analyzer/gobin: analyzer analyzer/scratch
analyzer/gobin/programtest:
analyzer/goflags:
analyzer/inputtest:
analyzer/cases:
analyzer/js: analyzer/mappings
analyzer/lint: analyzer analyzer/gobin analyzer/js
analyzer/mappings:
analyzer/manifest: analyzer analyzer/goflags analyzer/manifest/cloudformation analyzer/manifest/declared
analyzer/manifest: analyzer/manifest/gomodule analyzer/projectfs analyzer/manifest/serverless
analyzer/manifest: analyzer/manifest/settings analyzer/manifest/terraform analyzer/manifest/yamltree
analyzer/manifest/cloudformation: analyzer analyzer/goflags analyzer/manifest/declared
analyzer/manifest/cloudformation: analyzer/projectfs analyzer/manifest/settings analyzer/manifest/yamltree
analyzer/manifest/declared: analyzer analyzer/projectfs analyzer/manifest/yamltree
analyzer/manifest/gomodule: analyzer analyzer/manifest/declared analyzer/projectfs
analyzer/manifest/manifesttest: analyzer analyzer/inputtest analyzer/manifest
analyzer/parallel:
analyzer/projectfs: analyzer analyzer/parallel
analyzer/secrets:
analyzer/manifest/serverless: analyzer analyzer/goflags analyzer/manifest/declared
analyzer/manifest/serverless: analyzer/projectfs analyzer/manifest/settings analyzer/manifest/yamltree
analyzer/manifest/settings: analyzer analyzer/manifest/declared analyzer/projectfs analyzer/manifest/yamltree
analyzer/manifest/terraform: analyzer analyzer/manifest/declared analyzer/projectfs analyzer/manifest/yamltree
analyzer/manifest/yamltree: analyzer
analyzer/migrate: analyzer analyzer/manifest analyzer/manifest/cloudformation analyzer/manifest/declared
analyzer/migrate: analyzer/goflags analyzer/manifest/serverless analyzer/manifest/settings
analyzer/migrate: analyzer/manifest/yamltree
analyzer/scratch:
analyzer/trace: analyzer analyzer/js analyzer/trace/native analyzer/trace/value
analyzer/trace/native:
analyzer/typescript: analyzer/js
analyzer/trace/value: analyzer/js analyzer/trace/native

packager: analyzer analyzer/projectfs analyzer/secrets packager/deflate
packager/boot: analyzer analyzer/scratch packager/boot/sandbox
packager/boot/sandbox: analyzer
packager/cache: analyzer analyzer/projectfs
packager/cache/httpcache: packager/cache packager/cache/stall
packager/cache/remote: analyzer packager/cache packager/cache/httpcache packager/cache/reapi
packager/cache/reapi: packager/cache packager/cache/stall
packager/cache/reapi/reapitest:
packager/cache/stall:
packager/compiled: analyzer analyzer/js analyzer/scratch packager packager/boot
packager/deflate:
packager/golang: analyzer/projectfs analyzer/scratch packager/golang/toolchain
packager/golang/toolchain: analyzer analyzer/gobin
packager/golang: analyzer analyzer/gobin analyzer/goflags analyzer/lint packager
packager/install: analyzer analyzer/manifest/yamltree analyzer/projectfs
packager/install/projecttest: analyzer packager/install
packager/golang/rewrite: analyzer analyzer/gobin analyzer/lint
packager/node: analyzer analyzer/js analyzer/projectfs analyzer/trace analyzer/trace/native packager
packager/node: packager/node/check packager/node/explain packager/node/installed packager/node/kept packager/node/linker packager/node/pass
packager/node: packager/node/libraries packager/node/licences packager/node/prelude packager/node/sourcemap
packager/node: packager/node/resolution packager/node/typed analyzer/typescript
packager/node: packager/node/builds
packager/node: packager/node/credentials
packager/node/check: packager/node/credentials
packager/node/credentials: analyzer/js packager/node/installed
packager/node/resolution: packager/node/credentials
packager/node/builds: analyzer/js packager/node/installed packager/node/linker packager/node/resolution
packager/node/check: analyzer analyzer/js analyzer/projectfs analyzer/secrets analyzer/trace analyzer/trace/native packager
packager/node/check: packager/node/explain packager/node/installed packager/node/kept packager/node/linker
packager/node/check: packager/node/resolution
packager/node/unreached: analyzer/js
packager/node: packager/node/unreached
packager/node/libraries: analyzer analyzer/js packager/node/installed packager/node/linker
packager/node/licences: packager/node/installed
packager/node/prelude: analyzer analyzer/js
packager/node/sourcemap: analyzer analyzer/mappings analyzer/secrets packager packager/node/gate packager/node/installed packager/node/kept
packager/node/sourcemap: packager/node/linker packager/node/resolution
packager/node/typed: analyzer/js analyzer/typescript packager/node/installed
packager/node/explain: analyzer analyzer/js packager/node/installed
packager/node/installed: analyzer/js analyzer/trace/native
packager/node/gate: analyzer analyzer/js analyzer/projectfs packager/node/installed
packager/node/kept: analyzer/projectfs
packager/node/installed: analyzer/projectfs
packager/node/resolution: packager/node/gate
packager/node: packager/node/gate packager/node/slim packager/node/unbundled
packager/node: packager/node/sloppy
packager/node/sloppy: analyzer/js packager/node/slim
packager/node/slim: analyzer/js packager/node/installed packager/node/pass
packager/node/kept: analyzer/js analyzer/trace analyzer/trace/native packager/node/installed packager/node/resolution
packager/node/linker: analyzer/scratch packager/node/installed packager/node/resolution
packager/node/pass: analyzer analyzer/js analyzer/mappings
packager/node/pass/onload: analyzer analyzer/js
packager/node/resolution: packager/node/pass/onload
packager/node: packager/node/pass/onload
packager/node/sourcetree: analyzer analyzer/scratch analyzer/js packager packager/boot
packager/node/sourcetree: packager/node/installed packager/node/resolution packager/node/typed
packager/node/sourcetree: analyzer/mappings analyzer/projectfs
packager/node/resolution: analyzer analyzer/js analyzer/trace analyzer/trace/native packager/node/installed
packager/node/graphtest:
packager/node/treetest:
packager/node/unbundled: analyzer/parallel analyzer/projectfs packager packager/node/installed

reporters: analyzer analyzer/parallel packager
reporters/budget: analyzer reporters
reporters/coldstart: analyzer analyzer/parallel packager reporters reporters/coldstart/logs
reporters/coldstart/logs: analyzer reporters
reporters/page: reporters
reporters/render: analyzer reporters reporters/page reporters/render/columns
reporters/render/columns:
reporters/sample: analyzer packager reporters reporters/budget
reporters/schematest:

cmd/featherpack/docs: reporters/render/columns cmd/featherpack/hook
cmd/featherpack/hook:
cmd/featherpack/internal/advise: analyzer analyzer/gobin analyzer/js analyzer/lint analyzer/projectfs
cmd/featherpack/internal/advise: packager packager/golang/rewrite packager/node/credentials
cmd/featherpack/internal/advise: reporters reporters/coldstart
cmd/featherpack/internal/advise: cmd/featherpack/internal/chains cmd/featherpack/internal/git cmd/featherpack/internal/outdir cmd/featherpack/internal/output
cmd/featherpack/internal/advise: cmd/featherpack/internal/profile cmd/featherpack/internal/locate cmd/featherpack/internal/trial
cmd/featherpack/internal/baseline: analyzer analyzer/manifest analyzer/scratch
cmd/featherpack/internal/baseline: reporters
cmd/featherpack/internal/baseline: cmd/featherpack/internal/git cmd/featherpack/internal/locate
cmd/featherpack/internal/baseline: cmd/featherpack/internal/outdir cmd/featherpack/internal/output
cmd/featherpack/internal/baseline: cmd/featherpack/internal/pipeline
cmd/featherpack/internal/chains: analyzer analyzer/js reporters
cmd/featherpack/internal/git: analyzer
cmd/featherpack/internal/history: analyzer reporters cmd/featherpack/internal/git cmd/featherpack/internal/output
cmd/featherpack/internal/locate: analyzer analyzer/js analyzer/projectfs
cmd/featherpack/internal/outdir: analyzer analyzer/projectfs
cmd/featherpack/internal/outdir: packager packager/boot
cmd/featherpack/internal/outdir: reporters
cmd/featherpack/internal/outdir: cmd/featherpack/internal/output
cmd/featherpack/internal/output: analyzer packager reporters reporters/render
cmd/featherpack/internal/decide: analyzer analyzer/manifest/settings analyzer/projectfs analyzer/scratch
cmd/featherpack/internal/decide: cmd/featherpack/internal/outdir cmd/featherpack/internal/output
cmd/featherpack/internal/decide: cmd/featherpack/internal/pipeline packager/boot packager/compiled
cmd/featherpack/internal/decide: reporters reporters/coldstart
cmd/featherpack/internal/learn: analyzer analyzer/manifest/settings packager cmd/featherpack/internal/output
cmd/featherpack/internal/learn: analyzer/manifest/yamltree analyzer/projectfs
cmd/featherpack/internal/pipeline: analyzer analyzer/manifest analyzer/manifest/settings analyzer/secrets
cmd/featherpack/internal/pipeline: analyzer/projectfs packager packager/boot packager/compiled packager/golang packager/node packager/node/sourcetree
cmd/featherpack/internal/pipeline: reporters reporters/coldstart
cmd/featherpack/internal/pipeline: cmd/featherpack/internal/outdir
cmd/featherpack/internal/pipeline: packager/cache packager/cache/remote cmd/featherpack/internal/reuse
cmd/featherpack/internal/reuse: analyzer analyzer/projectfs packager packager/boot packager/cache packager/node packager/node/installed packager/node/sourcetree reporters
cmd/featherpack/internal/reuse: packager/cache/remote
cmd/featherpack/internal/trial: analyzer analyzer/projectfs analyzer/scratch analyzer/gobin analyzer/lint
cmd/featherpack/internal/trial: packager/boot packager/golang packager/golang/rewrite
cmd/featherpack/internal/trial: reporters reporters/coldstart
cmd/featherpack/internal/trial: cmd/featherpack/internal/chains cmd/featherpack/internal/outdir
cmd/featherpack/internal/trial: cmd/featherpack/internal/pipeline cmd/featherpack/internal/reuse
cmd/featherpack/internal/why: analyzer analyzer/gobin analyzer/js
cmd/featherpack/internal/why: packager
cmd/featherpack/internal/why: reporters
cmd/featherpack/internal/why: cmd/featherpack/internal/chains cmd/featherpack/internal/outdir
cmd/featherpack/internal/why: cmd/featherpack/internal/trial
cmd/featherpack/internal/completion:
cmd/featherpack/internal/profile: analyzer analyzer/scratch packager/boot reporters reporters/page
cmd/featherpack/internal/profile: analyzer/js analyzer/mappings packager/node/pass
cmd/featherpack/internal/profile: cmd/featherpack/internal/chains cmd/featherpack/internal/outdir cmd/featherpack/internal/trial
cmd/featherpack/internal/projection: analyzer reporters reporters/coldstart reporters/coldstart/logs
cmd/featherpack/internal/projection: analyzer/projectfs
cmd/featherpack/internal/projection: cmd/featherpack/internal/output
cmd/featherpack/internal/runtimes: analyzer analyzer/mappings analyzer/projectfs packager/boot packager/golang/toolchain reporters
cmd/featherpack/internal/runtimes: cmd/featherpack/internal/outdir cmd/featherpack/internal/pipeline cmd/featherpack/internal/trial
cmd/featherpack/internal/starter: analyzer analyzer/manifest analyzer/migrate
cmd/featherpack/internal/starter: cmd/featherpack/internal/output
cmd/featherpack/internal/terraform: analyzer analyzer/manifest analyzer/projectfs
cmd/featherpack/internal/terraform: reporters
cmd/featherpack/internal/terraform: cmd/featherpack/internal/outdir
cmd/featherpack/internal/terraform: cmd/featherpack/internal/pipeline
cmd/featherpack/internal/timings: analyzer cmd/featherpack/internal/output
cmd/featherpack/internal/watch: analyzer/projectfs
cmd/featherpack/internal/baseline: packager/install
cmd/featherpack/internal/check: analyzer analyzer/manifest analyzer/projectfs
cmd/featherpack/internal/check: reporters reporters/budget reporters/coldstart
cmd/featherpack/internal/check: cmd/featherpack/internal/baseline cmd/featherpack/internal/locate
cmd/featherpack/internal/check: cmd/featherpack/internal/outdir cmd/featherpack/internal/output
cmd/featherpack/internal/check: cmd/featherpack/internal/pipeline
cmd/featherpack/hook: analyzer
cmd/featherpack: analyzer analyzer/lint analyzer/manifest analyzer/manifest/settings analyzer/scratch
cmd/featherpack: packager packager/boot packager/cache packager/cache/remote packager/install
cmd/featherpack: reporters reporters/budget reporters/coldstart reporters/coldstart/logs reporters/render
cmd/featherpack: reporters/render/columns
cmd/featherpack: cmd/featherpack/docs cmd/featherpack/hook cmd/featherpack/internal/advise
cmd/featherpack: cmd/featherpack/internal/reuse
cmd/featherpack: cmd/featherpack/internal/baseline cmd/featherpack/internal/check cmd/featherpack/internal/history cmd/featherpack/internal/timings cmd/featherpack/internal/watch
cmd/featherpack: cmd/featherpack/internal/completion cmd/featherpack/internal/decide cmd/featherpack/internal/learn cmd/featherpack/internal/outdir
cmd/featherpack: cmd/featherpack/internal/output cmd/featherpack/internal/pipeline
cmd/featherpack: cmd/featherpack/internal/runtimes cmd/featherpack/internal/profile cmd/featherpack/internal/projection cmd/featherpack/internal/starter
cmd/featherpack: cmd/featherpack/internal/terraform cmd/featherpack/internal/trial
cmd/featherpack: cmd/featherpack/internal/why
cmd/release: reporters cmd/featherpack/hook

cmd/featherpack/internal/attackstest:
cmd/featherpack/internal/clitest: analyzer analyzer/manifest packager/boot packager/install reporters
cmd/featherpack/internal/faultstest:
cmd/featherpack/internal/fieldtest:
cmd/featherpack/internal/remotetest:
cmd/featherpack/internal/goldentest:
cmd/featherpack/internal/installtest:
cmd/featherpack/internal/packagestest:
cmd/featherpack/internal/prooftest:
cmd/featherpack/hook/cdktest:
cmd/featherpack/hook/githubtest:
cmd/featherpack/hook/samtest:
cmd/featherpack/hook/serverlesstest:
cmd/featherpack/hook/terraformtest:
`

// everywhere are packages below a root that every package may import: what reads a
// project's files, what judges them, and a loop of goroutines.
var everywhere = []string{"analyzer/parallel", "analyzer/projectfs", "analyzer/secrets"}

// layers are the top folders. Each may import those after it.
var layers = []string{"cmd", "reporters", "packager", "analyzer"}

// pairs reads a table. It maps each package to the packages that it may import.
func pairs(table string) map[string][]string {
	all := map[string][]string{}
	for line := range strings.Lines(table) {
		if from, to, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			if _, known := all[from]; !known {
				all[from] = nil // a package may have no pairs
			}
			for _, to := range strings.Fields(to) {
				if slices.Contains(all[from], to) {
					panic("the table lists " + from + ": " + to + " twice")
				}
				all[from] = append(all[from], to)
			}
		}
	}
	return all
}

// unlisted returns the reason why the table does not allow an import, or "".
func unlisted(table map[string][]string, importer, path string) string {
	own, inside := strings.CutPrefix(path, module+"/")
	switch {
	case !inside && importer == "analyzer" && path != "C" && strings.Contains(strings.SplitN(path, "/", 2)[0], "."):
		return "the analyzer root imports the standard library only"
	case inside && !slices.Contains(table[importer], own):
		return "it is not in the table"
	}
	return ""
}

// forbidden returns the reason why the table may not list a pair, or "".
func forbidden(from, to string) string {
	fromFloor, _, _ := strings.Cut(from, "/")
	toFloor, _, below := strings.Cut(to, "/")
	fromRank, toRank := slices.Index(layers, fromFloor), slices.Index(layers, toFloor)
	switch {
	case fromRank < 0 || toRank < 0:
		return "packages must be in one of " + strings.Join(layers, ", ")
	case fromRank > toRank:
		return "the order of imports is " + strings.Join(layers, " -> ")
	case slices.Contains(everywhere, to) && from != "analyzer":
		return ""
	case fromRank < toRank && fromRank > 0 && !strings.Contains(from, "/") && below:
		return "a root package may import only root packages"
	case to == "packager/deflate" && from == "packager":
		return "" // an encoder: it imports nothing of ours, and only Pack needs it
	case from == fromFloor && strings.HasPrefix(to, from+"/"):
		return "a root package may not import packages below it"
	}
	return ""
}

// misnamed returns the reason why an import may not be renamed, or "". A package may be
// renamed only if another import of the file has the same name.
func misnamed(file *ast.File, spec *ast.ImportSpec) string {
	if spec.Name == nil || spec.Name.Name == "_" {
		return ""
	}
	imported := pathOf(spec)
	if strings.HasPrefix(imported, module+"/") {
		return "packages of this module may not be renamed"
	}
	for _, other := range file.Imports {
		if other != spec && path.Base(pathOf(other)) == path.Base(imported) {
			return ""
		}
	}
	return "no other import is called " + path.Base(imported)
}

func pathOf(spec *ast.ImportSpec) string {
	text, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		panic(err) // the parser has accepted it
	}
	return text
}

func TestLayerRules(t *testing.T) {
	for _, test := range []struct {
		from, to string
		allowed  bool
	}{
		{"cmd/featherpack", "reporters", true},
		{"cmd/featherpack", "packager/node", true},
		{"cmd/featherpack", "analyzer/manifest", true},
		{"cmd/featherpack", "cmd/featherpack/hook", true},
		{"cmd/featherpack", "cmd/featherpack/docs", true},
		{"cmd/featherpack/docs", "cmd/featherpack/hook", true},
		{"reporters", "packager", true},
		{"reporters", "analyzer", true},
		{"reporters/coldstart", "reporters", true},
		{"reporters/coldstart", "analyzer", true},
		{"packager", "analyzer", true},
		{"packager/node", "packager", true},
		{"packager/node", "analyzer", true},
		{"packager/node", "analyzer/js", true},
		{"packager/golang", "analyzer/gobin", true},
		{"analyzer/js", "analyzer", true},
		{"analyzer/js", "analyzer/mappings", true},
		{"analyzer/trace/native", "analyzer/trace", true},

		{"packager", "analyzer/projectfs", true},
		{"reporters", "analyzer/secrets", true},
		{"analyzer", "analyzer/projectfs", false},

		{"analyzer", "analyzer/js", false},
		{"analyzer", "packager", false},
		{"analyzer/js", "packager", false},
		{"analyzer/js", "packager/node", false},
		{"packager", "packager/node", false},
		{"packager", "analyzer/js", false},
		{"packager", "reporters", false},
		{"reporters", "reporters/coldstart", false},
		{"reporters", "packager/node", false},
		{"reporters", "analyzer/manifest", false},
		{"reporters", "cmd/featherpack", false},
		{"packager", "internal/strings", false},
		{"internal/strings", "packager", false},
	} {
		if why := forbidden(test.from, test.to); (why == "") != test.allowed {
			t.Errorf("%s imports %s: %q", test.from, test.to, why)
		}
	}
	for _, test := range [][2]string{ // in the right order, but not in the table
		{"analyzer/js", "analyzer/gobin"},
		{"analyzer/mappings", "analyzer/js"},
		{"packager/golang/toolchain", "packager/golang"},
		{"reporters/coldstart/logs", "reporters/coldstart"},
		{"packager/node", "packager/golang"},
		{"packager/node", "analyzer/gobin"},
		{"packager/node", "analyzer/manifest"},
		{"packager/boot", "packager/node"},
		{"packager/boot", "packager/golang"},
	} {
		if unlisted(pairs(allowed), test[0], module+"/"+test[1]) == "" {
			t.Errorf("%s may import %s", test[0], test[1])
		}
	}
	if unlisted(nil, "analyzer", "golang.org/x/mod") == "" || unlisted(nil, "analyzer", "encoding/json") != "" ||
		unlisted(nil, "packager", "golang.org/x/mod") != "" {
		t.Error("only the analyzer root must be limited to the standard library")
	}
}

func TestLayerNames(t *testing.T) {
	for imports, right := range map[string]bool{
		`import "a/b"`:                               true,
		`import _ "embed"`:                           true,
		`import flat "klauspost/flate"`:              false,
		`import ("flate"; other "klauspost/flate")`:  true,
		`import source "` + module + `/analyzer/js"`: false,
		`import . "fmt"`:                             false,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p; "+imports, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		wrong := slices.ContainsFunc(file.Imports, func(spec *ast.ImportSpec) bool {
			return misnamed(file,
				spec) != ""
		})
		if wrong == right {
			t.Errorf("%s: wrong is %v", imports, wrong)
		}
	}
}

// goPackage is a package in the output of `go list -json`.
type goPackage struct {
	ImportPath, Dir, Name string
}

func modulePackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,Name", module+"/...")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var all []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(text))); ; {
		var p goPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 4 {
		t.Fatalf("go list returned only %d packages", len(all))
	}
	return all
}

// TestLayers reads every file, including those of other operating systems. Tests may
// import any package, but may not rename it.
func TestLayers(t *testing.T) {
	table, used := pairs(allowed), map[string][]string{}
	for _, p := range modulePackages(t) {
		importer := strings.TrimPrefix(p.ImportPath, module+"/")
		if _, listed := table[importer]; !listed {
			t.Errorf("the table has no line for %s", importer)
		}
		used[importer] = nil
		names, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, name, nil, parser.ImportsOnly)
			if err != nil {
				t.Errorf("%s: %v", importer, err)
				continue
			}
			for _, spec := range file.Imports {
				imported := pathOf(spec)
				own := strings.TrimPrefix(imported, module+"/")
				line := files.Position(spec.Pos()).Line
				where := fmt.Sprintf("%s/%s:%d: imports %s", importer, filepath.Base(name), line, imported)
				if why := misnamed(file, spec); why != "" {
					t.Errorf("%s as %s: %s", where, spec.Name.Name, why)
				}
				if strings.HasSuffix(name, "_test.go") {
					continue
				}
				if why := unlisted(table, importer, imported); why != "" {
					t.Errorf("%s: %s", where, why)
				}
				used[importer] = append(used[importer], own)
			}
		}
	}
	for from, all := range table {
		if _, ok := used[from]; !ok {
			t.Errorf("the table lists %s, which is not a package", from)
		}
		for _, to := range all {
			if why := forbidden(from, to); why != "" {
				t.Errorf("the table allows %s to import %s: %s", from, to, why)
			}
			if !slices.Contains(used[from], to) {
				t.Errorf("the table allows %s to import %s, but it does not import it", from, to)
			}
		}
	}
}

func TestEveryPackageHasADoc(t *testing.T) {
	for _, p := range modulePackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		sources, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(sources, func(path string) bool { return !strings.HasSuffix(path, "_test.go") }) {
			continue // a package with tests only needs no doc.go
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, "doc.go"), nil, parser.ParseComments)
		if err != nil {
			t.Errorf("%s: doc.go is missing or unreadable", name)
			continue
		}
		if err := checkDoc(file); err != nil {
			t.Errorf("%s/doc.go: %v", name, err)
		}
	}
}

func checkDoc(file *ast.File) error {
	want := "Package " + file.Name.Name + " "
	if file.Name.Name == "main" {
		want = "Command "
	}
	if doc := file.Doc.Text(); !strings.HasPrefix(doc, want) {
		return fmt.Errorf("the package comment begins %q, not %q", doc[:min(len(doc), len(want))], want)
	}
	return nil
}
