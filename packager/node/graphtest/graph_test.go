package graphtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/node"
)

// batch is how many programs one build and one process of Node have.
const batch = 500

// few programs run in every run of the tests, all in CI's second run.
const few, all = 200, 1000

// Every random program prints from its bundle what it prints from its source.
// FEATHERPACK_GRAPHS sets how many and the first one's seed, such as "100" or "100@5000".
func TestGraphs(t *testing.T) {
	n, first := uint64(few), uint64(0)
	if set := os.Getenv("FEATHERPACK_GRAPHS"); set != "" {
		number, from, _ := strings.Cut(set, "@")
		n, _ = strconv.ParseUint(number, 10, 64)
		first, _ = strconv.ParseUint(from, 10, 64)
		if n == 0 {
			t.Fatalf("FEATHERPACK_GRAPHS=%s", set)
		}
	}
	runPrograms(t, n, first)
}

func TestMoreGraphs(t *testing.T) {
	if testing.Short() || os.Getenv("FEATHERPACK_LONG") != "1" {
		t.Skip("runs 800 programs; FEATHERPACK_LONG=1 runs them, and .ci/run does")
	}
	runPrograms(t, all-few, few)
}

// runPrograms compares n programs, from the first seed on.
func runPrograms(t *testing.T, n, first uint64) {
	t.Helper()
	var thrown, refused, failed uint64
	for from := first; from < first+n; from += batch {
		var programs []variant
		for seed := from; seed < min(from+batch, first+n); seed++ {
			programs = append(programs, variant{program: generate(seed)})
		}
		for i, r := range compare(t, programs) {
			if r.discarded() {
				thrown++
				if testing.Verbose() {
					t.Logf("seed %d does not load: %s", programs[i].seed, r.source[strings.Index(r.source, "\nthrew "):])
				}
			} else if r.constantInWith() {
				refused++
			} else if r.differs() {
				if failed++; failed > 5 {
					continue
				}
				explain(t, programs[i].program, failed == 1)
			}
		}
	}
	if failed > 0 {
		t.Errorf("%d of %d programs differ", failed, n)
	}
	if thrown*10 > n {
		t.Errorf("%d of %d programs do not load from their source, so that they show nothing", thrown, n)
	}
	if refused*1000 > n+1000 {
		t.Errorf("%d of %d programs are refused for a constant in a with statement", refused, n)
	}
	t.Logf("of %d programs %d do not load from their source, and %d are refused for a constant in a with statement",
		n, thrown, refused)
}

// A variant is a program built in one way.
type variant struct {
	*program
	adjust func(*analyzer.Function)
}

// A result is what a program printed, and why there is no bundle.
type result struct {
	source, bundle string
	refused        string
}

func (r result) discarded() bool { return strings.Contains(r.source, "\nthrew ") }
func (r result) differs() bool   { return r.refused != "" || r.source != r.bundle }

// constantInWith tells whether a program is refused because it assigns, inside a with
// statement, to a property that is called as a constant around it. esbuild takes the
// constant for what is assigned to, and says so at the place.
func (r result) constantInWith() bool {
	return strings.HasSuffix(r.refused, "because it is a constant")
}

