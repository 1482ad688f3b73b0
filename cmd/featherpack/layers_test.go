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
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/featherpack/featherpack"

// layers are the top folders, each of which may import the roots of those
// behind it. DESIGN.md, "The house".
var layers = []string{"cmd", "reporters", "packager", "analyzer"}

// mayImport says why one package of this module may not import a path, or "".
func mayImport(importer, path string) string {
	own, inside := strings.CutPrefix(path, module+"/")
	if !inside {
		if importer == "analyzer" && path != "C" && strings.Contains(strings.SplitN(path, "/", 2)[0], ".") {
			return "the analyzer root imports the standard library only"
		}
		return ""
	}
	from, fromSub := layerOf(importer)
	to, toSub := layerOf(own)
	switch {
	case from < 0 || to < 0:
		return "only " + strings.Join(layers, ", ") + " hold packages"
	case from > to:
		return "imports run " + strings.Join(layers, " -> ")
	case from == 0:
		return "" // cmd wires everything
	case from == to && (toSub == "" || toSub == fromSub):
		return ""
	case from == to && fromSub == "":
		return "a root does not import its subfolders"
	case from == to:
		return "subfolders do not import each other"
	case toSub == "":
		return ""
	case layers[from] == "packager" && layers[to] == "analyzer" && fromSub == toSub:
		return ""
	}
	return "below its own layer a package imports roots, and packager/X also analyzer/X"
}

// layerOf splits a package's path in the module into its layer's rank, -1 for
// none, and the first folder below.
func layerOf(path string) (rank int, sub string) {
	parts := strings.Split(path, "/")
	if len(parts) > 1 {
		sub = parts[1]
	}
	return slices.Index(layers, parts[0]), sub
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
		{"reporters", "packager", true},
		{"reporters", "analyzer", true},
		{"reporters/coldstart", "reporters", true},
		{"reporters/coldstart", "analyzer", true},
		{"packager", "analyzer", true},
		{"packager/node", "packager", true},
		{"packager/node", "analyzer", true},
		{"packager/node", "analyzer/node", true},
		{"packager/golang", "analyzer/golang", true},
		{"analyzer/node", "analyzer", true},
		{"analyzer/node/lexer", "analyzer/node", true},

		{"analyzer", "analyzer/node", false},
		{"analyzer", "packager", false},
		{"analyzer/node", "analyzer/golang", false},
		{"analyzer/node", "packager", false},
		{"analyzer/node", "packager/node", false},
		{"packager", "packager/node", false},
		{"packager", "analyzer/node", false},
		{"packager", "reporters", false},
		{"packager/node", "packager/golang", false},
		{"packager/node", "analyzer/golang", false},
		{"packager/node", "analyzer/manifest", false},
		{"packager/boot", "packager/node", false},
		{"packager/boot", "packager/golang", false},
		{"reporters", "reporters/coldstart", false},
		{"reporters", "packager/node", false},
		{"reporters", "analyzer/manifest", false},
		{"reporters", "cmd/featherpack", false},
		{"packager", "internal/strings", false},
		{"internal/strings", "packager", false},
	} {
		if why := mayImport(test.from, module+"/"+test.to); (why == "") != test.allowed {
			t.Errorf("%s imports %s: %q", test.from, test.to, why)
		}
	}
	if mayImport("analyzer", "golang.org/x/mod") == "" || mayImport("analyzer", "encoding/json") != "" || mayImport("packager", "golang.org/x/mod") != "" {
		t.Error("the analyzer root, and it alone, is held to the standard library")
	}
}

// goPackage is what `go list -json` says of a package.
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
		t.Fatalf("go list knows %d packages only", len(all))
	}
	return all
}

// TestLayers reads every file, also those that another system's build uses.
func TestLayers(t *testing.T) {
	for _, p := range modulePackages(t) {
		importer := strings.TrimPrefix(p.ImportPath, module+"/")
		paths, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.ImportsOnly)
			if err != nil {
				t.Errorf("%s: %v", importer, err)
				continue
			}
			for _, spec := range file.Imports {
				imported, err := strconv.Unquote(spec.Path.Value)
				if err != nil {
					t.Fatal(err)
				}
				if why := mayImport(importer, imported); why != "" {
					t.Errorf("%s/%s:%d: imports %s: %s", importer, filepath.Base(path), files.Position(spec.Pos()).Line, imported, why)
				}
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
			continue // tests alone need no introduction
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, "doc.go"), nil, parser.ParseComments)
		if err != nil {
			t.Errorf("%s: no doc.go that can be read", name)
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
