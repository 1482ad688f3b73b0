package cloudformation

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Bounds on evaluating a template's functions.
const (
	maxEvaluations  = 200_000
	maxEvalDepth    = 64
	maxTemplateText = 1 << 20
)

// Intrinsics evaluates CloudFormation's functions in the short form (!Ref X) and
// the long form ({Ref: X}), as far as the template alone determines them. Source:
// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
type Intrinsics struct {
	declared.Input
	parameters *yamltree.Value
	mappings   *yamltree.Value
	conditions *yamltree.Value
	deciding   map[string]bool // conditions being evaluated, to stop at a cycle
	work       int
	depth      int
}

// NewIntrinsics returns an evaluator for a template's functions.
func NewIntrinsics(in declared.Input) *Intrinsics {
	return &Intrinsics{Input: in, parameters: in.Root.Get("Parameters"), mappings: in.Root.Get("Mappings"),
		conditions: in.Root.Get("Conditions"), deciding: map[string]bool{}}
}

// longNames maps the short form of each function to its long form.
var longNames = map[string]string{
	"!Ref": "Ref", "!Sub": "Fn::Sub", "!GetAtt": "Fn::GetAtt", "!Join": "Fn::Join", "!If": "Fn::If",
	"!FindInMap": "Fn::FindInMap", "!Select": "Fn::Select", "!Split": "Fn::Split", "!Equals": "Fn::Equals",
	"!And": "Fn::And", "!Or": "Fn::Or", "!Not": "Fn::Not", "!Condition": "Condition", "!Base64": "Fn::Base64",
	"!Cidr": "Fn::Cidr", "!GetAZs": "Fn::GetAZs", "!ImportValue": "Fn::ImportValue", "!Transform": "Fn::Transform",
	"!ToJsonString": "Fn::ToJsonString", "!Length": "Fn::Length",
}

// call splits a function call into its name and argument. ok is false for any
// other value.
func call(v *yamltree.Value) (name string, arg *yamltree.Value, ok bool) {
	if v == nil {
		return "", nil, false
	}
	if v.Tag != "" {
		name = longNames[v.Tag]
		if name == "" {
			name = v.Tag
		}
		plain := *v
		plain.Tag = ""
		return name, &plain, true
	}
	if v.Kind == yamltree.Mapping && len(v.Keys) == 1 {
		if n := v.Keys[0].Name; n == "Ref" || n == "Condition" || strings.HasPrefix(n, "Fn::") {
			return n, v.Items[0], true
		}
	}
	return "", nil, false
}

// Resolve evaluates a function call and returns any other value unchanged. nil
// means that there is no value, for example because of AWS::NoValue.
func (t *Intrinsics) Resolve(v *yamltree.Value) *yamltree.Value {
	name, arg, ok := call(v)
	if !ok {
		return v
	}
	if t.work++; t.work > maxEvaluations || t.depth > maxEvalDepth {
		return yamltree.NewMistake(name, "the template's functions are nested too deep", v.At)
	}
	t.depth++
	defer func() { t.depth-- }()
	result := t.apply(name, arg, v.At)
	return result.Moved(v.At)
}

func (t *Intrinsics) apply(name string, arg *yamltree.Value, at analyzer.Position) *yamltree.Value {
	bad := func(why string) *yamltree.Value { return yamltree.NewMistake(name, why, at) }
	args := func(n int) []*yamltree.Value {
		if arg == nil || arg.Kind != yamltree.Sequence || len(arg.Items) < n {
			return nil
		}
		return arg.Items
	}
	switch name {
	case "Ref":
		if !arg.Scalar() {
			return bad("needs a name")
		}
		return t.ref(arg.Text, at)
	case "Fn::Sub":
		return t.sub(arg, at)
	case "Fn::Join":
		a := args(2)
		if a == nil {
			return bad("needs a delimiter and a list")
		}
		return t.join(a[0], a[1], at)
	case "Fn::If":
		a := args(3)
		if a == nil || !a[0].Scalar() {
			return bad("needs a condition and two values")
		}
		holds, known := t.condition(a[0].Text)
		if !known {
			return yamltree.NewDeployed("!If "+a[0].Text, "its condition is known only once deployed", at)
		}
		if holds {
			return t.Resolve(a[1])
		}
		return t.Resolve(a[2])
	case "Fn::FindInMap":
		return t.findInMap(args(3), at)
	case "Fn::Select":
		a := args(2)
		if a == nil {
			return bad("needs an index and a list")
		}
		return t.pick(a[0], a[1], at)
	case "Fn::Split":
		a := args(2)
		if a == nil {
			return bad("needs a delimiter and a text")
		}
		sep, s := t.Resolve(a[0]), t.Resolve(a[1])
		if !sep.Scalar() || sep.Text == "" || !s.Scalar() {
			return yamltree.NewDeployed("!Split", "its text is known only once deployed", at)
		}
		list := &yamltree.Value{Kind: yamltree.Sequence, At: at}
		for part := range strings.SplitSeq(s.Text, sep.Text) {
			list.Items = append(list.Items, s.Part(part, at))
		}
		return list
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition":
		holds, known := t.decide(name, arg)
		if !known {
			return yamltree.NewDeployed(name, "it is known only once deployed", at)
		}
		return &yamltree.Value{Kind: yamltree.Boolean, Text: strconv.FormatBool(holds), At: at}
	case "Fn::GetAtt":
		return yamltree.NewDeployed("!GetAtt "+words(arg), "it is known only once deployed", at)
	}
	return yamltree.NewDeployed(name, "it is known only once deployed", at)
}

