package gobin

import (
	"bufio"
	"bytes"
	"cmp"
	"debug/gosym"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/scratch"
)

// Linked is a program with the linker's reason for keeping each symbol. It is the
// same program as the shipped one, linked again.
type Linked struct {
	programs *Programs
	main     string
	program  []byte
	edges    map[string]linkEdge
}

// Lookup is a function that looks up methods by reflection in a way that makes
// the linker keep every exported method of every type in use.
type Lookup struct {
	// Symbol is the function in the linker's form. Name has the program's import path
	// in place of "main".
	Symbol, Name string
	// Package is the import path in the symbol, "main" for the program's own.
	Package string
	// Steps lead from the program's start to the function, as the linker reached it.
	Steps []Step
	// Position is the start of the function, without a column.
	analyzer.Position
}

// Link links a program and records which symbols the linker keeps and from where it
// reached each.
func (p *Programs) Link(main string) (*Linked, error) {
	edges, program, err := p.dump(main)
	if err != nil {
		return nil, err
	}
	return &Linked{programs: p, main: main, program: program, edges: edges}, nil
}

// Lookups finds the reachable functions that call reflect.Value.Method, or
// MethodByName with a name that is not constant, sorted by path length and name.
// Methods of package reflect also make such calls, but they are only kept because of
// other callers. So one of them is returned only if there is no other function.
func (l *Linked) Lookups() []Lookup {
	var symbols []string
	for symbol, e := range l.edges {
		if e.reflects && PackageOf(symbol) != "reflect" {
			symbols = append(symbols, symbol)
		}
	}
	if len(symbols) == 0 {
		for symbol, e := range l.edges {
			if e.reflects {
				symbols = append(symbols, symbol)
			}
		}
		slices.Sort(symbols)
		symbols = symbols[:min(len(symbols), 1)]
	}
	lines := functionLines(l.program)
	var out []Lookup
	for _, symbol := range symbols {
		out = append(out, Lookup{
			Symbol: symbol, Name: realName(symbol, l.main), Package: PackageOf(symbol),
			Steps: linkSteps(l.edges, symbol, l.main), Position: l.programs.functionPlace(lines, symbol),
		})
	}
	slices.SortFunc(out, func(a, b Lookup) int {
		return cmp.Or(cmp.Compare(len(a.Steps), len(b.Steps)), cmp.Compare(a.Symbol, b.Symbol))
	})
	return out
}

// linkGraph is the linker's record of one symbol of one program.
type linkGraph struct {
	// kept is set if the program contains the symbol. function is set if the program
	// has a function of that name, even if all of its code was inlined.
	kept, function bool
	steps          []Step
}

// symbol returns the linker's record of a symbol, by its plain name.
func (l *Linked) symbol(name string) linkGraph {
	want := name
	if rest, ok := strings.CutPrefix(name, l.main+"."); ok {
		want = "main." + rest
	}
	var g linkGraph
	// Several symbols may have that plain name, such as instances of a generic
	// function. Use the one nearest to the program's start.
	best := 0
	for symbol := range l.edges {
		if plainName(strings.TrimPrefix(symbol, "type:")) != want {
			continue
		}
		steps := linkSteps(l.edges, symbol, l.main)
		if !g.kept || len(steps) < best || len(steps) == best && symbol < g.steps[len(g.steps)-1].Name {
			g.kept, g.steps, best = true, steps, len(steps)
		}
	}
	g.function = namesFunction(l.program, want)
	return g
}

// linkEdge is the linker's reason for keeping a symbol.
type linkEdge struct {
	// from is the symbol from which it was first reached, or "_" for the start.
	from string
	// inInterface marks a type that the program converts to an interface, so that its
	// methods can be called through the interface.
	inInterface bool
	// reflects marks a function that looks up methods by reflection in a way that
	// makes the linker keep every exported method of every type in use.
	reflects bool
}

// linkSteps follows the linker's edges back to the program's start. Each symbol was
// reached from an earlier one, so the walk ends.
func linkSteps(edges map[string]linkEdge, symbol, main string) []Step {
	var steps []Step
	for at := symbol; len(steps) < maxSteps; {
		e, ok := edges[at]
		s := Step{Name: realName(at, main)}
		if ok && e.from != "_" {
			s.Relation = relation(e, at)
		}
		steps = append(steps, s)
		if s.Relation == "" {
			break
		}
		// The path to func main is the same for every program.
		if at == "main.main" {
			steps[len(steps)-1].Relation = ""
			break
		}
		at = e.from
	}
	slices.Reverse(steps)
	return steps
}

// maxSteps ends the walk if the edges have a cycle, which a linker never prints.
const maxSteps = 10_000

func realName(symbol, main string) string {
	if rest, ok := strings.CutPrefix(symbol, "main."); ok {
		return main + "." + rest
	}
	return symbol
}

// relation describes an edge in words.
func relation(e linkEdge, to string) string {
	fromType, toType := strings.HasPrefix(e.from, "type:"), strings.HasPrefix(to, "type:")
	switch {
	case fromType && !toType:
		return "is a type that keeps its method"
	case strings.HasPrefix(e.from, "go:itab."):
		return "is a method table that holds"
	case toType && e.inInterface:
		return "makes an interface value of"
	case toType:
		return "uses"
	}
	return "refers to"
}

// maxEdges is well above the 400,000 edges of the largest measured program.
const maxEdges = 1 << 22

