package cloudformation

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// Names are the file names that SAM looks for by default.
var Names = []string{"template.yaml", "template.yml", "template.json"}

// NameMatches reports whether a file of this name can be a template. A template
// has no fixed name, so most YAML files can.
func NameMatches(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".template":
		return !strings.HasPrefix(name, "serverless.")
	case ".json":
		return strings.HasSuffix(name, ".template.json")
	}
	return false
}

// TextMatches quickly checks whether a text looks like a template with functions.
func TextMatches(content []byte) bool {
	return bytes.Contains(content, []byte("Resources")) && functionType.Match(content)
}

// DocumentMatches reports whether a document is a template. Sources:
// docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html,
// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
func DocumentMatches(root *yamltree.Value) bool { return root.Get("Resources").Has() }

const (
	samFunction    = "AWS::Serverless::Function"
	lambdaFunction = "AWS::Lambda::Function"
)

var functionType = regexp.MustCompile(`AWS::(Serverless|Lambda)::Function\b`)

// template is the state of reading one template.
type template struct {
	*Intrinsics
	declared.Found
	globals *yamltree.Value
	// provisioned is the provisioned concurrency that an alias or a version of the template
	// gives functions.
	provisioned map[string]*yamltree.Value
	// layers are the folders of the template's own layers, by resource.
	layers map[string]string
}

// Read finds the functions of a template.
func Read(in declared.Input) declared.Found {
	t := &template{Intrinsics: NewIntrinsics(in), globals: in.Root.Get("Globals", "Function")}
	t.read()
	return t.Found
}

func (t *template) read() {
	if t.Root.Kind != yamltree.Mapping {
		t.Report(analyzer.Problem(analyzer.Error, "bad-manifest", t.Root.At, "", "a template is a mapping, and this is %s", t.Root.Kind))
		return
	}
	resources := t.Root.Get("Resources")
	if resources == nil {
		return
	}
	if resources.Kind != yamltree.Mapping {
		t.Report(analyzer.Problem(analyzer.Error, "bad-manifest", resources.At, "", "Resources must be a mapping, and is %s", resources.Kind))
		return
	}
	t.provisioned, t.layers = t.keptReady(resources), t.layersOf(resources)
	for i, k := range resources.Keys {
		r := resources.Items[i]
		if kind := r.Get("Type"); kind.Scalar() && (kind.Text == samFunction || kind.Text == lambdaFunction) {
			t.function(k, r, kind.Text)
		} else if strings.HasPrefix(k.Name, "Fn::ForEach") && functionInside(r, 0) {
			t.Skip(k.Name, k.At, "is made by Fn::ForEach, which only CloudFormation expands")
		}
	}
}

// functionInside looks for a function's type in the body of a loop.
func functionInside(v *yamltree.Value, depth int) bool {
	if v == nil || depth > 8 {
		return false
	}
	if v.Kind == yamltree.Text && (v.Text == samFunction || v.Text == lambdaFunction) {
		return true
	}
	for _, item := range v.Items {
		if functionInside(item, depth+1) {
			return true
		}
	}
	return false
}

// setting returns a function's property, or else the one in SAM's Globals.
func (t *template) setting(properties *yamltree.Value, name string, sam bool) *yamltree.Value {
	if v := t.Resolve(properties.Get(name)); v.Has() {
		return v
	}
	if sam {
		if v := t.Resolve(t.globals.Get(name)); v.Has() {
			return v
		}
	}
	return nil
}

func (t *template) function(k yamltree.Key, r *yamltree.Value, kind string) {
	sam := kind == samFunction
	f := &declared.Function{Function: analyzer.Function{Name: k.Name, Format: "cloudformation", Position: k.At}}
	if sam {
		f.Format = "sam"
	}
	properties := t.Resolve(r.Get("Properties"))
	if condition := r.Get("Condition"); condition.Scalar() {
		if holds, known := t.condition(condition.Text); known && !holds {
			t.Skip(k.Name, k.At, "its condition "+condition.Text+" does not hold")
			return
		}
	}
	metadata := r.Get("Metadata")
	method := t.Resolve(metadata.Get("BuildMethod"))
	source := t.sourceOf(metadata)
	if reason := t.skipReason(properties, metadata, source, sam); reason != "" {
		f.Skip = reason
		if reason == imageReason {
			f.Image = t.image(properties, metadata, sam)
		}
		t.Declare(f)
		return
	}
	if runtime := t.known(f, "Runtime", t.setting(properties, "Runtime", sam)); runtime != nil {
		f.SetRuntime(runtime)
	} else if analyzer.ExitStatus(f.Problems) == 0 {
		f.FindRuntime("Runtime", map[string]*yamltree.Value{"function": properties, "template's Globals": t.globals})
	}
	if handler := t.known(f, "Handler", t.setting(properties, "Handler", sam)); handler != nil {
		f.SetHandler(handler)
	}
	if list := t.setting(properties, "Architectures", sam); list != nil && list.Kind == yamltree.Sequence && len(list.Items) > 0 {
		if arch := t.known(f, "Architectures", t.Resolve(list.Items[0])); arch != nil {
			f.SetArchitecture(arch)
		}
	} else if list.Unknown() {
		t.known(f, "Architectures", list)
	}
	f.SetMemory(t.setting(properties, "MemorySize", sam))
	f.SetTimeout(t.setting(properties, "Timeout", sam))
	f.SnapStart = declared.MayBeSet(t.within(t.setting(properties, "SnapStart", sam), "ApplyOn"))
	f.SetReady(t.provisioned[k.Name])
	f.SetStorage(t.within(t.setting(properties, "EphemeralStorage", sam), "Size"))
	if mode := t.within(t.setting(properties, "TenancyConfig", sam), "TenantIsolationMode"); mode.Scalar() && mode.Text == "PER_TENANT" {
		f.Deployment.TenantsAt = mode.At
	}
	if sam { // SAM rejects it without an AutoPublishAlias, so that is not checked here
		f.SetReady(t.within(t.setting(properties, "ProvisionedConcurrencyConfig", sam), "ProvisionedConcurrentExecutions"))
		t.events(f, properties)
		f.AddEnvironment(t, t.within(t.Resolve(t.globals.Get("Environment")), "Variables"))
		f.AddLayers(t, t.globals.Get("Layers"))
	}
	f.AddEnvironment(t, t.within(t.Resolve(properties.Get("Environment")), "Variables"))
	f.AddLayers(t, properties.Get("Layers"))
	f.UseLayers(t.Input, t.layers)
	t.code(f, properties, sam)
	if analyzer.ExitStatus(f.Problems) == 0 {
		t.metadata(f, metadata, method)
	}
	if sam && !metadata.Has() && f.Zip == nil {
		f.Together = "sam " + f.CodeDir
	}
	if reason := t.customRuntime(f, method); reason != "" {
		t.Skip(k.Name, k.At, reason)
		return
	}
	t.source(f, source)
	t.Declare(f)
}

