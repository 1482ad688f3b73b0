package render

// ruleTexts describe what a code stands for, for tools that show a rule beside its
// results. A result's own message has the details and the remedy.
var ruleTexts = map[string]string{
	"addon-not-built":         "A package loads a native addon that its install script did not build. Allow the script with install.scripts.",
	"all-skipped":             "The manifests have functions, but featherpack builds none of them.",
	"assets-too-large":        "Code may read more files than Lambda allows in a function.",
	"bad-handler":             "A handler cannot name a file and an export.",
	"boot-differs":            "The zip answers an event differently from its source.",
	"boot-failed":             "The zip does not run as Lambda would run it.",
	"budget-duplicates":       "A change adds another copy of a package, which a budget forbids.",
	"budget-forbid":           "A package that a budget forbids is in a function.",
	"budget-load":             "The load time of a function is over its budget.",
	"budget-loosened":         "A change loosens or removes a budget.",
	"budget-package":          "A package's share of a function is over its budget.",
	"budget-rule":             "A budget is not valid, or applies to no function.",
	"budget-unmeasured":       "A budget could not be judged. That does not pass.",
	"budget-unzipped":         "The unzipped size of a function is over its budget.",
	"budget-zip":              "The zip of a function is over its budget.",
	"bundle-does-not-parse":   "The finished bundle is not valid JavaScript.",
	"cgo-needed":              "A Go package needs C code, but cgo is off.",
	"cgo-off":                 "A Go package is built without its C code, because cgo is off.",
	"dangling-symlink":        "A pattern matches a symlink to a missing file.",
	"decorator-metadata":      "emitDecoratorMetadata cannot be compiled as TypeScript does.",
	"deprecated-runtime":      "Lambda has deprecated the runtime.",
	"duplicate-function":      "Two functions of a service have the same name.",
	"dynamic-library":         "A program loads a library that the runtime does not have.",
	"earlier-program":         "A pattern matches a program of an earlier build, which is left out.",
	"glibc-version":           "A program needs a newer C library than the runtime has.",
	"go-compile":              "A Go package does not compile.",
	"go-link":                 "A Go program does not link.",
	"growth":                  "A package or file that makes functions larger.",
	"main-outside-package":    "The package.json of a package names a file outside the package.",
	"misplaced-file":          "A file that ships beside the bundle imports one that is elsewhere in the zip.",
	"missing-entry":           "The folder of a function's program does not exist.",
	"missing-export":          "The handler names an export that its file does not have.",
	"missing-file":            "Code reads a file that does not exist.",
	"name-twins":              "Two files have names that some systems treat as the same.",
	"not-booted":              "A zip was not started, so that it is not known whether it runs.",
	"no-handler":              "A function has no handler.",
	"no-lambda-loop":          "A Go program never requests events from Lambda.",
	"no-lockfile":             "There is no lockfile, so that installs may differ.",
	"no-such-handler":         "The source of a handler does not exist.",
	"boot-undecided":          "It could not be decided whether a zip runs as its source.",
	"not-computed":            "Code loads or reads something whose name is only known at run time.",
	"optional-left-out":       "An optional dependency is not installed, and is left out.",
	"outside-root":            "A file outside the project's root is not read or packed.",
	"over-lambda-unzipped":    "A function is larger unzipped than Lambda allows.",
	"over-lambda-zip":         "A zip is too large for a direct upload.",
	"pattern-matches-nothing": "A pattern for extra files matches no file.",
	"runtime-breaks":          "A zip does not run, or answers otherwise, on a runtime that --runtimes names.",
	"runtime-undecided":       "It could not be decided whether a zip runs on a runtime that --runtimes names.",
	"runtime-works":           "A zip runs on a runtime that --runtimes names as on its own.",
	"secret":                  "A file that may contain a secret would be packed.",
	"shadows-bundle":          "A pattern matches a file that Lambda could load instead of the bundle.",
	"syntax-error":            "A source file cannot be parsed.",
	"too-large":               "The files of a function are larger than Lambda allows.",
	"two-versions-as-files":   "Two copies of a package would have the same path in the zip.",
	"unresolved-import":       "An imported package or file cannot be found.",
	"unsafe-path":             "A path leads outside the project, or is not a regular file.",
	"unsupported-runtime":     "Lambda does not support the runtime, or featherpack does not build for it.",
	"unused-acceptance":       "An acceptance applies to no budget.",
	"wrong-platform":          "A native addon is for another platform or version of Node than the function's.",
}

// troubleshooting is the page that lists messages with their causes and remedies.
const troubleshooting = "https://github.com/featherpack/featherpack/blob/main/cmd/featherpack/docs/troubleshooting.md"

// ruleText describes a code in a sentence.
func ruleText(code string) string {
	if text := ruleTexts[code]; text != "" {
		return text
	}
	return "A finding of featherpack. Its message has the cause, and in parentheses the remedy."
}
