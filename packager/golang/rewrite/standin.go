package rewrite

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
	"github.com/featherpack/featherpack/analyzer/lint"
)

// StandIn is a package that declares what a project uses of a dependency, but does
// nothing. A program linked with it shows what the program weighs without the
// dependency. It is only for measuring: its functions panic.
type StandIn struct {
	// Dependency is the import path of the replaced package.
	Dependency string
	// Calls are the dependency's functions and methods that the project's built code
	// calls, sorted, such as "NewMap" and "Map.Encode".
	Calls []string
	// Importers are the project's files that import the dependency, relative to the
	// root.
	Importers []string

	name, path, file string
	texts            [2]string
}

// StandIns writes stand-ins for dependencies that the program's own packages
// import. The pattern names the program's main package.
//
// A stand-in does not compile if the project passes values of the dependency's types
// to other packages, because the stand-in's types are different.
func StandIns(ctx context.Context, dir, pattern string, dependencies []string, o gobin.Options) ([]StandIn, error) {
	programs, err := gobin.Load(ctx, dir, pattern, o)
	if err != nil {
		return nil, err
	}
	main := programs.Package(programs.Mains()[0])
	var own []string
	for _, n := range programs.Own(main.Path) {
		own = append(own, n.Path)
	}
	// These are the flags of a build, so that its compiled packages are reused.
	loaded, err := programs.Syntax([]string{"-trimpath", "-buildvcs=false"}, own...)
	if err != nil {
		return nil, err
	}
	var out []StandIn
	for i, dependency := range dependencies {
		u := &usage{dependency: dependency, used: map[types.Object]bool{}, calls: map[string]bool{}}
		s := StandIn{Dependency: dependency}
		for _, p := range loaded {
			if len(p.Errors) > 0 || p.TypesInfo == nil {
				return nil, analyzer.Diagnostic{Code: "go-list", Severity: analyzer.Error, Message: "cannot read the types of " + p.PkgPath}
			}
			n := programs.Package(p.PkgPath)
			if n == nil || !slices.Contains(n.Imports, dependency) {
				// Another package may still return values of its types.
				u.read(p)
				continue
			}
			u.of = p.Imports[dependency].Types
			u.read(p)
			for _, f := range p.Syntax {
				if slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return imported(s) == dependency }) {
					s.Importers = append(s.Importers, programs.FileName(n, p.Fset.Position(f.Package).Filename))
				}
			}
		}
		if u.of == nil {
			continue
		}
		slices.Sort(s.Importers)
		folder := fmt.Sprintf("featherpackstandin%d", i)
		s.name, s.path = u.of.Name(), path.Join(main.Module, folder)
		s.file = programs.FileName(main, path.Join(main.ModuleDir, folder, "standin.go"))
		s.Calls = u.called()
		for wide := range s.texts {
			s.texts[wide] = writeStandIn(u.of, u.used, wide == 1)
		}
		out = append(out, s)
	}
	return out, nil
}

// Changes returns ways to replace the dependency with the stand-in. Try them in order
// until one compiles: the first declares only what the project names, the second
// every exported member of the types that it names. read returns the text of a
// project file, with any other changes applied, by its path relative to the root.
func (s StandIn) Changes(read func(file string) ([]byte, error)) ([]lint.Change, error) {
	overlay := map[string][]byte{}
	for _, file := range s.Importers {
		text, err := read(file)
		if err != nil {
			return nil, err
		}
		if overlay[file], err = s.rewritten(text); err != nil {
			return nil, err
		}
	}
	var out []lint.Change
	for _, text := range slices.Compact(s.texts[:]) {
		change := lint.Change{Overlay: map[string][]byte{s.file: []byte(text)}}
		maps.Copy(change.Overlay, overlay)
		out = append(out, change)
	}
	return out, nil
}

// rewritten returns a file's text with the stand-in imported under the dependency's
// name.
func (s StandIn) rewritten(text []byte) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	// From the end, so that the positions before it stay valid.
	for _, spec := range slices.Backward(f.Imports) {
		if imported(spec) != s.Dependency {
			continue
		}
		name := ""
		if spec.Name == nil {
			name = s.name + " "
		}
		from, to := fset.Position(spec.Path.Pos()).Offset, fset.Position(spec.Path.End()).Offset
		text = slices.Concat(text[:from], []byte(name+strconv.Quote(s.path)), text[to:])
	}
	return text, nil
}

func imported(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value)
	return p
}

// usage is what a project uses of one dependency.
type usage struct {
	dependency string
	of         *types.Package
	used       map[types.Object]bool
	calls      map[string]bool
}

// read records what a package of the project names of the dependency: its
// declarations, and methods and fields, including promoted ones.
func (u *usage) read(p *packages.Package) {
	for _, o := range p.TypesInfo.Uses {
		u.note(o)
	}
	for _, selection := range p.TypesInfo.Selections {
		at := selection.Recv()
		for _, i := range selection.Index()[:len(selection.Index())-1] {
			if pointer, ok := at.Underlying().(*types.Pointer); ok {
				at = pointer.Elem()
			}
			if s, ok := at.Underlying().(*types.Struct); ok {
				u.note(s.Field(i))
				at = s.Field(i).Type()
			}
		}
	}
	for _, f := range p.Syntax {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fun := ast.Unparen(call.Fun)
			switch x := fun.(type) {
			case *ast.IndexExpr:
				fun = x.X
			case *ast.IndexListExpr:
				fun = x.X
			}
			id, _ := fun.(*ast.Ident)
			if s, ok := fun.(*ast.SelectorExpr); ok {
				id = s.Sel
			}
			if f, ok := p.TypesInfo.Uses[id].(*types.Func); ok && u.has(f) {
				u.calls[callName(f)] = true
			}
			return true
		})
	}
}

func (u *usage) has(o types.Object) bool { return o.Pkg() != nil && o.Pkg().Path() == u.dependency }

func (u *usage) note(o types.Object) {
	if !u.has(o) {
		return
	}
	switch o := o.(type) {
	case *types.Func:
		u.used[o.Origin()] = true
	case *types.Var:
		u.used[o.Origin()] = true
	default:
		u.used[o] = true
	}
}

// called lists the functions and methods that are called.
func (u *usage) called() []string {
	return slices.Sorted(maps.Keys(u.calls))
}

// callName returns a function's name, with the receiver's name before a method's.
func callName(f *types.Func) string {
	recv := f.Signature().Recv()
	if recv == nil {
		return f.Name()
	}
	of := types.TypeString(recv.Type(), func(*types.Package) string { return "" })
	of, _, _ = strings.Cut(strings.TrimLeft(of, "*"), "[")
	return of + "." + f.Name()
}
