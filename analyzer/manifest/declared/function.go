package declared

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Function is one function as a manifest declares it. Its handler's source file
// has not been looked for yet.
type Function struct {
	analyzer.Function
	// Manifest is the file that declares the function, relative to the root. The
	// function's own Position may be in a file that the manifest includes.
	Manifest string
	// HandlerAt, RuntimeAt and ArchAt are where the manifest sets these. Empty means
	// the position of the function's name.
	HandlerAt, RuntimeAt, ArchAt analyzer.Position
	// NodeOptionsAt is where a value of NODE_OPTIONS is set that only a deployment knows.
	NodeOptionsAt analyzer.Position
	// HandlerWritten is how the manifest writes a handler that came from outside it, "" for
	// another.
	HandlerWritten string
	// EntryHint is the source file that the manifest names beside the handler.
	EntryHint *yamltree.Value
	// Zip is the zip that the manifest deploys, relative to its folder. nil means
	// that it names none.
	Zip *yamltree.Value
	// Together is the same for functions that the framework ships in one package, as far as
	// that is certain; else it is "".
	Together string
	// Own are build settings that the manifest gives this function alone.
	Own []Setting
	// Problems are the function's own. A function with an error is not built.
	Problems []analyzer.Diagnostic
	// Image is that of [analyzer.Skipped].
	Image *analyzer.PlainImage
	// Skip is why there is nothing to build, as a clause: "is a container image".
	Skip string
}

// Setting changes one setting of a function. Settings are applied in order, so a
// later one wins.
type Setting func(*analyzer.Function)

// Report adds a problem to the function.
func (f *Function) Report(d analyzer.Diagnostic) { f.Problems = append(f.Problems, d) }

// SourceExtensions are the extensions of JavaScript and TypeScript, in order of
// preference: if a source and its compiled output are in one folder, the source
// counts.
var SourceExtensions = []string{".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"}

// SetEntry makes f a Node function with a source file and an export. The zip keeps
// the file's path, so the handler follows from both.
func (f *Function) SetEntry(entry, export string, at analyzer.Position) {
	entry = strings.TrimPrefix(entry, "./")
	stem := strings.TrimSuffix(entry, path.Ext(entry))
	if strings.Contains(path.Base(stem), ".") && !strings.HasPrefix(path.Base(stem), "..") {
		f.Report(analyzer.Problem(analyzer.Error, "bad-handler", at, "rename the file so that its name holds no dot before the extension",
			"entry %q: lambda reads a file's name up to its first dot", entry))
	}
	f.Handler = stem + "." + export
	f.EntryHint = yamltree.NewText(entry, at)
}

// AddEnvironment adds the variables of a mapping. If a variable or the whole
// mapping is not known, only the name is recorded.
func (f *Function) AddEnvironment(r yamltree.Resolver, v *yamltree.Value) {
	v = r.Resolve(v)
	switch settled := v.Settled(); {
	case !v.Has():
	case v.Unknown():
		f.Deployment.EnvironmentOpen = true
		f.Report(analyzer.Problem(analyzer.Note, "unknown-environment", v.At, "", "its environment is only known once deployed"))
		if settled.Kind == yamltree.Mapping {
			for _, k := range settled.Keys {
				f.setEnvironment(k.Name, v)
			}
		}
	case v.Kind == yamltree.Mapping:
		for i, k := range v.Keys {
			f.setEnvironment(k.Name, r.Resolve(v.Items[i]))
		}
	default:
		f.Deployment.EnvironmentOpen = true
		f.Report(analyzer.Problem(analyzer.Note, "unknown-environment", v.At, "", "its environment is only known once deployed"))
	}
}

// setEnvironment sets a variable to the known value. nil removes it. Values may be
// secrets, so no message contains one.
func (f *Function) setEnvironment(name string, v *yamltree.Value) {
	delete(f.Environment, name)
	f.EnvironmentUnknown = slices.DeleteFunc(f.EnvironmentUnknown, func(n string) bool { return n == name })
	switch {
	case !v.Has():
	case v.Scalar():
		if f.Environment == nil {
			f.Environment = map[string]string{}
		}
		f.Environment[name] = v.Text
	default:
		f.EnvironmentUnknown = append(f.EnvironmentUnknown, name)
		if name == "NODE_OPTIONS" {
			f.NodeOptionsAt = v.At
		}
	}
}

// AddLayers adds the layers of a list: the ARN, or the name of the resource that a
// reference means.
func (f *Function) AddLayers(r yamltree.Resolver, v *yamltree.Value) {
	v = r.Resolve(v)
	switch settled := v.Settled(); {
	case !v.Has():
	case settled.Kind == yamltree.Sequence:
		for _, item := range settled.Items {
			f.addLayer(r.Resolve(item))
		}
	case v.Unknown():
		f.addLayer(v)
	}
}

func (f *Function) addLayer(v *yamltree.Value) {
	if name := layerName(v); name != "" {
		f.Layers = append(f.Layers, name)
		f.Show(name, v)
	}
}

// Show records how a layer or glob is written, if it came from outside the manifest.
func (f *Function) Show(value string, v *yamltree.Value) {
	if v.Written == "" {
		return
	}
	if f.Written == nil {
		f.Written = map[string]string{}
	}
	f.Written[value] = v.Written
}

// FindRuntime reports a key that was probably meant to be the runtime's, in the mappings
// that may hold one. of says what a mapping is of.
func (f *Function) FindRuntime(key string, in map[string]*yamltree.Value) {
	for _, of := range slices.Sorted(maps.Keys(in)) {
		v := in[of]
		if v == nil || v.Kind != yamltree.Mapping {
			continue
		}
		for _, k := range v.Keys {
			if longer := len(k.Name) - len(key); longer <= 2 && analyzer.Nearest(k.Name, []string{key}) == key {
				f.Report(analyzer.Problem(analyzer.Error, "unknown-setting", k.At, "did you mean "+key+"?", "the %s has no setting %q", of, k.Name))
				return
			}
		}
	}
}

