package resolution

import (
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace"
	"github.com/featherpack/featherpack/analyzer/trace/native"
	"github.com/featherpack/featherpack/packager/node/gate"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/pass/onload"
)

// Settings are all that an answer may depend on, besides the project's files.
type Settings struct {
	// Options are esbuild's, without plugins and entry points.
	Options api.BuildOptions
	// AsFiles is for modules that ship as they are: Node finds them at run time.
	AsFiles bool
	// CodeDir is where process.cwd() points, relative to the root.
	CodeDir string
	// Target is what the code runs on, Runtime Lambda's name of its Node.
	Target  native.Platform
	Runtime string
	// NodeEnv is what own code reads as process.env.NODE_ENV, PackagesNodeEnv what
	// packages do; "" where it is not known.
	NodeEnv, PackagesNodeEnv string
	// RequiresModules means that require can load an ES module. It is set for modules
	// that ship as files.
	RequiresModules bool
	// Passes says which passes on load are off.
	Passes analyzer.Switches
	// LambdaCredentials leaves out credential providers, as package credentials says.
	LambdaCredentials bool
}

// Set holds the resolutions of a build.
type Set struct {
	packages    *installed.Tree
	gates       map[string]*gate.Gate // by the tsconfig that functions name
	resolutions map[[sha256.Size]byte]*Resolution
}

// NewSet makes an empty set.
func NewSet(packages *installed.Tree) *Set {
	return &Set{packages: packages, gates: map[string]*gate.Gate{}, resolutions: map[[sha256.Size]byte]*Resolution{}}
}

// Of returns the resolution of these settings: the same for equal ones.
func (s *Set) Of(settings Settings) *Resolution {
	// This prints every field, including those that a later esbuild may add.
	key := sha256.Sum256(fmt.Appendf(nil, "%#v", settings))
	r := s.resolutions[key]
	if r == nil {
		g := s.gates[settings.Options.Tsconfig]
		if g == nil {
			g = gate.New(s.packages, settings.Options.Tsconfig)
			s.gates[settings.Options.Tsconfig] = g
		}
		r = &Resolution{
			Gate: g, Settings: settings, packages: s.packages, answers: map[question]api.ResolveResult{}, leads: map[question]string{},
			findings: map[string]*trace.Result{}, requests: map[string][]js.Specifier{}, noted: map[string]noted{}, compared: map[string][]string{}, usesNames: map[string]bool{},
			maps: map[string]*analyzer.Diagnostic{}, changes: map[string][]onload.Change{},
			outlines: map[string]*js.Outline{}, exports: map[string]*js.Outline{}, reads: map[string]map[string]bool{}, globals: map[string]onload.Globals{}, dataNames: map[string][]string{},
			below: map[string]*onload.Below{}, typeless: map[question]typeless{},
			again: map[string]bool{}, classes: map[string][]string{},
		}
		s.resolutions[key] = r
	}
	return r
}

// Resolution owns the answers of one set of build options. It may be used by
// many goroutines.
type Resolution struct {
	Settings
	// Gate judges what esbuild reads.
	Gate     *gate.Gate
	packages *installed.Tree

	following sync.Mutex // held before mu, while the answer to Below is found
	mu        sync.Mutex
	answers   map[question]api.ResolveResult
	leads     map[question]string      // what the passes on load were answered
	findings  map[string]*trace.Result // by file; nil where a module needs nothing
	requests  map[string][]js.Specifier
	noted     map[string]noted
	compared  map[string][]string             // see NamesCompared
	usesNames map[string]bool                 // see UsesNames
	classes   map[string][]string             // see FunctionClasses
	maps      map[string]*analyzer.Diagnostic // see NamesMap
	changes   map[string][]onload.Change      // by file
	outlines  map[string]*js.Outline          // by file, relative to the root
	exports   map[string]*js.Outline          // of TypeScript, in the same way
	below     map[string]*onload.Below        // by file of a package, relative to the root
	typeless  map[question]typeless           // of installed packages
	reads     map[string]map[string]bool      // see ReadFor
	globals   map[string]onload.Globals       // see Globals
	dataNames map[string][]string             // see GlobalNames
	again     map[string]bool                 // by file: TraceAgain had more to say
	sound     sync.Map                        // files: see Sound
}

// Sound reports whether a module was found to be fit for esbuild to read, by [Resolution.SetSound].
func (r *Resolution) Sound(file string) bool {
	_, sound := r.sound.Load(file)
	return sound
}

// SetSound notes that a module is fit for esbuild to read.
func (r *Resolution) SetSound(file string) { r.sound.Store(file, true) }

// remembered is the answer to a question that a resolution has answered before, or that of find. Two
// goroutines may find the same answer at a time.
func remembered[Q comparable, A any](r *Resolution, answers map[Q]A, q Q, find func() A) A {
	r.mu.Lock()
	answer, known := answers[q]
	r.mu.Unlock()
	if known {
		return answer
	}
	answer = find()
	r.mu.Lock()
	answers[q] = answer
	r.mu.Unlock()
	return answer
}
