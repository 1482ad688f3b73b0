package node

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/libraries"
	"github.com/featherpack/featherpack/packager/node/pass"
)

// What code reads of functions and classes: their names, and the names of their
// parameters. Minifying changes both.

// parameterReaders are libraries that read the names of a function's parameters from
// its text, and pass arguments by them. The value is the source of that.
var parameterReaders = map[string]string{
	"awilix":                             "injection mode CLASSIC; github.com/jeffijoe/awilix#injection-modes",
	"@fastify/awilix":                    "the same; github.com/fastify/fastify-awilix",
	"awilix-express":                     "the same; github.com/talyssonoc/awilix-express",
	"awilix-koa":                         "the same; github.com/jeffijoe/awilix-koa",
	"async":                              "autoInject; caolan.github.io/async/v3/docs.html#autoInject",
	"dependable":                         "factories are injected by name; github.com/idottv/dependable",
	"fn-args":                            "github.com/sindresorhus/fn-args",
	"get-parameter-names":                "github.com/goatslacker/get-parameter-names",
	"@avejidah/get-parameter-names":      "a fork of get-parameter-names",
	"@captemulation/get-parameter-names": "a fork of get-parameter-names",
	"parse-function":                     "github.com/tunnckoCore/opensource",
	"parse-fn-args":                      "github.com/bigstepinc/parse-fn-args",
	"introspect":                         "github.com/kilianc/node-introspect",
	"injectify":                          "services are injected by name; npmjs.com/package/injectify",
	"di-ninja":                           "github.com/di-ninja/di-ninja",
	"electrolyte":                        "github.com/jaredhanson/electrolyte",
}

// growByReaders plans to keep names that something reads which the function reaches,
// included or not: what is included depends on whether names are kept, as alike.go says.
func (b *builder) growByReaders(l *linked) (grew bool) {
	p := &l.plan
	names, parameters := p.keepNames || l.f.Build.KeepNames == "never", p.keepParameters
	var classes []string
	var own [][]byte
	reads := false
	for _, input := range l.Reached {
		file, dir := b.packages.Absolute(input), installed.PackageDir(input)
		if dir != "" {
			name := installed.NameOf(dir)
			if l.f.Build.KeepNames != "never" && l.resolution.UsesNames(file) {
				names = true
				grew = l.Bytes(input) > 0 && add(&p.usesNames, dir) || grew
			}
			names = names || libraries.NameReaders[name] != ""
			parameters = parameters || parameterReaders[name] != ""
			continue
		}
		if names && parameters || !l.resolution.IsCode(file) {
			continue
		}
		if text, err := b.packages.ReadModule(file); err == nil {
			does := b.ownNames.in(js.File{Path: input, Source: text, Loader: l.resolution.Loader(file)})
			names, parameters, reads = names || does.readsOwn, parameters || does.readsParameters, reads || does.readsAny
			classes, own = append(classes, does.classes...), append(own, text)
		}
	}
	names = names || reads && handedAround(classes, own) || b.declaresCompared(l)
	if names && !p.keepNames && l.f.Build.KeepNames != "never" {
		p.keepNames, grew = true, true
	}
	if parameters && !p.keepParameters {
		p.keepParameters, grew = true, true
	}
	return grew
}

// handedAround reports whether code hands one of its classes to something, so that what
// it reads as x.name may be the class's.
func handedAround(classes []string, texts [][]byte) bool {
	if len(classes) == 0 {
		return false
	}
	value := regexp.MustCompile(`[(,\[:]\s*(?:` + strings.Join(classes, "|") + `)\s*[,)\]}]`)
	typed := regexp.MustCompile(`:\s*(?:` + strings.Join(classes, "|") + `)\s*[,)\]}]`) // a parameter's type
	return slices.ContainsFunc(texts, func(text []byte) bool {
		return len(value.FindAll(text, -1)) > len(typed.FindAll(text, -1))
	})
}

// declaresCompared reports whether the function reaches a class or function with whose
// name code compares that it reaches.
func (b *builder) declaresCompared(l *linked) bool {
	var files []string
	for _, input := range l.Reached {
		if file := b.packages.Absolute(input); l.resolution.IsCode(file) {
			files = append(files, file)
		}
	}
	for name := range l.resolution.NamesCompared(files) {
		declared := b.declares[name]
		if declared == nil {
			declared = map[string]bool{}
			b.declares[name] = declared
		}
		var pattern *regexp.Regexp
		for _, file := range files {
			is, known := declared[file]
			if !known {
				text, err := b.packages.ReadModule(file)
				if err == nil && bytes.Contains(text, []byte(name)) { // much faster than the pattern
					if pattern == nil {
						pattern = regexp.MustCompile(`\b(?:class|function)\s+` + regexp.QuoteMeta(name) + `\b|\b` + regexp.QuoteMeta(name) + `\s*[=:]\s*(?:class|function)\b`)
					}
					is = pattern.Match(text)
				}
				declared[file] = is
			}
			if is {
				return true
			}
		}
	}
	return false
}

// absolutes are the files of what is in the bundle.
func (b *builder) absolutes(l *linked) (files []string) {
	for _, input := range l.Reached {
		if l.Bytes(input) > 0 {
			files = append(files, b.packages.Absolute(input))
		}
	}
	return files
}

