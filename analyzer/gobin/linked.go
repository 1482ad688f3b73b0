package gobin

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// env is the go command's environment for the programs asked about.
func (w *why) env() []string {
	env := w.options.Env
	if env == nil {
		env = os.Environ()
	}
	// No toolchain is downloaded to answer a question, and none but the go
	// command lists packages: GOPACKAGESDRIVER, or a program of that name on
	// PATH, would be run.
	env = append(slices.Clone(env), "GOTOOLCHAIN=local", "GOPACKAGESDRIVER=off")
	for _, kv := range [][2]string{{"GOOS", w.options.GOOS}, {"GOARCH", w.options.GOARCH}} {
		if kv[1] != "" {
			env = append(env, kv[0]+"="+kv[1])
		}
	}
	if w.options.CGO {
		return append(env, "CGO_ENABLED=1")
	}
	return append(env, "CGO_ENABLED=0")
}

// linkGraph is what the linker says about one symbol of one program.
type linkGraph struct {
	// kept says that the program holds the symbol; function that it names a
	// function so, if only because all of its code was inlined into others.
	kept, function bool
	steps          []Step
}

// link links a program and asks the linker what it reached the symbol from.
func (w *why) link(main, name string) (linkGraph, error) {
	edges, program, err := w.dump(main)
	if err != nil {
		return linkGraph{}, err
	}
	want := name
	if rest, ok := strings.CutPrefix(name, main+"."); ok {
		want = "main." + rest
	}
	var g linkGraph
	// Of several symbols of that name (instances of a generic function, a type's
	// descriptor beside its methods), the one nearest to the start explains best.
	best := 0
	for symbol := range edges {
		if plainName(strings.TrimPrefix(symbol, "type:")) != want {
			continue
		}
		steps := linkSteps(edges, symbol, main)
		if !g.kept || len(steps) < best || len(steps) == best && symbol < g.steps[len(g.steps)-1].Name {
			g.kept, g.steps, best = true, steps, len(steps)
		}
	}
	g.function = namesFunction(program, want)
	return g, nil
}

// linkEdge is the linker's reason for keeping a symbol.
type linkEdge struct {
	// from is the symbol it was first reached from, "_" for the start.
	from string
	// inInterface marks a type of which the program makes interface values, so
	// that its methods can be called through them.
	inInterface bool
	// reflects marks a function that looks methods up by reflection in a way that
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
func (w *why) dump(main string) (map[string]linkEdge, []byte, error) {
	scratch, err := os.MkdirTemp("", "featherpack-why-")
	if err != nil {
		return nil, nil, fmt.Errorf("making a scratch folder: %w", err)
	}
	defer os.RemoveAll(scratch)
	out := filepath.Join(scratch, "bootstrap")
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -dumpdep", "-o", out}, w.config(0).BuildFlags...)
	cmd := exec.CommandContext(w.ctx, "go", append(args, "--", main)...)
	cmd.Dir, cmd.Env = w.dir, w.env()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, nil, fmt.Errorf("linking %s: %w", main, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, w.goError(err)
	}
	edges, said := readEdges(stderr)
	if err := cmd.Wait(); err != nil {
		if w.ctx.Err() != nil {
			return nil, nil, w.ctx.Err()
		}
		return nil, nil, analyzer.Diagnostic{Code: "go-build", Severity: analyzer.Error,
			Message: "the program does not build: " + w.clean(said), Hint: "build it with go build first"}
	}
	if len(edges) == 0 {
		return nil, nil, analyzer.Diagnostic{Code: "no-linker-edges", Severity: analyzer.Error,
			Message: "the linker did not say what it keeps", Hint: "use the toolchain's own linker: remove -linkmode and -toolexec from GOFLAGS"}
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

// refuseTools asks for the go command's settings, and refuses those by which asking a question would run a program of
// the project's choosing.
func (w *why) refuseTools() error {
	cmd := exec.CommandContext(w.ctx, "go", "env", "GOOS", "GOARCH", "GOFLAGS", "GOMODCACHE", "GOROOT")
	cmd.Dir, cmd.Env = w.dir, w.env()
	out, err := cmd.Output()
	if err != nil {
		return w.goError(err)
	}
	said := append(strings.Split(string(out), "\n"), make([]string, 5)...)
	w.goos, w.goarch, w.folders = said[0], said[1], said[3:5]
	for _, flag := range append(strings.Fields(said[2]), w.options.Flags...) {
		name, _, _ := strings.Cut(strings.TrimLeft(flag, `'"-`), "=")
		if name == "toolexec" || name == "overlay" {
			return analyzer.Diagnostic{Code: "go-flag-refused", Severity: analyzer.Refused,
				Message: "GOFLAGS sets -" + name, Hint: "unset it for this command"}
		}
	}
	return nil
}

// goError tells why the go command did not answer.
func (w *why) goError(err error) error {
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	d := analyzer.Diagnostic{Code: "go-list", Severity: analyzer.Error, Message: "the go command could not be run in the function's folder",
		Hint: "check that the folder exists and that its go.mod names a Go version that is installed"}
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		d.Code, d.Message = "no-go-toolchain", "there is no go command on PATH"
		d.Hint = "install Go from https://go.dev/dl and put it on PATH"
	case errors.As(err, &exit) && len(exit.Stderr) > 0:
		d.Message = "the go command failed: " + w.clean(string(exit.Stderr))
	}
	return d
}
