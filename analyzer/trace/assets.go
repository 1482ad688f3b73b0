package trace

import (
	"io/fs"
	"iter"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// codeExtensions are the extensions of files that are run, not read as data.
var codeExtensions = map[string]bool{
	".js": true, ".cjs": true, ".mjs": true, ".ts": true, ".cts": true, ".mts": true, ".jsx": true, ".tsx": true,
}

// take handles one possible value of a path.
func (t *tracer) take(n *js.Node, s string, u use, c context) {
	if t.isConfig(s) {
		s = "/" + value.CWDMark + "/config"
		u.tree, u.kind, u.folder, u.optional = true, useList, true, true
	} else if value.FromCWD(s) && t.module.installed() && (value.HasGap(s) || u.kind == usePassedOn || u.kind == useList) {
		return // a library searches for its configuration
	}
	if value.HasGap(s) {
		t.takePattern(n, s, u, c)
		return
	}
	rel, ok := t.Relative(s)
	if !ok {
		t.leaves(n, u, c)
		return
	}
	if rel == t.module.Path && !t.starts(n, u) {
		return
	}
	st, err := fs.Stat(t.Files, rel)
	if err == nil && !st.IsDir() && !st.Mode().IsRegular() {
		t.uncertain(n, c, "", "it is not a regular file", false)
		return
	}
	if err == nil && st.IsDir() {
		t.takeFolder(n, s, rel, u, c)
		return
	}
	if u.kind == usePassedOn || u.kind == useCode {
		if file, ok := t.Probe(rel); ok && t.takeCode(n, file, rel, u, c) {
			return
		}
	}
	if err != nil {
		if isGlob(s) && compileGlob(s[globStart(s):]) != nil {
			t.takePattern(n, s, u, c)
			return
		}
		if link := t.strayLink(rel); link != "" && u.kind != useStat {
			t.result.Assets = append(t.result.Assets, Asset{
				Place: t.placeOf(n), Why: t.why(n), Path: rel, Optional: u.optional, Stray: []string{link},
			})
			return
		}
		if p := placeholders.ReplaceAllString(s, value.Gap); p != s {
			t.takePattern(n, p, u, c)
			return
		}
		if u.kind == usePassedOn || u.kind == useStat || value.FromCWD(s) && t.module.installed() {
			return // the code writes there, or checks for a file that does not exist
		}
	}
	t.asset(n, s, u)
}

// isConfig reports whether a path is the folder that the package "config" reads: it
// looks for files by many names there.
// https://github.com/node-config/node-config/wiki/Configuration-Files
func (t *tracer) isConfig(s string) bool {
	const dir = "/" + value.CWDMark + "/config"
	return t.module.installed() && path.Base(t.module.PackageDir) == "config" && (s == dir || strings.HasPrefix(s, dir+"/")) && t.isThere(dir)
}

// leaves reports code that reads outside the project. Such files are not shipped.
func (t *tracer) leaves(n *js.Node, u use, c context) {
	if u.kind == useRead || u.kind == useList || u.kind == useProto || u.kind == useCode {
		t.result.Uncertain = append(t.result.Uncertain, Uncertain{
			Place: t.placeOf(n), Trigger: t.why(n), Reason: "the path leads out of the project", Guarded: c.guarded, Outside: true,
		})
	}
}

// strayLink returns the first symlink in a path that leads outside the project or
// is broken, or "".
func (t *tracer) strayLink(rel string) string {
	if !fs.ValidPath(rel) {
		return ""
	}
	for at := range prefixes(rel) {
		if st, err := fs.Lstat(t.Files, at); err != nil {
			return ""
		} else if st.Mode()&fs.ModeSymlink != 0 {
			if _, err := fs.Stat(t.Files, at); err != nil {
				return at
			}
		}
	}
	return ""
}

// prefixes yields "a", "a/b" and "a/b/c" for "a/b/c".
func prefixes(rel string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range len(rel) {
			if rel[i] == '/' && !yield(rel[:i]) {
				return
			}
		}
		yield(rel)
	}
}

// placeholders match parts of a path that a library fills in: {{lng}}, ${x}, %s.
var placeholders = regexp.MustCompile(`\$?\{\{?[\w.-]+\}?\}|%[sd]`)