// compare builds and runs programs, all in one build and one process each.
func compare(t *testing.T, all []variant) []result {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	results := make([]result, len(all))
	var functions []analyzer.Function
	sources, bundles := map[string]string{}, map[string]string{}
	for i, v := range all {
		id := fmt.Sprintf("g%d", i)
		for name, text := range v.text() {
			write(t, filepath.Join(root, "src", id, name), []byte(text))
		}
		entry := "src/" + id + "/" + v.entry()
		sources[id] = filepath.Join(root, entry)
		f := analyzer.Function{
			Name: id, ID: id, ServiceDir: "src/" + id, CodeDir: "src/" + id, Family: analyzer.Node, Runtime: "nodejs20.x",
			Handler: "fn.handler", Entry: entry, Format: "entry",
		}
		f.Build.SourceMap = "none"
		if v.adjust != nil {
			v.adjust(&f)
		}
		functions = append(functions, f)
	}
	job := packager.Job{Project: analyzer.Project{Root: root, Dir: "."}, Functions: functions}
	err = packager.Build(t.Context(), node.Builder{}, job, func(b packager.Bundle) {
		i, _ := strconv.Atoi(b.ID[1:])
		for _, d := range b.Diagnostics {
			if d.Severity == analyzer.Error || d.Severity == analyzer.Refused {
				results[i].refused = d.Error()
			}
		}
		for _, f := range b.Files {
			content := f.Content
			if content == nil {
				if content, err = os.ReadFile(f.Source); err != nil {
					t.Fatal(err)
				}
			}
			write(t, filepath.Join(root, "out", b.ID, filepath.FromSlash(f.Name)), content)
		}
		if len(b.Files) > 0 {
			bundles[b.ID] = filepath.Join(root, "out", b.ID, filepath.FromSlash(b.Files[0].Name))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	fromSource, fromBundle := run(t, sources), run(t, bundles)
	for i := range all {
		id := fmt.Sprintf("g%d", i)
		results[i].source, results[i].bundle = fromSource[id], fromBundle[id]
	}
	return results
}

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// runner imports programs one after the other, calls their handlers, and prints what
// each of them printed. An error ends a program; only its kind is printed, because
// messages contain names that a bundle may change, as the text of functions does.
const runner = `
import fs from 'node:fs'
import { pathToFileURL } from 'node:url'
const print = console.log
let lines
process.on('unhandledRejection', () => {}).on('uncaughtException', () => {})
Function.prototype.toString = () => 'code'
console.log = (...a) => { lines.push(a.map(String).join(' ')) }
const out = {}
for (const [id, file] of Object.entries(JSON.parse(fs.readFileSync(process.argv[2])))) {
  lines = ['']
  try {
    const m = await import(pathToFileURL(file))
    lines.push(await (m.handler ?? m.default.handler)())
  } catch (e) {
    lines.push('threw ' + e?.name + (process.argv[3] ? ' ' + e?.stack : ''))
  }
  out[id] = lines.join('\n')
}
print(JSON.stringify(out))
`

// run runs programs in one process and returns what they print.
func run(t *testing.T, entries map[string]string) (printed map[string]string) {
	t.Helper()
	dir := t.TempDir()
	list, err := json.Marshal(entries)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "run.mjs"), []byte(runner))
	write(t, filepath.Join(dir, "list.json"), list)
	cmd := exec.CommandContext(t.Context(), "node", "--no-warnings", filepath.Join(dir, "run.mjs"), filepath.Join(dir, "list.json"))
	if testing.Verbose() {
		cmd.Args = append(cmd.Args, "stack")
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(text, &printed)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return printed
}

// explain prints a program that differs: what is left of it once all is dropped that
// makes no difference, and the passes without which it does not differ.
func explain(t *testing.T, p *program, small bool) {
	t.Helper()
	if small {
		p = shrink(t, p)
	}
	r := compare(t, []variant{{program: p}})[0]
	text, files := strings.Builder{}, p.text()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&text, "-- %s --\n%s\n", name, strings.TrimRight(files[name], "\n"))
	}
	t.Errorf("seed %d (FEATHERPACK_GRAPHS=1@%d):\n%s\nprints%s\n\nand its bundle%s\n%s\n%s",
		p.seed, p.seed, text.String(), r.source, r.bundle, r.refused, culprit(t, p))
}

// culprit names the passes without which a program does not differ.
func culprit(t *testing.T, p *program) string {
	t.Helper()
	all := []variant{{p, func(f *analyzer.Function) { f.Build.Passes = f.Build.Passes.UpTo(0) }}}
	names := analyzer.PassNames()
	for _, name := range names {
		all = append(all, variant{p, func(f *analyzer.Function) { f.Build.Passes = f.Build.Passes.With(name, false) }})
	}
	results := compare(t, all)
	if results[0].differs() {
		return "it differs without any pass too"
	}
	var guilty []string
	for i, name := range names {
		if !results[i+1].differs() {
			guilty = append(guilty, name)
		}
	}
	return "it does not differ without one of the passes " + strings.Join(guilty, ", ")
}

// shrink drops from a program what makes no difference.
func shrink(t *testing.T, p *program) *program {
	t.Helper()
	until := time.Now().Add(20 * time.Second)
	for size := 16; size > 0 && time.Now().Before(until); {
		var tries []variant
		for i := range p.modules {
			for list := range 3 {
				n := len(*p.modules[i].part(list))
				for from := 0; from < n; from += size {
					tries = append(tries, variant{program: p.without(i, list, from, min(from+size, n))})
				}
			}
		}
		at := slices.IndexFunc(compare(t, tries), func(r result) bool { return r.differs() && !r.discarded() })
		if at < 0 {
			size /= 2
			continue
		}
		p = tries[at].program
	}
	return p
}

// part returns the head, the body or the tail of a module.
func (m *module) part(n int) *[]string { return []*[]string{&m.head, &m.body, &m.tail}[n] }

// without returns the program without some elements of a module.
func (p *program) without(module, list, from, to int) *program {
	smaller := *p
	smaller.modules = slices.Clone(p.modules)
	m := *p.modules[module]
	part := m.part(list)
	*part = slices.Delete(slices.Clone(*part), from, to)
	smaller.modules[module] = &m
	return &smaller
}
