package node

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/builds"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/kept"
	"github.com/featherpack/featherpack/packager/node/prelude"
	"github.com/featherpack/featherpack/packager/node/resolution"
)

// plan holds the decisions about one function that its settings leave open. It
// starts optimistic and only ever becomes more cautious, so planning ends.
type plan struct {
	// esm makes the output an ES module, else it is CommonJS.
	esm bool
	// main lists packages, by folder relative to the root, whose "main" is bundled
	// although they have a "module" build. Sorted.
	main []string
	// swaps lists files of CommonJS builds whose ES build is taken, as one_build.go writes
	// them. Sorted.
	swaps []string
	// copies lists packages, by folder, that an equal copy takes the place of, as
	// one_copy.go writes them. Sorted.
	copies []string
	// reached lists packages, by name, whose computed requires the function may reach, as
	// computed_requires.go says. Sorted.
	reached []string
	// evaluated lists modules, by input, that are evaluated although nothing is lost without
	// them by their package.json, as barrels.go says why. Sorted.
	evaluated []string
	// files lists packages, by name, that stay as files in the zip. Sorted.
	files []string
	// shippedTwice lists those of files that would otherwise be both in the bundle
	// and beside it. Sorted.
	shippedTwice []string
	// dev lists development dependencies, by folder relative to the root, that
	// the function needs after all, since its own code imports them. Sorted.
	dev []string
	// wide makes the project's root the root of the zip, instead of the code's
	// folder: some files are found by a path that leaves that folder.
	wide bool
	// exact treats files whose names differ in case alone as different modules.
	exact bool
	// leftOut lists requests in branches that lead nowhere, as leftOut writes them:
	// code that may never run them must not fail to build. Sorted.
	leftOut []string
	// keepNames keeps the names of classes and functions, keepParameters those of own
	// functions' parameters, where something reads them.
	keepNames, keepParameters bool
	// usesNames lists packages, by folder relative to the root, that use the names of
	// their classes as data. Sorted.
	usesNames []string
	// handedOn lists own modules, by input, that something loads by their path: they
	// are in the bundle, and the files in their places hand them on. Sorted.
	handedOn []string
	// looked lists those of handedOn that nothing imports: whether the function loads
	// them is not certain. Sorted. unbuilt are those of them that have errors.
	looked, unbuilt []string
	// sloppy lists CommonJS modules, by input, that mean something else in the bundle's
	// mode, and are edited or evaluated as texts. Sorted. asTexts are those that the rest of
	// the graph makes so, as locked.go says.
	sloppy, asTexts []string
	// globals lists variables that code of the function may set, so that the pass
	// feature-constants leaves tests for them alone. Sorted.
	globals []string
	// tracer is the name of the tracer that keeps packages as files, if any.
	tracer string
}

// add inserts into a sorted set and reports whether the element was new.
func add(set *[]string, what string) bool {
	i, found := slices.BinarySearch(*set, what)
	if !found {
		*set = slices.Insert(slices.Clone(*set), i, what)
	}
	return !found
}

// job is a function on its way to a bundle.
type job struct {
	f    analyzer.Function
	plan plan
	// packageDir is the absolute folder of the package.json nearest to the entry, or
	// the root.
	packageDir string
	// resolution is what is known of modules under the function's settings.
	resolution *resolution.Resolution
	// unbuilt are the errors of the plan's unbuilt modules.
	unbuilt []api.Message
	// trial is under way where it is not nil; tried means that there is none to come.
	trial *trial
	tried bool
	// guess is that of its plan, as alike.go says; nil without one.
	guess *guess
	// copied are the plan's copies.
	copied []builds.Copy
	// read are the project's own modules that the function has reached under any plan.
	// readsAll is set if it failed under one: then which these were is not known.
	read     map[string]bool
	readsAll bool
}

// plan gives a function its first plan.
func (b *builder) plan(f analyzer.Function) *job {
	j := b.folders(f)
	f = j.f
	j.plan = plan{esm: esmEntry(b.packages, f), keepNames: f.Build.KeepNames == "always"}
	if withoutFetch.MatchString(f.Environment[nodeOptions]) {
		j.plan.globals = []string{"Headers", "Response"}
	}
	j.resolution = b.resolutions.Of(resolution.Settings{
		Options: options(b.Project.Root, f, plan{}), CodeDir: f.CodeDir, Target: targetOf(f), Runtime: f.Runtime,
		NodeEnv: f.Environment[nodeEnv], PackagesNodeEnv: packagesNodeEnv(f), Passes: f.Build.Passes,
		LambdaCredentials: f.Build.SDKCredentials == "lambda",
	})
	return j
}

