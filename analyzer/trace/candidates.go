package trace

import (
	"cmp"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// maxCandidates bounds how many modules one computed specifier can mean.
const maxCandidates = 5000

// tooMany reports whether candidates mean more modules than that. One module may have
// several names.
func tooMany(candidates []Candidate) bool {
	modules := map[string]bool{}
	for _, c := range candidates {
		modules[c.Path] = true
	}
	return len(modules) > maxCandidates
}

// beyond stands for more candidates than are listed.
func beyond() []Candidate {
	all := make([]Candidate, maxCandidates+1)
	for i := range all {
		all[i].Path = strconv.Itoa(i)
		all[i].Specifier = all[i].Path
	}
	return all
}

// candidates lists the modules that a specifier with gaps can mean.
func (t *tracer) candidates(s, base, kind string) []Candidate {
	var out []Candidate
	switch {
	case value.Anchored(value.PlainPath(s)):
		dir, tail, ok := t.split(value.PlainPath(s))
		if !ok {
			return nil
		}
		prefix := dir + "/"
		if dir == "." {
			prefix = ""
		}
		out = t.candidatesIn(dir, prefix, tail, nil)
	case strings.HasPrefix(s, "./"), strings.HasPrefix(s, "../"):
		before, _, _ := strings.Cut(s, value.Gap)
		folder := before[:strings.LastIndexByte(before, '/')+1]
		out = t.candidatesIn(path.Join(base, folder), folder, s[len(folder):], nil)
	case strings.HasPrefix(s, "#"):
		out = t.candidatesByImports(s, base, kind)
	default:
		out = t.candidatesInPackages(s, base, kind)
		if len(out) == 0 && !t.module.installed() {
			out = t.candidatesByPaths(s, base, kind)
		}
	}
	slices.SortFunc(out, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.Specifier, b.Specifier), cmp.Compare(a.Path, b.Path))
	})
	return slices.CompactFunc(out, func(a, b Candidate) bool { return a.Specifier == b.Specifier })
}

// candidatesIn lists the modules below dir whose path, in a spelling that require
// accepts, matches the tail of a pattern. If accept is set, it decides which
// specifier is valid and which file it means.
func (t *tracer) candidatesIn(dir, prefix, tail string, accept func(specifier string) (string, bool)) []Candidate {
	if !fs.ValidPath(dir) {
		return nil
	}
	// As in esbuild, a gap spans several folders only at the start of a path segment,
	// so not in "./handler-" + name. It never does so at a package's root, which
	// contains everything.
	shallow := t.covers(dir) || !strings.HasPrefix(tail, value.Gap)
	if t.covers(dir) && dir != t.module.Dir() && (tail == value.Gap || t.module.installed() && anyPath(tail)) {
		return nil
	}
	files, _, ok := t.walk(dir, shallow && !strings.Contains(tail, "/"), func(name string) bool {
		return loadable(name, t.module.installed()) && len(spellings(name, tail, shallow)) > 0
	})
	if !ok {
		return beyond()
	}
	var out []Candidate
	for _, f := range files {
		if f == t.module.Path {
			continue
		}
		name := strings.TrimPrefix(f, dir+"/")
		for _, spelt := range spellings(name, tail, shallow) {
			c := Candidate{Specifier: prefix + spelt, Path: f}
			if accept != nil {
				if c.Path, ok = accept(c.Specifier); !ok {
					continue
				}
			} else if found, ok := t.Probe(path.Join(dir, spelt)); !ok || found != f {
				continue // require takes another file for this spelling
			}
			out = append(out, c)
		}
	}
	return out
}

// anyPath reports whether the tail of a pattern says nothing, as where a folder and a name
// are both not known.
func anyPath(tail string) bool { return strings.Trim(tail, value.Gap+"/") == "" }

// loadable reports whether a file can be required: code, JSON or an addon. Type
// declarations cannot. Tests in the project's own code are left out too.
func loadable(name string, installed bool) bool {
	ext := path.Ext(name)
	if !codeExtensions[ext] && ext != ".json" && ext != ".node" {
		return false
	}
	base := strings.TrimSuffix(path.Base(name), ext)
	if strings.HasSuffix(base, ".d") && strings.HasSuffix(ext, "ts") {
		return false
	}
	if installed {
		return ext != ".ts" && ext != ".tsx" && ext != ".mts" && ext != ".cts"
	}
	return !strings.HasSuffix(base, ".test") && !strings.HasSuffix(base, ".spec") && !strings.Contains("/"+name, "/__tests__/")
}

