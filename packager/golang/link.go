package golang

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/golang/toolchain"
)

// program is a linked main package in the cache folder.
type program struct {
	path   string // absolute path of the stripped program, which is shipped
	linked string // absolute path of the program with symbols
	key    string // see [record.key]
	bytes  int64
	steps  []packager.Step
	facts  facts
}

// link links the main packages of a group with one `go build`, or with several if
// programs have the same name.
func (b *builder) link(ctx context.Context, s settings, f *folder, group []*task) {
	tasks := map[*toolchain.Package][]*task{}
	var mains []*toolchain.Package
	for _, t := range group {
		if t.failed() {
			continue
		}
		if tasks[t.main] == nil {
			mains = append(mains, t.main)
		}
		tasks[t.main] = append(tasks[t.main], t)
	}
	closure := func(p *toolchain.Package) []*toolchain.Package { return tasks[p][0].closure }

	for i, batch := range batches(mains) {
		out := fmt.Sprintf("bin%d", i)
		for _, p := range batch {
			f.discardUnknown(path.Join(out, executable(p)))
		}
		// The second attempt is only for programs that were damaged since the last run.
		for attempt := 0; attempt < 2 && len(batch) > 0; attempt++ {
			failures := b.goBuild(ctx, s, filepath.Join(f.dir, out), batch, closure, "-w")
			var damaged []*toolchain.Package
			for _, p := range batch {
				program, err := f.takeProgram(s, path.Join(out, executable(p)), failures[p])
				switch {
				case err != nil:
					failures[p] = append(failures[p], asDiagnostic(err))
				case program == nil && failures[p] == nil:
					damaged = append(damaged, p)
				}
				for _, t := range tasks[p] {
					t.program = program
					for _, d := range failures[p] {
						t.report(d)
					}
				}
			}
			batch = damaged
		}
		for _, p := range batch {
			for _, t := range tasks[p] {
				d := unstrippable()
				d.Position = t.function.Position
				t.report(d)
			}
		}
	}
	if err := f.save(); err != nil && ctx.Err() == nil {
		// The programs are usable, but the next run will link them again.
		for _, t := range group {
			d := asDiagnostic(err)
			d.Severity = analyzer.Warning
			t.report(d)
		}
	}
}

// takeProgram returns a program that was linked or is up to date. It returns nil if
// the build failed or the program is damaged, and then removes the program.
func (f *folder) takeProgram(s settings, name string, failures []analyzer.Diagnostic) (*program, error) {
	if failures != nil {
		delete(f.linked, name)
		os.Remove(f.path(name))
		os.Remove(f.shipped(name))
		return nil, nil
	}
	r, intact, err := f.take(s, name)
	if err == nil && !intact {
		err = os.Remove(f.path(name))
	}
	if err != nil || !intact {
		return nil, err
	}
	info, err := os.Stat(f.shipped(name))
	if err != nil {
		return nil, storeError("reading the linked program", err)
	}
	return &program{path: f.shipped(name), linked: f.path(name), key: r.key(), bytes: info.Size()}, nil
}

// batches groups main packages so that the program names in a batch are distinct:
// the go command writes all programs into one folder, each named after its folder.
func batches(mains []*toolchain.Package) [][]*toolchain.Package {
	mains = slices.SortedFunc(slices.Values(mains), func(a, b *toolchain.Package) int { return cmp.Compare(a.ImportPath, b.ImportPath) })
	var out [][]*toolchain.Package
	named := map[string]int{}
	for _, p := range mains {
		// In lower case, because file systems may ignore case.
		name := strings.ToLower(executable(p))
		i := named[name]
		named[name]++
		if i == len(out) {
			out = append(out, nil)
		}
		out[i] = append(out[i], p)
	}
	return out
}

var majorVersion = regexp.MustCompile(`^v([2-9]|[1-9][0-9]+)$`)

// executable returns the name that `go build` gives a main package's program: the
// last element of its import path, ignoring a major version such as v2.
// https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
func executable(p *toolchain.Package) string {
	dir, name := path.Split(p.ImportPath)
	if majorVersion.MatchString(name) && dir != "" {
		return path.Base(dir)
	}
	return name
}

