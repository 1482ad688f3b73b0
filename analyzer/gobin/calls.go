package gobin

import (
	"cmp"
	"container/heap"
	"fmt"
	"go/token"
	"go/types"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/callgraph/rta"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// calls finds a call path from each program to a function by rapid type analysis: a
// call through an interface leads to every type that reachable code converts to an
// interface.
func (p *Programs) calls(mains []string, name string) ([]Path, error) {
	// Loading allocates about as much garbage as live memory. Collecting more often
	// takes a fifth more time and saves a third of the memory.
	defer debug.SetGCPercent(debug.SetGCPercent(30))
	if p.compiled == nil || !slices.Equal(p.compiled.mains, mains) {
		var err error
		if p.compiled, err = p.compile(mains); err != nil {
			return nil, err
		}
	}
	var out []Path
	for i, root := range p.compiled.roots {
		if root == nil || root.Func("main") == nil {
			continue
		}
		if err := p.ctx.Err(); err != nil {
			return nil, err
		}
		p.options.Progress(fmt.Sprintf("following calls of %s (%d of %d)", root.Pkg.Path(), i+1, len(p.compiled.roots)))
		start := []*ssa.Function{root.Func("main"), root.Func("init")}
		found := rta.Analyze(start, true)
		if steps := p.callPath(found.CallGraph, start, name, p.compiled.fset); steps != nil {
			out = append(out, Path{Main: root.Pkg.Path(), Steps: steps})
		}
	}
	slices.SortFunc(out, func(a, b Path) int { return cmp.Compare(a.Main, b.Main) })
	return out, nil
}

// compiled holds main packages and everything that they import in SSA form, in which
// calls can be followed.
type compiled struct {
	mains []string
	roots []*ssa.Package
	fset  *token.FileSet
}

// compile loads main packages and builds their SSA form.
func (p *Programs) compile(mains []string) (*compiled, error) {
	p.options.Progress(fmt.Sprintf("loading the source of %d packages", len(p.packages)))
	pkgs, err := packages.Load(p.config(packages.LoadAllSyntax), mains...)
	if err != nil {
		if p.ctx.Err() != nil {
			return nil, p.ctx.Err()
		}
		return nil, fmt.Errorf("loading the source: %w", err)
	}
	for _, pkg := range pkgs {
		if pkg.IllTyped {
			return nil, p.typeError(pkg)
		}
	}
	prog, roots := ssautil.AllPackages(pkgs, ssa.InstantiateGenerics)
	if err := p.buildSSA(prog, pkgs); err != nil {
		return nil, err
	}
	return &compiled{mains: mains, roots: roots, fset: pkgs[0].Fset}, nil
}

// buildSSA builds one package after the other and then frees its syntax, so that the
// syntax and the SSA form of all packages are never both in memory.
func (p *Programs) buildSSA(prog *ssa.Program, pkgs []*packages.Package) error {
	var all []*packages.Package
	packages.Visit(pkgs, nil, func(pkg *packages.Package) { all = append(all, pkg) })
	for i, pkg := range all {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		if i%50 == 0 {
			p.options.Progress(fmt.Sprintf("building %d of %d packages", i, len(all)))
		}
		if s := prog.Package(pkg.Types); s != nil {
			s.Build()
		}
		pkg.Syntax, pkg.TypesInfo = nil, nil
	}
	return nil
}

// typeError returns the first error of a package or of one that it imports.
func (p *Programs) typeError(main *packages.Package) error {
	var first error
	packages.Visit([]*packages.Package{main}, nil, func(pkg *packages.Package) {
		if first == nil && len(pkg.Errors) > 0 {
			if n := p.packages[pkg.PkgPath]; n != nil {
				first = p.loadError(n, pkg.Errors[0])
			}
		}
	})
	if first == nil {
		first = analyzer.Diagnostic{Code: "go-list", Severity: analyzer.Error,
			Message: main.PkgPath + " does not type-check", Hint: "build the program with go build first"}
	}
	return first
}

// The costs of an edge. A path of static calls is preferred to one through interfaces
// or function values, which is preferred to one through reflection, which may call
// anything.
const (
	costStatic  = 1
	costDynamic = 1_000
	costReflect = 1_000_000
)

func cost(e *callgraph.Edge) int {
	switch {
	case e.Site == nil:
		return costReflect
	case e.Site.Common().StaticCallee() == nil:
		return costDynamic
	}
	return costStatic
}

// callPath finds the cheapest path to a function of that name, or nil. The order of
// its visits does not depend on the order of maps.
func (p *Programs) callPath(g *callgraph.Graph, start []*ssa.Function, name string, fset *token.FileSet) []Step {
	best := map[*callgraph.Node]int{}
	by := map[*callgraph.Node]*callgraph.Edge{}
	var q callQueue
	for _, f := range start {
		if n := g.Nodes[f]; n != nil {
			best[n] = 0
			heap.Push(&q, callItem{n, 0, linkName(f)})
		}
	}
	for q.Len() > 0 {
		item := heap.Pop(&q).(callItem)
		if item.cost > best[item.node] {
			continue
		}
		if plainName(item.name) == name {
			return p.callSteps(item.node, by, fset)
		}
		for _, e := range sortedEdges(item.node) {
			c := item.cost + cost(e)
			if old, seen := best[e.Callee]; seen && old <= c {
				continue
			}
			best[e.Callee], by[e.Callee] = c, e
			heap.Push(&q, callItem{e.Callee, c, linkName(e.Callee.Func)})
		}
	}
	return nil
}

func sortedEdges(n *callgraph.Node) []*callgraph.Edge {
	out := slices.Clone(n.Out)
	slices.SortStableFunc(out, func(a, b *callgraph.Edge) int {
		return cmp.Or(cmp.Compare(cost(a), cost(b)), cmp.Compare(edgePos(a), edgePos(b)),
			cmp.Compare(linkName(a.Callee.Func), linkName(b.Callee.Func)))
	})
	return out
}

func edgePos(e *callgraph.Edge) token.Pos {
	if e.Site == nil {
		return token.NoPos
	}
	return e.Site.Pos()
}

// callSteps returns the steps of the path to a node.
func (p *Programs) callSteps(to *callgraph.Node, by map[*callgraph.Node]*callgraph.Edge, fset *token.FileSet) []Step {
	var steps []Step
	for at := to; ; {
		s := Step{Name: linkName(at.Func)}
		e := by[at]
		if e == nil {
			steps = append(steps, s)
			break
		}
		switch {
		case e.Site == nil:
			s.Relation = "calls by reflection"
		case e.Site.Common().IsInvoke():
			s.Relation = "calls through " + typeName(e.Site.Common().Value.Type())
		case e.Site.Common().StaticCallee() == nil:
			s.Relation = "calls through a function value"
		default:
			s.Relation = "calls"
		}
		if pos := edgePos(e); pos.IsValid() {
			at := fset.Position(pos)
			if n := p.nodeOf(e.Caller.Func); n != nil {
				s.Position = p.Place(n, at.Filename, at.Line, at.Column)
			}
		}
		steps = append(steps, s)
		at = e.Caller
	}
	slices.Reverse(steps)
	return steps
}

// nodeOf returns the package that contains a function's source.
func (p *Programs) nodeOf(f *ssa.Function) *Package {
	if f.Origin() != nil {
		f = f.Origin()
	}
	for f.Parent() != nil {
		f = f.Parent()
	}
	if f.Pkg != nil {
		return p.packages[f.Pkg.Pkg.Path()]
	}
	if o := f.Object(); o != nil && o.Pkg() != nil {
		return p.packages[o.Pkg().Path()]
	}
	return nil
}

func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Path() })
}

