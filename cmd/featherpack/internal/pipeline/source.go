package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/secrets"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/packager/node"
	"github.com/featherpack/featherpack/packager/node/sourcetree"
	"github.com/featherpack/featherpack/reporters"
)

// Sources holds the source trees of a project's functions, to compare artifacts with.
type Sources struct {
	root string
	node boot.Options
	held map[string]held // by function ID
	need sourcetree.Need

	once sync.Once
	set  *sourcetree.Set
	err  error
}

// NewSources prepares the comparison of the functions of a report, which says what
// their artifacts hold. Close removes what it has made.
func NewSources(root string, report reporters.Report, options boot.Options) *Sources {
	s := &Sources{root: root, node: options, held: map[string]held{}, need: sourcetree.Need{Shipped: map[string]bool{}, Named: map[string]bool{}}}
	inputs := map[string]bool{}
	graph := analyzer.Graph{Inputs: report.Inputs}
	for _, f := range report.Functions {
		if f.Artifact == nil || f.Family != analyzer.Node {
			continue
		}
		h := held{f: f.Function, files: map[string]bool{}, folders: map[string]bool{}, packages: map[string]bool{}}
		for _, e := range f.Artifact.Entries {
			// The root of a zip is the code's folder, or the project's.
			for _, name := range []string{path.Join(f.CodeDir, e.Name), e.Name} {
				h.add(name)
				s.need.Named[name] = true
			}
		}
		if f.EntryInput >= 0 {
			order, _ := graph.Reach(f.EntryInput)
			for _, at := range order {
				name := report.Inputs[at].Path
				h.add(name)
				if in := report.Inputs[at]; in.Package != "" {
					h.packages[in.Package+"@"+in.Version] = true
				}
				if report.Inputs[at].Package == "" && !strings.HasPrefix(name, node.Injected) {
					inputs[name] = true
				}
			}
		}
		for name := range h.files {
			s.need.Shipped[name] = true
		}
		s.held[f.ID] = h
	}
	for name := range inputs {
		s.need.Inputs = append(s.need.Inputs, name)
	}
	slices.Sort(s.need.Inputs)
	return s
}

// Close removes the trees.
func (s *Sources) Close() error {
	if s == nil || s.set == nil {
		return nil
	}
	return s.set.Close()
}

// of returns the source tree of a function, and what its artifact holds. It is nil
// for a function that is not compared: a Go program is its source, linked.
func (s *Sources) of(ctx context.Context, id string, f analyzer.Function) (*boot.Tree, held) {
	if s == nil || f.Family != analyzer.Node {
		return nil, held{}
	}
	h, known := s.held[id]
	if !known {
		h = held{f: f}
	}
	s.once.Do(func() { s.set, s.err = sourcetree.NewSet(s.root, s.node) })
	if s.err != nil {
		return &boot.Tree{Problem: s.err.Error()}, h
	}
	need := s.need
	need.Own = h.files
	h.installed = s.set.Package
	return s.set.Of(ctx, f, need), h
}

// held is what an artifact holds, as files or in its bundle, by path relative to the
// project's root. It is empty if that is unknown.
type held struct {
	f              analyzer.Function
	files, folders map[string]bool
	// packages are those in the bundle, as name@version: one of several equal copies is in it.
	packages map[string]bool
	// installed is a package that is installed in a folder, as name@version.
	installed func(dir string) string
}

func (h held) add(name string) {
	h.files[name] = true
	for dir := path.Dir(name); dir != "." && !h.folders[dir]; dir = path.Dir(dir) {
		h.folders[dir] = true
	}
}

