package analyzer

import "slices"

// Pass is a transformation of a Node function's code, by the name that settings, the
// waterfall and reports use.
type Pass struct {
	Name  string
	Stage Stage
	// Does is one line about it.
	Does string
	// Required means that a function may not run without it, so that it cannot be switched off.
	Required bool
}

// Stage is when a pass runs.
type Stage string

const (
	// OnLoad passes edit a module before the bundler reads it.
	OnLoad Stage = "on load"
	// OnPlan passes decide which file a request leads to, and what the bundler is told.
	OnPlan Stage = "plan"
	// OnBundle passes edit the finished bundle.
	OnBundle Stage = "on the finished bundle"
	// BesideBundle passes work on the files that ship beside the bundle.
	BesideBundle Stage = "beside the bundle"
)

// The names of the passes that can be switched off.
const (
	NamespaceImports = "namespace-imports"
	BarrelImports    = "barrel-imports"
	LiteralKeys      = "literal-keys"
	PureObjects      = "pure-objects"
	DynamicImports   = "dynamic-imports"
	FeatureConstants = "feature-constants"
	LateFetch        = "late-fetch"
	LateBuiltins     = "late-builtins"
	LateMetaSchema   = "late-meta-schema"
	ComputedRequires = "computed-requires"
	OneBuild         = "one-build"
	OneCopy          = "one-copy"
	UnusedPackages   = "unused-packages"
	Names            = "names"
	KeptFiles        = "kept-files"
	CommonJSExports  = "commonjs-exports"
	RenameLocals     = "rename-locals"
	LazyModules      = "lazy-modules"
	UnusedCode       = "unused-code"
	Literals         = "literals"
	JSONTables       = "json-tables"
)

// Passes lists all passes in the order in which they run and the waterfall shows them.
var Passes = []Pass{
	{Name: NamespaceImports, Stage: OnLoad, Does: "imports a namespace from its own module, so that what nobody uses of it is left out"},
	{Name: BarrelImports, Stage: OnLoad, Does: "imports a name from the module that declares it, past modules that only hand it on"},
	{Name: LiteralKeys, Stage: OnLoad, Does: "writes the keys of objects out where they are constants, so that unused objects are left out"},
	{Name: PureObjects, Stage: OnLoad, Does: "says of objects and classes with symbols for keys that making them does nothing, so that unused ones are left out"},
	{Name: DynamicImports, Stage: OnLoad, Does: "loads only the names that are taken of an import(), and loads modules that do nothing but declare with their importer"},
	{Name: FeatureConstants, Stage: OnLoad, Does: "drops the branches for browsers and other platforms, and what only they require"},
	{Name: LateFetch, Stage: OnLoad, Does: "asks Node for its own fetch when it is used, not while the function loads"},
	{Name: LateBuiltins, Stage: OnLoad, Does: "asks for modules of Node that most invocations do not need when a function needs them, not while it loads"},
	{Name: LateMetaSchema, Stage: OnLoad, Does: "has ajv check plain schemas without compiling the schema of schemas first"},
	{Name: ComputedRequires, Stage: OnPlan, Does: "leaves out modules that a package requires by a computed name, where nothing in the program gives it such a name"},
	{Name: OneBuild, Stage: OnPlan, Does: "takes the ES build of a package for require too, where nobody can tell and the program is smaller"},
	{Name: OneCopy, Stage: OnPlan, Does: "takes equal copies of a package for one, as npm dedupe does, and names them"},
	{Name: UnusedPackages, Stage: OnPlan, Does: "leaves out packages whose loading nobody can see, where nothing uses what others import of them"},
	{Name: Names, Stage: OnPlan, Does: "keeps the names of functions and classes only where something reads them"},
	{Name: KeptFiles, Stage: BesideBundle, Does: "takes comments, spaces and long names of variables out of the files beside the bundle, and leaves out those that nothing reads"},
	{Name: LazyModules, Stage: OnBundle, Does: "takes modules that only declare out of the functions that load them when an import() needs them"},
	{Name: UnusedCode, Stage: OnBundle, Does: "leaves out functions that only assignments to their own properties use, and functions of an object that nothing reads"},
	{Name: "wrappers as functions", Stage: OnBundle, Required: true, Does: "writes the wrappers of modules so that Node does not parse them twice"},
	{Name: "sloppy code", Stage: OnBundle, Required: true, Does: "keeps the meaning of code that is not written for strict mode"},
	{Name: "named module.exports", Stage: OnBundle, Required: true, Does: "answers require of an ES module with what it exports as module.exports, as Node does"},
	{Name: "kept names", Stage: OnBundle, Required: true, Does: "makes functions and classes have the names that something reads"},
	{Name: "parameter names", Stage: OnBundle, Required: true, Does: "keeps the names of parameters that something reads"},
	{Name: CommonJSExports, Stage: OnBundle, Does: "leaves out exports of CommonJS modules that nothing reads, and what only they need"},
	{Name: Literals, Stage: OnBundle, Does: "writes constants where they are used"},
	{Name: JSONTables, Stage: OnBundle, Does: "parses large tables of data as JSON, which starts faster than compiling them"},
	{Name: "characters", Stage: OnBundle, Required: true, Does: "writes the few characters beyond Latin-1 as escapes where compiled code lies beside the program"},
	{Name: RenameLocals, Stage: OnBundle, Does: "gives local variables the shortest names that are free"},
}

// PassNames are the names of the passes that can be switched off, in order.
func PassNames() []string {
	var names []string
	for _, p := range Passes {
		if !p.Required {
			names = append(names, p.Name)
		}
	}
	return names
}

// Switches say which passes are off. nil means that all are on; a pass that is on has no
// entry, so that equal choices are equal values.
type Switches map[string]bool

// On reports whether a pass runs.
func (s Switches) On(name string) bool {
	on, set := s[name]
	return on || !set
}

// With returns the switches with one pass on or off.
func (s Switches) With(name string, on bool) Switches {
	changed := Switches{}
	for _, p := range PassNames() {
		if p != name && !s.On(p) || p == name && !on {
			changed[p] = false
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return changed
}

// UpTo returns switches under which only the first n passes of [PassNames] run, and of
// them only those that are on.
func (s Switches) UpTo(n int) Switches {
	for _, name := range slices.Backward(PassNames()[n:]) {
		s = s.With(name, false)
	}
	return s
}
