package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/analyzer/lint"
	"github.com/featherpack/featherpack/packager/golang"
)

var errNoCut = errors.New("the lookup was not found in the source")

// cutting is lookups cut out of one function, for a trial.
type cutting struct {
	of     lint.Advice
	change lint.Change
	file   string
	before []byte
	after  []byte
	copied bool // file is in a copy of a module, and is written in place
}

func (c cutting) label() string { return "the lookup in " + c.of.Chain[len(c.of.Chain)-1].Name }

// cut weighs the program without the lookups of one function, on top of other
// changes. What a lookup gives back is told by what compiles.
func (g *goAdvice) cut(ctx context.Context, c lint.Advice, o gobin.Options, applied []lint.Change) (*golang.Weight, cutting, error) {
	if len(c.Chain) == 0 {
		return nil, cutting{}, errNoCut
	}
	pkg, name := splitSymbol(c.Chain[len(c.Chain)-1].Name)
	p, err := g.listPackage(ctx, pkg, o)
	if err == nil {
		err = g.copyForeign(&p)
	}
	if err != nil {
		return nil, cutting{}, err
	}
	read := g.reader(p, applied)
	for _, results := range []string{"(r %s.Value)", "(m %s.Method, ok bool)", "(m %s.Method)"} {
		one := cutting{of: c, copied: p.copied}
		if one.file, one.before, one.after, err = p.without(name, results, read); err != nil {
			return nil, cutting{}, err
		}
		if one.change, err = g.replace(p, one.file, one.after); err != nil {
			return nil, cutting{}, err
		}
		w, err := golang.Builder{}.Measure(ctx, g.project, g.function, g.settings.AllowGoflags, append(slices.Clip(applied), one.change)...)
		if err == nil {
			return &w, one, nil
		}
		if ctx.Err() != nil {
			return nil, cutting{}, ctx.Err()
		}
		if err := one.undo(); err != nil {
			return nil, cutting{}, err
		}
	}
	return nil, cutting{}, errNoCut
}

// undo and redo write what was cut in a copy of a module.
func (c cutting) undo() error { return c.write(c.before) }
func (c cutting) redo() error { return c.write(c.after) }

func (c cutting) write(text []byte) error {
	if !c.copied {
		return nil
	}
	return os.WriteFile(c.file, text, 0o644)
}

// reader reads a package's file as the changes applied so far leave it.
func (g *goAdvice) reader(p listed, applied []lint.Change) func(string) ([]byte, error) {
	return func(file string) ([]byte, error) {
		if name, err := g.overlayName(p, file); err == nil && !p.copied {
			for _, c := range slices.Backward(applied) {
				if text, ok := c.Overlay[name]; ok {
					return text, nil
				}
			}
		}
		return os.ReadFile(file)
	}
}

// splitSymbol takes the package off a symbol as the linker spells it.
func splitSymbol(symbol string) (pkg, name string) {
	head := symbol
	if i := strings.IndexAny(head, "[("); i >= 0 {
		head = head[:i]
	}
	slash := strings.LastIndexByte(head, '/') + 1
	dot := strings.IndexByte(head[slash:], '.')
	if dot < 0 {
		return "", symbol
	}
	return strings.ReplaceAll(symbol[:slash+dot], "%2e", "."), closures.ReplaceAllString(symbol[slash+dot+1:], "")
}

// listed is a package as the go command lists it.
type listed struct {
	Dir      string
	Standard bool
	GoFiles  []string
	Module   *struct{ Path, Dir string }
	// copied says that Dir is in a copy of the module, which may be written.
	copied bool
}

func (g *goAdvice) listPackage(ctx context.Context, pkg string, o gobin.Options) (listed, error) {
	var p listed
	cmd := exec.CommandContext(ctx, "go", "list", "-json=Dir,Standard,GoFiles,Module", "-tags="+strings.Join(o.Tags, ","), "--", pkg)
	cmd.Dir = g.goFolder()
	cmd.Env = append(slices.Clone(o.Env), "GOTOOLCHAIN=local", "GOOS="+o.GOOS, "GOARCH="+o.GOARCH, "CGO_ENABLED=0")
	text, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err == nil && !p.Standard && p.Module == nil {
		err = errNoCut
	}
	return p, err
}

// copyForeign turns to a copy of a module that is not the project's own.
func (g *goAdvice) copyForeign(p *listed) error {
	if p.Standard || below(g.project.Root, p.Dir) {
		return nil
	}
	copied := g.copies[p.Module.Path]
	if copied == "" {
		var err error
		if copied, err = os.MkdirTemp(g.scratch, "module-"); err != nil {
			return err
		}
		if err := copyModule(p.Module.Dir, copied); err != nil {
			return err
		}
		g.copies[p.Module.Path] = copied
	}
	within, err := filepath.Rel(p.Module.Dir, p.Dir)
	p.Dir, p.copied = filepath.Join(copied, within), true
	return err
}

func below(root, file string) bool {
	rel, err := filepath.Rel(root, file)
	return err == nil && filepath.IsLocal(rel)
}

