package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// TestGraph checks the advice about what is in a bundle. An input is PATH VERSION BYTES [FORMAT] [>IMPORTED];
// the package is the last one of the path.
func TestGraph(t *testing.T) {
	for _, c := range []struct {
		name   string
		inputs []string
		want   []string // code, package, the inputs concerned
	}{
		{"two versions", []string{"node_modules/a/i.js 1.0.0 9000", "node_modules/b/node_modules/a/i.js 2.0.0 5000"}, []string{"package-twice [1]"}},
		{"three copies", []string{
			"node_modules/a/i.js 1.0.0 1", "node_modules/b/node_modules/a/i.js 1.0.1 5000", "node_modules/c/node_modules/a/i.js 1.0.2 5001",
		}, []string{"package-twice [1 0]"}},
		{"a small copy", []string{"node_modules/a/i.js 1.0.0 9000", "node_modules/b/node_modules/a/i.js 2.0.0 500"}, nil},
		{"a copy that is not in the bundle", []string{"node_modules/a/i.js 1.0.0 9000", "node_modules/b/node_modules/a/i.js 2.0.0 0"}, nil},
		{"two files of a package", []string{"node_modules/a/i.js 1.0.0 9000", "node_modules/a/j.js 1.0.0 9000"}, nil},
		{"packages of one name in two scopes", []string{"node_modules/@x/a/i.js 1.0.0 9000", "node_modules/@y/a/i.js 2.0.0 9000"}, nil},
		{"a compiler", []string{"node_modules/typescript/lib/typescript.js 5.9.0 90000"}, []string{"dev-tool-bundled typescript [0]"}},
		{"a library for tests", []string{"node_modules/chai/index.js 5.0.0 20000"}, []string{"dev-tool-bundled chai [0]"}},
		{"a little of a tool", []string{"node_modules/@babel/core/a.js 5.9.0 900"}, nil},
		{"a tool that is only kept apart", []string{"node_modules/esbuild/a.js 5.9.0 0"}, nil},
		{"a package named like a tool", []string{"node_modules/jest-diff/a.js 5.9.0 90000"}, nil},
		{"both formats", []string{
			"node_modules/p/index.cjs 1.0.0 9000 cjs", "node_modules/p/index.mjs 1.0.0 5000 esm", "a.js 0 0 esm >1", "node_modules/q/q.js 1 900 cjs >0",
		}, []string{"both-formats [1]"}},
		{"both formats in folders", []string{
			"node_modules/p/cjs/a.js 1.0.0 5000 cjs >1", "node_modules/p/cjs/b.js 1.0.0 5000 cjs", "node_modules/p/esm/a.js 1.0.0 9000 esm >3",
			"node_modules/p/esm/b.js 1.0.0 9000 esm", "a.js 0 0 esm >2", "node_modules/q/q.js 1 900 cjs >0",
		}, []string{"both-formats [0 1]"}},
		{"a wrapper of CommonJS", []string{
			"node_modules/p/index.cjs 1.0.0 9000 cjs", "node_modules/p/index.mjs 1.0.0 5000 esm >0", "a.js 0 0 esm >1", "node_modules/q/q.js 1 900 cjs >0",
		}, nil},
		{"other modules in the other format", []string{
			"node_modules/p/a.cjs 1.0.0 9000 cjs", "node_modules/p/b.mjs 1.0.0 5000 esm", "a.js 0 0 esm >1", "node_modules/q/q.js 1 900 cjs >0",
		}, nil},
		{"a little of the other format", []string{
			"node_modules/p/index.cjs 1.0.0 9000 cjs", "node_modules/p/index.mjs 1.0.0 500 esm", "a.js 0 0 esm >1", "node_modules/q/q.js 1 900 cjs >0",
		}, nil},
		{"a half that nothing imports", []string{"node_modules/p/index.cjs 1.0.0 9000 cjs", "node_modules/p/index.mjs 1.0.0 5000 esm", "a.js 0 0 esm >1"}, nil},
		{"two packages of one name", []string{
			"node_modules/p/index.cjs 1.0.0 4000 cjs", "node_modules/q/node_modules/p/index.mjs 1.0.0 2000 esm", "a.js 0 0 esm >0", "node_modules/q/q.mjs 1 900 esm >1",
		}, nil},
		{"the project's own folder", []string{"typescript/a.js 0 90000"}, nil},
	} {
		s := Subject{Paths: []string{"a.js"}, Handler: "handler", Node: 22, Modules: oneModule{js.File{Path: "a.js", Source: []byte("export const handler = 1")}}}
		for _, line := range c.inputs {
			var in analyzer.Input
			var bytes int64
			if _, err := fmt.Sscan(line, &in.Path, &in.Version, &bytes); err != nil {
				t.Fatal(err)
			}
			for _, word := range strings.Fields(line)[3:] { // the format, and >N for an import
				var im analyzer.Import
				if _, err := fmt.Sscanf(word, ">%d", &im.To); err != nil {
					in.Format = word
				} else {
					in.Imports = append(in.Imports, im)
				}
			}
			if _, rest, ok := strings.Cut(in.Path[strings.LastIndex("/"+in.Path, "/node_modules/")+1:]+"/", "ode_modules/"); ok {
				parts := strings.SplitN(rest, "/", 3)
				if in.Package = parts[0]; strings.HasPrefix(rest, "@") {
					in.Package += "/" + parts[1]
				}
			}
			s.Inputs, s.Bytes = append(s.Inputs, in), append(s.Bytes, bytes)
		}
		var got []string
		for _, a := range AdviseFunction(s) {
			if a.Message == "" || a.Hint == "" || a.Source == "" || a.BehaviourChanges == "" {
				t.Errorf("incomplete: %+v", a)
			}
			got = append(got, strings.TrimSpace(strings.Join(strings.Fields(fmt.Sprintf("%s %s %v", a.Code, a.Package, a.Inputs)), " ")))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestToolThatIsUsed: a function that compiles for its callers has its compiler in the bundle
// on purpose.
func TestToolThatIsUsed(t *testing.T) {
	for source, want := range map[string]bool{
		"const swc = require('@swc/core'); exports.handler = async (e) => swc.transform(e.source)":                                     false,
		"import { transformSync as t } from '@swc/core'; const work = (e) => t(e.source); export const handler = async (e) => work(e)": false,
		"const swc = require('@swc/core'); exports.handler = async () => 1; exports.build = () => swc.transform('')":                   true,
		"import '@swc/core'; export const handler = async () => 1":                                                                     true,
	} {
		found := AdviseFunction(Subject{
			Paths: []string{"a.js"}, Handler: "handler", Node: 22, Modules: oneModule{js.File{Path: "a.js", Source: []byte(source)}},
			Inputs: []analyzer.Input{{Path: "node_modules/@swc/core/i.js", Package: "@swc/core"}}, Bytes: []int64{90000},
		})
		if got := len(found) == 1 && found[0].Code == "dev-tool-bundled"; got != want || len(found) > 1 {
			t.Errorf("%s: %+v", source, found)
		}
	}
}

// TestReplaceable checks which imports of packages are said to be replaced by Node.
func TestReplaceable(t *testing.T) {
	for _, c := range []struct {
		source string
		node   int
		want   bool
	}{
		{"import isFinite from 'is-finite'; export default isFinite(1)", 20, true},
		{"const values = require('object.values'); values({})", 22, true},
		{"const values = require('object.values'); values.shim()", 22, false},
		{"import * as values from 'object.values'; export { values }", 22, false},
		{"import isFinite, { x } from 'is-finite'; isFinite(x)", 20, false},
		{"import isFinite from 'is-finite'; list.filter(isFinite)", 20, false},
		{"import isFinite from 'is-finite'", 20, false},
		{"import isFinite from './is-finite'; isFinite(1)", 20, false},
		{"import toSorted from 'array.prototype.tosorted'; toSorted([])", 18, false},
		{"import toSorted from 'array.prototype.tosorted'; toSorted([])", 20, true},
		{"import isFinite from 'is-finite'; isFinite(1)", 0, false},
	} {
		found := AdviseFunction(Subject{Paths: []string{"b.js"}, Node: c.node, Modules: oneModule{js.File{Path: "b.js", Source: []byte(c.source)}}})
		if got := len(found) == 1 && found[0].Code == "replaceable-package"; got != c.want || len(found) > 1 {
			t.Errorf("%s on Node %d: %+v", c.source, c.node, found)
		}
	}
	if len(replacements()) < 350 {
		t.Errorf("only %d packages", len(replacements()))
	}
}

// TestPolyfills checks which imports are said to add what Node has.
func TestPolyfills(t *testing.T) {
	for _, c := range []struct {
		source string
		node   int
		want   string // what is left once the edits are made, "-" for no advice
	}{
		{"import 'array.prototype.at/auto'\nexport default 1", 22, "export default 1"},
		{"require('object.values/auto') // old\nx()", 20, "x()"},
		{"import 'abort-controller/polyfill';", 18, ""},
		{"import 'core-js/stable/array/at.js'\ny()", 22, "y()"},
		{"import 'core-js/actual/promise/with-resolvers'\n", 22, ""},
		{"import 'core-js/actual/promise/with-resolvers'\n", 20, "-"},
		{"import 'array.prototype.tosorted/auto'", 18, "-"},
		{"import 'core-js/stable'", 24, "-"},
		{"import 'core-js/actual/promise'", 24, "-"},
		{"import at from 'array.prototype.at/auto'; use(at)", 22, "-"},
		{"const shim = require('object.values/auto')", 22, "-"},
		{"import 'array.prototype.at'", 22, "-"},
		{"import './auto'", 22, "-"},
		{"import 'unknown-thing/polyfill'", 22, "-"},
		{"import 'array.prototype.at/auto'", 0, "-"},
	} {
		found := AdviseFunction(Subject{Paths: []string{"b.js"}, Node: c.node, Modules: oneModule{js.File{Path: "b.js", Source: []byte(c.source)}}})
		got := "-"
		if len(found) == 1 && found[0].Code == "polyfill-bundled" {
			got = string(Apply([]byte(c.source), found[0].Edits))
		}
		if got != c.want || len(found) > 1 {
			t.Errorf("%q on Node %d: %q, %+v", c.source, c.node, got, found)
		}
	}
}
