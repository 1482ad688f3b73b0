package node

import (
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/libraries"
	"github.com/featherpack/featherpack/packager/node/prelude"
)

// packageData is what is known of the data of the packages in a bundle.
type packageData struct {
	unread []unreadData
	unseen []string // files, by input, that the tracer does not see and that are read
}

// unreadData are files of a package that nothing reads unless something names one of names.
type unreadData struct {
	dir          string
	files, names *regexp.Regexp
}

// dataOf looks for the names that lead to data of packages in all modules of the bundle
// outside of these packages. A name that is computed is taken for any.
func (b *builder) dataOf(l *linked) (known packageData) {
	dirs := map[string]map[string]bool{} // by name
	for _, input := range l.Reached {
		if dir := installed.PackageDir(input); dir != "" && l.Bytes(input) > 0 {
			name := installed.NameOf(dir)
			if dirs[name] == nil {
				dirs[name] = map[string]bool{}
			}
			dirs[name][dir] = true
		}
	}
	for _, d := range libraries.OfPackages {
		if len(dirs[d.Package]) == 0 {
			continue
		}
		read := d.Names.MatchString(prelude.Texts(l.f.Build)) || b.named(l, d)
		for dir := range dirs[d.Package] {
			switch {
			case !read:
				known.unread = append(known.unread, unreadData{dir, d.Files, d.Names})
			case d.Unseen:
				known.unseen = append(known.unseen, b.filesIn(dir, d.Files)...)
			}
		}
	}
	return known
}

// named reports whether a module of the bundle outside of a package names what leads to
// the package's data, or computes a name of the package.
func (b *builder) named(l *linked, d libraries.Data) bool {
	var binds *regexp.Regexp
	for _, input := range l.Reached {
		file := b.packages.Absolute(input)
		if l.Bytes(input) == 0 || installed.NameOf(installed.PackageDir(input)) == d.Package || !l.resolution.IsCode(file) {
			continue
		}
		text, err := b.packages.ReadModule(file)
		if err != nil || d.Names.Match(text) {
			return true
		}
		if !strings.Contains(string(text), d.Package) {
			continue
		}
		if binds == nil {
			binds = regexp.MustCompile(`(?:\*\s*as\s+|\bimport\s+|\b(?:const|let|var)\s+)([\w$]+)\s*(?:,\s*\{[^}]*\}\s*)?(?:from\s*|=[^;\n]*\b(?:require|import)\s*\(\s*)["']` +
				regexp.QuoteMeta(d.Package) + `["'/]`)
		}
		for _, bound := range binds.FindAllSubmatch(text, -1) {
			if regexp.MustCompile(`(?:^|[^\w$.])` + regexp.QuoteMeta(string(bound[1])) + `(?:\.default)?\s*(?:\?\.)?\[`).Match(text) {
				return true
			}
		}
	}
	return false
}

// filesIn are the files of a package, by input.
func (b *builder) filesIn(dir string, files *regexp.Regexp) (inputs []string) {
	_ = fs.WalkDir(b.packages.Folder(b.packages.Absolute(dir)), ".", func(rel string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err == nil && entry.Type().IsRegular() && files.MatchString(rel) {
			inputs = append(inputs, path.Join(filepath.ToSlash(dir), rel))
		}
		return nil // what cannot be read cannot be shipped
	})
	return inputs
}

// isUnread reports whether nothing reads a file.
func (known packageData) isUnread(input string) bool {
	for _, u := range known.unread {
		if rel, inside := strings.CutPrefix(input, u.dir+"/"); inside && u.files.MatchString(rel) {
			return true
		}
	}
	return false
}

// beside is what is known once the files beside the bundle are: these may name what leads
// to data, and a package among them may have data of its own.
func (b *builder) beside(known packageData, tree *kept.Tree) (better packageData, differs bool) {
	better = packageData{unread: known.unread, unseen: slices.Clone(known.unseen)}
	for _, p := range tree.Packages() {
		dir := b.packages.Relative(p.Dir)
		if !tree.RunsIn(dir) {
			continue
		}
		for _, d := range libraries.OfPackages {
			if d.Package != p.Name || !d.Unseen {
				continue
			}
			for _, input := range b.filesIn(dir, d.Files) {
				if !slices.Contains(better.unseen, input) {
					better.unseen, differs = append(better.unseen, input), true
				}
			}
		}
	}
	if len(known.unread) == 0 {
		return better, differs
	}
	for _, f := range tree.Files() {
		if !tree.Runs(f.Input) {
			continue
		}
		text, err := b.packages.ReadFile(f.Source)
		for _, u := range known.unread {
			if err != nil || !strings.HasPrefix(f.Input, u.dir+"/") && u.names.Match(text) {
				better.unread = nil
				return better, true
			}
		}
	}
	return better, differs
}