// takeCode reports a code file or an addon whose path the code uses. It returns
// false for any other file.
func (t *tracer) takeCode(n *js.Node, file, asked string, u use, c context) bool {
	r := t.reference(n, n, c)
	r.Kind, r.Specifier, r.Base, r.Absolute = "path", asked, ".", true
	r.Candidates = []Candidate{{Specifier: asked, Path: file}}
	if path.Ext(file) == ".node" {
		r.Kind = "require"
		t.addon(r)
		return true
	}
	if !codeExtensions[path.Ext(file)] {
		return false
	}
	if u.kind == useCode || t.isArgument(n) {
		r.Kind = t.startedBy(n)
	}
	if r.Kind == "path" && !t.module.installed() && pools.MatchString(t.Text.Source) {
		r.Kind = "worker"
	}
	t.result.Modules = append(t.result.Modules, r)
	return true
}

// starts reports whether the module whose path n is runs in a thread or a process of its
// own, as a module does that starts itself.
func (t *tracer) starts(n *js.Node, u use) bool {
	return u.kind == useCode || t.isArgument(n) || u.kind == usePassedOn && !t.module.installed() && pools.MatchString(t.Text.Source)
}

// isArgument reports whether n is in the list of arguments that a process is started with.
func (t *tracer) isArgument(n *js.Node) bool {
	list := n.Parent
	if list == nil || list.Kind != js.Array || list.Parent == nil {
		return false
	}
	switch t.Eval(list.Parent.X).Thing {
	case "child_process.spawn", "child_process.spawnSync", "child_process.execFile", "child_process.execFileSync":
		return true
	}
	return false
}

// threads matches what starts a module in a thread or a process by itself.
var threads = regexp.MustCompile(`["'](node:)?(worker_threads|child_process|cluster)["']`)

// pools matches packages that run a module in threads or processes of their own. In a
// module that uses one, the path of another module is meant for it.
var pools = regexp.MustCompile(`["'](piscina|tinypool|workerpool|jest-worker|threads|bree|poolifier|worker-farm|node-worker-threads-pool)["']`)

func (t *tracer) takeFolder(n *js.Node, s, rel string, u use, c context) {
	switch {
	case u.kind == useStat || u.kind == useRead && !u.tree:
		return
	case value.FromCWD(s) && (rel == t.module.CWD || rel == "."):
		if u.kind == useList {
			t.uncertain(n, c, rel, "the working folder is listed", false)
		}
	case rel == t.module.PackageDir && t.returnsPackageFolder(n):
		u.served = true
		t.asset(n, s, u)
	case rel == t.module.PackageDir && t.handsOverFolder(n):
		u.data = true
		t.asset(n, s+"/"+value.Gap, u)
	case t.covers(rel):
		t.uncertain(n, c, rel, "the folder of the package is used as a whole", false)
	case rel == t.module.Dir() && u.kind != useList && t.module.installed():
		// A library that passes its own folder on reads data there. Its code is in the
		// bundle.
		t.asset(n, s+"/"+value.Gap, u)
	case rel == t.module.Dir() && u.kind != useList:
		t.uncertain(n, c, rel, "the folder of the module is used as a whole", false)
	default:
		t.asset(n, s, u)
	}
}

// maxReturningModule bounds the size in bytes of a module that only exports its
// package's folder.
const maxReturningModule = 2 << 10

// returnsPackageFolder reports whether n is returned by a small module of an installed
// package. Such a module exports its package's folder, so that others serve or
// read its files.
func (t *tracer) returnsPackageFolder(n *js.Node) bool {
	return t.module.installed() && len(t.module.Source) <= maxReturningModule &&
		n.Parent != nil && n.Parent.Kind == js.Return && n.Parent.Name != "throw"
}

// handsOverFolder reports whether an installed package passes its own folder to a function
// of another module, which reads data there: translations by
// globalize.SetRootDir(path.join(__dirname, "..")), for example.
func (t *tracer) handsOverFolder(n *js.Node) bool {
	call := n.Parent
	return t.module.installed() && call != nil && (call.Kind == js.Call || call.Kind == js.New) && call.X != n &&
		strings.HasPrefix(t.Eval(call.X).Thing, "module:")
}

// covers reports whether a folder is the package's folder or contains it.
func (t *tracer) covers(dir string) bool {
	p := t.module.PackageDir
	return dir == "." || p == dir || strings.HasPrefix(p, dir+"/")
}

func (t *tracer) takePattern(n *js.Node, s string, u use, c context) {
	dir, tail, ok := t.split(s)
	if !ok {
		t.leaves(n, u, c)
		return
	}
	if tail == value.Gap && t.covers(dir) {
		t.uncertain(n, c, dir, "any file of the package may be meant", false)
		return
	}
	if u.kind == useStat {
		u.optional = true
	}
	if u.kind == useCode || t.isArgument(n) && codeExtensions[path.Ext(tail)] {
		if !t.takeAnyOf(n, s, c) {
			t.uncertain(n, c, dir, "the name of the module is not known", true)
		}
		return
	}
	t.asset(n, s, u)
}