// spellings returns the specifiers of a file that match a pattern: its name, its
// name after compiling, its name without extension, and for an index its folder.
func spellings(name, pattern string, shallow bool) (out []string) {
	bare := strings.TrimSuffix(name, path.Ext(name))
	compiled, _ := value.Compiled(name)
	for _, s := range []string{name, compiled, bare, strings.TrimSuffix(bare, "/index")} {
		if (s == name || s != bare || path.Ext(name) != "") && fits(s, pattern, shallow) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// candidatesByImports expands a pattern by the "imports" of package.json
// (https://nodejs.org/api/packages.html#subpath-patterns).
func (t *tracer) candidatesByImports(s, base, kind string) []Candidate {
	pkg := t.packageOf(base)
	v, _ := t.ReadJSON(path.Join(pkg, "package.json"))
	m, _ := v.(map[string]any)
	imports, _ := m["imports"].(map[string]any)
	return t.candidatesByMap(imports, s, pkg, "", base, kind)
}

// candidatesByMap expands a pattern by the keys of an imports or exports map.
func (t *tracer) candidatesByMap(keys map[string]any, s, pkg, name, base, kind string) []Candidate {
	var out []Candidate
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		spelt := key
		if name != "" {
			spelt = path.Join(name, key)
		}
		before, after, star := strings.Cut(spelt, "*")
		if !star {
			if fits(spelt, s, false) {
				if p, ok := t.Resolve(spelt, base, kind); ok {
					out = append(out, Candidate{spelt, p})
				}
			}
			continue
		}
		for _, target := range targets(keys[key], 0) {
			tBefore, tAfter, ok := strings.Cut(target, "*")
			if !ok || !strings.HasPrefix(target, "./") {
				continue
			}
			dir := path.Join(pkg, tBefore[:strings.LastIndexByte(tBefore, '/')+1])
			within := tBefore[strings.LastIndexByte(tBefore, '/')+1:]
			files, _, ok := t.walk(dir, false, func(f string) bool {
				named := t.asNamed(f, tAfter)
				return strings.HasPrefix(named, within) && strings.HasSuffix(named, tAfter) && len(named) >= len(within)+len(tAfter) &&
					loadable(f, t.module.installed())
			})
			if !ok {
				return beyond()
			}
			for _, f := range files {
				rest := strings.TrimPrefix(f, dir+"/")
				named := t.asNamed(rest, tAfter)
				c := before + named[len(within):len(named)-len(tAfter)] + after
				if !fits(c, s, false) {
					continue
				}
				if p, ok := t.Resolve(c, base, kind); ok {
					out = append(out, Candidate{c, p})
				} else if named != rest {
					out = append(out, Candidate{c, f}) // the source of what the map names
				}
			}
		}
	}
	return out
}

// asNamed is the name of a file, or its name after compiling where a map asks for that.
func (t *tracer) asNamed(file, after string) string {
	if compiled, ok := value.Compiled(file); ok && !strings.HasSuffix(file, after) && !t.module.installed() && strings.HasSuffix(compiled, after) {
		return compiled
	}
	return file
}

// targets returns all strings in a target of an imports or exports map.
func targets(v any, depth int) (out []string) {
	if depth > 8 {
		return nil
	}
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, x := range v {
			out = append(out, targets(x, depth+1)...)
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, targets(v[k], depth+1)...)
		}
	}
	return out
}

// packageOf returns the nearest folder that has a package.json.
func (t *tracer) packageOf(dir string) string {
	for ; dir != "." && dir != "/"; dir = path.Dir(dir) {
		if _, err := fs.Stat(t.Files, path.Join(dir, "package.json")); err == nil {
			return dir
		}
	}
	return "."
}

// candidatesInPackages expands a pattern with a gap in the name of a package or
// after it: "@scope/name-" + platform, "pkg/lib/" + x.
func (t *tracer) candidatesInPackages(s, base, kind string) []Candidate {
	segments := 1
	if strings.HasPrefix(s, "@") {
		segments = 2
	}
	parts := strings.SplitN(s, "/", segments+1)
	if len(parts) < segments {
		return nil
	}
	name, rest := strings.Join(parts[:segments], "/"), ""
	if len(parts) > segments {
		rest = parts[segments]
	}
	if strings.HasPrefix(name, value.Gap) || segments == 2 && value.HasGap(parts[0]) {
		return nil
	}
	var out []Candidate
	for _, pkg := range t.packages(name, base) {
		if rest == "" {
			if p, ok := t.Resolve(pkg.name, base, kind); ok {
				out = append(out, Candidate{pkg.name, p})
			}
			continue
		}
		if !value.HasGap(rest) {
			if p, ok := t.Resolve(pkg.name+"/"+rest, base, kind); ok {
				out = append(out, Candidate{pkg.name + "/" + rest, p})
			}
			continue
		}
		v, _ := t.ReadJSON(path.Join(pkg.dir, "package.json"))
		m, _ := v.(map[string]any)
		if exports, ok := m["exports"].(map[string]any); ok {
			out = append(out, t.candidatesByMap(exports, pkg.name+"/"+rest, pkg.dir, pkg.name, base, kind)...)
			continue
		}
		before, _, _ := strings.Cut(rest, value.Gap)
		folder := before[:strings.LastIndexByte(before, '/')+1]
		out = append(out, t.candidatesIn(path.Join(pkg.dir, folder), pkg.name+"/"+folder, rest[len(folder):],
			func(spelt string) (string, bool) { return t.Resolve(spelt, base, kind) })...)
	}
	return out
}

type installedPackage struct{ name, dir string }

// packages finds the installed packages whose name matches, in the node_modules
// folders from base upwards, nearest first.
func (t *tracer) packages(name, base string) (out []installedPackage) {
	scope, short, scoped := strings.Cut(name, "/")
	if !scoped {
		scope, short = "", name
	}
	seen := map[string]bool{}
	for dir := base; ; dir = path.Dir(dir) {
		folder := path.Join(dir, "node_modules", scope)
		if path.Base(dir) == "node_modules" {
			folder = path.Join(dir, scope)
		}
		found := []string{short}
		if value.HasGap(short) {
			found = nil
			entries, _ := fs.ReadDir(t.Files, folder)
			for _, e := range entries {
				if len(entries) <= maxVisited && fits(e.Name(), short, true) && !strings.HasPrefix(e.Name(), ".") {
					found = append(found, e.Name())
				}
			}
		}
		for _, f := range found {
			full := strings.TrimPrefix(scope+"/"+f, "/")
			at := path.Join(folder, f)
			if st, err := fs.Stat(t.Files, at); err == nil && st.IsDir() && !seen[full] {
				seen[full] = true
				out = append(out, installedPackage{full, at})
			}
		}
		if dir == "." || dir == "/" {
			return out
		}
	}
}