// readNames returns what prepares the passes that keep names, where the plan asks for them.
func (b *builder) readNames(s *settled) (prepare func(*pass.Code)) {
	if !s.plan.keepNames && !s.plan.keepParameters {
		return func(*pass.Code) {}
	}
	mapped := !laidOut(s.f.Build, s.plan) && b.ownMaps(s)
	own := func(source string) bool {
		_, input := s.Inputs[source]
		return source != "" && (input || mapped) && installed.PackageDir(installed.Unmark(source)) == ""
	}
	var compared, mentioned map[string]bool
	var reads bool
	if s.plan.keepNames {
		compared = s.resolution.NamesCompared(b.absolutes(s.linked))
		mentioned, reads = b.ownMentions(s.linked)
	}
	return func(c *pass.Code) {
		if c.Origins = c.ReadOrigins(); c.Origins == nil {
			return
		}
		if s.plan.keepParameters {
			c.Parameters = own
		}
		if !s.plan.keepNames {
			return
		}
		c.KeepNamed = func(name string) bool {
			return compared[name] || reads && (mentioned[name] || classOfErrors.MatchString(name))
		}
		readers := map[string]bool{}
		c.Keep = func(source string) pass.Keep {
			if source == pass.Unknown || own(source) {
				return pass.KeepByItself
			}
			dir := installed.PackageDir(installed.Unmark(source))
			needed, known := readers[dir]
			if !known {
				needed = source == "" || s.f.Build.NoMinify || s.f.Build.KeepNames == "always" || b.isReader(s.plan, dir)
				readers[dir] = needed
			}
			if needed {
				return pass.KeepByHelper
			}
			return pass.KeepNone
		}
	}
}

// laidOut reports whether what esbuild says of its layout tells which modules a code comes
// from, so that no source map is needed for that. Parameters have their names in the map
// alone, and the layout does not say which modules get what is injected.
func laidOut(b analyzer.BuildOptions, p plan) bool {
	return !b.NoMinify && !p.keepParameters && len(b.Inject) == 0 && len(p.handedOn) == 0 && b.Footer == ""
}

// origins are those of the linked code, nil where no map was asked for.
func (s *settled) origins(tree *js.Tree) *pass.Origins {
	if tree != nil && laidOut(s.f.Build, s.plan) {
		layout := pass.Layout{Entry: s.Output.EntryPoint, Imports: s.Imports}
		for _, in := range s.Output.Order {
			layout.Modules = append(layout.Modules, pass.Module{Path: in.Input, Bytes: int(in.BytesInOutput)})
		}
		return layout.Origins(tree)
	}
	origins, err := pass.NewOrigins(s.Code, s.SourceMap)
	if err != nil {
		return nil
	}
	return origins
}

// classOfErrors matches the names of classes that own code means most often where it reads
// such a name: it writes what it caught to a log, or counts it.
var classOfErrors = regexp.MustCompile(`(?:Error|Exception)$`)

// ownMentions reports whether own code reads the names of classes, and which of its words may
// be one: switch (e.constructor.name) { case 'NotFound': }, statusOf[e.constructor.name],
// or new Client().constructor.name.
func (b *builder) ownMentions(l *linked) (names map[string]bool, reads bool) {
	names = map[string]bool{}
	for _, input := range l.Reached {
		file := b.packages.Absolute(input)
		if installed.PackageDir(input) != "" || !l.resolution.IsCode(file) {
			continue
		}
		text, err := b.packages.ReadModule(file)
		if err != nil {
			continue
		}
		does := b.ownNames.in(js.File{Path: input, Source: text, Loader: l.resolution.Loader(file)})
		reads = reads || does.readsClass
		for _, name := range does.mentioned {
			names[name] = true
		}
	}
	return names, reads
}

// ownMaps reports whether own code in the bundle brings source maps. A source that is no
// input may then be its own. Else it is of a package, whose maps may lead anywhere, such
// as webpack:///src/core.js.
func (b *builder) ownMaps(s *settled) bool {
	return slices.ContainsFunc(s.Reached, func(input string) bool {
		file := b.packages.Absolute(input)
		if s.Bytes(input) == 0 || installed.PackageDir(input) != "" || !s.resolution.IsCode(file) {
			return false
		}
		text, err := b.packages.ReadModule(file)
		return err == nil && bytes.Contains(text, []byte("sourceMappingURL="))
	})
}

// isReader reports whether a package reads names, or lists one that does: then its own
// classes may be what is read.
func (b *builder) isReader(p plan, dir string) bool {
	if libraries.NameReaders[installed.NameOf(dir)] != "" || slices.Contains(p.usesNames, dir) {
		return true
	}
	if dir == "" {
		return false // a source that a map names, of no known package
	}
	readers := slices.Collect(maps.Keys(libraries.NameReaders))
	for _, dir := range p.usesNames {
		readers = append(readers, installed.NameOf(dir))
	}
	m := b.packages.Manifest(b.packages.Absolute(dir))
	return m != nil && slices.ContainsFunc(readers, m.DependsOn)
}