// words formats a reference, a text or a list, as A.b.
func words(v *yamltree.Value) string {
	switch {
	case v.Scalar():
		return v.Text
	case v != nil && v.Kind == yamltree.Sequence:
		var parts []string
		for _, item := range v.Items {
			parts = append(parts, item.Text)
		}
		return strings.Join(parts, ".")
	}
	return "of something"
}

// ref returns a parameter's value: --param, or else its Default. References to
// resources and SSM parameters are known only once deployed.
func (t *Intrinsics) ref(name string, at analyzer.Position) *yamltree.Value {
	if name == "AWS::NoValue" {
		return nil
	}
	if p := t.parameters.Get(name); p != nil {
		kind := p.Get("Type")
		if s, ok := t.Params[name]; ok {
			return parameter(kind, yamltree.NewOutside(s, "!Ref "+name, at), at)
		}
		if kind.Scalar() && strings.HasPrefix(kind.Text, "AWS::SSM::") {
			return yamltree.NewDeployed("!Ref "+name, "it is read from SSM once deployed", at)
		}
		if def := p.Get("Default"); def.Has() {
			return parameter(kind, def, at)
		}
		return yamltree.NewDeployed("!Ref "+name, "the parameter has no Default and is not given", at)
	}
	if resources := t.Root.Get("Resources"); resources.Has() && resources.Get(name) == nil && !strings.HasPrefix(name, "AWS::") {
		return yamltree.NewDeployed("!Ref "+name, "the template has no parameter and no resource of that name", at)
	}
	return yamltree.NewDeployed("!Ref "+name, "it is known only once deployed", at)
}

// parameter converts a parameter's value to its type: it splits the value of a
// list parameter at the commas.
func parameter(kind, v *yamltree.Value, at analyzer.Position) *yamltree.Value {
	if !v.Scalar() || !kind.Scalar() || kind.Text != "CommaDelimitedList" && !strings.HasPrefix(kind.Text, "List<") {
		return v
	}
	list := &yamltree.Value{Kind: yamltree.Sequence, At: at}
	for part := range strings.SplitSeq(v.Text, ",") {
		list.Items = append(list.Items, v.Part(strings.TrimSpace(part), at))
	}
	return list
}

// sub replaces ${Name} in a text. ${!Name} means the literal text ${Name}.
func (t *Intrinsics) sub(arg *yamltree.Value, at analyzer.Position) *yamltree.Value {
	var own *yamltree.Value
	if arg != nil && arg.Kind == yamltree.Sequence && len(arg.Items) > 0 {
		if len(arg.Items) > 1 {
			own = arg.Items[1]
		}
		arg = t.Resolve(arg.Items[0])
	}
	if !arg.Scalar() {
		return yamltree.NewMistake("!Sub", "needs a text", at)
	}
	var text yamltree.Joiner
	var missing *yamltree.Missing
	for rest := arg.Text; ; {
		before, after, found := strings.Cut(rest, "${")
		text.Add(before)
		if !found {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			text.Add("${" + after)
			break
		}
		rest = tail
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			text.Add("${" + literal + "}")
			continue
		}
		name = strings.TrimSpace(name)
		v := t.Resolve(own.Get(name))
		if own.Get(name) == nil {
			v = t.ref(name, at)
		}
		unknown := yamltree.NewDeployed("!Sub "+arg.Text, "${"+name+"} is known only once deployed", at)
		if !v.Has() || !text.AddValue(v, "${"+name+"}") {
			return unknown
		}
		if v.Unknown() && missing == nil {
			missing = unknown.Missing
		}
		if text.Len() > maxTemplateText {
			return yamltree.NewMistake("!Sub", "grows beyond 1 MiB", at)
		}
	}
	result := text.Value(at)
	result.Missing = missing
	return result
}

