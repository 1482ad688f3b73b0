package libraries

import "regexp"

// Data are files of a package that only some of its names lead to. No analysis of one
// package shows that: the folder is handed from function to function.
type Data struct {
	Package string
	// Files are the files, by their paths in the package.
	Files *regexp.Regexp
	// Names are what code outside of the package must name to have the files read.
	Names *regexp.Regexp
	// Unseen is set where the files look like none that code reads.
	Unseen bool
}

// OfPackages lists the known data of packages, each with the code that reads it.
var OfPackages = []Data{
	// getDefaultLibLocation in src/compiler/program.ts, and its callers;
	// github.com/microsoft/TypeScript/wiki/Using-the-Compiler-API
	{
		"typescript", regexp.MustCompile(`^lib/lib(?:\.[\w.]+)?\.d\.ts$`),
		regexp.MustCompile(`\b(?:create\w*(?:Program|Host|LanguageService|SolutionBuilder)\w*|getDefaultLib\w*|performIncrementalCompilation|getExecutingFilePath|ProjectService)\b`), true,
	},
	// validateLocaleAndSetLanguage in src/compiler/utilitiesPublic.ts
	{
		"typescript", regexp.MustCompile(`^lib/[\w-]+/diagnosticMessages\.generated\.json$`),
		regexp.MustCompile(`\b(?:validateLocaleAndSetLanguage|executeCommandLine|getExecutingFilePath|ProjectService)\b`), false,
	},
	// typesMapLocation in src/server/editorServices.ts
	{"typescript", regexp.MustCompile(`^lib/typesMap\.json$`), regexp.MustCompile(`\b(?:getExecutingFilePath|ProjectService)\b`), false},
	// googleProtoFilesDir in gax/src/grpc.ts of github.com/googleapis/gax-nodejs: clients that
	// bring their definitions as JSON call loadProtoJSON.
	{"google-gax", regexp.MustCompile(`^build/protos/`), regexp.MustCompile(`\b(?:loadProto|loadFromProto|_resolveFile|GoogleProtoFilesRoot)\b`), false},
	// getChannelzServiceDefinition in packages/grpc-js/src/channelz.ts of github.com/grpc/grpc-node
	{"@grpc/grpc-js", regexp.MustCompile(`^proto/channelz\.proto$`), regexp.MustCompile(`\b(?:addAdminServicesToServer|getChannelzServiceDefinition)\b`), false},
}

// Silent is a package whose loading nobody can see: it makes functions, classes and tables,
// and changes nothing that others reach.
type Silent struct {
	// Versions are those that this was seen of: everything that can be reached from the
	// global object and from Node's modules was the same before and behind require, and no
	// handle was open (Node 20.20.2, 22.23.3 and 24.21.0).
	Versions *regexp.Regexp
	// Changes are the global variables that do something else once it is loaded, nil for
	// none.
	Changes *regexp.Regexp
}

// SilentPackages are known packages that others import and that say nothing of side effects
// in their package.json.
var SilentPackages = map[string]Silent{
	"iconv-lite":      {regexp.MustCompile(`^0\.[4-7]\.`), nil},
	"whatwg-encoding": {regexp.MustCompile(`^[23]\.`), nil},
	"whatwg-mimetype": {regexp.MustCompile(`^[345]\.`), nil},
	// It becomes what sends the requests of Node's own fetch, where that has not run before:
	// setGlobalDispatcher in lib/global.js.
	"undici": {regexp.MustCompile(`^[567]\.`), regexp.MustCompile(`\b(?:fetch|WebSocket|EventSource)\b|undici\.globalDispatcher`)},
}