// linkName returns a function's name in the linker's form: net/http.(*Client).Do,
// main.handle.func1.
func linkName(f *ssa.Function) string {
	if parent := f.Parent(); parent != nil {
		return linkName(parent) + ".func" + f.Name()[strings.LastIndexByte(f.Name(), '$')+1:]
	}
	if f.Origin() != nil {
		f = f.Origin()
	}
	// A method value is a separate function, which the linker names T.M-fm.
	if o, ok := f.Object().(*types.Func); ok && strings.HasSuffix(f.Name(), "$bound") {
		return methodName(o.Signature().Recv(), o) + "-fm"
	}
	if recv := f.Signature.Recv(); recv != nil {
		return methodName(recv, f)
	}
	pkg := ""
	if f.Pkg != nil {
		pkg = f.Pkg.Pkg.Path()
	} else if o := f.Object(); o != nil && o.Pkg() != nil {
		pkg = o.Pkg().Path()
	}
	return pkg + "." + f.Name()
}

// methodName returns a method's name with its receiver. For an instance of a generic
// type it uses the type's name.
func methodName(recv *types.Var, method interface{ Name() string }) string {
	t, star := recv.Type(), false
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t, star = p.Elem(), true
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return typeName(recv.Type()) + "." + method.Name()
	}
	pkg, name := n.Obj().Pkg().Path(), n.Obj().Name()
	if star {
		return pkg + ".(*" + name + ")." + method.Name()
	}
	return pkg + "." + name + "." + method.Name()
}

// callQueue orders functions by cost, then name.
type callQueue []callItem

type callItem struct {
	node *callgraph.Node
	cost int
	name string
}

func (q callQueue) Len() int { return len(q) }
func (q callQueue) Less(i, j int) bool {
	return q[i].cost < q[j].cost || q[i].cost == q[j].cost && q[i].name < q[j].name
}
func (q callQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *callQueue) Push(x any)   { *q = append(*q, x.(callItem)) }
func (q *callQueue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