// takeAnyOf reports the modules that a path with gaps can mean, one of which is started.
func (t *tracer) takeAnyOf(n *js.Node, s string, c context) bool {
	found := slices.DeleteFunc(t.candidates(s, t.module.Dir(), "require"), func(c Candidate) bool { return !codeExtensions[path.Ext(c.Path)] })
	if len(found) == 0 || tooMany(found) {
		return false
	}
	r := t.reference(n, n, c)
	r.Kind, r.Base, r.Absolute, r.FromCWD, r.Candidates = t.startedBy(n), ".", true, value.FromCWD(s), found
	r.Pattern = strings.ReplaceAll(path.Base(s), value.Gap, "*")
	t.result.Modules = append(t.result.Modules, r)
	return true
}

// startedBy is the kind of reference to a module that runs by itself.
func (t *tracer) startedBy(n *js.Node) string {
	if p := n.Parent; t.isArgument(n) || p != nil && t.Eval(p.X).Thing == "child_process.fork" {
		return "fork"
	}
	return "worker"
}

// split splits a path with gaps, or a pattern, into the known folder and the rest.
func (t *tracer) split(s string) (dir, tail string, ok bool) {
	before := s
	if i := globStart(s); i >= 0 {
		before = s[:i]
	}
	folder := before[:strings.LastIndexByte(before, '/')+1]
	dir, ok = t.Relative(folder + ".")
	return dir, s[len(folder):], ok
}

// isThere reports whether there is a file or folder of that marked path.
func (t *tracer) isThere(s string) bool {
	rel, ok := t.Relative(s)
	return ok && t.exists(rel)
}

// through returns the folders that a path enters and leaves again by "..".
func (t *tracer) through(s string) (folders []string) {
	for at := 0; ; at += len("/..") {
		i := strings.Index(s[at:], "/..")
		if i < 0 {
			return folders
		}
		at += i
		if after := s[at+len("/.."):]; after != "" && after[0] != '/' {
			continue
		}
		if rel, ok := t.Relative(s[:at]); ok && !value.HasGap(s[:at]) && !slices.Contains(folders, rel) {
			folders = append(folders, rel)
		}
	}
}

// asset reports a file, a folder or a pattern, with the files that exist.
func (t *tracer) asset(n *js.Node, s string, u use) {
	a := Asset{
		Place: t.placeOf(n), Why: t.why(n), Optional: u.optional,
		FromCWD: value.FromCWD(s) || u.fromCWD, Folder: u.folder, Served: u.served, Read: u.kind == useRead || u.kind == useProto,
	}
	if !a.FromCWD {
		a.Through = t.through(s)
	}
	a.Threads = !t.module.installed() && (pools.MatchString(t.Text.Source) || threads.MatchString(t.Text.Source))
	if value.HasGap(s) || isGlob(s) && !t.isThere(s) {
		dir, tail, ok := t.split(s)
		if !ok {
			return
		}
		match := matcher{pattern: tail, shallow: t.covers(dir) && !u.data, code: dir != t.module.Dir() && !u.data}
		if isGlob(tail) {
			match = matcher{glob: compileGlob(tail)}
		}
		a.Pattern = strings.ReplaceAll(path.Join(dir, tail), value.Gap, "*")
		a.Folder = a.Folder || u.kind == useList
		if !t.collect(&a, dir, match) {
			return
		}
		if len(a.Files) == 0 && len(a.Stray) == 0 {
			return // no file matches
		}
	} else {
		rel, ok := t.Relative(s)
		if !ok {
			return
		}
		a.Path = rel
		st, err := fs.Stat(t.Files, rel)
		switch {
		case err != nil && u.optional && u.tree && u.kind == usePassedOn:
			return
		case err != nil:
		case st.IsDir():
			if !t.collect(&a, rel, matcher{pattern: value.Gap, code: true, noMaps: u.served}) {
				return
			}
		default:
			a.Files, a.Bytes = []string{rel}, st.Size()
			t.included(&a, rel)
		}
	}
	if !t.module.installed() && (a.Pattern != "" || len(a.Files) > 1 || len(a.Files) == 1 && a.Files[0] != a.Path) {
		t.included(&a, a.Files...)
	}
	t.result.Assets = append(t.result.Assets, a)
}