// digest covers what describe depends on.
func (h held) digest() string {
	sum := sha256.New()
	for _, names := range []map[string]bool{h.files, h.packages} {
		for _, name := range slices.Sorted(maps.Keys(names)) {
			fmt.Fprintf(sum, "%q\n", name)
		}
		fmt.Fprintln(sum)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// describe is what a report holds of a comparison. Code files that are modules are
// compared one by one, and those of packages package by package: a package has
// several builds of the same code.
func (h held) describe(c boot.Comparison, event string) *packager.BootSource {
	s := &packager.BootSource{
		Verdict: c.Verdict, Reason: c.Reason, Event: event, Differences: c.Differences, Varying: c.Varying,
		Variables: c.Variables, Programs: c.Programs,
	}
	if h.files == nil {
		return s
	}
	for _, o := range c.Opened {
		switch dir := packageDir(o.File); {
		case h.files[o.File], o.Module && dir != "" && (h.folders[dir] || h.packages[h.installed(dir)]):
		case o.Module && dir != "":
			s.Modules = append(s.Modules, dir)
		case o.Module:
			s.Modules = append(s.Modules, o.File)
		default:
			s.Files = append(s.Files, h.file(o))
		}
	}
	slices.Sort(s.Modules)
	s.Modules = slices.Compact(s.Modules)
	return s
}

// verdicts are those of a comparison, the worst first.
var verdicts = []string{boot.Differs, boot.Undecided, boot.BehavesAsSource, boot.LoadsAsSource, boot.RunsAsSource}

// joined is what the comparisons with two events say together: the worse verdict, and
// all that only the source used.
func joined(a, b *packager.BootSource) *packager.BootSource {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	if slices.Index(verdicts, b.Verdict) < slices.Index(verdicts, a.Verdict) {
		a, b = b, a
	}
	all := *a
	union := func(x, y []string) []string {
		both := slices.Concat(x, y)
		slices.Sort(both)
		return slices.Compact(both)
	}
	all.Modules, all.Variables, all.Programs = union(a.Modules, b.Modules), union(a.Variables, b.Variables), union(a.Programs, b.Programs)
	all.Files = slices.Concat(a.Files, b.Files)
	slices.SortStableFunc(all.Files, func(x, y packager.BootFile) int { return cmp.Compare(x.File, y.File) })
	all.Files = slices.CompactFunc(all.Files, func(x, y packager.BootFile) bool { return x.File == y.File })
	return &all
}

// file says how a file that only the source opened comes into the zip.
func (h held) file(o boot.Opened) packager.BootFile {
	f := packager.BootFile{File: o.File, By: o.By}
	rel := strings.TrimPrefix(o.File, h.f.ServiceDir+"/")
	switch what := secrets.Judge(o.File, nil).What; {
	case what != "":
		f.Reason = "it " + what
	case h.f.ServiceDir != "." && h.f.ServiceDir != "" && rel == o.File:
		f.Reason = "it is outside the service's folder"
	case slices.Contains(codeExtensions, path.Ext(o.File)):
		f.Reason = "it is code, which is bundled if it is imported"
	default:
		f.Include = settings.EscapeGlob(rel)
	}
	return f
}

var codeExtensions = []string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"}

// packageDir is the folder of the installed package that a file belongs to, "" for
// the project's own files.
func packageDir(file string) string {
	const folder = "node_modules/"
	at := strings.LastIndex("/"+file, "/"+folder)
	if at < 0 {
		return ""
	}
	parts := strings.SplitN(file[at+len(folder):], "/", 3)
	if strings.HasPrefix(parts[0], "@") && len(parts) > 1 {
		return file[:at+len(folder)] + parts[0] + "/" + parts[1]
	}
	return file[:at+len(folder)] + parts[0]
}

// compared judges an artifact by the comparison with its source.
func compared(id string, f analyzer.Function, r boot.Result, c boot.Comparison, s *packager.BootSource, strict bool) []analyzer.Diagnostic {
	var all []analyzer.Diagnostic
	switch c.Verdict {
	case boot.Differs:
		all = append(all, problem(analyzer.Error, "boot-differs", id, f, showsLog(id), "does not run as its source: "+c.Reason))
	case boot.Undecided:
		if r.Status == boot.NotRun {
			return []analyzer.Diagnostic{notStarted(id, f, r, strict)}
		}
		severity := analyzer.Warning
		if c.ByBundler {
			severity = analyzer.Note
		}
		if strict {
			severity = analyzer.Error
		}
		message, hint := c.Reason, showsLog(id)
		if r.WantsNetwork || c.Source.WantsNetwork {
			message, hint = "it needs the network", "nothing outside can be reached while a function is checked; "+hint
		}
		all = append(all, problem(severity, "boot-undecided", id, f, hint, "not decided: "+message))
	}
	return append(all, onlySource(id, s)...)
}

// maxFiles is how many files that only the source used are told one by one.
const maxFiles = 10

// onlySource reports the files that only the source used.
func onlySource(id string, s *packager.BootSource) (all []analyzer.Diagnostic) {
	for i, f := range s.Files {
		if i == maxFiles {
			all = append(all, analyzer.Problem(analyzer.Warning, "source-opens", analyzer.Position{}, "featherpack boot "+id+" --json lists them",
				"the source opened %d more files that the zip does not hold", len(s.Files)-maxFiles))
			break
		}
		hint := fmt.Sprintf("if the function needs it there, add include: [%q]; featherpack boot %s --learn adds it", f.Include, id)
		if f.Include == "" {
			hint = "it is not added by itself: " + f.Reason
		}
		all = append(all, analyzer.Problem(analyzer.Warning, "source-opens", f.By, hint, "the source opened %s, which the zip does not hold", f.File))
	}
	for _, name := range s.Modules {
		severity := analyzer.Warning
		if packageDir(name+"/") != "" {
			severity = analyzer.Note // the bundle takes another build of a package, which may need fewer packages
		}
		all = append(all, analyzer.Problem(severity, "source-loads", analyzer.Position{}, "import it, or test it with an event that needs it",
			"the source loaded %s, which the zip neither holds nor inlined", name))
	}
	for _, only := range []struct {
		what, hint string
		names      []string
	}{
		{"read the variable", "the code that reads it may not be in the zip; featherpack boot " + id + " --verbose shows both logs", s.Variables},
		{"started", "test the zip with an event that needs it", s.Programs},
	} {
		for _, name := range only.names {
			all = append(all, analyzer.Problem(analyzer.Warning, "source-uses", analyzer.Position{}, only.hint, "the source %s %s, and the zip did not", only.what, name))
		}
	}
	for i := range all {
		all[i].Function = id
	}
	return all
}
