package migrate

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/featherpack/featherpack/analyzer/goflags"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// serverlessTool is a tool that is configured in a serverless.yml.
type serverlessTool struct {
	name string
	// plugin means that the tool works only if plugins lists it.
	plugin bool
	at     []string // the keys that lead to its options
	remove string
	// scalar is the remark if the options are a single word and not a mapping.
	scalar    string
	options   map[string]option
	functions map[string]string // options of a function, and why they have no equivalent
}

var serverlessTools = []serverlessTool{
	{"serverless-esbuild", true, []string{"custom", "esbuild"}, "custom.esbuild", "", serverlessEsbuildOptions, map[string]string{
		"skipEsbuild":       "featherpack packages every function whose runtime it supports, except those with a package.artifact or an image",
		"esbuildEntrypoint": "featherpack starts from the handler: point the handler to the source, or list the function in featherpack.yaml",
		"disposeContext":    "a build leaves no context behind",
	}},
	{"serverless-webpack", true, []string{"custom", "webpack"}, "custom.webpack, and webpack.config.js if nothing else uses it", webpackConfigWhy, webpackOptions, nil},
	{"serverless-go-plugin", true, []string{"custom", "go"}, "custom.go except baseDir, which featherpack reads", "", goPluginOptions, nil},
	{"serverless (build.esbuild)", false, []string{"build", "esbuild"}, "build.esbuild, replaced by build: {esbuild: false}", "", frameworkOptions, nil},
}

// otherPackagers are other plugins that make artifacts. Their options are not
// read.
var otherPackagers = map[string]string{
	"serverless-bundle":                      "its options are not read",
	"serverless-plugin-typescript":           "its options are not read; TypeScript needs no plugin",
	"serverless-plugin-optimize":             "its options are not read",
	"serverless-jetpack":                     "its options are not read",
	"serverless-plugin-common-excludes":      "featherpack ships only files that are needed",
	"serverless-plugin-include-dependencies": "featherpack finds the files that are needed and ships only those",
}

// Reasons that several options share.
const (
	always           = "featherpack always does this"
	byHandler        = "featherpack builds the handlers and chooses the output paths"
	byLockfile       = "--install runs the package manager of the lockfile"
	notInstalledWhy  = "packages are bundled, or traced file by file from the installed tree; nothing is installed for the zip"
	ownAffair        = "featherpack limits its own memory use and reuses earlier results"
	webpackConfigWhy = "featherpack does not run this program: write its externals as external, DefinePlugin as define, and resolve.alias as alias; TypeScript and JSON need no loader"
	logWhy           = "use --verbose or --quiet"
	syntaxWhy        = "minify turns all of it on or off"
	mangleWhy        = "properties are never renamed, because that is not safe in general"
	jsxWhy           = "tsconfig.json sets how JSX is compiled"
)

