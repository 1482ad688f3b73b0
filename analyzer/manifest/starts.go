package manifest

import "strings"

// mayBeSet reports whether a setting is on, or a number above 0. What is only
// known once deployed counts: to say nothing of a start is better than to say
// what does not hold. SnapStart's ApplyOn is a word, of which None is off.
func mayBeSet(v *value) bool {
	if v != nil && v.kind == unknown && v.fallback.scalar() {
		v = v.fallback
	}
	if !v.has() {
		return false
	}
	if v.kind == unknown {
		return true
	}
	if is, ok := v.truth(); ok {
		return is
	}
	if n, ok := v.integer(); ok {
		return n > 0
	}
	return v.scalar() && v.text != "None" && v.text != ""
}

// within is a key of a mapping, or the whole where that is not known.
func (t *template) within(v *value, name string) *value {
	if v == nil || v.kind == unknown {
		return v
	}
	return t.eval(v.get(name))
}

// keptReady finds the functions that an AWS::Lambda::Alias or Version of the
// same template gives provisioned concurrency.
// Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html
func (t *template) keptReady(resources *value) map[string]bool {
	ready := map[string]bool{}
	for _, r := range resources.items {
		kind := r.get("Type")
		if !kind.scalar() || kind.text != "AWS::Lambda::Alias" && kind.text != "AWS::Lambda::Version" {
			continue
		}
		properties := t.eval(r.get("Properties"))
		if mayBeSet(t.within(t.eval(properties.get("ProvisionedConcurrencyConfig")), "ProvisionedConcurrentExecutions")) {
			ready[t.logicalName(t.eval(properties.get("FunctionName")))] = true
		}
	}
	return ready
}

// logicalName is the resource that a reference such as !Ref F or !GetAtt F.Arn
// means, "" for anything else.
func (t *template) logicalName(v *value) string {
	if v == nil || v.kind != unknown {
		return ""
	}
	for _, prefix := range []string{"!Ref ", "!GetAtt "} {
		if name, ok := strings.CutPrefix(v.text, prefix); ok {
			name, _, _ = strings.Cut(name, ".")
			return name
		}
	}
	return ""
}
