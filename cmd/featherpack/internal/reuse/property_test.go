package reuse_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/advise"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/pipeline"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/reuse"
	"github.com/featherpack/featherpack/reporters"
	"github.com/featherpack/featherpack/reporters/coldstart"
	"github.com/featherpack/featherpack/reporters/render"
)

// project is a folder that tests change.
type project struct {
	t     testing.TB
	dir   string
	cache string
	// flags are options of the run.
	flags pipeline.Options
	// memory is kept from one cached run to the next, as while files are watched. It may be nil.
	memory  *reuse.Memory
	kept    *advise.Kept // likewise
	renewed int
	// reasons are why functions were built in the last cached run, "" for those that were not.
	reasons map[string]string
	// want is the outcome without the cache.
	want outcome
	// whole is set if the last cached run took the report of an earlier one.
	whole atomic.Bool
	// completed is how many reports the cached runs completed.
	completed int
	// compared is how often the outcomes were compared.
	compared int
	// out is the out-dir of cached runs, "" for a new one each.
	out string
}

func newProject(t testing.TB) *project {
	t.Helper()
	p := &project{t: t, dir: filepath.Join(t.TempDir(), "project"), cache: filepath.Join(t.TempDir(), "cache")}
	p.reset()
	return p
}

// reset lays the project as testdata/project.txtar has it.
func (p *project) reset() {
	p.t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "project.txtar"))
	if err == nil {
		err = os.RemoveAll(p.dir)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	for _, f := range archive.Files {
		if target, link := strings.CutPrefix(string(f.Data), "-> "); link {
			p.link(f.Name, strings.TrimSpace(target))
			continue
		}
		p.write(f.Name, string(f.Data))
	}
	p.flags = pipeline.Options{}
}

func (p *project) at(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *project) write(name, text string) {
	p.t.Helper()
	at := p.at(name)
	_ = os.MkdirAll(filepath.Dir(at), 0o755) // where a file is in the way, the mutation does nothing
	_ = os.WriteFile(at, []byte(text), 0o644)
}

func (p *project) read(name string) string {
	text, _ := os.ReadFile(p.at(name))
	return string(text)
}

func (p *project) link(name, target string) {
	_ = os.MkdirAll(filepath.Dir(p.at(name)), 0o755)
	_ = os.RemoveAll(p.at(name))
	_ = os.Symlink(target, p.at(name))
}

// outcome is everything that a run gives.
type outcome map[string]string

// run builds the project into a new folder.
func (p *project) run(cache string) outcome {
	p.t.Helper()
	dir, err := p.out, error(nil)
	if cache == "" || dir == "" {
		dir, err = os.MkdirTemp(filepath.Dir(p.dir), "out")
		if watched := filepath.Join(filepath.Dir(p.dir), "watched"); err == nil && cache != "" && p.memory != nil {
			err = os.Rename(dir, watched) // it is the same in every run
			dir = watched
		}
		if err != nil {
			p.t.Fatal(err)
		}
		defer os.RemoveAll(dir)
	}
	out, err := outdir.OpenScratch(p.t.Context(), dir)
	if err != nil {
		p.t.Fatal(err)
	}
	defer out.Close()
	o := p.flags
	o.Cache = cache
	advice := advise.Untried{Terms: &coldstart.Terms{Constants: coldstart.Default(), Prices: coldstart.DefaultPrices()}}
	o.Advise = advice
	if cache != "" {
		if o.Memory = p.memory; o.Memory != nil {
			advice.Kept = p.kept
			o.Advise = advice
		}
		p.reasons = map[string]string{}
		p.whole.Store(false)
		o.Reasons = func(id, why string) { p.reasons[id] = why }
		o.Timed = func(stage, function string, _ time.Duration) {
			if stage == "look in the cache" && function == "" {
				p.whole.Store(true)
			}
		}
	}
	if p.completes() {
		o.Complete = func(r reporters.Report) reporters.Report {
			if cache != "" {
				p.completed++
			}
			return coldstart.Fill(nil, r, *advice.Terms)
		}
	}
	report, _, err := pipeline.Measure(p.t.Context(), p.dir, o, out)
	if o.Memory != nil && o.Memory.Used() {
		p.renewed++
	}
	got := outcome{"error": fmt.Sprint(err)}
	if err != nil {
		return got
	}
	for _, f := range report.Functions { // what the JSON leaves out
		path := ""
		if f.Artifact != nil {
			path, _ = filepath.Rel(dir, f.Artifact.Path)
		}
		got["hidden"] += fmt.Sprintln(f.ID, path, f.Deployment, f.Build.SourceMapPackages)
	}
	if !p.completes() {
		if _, err := out.Settle(report, !o.Partial()); err != nil {
			p.t.Fatal(err)
		}
	}
	for _, format := range []string{"json", "text"} {
		report.Timings = nil
		got["report."+format] = rendered(p.t, format, report)
	}
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		got[name] = string(text)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return got
}

