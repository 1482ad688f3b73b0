package manifest

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// templateFormat is SAM's and CloudFormation's. Sources:
// docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html,
// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
var templateFormat = format{
	name:  "template",
	names: []string{"template.yaml", "template.yml", "template.json"},
	may: func(name string) bool {
		switch path.Ext(name) {
		case ".yaml", ".yml", ".template":
			return !strings.HasPrefix(name, "serverless.")
		case ".json":
			return strings.HasSuffix(name, ".template.json")
		}
		return false
	},
	claims: func(name string, content []byte) bool {
		return bytes.Contains(content, []byte("Resources")) && functionType.Match(content)
	},
	fits: func(root *value) bool { return root.get("Resources").has() },
	read: readTemplate,
}

const (
	samFunction    = "AWS::Serverless::Function"
	lambdaFunction = "AWS::Lambda::Function"
)

var functionType = regexp.MustCompile(`AWS::(Serverless|Lambda)::Function\b`)

// template is the reading of one template.
type template struct {
	*intrinsics
	service *service
	globals *value
	// provisioned are the functions that an alias or a version of the template
	// keeps environments ready for.
	provisioned map[string]bool
}

func readTemplate(d *discovery, s *service) {
	if s.root.kind != mapping {
		d.report(problem(analyzer.Error, "bad-manifest", s.root.at, "", "a template is a mapping, and this is %s", s.root.kind))
		return
	}
	t := &template{intrinsics: newIntrinsics(d, s.root), service: s, globals: s.root.get("Globals", "Function")}
	resources := s.root.get("Resources")
	if resources == nil {
		return
	}
	if resources.kind != mapping {
		d.report(problem(analyzer.Error, "bad-manifest", resources.at, "", "Resources must be a mapping, and is %s", resources.kind))
		return
	}
	t.provisioned = t.keptReady(resources)
	for i, k := range resources.keys {
		r := resources.items[i]
		if kind := r.get("Type"); kind.scalar() && (kind.text == samFunction || kind.text == lambdaFunction) {
			t.function(k, r, kind.text)
		} else if strings.HasPrefix(k.name, "Fn::ForEach") && functionInside(r, 0) {
			d.skip(s, k.name, k.at, "is made by Fn::ForEach, which only CloudFormation expands")
		}
	}
}

// functionInside looks for a function's type in what a loop would make.
func functionInside(v *value, depth int) bool {
	if v == nil || depth > 8 {
		return false
	}
	if v.kind == text && (v.text == samFunction || v.text == lambdaFunction) {
		return true
	}
	for _, item := range v.items {
		if functionInside(item, depth+1) {
			return true
		}
	}
	return false
}

// setting returns a function's property, or else the one all functions share.
func (t *template) setting(properties *value, name string, sam bool) *value {
	if v := t.eval(properties.get(name)); v.has() {
		return v
	}
	if sam {
		if v := t.eval(t.globals.get(name)); v.has() {
			return v
		}
	}
	return nil
}

func (t *template) function(k key, r *value, kind string) {
	sam := kind == samFunction
	f := &function{Function: analyzer.Function{Name: k.name, Format: "cloudformation", Position: k.at}}
	if sam {
		f.Format = "sam"
	}
	properties := t.eval(r.get("Properties"))
	if condition := r.get("Condition"); condition.scalar() {
		if holds, known := t.condition(condition.text); known && !holds {
			t.skip(t.service, k.name, k.at, "its condition "+condition.text+" does not hold")
			return
		}
	}
	metadata := r.get("Metadata")
	method := t.eval(metadata.get("BuildMethod"))
	source := t.sourceOf(metadata)
	if reason := t.skipReason(properties, metadata, source, sam); reason != "" {
		t.skip(t.service, k.name, k.at, reason)
		return
	}
	if runtime := t.known(f, "Runtime", t.setting(properties, "Runtime", sam)); runtime != nil {
		f.Runtime, f.runtimeAt = runtime.text, runtime.at
	}
	if handler := t.known(f, "Handler", t.setting(properties, "Handler", sam)); handler != nil {
		f.Handler, f.handlerAt = handler.text, handler.at
	}
	if list := t.setting(properties, "Architectures", sam); list != nil && list.kind == sequence && len(list.items) > 0 {
		if arch := t.known(f, "Architectures", t.eval(list.items[0])); arch != nil {
			f.Architecture, f.archAt = arch.text, arch.at
		}
	} else if list != nil && list.kind == unknown {
		t.known(f, "Architectures", list)
	}
	f.MemoryMB, _ = t.setting(properties, "MemorySize", sam).integer()
	f.TimeoutSeconds, _ = t.setting(properties, "Timeout", sam).integer()
	f.SnapStart = mayBeSet(t.within(t.setting(properties, "SnapStart", sam), "ApplyOn"))
	f.ProvisionedConcurrency = t.provisioned[k.name]
	if sam { // it needs an AutoPublishAlias, which a deployment refuses to be without
		f.ProvisionedConcurrency = f.ProvisionedConcurrency || mayBeSet(t.within(t.setting(properties, "ProvisionedConcurrencyConfig", sam), "ProvisionedConcurrentExecutions"))
		t.environment(f, t.eval(t.globals.get("Environment")))
		t.layers(f, t.eval(t.globals.get("Layers")))
	}
	t.environment(f, t.eval(properties.get("Environment")))
	t.layers(f, t.eval(properties.get("Layers")))
	t.code(f, properties, sam)
	if analyzer.ExitStatus(f.problems) == 0 {
		t.metadata(f, metadata, method)
	}
	if reason := t.customRuntime(f, method); reason != "" {
		t.skip(t.service, k.name, k.at, reason)
		return
	}
	t.source(f, source)
	t.declare(t.service, f)
}

