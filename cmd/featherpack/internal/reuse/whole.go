package reuse

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/reporters"
)

// Whole is what a report depends on besides what its functions and its advice read.
type Whole struct {
	// Project is as discovery has found it. Functions are those that are built.
	Project   analyzer.Project
	Functions []analyzer.Function
	// Also is anything else, of which every field counts.
	Also any
}

// taken is the build of a function that its result is from.
type taken struct {
	candidate
	result cache.Result
}

// reported is the report of this run.
type reported struct {
	key    cache.Digest
	files  *projectfs.FS // what its advice reads, recorded
	record *projectfs.Record
	// found is the earlier run that was brought back.
	found earlierRun
	// functions and report are nil so far.
	functions []analyzer.Function
	report    *reporters.Report
	text      packager.Stored
}

// Found is a report that was brought back.
type Found struct {
	reporters.Report
	// Complete is set if nothing was missing in it when it was kept. Written is set if the
	// out-dir has it as a file.
	Complete, Written bool
}

// earlierRun is a run in which every function was kept. Everything that its report depends on
// is here once, however many functions depend on it.
type earlierRun struct {
	// Answers are the blobs with answers that builds and advice depend on, Modules the
	// SHA-256 of the files that are functions' own, by name.
	Answers []cache.Digest
	Modules map[string]string
	// Unbundled is a digest of the sizes of the unbundled functions.
	Unbundled string
	// Keys are the first keys of the functions, Actions the keys of their results.
	Keys    []cache.Digest
	Actions []cache.Digest
	// Out are the files of the out-dir, those of each function together.
	Out    [][]cache.File
	Report cache.Digest
	// Text is the report as a file of the out-dir, zero if it was not complete.
	Text cache.File
}

// wholeKey is the first key of a report, zero if none may be kept.
func (r *Run) wholeKey(w Whole) cache.Digest {
	if len(w.Functions) == 0 {
		return cache.Digest{}
	}
	locks := map[string]string{}
	for _, f := range w.Functions {
		if f.Entry == "" || never(f) != "" {
			return cache.Digest{}
		}
		locks[f.SourceDir()] = r.lock(f).sum
	}
	w.Project.Root = "" // where the project lies does not matter
	return cache.Of(cache.Command{Arguments: []string{
		"featherpack", "report", format, r.common.String(), "run=" + digestOf(w), "lockfiles=" + digestOf(locks),
	}}.Encode())
}

// FindAll brings back the report of an earlier run of the same functions if all that it
// depends on is as it was, and puts the functions' files into the out-dir. timed is called
// with what was done for each function since a time.
func (r *Run) FindAll(w Whole, timed func(stage, function string, since time.Time)) (found Found, ok bool) {
	if r.settings.Remote != nil && r.settings.Remote.Writes() {
		return found, false // each function is offered to it
	}
	r.whole = &reported{key: r.wholeKey(w)}
	if r.whole.key == (cache.Digest{}) {
		return found, false
	}
	lately := r.store.UsedLately(r.whole.key)
	result, err := r.store.Result(r.ctx, r.whole.key)
	if err != nil {
		return found, false
	}
	for _, file := range result.Files {
		var e earlierRun
		if !r.getPacked(file.Digest, &e) || len(e.Out) != len(w.Functions) || !r.sameModules(e) {
			continue
		}
		decoded := make(chan bool, 1)
		go func() { decoded <- r.getPacked(e.Report, &found.Report) }() // it will most likely be needed
		if !r.unchanged(e, w.Functions) {
			<-decoded
			found.Report = reporters.Report{}
			continue
		}
		restored := r.restoreAll(e, w.Functions, timed)
		if !<-decoded || !restored {
			break // the functions' files are as they are to be, whatever becomes of the report
		}
		if !lately {
			r.use(e)
		}
		r.complete(&found.Report, w)
		r.whole.found = e
		found.Complete = e.Text != (cache.File{})
		found.Written = found.Complete && packager.Has(r.root, packager.Stored{Name: e.Text.Name, SHA256: e.Text.Digest.Hash, Bytes: e.Text.Digest.Size}, r.index.Hash)
		return found, true
	}
	return Found{}, false
}

// sameModules reports whether the functions' own modules are as they were.
func (r *Run) sameModules(e earlierRun) bool {
	for name, sum := range e.Modules {
		if r.checker.File(name, sum).What != projectfs.Same {
			return false
		}
	}
	return true
}

// unchanged reports whether everything else that a run depends on is as it was. The sizes
// list all installed packages: the answers are about what these have.
func (r *Run) unchanged(e earlierRun, functions []analyzer.Function) bool {
	sizes := make(chan string)
	go func() { sizes <- digestOfSizes(functions, r.sizes.Of) }()
	for _, d := range e.Answers {
		r.answersOf(d)
	}
	same := <-sizes == e.Unbundled
	for _, d := range e.Answers {
		is, known := r.compare(d)
		same = same && known && is.What == projectfs.Same
	}
	return same
}

func digestOfSizes(functions []analyzer.Function, of func(analyzer.Function) *packager.Unbundled) string {
	sizes := make([]*packager.Unbundled, len(functions))
	for i, f := range functions {
		sizes[i] = of(f)
	}
	return digestOf(sizes)
}

