package trace

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// addon reports a reference to native code. It separates the candidates that fit
// the target from those that do not.
func (t *tracer) addon(r Reference) {
	fit := r.Candidates[:0:0]
	for _, c := range r.Candidates {
		if t.fits(c.Path) {
			fit = append(fit, c)
		} else {
			r.Wrong = append(r.Wrong, c)
		}
	}
	r.Candidates = fit
	t.result.Addons = append(t.result.Addons, r)
}

// fits reports whether a native library fits the target, judged by its header.
func (t *tracer) fits(name string) bool {
	p, err := native.ReadFile(t.Files, name)
	return err == nil && p.Fits(t.module.Target)
}

// located returns the value of a locator package's call: an addon, or its path.
func (t *tracer) located(n *js.Node, f value.Value) (value.Value, bool) {
	l, ok := t.locator(n, f)
	if !ok {
		return value.Value{}, false
	}
	if !l.path {
		return value.Value{Thing: "addon"}, true
	}
	v := value.Value{Open: len(l.found) == 0, Unsure: true}
	for _, c := range l.found {
		v.Strings = append(v.Strings, value.RootPath(c.Path))
	}
	return v, true
}

// locate reports a locator package's call.
func (t *tracer) locate(n *js.Node, f value.Value, c context) bool {
	if !strings.HasPrefix(f.Thing, "module:") {
		return false
	}
	l, ok := t.locator(n, f)
	if !ok {
		return false
	}
	arg := n
	if len(n.List) > 0 {
		arg = n.List[0]
	}
	r := t.reference(n, arg, c)
	r.Kind, r.Specifier, r.Base, r.Candidates = l.kind, l.wanted, l.dir, l.found
	t.addon(r)
	return true
}

// location is what one call of a locator package finds.
type location struct {
	kind   string // bindings, node-gyp-build or node-pre-gyp
	wanted string // the name asked for, or the folder searched
	dir    string
	path   bool // the call gives the path, not the addon
	found  []Candidate
}

func (t *tracer) locator(n *js.Node, f value.Value) (location, bool) {
	name, member, _ := strings.Cut(strings.TrimPrefix(f.Thing, "module:"), ".")
	if len(n.List) == 0 {
		return location{}, false
	}
	arg := n.List[0]
	switch name {
	case "bindings":
		if member == "" {
			return t.bindings(t.Eval(arg))
		}
	case "node-gyp-build", "@aminya/node-gyp-build", "node-gyp-build-esm", "pkg-prebuilds/bindings", "node-gyp-build-optional-packages":
		if member == "" || member == "path" || member == "resolve" {
			return t.gypBuild(t.Eval(arg), member != "")
		}
	case "node-pre-gyp", "@mapbox/node-pre-gyp":
		if member == "find" {
			return t.preGyp(t.Eval(arg))
		}
	}
	return location{}, false
}

// bindingsFolders are where the package bindings looks for an addon, in its order
// (https://github.com/TooTallNate/node-bindings, bindings.js, defaults.try).
var bindingsFolders = []string{
	"build", "build/Debug", "build/Release", "out/Debug", "Debug", "out/Release", "Release", "build/default",
	"addon-build/release/install-root", "addon-build/debug/install-root", "addon-build/default/install-root",
}

func (t *tracer) bindings(arg value.Value) (location, bool) {
	if arg.Node != nil && arg.Node.Kind == js.Object {
		arg = t.Property(arg.Node, "bindings")
	}
	name := arg.Only()
	if name == "" {
		return location{}, false
	}
	if path.Ext(name) != ".node" {
		name += ".node"
	}
	l := location{kind: "bindings", wanted: name, dir: t.module.PackageDir}
	for _, dir := range bindingsFolders {
		t.add(&l, path.Join(l.dir, dir, name))
	}
	lib := path.Join(l.dir, "lib/binding")
	files, _, _ := t.walk(lib, false, func(f string) bool { return path.Base(f) == name })
	for _, f := range files {
		t.add(&l, f)
	}
	return l, true
}

func (t *tracer) add(l *location, file string) {
	if st, err := fs.Stat(t.Files, file); fs.ValidPath(file) && err == nil && st.Mode().IsRegular() {
		l.found = append(l.found, Candidate{Specifier: l.wanted, Path: file})
	}
}

