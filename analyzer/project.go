package analyzer

import "path"

// Family is a family of runtimes. It determines the builder.
type Family string

const (
	Node Family = "node"
	Go   Family = "go"
)

// Project is the result of discovery in a folder.
type Project struct {
	// Root is absolute and without symlinks: the outermost of the git root, the workspace
	// root and the given folder. Files outside of it are not packed unless the user allows it.
	// All other paths in these types are slash-separated and relative to Root.
	Root string `json:"-"`
	// Dir is the given folder, relative to Root ("." for Root).
	Dir       string     `json:"dir"`
	Functions []Function `json:"functions"`
	Skipped   []Skipped  `json:"skipped,omitempty"`
	// ColdStart is the "coldStart" section of featherpack.yaml.
	ColdStart ColdStartSettings `json:"-"`
	// Budgets are the budget rules of featherpack.yaml, as written.
	Budgets []BudgetRule `json:"-"`
	// CacheBytes is the size that the cache may have, from "cache" in featherpack.yaml; 0 for
	// the default.
	CacheBytes int64 `json:"-"`
	// AdviceIgnored lists the advice that featherpack.yaml ignores.
	AdviceIgnored []AdviceIgnore `json:"-"`
	// Diagnostics holds all problems. A function with an Error or Refused has an empty Entry
	// and cannot be built.
	Diagnostics []Diagnostic `json:"diagnostics,omitempty"`
}

// Skipped is a function that a manifest contains but featherpack does not build.
type Skipped struct {
	Name    string `json:"name"`
	Service string `json:"service,omitempty"`
	// Reason is a clause such as "is a container image".
	Reason string `json:"reason"`
	// Image is set if it is a container image that does what a zip does.
	Image *PlainImage `json:"-"`
	Position
}

// Function is one deployable function with every setting of its manifest that affects its
// artifact. Function and provider settings are merged; flags and featherpack.yaml are
// applied.
type Function struct {
	// ID identifies the function within its project. It is the function's name if the manifest
	// is in Project.Dir, else "folder/name" with the manifest's folder relative to Dir. It is a
	// relative slash-separated path that is valid on every file system, because the zip is
	// ID.zip. Only discovery sets it.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Service is the name of the manifest's service, ServiceDir the service's folder.
	Service    string `json:"service,omitempty"`
	ServiceDir string `json:"serviceDir"`
	// CodeDir is the folder that Handler is relative to, and the root of the zip: SAM's
	// CodeUri, else ServiceDir.
	CodeDir string `json:"codeDir,omitempty"`
	// Format is the manifest's kind: featherpack, serverless, sam,
	// cloudformation, terraform, module or entry.
	Format string `json:"format"`
	Family Family `json:"family"`
	// Runtime is Lambda's identifier, such as nodejs22.x or provided.al2023.
	Runtime string `json:"runtime"`
	// Architecture is x86_64 or arm64, Lambda's names.
	Architecture string `json:"architecture"`
	// MemoryMB is the manifest's setting, or the default of a framework that has its own.
	// 0 means Lambda's default of 128 MB.
	MemoryMB int `json:"memoryMB,omitempty"`
	// MemoryUnknown is set if MemoryMB is a guess, because only a deployment knows the size.
	MemoryUnknown bool `json:"memoryUnknown,omitempty"`
	// TimeoutSeconds is likewise the framework's default, or 0 for Lambda's of 3 s.
	TimeoutSeconds int `json:"timeoutSeconds,omitempty"`
	// Handler is the manifest's handler, such as "src/orders.handler"; for Go a folder, file or
	// executable.
	Handler string `json:"handler"`
	// Wrapper is the manifest's handler where that is a tool's: it starts Handler, which an
	// environment variable names.
	Wrapper string `json:"wrapper,omitempty"`
	// Entry is the source file (Node) or package folder (Go) of the handler. If it is empty, a
	// diagnostic of the project says why.
	Entry string `json:"entry"`
	// Environment holds the variables whose values are known offline. It may contain secrets,
	// so it is never printed or serialised.
	Environment map[string]string `json:"-"`
	// EnvironmentUnknown names the variables whose values are known only after deployment.
	EnvironmentUnknown []string `json:"environmentUnknown,omitempty"`
	// SnapStart and ProvisionedConcurrency are set if the function's environments do not
	// start on demand. A value that is known only after deployment counts as set.
	SnapStart              bool `json:"snapStart,omitempty"`
	ProvisionedConcurrency bool `json:"provisionedConcurrency,omitempty"`
	// EnableSourceMaps is set if NODE_OPTIONS, as far as it is known offline, makes Node read
	// source maps when it starts.
	EnableSourceMaps bool `json:"enableSourceMaps,omitempty"`
	// CompileCache is set if NODE_COMPILE_CACHE makes Node keep compiled code in a folder. A
	// value that is known only after deployment counts as set.
	CompileCache bool `json:"compileCache,omitempty"`
	// Events are files with events to start the function with: events/NAME*.json beside
	// the manifest.
	Events []string `json:"events,omitempty"`
	// Layers are the ARNs or names of layers that the manifest states.
	Layers []string `json:"layers,omitempty"`
	// Patterns include or exclude extra files, in the manifest's order.
	Patterns []Pattern    `json:"patterns,omitempty"`
	Build    BuildOptions `json:"build"`
	// Written maps layers and globs that came from the environment, a file or a parameter to
	// how the manifest writes them. They may be secrets, so that is what is shown.
	Written map[string]string `json:"-"`
	// Deployment has the settings that no byte of the artifact depends on.
	Deployment Deployment `json:"-"`
	// Position is the function's place in the manifest.
	Position
}

