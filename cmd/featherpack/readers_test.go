package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// decoders are the functions that read what somebody else may have written, by the last part of
// their package's path.
var decoders = map[string]string{
	"json": "Unmarshal NewDecoder", "csv": "NewReader", "zip": "NewReader OpenReader", "gzip": "NewReader", "tar": "NewReader", "xml": "Unmarshal NewDecoder",
	"elf": "NewFile", "macho": "NewFile", "pe": "NewFile", "buildinfo": "Read", "modfile": "Parse ParseLax ParseWork", "parser": "ParseFile ParseBytes",
	"yamltree": "Parse ParseRepeats ParseJSON", "js": "Parse Read", "mappings": "Each ReadTable", "gob": "NewDecoder", "proto": "Unmarshal",
}

// unfuzzed are the packages that read without a fuzz target of their own, with the reason.
var unfuzzed = map[string]string{
	"analyzer/manifest/declared":        "the targets of each format run it",
	"analyzer/trace/value":              "FuzzTrace runs it",
	"cmd/featherpack/internal/advise":   "takes single fields of package.json and lockfiles, and modules that js and lint have read",
	"cmd/featherpack/internal/clitest":  "reads what tests have made",
	"cmd/featherpack/internal/outdir":   "reads its own record, and zips that FuzzZip and FuzzUnpack are about",
	"cmd/featherpack/internal/pipeline": "only looks whether an event is JSON",
	"cmd/featherpack/internal/profile":  "reads zips and code that the same run has built",
	"cmd/featherpack/internal/runtimes": "reads source maps that the same run has built",
	"cmd/release":                       "reads this repository",
	"packager/boot/sandbox":             "reads messages of its own processes, of at most 8 kB",
	"packager/cache/reapi":              "protobuf reads the messages; FuzzEntry is about the results in them",
	"packager/golang/toolchain":         "reads what the go command prints",
	"packager/node":                     "reads fields of package.json, and bundles that it has built",
	"packager/node/kept":                "reads modules that FuzzParse of js is about",
	"packager/node/sourcemap":           "reads what esbuild has written, and texts that FuzzSourceMap is about",
	"packager/node/sourcetree":          "reads modules that FuzzParse of js is about, and what tsc prints",
	"packager/node/check":               "reads bundles that were built",
	"cmd/featherpack/internal/locate":   "reads go.mod by the go command",
}

// Whatever reads what somebody else wrote has a fuzz target, and every target bounds what an
// input may cost.
func TestReadersAreFuzzed(t *testing.T) {
	top := filepath.Join("..", "..")
	reads, fuzzed := map[string]string{}, map[string]bool{}
	target := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	bound := regexp.MustCompile(`defer inputtest\.Bound\(t\)\(\)|manifesttest\.Fuzz\(f,`)
	err := filepath.WalkDir(top, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && name != ".." && (name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if path.Ext(file) != ".go" {
			return nil
		}
		rel, err := filepath.Rel(top, file)
		if err != nil {
			return err
		}
		pkg := path.Dir(filepath.ToSlash(rel))
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if strings.HasSuffix(file, "_test.go") {
			if targets := target.FindAllStringSubmatch(string(text), -1); len(targets) > 0 {
				fuzzed[pkg] = true
				if n := len(bound.FindAllString(string(text), -1)); n == 0 || n < len(targets) && !strings.Contains(string(text), "func fuzz") {
					t.Errorf("%s: %d targets, of which %d call inputtest.Bound", rel, len(targets), n)
				}
			}
			return nil
		}
		if call := firstDecoder(t, file, text); call != "" {
			reads[pkg] = path.Base(file) + " calls " + call
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range slices.Sorted(maps.Keys(reads)) {
		if !fuzzed[pkg] && unfuzzed[pkg] == "" {
			t.Errorf("%s: %s: add a fuzz target, or the reason why it needs none", pkg, reads[pkg])
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(unfuzzed)) {
		if reads[pkg] == "" || fuzzed[pkg] {
			t.Errorf("%s reads nothing, or has a target: remove its reason", pkg)
		}
	}
}

// firstDecoder is the first decoder that a file calls, "" for none.
func firstDecoder(t *testing.T, name string, text []byte) (call string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	imported := map[string]bool{}
	for _, spec := range file.Imports {
		imported[path.Base(pathOf(spec))] = true
	}
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok || call != "" {
			return call == ""
		}
		if pkg, ok := s.X.(*ast.Ident); ok && imported[pkg.Name] && slices.Contains(strings.Fields(decoders[pkg.Name]), s.Sel.Name) {
			call = pkg.Name + "." + s.Sel.Name
		}
		return true
	})
	return call
}