// gypBuild looks where node-gyp-build does: first for an addon compiled in place,
// then for the prebuilt addon whose tags fit best
// (https://github.com/prebuild/node-gyp-build, node-gyp-build.js).
func (t *tracer) gypBuild(arg value.Value, wantsPath bool) (location, bool) {
	s, ok := arg.Single()
	if !ok {
		return location{}, false
	}
	dir, ok := t.Relative(s)
	if !ok {
		return location{}, false
	}
	l := location{kind: "node-gyp-build", wanted: dir, dir: dir, path: wantsPath}
	files, _, _ := t.walk(path.Join(dir, "build/Release"), true, isAddon)
	for _, f := range files {
		if t.add(&l, f); t.fits(f) {
			return l, true
		}
	}
	folders := []string{dir}
	if v, ok := t.ReadJSON(path.Join(dir, "package.json")); ok {
		// node-gyp-build-optional-packages, index.js, uses a package for each platform.
		m, _ := v.(map[string]any)
		name, _ := m["name"].(string)
		if name != "" && !strings.HasPrefix(name, "@") {
			name = "@" + name + "/" + name
		}
		for _, p := range t.packages(name+"-"+t.module.Target.OS+"-"+t.module.Target.CPU, dir) {
			folders = append(folders, p.dir)
		}
	}
	for i, folder := range folders {
		best, score := "", -1
		prebuilds, _, _ := t.walk(path.Join(folder, "prebuilds"), false, isAddon)
		if i > 0 {
			more, _, _ := t.walk(folder, true, isAddon)
			prebuilds = append(prebuilds, more...)
		}
		for _, f := range prebuilds {
			if tuple := path.Base(path.Dir(f)); path.Base(path.Dir(path.Dir(f))) == "prebuilds" && !t.tupleFits(tuple) {
				continue
			}
			if s := t.tags(strings.TrimSuffix(path.Base(f), ".node")); s > score && t.fits(f) {
				best, score = f, s
			}
		}
		if best != "" {
			t.add(&l, best)
		}
	}
	return l, true
}

func isAddon(name string) bool { return path.Ext(name) == ".node" }

// tupleFits reads the name of a prebuilds folder, such as darwin-x64+arm64.
func (t *tracer) tupleFits(tuple string) bool {
	os, cpus, _ := strings.Cut(tuple, "-")
	return os == t.module.Target.OS && slices.Contains(strings.Split(cpus, "+"), t.module.Target.CPU)
}

// tags returns how well the name of a prebuilt addon fits. -1 means not at all.
func (t *tracer) tags(name string) int {
	score := 0
	for tag := range strings.SplitSeq(name, ".") {
		switch {
		case tag == "electron" || tag == "node-webkit":
			return -1
		case tag == "glibc" || tag == "musl":
			if tag != t.module.Target.Libc {
				return -1
			}
			score++
		case strings.HasPrefix(tag, "abi"):
			if tag[3:] != native.ABIOf(t.module.Runtime) {
				return -1
			}
			score += 4
		case tag == "napi":
			score += 2
		case tag == "node":
			score++
		}
	}
	return score
}

// preGyp reads "binary" in the package.json at the given path
// (https://github.com/mapbox/node-pre-gyp#configuring).
func (t *tracer) preGyp(arg value.Value) (location, bool) {
	s, ok := arg.Single()
	if !ok {
		return location{}, false
	}
	file, ok := t.Relative(s)
	if !ok {
		return location{}, false
	}
	v, _ := t.ReadJSON(file)
	m, _ := v.(map[string]any)
	binary, _ := m["binary"].(map[string]any)
	folder, _ := binary["module_path"].(string)
	name, _ := binary["module_name"].(string)
	l := location{kind: "node-pre-gyp", dir: path.Dir(file), wanted: name + ".node", path: true}
	if name == "" || strings.ContainsAny(folder+name, value.Marks) {
		return l, true
	}
	folder = placeholders.ReplaceAllStringFunc(folder, func(p string) string {
		switch p {
		case "{platform}":
			return t.module.Target.OS
		case "{arch}":
			return t.module.Target.CPU
		case "{module_name}":
			return name
		case "{configuration}":
			return "Release"
		}
		return value.Gap
	})
	pattern := strings.TrimPrefix(path.Join(folder, name+".node"), "/")
	before, _, _ := strings.Cut(pattern, value.Gap)
	dir := before[:strings.LastIndexByte(before, '/')+1]
	files, _, _ := t.walk(path.Join(l.dir, dir), false, func(f string) bool { return fits(dir+f, pattern, true) })
	for _, f := range files {
		if t.fits(f) {
			t.add(&l, f)
		}
	}
	return l, true
}