func rendered(t testing.TB, format string, r reporters.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.Formats[format](&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// settle waits until the files are old enough to be remembered.
func (p *project) settle() { time.Sleep(25 * time.Millisecond) }

// completes reports whether the runs write complete reports, as build does: in one comparison
// of four they leave that to their caller, as check does.
func (p *project) completes() bool { return p.compared%4 != 0 }

// compare builds with and without the cache, and fails where the outcomes differ.
func (p *project) compare(after string) (same bool) {
	p.t.Helper()
	p.compared++
	p.want = p.run("")
	p.settle()
	return p.again(after)
}

// again builds with the cache, and fails where the outcome is not the one that compare saw.
func (p *project) again(after string) (same bool) {
	p.t.Helper()
	got, want := p.run(p.cache), p.want
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			p.t.Errorf("after %s: %s differs from that of a build without the cache", after, name)
			if strings.HasPrefix(name, "report.") || name == "error" {
				p.t.Logf("%s", firstDifference(got[name], want[name]))
			}
			p.t.Logf("reasons: %v", p.reasons)
			return false
		}
	}
	if len(got) != len(want) && p.out == "" { // one with files of earlier runs has more
		p.t.Errorf("after %s: %d files, want %d: %v", after, len(got), len(want), slices.Sorted(maps.Keys(got)))
		return false
	}
	return true
}

func firstDifference(got, want string) string {
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	around := func(s string) string { return s[max(0, at-80):min(len(s), at+200)] }
	return fmt.Sprintf("... %s\nwant %s", around(got), around(want))
}

// damage changes or removes a file of the out-dir of cached runs.
func (p *project) damage(r *rand.Rand) string {
	files, err := filepath.Glob(filepath.Join(p.out, "*.*"))
	if err != nil || len(files) == 0 {
		return "nothing"
	}
	at := files[r.IntN(len(files))]
	if strings.HasPrefix(filepath.Base(at), ".") {
		return "nothing"
	}
	if r.IntN(2) == 0 {
		_ = os.Remove(at)
		return filepath.Base(at) + " removed from the out-dir"
	}
	text, err := os.ReadFile(at)
	if err == nil && len(text) > 0 {
		text[r.IntN(len(text))] ^= 1
		_ = os.WriteFile(at, text, 0o644)
	}
	return filepath.Base(at) + " changed in the out-dir"
}

func (p *project) found() (n int) {
	for _, why := range p.reasons {
		if why == "" {
			n++
		}
	}
	return n
}

// mutation changes one thing in a project and says what.
type mutation func(p *project, r *rand.Rand) string