// skipReason returns why there is nothing to build, or "".
func (t *template) skipReason(properties, metadata, source *yamltree.Value, sam bool) string {
	if p := t.setting(properties, "PackageType", sam); p.Scalar() && p.Text == "Image" {
		return imageReason
	}
	if built, _ := t.Resolve(metadata.Get("SkipBuild")).Truth(); built {
		return "is already built: Metadata.SkipBuild is set"
	}
	if !sam {
		code := t.Resolve(properties.Get("Code"))
		switch {
		case code == nil || code.Unknown():
			return "its code is known only once deployed"
		case code.Get("ZipFile").Has():
			return "its code is inline"
		case code.Get("ImageUri").Has():
			return imageReason
		case code.Get("S3Bucket") != nil || code.Get("S3Key") != nil:
			return "its code is in S3 already"
		}
		return packedCode(code, source)
	}
	if t.setting(properties, "InlineCode", sam).Has() {
		return "its code is inline"
	}
	if t.setting(properties, "ImageUri", sam).Has() {
		return imageReason
	}
	code := t.setting(properties, "CodeUri", sam)
	switch {
	case code != nil && code.Kind == yamltree.Mapping:
		return "its code is in S3 already"
	case code.Unknown() && !code.Mistaken():
		return "its code is known only once deployed"
	}
	return packedCode(code, source)
}

func packedCode(code, source *yamltree.Value) string {
	if !code.Scalar() || source != nil && isZip(code.Text) {
		return ""
	}
	switch ext := path.Ext(code.Text); {
	case strings.Contains(code.Text, "://"):
		return "its code is in S3 already"
	case ext == ".zip" && strings.Contains(code.Text, ".featherpack/"):
		return "ships " + path.Base(code.Shown()) + ", but no Metadata.featherpack names its source"
	case ext == ".zip" || ext == ".jar":
		return "ships " + path.Base(code.Shown()) + " as it is"
	}
	return ""
}

// known returns a scalar that the build needs, or reports that it is not known.
func (t *template) known(f *declared.Function, what string, v *yamltree.Value) *yamltree.Value {
	switch {
	case v == nil || v.Kind == yamltree.Null:
		return nil
	case v.Unknown():
		hint := "the build needs it: write it out, or give a parameter as --param NAME=VALUE"
		f.Report(analyzer.Problem(analyzer.Error, "unknown-value", v.At, hint, "%s is %s: %s", what, v.Missing.Name, v.Missing.Why))
		return nil
	case !v.Scalar():
		f.Report(analyzer.Problem(analyzer.Error, "bad-manifest", v.At, "", "%s cannot be %s", what, v.Kind))
		return nil
	}
	return v
}

// code finds the folder that the handler is relative to. SAM uses the template's
// folder if CodeUri is missing.
func (t *template) code(f *declared.Function, properties *yamltree.Value, sam bool) {
	name := "Code"
	if sam {
		name = "CodeUri"
	}
	v := t.known(f, name, t.setting(properties, name, sam))
	f.CodeDir = t.Dir
	if v == nil {
		return
	}
	if isZip(v.Text) { // Metadata.featherpack names its source
		f.Zip = v
		return
	}
	dir := path.Join(t.Dir, v.Text)
	refuse := func(reason string) {
		f.Report(analyzer.Problem(analyzer.Refused, "code-outside", v.At, "nothing outside the project's root is packed", "%s %q %s", name, v.Shown(), reason))
	}
	switch {
	case strings.ContainsAny(v.Text, "\\\x00"):
		f.Report(analyzer.Problem(analyzer.Error, "bad-manifest", v.At, "use forward slashes", "%s %q cannot be a folder", name, v.Shown()))
		return
	case path.IsAbs(v.Text):
		refuse("is an absolute path")
		return
	case !projectfs.Inside(dir):
		refuse("leaves the project's root")
		return
	}
	switch what, actual := t.Look(dir); what {
	case projectfs.Folder:
		f.CodeDir = dir
	case projectfs.Foreign:
		refuse("is a link that leaves the project's root")
	case projectfs.File:
		f.CodeDir = path.Dir(dir)
	default:
		hint := "it is relative to " + t.File
		if actual != "" {
			hint = "did you mean " + actual + "?"
		}
		f.Report(analyzer.Problem(analyzer.Error, "no-such-folder", v.At, hint, "%s %q: there is no folder %s", name, v.Shown(), path.Join(t.Dir, v.Shown())))
	}
}
