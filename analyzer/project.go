package analyzer

// Family is what a runtime belongs to, and so which builder makes its bundle.
type Family string

const (
	Node Family = "node"
	Go   Family = "go"
)

// Project is what was found below one folder.
type Project struct {
	// Root is absolute and free of symlinks: the outermost of git root,
	// workspace root and the folder given. Nothing outside it is ever packed.
	// Every other path in these types is slash-separated and relative to it.
	Root string `json:"-"`
	// Dir is the folder that was asked for, relative to Root ("." for Root).
	Dir       string     `json:"dir"`
	Functions []Function `json:"functions"`
	Skipped   []Skipped  `json:"skipped,omitempty"`
	// ColdStart is what featherpack.yaml says about use and prices.
	ColdStart ColdStartSettings `json:"-"`
	// Budgets are the rules of featherpack.yaml, as written.
	Budgets []BudgetRule `json:"-"`
	// AdviceIgnored is the advice that featherpack.yaml silences.
	AdviceIgnored []AdviceIgnore `json:"-"`
	// Diagnostics hold every problem found. A function that one of them (Error
	// or Refused) concerns is listed with an empty Entry and cannot be built.
	Diagnostics []Diagnostic `json:"diagnostics,omitempty"`
}

// Skipped is a function that a manifest names and that is not ours to build.
type Skipped struct {
	Name    string `json:"name"`
	Service string `json:"service,omitempty"`
	// Reason is a clause such as "is a container image".
	Reason string `json:"reason"`
	Position
}

// Function is one deployable function, with everything its manifest says that
// bears on its artifact. Function and provider level settings are already
// merged, flags and featherpack.yaml already applied.
type Function struct {
	// ID names the function within its project: its name where its manifest lies
	// in the folder asked for, else the manifest's folder relative to that, a
	// slash and the name. It is a local path in slashes that every disk can hold:
	// the function's zip is ID.zip. Only discovery makes it.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Service names the manifest's service; ServiceDir is its folder.
	Service    string `json:"service,omitempty"`
	ServiceDir string `json:"serviceDir"`
	// CodeDir is the folder that Handler is relative to and that becomes the
	// zip's root: SAM's CodeUri, else ServiceDir.
	CodeDir string `json:"codeDir,omitempty"`
	// Format is the manifest's kind: featherpack, serverless, sam,
	// cloudformation, terraform, module or entry.
	Format string `json:"format"`
	Family Family `json:"family"`
	// Runtime is Lambda's identifier, such as nodejs22.x or provided.al2023.
	Runtime string `json:"runtime"`
	// Architecture is x86_64 or arm64, as Lambda spells them.
	Architecture string `json:"architecture"`
	// MemoryMB is 0 where the manifest leaves it to Lambda (128 MB).
	MemoryMB int `json:"memoryMB,omitempty"`
	// TimeoutSeconds is 0 where the manifest leaves it to Lambda (3 s) or its framework.
	TimeoutSeconds int `json:"timeoutSeconds,omitempty"`
	// Handler is as in the manifest: "src/orders.handler"; for Go the folder,
	// file or executable it names.
	Handler string `json:"handler"`
	// Entry is the source file (Node) or package folder (Go) the handler leads
	// to, empty when a diagnostic of the project says why there is none.
	Entry string `json:"entry"`
	// Environment holds the values known offline. It may hold secrets: it is
	// never printed and never serialised.
	Environment map[string]string `json:"-"`
	// EnvironmentUnknown names the variables whose value is only known when deployed.
	EnvironmentUnknown []string `json:"environmentUnknown,omitempty"`
	// SnapStart and ProvisionedConcurrency say that its environments start in
	// another way than on demand. What may be set, and is only known once
	// deployed, counts as set.
	SnapStart              bool `json:"snapStart,omitempty"`
	ProvisionedConcurrency bool `json:"provisionedConcurrency,omitempty"`
	// EnableSourceMaps says that NODE_OPTIONS, as far as it is known offline,
	// makes Node read source maps when it starts.
	EnableSourceMaps bool `json:"enableSourceMaps,omitempty"`
	// Layers are the layers' ARNs or names, as far as the manifest says them.
	Layers []string `json:"layers,omitempty"`
	// Patterns ask for extra files or leave some out, in the manifest's order.
	Patterns []Pattern    `json:"patterns,omitempty"`
	Build    BuildOptions `json:"build"`
	// Position is where the manifest names the function.
	Position
}