// skipReason says why a function has nothing to be built from.
func (t *template) skipReason(properties, metadata, source *value, sam bool) string {
	if p := t.setting(properties, "PackageType", sam); p.scalar() && p.text == "Image" {
		return "is a container image"
	}
	if built, _ := t.eval(metadata.get("SkipBuild")).truth(); built {
		return "is built already, says Metadata.SkipBuild"
	}
	if !sam {
		code := t.eval(properties.get("Code"))
		switch {
		case code == nil || code.kind == unknown:
			return "its code is known only once deployed"
		case code.get("ZipFile").has():
			return "its code is inline"
		case code.get("ImageUri").has():
			return "is a container image"
		case code.get("S3Bucket") != nil || code.get("S3Key") != nil:
			return "its code is in S3 already"
		}
		return packedCode(code, source)
	}
	if t.setting(properties, "InlineCode", sam).has() {
		return "its code is inline"
	}
	if t.setting(properties, "ImageUri", sam).has() {
		return "is a container image"
	}
	code := t.setting(properties, "CodeUri", sam)
	switch {
	case code != nil && code.kind == mapping:
		return "its code is in S3 already"
	case code != nil && code.kind == unknown && !code.mistake:
		return "its code is known only once deployed"
	}
	return packedCode(code, source)
}

func packedCode(code, source *value) string {
	if !code.scalar() || source != nil && isZip(code.text) {
		return ""
	}
	switch ext := path.Ext(code.text); {
	case strings.Contains(code.text, "://"):
		return "its code is in S3 already"
	case ext == ".zip" && strings.Contains(code.text, ".featherpack/"):
		return "ships " + path.Base(code.text) + ", and no Metadata.featherpack says what that is built from"
	case ext == ".zip" || ext == ".jar":
		return "ships " + path.Base(code.text) + " as it is"
	}
	return ""
}

// known returns a scalar that the build needs, or reports that it is not known.
func (t *template) known(f *function, what string, v *value) *value {
	switch {
	case v == nil || v.kind == null:
		return nil
	case v.kind == unknown:
		hint := "the build needs it: write it out, or give a parameter as --param NAME=VALUE"
		f.report(problem(analyzer.Error, "unknown-value", v.at, hint, "%s is %s: %s", what, v.text, v.why))
		return nil
	case !v.scalar():
		f.report(problem(analyzer.Error, "bad-manifest", v.at, "", "%s cannot be %s", what, v.kind))
		return nil
	}
	return v
}

func (t *template) environment(f *function, v *value) {
	if v == nil {
		return
	}
	variables := t.eval(v.get("Variables"))
	if variables == nil || variables.kind != mapping {
		return
	}
	for i, k := range variables.keys {
		f.setEnvironment(k.name, t.eval(variables.items[i]))
	}
}

func (t *template) layers(f *function, v *value) {
	if v == nil || v.kind != sequence {
		return
	}
	for _, item := range v.items {
		name := ""
		if item = t.eval(item); item.scalar() {
			name = item.text
		} else if item != nil && item.kind == unknown {
			name = strings.TrimPrefix(item.text, "!Ref ")
		}
		if name != "" {
			f.Layers = append(f.Layers, name)
		}
	}
}

// code finds the folder that the handler is relative to. SAM takes the
// template's own where CodeUri is missing.
func (t *template) code(f *function, properties *value, sam bool) {
	name := "Code"
	if sam {
		name = "CodeUri"
	}
	v := t.known(f, name, t.setting(properties, name, sam))
	f.CodeDir = t.service.dir
	if v == nil {
		return
	}
	if isZip(v.text) { // Metadata.featherpack says what it is built from
		t.zipName(f, v)
		return
	}
	dir := path.Join(t.service.dir, v.text)
	refuse := func(reason string) {
		f.report(problem(analyzer.Refused, "code-outside", v.at, "nothing outside the project's root is packed", "%s %q %s", name, v.text, reason))
	}
	switch {
	case strings.ContainsAny(v.text, "\\\x00"):
		f.report(problem(analyzer.Error, "bad-manifest", v.at, "use forward slashes", "%s %q cannot be a folder", name, v.text))
		return
	case path.IsAbs(v.text):
		refuse("is an absolute path")
		return
	case !inside(dir):
		refuse("leaves the project's root")
		return
	}
	switch what, actual := t.look(dir); what {
	case folder:
		f.CodeDir = dir
	case foreign:
		refuse("is a link that leaves the project's root")
	case file:
		f.CodeDir = path.Dir(dir)
	default:
		hint := "it is relative to " + t.service.file
		if actual != "" {
			hint = "did you mean " + actual + "?"
		}
		f.report(problem(analyzer.Error, "no-such-folder", v.at, hint, "%s %q: there is no folder %s", name, v.text, dir))
	}
}