// withoutFetch matches the option of Node that takes the variables of fetch away.
var withoutFetch = regexp.MustCompile(`--no[-_]experimental[-_]fetch\b`)

// folders is a job of which only the folders are known.
func (b *builder) folders(f analyzer.Function) *job {
	if f.CodeDir == "" {
		f.CodeDir = f.ServiceDir
	}
	return &job{f: f, packageDir: b.packageDir(f)}
}

// packageDir finds the package.json that lists a function's dependencies.
func (b *builder) packageDir(f analyzer.Function) string {
	if dir, m := b.packages.Nearest(b.packages.Absolute(f.SourceDir())); m != nil {
		return dir
	}
	return b.packages.Root()
}

// layout is where files lie in the zip.
func (j *job) layout() kept.Layout {
	if j.plan.wide {
		return "."
	}
	return kept.Layout(j.f.CodeDir)
}

// groups splits jobs by equal settings and plan, in order of first appearance.
func groups(jobs []*job) [][]*job {
	index := map[string]int{}
	var groups [][]*job
	for _, j := range jobs {
		key := j.group()
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], j)
	}
	return groups
}

// group is equal for functions that may share an esbuild call. It holds all build
// settings, the plan, and whatever else modules are resolved and edited by.
func (j *job) group() string {
	settings, p := j.f.Build, j.plan
	settings.Format, settings.KeepNames = "", "" // the plan decides these
	settings.AllowSecrets = nil                  // it concerns checks alone
	settings.EndedRuntimes = nil                 // it concerns discovery alone
	p.shippedTwice, p.tracer = nil, ""           // reasons, without effect on the output
	return fmt.Sprintf("%#v %#v %q", settings, p, []string{
		j.f.Runtime, j.f.Architecture, j.packageDir, j.f.CodeDir, j.f.Environment[nodeEnv],
		strings.Join(resolution.BundleConditions(j.f.Runtime, j.f.Environment[nodeOptions]), " "),
	})
}

// targetOf is the platform that the function runs on. Lambda's Node images are
// Amazon Linux.
func targetOf(f analyzer.Function) native.Platform {
	cpu := "x64"
	if f.Architecture == "arm64" {
		cpu = "arm64"
	}
	return native.Platform{OS: "linux", CPU: cpu, Libc: "glibc", ABI: native.ABIOf(f.Runtime)}
}

// nodeMajors are the major versions of Node, by Lambda's identifier.
// Source: docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
var nodeMajors = map[string]string{
	"nodejs16.x": "16", "nodejs18.x": "18", "nodejs20.x": "20", "nodejs22.x": "22", "nodejs24.x": "24", "nodejs26.x": "26",
}

// esmEntry reports whether the entry is an ES module as Node would read it.
func esmEntry(packages *installed.Tree, f analyzer.Function) bool {
	switch f.Build.Format {
	case "esm":
		return true
	case "cjs":
		return false
	}
	if f.Build.CodeCache != "" { // only a CommonJS program can be compiled ahead
		return false
	}
	return packages.IsESM(f.Entry)
}

// outputName is the bundle's path in the zip: the handler's own path, so that
// the manifest needs no change. Lambda's loader tries .js, .mjs and .cjs. Without
// a package.json, only .mjs is an ES module.
func outputName(f analyzer.Function, p plan) string {
	if p.esm {
		return handlerPath(f) + ".mjs"
	}
	return handlerPath(f) + ".js"
}

// handlerPath is the handler without its export: "src/orders.handler" is
// "src/orders". The export is what follows the first dot of the last segment.
func handlerPath(f analyzer.Function) string {
	dir, base := path.Split(f.Handler)
	stem, _, _ := strings.Cut(base, ".")
	return path.Clean(dir + stem)
}