func one[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

// own are files of the project, some of which are not there at first: they take the place of
// another where they appear.
var own = []string{
	"src/a.ts", "src/b.ts", "src/c.mjs", "src/d.js", "src/e.ts", "src/shared/index.ts", "src/shared/text.ts", "src/shared/number.ts",
	"src/shared/unused.ts", "src/view.ts", "src/config.json", "src/lazy.ts", "src/plugins/one.js", "src/plugins/two.js",
	"src/model.ts", "src/types.ts", "packages/ws/index.js", "packages/ws/lib/inner.js", "src/assets/page.html", "data/table.csv", "data/more.csv",
}

var shadows = []string{
	"src/shared.ts", "src/shared.tsx", "src/shared/index.tsx", "src/view.tsx", "src/shared/text.tsx", "src/shared/text/index.ts", "src/lazy.tsx",
	"src/node_modules/lib/index.js", "src/node_modules/lib/package.json", "src/shared/package.json", "src/package.json", "src/tsconfig.json",
	"src/plugins/three.js", "src/optional.js", "node_modules/optional/index.js", "node_modules/lib/index.json", "node_modules/lib/util.js",
	"node_modules/lib/util/index.js", "packages/ws/lib/inner.ts", "packages/ws/lib.js", "packages/ws/node_modules/lib/index.js", "src/Text.ts", "src/shared/Text.ts",
	"src/mapped/thing.ts", "src/generated/thing.ts", "data/z.csv", "src/assets/more.html", "src/jsconfig.json", "src/shared/number.js", "index.js",
	"packages/package.json", "node_modules/@scope/pkg/sub.js", "node_modules/@scope/pkg/sub/index.js", "src/config.json.ts", "src/config.ts", ".env",
}

func content(r *rand.Rand, name string) string {
	n := r.IntN(1000)
	switch {
	case strings.HasSuffix(name, "tsconfig.json") || strings.HasSuffix(name, "jsconfig.json"):
		return one(r, `{}`, `{"compilerOptions": {"target": "es2017", "useDefineForClassFields": true}}`,
			`{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["mapped/*", "generated/*"], "lib": ["./src/shared/text"]}}}`,
			`{"extends": "../base.json", "exclude": ["node_modules"], "compilerOptions": {"paths": {"lib": ["./lib", "../node_modules/lib/util"]}}}`,
			`{"extends": "./base.json"}`, `{"compilerOptions": {"experimentalDecorators": true, "emitDecoratorMetadata": true}}`, `{`)
	case strings.HasSuffix(name, "package.json"):
		return one(r, `{}`, `{"type": "module"}`, `{"type": "commonjs"}`, `{"main": "util.js"}`, `{"main": "./lib"}`, `{"sideEffects": false}`, `{"name": "ws", "main": "lib/inner.js"}`,
			`{"name": "lib", "version": "2.0.0", "main": "index.js", "module": "es.js"}`, `{"exports": {".": "./util.js", "./*": "./*.js"}}`, `{"imports": {"#x": "./view.ts"}}`, `{`)
	case strings.HasSuffix(name, ".json"):
		return fmt.Sprintf(`{"n": %d, "unused": "u%d"}`, n, n)
	case strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".csv") || name == ".env":
		return fmt.Sprintf("text %d\n", n)
	case strings.HasPrefix(name, "node_modules/") || strings.HasPrefix(name, "src/plugins/") || strings.Contains(name, "/node_modules/"):
		return fmt.Sprintf("exports.pick = (o) => [o, %d]; exports.name = 'n%d'; exports.util = %d;\n", n, n, n)
	}
	return fmt.Sprintf("import { pick } from %q;\nexport const text = (s) => pick(s) + %d;\nexport const number = %d, label = 'l%d', thing = %d;\nexport default text;\n"+
		"export const handler = async (event) => [text, number, event];\nconsole.log('v%d');\n", one(r, "lib", "./view", "../view", "@scope/pkg"), n, n, n, n, n)
}

