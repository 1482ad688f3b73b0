package settings

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// buildKey is a key of "build" and of an entry of "override".
type buildKey struct {
	name string
	read func(c *Checker, v *yamltree.Value, where string) declared.Setting
}

// buildKeyList lists all the keys in the order of the documentation.
var buildKeyList = []buildKey{
	{"minify", func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		is, ok := c.Truth(v, where)
		return when(ok, func(b *analyzer.BuildOptions) { b.NoMinify = !is })
	}},
	{"sourcemap", choice(func(b *analyzer.BuildOptions) *string { return &b.SourceMap }, "external", "zip", "none")},
	{"sdk", choice(func(b *analyzer.BuildOptions) *string { return &b.SDK }, "bundle", "runtime")},
	{"sdkCredentials", choice(func(b *analyzer.BuildOptions) *string { return &b.SDKCredentials }, "all", "lambda")},
	{"external", list(func(b *analyzer.BuildOptions) *[]string { return &b.External })},
	{"include", readInclude},
	{"keepNames", func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		// true means always, and false means never.
		if is, ok := v.Truth(); ok {
			keep := map[bool]string{true: "always", false: "never"}[is]
			return when(true, func(b *analyzer.BuildOptions) { b.KeepNames = keep })
		}
		return choice(func(b *analyzer.BuildOptions) *string { return &b.KeepNames }, "auto", "always", "never")(c, v, where)
	}},
	{"codeCache", func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		if is, ok := v.Truth(); ok {
			return when(true, func(b *analyzer.BuildOptions) { b.CodeCache = map[bool]string{true: "on"}[is] })
		}
		return choice(func(b *analyzer.BuildOptions) *string { return &b.CodeCache }, "off", "on", "auto")(c, v, where)
	}},
	{"codeCacheVersions", func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		l, ok := c.Texts(v, where)
		for _, version := range l {
			if ok && !nodeVersions.MatchString(version) {
				c.Fail(v.At, "list versions of Node, such as 22.23.3, or newest", "%s cannot hold %q", where, version)
				ok = false
			}
		}
		return when(ok, func(b *analyzer.BuildOptions) { b.CodeCacheVersions = slices.Clone(l) })
	}},
	{"target", func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		s, ok := c.Text(v, where)
		if ok && !targets.MatchString(s) {
			c.Fail(v.At, "use a version of ECMAScript or of Node, such as es2022, node22 or es2022,node20", "%s cannot be %q", where, v.Shown())
			ok = false
		}
		return when(ok, func(b *analyzer.BuildOptions) { b.Target = s })
	}},
	{"format", choice(func(b *analyzer.BuildOptions) *string { return &b.Format }, "auto", "cjs", "esm")},
	{"mainFields", list(func(b *analyzer.BuildOptions) *[]string { return &b.MainFields })},
	{"conditions", list(func(b *analyzer.BuildOptions) *[]string { return &b.Conditions })},
	{"define", table(func(b *analyzer.BuildOptions) *map[string]string { return &b.Define })},
	{"loader", table(func(b *analyzer.BuildOptions) *map[string]string { return &b.Loader }, LoaderNames...)},
	{"alias", table(func(b *analyzer.BuildOptions) *map[string]string { return &b.Alias })},
	{"inject", list(func(b *analyzer.BuildOptions) *[]string { return &b.Inject })},
	{"banner", one(func(b *analyzer.BuildOptions) *string { return &b.Banner })},
	{"footer", one(func(b *analyzer.BuildOptions) *string { return &b.Footer })},
	{"passes", readPasses},
	{"tsconfig", one(func(b *analyzer.BuildOptions) *string { return &b.TSConfig })},
	{"allowSecrets", list(func(b *analyzer.BuildOptions) *[]string { return &b.AllowSecrets })},
	{"endedRuntimes", func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		l, ok := c.Texts(v, where)
		for _, name := range l {
			if ok && !slices.Contains(declared.EndedRuntimes(), name) {
				c.Fail(v.At, "it lists some of "+strings.Join(declared.EndedRuntimes(), ", "), "%s cannot hold %q", where, name)
				ok = false
			}
		}
		return when(ok, func(b *analyzer.BuildOptions) { b.EndedRuntimes = slices.Clone(l) })
	}},
	{"tags", list(func(b *analyzer.BuildOptions) *[]string { return &b.Tags })},
	{"ldflags", list(func(b *analyzer.BuildOptions) *[]string { return &b.LDFlags })},
	{"cgo", func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		is, ok := c.Truth(v, where)
		return when(ok, func(b *analyzer.BuildOptions) { b.CGO = is })
	}},
}

// LoaderNames are the esbuild loaders that put their result into the bundle
// itself.
var LoaderNames = []string{"base64", "binary", "css", "dataurl", "empty", "js", "json", "jsx", "text", "ts", "tsx"}

// targets matches esbuild's targets that a Lambda function can run on.
var targets = regexp.MustCompile(`(?i)^ *(esnext|es6|es20(1[5-9]|2[0-5])|node[0-9]+(\.[0-9]+){0,2})( *, *(esnext|es6|es20(1[5-9]|2[0-5])|node[0-9]+(\.[0-9]+){0,2}))* *$`)