// esbuildOptions are esbuild's. Source: esbuild.github.io/api, version 0.28.
var esbuildOptions = map[string]option{
	"minify":     {setting: "minify"},
	"target":     {convert: convertTarget, lost: true},
	"format":     {convert: convertFormat, lost: true},
	"sourcemap":  {convert: convertSourceMap, lost: true},
	"keepNames":  {convert: convertKeepNames},
	"define":     {setting: "define"},
	"banner":     {setting: "banner"},
	"footer":     {setting: "footer"},
	"loader":     {convert: convertLoader, lost: true},
	"alias":      {setting: "alias"},
	"mainFields": {setting: "mainFields"},
	"conditions": {setting: "conditions"},
	"inject": {convert: func(r *toolReading, v *yamltree.Value) ([]keyValue, string) {
		return []keyValue{{"inject", r.rooted(v)}}, ""
	}},
	"tsconfig": {convert: func(r *toolReading, v *yamltree.Value) ([]keyValue, string) {
		return []keyValue{{"tsconfig", r.rooted(v)}}, ""
	}},
	"platform": {convert: convertPlatform, lost: true},

	"bundle":            {convert: mustBe("true", always, "functions are always bundled"), lost: true},
	"external":          {why: "such a package is bundled, or ships as files if it cannot be bundled; list it in external only if a layer provides it"},
	"packages":          {why: notInstalledWhy},
	"treeShaking":       {why: always},
	"charset":           {why: "it is always utf8"},
	"legalComments":     {why: "licences go into a file beside the zip"},
	"metafile":          {why: "report.json holds the import graph"},
	"sourcesContent":    {why: "maps hold the project's own text; --sourcemap-packages adds that of packages"},
	"sourceRoot":        {why: "source maps are beside the zip and have relative paths", lost: true},
	"splitting":         {why: "a function is one file, and zips cannot share chunks", lost: true},
	"plugins":           {why: "plugins are programs in JavaScript and are not run; define, alias and loader replace many", lost: true},
	"resolveExtensions": {why: "esbuild's own order is kept", lost: true},
	"nodePaths":         {why: "packages are found as Node finds them", lost: true},
	"preserveSymlinks":  {why: "links are followed, as Node does", lost: true},
	"absWorkingDir":     {why: "it is the project's root"},
	"drop":              {why: "featherpack removes only code that has no effect", lost: true},
	"dropLabels":        {why: "featherpack removes only code that has no effect", lost: true},
	"pure":              {why: "mark the calls in the source, with /* @__PURE__ */", lost: true},
	"ignoreAnnotations": {why: "correct the package, or list its files under include", lost: true},
	"supported":         {why: "set target instead", lost: true},
	"tsconfigRaw":       {why: "write it to a file, and name that with tsconfig", lost: true},
	"minifyWhitespace":  {why: syntaxWhy, lost: true}, "minifyIdentifiers": {why: syntaxWhy, lost: true}, "minifySyntax": {why: syntaxWhy, lost: true},
	"lineLimit":   {why: "the code is not broken into lines", lost: true},
	"mangleProps": {why: mangleWhy, lost: true}, "reserveProps": {why: mangleWhy}, "mangleQuoted": {why: mangleWhy, lost: true}, "mangleCache": {why: mangleWhy},
	"jsx": {why: jsxWhy, lost: true}, "jsxFactory": {why: jsxWhy, lost: true}, "jsxFragment": {why: jsxWhy, lost: true},
	"jsxImportSource": {why: jsxWhy, lost: true}, "jsxDev": {why: jsxWhy, lost: true}, "jsxSideEffects": {why: jsxWhy, lost: true},
	"entryPoints": {why: byHandler}, "stdin": {why: byHandler}, "outdir": {why: byHandler}, "outfile": {why: byHandler}, "outbase": {why: byHandler},
	"outExtension": {why: byHandler}, "entryNames": {why: byHandler}, "chunkNames": {why: byHandler}, "assetNames": {why: byHandler},
	"publicPath": {why: byHandler}, "globalName": {why: byHandler}, "write": {why: byHandler}, "allowOverwrite": {why: byHandler},
	"color": {why: logWhy}, "logLevel": {why: logWhy}, "logLimit": {why: logWhy}, "logOverride": {why: logWhy}, "absPaths": {why: logWhy},
}

// serverlessEsbuildOptions are those of serverless-esbuild 1.57. Source: its
// README and types.
var serverlessEsbuildOptions = joined(esbuildOptions, map[string]option{
	"external":                    {convert: convertExternal},
	"exclude":                     {convert: convertExclude},
	"config":                      {why: "featherpack does not run this program: write the settings that it returns to featherpack.yaml", lost: true},
	"packager":                    {why: byLockfile},
	"packagePath":                 {why: byLockfile},
	"packagerOptions":             {why: "configure scripts and settings of an installation in the package manager", lost: true},
	"installExtraArgs":            {why: "configure an installation in .npmrc", lost: true},
	"nodeExternals":               {why: notInstalledWhy},
	"concurrency":                 {why: ownAffair},
	"zipConcurrency":              {why: ownAffair},
	"nativeZip":                   {why: "zips are the same bytes on every machine"},
	"keepOutputDirectory":         {why: "the zips stay in .featherpack; unzip shows what is in one"},
	"outputWorkFolder":            {why: "--out names the folder"},
	"outputBuildFolder":           {why: "--out names the folder"},
	"outputFileExtension":         {why: "the extension follows the format and package.json"},
	"watch":                       {why: "featherpack does not watch files; run the sources directly while developing", lost: true},
	"skipBuild":                   {why: ownAffair},
	"skipRebuild":                 {why: ownAffair},
	"skipBuildExcludeFns":         {why: ownAffair},
	"stripEntryResolveExtensions": {why: "esbuild's own order of extensions is kept", lost: true},
	"disposeContext":              {why: ownAffair},
})

