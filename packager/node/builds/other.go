package builds

import (
	"bytes"
	"encoding/json"
	"path"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
)

// other is the input of the ES build that belongs to what an edge leads to, "" without
// one: what an import gets there, the same file as .mjs, or what a condition hides.
func (c *Comparer) other(e edge) string {
	name := js.PackageName(e.Original)
	if name == "" {
		return ""
	}
	dir := filepath.Dir(c.packages.Absolute(e.importer))
	if c.hasOneBuild(dir, name, e.Path) {
		// esbuild need not be asked
	} else if got := c.resolution.Ask(c.build, dir, e.Original, api.ResolveJSImportStatement); len(got.Errors) == 0 && got.Namespace == "file" {
		if to := c.packages.Relative(got.Path); to != e.Path && c.isModule(to) {
			return to
		}
	}
	if stem, ok := strings.CutSuffix(e.Path, ".js"); ok && c.isModule(stem+".mjs") {
		return stem + ".mjs"
	}
	return c.hidden(installed.PackageDir(e.Path), "."+strings.TrimPrefix(e.Original, name), e.Path)
}

// hasOneBuild reports whether the package.json of a package that a request leads into has
// nothing but main, which an import and a require read alike.
func (c *Comparer) hasOneBuild(dir, name, input string) bool {
	for _, field := range c.resolution.Options.MainFields {
		if field != "main" && field != "module" {
			return false
		}
	}
	at := c.packages.Find(dir, name)
	if at == "" || c.packages.Relative(at) != installed.PackageDir(input) {
		return false
	}
	m := c.packages.Manifest(at)
	return m != nil && m.Exports == nil && m.Module == ""
}

// isModule reports whether an input is there and is an ES module.
func (c *Comparer) isModule(input string) bool {
	is, known := c.modules[input]
	if !known {
		if c.packages.IsFile(c.packages.Absolute(input)) {
			tree, err := c.read(input)
			is = err == nil && tree.Module
		}
		c.modules[input] = is
	}
	return is
}

// unset are conditions that Node does not set and that name a build by its format alone,
// and those that hold wherever none other does.
var unset = map[string]bool{"es2015": true, "es2020": true, "module": true, "esm": true, "import": true, "default": true}

// hidden finds an ES build that exports lists behind the branch that Node takes. Node never
// runs it, so it must be the same module by module.
func (c *Comparer) hidden(dir, subpath, from string) string {
	m := c.packages.Manifest(c.packages.Absolute(dir))
	if m == nil || len(m.Exports) == 0 {
		return ""
	}
	for _, target := range targets(m.Exports, subpath) {
		to := path.Join(dir, target)
		if to != from && c.isModule(to) {
			if c.moduleByModule(from, to) {
				return to
			}
			return ""
		}
	}
	return ""
}

// maxConditions bounds how deep the conditions of exports lie in each other.
const maxConditions = 20

// targets are the files that exports has for a subpath under conditions of unset, in order.
func targets(exports json.RawMessage, subpath string) (files []string) {
	var subpaths map[string]json.RawMessage
	if json.Unmarshal(exports, &subpaths) != nil {
		return nil
	}
	branch := subpaths[subpath]
	if subpath == "." && branch == nil {
		branch = exports
	}
	var follow func(branch json.RawMessage, depth int)
	follow = func(branch json.RawMessage, depth int) {
		if depth > maxConditions {
			return
		}
		var file string
		if json.Unmarshal(branch, &file) == nil {
			files = append(files, file)
			return
		}
		d := json.NewDecoder(bytes.NewReader(branch))
		if start, err := d.Token(); err != nil || start != json.Delim('{') {
			return
		}
		for d.More() {
			var inner json.RawMessage
			key, err := d.Token()
			if err != nil || d.Decode(&inner) != nil {
				return
			}
			if condition, _ := key.(string); unset[condition] {
				follow(inner, depth+1)
			}
		}
	}
	follow(branch, 0)
	return files
}

// maxModules bounds how many modules of two builds are compared.
const maxModules = 1000

// moduleByModule reports whether every module of an ES build has one of the same place and
// name in the CommonJS build, with the same exports and the same requests for packages. A build
// that was written for another platform differs in one of them.
func (c *Comparer) moduleByModule(from, to string) bool {
	fromDir, toDir := path.Dir(from), path.Dir(to)
	seen := map[string]bool{to: true}
	queue := []string{to}
	for i := 0; i < len(queue); i++ {
		if len(queue) > maxModules {
			return false
		}
		rel, err := filepath.Rel(toDir, queue[i])
		if err != nil {
			return false
		}
		twin := path.Join(fromDir, filepath.ToSlash(rel))
		mine, its := c.exportsOf(queue[i]), c.exportsOf(twin)
		if !mine.known || !its.known || mine.commonJS || !mine.equal(its) {
			return false
		}
		packages, relative := c.requests(queue[i])
		itsPackages, _ := c.requests(twin)
		for name := range itsPackages {
			if name != "tslib" && !packages[name] {
				return false
			}
		}
		for name := range packages {
			if name != "tslib" && !itsPackages[name] {
				return false
			}
		}
		for _, specifier := range relative {
			file, _ := c.resolution.Find(c.build, filepath.Dir(c.packages.Absolute(queue[i])), specifier, api.ResolveJSImportStatement)
			if file == "" {
				return false
			}
			if next := c.packages.Relative(file); !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return true
}

// requests are the packages that an input imports, and its relative imports.
func (c *Comparer) requests(input string) (packages map[string]bool, relative []string) {
	packages = map[string]bool{}
	for _, s := range c.resolution.Requests(c.packages.Absolute(input)) {
		if strings.HasPrefix(s.Name, ".") {
			relative = append(relative, s.Name)
		} else {
			packages[strings.TrimPrefix(s.Name, "node:")] = true
		}
	}
	return packages, relative
}