// nodeVersions matches what codeCacheVersions may hold.
var nodeVersions = regexp.MustCompile(`^(?:newest|[0-9]+\.[0-9]+\.[0-9]+)$`)

// BuildKeys returns the names of all the keys.
func BuildKeys() []string {
	names := make([]string, len(buildKeyList))
	for i, k := range buildKeyList {
		names[i] = k.name
	}
	return names
}

// ReadBuild reads a mapping of build settings in the order of buildKeyList. It
// ignores unknown keys, which the caller checks.
func ReadBuild(c *Checker, v *yamltree.Value, where string) []declared.Setting {
	var settings []declared.Setting
	for _, k := range buildKeyList {
		if at := v.Get(k.name); at.Has() {
			if s := k.read(c, at, where+"."+k.name); s != nil {
				settings = append(settings, s)
			}
		}
	}
	return settings
}

// ReadSetting reads one setting by its key. It returns nil if there is no such
// key, or if the value is wrong; the checker then has a problem.
func ReadSetting(c *Checker, name string, v *yamltree.Value, where string) declared.Setting {
	for _, k := range buildKeyList {
		if k.name == name {
			return k.read(c, v, where)
		}
	}
	return nil
}

func readInclude(c *Checker, v *yamltree.Value, where string) declared.Setting {
	patterns, ok := c.Patterns(v, where)
	if !ok {
		return nil
	}
	return func(f *analyzer.Function) { f.Patterns = append(slices.Clip(f.Patterns), patterns...) }
}

// readPasses reads which passes are on and which are off: true, false, on or off for
// each.
func readPasses(c *Checker, v *yamltree.Value, where string) declared.Setting {
	if !c.Mapping(v, where) {
		return nil
	}
	on, wrong := map[string]bool{}, false
	for i, k := range v.Keys {
		is, ok := onOrOff(c, v.Items[i], where+"."+k.Name)
		switch names := analyzer.PassNames(); {
		case slices.Contains(names, k.Name):
			on[k.Name] = is
		case slices.ContainsFunc(analyzer.Passes, func(p analyzer.Pass) bool { return p.Name == k.Name }):
			c.Fail(k.At, "remove it", "the pass %q is always on: code may not run without it", k.Name)
			ok = false
		default:
			hint := "the passes are " + strings.Join(names, ", ")
			if near := analyzer.Nearest(k.Name, names); near != "" {
				hint = "did you mean " + near + "? " + hint
			}
			c.Fail(k.At, hint, "there is no pass %q", k.Name)
			ok = false
		}
		wrong = wrong || !ok
	}
	return when(!wrong, func(b *analyzer.BuildOptions) {
		for _, name := range slices.Sorted(maps.Keys(on)) {
			b.Passes = b.Passes.With(name, on[name])
		}
	})
}

// onOrOff reads a switch.
func onOrOff(c *Checker, v *yamltree.Value, where string) (on, ok bool) {
	if is, ok := v.Truth(); ok && v.Kind == yamltree.Boolean {
		return is, true
	}
	switch s, _ := c.OneOf(v, where, "on", "off"); s {
	case "on":
		return true, true
	case "off":
		return false, true
	}
	return false, false
}

func when(ok bool, set func(*analyzer.BuildOptions)) declared.Setting {
	if !ok {
		return nil
	}
	return func(f *analyzer.Function) { set(&f.Build) }
}

// choice reads a key with a few possible values. The first is the default and is
// stored as "", so that writing it out does not change a function's group.
func choice(field func(*analyzer.BuildOptions) *string, choices ...string) func(*Checker, *yamltree.Value, string) declared.Setting {
	return func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		s, ok := c.OneOf(v, where, choices...)
		if s == choices[0] {
			s = ""
		}
		return when(ok, func(b *analyzer.BuildOptions) { *field(b) = s })
	}
}

func one(field func(*analyzer.BuildOptions) *string) func(*Checker, *yamltree.Value, string) declared.Setting {
	return func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		s, ok := c.Text(v, where)
		return when(ok, func(b *analyzer.BuildOptions) { *field(b) = s })
	}
}

func list(field func(*analyzer.BuildOptions) *[]string) func(*Checker, *yamltree.Value, string) declared.Setting {
	return func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		l, ok := c.Texts(v, where)
		return when(ok, func(b *analyzer.BuildOptions) { *field(b) = slices.Clone(l) })
	}
}

// table reads a mapping of texts and adds its entries to those set before. If
// there are choices, each text must be one of them.
func table(field func(*analyzer.BuildOptions) *map[string]string, choices ...string) func(*Checker, *yamltree.Value, string) declared.Setting {
	return func(c *Checker, v *yamltree.Value, where string) declared.Setting {
		m, ok := c.TextMap(v, where)
		for i := 0; ok && i < len(v.Keys) && len(choices) > 0; i++ {
			_, ok = c.OneOf(v.Items[i], where+"."+v.Keys[i].Name, choices...)
		}
		return when(ok, func(b *analyzer.BuildOptions) {
			merged := maps.Clone(*field(b))
			if merged == nil {
				merged = map[string]string{}
			}
			maps.Copy(merged, m)
			*field(b) = merged
		})
	}
}