var mutations = []mutation{
	func(p *project, r *rand.Rand) string { // a comment
		name := one(r, own...)
		if path.Ext(name) == ".json" {
			return "nothing"
		}
		p.write(name, p.read(name)+fmt.Sprintf("// %d\n", r.Int()))
		return "a comment in " + name
	},
	func(p *project, r *rand.Rand) string { // an edit
		name := one(r, own...)
		p.write(name, strings.ReplaceAll(p.read(name), "v1", fmt.Sprintf("v1%d", r.IntN(10))))
		return "an edit of " + name
	},
	func(p *project, r *rand.Rand) string { // the same size
		name := one(r, own...)
		text := []byte(p.read(name))
		if i := bytes.Index(text, []byte("v1")); i >= 0 {
			text[i+1] = "123"[r.IntN(3)]
		}
		before, err := os.Stat(p.at(name))
		p.write(name, string(text))
		if err == nil && r.IntN(2) == 0 {
			_ = os.Chtimes(p.at(name), before.ModTime(), before.ModTime())
		}
		return "another version of equal size of " + name
	},
	func(p *project, r *rand.Rand) string { // another content
		name := one(r, own...)
		p.write(name, content(r, name))
		return "another content of " + name
	},
	func(p *project, r *rand.Rand) string { // a new file
		name := one(r, shadows...)
		p.write(name, content(r, name))
		return "a new " + name
	},
	func(p *project, r *rand.Rand) string { // a new file
		name := one(r, shadows...)
		_ = os.RemoveAll(p.at(name))
		return "no more " + name
	},
	func(p *project, r *rand.Rand) string { // a removed file
		name := one(r, append(slices.Clone(own), "node_modules/lib/es.js", "node_modules/lib/package.json", "node_modules/@scope", "packages/ws/package.json")...)
		_ = os.RemoveAll(p.at(name))
		return "the removal of " + name
	},
	func(p *project, r *rand.Rand) string { // a renamed file
		from, to := one(r, own...), one(r, append(slices.Clone(own), shadows...)...)
		_ = os.MkdirAll(filepath.Dir(p.at(to)), 0o755)
		_ = os.Rename(p.at(from), p.at(to))
		return from + " moved to " + to
	},
	func(p *project, r *rand.Rand) string { // a link
		name, to := one(r, "node_modules/ws", "src/linked.ts", "node_modules/linked", "src/assets/page.html", "src/shared/text.ts", "src/plugins"),
			one(r, "../packages/ws", "shared/text.ts", "lib", "../src", "number.ts", "nowhere", "/etc/hostname", "../../packages/ws")
		p.link(name, to)
		return name + " linked to " + to
	},
	func(p *project, r *rand.Rand) string { // a field of a package.json
		name := one(r, "package.json", "node_modules/lib/package.json", "node_modules/@scope/pkg/package.json", "packages/ws/package.json")
		field := one(r, `"type": "module"`, `"main": "other.js"`, `"main": "./lib"`, `"module": "es.js"`, `"sideEffects": false`, `"sideEffects": true`, `"version": "9.9.9"`,
			`"exports": "./es.js"`, `"exports": {"require": "./index.js", "import": "./es.js"}`, `"dependencies": {"lib": "*", "optional": "*"}`, `"imports": {"#x": "./src/view.ts"}`)
		p.write(name, strings.Replace(p.read(name), "{", "{"+field+", ", 1))
		return field + " in " + name
	},
	func(p *project, r *rand.Rand) string { // an installed package
		name := one(r, "node_modules/lib/index.js", "node_modules/lib/es.js", "node_modules/@scope/pkg/index.js", "node_modules/lib/data.txt", "node_modules/lib/LICENSE",
			"node_modules/lib/index.d.ts", "node_modules/@scope/pkg/sub.js")
		p.write(name, p.read(name)+fmt.Sprintf("\n// %d", r.IntN(100)))
		return "a change of " + name
	},
	func(p *project, r *rand.Rand) string {
		name := one(r, "tsconfig.json", "src/tsconfig.json", "base.json", "tsconfig.json")
		text := content(r, "tsconfig.json")
		if name == "base.json" {
			text = one(r, `{"compilerOptions": {"target": "es5"}}`, `{"compilerOptions": {"paths": {"@/*": ["./src/generated/*"]}}}`, `{"compilerOptions": {"jsx": "react"}}`)
		}
		p.write(name, text)
		return "another " + name
	},
	func(p *project, r *rand.Rand) string {
		p.write("package-lock.json", fmt.Sprintf(`{"lockfileVersion": 3, "n": %d}`, r.IntN(3)))
		return "another lockfile"
	},
	func(p *project, r *rand.Rand) string { // the environment, the settings, a line more
		text := p.read("featherpack.yaml")
		old, replaced := one(r, "NODE_ENV: production", "NODE_ENV: test", "minify: true", "minify: false", "memory: 256", "sourcemap: external", "sourcemap: none", "include: [data/*.csv]",
			"nodejs22.x", "OTHER: one", "format: cjs"), one(r, "NODE_ENV: production", "NODE_ENV: test", "minify: true", "minify: false", "memory: 256", "sourcemap: zip", "include: [data/t*.csv]",
			"include: [data/*.csv]", "nodejs20.x", "OTHER: two", "format: esm")
		if strings.Split(old, ":")[0] != strings.Split(replaced, ":")[0] {
			old, replaced = "functions:", "# a line\nfunctions:"
		}
		p.write("featherpack.yaml", strings.Replace(text, old, replaced, 1))
		return old + " -> " + replaced
	},
	func(p *project, r *rand.Rand) string {
		p.flags = pipeline.Options{
			Compress: one(r, "", "fast"), SourceMap: one(r, "", "", "none", "zip"), ExactBefore: r.IntN(4) == 0, SourceMapPackages: r.IntN(4) == 0,
			Only: one(r, nil, nil, []string{"a", "c"}),
		}
		return fmt.Sprintf("flags %+v", p.flags)
	},
	func(p *project, r *rand.Rand) string { // a day that exceptions and runtimes end on
		day := []int64{1700000000, 1750000000, 1800000000, 1850000000}[r.IntN(4)]
		p.t.Setenv("SOURCE_DATE_EPOCH", fmt.Sprint(day))
		return fmt.Sprintf("the day of %d", day)
	},
	func(p *project, r *rand.Rand) string { // exceptions from advice
		text, _, _ := strings.Cut(p.read("featherpack.yaml"), "advice:")
		p.write("featherpack.yaml", text+one(r, "", "advice: {ignore: [{code: licence-unclear, reason: known}]}\n",
			"advice: {ignore: [{code: arm64-possible, reason: later, until: 2026-01-01}]}\n"))
		return "other exceptions from advice"
	},
	func(p *project, r *rand.Rand) string { // what only advice reads
		name := one(r, "node_modules/lib/LICENSE", "node_modules/lib/README.md", "node_modules/.package-lock.json", "node_modules/@scope/pkg/COPYING")
		switch text := one(r, "", "MIT\n", `{"packages": {"node_modules/lib": {"resolved": "https://registry.npmjs.org/lib/-/lib-1.0.0.tgz"}}}`); {
		case text == "":
			_ = os.Remove(p.at(name))
		default:
			p.write(name, text)
		}
		return "another " + name
	},
	func(p *project, r *rand.Rand) string { // what another branch has
		p.reset()
		return "a reset"
	},
}

