package chains

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// graphOf reads lines such as "from -> to to ...". A path NAME/FILE belongs to the
// package NAME. The from of the first line is the entry point. The size of every input
// is 10 B unzipped and 1 B zipped.
func graphOf(lines string) Graph {
	var g analyzer.Graph
	for line := range strings.Lines(lines) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), "->")
		i := g.Intern(strings.TrimSpace(from))
		for _, name := range strings.Fields(to) {
			j := g.Intern(name)
			specifier := name
			if pkg, _, ok := strings.Cut(name, "/"); ok {
				specifier = pkg
			} else {
				specifier = "./" + name
			}
			g.Inputs[i].Imports = append(g.Inputs[i].Imports, analyzer.Import{To: j, Kind: "import", Specifier: specifier})
		}
	}
	f := reporters.Function{}
	for i := range g.Inputs {
		if pkg, _, ok := strings.Cut(g.Inputs[i].Path, "/"); ok {
			g.Inputs[i].Package, g.Inputs[i].Version = pkg, "1"
		}
		f.Inputs = append(f.Inputs, reporters.InputBytes{Input: i, Unzipped: 10, Zipped: 1})
	}
	return New(reporters.Report{Inputs: g.Inputs}, f)
}

func targetOf(g Graph, name string) map[int]bool {
	found := g.Package(name)
	for i, in := range g.Inputs {
		if in.Path == name {
			found[i] = true
		}
	}
	return found
}

func TestChains(t *testing.T) {
	for _, c := range []struct {
		name, graph, target string
		want                []string // chain, then what cutting the project's import saves
		all                 int64    // what goes without the target
	}{
		{"one import", "main -> a/x\na/x -> b/x", "a", []string{"main a/x: 20"}, 20},
		{"through a package", "main -> a/x\na/x -> b/x", "b", []string{"main a/x b/x: 20"}, 10},
		{"two ways", "main -> a/x b/x\na/x -> b/x", "b", []string{"main b/x: 0", "main a/x b/x: 10"}, 10},
		{"through own files", "main -> own\nown -> a/x", "a", []string{"main own a/x: 10"}, 10},
		{"two files of a package", "main -> a/x a/y\na/x -> a/z", "a", []string{"main a/x: 30"}, 30},
		{"what it shares stays", "main -> a/x b/x\na/x -> b/x c/x", "a", []string{"main a/x: 20"}, 20},
		{"back and forth", "main -> a/x\na/x -> b/x\nb/x -> a/x c/x", "a", []string{"main a/x: 30"}, 30},
		{"a file of the project", "main -> own\nown -> a/x", "own", []string{"main own: 20"}, 20},
		{"not reached", "main -> a/x\nb/x -> c/x", "c", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graphOf(c.graph)
			target := targetOf(g, c.target)
			var got []string
			for _, chain := range g.ChainsTo(target) {
				var names []string
				for _, i := range chain {
					names = append(names, g.Inputs[i].Path)
				}
				cut, ok := g.ProjectImport(chain)
				if !ok {
					t.Fatalf("%v has no import in the project's code", names)
				}
				got = append(got, fmt.Sprintf("%s: %d", strings.Join(names, " "), g.Lost(g.RemovedWith(cut)).Unzipped))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if all := g.Lost(func(e Edge) bool { return target[e.To] }); all.Unzipped != c.all || all.Zipped != c.all/10 {
				t.Errorf("without it %d go, want %d", all.Unzipped, c.all)
			}
		})
	}
}

// Omissions returns what to leave out to measure a saving. A package that is imported by
// a path cannot be left out by its name.
func TestOmissions(t *testing.T) {
	for _, c := range []struct {
		name, graph, target string
		want                []string
	}{
		{"the package itself", "main -> a/x", "a", []string{"a by a"}},
		{"and what leads to it", "main -> a/x b/x\nb/x -> a/x", "a", []string{"a by a", "b by b"}},
		{"each once", "main -> own b/x\nown -> b/y\nb/x -> a/x\nb/y -> a/x", "a", []string{"a by a", "b by b"}},
		{"a file", "main -> own", "own", []string{"own by : it is imported by a path, and only packages can be left out"}},
		{"part of a package", "main -> a/x a/y", "a/x", []string{
			"a/x by : leaving out the package would also remove other versions or files of it"}},
		{"not reached", "main -> b/x", "a", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := graphOf(c.graph)
			target := targetOf(g, c.target)
			var got []string
			for _, o := range g.Omissions(c.target, target, g.ChainsTo(target), 5) {
				s := o.Name + " by " + o.External
				if o.Because != "" {
					s += ": " + o.Because
				}
				got = append(got, s)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestExactly(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1,000 B", 1234567: "1,234,567 B", -12: "-12 B", -123456: "-123,456 B",
	} {
		if got := Exactly(bytes); got != want {
			t.Errorf("%d prints as %q, want %q", bytes, got, want)
		}
	}
}