// dump links a program with -dumpdep. It returns the linker's edge to every symbol
// kept, and the program.
func (p *Programs) dump(main string) (map[string]linkEdge, []byte, error) {
	folder, err := scratch.New("", "why")
	if err != nil {
		return nil, nil, fmt.Errorf("making a scratch folder: %w", err)
	}
	defer folder.Close()
	out := filepath.Join(folder.Path, "bootstrap")
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -dumpdep", "-o", out}, p.config(0).BuildFlags...)
	cmd := exec.CommandContext(p.ctx, "go", append(args, "--", main)...)
	cmd.Dir, cmd.Env = p.dir, p.env()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, nil, fmt.Errorf("linking %s: %w", main, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, p.goError(err)
	}
	edges, message := readEdges(stderr)
	if err := cmd.Wait(); err != nil {
		if p.ctx.Err() != nil {
			return nil, nil, p.ctx.Err()
		}
		return nil, nil, analyzer.Diagnostic{Code: "go-build", Severity: analyzer.Error,
			Message: "the program does not build: " + p.clean(message), Hint: "build it with go build first"}
	}
	if len(edges) == 0 {
		return nil, nil, analyzer.Diagnostic{Code: "no-linker-edges", Severity: analyzer.Error,
			Message: "the linker did not print what it keeps", Hint: "use the toolchain's own linker: remove -linkmode and -toolexec from GOFLAGS"}
	}
	program, err := os.ReadFile(out)
	if err != nil {
		return nil, nil, fmt.Errorf("reading the linked program: %w", err)
	}
	return edges, program, nil
}

// readEdges reads lines "from -> to". The linker prints each symbol once, when it
// first reaches it. Other lines are messages of the go command. The first of them is
// returned.
func readEdges(r io.Reader) (map[string]linkEdge, string) {
	edges := map[string]linkEdge{}
	message := ""
	in := bufio.NewReaderSize(r, 1<<16)
	for {
		line, err := in.ReadSlice('\n')
		long := err == bufio.ErrBufferFull
		for err == bufio.ErrBufferFull { // a symbol that long is a string constant
			_, err = in.ReadSlice('\n')
		}
		from, to, ok := strings.Cut(strings.TrimSuffix(string(line), "\n"), " -> ")
		switch {
		case long, strings.HasPrefix(to, "go:string."), len(edges) >= maxEdges:
		case ok:
			flags := ""
			from, _ = splitFlags(from)
			to, flags = splitFlags(to)
			if _, seen := edges[to]; !seen && to != from {
				edges[to] = linkEdge{from, strings.Contains(flags, "<UsedInIface>"), strings.Contains(flags, "<ReflectMethod>")}
			}
		case message == "" && from != "" && !strings.HasPrefix(from, "# "):
			message = from
		}
		if err != nil {
			return edges, message
		}
	}
}

// splitFlags splits the linker's flags, such as " <UsedInIface><ReflectMethod>",
// from a symbol.
func splitFlags(symbol string) (name, flags string) {
	if !strings.HasSuffix(symbol, ">") {
		return symbol, ""
	}
	if i := strings.LastIndex(symbol, " <"); i >= 0 {
		return symbol[:i], symbol[i+1:]
	}
	return symbol, ""
}

// namesFunction reports whether a program's tables contain a function's name. They
// do even if all of its code was inlined.
func namesFunction(program []byte, want string) bool {
	im, m, err := openProgram(program)
	if err != nil {
		return false
	}
	for name := range bytes.SplitSeq(im.bytes(m.names.addr, m.names.size), []byte{0}) {
		if len(name) < 1<<16 && plainName(string(name)) == want {
			return true
		}
	}
	return false
}

// functionLines reads the line table of a program that dump linked.
func functionLines(program []byte) *gosym.Table {
	im, m, err := openProgram(program)
	if err != nil {
		return nil
	}
	pcln, _ := im.section(".gopclntab")
	t, err := gosym.NewTable(nil, gosym.NewLineTable(pcln.data, m.text))
	if err != nil {
		return nil
	}
	return t
}

// functionPlace returns the position of a function in the source.
func (p *Programs) functionPlace(lines *gosym.Table, symbol string) (at analyzer.Position) {
	if lines == nil {
		return at
	}
	f := lines.LookupFunc(symbol)
	if f == nil {
		return at
	}
	name, line, _ := lines.PCToLine(f.Entry)
	if strings.HasPrefix(name, "/") {
		return at
	}
	if n, file := p.fileOf(name); n != nil {
		return p.Place(n, file, line, 0)
	}
	return analyzer.Position{File: name, Line: line}
}

// fileOf finds the source file for a file name in a program built with -trimpath.
func (p *Programs) fileOf(name string) (*Package, string) {
	dir, base := path.Split(name)
	dir = strings.TrimSuffix(dir, "/")
	if at := strings.IndexByte(dir, '@'); at >= 0 {
		rest := ""
		if slash := strings.IndexByte(dir[at:], '/'); slash >= 0 {
			rest = dir[at+slash:]
		}
		dir = dir[:at] + rest
	}
	n := p.packages[dir]
	if n == nil {
		return nil, ""
	}
	for _, f := range n.Files {
		if path.Base(strings.ReplaceAll(f, `\`, "/")) == base {
			return n, f
		}
	}
	return nil, ""
}