func (t *Intrinsics) join(sep, list *yamltree.Value, at analyzer.Position) *yamltree.Value {
	sep, list = t.Resolve(sep), t.Resolve(list)
	if !sep.Scalar() || list == nil || list.Kind != yamltree.Sequence {
		return yamltree.NewDeployed("!Join", "its list is known only once deployed", at)
	}
	var text yamltree.Joiner
	first := true
	for _, item := range list.Items {
		item = t.Resolve(item)
		if item == nil { // AWS::NoValue
			continue
		}
		if !first {
			text.AddValue(sep, "")
		}
		first = false
		if !text.AddValue(item, nameOf(item)) {
			return yamltree.NewDeployed("!Join", "a part of it is known only once deployed", at)
		}
		if text.Len() > maxTemplateText {
			return yamltree.NewMistake("!Join", "grows beyond 1 MiB", at)
		}
	}
	result := text.Value(at)
	if result.Unknown() {
		result.Missing = &yamltree.Missing{Name: "!Join", Why: "a part of it is known only once deployed"}
	}
	return result
}

// nameOf is the text that replaces an unknown value.
func nameOf(v *yamltree.Value) string {
	if v.Unknown() {
		return "${" + strings.TrimPrefix(v.Missing.Name, "!Ref ") + "}"
	}
	return ""
}

func (t *Intrinsics) findInMap(args []*yamltree.Value, at analyzer.Position) *yamltree.Value {
	if args == nil {
		return yamltree.NewMistake("!FindInMap", "needs a map's name and two keys", at)
	}
	var keys []string
	for _, a := range args[:3] {
		v := t.Resolve(a)
		if !v.Scalar() {
			return yamltree.NewDeployed("!FindInMap", "a key of it is known only once deployed", at)
		}
		keys = append(keys, v.Text)
	}
	if v := t.mappings.Get(keys...); v.Has() {
		return v
	}
	if len(args) > 3 {
		if def := t.Resolve(args[3].Get("DefaultValue")); def.Has() {
			return def
		}
	}
	return yamltree.NewMistake("!FindInMap "+strings.Join(keys, "."), "the template's Mappings have no such entry", at)
}

func (t *Intrinsics) pick(index, list *yamltree.Value, at analyzer.Position) *yamltree.Value {
	n, ok := t.Resolve(index).Integer()
	list = t.Resolve(list)
	if list == nil || list.Kind != yamltree.Sequence {
		return yamltree.NewDeployed("!Select", "its list is known only once deployed", at)
	}
	if !ok || n < 0 || n >= len(list.Items) {
		return yamltree.NewMistake("!Select", fmt.Sprintf("its list has %d entries", len(list.Items)), at)
	}
	return t.Resolve(list.Items[n])
}

// condition evaluates a condition by its name. known is false if it depends on a
// value that is known only once deployed.
func (t *Intrinsics) condition(name string) (holds, known bool) {
	v := t.conditions.Get(name)
	if v == nil || t.deciding[name] {
		return false, false
	}
	t.deciding[name] = true
	defer delete(t.deciding, name)
	n, arg, ok := call(v)
	if !ok {
		return false, false
	}
	return t.decide(n, arg)
}

func (t *Intrinsics) decide(name string, arg *yamltree.Value) (holds, known bool) {
	if t.work++; t.work > maxEvaluations || t.depth > maxEvalDepth {
		return false, false
	}
	t.depth++
	defer func() { t.depth-- }()
	if name == "Condition" {
		if !arg.Scalar() {
			return false, false
		}
		return t.condition(arg.Text)
	}
	if arg == nil || arg.Kind != yamltree.Sequence {
		return false, false
	}
	if name == "Fn::Equals" {
		if len(arg.Items) != 2 {
			return false, false
		}
		a, b := t.Resolve(arg.Items[0]), t.Resolve(arg.Items[1])
		if !a.Scalar() || !b.Scalar() {
			return false, false
		}
		return a.Text == b.Text, true
	}
	known = true
	all, any := true, false
	for _, item := range arg.Items {
		n, a, ok := call(item)
		if !ok {
			return false, false
		}
		h, k := t.decide(n, a)
		known = known && k
		all, any = all && h && k, any || h && k
	}
	switch {
	case name == "Fn::Or" && any:
		return true, true
	case name == "Fn::Or":
		return any, known
	case name == "Fn::And":
		return all, known
	case name == "Fn::Not" && len(arg.Items) == 1:
		return !any, known
	}
	return false, false
}
