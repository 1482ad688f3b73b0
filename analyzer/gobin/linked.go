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
)

// Linked is one program as the linker laid it out, and its reason for keeping
// each symbol. It is the same program as is shipped, linked once more.
type Linked struct {
	programs *Programs
	main     string
	program  []byte
	edges    map[string]linkEdge
}

// Lookup is a function that looks up methods by reflection in a way that makes
// the linker keep every exported method of every type in use.
type Lookup struct {
	// Symbol is the function as the linker spells it, Name with the program's
	// import path in place of "main".
	Symbol, Name string
	// Package is the import path in the symbol, "main" for the program's own.
	Package string
	// Steps are how the linker came to it, from the program's start.
	Steps []Step
	// Position is where the function begins, without a column.
	analyzer.Position
}

// Link links a program and asks the linker what it keeps, and from where it
// reached that.
func (p *Programs) Link(main string) (*Linked, error) {
	edges, program, err := p.dump(main)
	if err != nil {
		return nil, err
	}
	return &Linked{programs: p, main: main, program: program, edges: edges}, nil
}

// Lookups finds the reachable calls of reflect.Value.Method, and of MethodByName
// with a name that is not constant, by length of the way and name. Package
// reflect's own methods do so too, but are kept only because of these, so one of
// them is named only when nothing else is.
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

// linkGraph is what the linker says about one symbol of one program.
type linkGraph struct {
	// kept says that the program holds the symbol; function that it names a
	// function so, if only because all of its code was inlined into others.
	kept, function bool
	steps          []Step
}

// symbol is what the linker reached a symbol from, by its plain name.
func (l *Linked) symbol(name string) linkGraph {
	want := name
	if rest, ok := strings.CutPrefix(name, l.main+"."); ok {
		want = "main." + rest
	}
	var g linkGraph
	// Of several symbols of that name (instances of a generic function, a type's
	// descriptor beside its methods), the one nearest to the start explains best.
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
	// from is the symbol it was first reached from, "_" for the start.
	from string
	// inInterface marks a type of which the program makes interface values, so
	// that its methods can be called through them.
	inInterface bool
	// reflects marks a function that looks up methods by reflection in a way that
	// makes the linker keep every exported method of every type in use.
	reflects bool
}

// linkSteps follows the linker's edges back to the program's start. Every symbol
// is reached from one that was reached before, so the way back ends.
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
		// What leads to func main is the same for every program.
		if at == "main.main" {
			steps[len(steps)-1].Relation = ""
			break
		}
		at = e.from
	}
	slices.Reverse(steps)
	return steps
}

// maxSteps ends the walk through edges that no linker prints.
const maxSteps = 10_000

func realName(symbol, main string) string {
	if rest, ok := strings.CutPrefix(symbol, "main."); ok {
		return main + "." + rest
	}
	return symbol
}

// relation says in words what the linker found in the symbol it came from.
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

// dump links a program with -dumpdep and returns, for every symbol kept, the one
// the linker reached it from, and the program itself.
func (p *Programs) dump(main string) (map[string]linkEdge, []byte, error) {
	scratch, err := os.MkdirTemp("", "featherpack-why-")
	if err != nil {
		return nil, nil, fmt.Errorf("making a scratch folder: %w", err)
	}
	defer os.RemoveAll(scratch)
	out := filepath.Join(scratch, "bootstrap")
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
	edges, said := readEdges(stderr)
	if err := cmd.Wait(); err != nil {
		if p.ctx.Err() != nil {
			return nil, nil, p.ctx.Err()
		}
		return nil, nil, analyzer.Diagnostic{Code: "go-build", Severity: analyzer.Error,
			Message: "the program does not build: " + p.clean(said), Hint: "build it with go build first"}
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

// readEdges reads lines "from -> to". The linker prints a symbol once, when it
// first reaches it. Other lines are the go command's; the first is returned.
func readEdges(r io.Reader) (map[string]linkEdge, string) {
	edges := map[string]linkEdge{}
	said := ""
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
		case said == "" && from != "" && !strings.HasPrefix(from, "# "):
			said = from
		}
		if err != nil {
			return edges, said
		}
	}
}

// splitFlags takes the linker's flags, such as " <UsedInIface><ReflectMethod>",
// off a symbol.
func splitFlags(symbol string) (name, flags string) {
	if !strings.HasSuffix(symbol, ">") {
		return symbol, ""
	}
	if i := strings.LastIndex(symbol, " <"); i >= 0 {
		return symbol[:i], symbol[i+1:]
	}
	return symbol, ""
}

// namesFunction reports whether a program's tables name a function, which they
// also do where all of its code was inlined.
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

// functionLines reads the line table of a program linked here.
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

// functionPlace is where a function begins in the source.
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

// fileOf finds the source file that a program built with -trimpath names.
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