// The values that Lambda has. They are no secrets, wherever they came from.
var (
	publicRuntime = regexp.MustCompile(`^(nodejs\d{1,2}\.x|provided(\.al\d{1,4})?|go1\.x|python3\.\d{1,2}|java\d{1,2}(\.al2)?|dotnet\d{1,2}|ruby3\.\d)$`)
	publicArch    = regexp.MustCompile(`^(x86_64|arm64)$`)
)

// SetRuntime, SetArchitecture and SetHandler set what reports show. A runtime or
// architecture that came from outside the manifest and that Lambda does not have is
// set to how it is written.
func (f *Function) SetRuntime(v *yamltree.Value) {
	f.Runtime, f.RuntimeAt = public(v, publicRuntime), v.At
}

func (f *Function) SetArchitecture(v *yamltree.Value) {
	f.Architecture, f.ArchAt = public(v, publicArch), v.At
}

func (f *Function) SetHandler(v *yamltree.Value) {
	f.Handler, f.HandlerAt, f.HandlerWritten = v.Text, v.At, v.Written
}

func public(v *yamltree.Value, form *regexp.Regexp) string {
	if form.MatchString(v.Text) {
		return v.Text
	}
	return v.Shown()
}

// Lambda's limits, which also bound what reports show of a number from outside.
// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxMemory  = 10_240
	MaxTimeout = 900 // in seconds
)

// Memory reads a size in MB. It is 0 if there is none.
func Memory(v *yamltree.Value) int { return number(v, maxMemory) }

// guessedMemoryMB stands for a memory size that is known only once deployed. Lambda's
// default of 128 MB would be too little: nobody parameterises that.
const guessedMemoryMB = 1024

// SetMemory sets the memory size. One that is known only once deployed is a guess, with a
// warning.
func (f *Function) SetMemory(v *yamltree.Value) {
	settled := v.Settled()
	f.MemoryMB = Memory(settled)
	if !settled.Unknown() || settled.Mistaken() {
		return
	}
	f.GuessMemory(v.At, "its memory is known only once deployed", "write it out, or give the parameter a default or a value with --param")
}

// GuessMemory takes a memory size for one that is not known. why is a clause.
func (f *Function) GuessMemory(at analyzer.Position, why, hint string) {
	f.MemoryMB, f.MemoryUnknown = guessedMemoryMB, true
	f.Report(analyzer.Problem(analyzer.Warning, "unknown-memory", at, hint,
		"%s; %d MB are assumed", why, guessedMemoryMB))
}

// SetTimeout sets the timeout in seconds. One that is known only once deployed is as much
// as Lambda allows, so that no check stops the function early.
func (f *Function) SetTimeout(v *yamltree.Value) {
	settled := v.Settled()
	f.TimeoutSeconds = number(settled, MaxTimeout)
	if f.TimeoutSeconds > 0 {
		f.Deployment.TimeoutAt = settled.At
	}
	if settled.Unknown() && !settled.Mistaken() {
		f.TimeoutSeconds = MaxTimeout
	}
}

// SetRegion sets the region that the function is deployed to, which only prices depend on.
func (f *Function) SetRegion(v *yamltree.Value) {
	if v = v.Settled(); v.Scalar() && !v.Unknown() && regionName.MatchString(v.Text) {
		f.Deployment.Region = v.Text
	}
}

var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z0-9]+)+$`)

// SetStorage sets the size of /tmp in MB.
func (f *Function) SetStorage(v *yamltree.Value) {
	if f.Deployment.StorageMB = Known(v); f.Deployment.StorageMB > 0 {
		f.Deployment.StorageAt = v.Settled().At
	}
}

// SetReady sets the number of environments of provisioned concurrency.
func (f *Function) SetReady(v *yamltree.Value) {
	f.ProvisionedConcurrency = f.ProvisionedConcurrency || MayBeSet(v)
	if n := Known(v); n > 0 {
		f.Deployment.Ready, f.Deployment.ReadyAt = n, v.Settled().At
	}
}

// Known is a number that is known without a deployment, 0 for any other value.
func Known(v *yamltree.Value) int {
	if !v.Has() || v.Unknown() || v.Written != "" {
		return 0
	}
	n, _ := v.Integer()
	return max(n, 0)
}

func number(v *yamltree.Value, most int) int {
	n, ok := v.Integer()
	if !ok || v.Written != "" && (n < 0 || n > most) {
		return 0
	}
	return n
}

func layerName(v *yamltree.Value) string {
	switch {
	case v == nil:
		return ""
	case v.Scalar(), v.Kind == yamltree.InPart:
		return v.Text
	case v.Unknown():
		return strings.TrimPrefix(v.Missing.Name, "!Ref ")
	case v.Get("Ref").Scalar():
		return v.Get("Ref").Text
	}
	return "(a layer known only once deployed)"
}

// MayBeSet reports whether a setting is on, or is a number above 0. A value that
// is known only once deployed counts as set, since a wrong projection is worse
// than none. The value None counts as off: SnapStart's ApplyOn uses it.
func MayBeSet(v *yamltree.Value) bool {
	if v = v.Settled(); !v.Has() {
		return false
	}
	if v.Unknown() {
		return true
	}
	if is, ok := v.Truth(); ok {
		return is
	}
	if n, ok := v.Integer(); ok {
		return n > 0
	}
	return v.Scalar() && v.Text != "None" && v.Text != ""
}