// SourceDir is the folder of a Node function's entry, or ServiceDir if it has no entry. Its
// packages are found from there: the package.json need not be beside the manifest.
func (f Function) SourceDir() string {
	if f.Entry == "" {
		return f.ServiceDir
	}
	return path.Dir(f.Entry)
}

// Shown is a layer or glob as messages and reports show it.
func (f Function) Shown(value string) string {
	if written, ok := f.Written[value]; ok {
		return written
	}
	return value
}

// Pattern is one entry of package.patterns: a doublestar glob relative to the service's
// folder. A pattern with Exclude removes files that earlier patterns included.
type Pattern struct {
	Glob    string `json:"glob"`
	Exclude bool   `json:"exclude,omitempty"`
	Position
}

// BuildOptions are the settings that change a function's bytes. The zero value has
// featherpack's defaults.
type BuildOptions struct {
	// NoMinify turns minification off.
	NoMinify bool `json:"noMinify,omitempty"`
	// MapToModules makes the source map lead to the modules as they are installed, also where
	// a package brings source maps of its own. No manifest sets it: profiles need it.
	MapToModules bool `json:"mapToModules,omitempty"`
	// SourceMap is "" or "external" (beside the zip), "zip" (inside it) or "none".
	SourceMap string `json:"sourcemap,omitempty"`
	// SourceMapPackages keeps the text of installed packages in source maps. It is a flag
	// only, so reports list it with the run's settings.
	SourceMapPackages bool `json:"-"`
	// SDK is "" or "bundle", or "runtime" to use the runtime's AWS SDK v3.
	SDK string `json:"sdk,omitempty"`
	// SDKCredentials is "" or "all", or "lambda" to leave out the credential providers of
	// the AWS SDK v3's default chain that Lambda never uses.
	SDKCredentials string `json:"sdkCredentials,omitempty"`
	// External names packages that a layer or the runtime provides.
	External []string `json:"external,omitempty"`
	// KeepNames is "" or "auto", "always" or "never".
	KeepNames string `json:"keepNames,omitempty"`
	// CodeCache is "", "on" to ship V8's compiled code of the program, or "auto" to do so
	// where a committed decision says that it pays.
	CodeCache string `json:"codeCache,omitempty"`
	// CodeCacheVersions are the versions of Node that the compiled code is for, such as
	// 22.23.3, or "newest". Those of other runtimes do not count.
	CodeCacheVersions []string `json:"codeCacheVersions,omitempty"`
	// Target is an esbuild target that replaces the runtime's, such as "es2022".
	Target string `json:"target,omitempty"`
	// Format is "" for automatic, or "cjs" or "esm".
	Format string `json:"format,omitempty"`
	// MainFields and Conditions replace the automatic choice.
	MainFields []string `json:"mainFields,omitempty"`
	Conditions []string `json:"conditions,omitempty"`
	// Define, Loader and Alias are as in esbuild (loader by file extension).
	Define map[string]string `json:"define,omitempty"`
	Loader map[string]string `json:"loader,omitempty"`
	Alias  map[string]string `json:"alias,omitempty"`
	// Inject lists files that are imported first. Banner and Footer are JavaScript text.
	Inject []string `json:"inject,omitempty"`
	Banner string   `json:"banner,omitempty"`
	Footer string   `json:"footer,omitempty"`
	// Passes says which passes are off.
	Passes Switches `json:"passes,omitempty"`
	// AllowSecrets lists files that may be packed although they hold secrets. Paths are
	// relative to the service's folder or to the root.
	AllowSecrets []string `json:"allowSecrets,omitempty"`
	// EndedRuntimes lists runtimes to build for although Lambda has ended them.
	EndedRuntimes []string `json:"endedRuntimes,omitempty"`
	// TSConfig is a tsconfig file to use instead of the nearest one.
	TSConfig string `json:"tsconfig,omitempty"`
	// InstallScripts names packages whose lifecycle scripts --install may run.
	InstallScripts []string `json:"installScripts,omitempty"`
	// Tags, LDFlags and CGO are for Go: extra build tags ("auto" adds tags that are always
	// safe), extra linker flags such as "-X main.version=1", and whether to use cgo.
	Tags    []string `json:"tags,omitempty"`
	LDFlags []string `json:"ldflags,omitempty"`
	CGO     bool     `json:"cgo,omitempty"`
}