// frameworkOptions are those of Serverless Framework 4. Source:
// serverless.com/framework/docs/providers/aws/guide/building
var frameworkOptions = joined(esbuildOptions, map[string]option{
	"external":         {convert: convertExternal},
	"exclude":          {convert: convertExclude},
	"sourcemap":        {convert: convertFrameworkMap, lost: true},
	"configFile":       {why: "featherpack does not run this program: write the settings that it returns to featherpack.yaml", lost: true},
	"buildConcurrency": {why: ownAffair},
})

// samOptions are SAM's BuildProperties: esbuild's options in SAM's spelling.
// Source:
// docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
var samOptions = func() map[string]option {
	all := map[string]option{
		"UseNpmCi": {why: "--install installs by lockfile"},
		"TsConfig": esbuildOptions["tsconfig"],
	}
	for name, o := range esbuildOptions {
		all[capital(name)] = o
	}
	// SAM leaves an external package out of the zip and expects it in a layer.
	all["External"] = option{convert: convertExclude}
	all["EntryPoints"] = option{why: "keep it: featherpack reads the source of each handler from it"}
	all["OutExtension"] = option{why: "the extension follows the format and package.json"}
	return all
}()

func capital(name string) string {
	r := []rune(name)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

// webpackOptions are those of serverless-webpack 5.16. Source:
// lib/Configuration.js.
var webpackOptions = map[string]option{
	"webpackConfig":       {why: webpackConfigWhy, lost: true},
	"config":              {why: webpackConfigWhy, lost: true},
	"includeModules":      {convert: convertIncludeModules},
	"packager":            {why: byLockfile},
	"packagerOptions":     {why: "configure scripts and settings of an installation in the package manager", lost: true},
	"excludeFiles":        {why: byHandler},
	"excludeRegex":        {why: "the zip contains only files that the code needs, and those that include adds", lost: true},
	"keepOutputDirectory": {why: "the zips stay in .featherpack; unzip shows what is in one"},
	"concurrency":         {why: ownAffair},
	"serializedCompile":   {why: ownAffair},
}

// webpackModuleOptions are the options below includeModules.
var webpackModuleOptions = map[string]option{
	"forceExclude":           {convert: convertExclude},
	"forceInclude":           {why: "imported packages are found, also through computed requires; add others with include: [\"node_modules/NAME/**\"]", lost: true},
	"packagePath":            {why: byLockfile},
	"nodeModulesRelativeDir": {why: "packages are found as Node finds them"},
}

// goPluginOptions are those of serverless-go-plugin 2.4. Source: index.js.
var goPluginOptions = map[string]option{
	"baseDir":                         {why: "keep it: featherpack resolves handlers relative to it"},
	"binDir":                          {why: "--out names the folder"},
	"cgo":                             {convert: convertCGO, lost: true},
	"cmd":                             {convert: convertGoCommand, lost: true},
	"monorepo":                        {why: "each function is built in its own module"},
	"supportedRuntimes":               {why: "Go runs on provided.al2023; Lambda no longer has go1.x"},
	"buildProvidedRuntimeAsBootstrap": {why: always},
}

func joined(tables ...map[string]option) map[string]option {
	all := map[string]option{}
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

// MigrationOptions lists the options of each tool that [Migrate] translates.
func MigrationOptions() map[string][]string {
	known := map[string][]string{"sam build (esbuild)": slices.Sorted(maps.Keys(samOptions))}
	for _, tool := range serverlessTools {
		known[tool.name] = slices.Sorted(maps.Keys(tool.options))
		known[tool.name] = append(known[tool.name], slices.Sorted(maps.Keys(tool.functions))...)
		if tool.name == "serverless-webpack" {
			known[tool.name] = append(known[tool.name], slices.Sorted(maps.Keys(webpackModuleOptions))...)
		}
	}
	return known
}

func mustBe(want, why, otherwise string) func(*toolReading, *yamltree.Value) ([]keyValue, string) {
	return func(_ *toolReading, v *yamltree.Value) ([]keyValue, string) {
		if v.Scalar() && strings.EqualFold(v.Text, want) {
			return nil, ""
		}
		return nil, otherwise
	}
}

func convertPlatform(_ *toolReading, v *yamltree.Value) ([]keyValue, string) {
	if v.Scalar() && v.Text == "node" {
		return nil, ""
	}
	return nil, "functions are always built for Node"
}

// knownTarget matches the values that the setting target accepts.
var knownTarget = regexp.MustCompile(`^(node[0-9]+(\.[0-9]+){0,2}|es(6|20[12][0-9]|next))$`)

func convertTarget(_ *toolReading, v *yamltree.Value) ([]keyValue, string) {
	items := []*yamltree.Value{v}
	if v.Kind == yamltree.Sequence {
		items = v.Items
	}
	var parts []string
	for _, item := range items {
		if !item.Scalar() {
			return nil, "it is " + item.Kind.String()
		}
		for part := range strings.SplitSeq(item.Text, ",") {
			part = strings.ToLower(strings.TrimSpace(part))
			if !knownTarget.MatchString(part) {
				return nil, fmt.Sprintf("%q is not a version of Node or ECMAScript; without target, the runtime's version is used", part)
			}
			parts = append(parts, part)
		}
	}
	return []keyValue{{"target", yamltree.NewText(strings.Join(parts, ","), v.At)}}, ""
}

func convertFormat(_ *toolReading, v *yamltree.Value) ([]keyValue, string) {
	if v.Scalar() && (v.Text == "cjs" || v.Text == "esm") {
		return []keyValue{{"format", v}}, ""
	}
	return nil, "Lambda loads CommonJS and ES modules only"
}

// convertSourceMap follows the tools' behaviour: any source map that esbuild
// writes is put into the zip.
func convertSourceMap(_ *toolReading, v *yamltree.Value) ([]keyValue, string) {
	if is, ok := v.Truth(); ok {
		where := map[bool]string{true: "zip", false: "none"}[is]
		return []keyValue{{"sourcemap", yamltree.NewText(where, v.At)}}, ""
	}
	if v.Scalar() && slices.Contains([]string{"linked", "inline", "external", "both"}, v.Text) {
		return []keyValue{{"sourcemap", yamltree.NewText("zip", v.At)}}, ""
	}
	return nil, "it is not a kind of source map"
}

func convertFrameworkMap(r *toolReading, v *yamltree.Value) ([]keyValue, string) {
	if v.Kind != yamltree.Mapping {
		return convertSourceMap(r, v)
	}
	settings := []keyValue{{"sourcemap", yamltree.NewText("zip", v.At)}}
	if on, _ := v.Get("setNodeOptions").Truth(); on {
		return settings, "setNodeOptions: set NODE_OPTIONS to --enable-source-maps in the functions' environment"
	}
	return settings, ""
}

func convertKeepNames(_ *toolReading, v *yamltree.Value) ([]keyValue, string) {
	if is, ok := v.Truth(); ok && !is {
		return nil, "names are kept only where a library reads them; keepNames: never turns that off"
	}
	return []keyValue{{"keepNames", v}}, ""
}

func convertLoader(_ *toolReading, v *yamltree.Value) ([]keyValue, string) {
	if v.Kind != yamltree.Mapping {
		return []keyValue{{"loader", v}}, ""
	}
	kept := &yamltree.Value{Kind: yamltree.Mapping, At: v.At}
	var left []string
	for i, k := range v.Keys {
		if item := v.Items[i]; item.Scalar() && slices.Contains(settings.LoaderNames, item.Text) {
			kept.Keys, kept.Items = append(kept.Keys, k), append(kept.Items, item)
		} else {
			left = append(left, k.Name)
		}
	}
	var settings []keyValue
	if len(kept.Keys) > 0 {
		settings = append(settings, keyValue{"loader", kept})
	}
	if len(left) > 0 {
		return settings, "the loaders file and copy write files beside the bundle: read " + strings.Join(left, ", ") + " by path, which featherpack traces, or list it under include"
	}
	return settings, ""
}

// convertExternal is for tools that install external packages into the zip. With
// exclude: "*" they do not, and a layer must provide them.
func convertExternal(r *toolReading, v *yamltree.Value) ([]keyValue, string) {
	if exclude := r.resolve(r.options.Get("exclude")); exclude.Scalar() && exclude.Text == "*" ||
		exclude != nil && exclude.Kind == yamltree.Sequence && slices.ContainsFunc(exclude.Items, func(item *yamltree.Value) bool { return item.Scalar() && item.Text == "*" }) {
		return convertExclude(r, v)
	}
	return nil, esbuildOptions["external"].why
}

// convertExclude is for packages that must not be in the zip.
func convertExclude(_ *toolReading, v *yamltree.Value) ([]keyValue, string) {
	items := []*yamltree.Value{v}
	if v.Kind == yamltree.Sequence {
		items = v.Items
	}
	external := &yamltree.Value{Kind: yamltree.Sequence, At: v.At}
	var settings []keyValue
	why := ""
	for _, item := range items {
		switch {
		case !item.Scalar():
			return nil, "it is " + item.Kind.String() + " instead of a package name"
		case item.Text == "*", item.Text == "@smithy/*":
			// "*" only changes what external means; aws-sdk comes with the SDK.
		case item.Text == "aws-sdk":
			why = "no supported runtime includes aws-sdk version 2, so it is bundled where it is imported; list it in external if a layer provides it"
		case item.Text == "@aws-sdk/*":
			settings = append(settings, keyValue{"sdk", yamltree.NewText("runtime", item.At)})
		default:
			external.Items = append(external.Items, item)
		}
	}
	if len(external.Items) > 0 {
		settings = append(settings, keyValue{"external", external})
	}
	return settings, why
}

// convertIncludeModules reads the options below includeModules. The value true has
// none, so there is nothing to translate.
func convertIncludeModules(r *toolReading, v *yamltree.Value) ([]keyValue, string) {
	if v.Kind != yamltree.Mapping {
		return nil, notInstalledWhy
	}
	inner := *r
	inner.prefix += ".includeModules"
	inner.options = v
	inner.read(webpackModuleOptions)
	return nil, ""
}

func convertCGO(_ *toolReading, v *yamltree.Value) ([]keyValue, string) {
	is, ok := v.Truth()
	if n, number := v.Integer(); number {
		is, ok = n != 0, true
	}
	switch {
	case !ok:
		return nil, "it is neither 0 nor 1"
	case !is:
		return nil, ""
	}
	return []keyValue{{"cgo", &yamltree.Value{Kind: yamltree.Boolean, Text: "true", At: v.At}}}, ""
}

// convertGoCommand takes the tags and -X values from the compile command, as
// discovery does. It leaves out parts that a shell or a variable would fill in.
func convertGoCommand(r *toolReading, v *yamltree.Value) ([]keyValue, string) {
	if !v.Scalar() {
		return nil, "it is " + v.Kind.String()
	}
	written := r.options.Get("cmd")
	if written == nil || strings.Contains(written.Text, "${") || strings.ContainsAny(v.Text, "$`") {
		return nil, "a variable or a shell fills it in; write tags and ldflags to featherpack.yaml yourself"
	}
	if secretive.MatchString(v.Text) {
		return nil, "it is left out: it may contain a secret, which would be in the zip; read it at run time"
	}
	list := func(words []string) *yamltree.Value {
		l := &yamltree.Value{Kind: yamltree.Sequence, At: v.At}
		for _, w := range words {
			l.Items = append(l.Items, yamltree.NewText(w, v.At))
		}
		return l
	}
	tags, ldflags := goflags.OfCommand(v.Text)
	var settings []keyValue
	if len(tags) > 0 {
		settings = append(settings, keyValue{"tags", list(tags)})
	}
	if len(ldflags) > 0 {
		settings = append(settings, keyValue{"ldflags", list(ldflags)})
	}
	var lost []string
	for i, w := range goflags.Words(v.Text) {
		name, _, _ := strings.Cut(strings.TrimLeft(w, "-"), "=")
		switch {
		case strings.HasPrefix(w, "GOARCH="):
			lost = append(lost, "GOARCH: set the function's architecture in the manifest instead")
		case strings.HasPrefix(w, "-") && i > 0 && !slices.Contains([]string{"ldflags", "tags", "trimpath", "s", "w", "o", "buildvcs"}, name):
			lost = append(lost, w+" has no equivalent setting")
		}
	}
	return settings, strings.Join(lost, "; ")
}
