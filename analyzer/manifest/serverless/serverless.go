package serverless

import (
	"bytes"
	"cmp"
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Names are the file names that the framework looks for by default.
var Names = []string{"serverless.yml", "serverless.yaml", "serverless.json"}

// DocumentMatches reports whether a document is a serverless.yml of versions 2 to
// 4 or of the fork osls. Source:
// serverless.com/framework/docs/providers/aws/guide/serverless.yml
func DocumentMatches(root *yamltree.Value) bool {
	return root.Get("provider").Has() || root.Get("service").Has() && root.Get("functions").Has()
}

// IsProgram reports whether a file is a manifest in a programming language, judged
// by its name. Only the framework can read such a manifest.
func IsProgram(name string) bool { return programNames.MatchString(name) }

var programNames = regexp.MustCompile(`^serverless\.(ts|js|mjs|cjs|mts|cts)$`)

// Included returns the files that a serverless.yml includes, as it names them.
func Included(content []byte) (names []string) {
	for _, m := range includes.FindAllSubmatch(content, -1) {
		names = append(names, string(bytes.TrimSpace(m[1])))
	}
	return names
}

var includes = regexp.MustCompile(`file\(\s*['"]?([^)'"${}]+?)['"]?\s*\)`)

// Title returns the service's name in a serverless.yml, or "".
func Title(in declared.Input) string {
	r := NewVariables(in)
	name := r.Get(r.Root, "service").Settled()
	if name != nil && name.Kind == yamltree.Mapping {
		name = r.Get(name, "name").Settled()
	}
	if name.Scalar() {
		return name.Shown()
	}
	return ""
}

// reader is the state of reading one serverless.yml.
type reader struct {
	*Variables
	declared.Found
	// The service's provider and package, whose settings every function inherits.
	provider *yamltree.Value
	pack     *yamltree.Value
	// layers are the folders of the service's own layers: see layersOf.
	layers map[string]string
}

// Read finds the functions of a serverless.yml.
func Read(in declared.Input) declared.Found {
	r := NewVariables(in)
	s := &reader{Variables: r}
	s.read()
	return s.Found
}

func (s *reader) read() {
	if s.Root.Kind != yamltree.Mapping && s.Root.Kind != yamltree.Null {
		s.Report(analyzer.Problem(analyzer.Error, "bad-manifest", s.Root.At, "", "a serverless.yml is a mapping, and this is %s", s.Root.Kind))
		return
	}
	s.provider = s.settled(s.Report, "provider", s.Get(s.Root, "provider"))
	if s.provider.Scalar() { // provider: aws
		s.provider = yamltree.NewPair("name", s.provider)
	}
	if name := s.Get(s.provider, "name"); name.Scalar() && name.Text != "aws" {
		s.Report(analyzer.Problem(analyzer.Warning, "other-provider", name.At, "", "provider %q is not aws: its functions are left out", name.Shown()))
		return
	}
	s.Problems = append(s.Problems, s.cycles()...)
	if s.pack = s.settled(s.Report, "package", s.Get(s.Root, "package")); s.pack.Unknown() {
		s.Report(s.unusable("package", s.pack))
		s.pack = nil
	}
	s.layers = s.layersOf(s.Get(s.Root, "layers"))
	s.functions(s.Get(s.Root, "functions"))
}

// functions reads a mapping of functions or a list of such mappings. Each may come
// from an included file.
func (s *reader) functions(v *yamltree.Value) {
	v = s.settled(s.Report, "functions", v)
	switch {
	case v == nil || v.Kind == yamltree.Null:
	case v.Kind == yamltree.Mapping:
		for i, k := range v.Keys {
			s.function(k, v.Items[i])
		}
	case v.Kind == yamltree.Sequence:
		for _, item := range v.Items {
			s.functions(s.Resolve(item))
		}
	default:
		s.Report(s.unusable("functions", v))
	}
}

// unusable reports that the build needs a value and cannot use it.
func (s *reader) unusable(what string, v *yamltree.Value) analyzer.Diagnostic {
	if !v.Unknown() {
		return analyzer.Problem(analyzer.Error, "bad-manifest", v.At, "", "%s cannot be %s", what, v.Kind)
	}
	severity, code, hint := analyzer.Error, "unknown-value", "give it a default: ${source:name, 'default'}"
	switch {
	case v.Missing.Refused:
		severity, code, hint = analyzer.Refused, "variable-outside", "nothing outside the project's root is read"
	case v.Missing.Mistake:
		code, hint = "bad-variable", "correct the variable, or give it a default: ${source:name, 'default'}"
	}
	return analyzer.Problem(severity, code, v.At, hint, "%s is %s: %s", what, v.Missing.Name, v.Missing.Why)
}

// settled returns the value that the build uses. If the value is known only once
// deployed, that is the fallback in the manifest, and a note says so.
func (s *reader) settled(report func(analyzer.Diagnostic), what string, v *yamltree.Value) *yamltree.Value {
	settled := v.Settled()
	if v.Unknown() && settled != v {
		report(analyzer.Problem(analyzer.Note, "fallback-used", v.At, "",
			"%s uses its fallback, since %s is not known here", what, v.Missing.Name))
	}
	return settled
}

// known returns a scalar that the build needs, or its fallback as settled does. If
// it returns nil, it has reported why, or the manifest does not set the value.
func (s *reader) known(f *declared.Function, what string, v *yamltree.Value) *yamltree.Value {
	settled := v.Settled()
	switch {
	case !v.Has():
		return nil
	case !settled.Scalar():
		f.Report(s.unusable(what, v))
		return nil
	case v.Unknown():
		f.Report(analyzer.Problem(analyzer.Note, "fallback-used", v.At, "",
			"%s uses its fallback %q, since %s is not known here", what, settled.Shown(), v.Missing.Name))
	}
	return settled
}

// first returns the function's setting, or else the provider's.
func (s *reader) first(v *yamltree.Value, name string) *yamltree.Value {
	if own := s.Get(v, name); own.Has() {
		return own
	}
	if s.provider == nil {
		return nil
	}
	return s.Get(s.provider, name)
}

func (s *reader) function(k yamltree.Key, v *yamltree.Value) {
	f := &declared.Function{Function: analyzer.Function{Name: k.Name, Format: "serverless", Position: k.At}}
	v = s.settled(f.Report, "the function", s.Resolve(v))
	if v == nil || v.Kind != yamltree.Mapping {
		if v == nil || v.Kind == yamltree.Null {
			f.Report(analyzer.Problem(analyzer.Error, "no-handler", k.At, "name the file and the export: handler: src/"+k.Name+".handler", "has no handler"))
		} else {
			f.Report(s.unusable("the function", v))
		}
		f.Family = analyzer.Node
		s.Declare(f)
		return
	}
	pack := s.settled(f.Report, "package", s.Get(v, "package"))
	if reason := s.skipReason(v, pack); reason != "" {
		if f.Skip = reason; reason == imageReason {
			f.Image = s.image(v)
		}
		s.Declare(f)
		return
	}
	s.checkCase(f, v)
	if runtime := s.known(f, "runtime", s.first(v, "runtime")); runtime != nil {
		f.SetRuntime(runtime)
	} else if !s.first(v, "runtime").Has() {
		if analyzer.ExitStatus(f.Problems) == 0 {
			f.FindRuntime("runtime", map[string]*yamltree.Value{"function": v, "provider": s.provider})
		}
		if analyzer.ExitStatus(f.Problems) == 0 {
			s.defaultRuntime(f)
		}
	}
	if handler := s.known(f, "handler", s.Get(v, "handler")); handler != nil {
		f.SetHandler(handler)
	}
	if arch := s.known(f, "architecture", s.first(v, "architecture")); arch != nil {
		f.SetArchitecture(arch)
	}
	f.SetMemory(s.first(v, "memorySize"))
	f.MemoryMB = cmp.Or(f.MemoryMB, defaultMemoryMB)
	f.SetTimeout(s.first(v, "timeout"))
	f.TimeoutSeconds = cmp.Or(f.TimeoutSeconds, defaultTimeoutSeconds)
	f.SnapStart = declared.MayBeSet(s.first(v, "snapStart"))
	f.SetReady(s.first(v, "provisionedConcurrency"))
	f.SetStorage(s.Get(v, "ephemeralStorageSize"))
	if region := s.Get(s.provider, "region"); region.Has() {
		f.SetRegion(s.region(region.At))
	}
	s.events(f, v)
	f.AddEnvironment(s, s.provider.Get("environment"))
	f.AddEnvironment(s, v.Get("environment"))
	f.AddLayers(s, s.first(v, "layers"))
	f.UseLayers(s.Input, s.layers)
	s.patterns(f, pack)
	s.together(f, pack)
	s.ownSettings(f, s.Get(v, ownKey))
	if strings.HasPrefix(f.Runtime, "provided") {
		s.goPlugin(f)
	}
	s.Declare(f)
}

// functionKeys are the settings of a function that are read here.
var functionKeys = []string{
	"architecture", "environment", "handler", "image", "layers", "memorySize", "package", "provisionedConcurrency", "runtime", "snapStart", "timeout",
}

// checkCase reports settings whose names differ from the framework's in case only. The
// framework ignores or refuses them.
func (s *reader) checkCase(f *declared.Function, v *yamltree.Value) {
	for _, k := range v.Keys {
		for _, name := range functionKeys {
			if k.Name != name && strings.EqualFold(k.Name, name) && !s.Get(v, name).Has() {
				f.Report(analyzer.Problem(analyzer.Error, "unknown-setting", k.At, "write it as "+name, "the function has no setting %q", k.Name))
			}
		}
	}
}

// skipReason returns why there is nothing to build, or "".
func (s *reader) skipReason(v, pack *yamltree.Value) string {
	if s.Get(v, "image").Has() {
		return imageReason
	}
	if artifact := s.Get(pack, "artifact"); artifact.Has() {
		return "ships its own package.artifact"
	}
	// The service's package.individually has no effect if the service has an
	// artifact. Source: packageFunction in lib/plugins/package/lib/package-service.js
	if artifact := s.Get(s.pack, "artifact"); artifact.Has() {
		if individually, _ := s.Get(pack, "individually").Settled().Truth(); !individually {
			return "ships the service's package.artifact"
		}
	}
	if s.leftAlone(v) {
		return "sets featherpack: false"
	}
	return ""
}