// Pattern is one line of package.patterns: a doublestar glob relative to the
// service's folder. Exclude takes away what earlier lines brought in.
type Pattern struct {
	Glob    string `json:"glob"`
	Exclude bool   `json:"exclude,omitempty"`
	Position
}

// BuildOptions are the settings that change a function's bytes. The zero value
// is featherpack's default.
type BuildOptions struct {
	// NoMinify leaves the code readable.
	NoMinify bool `json:"noMinify,omitempty"`
	// SourceMap is "" or "external" (beside the zip), "zip" (inside it) or "none".
	SourceMap string `json:"sourcemap,omitempty"`
	// SourceMapPackages keeps the text of installed packages in source maps; the
	// run's settings tell of it, as it comes from the command line alone.
	SourceMapPackages bool `json:"-"`
	// SDK is "" or "bundle", or "runtime" to use the runtime's AWS SDK v3.
	SDK string `json:"sdk,omitempty"`
	// External names packages that a layer or the runtime provides.
	External []string `json:"external,omitempty"`
	// KeepNames is "" or "auto", "always" or "never".
	KeepNames string `json:"keepNames,omitempty"`
	// Target is an esbuild target that wins over the runtime's, such as "es2022".
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
	// Inject lists files imported first, Banner and Footer are JavaScript text.
	Inject []string `json:"inject,omitempty"`
	Banner string   `json:"banner,omitempty"`
	Footer string   `json:"footer,omitempty"`
	// TSConfig is a tsconfig file to use instead of the nearest one.
	TSConfig string `json:"tsconfig,omitempty"`
	// InstallScripts names packages whose lifecycle scripts --install may run.
	InstallScripts []string `json:"installScripts,omitempty"`
	// Tags, LDFlags and CGO are for Go: extra build tags ("auto" applies what
	// is safe by itself), extra linker flags such as "-X main.version=1", cgo on.
	Tags    []string `json:"tags,omitempty"`
	LDFlags []string `json:"ldflags,omitempty"`
	CGO     bool     `json:"cgo,omitempty"`
}

// ColdStartSettings are "coldStart" in featherpack.yaml: what a projection and
// its price rest on besides the artifacts. The zero value is all defaults.
type ColdStartSettings struct {
	// Coefficients and Prices name files, relative to [Project.Root].
	Coefficients string
	Prices       string
	Region       string
	// Invocations of each function per month, 0 where they are not known.
	Invocations float64
	// ColdShare is the part of them that start cold, between 0 and 1; 0 where
	// it is not known.
	ColdShare float64
	// PowerTuning are output files of AWS Lambda Power Tuning, by function glob.
	PowerTuning map[string]string
}

// BudgetRule is one entry of "budgets" in featherpack.yaml, as written;
// reporters gives it meaning.
type BudgetRule struct {
	Match string `json:"match,omitempty"`
	Group string `json:"group,omitempty"`
	// Under is the folder whose services the rule is for, "" for all.
	Under string `json:"under,omitempty"`
	// Limits maps a metric (zip, unzipped, load, package:NAME, ...) to its limit.
	Limits map[string]BudgetLimit `json:"limits,omitempty"`
	// Forbid names packages that must not be in the artifact.
	Forbid []string `json:"forbid,omitempty"`
	// NoNewDuplicates refuses packages that a change brings in twice.
	NoNewDuplicates bool `json:"noNewDuplicates,omitempty"`
	Position
}

// BudgetLimit is one metric's limit: "1.2 MiB", "2%", "90% of lambda-unzipped".
type BudgetLimit struct {
	Max   string `json:"max,omitempty"`
	Grow  string `json:"grow,omitempty"`
	Level string `json:"level,omitempty"` // "" or "error", or "warn"
	Position
}

// AdviceIgnore is one entry of "advice: ignore" in featherpack.yaml.
type AdviceIgnore struct {
	// Code is the advice's code; At a doublestar glob of files, "" for all.
	Code string `json:"code"`
	At   string `json:"at,omitempty"`
	// Reason says why. Until is the last day it holds, as YYYY-MM-DD, "" for ever.
	Reason string `json:"reason"`
	Until  string `json:"until,omitempty"`
	Position
}