// ColdStartSettings is the "coldStart" section of featherpack.yaml: the inputs of a
// projection and its price other than the artifacts. The zero value uses all defaults.
type ColdStartSettings struct {
	// Coefficients and Prices name files, relative to [Project.Root].
	Coefficients string
	Prices       string
	Region       string
	// Invocations is the number of invocations of each function per month, 0 if unknown.
	Invocations float64
	// ColdShare is the share of invocations that start cold, between 0 and 1; 0 if unknown.
	ColdShare float64
	// PowerTuning are output files of AWS Lambda Power Tuning, by function glob.
	PowerTuning map[string]string
	// ComputeOptimizer is an output file of AWS Compute Optimizer. It is a flag only.
	ComputeOptimizer string
}

// BudgetRule is one entry of "budgets" in featherpack.yaml, as written. Package
// reporters/budget interprets it.
type BudgetRule struct {
	Match string `json:"match,omitempty"`
	Group string `json:"group,omitempty"`
	// Under is the folder whose services the rule applies to, "" for all.
	Under string `json:"under,omitempty"`
	// Limits maps a metric (zip, unzipped, load, package:NAME, ...) to its limit.
	Limits map[string]BudgetLimit `json:"limits,omitempty"`
	// Forbid names packages that must not be in the artifact.
	Forbid []string `json:"forbid,omitempty"`
	// NoNewDuplicates forbids changes that add a second copy of a package.
	NoNewDuplicates bool `json:"noNewDuplicates,omitempty"`
	Position
}

// BudgetLimit is the limit of one metric, such as "1.2 MiB", "2%" or "90% of
// lambda-unzipped".
type BudgetLimit struct {
	Max   string `json:"max,omitempty"`
	Grow  string `json:"grow,omitempty"`
	Level string `json:"level,omitempty"` // "" or "error", or "warn"
	Position
}

// AdviceIgnore is one entry of "advice: ignore" in featherpack.yaml.
type AdviceIgnore struct {
	// Code is the advice's code. At is a doublestar glob of files, "" for all.
	Code string `json:"code"`
	At   string `json:"at,omitempty"`
	// Reason says why. Until is the last day the entry applies, as YYYY-MM-DD, "" for ever.
	Reason string `json:"reason"`
	Until  string `json:"until,omitempty"`
	Position
}
