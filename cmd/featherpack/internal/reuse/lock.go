package reuse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// lockfiles are those of the package managers.
var lockfiles = []string{"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"}

// lock is what the lockfiles in a folder and those above it say.
type lock struct {
	sum string // a digest of their contents
	// files are their names, relative to the root.
	files []string
}

// lock returns that of a function.
func (r *Run) lock(f analyzer.Function) lock {
	l, known := r.locks[f.SourceDir()]
	if known {
		return l
	}
	sum := sha256.New()
	for dir := f.SourceDir(); ; dir = path.Dir(dir) {
		for _, name := range lockfiles {
			at := path.Join(dir, name)
			if p, err := r.now.Judge(at); err == nil && p.Info.Mode().IsRegular() {
				text, err := r.index.Hash(p.Path, p.Info)
				fmt.Fprintf(sum, "%s %s %v\n", at, text, err)
				l.files = append(l.files, at)
			}
		}
		if dir == "." || dir == "/" || dir == ".." {
			break
		}
	}
	l.sum = hex.EncodeToString(sum.Sum(nil))
	r.locks[f.SourceDir()] = l
	return l
}

const maxLockfile = 64 << 20

// versions are those of the packages in the lockfiles, by name. A package that is installed
// twice has both.
func (r *Run) versions(l lock) map[string]string {
	all := map[string]string{}
	for _, name := range l.files {
		text, err := r.now.Read(name, maxLockfile)
		if err != nil {
			continue
		}
		for name, versions := range lockedVersions(path.Base(name), text) {
			slices.Sort(versions)
			all[name] = strings.Join(slices.Compact(versions), " and ")
		}
	}
	return all
}

// lockedVersions reads the versions in a lockfile. They only explain why a function is
// built: a lockfile that is not understood has none.
func lockedVersions(file string, text []byte) map[string][]string {
	all := map[string][]string{}
	add := func(name, version string) { all[name] = append(all[name], version) }
	switch file {
	case "package-lock.json", "npm-shrinkwrap.json":
		var lock struct {
			Packages map[string]struct{ Version string }
		}
		if json.Unmarshal(text, &lock) != nil {
			return nil
		}
		for at, p := range lock.Packages {
			if i := strings.LastIndex("/"+at, "/node_modules/"); i >= 0 && p.Version != "" {
				add(at[i+len("node_modules/"):], p.Version)
			}
		}
	case "yarn.lock":
		name := ""
		for line := range bytes.Lines(text) {
			if m := yarnPackage.FindSubmatch(line); m != nil {
				name = string(m[1])
			} else if m := yarnVersion.FindSubmatch(line); m != nil && name != "" {
				add(name, string(m[1]))
				name = ""
			}
		}
	case "pnpm-lock.yaml":
		for _, m := range pnpmPackage.FindAllSubmatch(text, -1) {
			add(string(m[1]), string(m[2]))
		}
	case "bun.lock":
		for _, m := range bunPackage.FindAllSubmatch(text, -1) {
			add(string(m[1]), string(m[2]))
		}
	}
	return all
}

var (
	yarnPackage = regexp.MustCompile(`^"?((?:@[^/@"\s]+/)?[^@"\s:#]+)@`)
	yarnVersion = regexp.MustCompile(`^  version:? "?([^"\s]+)`)
	pnpmPackage = regexp.MustCompile(`(?m)^  ['"]?/?((?:@[^/@'"\s]+/)?[^/@'"\s]+)[@/]([0-9][^'"()\s:]*)(?:\([^:]*)?['"]?:`)
	bunPackage  = regexp.MustCompile(`(?m)^\s+"[^"]+": \["((?:@[^/@"]+/)?[^@"]+)@([0-9][^"]*)"`)
)
