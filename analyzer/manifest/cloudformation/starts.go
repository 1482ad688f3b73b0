package cloudformation

import (
	"strings"

	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// within returns a key of a mapping, or the mapping itself if it is not known.
func (t *template) within(v *yamltree.Value, name string) *yamltree.Value {
	if v == nil || v.Unknown() {
		return v
	}
	return t.Resolve(v.Get(name))
}

// keptReady finds the functions that an AWS::Lambda::Alias or Version of the
// template gives provisioned concurrency. Source:
// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html
func (t *template) keptReady(resources *yamltree.Value) map[string]*yamltree.Value {
	ready := map[string]*yamltree.Value{}
	for _, r := range resources.Items {
		kind := r.Get("Type")
		if !kind.Scalar() || kind.Text != "AWS::Lambda::Alias" && kind.Text != "AWS::Lambda::Version" {
			continue
		}
		properties := t.Resolve(r.Get("Properties"))
		if v := t.within(t.Resolve(properties.Get("ProvisionedConcurrencyConfig")), "ProvisionedConcurrentExecutions"); declared.MayBeSet(v) {
			ready[t.logicalName(t.Resolve(properties.Get("FunctionName")))] = v
		}
	}
	return ready
}

// logicalName returns the resource that a reference such as !Ref F or !GetAtt
// F.Arn names, or "" for any other value.
func (t *template) logicalName(v *yamltree.Value) string {
	if !v.Unknown() {
		return ""
	}
	for _, prefix := range []string{"!Ref ", "!GetAtt "} {
		if name, ok := strings.CutPrefix(v.Missing.Name, prefix); ok {
			name, _, _ = strings.Cut(name, ".")
			return name
		}
	}
	return ""
}