// options are esbuild's options for a group, without entry points and plugins.
// Measured: charset=utf8 saves 13% where tables would be escaped, and preferring
// "module" saves 18-34% of functions that use the AWS SDK or GraphQL.
func options(root string, f analyzer.Function, p plan) api.BuildOptions {
	b := f.Build
	o := api.BuildOptions{
		AbsWorkingDir:     root,
		Bundle:            true,
		Metafile:          true,
		Write:             false,
		LogLevel:          api.LogLevelSilent,
		LogLimit:          0,
		Platform:          api.PlatformNode,
		Format:            api.FormatCommonJS,
		Charset:           api.CharsetUTF8,
		TreeShaking:       api.TreeShakingTrue,
		MinifyWhitespace:  !b.NoMinify,
		MinifyIdentifiers: !b.NoMinify,
		MinifySyntax:      !b.NoMinify,
		KeepNames:         p.keepNames,
		LegalComments:     api.LegalCommentsNone,
		MainFields:        []string{"module", "main"},
		External:          slices.Clone(b.External),
		Alias:             b.Alias,
		Conditions:        b.Conditions,
		Inject:            b.Inject,
		Define:            map[string]string{nodeEnvDefine: strconv.Quote(packagesNodeEnv(f))},
		Loader:            map[string]api.Loader{},
		Sourcemap:         api.SourceMapExternal,
		SourcesContent:    api.SourcesContentExclude,
		Tsconfig:          b.TSConfig,
	}
	if b.SourceMap == "none" && !(p.keepParameters || p.keepNames && !laidOut(b, p)) { // the passes that keep names read it
		o.Sourcemap = api.SourceMapNone
	}
	if major, ok := nodeMajors[f.Runtime]; ok {
		o.Engines = []api.Engine{{Name: api.EngineNode, Version: major}}
	}
	if b.Target != "" {
		o.Engines, o.Target = parseTarget(b.Target)
	}
	if len(b.MainFields) > 0 {
		o.MainFields = b.MainFields
	}
	if p.esm {
		o.Format = api.FormatESModule
	} else {
		// CommonJS has no import.meta. These names are set by the prelude.
		o.Define["import.meta.url"] = prelude.URLName
		o.Define["import.meta.filename"] = "__filename"
		o.Define["import.meta.dirname"] = "__dirname"
	}
	for key, value := range b.Define {
		o.Define[key] = value
	}
	for extension, name := range b.Loader {
		if loader, ok := loaders[name]; ok {
			o.Loader[extension] = loader
		}
	}
	if b.Banner != "" {
		o.Banner = map[string]string{"js": b.Banner}
	}
	if b.Footer != "" {
		o.Footer = map[string]string{"js": b.Footer}
	}
	if len(p.handedOn) > 0 {
		o.Inject = append(slices.Clone(o.Inject), handedOnName)
	}
	if added := resolution.BundleConditions(f.Runtime, f.Environment[nodeOptions]); len(added) > 0 {
		if o.Conditions == nil {
			o.Conditions = []string{"module"} // what esbuild adds where none is named
		}
		o.Conditions = append(slices.Clip(o.Conditions), added...)
	}
	if b.SDK == "runtime" {
		o.External = append(o.External, "@aws-sdk/*", "@smithy/*")
	}
	return o
}

// loaders are esbuild's loaders that make sense inside a function, by name.
var loaders = map[string]api.Loader{
	"base64": api.LoaderBase64, "binary": api.LoaderBinary, "dataurl": api.LoaderDataURL,
	"empty": api.LoaderEmpty, "js": api.LoaderJS, "json": api.LoaderJSON, "jsx": api.LoaderJSX,
	"text": api.LoaderText, "ts": api.LoaderTS, "tsx": api.LoaderTSX, "css": api.LoaderCSS,
}

// parseTarget reads an esbuild target such as "es2022", "node20" or "es2020,node18".
func parseTarget(text string) ([]api.Engine, api.Target) {
	var engines []api.Engine
	target := api.DefaultTarget
	for part := range strings.SplitSeq(text, ",") {
		part = strings.ToLower(strings.TrimSpace(part))
		if version, ok := strings.CutPrefix(part, "node"); ok {
			engines = append(engines, api.Engine{Name: api.EngineNode, Version: version})
			continue
		}
		if t, ok := targets[part]; ok {
			target = t
		}
	}
	return engines, target
}

var targets = map[string]api.Target{
	"esnext": api.ESNext, "es2015": api.ES2015, "es6": api.ES2015, "es2016": api.ES2016, "es2017": api.ES2017,
	"es2018": api.ES2018, "es2019": api.ES2019, "es2020": api.ES2020, "es2021": api.ES2021,
	"es2022": api.ES2022, "es2023": api.ES2023, "es2024": api.ES2024, "es2025": api.ES2025,
}