// closures end the name of a function that another one holds.
var closures = regexp.MustCompile(`(\.func\d+|\.gowrap\d+|\.\d+|-fm|-range\d+)+$`)

// without gives the file that declares a function, and its text with the
// function's calls of Method and MethodByName put out of reach of reflection.
func (p listed) without(name, results string, read func(string) ([]byte, error)) (file string, before, after []byte, err error) {
	for _, base := range p.GoFiles {
		file = filepath.Join(p.Dir, base)
		if before, err = read(file); err != nil {
			return "", nil, nil, err
		}
		if after := withoutLookups(before, name, results); after != nil {
			return file, before, after, nil
		}
	}
	return "", nil, nil, errNoCut
}

// withoutLookups is nil where the source does not declare the function, or calls
// neither in it.
func withoutLookups(src []byte, name, results string) []byte {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	reflect := ""
	for _, im := range f.Imports {
		if path, _ := strconv.Unquote(im.Path.Value); path == "reflect" {
			if reflect = "reflect"; im.Name != nil {
				reflect = im.Name.Name
			}
		}
	}
	if reflect == "" {
		return nil
	}
	offset := func(p token.Pos) int { return fset.Position(p).Offset }
	type call struct{ from, receiver, args, to int }
	var calls []call
	for _, d := range f.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil || declared(fn) != name {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok || len(c.Args) != 1 {
				return true
			}
			s, ok := c.Fun.(*ast.SelectorExpr)
			if !ok || s.Sel.Name != "MethodByName" && s.Sel.Name != "Method" {
				return true
			}
			calls = append(calls, call{offset(c.Pos()), offset(s.X.End()), offset(c.Args[0].Pos()), offset(c.End())})
			return false
		})
	}
	if len(calls) == 0 {
		return nil
	}
	var out bytes.Buffer
	at := 0
	for _, c := range calls {
		out.Write(src[at:c.from])
		fmt.Fprintf(&out, "func(...any) "+results+" { return }(%s, %s", reflect, src[c.from:c.receiver], src[c.args:c.to])
		at = c.to
	}
	out.Write(src[at:])
	return out.Bytes()
}

// declared is a function's name as the linker spells it, less the package.
func declared(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) != 1 {
		return fn.Name.Name
	}
	switch t := fn.Recv.List[0].Type.(type) {
	case *ast.StarExpr:
		if id, ok := t.X.(*ast.Ident); ok {
			return "(*" + id.Name + ")." + fn.Name.Name
		}
	case *ast.Ident:
		return t.Name + "." + fn.Name.Name
	}
	return ""
}

// overlayName is how a change names a file of the project or of the standard
// library.
func (g *goAdvice) overlayName(p listed, file string) (string, error) {
	if p.Standard {
		rel, err := filepath.Rel(goRoot(p.Dir), file)
		return "$GOROOT/" + filepath.ToSlash(rel), err
	}
	rel, err := filepath.Rel(g.project.Root, file)
	return filepath.ToSlash(rel), err
}

// replace makes a change of one file's text. The go command refuses to replace a
// file of the module cache, so go.mod is told to use the copy.
func (g *goAdvice) replace(p listed, file string, text []byte) (lint.Change, error) {
	root := g.project.Root
	if !p.copied {
		name, err := g.overlayName(p, file)
		return lint.Change{Overlay: map[string][]byte{name: text}}, err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return lint.Change{}, err
	}
	mod, err := goMod(root, g.goFolder())
	if err != nil {
		return lint.Change{}, err
	}
	lines, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(mod)))
	if err != nil {
		return lint.Change{}, err
	}
	for _, module := range slices.Sorted(maps.Keys(g.copies)) {
		lines = fmt.Appendf(lines, "\nreplace %s => %s\n", module, strconv.Quote(g.copies[module]))
	}
	return lint.Change{Overlay: map[string][]byte{mod: lines}}, nil
}

// goRoot is the folder that holds src, of a standard package's folder.
func goRoot(dir string) string {
	at := strings.LastIndex(filepath.ToSlash(dir), "/src/")
	return dir[:max(at, 0)]
}

// goMod is the go.mod above a folder, relative to the root.
func goMod(root, dir string) (string, error) {
	for ; ; dir = filepath.Dir(dir) {
		rel, err := filepath.Rel(root, filepath.Join(dir, "go.mod"))
		if err != nil || !filepath.IsLocal(rel) {
			return "", errNoCut
		}
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.ToSlash(rel), nil
		}
	}
}

// maxModule bounds a module that is copied, in bytes.
const maxModule = 128 << 20

// copyModule copies what a build reads of a module.
func copyModule(from, to string) error {
	var sum int64
	return filepath.WalkDir(from, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, at)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || strings.HasSuffix(rel, "_test.go") {
			return err
		}
		if sum += info.Size(); sum > maxModule {
			return analyzer.Diagnostic{Code: "module-size", Severity: analyzer.Error, Message: "the module is too large to be copied for a trial"}
		}
		text, err := os.ReadFile(at)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, 0o644)
	})
}
