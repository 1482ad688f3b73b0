package profile

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/mappings"
	"github.com/featherpack/featherpack/packager/node/pass"
)

// recorder is the code that goes into an instrumented bundle. It prints at the end of the
// load how much processor time each module took.
//
//go:embed recorder.js
var recorder string

// instrumented is a bundle that notes which module runs.
type instrumented struct {
	code string
	// mapped is the number of statements that begin where the source map says that a
	// module's do.
	mapped int
}

// instrument makes each module of a bundle note its time. Nothing else changes, since V8
// reads, compiles and runs other code in another time: the bundle is the one that ships, with
// calls of the recorder in it. sourceMap is the bundle's, and moduleOf the module of one of
// its sources.
//
// A module's statements at the top level lie side by side, and a call in front of them notes
// that they begin. In the function around a wrapped module calls note its begin and its end.
// Other functions around them would do, but so many change when V8 collects garbage.
func instrument(code, sourceMap []byte, moduleOf func(source string) (int, bool)) (instrumented, error) {
	tree, err := js.Parse(code)
	if err != nil {
		return instrumented{}, fmt.Errorf("reading the bundle: %w", err)
	}
	o, err := readOrigins(code, sourceMap)
	if err != nil {
		return instrumented{}, err
	}
	c := clocked{tree: tree, origins: o, moduleOf: moduleOf, name: freeName(code), wrapped: map[*js.Node]bool{}, at: -1}
	statements := afterDirectives(tree.Top.List)
	if len(statements) == 0 {
		return instrumented{}, errors.New("the bundle is empty")
	}
	for _, w := range pass.Wrappers(tree) {
		c.wrapped[w.Code] = true
		if module, known := c.module(w.Body.X.Start, w.Body.End); known {
			c.wrapper(w.Body.X, module)
		}
	}
	for _, s := range statements {
		c.statement(s)
	}
	c.edits = slices.Insert(c.edits, 0, js.Edit{Start: int(statements[0].Start), End: int(statements[0].Start), Text: recorderAs(c.name, c.modules, len(c.edits))})
	return instrumented{js.Apply(code, c.edits) + "\n" + c.name + "();\n", c.mapped}, nil
}

// clocked is a bundle that gets calls of the recorder.
type clocked struct {
	tree     *js.Tree
	origins  origins
	moduleOf func(source string) (int, bool)
	name     string // of the recorder
	edits    []js.Edit
	wrapped  map[*js.Node]bool
	at       int // the module whose statements were last, -1 for none
	modules  int // more than the number of any module
	mapped   int
}

func (c *clocked) insert(at int32, text string) {
	c.edits = append(c.edits, js.Edit{Start: int(at), End: int(at), Text: text})
}

// wrapper notes the begin and the end of a wrapped module.
func (c *clocked) wrapper(block *js.Node, module int) {
	begins, ends := fmt.Sprintf("%s(%d,!1);", c.name, module), fmt.Sprintf("%s(%d,!0)", c.name, module)
	at := block.Start + 1
	if behind := afterDirectives(block.List); len(behind) > 0 {
		at = behind[0].Start
	} else if len(block.List) > 0 {
		return // nothing runs
	}
	c.insert(at, begins)
	c.insert(block.End-1, ";"+ends)
	for _, statement := range block.List {
		c.leaves(statement, ends)
	}
}

// leaves notes the end of a wrapped module where a statement returns from it. What it returns
// is the importing module's time: nobody gets it.
func (c *clocked) leaves(n *js.Node, ends string) {
	switch n.Kind {
	case js.Function, js.Arrow, js.Class:
		return
	case js.Return:
		if n.Name == "return" {
			end := n.End
			if int(end) < len(c.tree.Source) && c.tree.Source[end] == ';' && c.tree.Source[end-1] != ';' {
				end++
			}
			c.insert(n.Start, "{"+ends+";")
			c.insert(end, "}")
		}
		return
	}
	n.Each(func(child *js.Node) { c.leaves(child, ends) })
}

// statement notes which modules a statement of the top level belongs to. The bundler joins
// declarations that follow each other.
func (c *clocked) statement(s *js.Node) {
	if c.origins.begins(s.Start) {
		c.mapped++
	}
	if s.Kind != js.Var {
		if module, known := c.module(s.Start, s.End); known && c.runs(s) && module != c.at {
			c.insert(s.Start, c.call(module))
		}
		return
	}
	for i, d := range s.List {
		start := d.Start
		if i == 0 {
			start = s.Start
		}
		module, known := c.module(start, d.End)
		if !known || d.Y == nil || !c.runs(d.Y) || module == c.at {
			continue
		}
		if i == 0 {
			c.insert(s.Start, c.call(module))
			continue
		}
		from := s.List[i-1].End
		if strings.TrimSpace(c.tree.Source[from:d.Start]) != "," || strings.HasSuffix(s.Name, "using") {
			continue
		}
		c.edits = append(c.edits, js.Edit{Start: int(from), End: int(d.Start), Text: ";" + c.call(module) + s.Name + " "})
	}
}