// goBuild links main packages into a folder. It returns the errors of the packages
// that cannot be built, and builds the others.
func (b *builder) goBuild(ctx context.Context, s settings, out string, mains []*toolchain.Package, closure func(*toolchain.Package) []*toolchain.Package, linker ...string) map[*toolchain.Package][]analyzer.Diagnostic {
	failures := map[*toolchain.Package][]analyzer.Diagnostic{}
	if err := os.MkdirAll(out, 0o755); err != nil {
		for _, p := range mains {
			failures[p] = []analyzer.Diagnostic{asDiagnostic(storeError("making the cache folder", err))}
		}
		return failures
	}
	for left := mains; len(left) > 0; {
		args := append(s.args("build", linker...), "-o", out+string(filepath.Separator), "--")
		for _, p := range left {
			args = append(args, pattern(s.home, p.Dir))
		}
		messages, err := b.tools.Run(ctx, s.home, s.env(), nil, args...)
		if err == nil {
			return failures
		}
		failing := b.compileErrors(s, messages)
		var good []*toolchain.Package
		for _, p := range left {
			for _, q := range closure(p) {
				for _, d := range failing[q.ImportPath] {
					failures[p] = append(failures[p], b.withGenerateHint(q, closure(p), b.withCgoHint(s, q, d)))
				}
			}
			if failures[p] == nil {
				good = append(good, p)
			}
		}
		switch {
		case len(good) < len(left):
		case len(left) == 1 || ctx.Err() != nil:
			for _, p := range left {
				failures[p] = []analyzer.Diagnostic{b.explainRun(s, messages, err)}
			}
			return failures
		default:
			// The messages name no package: build each one alone to see which fails.
			for _, p := range left {
				for q, d := range b.goBuild(ctx, s, out, []*toolchain.Package{p}, closure, linker...) {
					failures[q] = d
				}
			}
			return failures
		}
		left = good
	}
	return failures
}

// withCgoHint adds a hint to an error in a package that has files excluded because
// they need cgo.
func (b *builder) withCgoHint(s settings, p *toolchain.Package, d analyzer.Diagnostic) analyzer.Diagnostic {
	if file, _ := importsC(p); file != "" && !s.cgo && d.Hint == "" {
		d.Code, d.Hint = "cgo-needed", filepath.Base(file)+" is excluded because it needs cgo, which is off: "+cgoHint
	}
	return d
}

// measureSteps links each program twice more for the waterfall, with symbols and
// stripped, both without the tag norpc. Both use -trimpath, so that nothing is
// compiled again. -trimpath itself saves 0.1% of a program.
func (b *builder) measureSteps(ctx context.Context, s settings, f *folder, group []*task) {
	plain := s
	plain.tags = strings.Join(slices.DeleteFunc(strings.Split(s.tags, ","), func(tag string) bool { return tag == norpc }), ",")
	var mains []*toolchain.Package
	built := map[*toolchain.Package]*task{}
	for _, t := range group {
		if t.program != nil && built[t.main] == nil {
			built[t.main] = t
			mains = append(mains, t.main)
		}
	}
	closure := func(p *toolchain.Package) []*toolchain.Package { return built[p].closure }
	steps := []struct {
		name, out string
		linker    []string
	}{
		{"linked", "plain", nil},
		{"stripped", "stripped", []string{"-s", "-w"}},
	}
	for i, batch := range batches(mains) {
		for _, step := range steps {
			out := filepath.Join(f.dir, fmt.Sprintf("%s%d", step.out, i))
			failures := b.goBuild(ctx, plain, out, batch, closure, step.linker...)
			for _, p := range batch {
				if info, err := os.Stat(filepath.Join(out, executable(p))); err == nil && failures[p] == nil {
					built[p].program.steps = append(built[p].program.steps, packager.Step{Name: step.name, Bytes: info.Size()})
				}
			}
		}
		for _, p := range batch {
			// The last step is only meaningful after all the others.
			if program := built[p].program; len(program.steps) == len(steps) {
				program.steps = append(program.steps, packager.Step{Name: "tagged", Bytes: program.bytes})
			} else {
				program.steps = nil
			}
		}
	}
}