// restoreAll puts the files of all functions into the out-dir.
func (r *Run) restoreAll(e earlierRun, functions []analyzer.Function, timed func(stage, function string, since time.Time)) bool {
	for i, f := range functions {
		since := time.Now()
		if err := packager.Restore(r.ctx, r.root, r.stored(cache.Result{Files: e.Out[i]}), r.index.Hash); err != nil {
			return false
		}
		timed("look in the cache", f.ID, since)
	}
	return true
}

// use marks what a run with changes would need as used lately.
func (r *Run) use(e earlierRun) {
	for _, key := range slices.Concat(e.Keys, e.Actions) {
		result, err := r.store.Result(r.ctx, key)
		if err != nil {
			continue
		}
		for _, f := range result.Files {
			r.store.Use(f.Digest)
		}
	}
}

// complete adds to a report what is not stored.
func (r *Run) complete(report *reporters.Report, w Whole) {
	asked := map[string]analyzer.Function{}
	for _, f := range w.Functions {
		asked[f.ID] = f
	}
	for i := range report.Functions {
		f := &report.Functions[i]
		f.Deployment, f.Build.SourceMapPackages = asked[f.ID].Deployment, asked[f.ID].Build.SourceMapPackages
		f.Artifact.Path = filepath.Join(r.root.Name(), filepath.FromSlash(f.Artifact.Name))
	}
	for i := range report.Skipped {
		s := &report.Skipped[i]
		at := slices.IndexFunc(w.Project.Skipped, func(o analyzer.Skipped) bool { return o.Name == s.Name && o.Position == s.Position })
		if at >= 0 {
			s.Image = w.Project.Skipped[at].Image
		}
	}
}

// Advising returns the files that advice is to be read with.
func (r *Run) Advising() *projectfs.FS {
	if r.whole == nil {
		r.whole = &reported{}
	}
	r.whole.files = projectfs.New(r.project.Root, projectfs.Allowances{})
	r.whole.record = r.whole.files.Recording(r.settings.Writes...)
	return r.whole.files
}

// KeepAll keeps the report of a run for [Run.FindAll], once Close is called. w is what was
// given to it, as it is now. text is its file in the out-dir if it is
// complete, else zero.
func (r *Run) KeepAll(w Whole, report reporters.Report, text packager.Stored) {
	r.settle() // it notes lockfiles, as the key does
	if r.whole != nil && r.whole.key != (cache.Digest{}) && r.whole.key == r.wholeKey(w) {
		r.whole.functions, r.whole.report, r.whole.text = w.Functions, &report, text
	}
}

// KeepCompleted keeps a report that [Run.FindAll] has brought back and that was not complete, in
// the place of the one that was. text is its file in the out-dir.
func (r *Run) KeepCompleted(report reporters.Report, text packager.Stored) {
	if r.ctx.Err() == nil {
		r.keepRun(r.whole.found, report, text)
	}
}

// keepWhole writes the report of a run in which every function was found or kept.
func (r *Run) keepWhole() {
	e, answers := earlierRun{Modules: map[string]string{}}, map[cache.Digest]bool{}
	for _, f := range r.whole.functions {
		t, known := r.taken[f.ID]
		if !known {
			return
		}
		answers[t.Common], answers[t.Patterns] = true, true
		for name, d := range t.Modules {
			if was, known := e.Modules[name]; known && was != d.Hash {
				return // it changed during the run
			}
			e.Modules[name] = d.Hash
		}
		out := slices.DeleteFunc(slices.Clone(t.result.Files), func(f cache.File) bool { return !strings.HasPrefix(f.Name, outPrefix) })
		e.Keys, e.Actions, e.Out = append(e.Keys, r.key(f)), append(e.Actions, t.Action), append(e.Out, out)
	}
	if r.whole.record != nil {
		read, modules, err := r.whole.record.Settle(r.whole.files, r.index.Hash)
		if err != nil || len(modules) > 0 {
			return
		}
		d, err := r.putPacked(read)
		if err != nil {
			return
		}
		answers[d] = true
	}
	delete(answers, cache.Digest{})
	e.Answers = slices.SortedFunc(maps.Keys(answers), func(a, b cache.Digest) int { return strings.Compare(a.Hash, b.Hash) })
	sizes := map[string]*packager.Unbundled{}
	for _, f := range r.whole.report.Functions {
		sizes[f.ID] = f.Unbundled
	}
	e.Unbundled = digestOfSizes(r.whole.functions, func(f analyzer.Function) *packager.Unbundled { return sizes[f.ID] })
	r.keepRun(e, *r.whole.report, r.whole.text)
}

// keepRun writes a run and its report, whose file in the out-dir is text, zero if it was not complete.
func (r *Run) keepRun(e earlierRun, report reporters.Report, text packager.Stored) {
	if text.Name != "" {
		e.Text = cache.File{Name: text.Name, Digest: cache.Digest{Hash: text.SHA256, Size: text.Bytes}}
	}
	var err error
	if e.Report, err = r.putPacked(report); err != nil {
		return
	}
	newest, err := r.putPacked(e)
	if err != nil {
		return
	}
	runs := []cache.Digest{newest}
	if older, err := r.store.Result(r.ctx, r.whole.key); err == nil {
		for _, f := range older.Files {
			if f.Digest != newest && len(runs) < maxCandidates {
				runs = append(runs, f.Digest)
			}
		}
	}
	var list cache.Result
	for i, d := range runs {
		list.Files = append(list.Files, cache.File{Name: fmt.Sprintf("run%d", i), Digest: d}) // the newest first
	}
	_ = r.store.SetResult(r.ctx, r.whole.key, list)
}
