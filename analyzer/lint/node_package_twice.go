package lint

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// copies is a package as it lies in one folder.
type copies struct {
	dir, version string
	inputs       []int
	bytes        int64
}

// smallestCopy is the size from which a second copy of a package is worth a word, in
// bytes before they are zipped.
const smallestCopy = 4 << 10

// packageTwice finds packages of which several copies are in the bundle.
func (f *function) packageTwice() {
	packages := map[string]map[string]*copies{}
	for i, in := range f.Inputs {
		dir := packageDir(in)
		if dir == "" || i >= len(f.Bytes) || f.Bytes[i] == 0 {
			continue
		}
		if packages[in.Package] == nil {
			packages[in.Package] = map[string]*copies{}
		}
		c := packages[in.Package][dir]
		if c == nil {
			c = &copies{dir: dir, version: in.Version}
			packages[in.Package][dir] = c
		}
		c.inputs, c.bytes = append(c.inputs, i), c.bytes+f.Bytes[i]
	}
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		all := slices.SortedFunc(maps.Values(packages[name]), func(a, b *copies) int { return cmp.Or(cmp.Compare(b.bytes, a.bytes), cmp.Compare(a.dir, b.dir)) })
		var extra []int
		var bytes int64
		var where []string
		for i, c := range all {
			where = append(where, fmt.Sprintf("%s in %s", c.version, c.dir))
			if i > 0 {
				extra, bytes = append(extra, c.inputs...), bytes+c.bytes
			}
		}
		if bytes < smallestCopy {
			continue
		}
		hint := "npm dedupe (yarn dedupe, pnpm dedupe) may make them one"
		if against := f.against(name, all); len(against) > 0 {
			it := "it"
			if len(against) > 1 {
				it = "them"
			}
			hint = strings.Join(against, ", ") + ": update " + it + ", or use an override of the package manager"
		} else if slices.ContainsFunc(all, func(c *copies) bool { return major(c.version) != major(all[0].version) }) {
			hint = "let the packages that ask for them agree on a version: update the older one, or use an override of the package manager"
		}
		change := "one of them runs with another version"
		if !slices.ContainsFunc(all, func(c *copies) bool { return c.version != all[0].version }) {
			change = "what each copy keeps for itself is kept once"
		}
		f.found = append(f.found, Advice{
			Diagnostic: analyzer.Diagnostic{
				Code: f.code, Severity: analyzer.Note,
				Message: fmt.Sprintf("%d copies of %s are in the %s: %s", len(all), name, f.holder(extra), strings.Join(where, ", ")), Hint: hint,
			},
			Inputs: extra, Instead: newest(all).dir, Source: "https://docs.npmjs.com/cli/commands/npm-dedupe", BehaviourChanges: change,
		})
	}
}

// mostAgainst is how many packages a hint names.
const mostAgainst = 3

// against are the packages that ask for another version than the newest copy has. It is empty if
// one of the copies suits all, or if what they ask for is not known.
func (f *function) against(name string, all []*copies) (named []string) {
	if f.Requires == nil {
		return nil
	}
	wants := map[string]string{} // by the asking package and its version
	for _, c := range all {
		above := path.Join(c.dir, strings.Repeat("../", strings.Count("node_modules/"+name, "/")+1))
		if versions := f.Requires(above, name); versions != "" && !strings.Contains(above, "node_modules/") {
			wants[path.Join(above, "package.json")] = versions
		}
	}
	for i, in := range f.Inputs {
		dir := packageDir(in)
		if dir == "" || in.Package == name || f.Bytes[i] == 0 {
			continue
		}
		for _, im := range in.Imports {
			if f.Inputs[im.To].Package == name && f.Bytes[im.To] > 0 {
				if versions := f.Requires(dir, name); versions != "" {
					wants[in.Package+" "+in.Version] = versions
				}
			}
		}
	}
	refusing := func(c *copies) (list []string) {
		for _, asking := range slices.Sorted(maps.Keys(wants)) {
			if !accepts(wants[asking], c.version) {
				list = append(list, fmt.Sprintf("%s asks for %s %s", asking, name, wants[asking]))
			}
		}
		return list
	}
	if slices.ContainsFunc(all, func(c *copies) bool { return len(refusing(c)) == 0 }) {
		return nil
	}
	named = refusing(newest(all))
	if len(named) > mostAgainst {
		named = append(named[:mostAgainst:mostAgainst], fmt.Sprintf("and %d more", len(named)-mostAgainst))
	}
	return named
}

// holder is what holds inputs: the bundle, or the zip if some of them are files beside it.
func (f *function) holder(inputs []int) string {
	if slices.ContainsFunc(inputs, func(i int) bool { return f.Inputs[i].Format == "" }) {
		return "zip"
	}
	return "bundle"
}

// newest is the copy with the highest version, the largest one of several.
func newest(all []*copies) *copies {
	best := all[0]
	for _, c := range all[1:] {
		if compareVersions(c.version, best.version) > 0 {
			best = c
		}
	}
	return best
}

// compareVersions compares the numbers of two versions.
func compareVersions(a, b string) int {
	x, y := strings.FieldsFunc(a, notDigit), strings.FieldsFunc(b, notDigit)
	for i := range min(len(x), len(y)) {
		if by := cmp.Or(cmp.Compare(len(x[i]), len(y[i])), cmp.Compare(x[i], y[i])); by != 0 {
			return by
		}
	}
	return cmp.Compare(len(x), len(y))
}

func notDigit(c rune) bool { return c < '0' || c > '9' }

// packageDir is the folder of an input's package, "" for the project's own code.
func packageDir(in analyzer.Input) string {
	if in.Package == "" {
		return ""
	}
	at := strings.LastIndex(in.Path, "node_modules/"+in.Package+"/")
	if at < 0 {
		return ""
	}
	return in.Path[:at+len("node_modules/"+in.Package)]
}

func major(version string) string {
	first, _, _ := strings.Cut(version, ".")
	return first
}