// A build that takes functions from the cache gives byte for byte what one without it does,
// whatever has changed in between.
func TestRandomChanges(t *testing.T) { changeAtRandom(t, newProject(t)) }

// The same with what a process that watches the project keeps in memory.
func TestRandomChangesWatched(t *testing.T) {
	p := newProject(t)
	p.memory, p.kept = &reuse.Memory{}, &advise.Kept{}
	t.Cleanup(p.memory.Close)
	changeAtRandom(t, p)
	if p.renewed == 0 {
		t.Error("no run used what an earlier one had left")
	}
	t.Logf("%d runs used what an earlier one had left", p.renewed)
}

func changeAtRandom(t *testing.T, p *project) {
	t.Helper()
	steps := 100
	if os.Getenv("FEATHERPACK_LONG") == "1" {
		steps = 2000
	}
	if testing.Short() || p.memory != nil && steps < 2000 {
		steps = 30
	}
	if text := os.Getenv("FEATHERPACK_STEPS"); text != "" { // 2,000 in pieces, each with a seed
		if _, err := fmt.Sscan(text, &steps); err != nil {
			t.Fatal(err)
		}
	}
	seed := uint64(16)
	if text := os.Getenv("FEATHERPACK_SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(seed, 0))
	p.compare("nothing")
	kept := t.TempDir()
	found, built, whole, last := 0, 0, 0, 0
	for step := range steps {
		if step-last > 5 { // a project that no longer builds shows nothing
			p.reset()
			last = step
		}
		what := mutations[r.IntN(len(mutations))](p, r)
		if what == "a reset" {
			last = step
		}
		for range r.IntN(2) { // now and then two at once
			what += ", " + mutations[r.IntN(len(mutations))](p, r)
		}
		if !p.compare(fmt.Sprintf("step %d of seed %d: %s", step, seed, what)) {
			p.keep()
			return
		}
		if os.Getenv("FEATHERPACK_REASONS") != "" {
			t.Log(what, p.reasons)
		}
		found += p.found()
		built += len(p.reasons) - p.found()
		if r.IntN(2) == 0 { // nothing has changed, but perhaps what an earlier run wrote
			if p.out != "" && r.IntN(2) == 0 {
				what += ", " + p.damage(r)
			}
			if !p.again(fmt.Sprintf("step %d of seed %d, and nothing: %s", step, seed, what)) {
				p.keep()
				return
			}
		}
		if p.whole.Load() {
			whole++
		}
		if p.out = ""; r.IntN(2) == 0 && p.memory == nil {
			p.out = kept
		}
	}
	t.Logf("%d functions were found, %d were built; %d reports were found", found, built, whole)
	if found < steps/2 || built < steps/2 || whole < steps/20 && p.memory == nil {
		t.Errorf("%d functions were found, %d built and %d reports found: the changes show too little", found, built, whole)
	}
}

// keep copies the project to where it can be looked at, if that is asked for.
func (p *project) keep() {
	if dir := os.Getenv("FEATHERPACK_KEEP"); dir != "" {
		_ = errors.Join(os.RemoveAll(dir), os.CopyFS(dir, os.DirFS(p.dir)))
	}
}

// A file of a package that ships as it is belongs to the package all the same: what was read
// in it is not remembered once it has changed.
func TestWatchedShippedFile(t *testing.T) {
	p := newProject(t)
	p.memory, p.kept = &reuse.Memory{}, &advise.Kept{}
	t.Cleanup(p.memory.Close)
	own := func(version string) {
		p.write("src/a.ts", `import { Worker } from "node:worker_threads";
export const handler = async () => String(new Worker(require.resolve("lib/worker.js"))) + "`+version+`";`)
	}
	for _, name := range []string{"one", "two"} {
		p.write("node_modules/lib/"+name+".js", "console.log('"+name+"');")
	}
	own("v1")
	p.write("node_modules/lib/worker.js", `require("./one.js");`)
	p.compare("nothing")
	own("v2")
	p.compare("a change of own code")
	if p.renewed == 0 {
		t.Error("nothing was remembered")
	}
	own("v3")
	p.write("node_modules/lib/worker.js", `require("./two.js");`)
	p.compare("a change of a package's file")
}
