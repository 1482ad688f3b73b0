package node

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/linker"
	"github.com/featherpack/featherpack/packager/node/pass"
	"github.com/featherpack/featherpack/packager/node/treetest"
)

// markOf matches the texts in the modules of randomModules: each has the number and the kind of its
// module's file.
var markOf = regexp.MustCompile(`"(\d+)([a-z]+)_\d+"`)

// In random graphs of modules, all texts come from the modules that they name, and hardly ever
// from one that is not known. No source map is made.
func TestLayoutsTellModules(t *testing.T) {
	const programs = 120
	var archive strings.Builder
	var entries []string
	for seed := range uint64(programs) {
		entry, text := randomModules(seed)
		entries = append(entries, entry)
		archive.WriteString(text)
	}
	root := treetest.Write(t, archive.String())
	for _, esm := range []bool{false, true} {
		f := analyzer.Function{Runtime: "nodejs22.x", Build: analyzer.BuildOptions{SourceMap: "none"}}
		p := plan{keepNames: true, esm: esm}
		l, err := linker.New(root, options(root, f, p), batchSize)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		marks, unknown, most := 0, 0, 0
		for at := 0; at < programs; at += batchSize {
			results, err := l.Link(t.Context(), entries[at:at+batchSize])
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range results {
				if len(r.Errors) > 0 {
					t.Fatalf("%s: %s", entries[at+i], linker.Text(r.Errors))
				}
				if len(r.SourceMap) > 0 {
					t.Fatal("a source map was made")
				}
				tree, err := js.Parse(r.Code)
				if err != nil {
					t.Fatal(err)
				}
				s := &settled{linked: &linked{job: &job{f: f, plan: p}, Linked: r}}
				origins := s.origins(tree)
				if origins.Source(0) == pass.Unknown {
					t.Errorf("as an ES module %v: the modules of %s do not fit", esm, entries[at+i])
				}
				for _, m := range markOf.FindAllSubmatchIndex(r.Code, -1) {
					want := fmt.Sprintf("p%d/m%s.%s", at+i, r.Code[m[2]:m[3]], r.Code[m[4]:m[5]])
					marks++
					switch got := origins.Source(m[0]); {
					case got == pass.Unknown:
						unknown++
					case got != want:
						t.Errorf("as an ES module %v: %s of %s comes from %q", esm, r.Code[m[0]:m[1]], want, got)
					}
				}
				most = max(most, len(r.Output.Order))
			}
		}
		if marks < 10*programs || most < 10 || unknown*100 > marks {
			t.Errorf("of %d marks, %d are of no known module; at most %d modules", marks, unknown, most)
		}
	}
}

// randomModules writes modules that import each other in every way, into a folder of their own.
func randomModules(seed uint64) (entry, archive string) {
	var b strings.Builder
	g := rand.New(rand.NewPCG(seed, 0))
	chance := func(percent int) bool { return g.IntN(100) < percent }
	n := 2 + g.IntN(20)
	kinds := make([]string, n)
	for i := range kinds {
		kinds[i] = []string{"mjs", "mjs", "mjs", "mjs", "ts", "cjs", "json"}[g.IntN(7)]
	}
	if kinds[0] == "json" || chance(80) {
		kinds[0] = "mjs"
	}
	file := func(i int) string { return fmt.Sprintf("m%d.%s", i, kinds[i]) }
	for i, kind := range kinds {
		mark := func() string { return fmt.Sprintf("%d%s_%d", i, kind, g.IntN(1e6)) }
		fmt.Fprintf(&b, "-- p%d/%s --\n", seed, file(i))
		if kind == "json" {
			fmt.Fprintf(&b, "{\"a%d\": [%d], \"b\": %q}\n", i, g.IntN(1e6), strings.Repeat("x", g.IntN(60)))
			continue
		}
		module := kind != "cjs"
		used := []string{"1"}
		for k := range g.IntN(6) {
			j := i + 1 + g.IntN(n)
			if j >= n {
				if j = j - n; !chance(20) { // a cycle
					j = i + 1
				}
			}
			if j >= n || j == i {
				continue
			}
			from := "'./" + file(j) + "'"
			if chance(20) {
				from = []string{"'node:fs'", "'crypto'", "'node:path'"}[g.IntN(3)]
			}
			external := !strings.HasPrefix(from, "'./")
			v := fmt.Sprintf("v%d_%d", i, k)
			lazily := !module || chance(15)
			switch {
			case lazily && !module || lazily && chance(50):
				fmt.Fprintf(&b, "const %s=require(%s);\n", v, from)
				used = append(used, v)
			case lazily:
				fmt.Fprintf(&b, "export const l%d_%d=()=>import(%s);\n", i, k, from)
			case chance(15) && !external:
				fmt.Fprintf(&b, "export*from%s;\n", from)
			case chance(15):
				fmt.Fprintf(&b, "import%s;\n", from)
			case chance(30) || external || j == 0 || kinds[j] == "json" || kinds[j] == "cjs":
				fmt.Fprintf(&b, "import*as %s from%s;\n", v, from)
				used = append(used, []string{v, "Object.keys(" + v + ")", v + ".x" + fmt.Sprint(j)}[g.IntN(3)])
			case chance(20):
				fmt.Fprintf(&b, "export{f%d as %s}from%s;\n", j, v, from)
			default:
				fmt.Fprintf(&b, "import{f%d as %s}from%s;\n", j, v, from)
				used = append(used, v)
			}
		}
		if !module {
			fmt.Fprintf(&b, "exports.f%d={%q:function(){return[%s]}};\n", i, mark(), strings.Join(used, ","))
			used = []string{"1"}
		}
		for range g.IntN(5) {
			own := fmt.Sprintf("[%s]", strings.Join(used, ","))
			switch g.IntN(4) {
			case 0:
				fmt.Fprintf(&b, "globalThis.seen={[%q]:class{static x=%s}};\n", mark(), own)
			case 1:
				fmt.Fprintf(&b, "var q%d=globalThis.call(%s,{%q:()=>%s}),r%[1]d=globalThis.call(q%[1]d);\n", g.IntN(1e6), own, mark(), own)
			case 2:
				fmt.Fprintf(&b, "globalThis.call(%s);\n", own)
			default:
				fmt.Fprintf(&b, "globalThis.call(%q,function(){return %s});\n", mark(), own)
			}
		}
		if module && (i > 0 || chance(80)) {
			fmt.Fprintf(&b, "export const f%d=globalThis.call(%q,()=>[%s]);\n", i, mark(), strings.Join(used, ","))
		}
	}
	return fmt.Sprintf("p%d/%s", seed, file(0)), b.String()
}