// call notes that the statements of a module begin.
func (c *clocked) call(module int) string {
	c.at = module
	return fmt.Sprintf("%s(%d);", c.name, module)
}

// module is that of a part of the code, by the first place in it that is mapped.
func (c *clocked) module(start, end int32) (int, bool) {
	source, found := c.origins.within(start, end)
	if !found {
		return 0, false
	}
	module, known := c.moduleOf(source)
	if known {
		c.modules = max(c.modules, module+1)
	}
	return module, known
}

// runs reports whether a statement or value takes any time where it stands. A helper only
// keeps what it gets.
func (c *clocked) runs(n *js.Node) bool {
	switch n.Kind {
	case js.Empty, js.Import, js.Function, js.Arrow, js.String, js.Number, js.Literal, js.Name:
		return false
	case js.Export:
		return n.Y != nil && c.runs(n.Y)
	case js.Call:
		return len(n.List) != 1 || !c.wrapped[n.List[0]]
	}
	return true
}

// afterDirectives are the statements behind "use strict" and its like.
func afterDirectives(statements []*js.Node) []*js.Node {
	for len(statements) > 0 && statements[0].Kind == js.Expr && statements[0].X.Kind == js.String && statements[0].X.Flags&js.Parenthesised == 0 {
		statements = statements[1:]
	}
	return statements
}

// freeName is a name that a bundle has nowhere.
func freeName(code []byte) string {
	for n := 0; ; n++ {
		if name := fmt.Sprintf("$p%d", n); !strings.Contains(string(code), name) {
			return name
		}
	}
}

// recorderAs is the recorder under a name, in one line: the lines of the bundle stay where
// they are. The clock is read first, before V8 compiles what follows it.
// No more than a number of calls are recorded: each place in the bundle runs once.
func recorderAs(name string, modules, calls int) string {
	r := api.Transform(fmt.Sprintf("%svar %s = RECORDER(process.cpuUsage(), %d, %d);", recorder, name, modules, calls), api.TransformOptions{
		MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true, Target: api.ESNext, LogLevel: api.LogLevelSilent,
		Supported: map[string]bool{"template-literal": false}, // line breaks stay escaped
	})
	return strings.TrimSpace(strings.ReplaceAll(string(r.Code), "RECORDER", name+"r"))
}

// origins are the places of a code that its source map leads from, in order.
type origins struct {
	sources []string
	places  []origin
}

type origin struct {
	at     int32 // in bytes
	source int
}

// readOrigins reads the source map of a code. Its columns are UTF-16 units.
func readOrigins(code, sourceMap []byte) (o origins, err error) {
	var m struct {
		Sources  []string `json:"sources"`
		Mappings string   `json:"mappings"`
	}
	if err := json.Unmarshal(sourceMap, &m); err != nil {
		return o, fmt.Errorf("reading the source map: %w", err)
	}
	o.sources = m.Sources
	at, line, column := 0, 0, 0
	readable := mappings.Each(m.Mappings, func(next mappings.Mapping) {
		for at < len(code) && (line < next.Line || line == next.Line && column < next.Column && code[at] != '\n') {
			r, size := utf8.DecodeRune(code[at:])
			at += size
			column++
			if r > 0xffff {
				column++
			}
			if r == '\n' {
				line, column = line+1, 0
			}
		}
		if next.Fields >= 4 && next.Source < len(o.sources) && line == next.Line {
			o.places = append(o.places, origin{int32(at), next.Source})
		}
	})
	if !readable {
		return o, errors.New("the source map cannot be read")
	}
	return o, nil
}

// after is the index of the first place at or behind an offset.
func (o origins) after(offset int32) int {
	i, _ := slices.BinarySearchFunc(o.places, offset, func(p origin, offset int32) int { return int(p.at - offset) })
	return i
}

// begins reports whether a place is at an offset.
func (o origins) begins(offset int32) bool {
	i := o.after(offset)
	return i < len(o.places) && o.places[i].at == offset
}

// within is the source of the first place in a part of the code.
func (o origins) within(start, end int32) (source string, found bool) {
	i := o.after(start)
	if i == len(o.places) || o.places[i].at >= end {
		return "", false
	}
	return o.sources[o.places[i].source], true
}
