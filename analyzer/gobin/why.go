package gobin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Source is where an [Answer] comes from.
type Source string

const (
	// ByImports uses the import declarations. It is exact for packages.
	ByImports Source = "imports"
	// ByCalls uses rapid type analysis over SSA. Each step is a call in the source,
	// but a call through an interface or a function value may never happen at run
	// time.
	ByCalls Source = "calls"
	// ByLinker uses the linker's record of what keeps each symbol. It is exact, even
	// if reflection or a type keeps the symbol, but has no positions.
	ByLinker Source = "linker"
)

// Answer explains why a package or symbol is in programs.
type Answer struct {
	// Target is the package or symbol, in full.
	Target string
	By     Source
	// Because says why the answer comes from this source.
	Because string
	// Paths has one entry for each program that contains the target, by program.
	Paths []Path
	// Without lists the programs that do not contain it.
	Without []string
}

// Path is a shortest path from a program's start to the target.
type Path struct {
	// Main is the program's import path.
	Main  string
	Steps []Step
	// Importers are the packages of the program that import the target package,
	// sorted. They are set only if the answer is [ByImports].
	Importers []string
	// Others are shortest paths that end in the other imports of the target
	// package, one for each importer, the shortest first, at most maxOthers.
	Others [][]Step
}

// Step is one node of a [Path].
type Step struct {
	// Name is a package, or a symbol in the linker's form.
	Name string
	// Relation is how the previous step relates to this one, such as "imports" or
	// "calls through an interface". It is empty for the first step.
	Relation string
	// Position is the place of the relation in the previous step. The file is
	// relative to the root for the project's own files, and "module@version/file" or
	// "package/file" for others. The position is empty if it is unknown.
	analyzer.Position
}

// Why explains why a package or symbol is in the main packages that match a pattern,
// such as "./cmd/orders" or "./...". The target is an import path, the end of one
// ("service/dynamodb"), or a symbol of a package ("net/http.(*Client).Do",
// "net/http.Client.Do").
//
// All programs are loaded once. A package is explained from import declarations, in
// well under a second. A symbol is explained with a call path if there is one, which
// needs the source of every dependency: 0.7 GB and 12 s of CPU were measured for a
// program with an AWS SDK client, 1.5 GB and 26 s for five programs at once. A symbol
// that no call reaches (kept by reflection, as part of a type, or as a variable) is
// explained by the linker.
func Why(ctx context.Context, dir, pkgPattern, target string, o Options) (Answer, error) {
	p, err := Load(ctx, dir, pkgPattern, o)
	if err != nil {
		return Answer{}, err
	}
	return p.Why(target, o.By)
}

// Why is like the function [Why], for programs that are already loaded. by selects
// one source; if it is "", the first source with an answer is used. The source code
// that the first call for a symbol loads is kept for later calls.
func (p *Programs) Why(target string, by Source) (Answer, error) {
	pkg, symbol, err := p.resolve(target, by)
	if err != nil {
		return Answer{}, err
	}
	if symbol == "" {
		return p.imports(pkg), nil
	}
	return p.symbol(pkg, symbol, by)
}

// resolve finds the package, and the symbol in it, that a target refers to.
func (p *Programs) resolve(target string, by Source) (pkg, symbol string, err error) {
	if pkg, err := p.find(target); err != nil || pkg != "" {
		return pkg, "", err
	}
	name := strings.TrimPrefix(target, "(*")
	if by != ByImports {
		path := PackageOf(strings.TrimPrefix(name, "("))
		if found, err := p.find(path); path != "" && (err != nil || found != "") {
			rest := strings.TrimPrefix(strings.TrimPrefix(name, "("), path)
			return found, plainName(found + rest), err
		}
	}
	return "", "", analyzer.Diagnostic{
		Code: "not-in-program", Severity: analyzer.Error,
		Message: fmt.Sprintf("no package or symbol %q in %s", target, p.describe()),
		Hint:    p.suggest(target),
	}
}

// plainName removes the parts of a symbol that may be written differently:
// parentheses and stars around receivers, and type arguments.
func plainName(name string) string {
	var b strings.Builder
	depth := 0
	for _, c := range name {
		switch c {
		case '[':
			depth++
		case ']':
			depth--
		case '(', ')', '*':
		default:
			if depth <= 0 {
				b.WriteRune(c)
			}
		}
	}
	return b.String()
}

// symbol explains a symbol. The linker determines which programs contain it. Call
// paths explain why, if there are any.
func (p *Programs) symbol(pkg, name string, by Source) (Answer, error) {
	a := Answer{Target: name, By: ByLinker}
	var mains []string
	for _, m := range p.mains {
		if p.reaches(m, pkg) {
			mains = append(mains, m)
		} else {
			a.Without = append(a.Without, m)
		}
	}
	linked := map[string]linkGraph{}
	function := false
	for i, m := range mains {
		p.options.Progress(fmt.Sprintf("linking %s (%d of %d)", m, i+1, len(mains)))
		l, err := p.Link(m)
		if err != nil {
			return a, err
		}
		g := l.symbol(name)
		if !g.kept && !g.function {
			a.Without = append(a.Without, m)
			continue
		}
		linked[m] = g
		function = function || g.function
	}
	mains = slices.DeleteFunc(mains, func(m string) bool { _, held := linked[m]; return !held })
	if len(mains) == 0 {
		a.Because = "the linker removes it from every program: nothing reaches it"
		slices.Sort(a.Without)
		return a, nil
	}
	switch {
	case by == ByLinker:
		a.Because = "the linker records what keeps each symbol"
	case !function:
		a.Because = "a type or variable is not called, so the linker shows what refers to it"
	default:
		paths, err := p.calls(mains, name)
		if err != nil {
			return a, err
		}
		if len(paths) == len(mains) || len(paths) > 0 && by == ByCalls {
			a.By, a.Paths = ByCalls, paths
			a.Because = "calls in the source lead to it"
			for _, m := range mains {
				if !slices.ContainsFunc(paths, func(found Path) bool { return found.Main == m }) {
					a.Without = append(a.Without, m)
				}
			}
			slices.Sort(a.Without)
			return a, nil
		}
		a.Because = "no call in the source leads to it, so reflection, a type or a variable keeps it"
	}
	for _, m := range mains {
		if g := linked[m]; g.kept {
			a.Paths = append(a.Paths, Path{Main: m, Steps: g.steps})
		} else {
			a.Without = append(a.Without, m)
		}
	}
	slices.Sort(a.Without)
	return a, nil
}
