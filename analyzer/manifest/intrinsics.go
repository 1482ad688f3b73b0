package manifest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Bounds of evaluating a template's functions.
const (
	maxEvaluations  = 200_000
	maxEvalDepth    = 64
	maxTemplateText = 1 << 20
)

// intrinsics evaluates CloudFormation's functions, in the short form (!Ref X)
// and the long one ({Ref: X}), as far as a template alone can tell. Source:
// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
type intrinsics struct {
	*discovery
	root       *value
	parameters *value
	mappings   *value
	conditions *value
	deciding   map[string]bool // conditions being evaluated
	work       int
	depth      int
}

func newIntrinsics(d *discovery, root *value) *intrinsics {
	return &intrinsics{discovery: d, root: root, parameters: root.get("Parameters"),
		mappings: root.get("Mappings"), conditions: root.get("Conditions"), deciding: map[string]bool{}}
}

// longNames are the functions' long forms by their short ones.
var longNames = map[string]string{
	"!Ref": "Ref", "!Sub": "Fn::Sub", "!GetAtt": "Fn::GetAtt", "!Join": "Fn::Join", "!If": "Fn::If",
	"!FindInMap": "Fn::FindInMap", "!Select": "Fn::Select", "!Split": "Fn::Split", "!Equals": "Fn::Equals",
	"!And": "Fn::And", "!Or": "Fn::Or", "!Not": "Fn::Not", "!Condition": "Condition", "!Base64": "Fn::Base64",
	"!Cidr": "Fn::Cidr", "!GetAZs": "Fn::GetAZs", "!ImportValue": "Fn::ImportValue", "!Transform": "Fn::Transform",
	"!ToJsonString": "Fn::ToJsonString", "!Length": "Fn::Length",
}

// call splits a value that is a function into name and argument.
func call(v *value) (name string, arg *value, ok bool) {
	if v == nil {
		return "", nil, false
	}
	if v.tag != "" {
		name = longNames[v.tag]
		if name == "" {
			name = v.tag
		}
		plain := *v
		plain.tag = ""
		return name, &plain, true
	}
	if v.kind == mapping && len(v.keys) == 1 {
		if n := v.keys[0].name; n == "Ref" || n == "Condition" || strings.HasPrefix(n, "Fn::") {
			return n, v.items[0], true
		}
	}
	return "", nil, false
}

// eval gives the value of a function, and any other value as it is. nil means
// that there is none, also by AWS::NoValue.
func (t *intrinsics) eval(v *value) *value {
	name, arg, ok := call(v)
	if !ok {
		return v
	}
	if t.work++; t.work > maxEvaluations || t.depth > maxEvalDepth {
		return mistakenValue(name, "the template's functions are nested too deep", v.at)
	}
	t.depth++
	defer func() { t.depth-- }()
	result := t.apply(name, arg, v.at)
	return result.moved(v.at)
}

func (t *intrinsics) evalDeep(v *value, depth int) *value {
	v = t.eval(v)
	if v == nil || depth > maxEvalDepth || v.kind != sequence && v.kind != mapping {
		return v
	}
	c := *v
	c.items = make([]*value, len(v.items))
	for i, item := range v.items {
		if c.items[i] = t.evalDeep(item, depth+1); c.items[i] == nil {
			c.items[i] = &value{at: v.at}
		}
	}
	return &c
}

func (t *intrinsics) apply(name string, arg *value, at analyzer.Position) *value {
	bad := func(why string) *value { return mistakenValue(name, why, at) }
	args := func(n int) []*value {
		if arg == nil || arg.kind != sequence || len(arg.items) < n {
			return nil
		}
		return arg.items
	}
	switch name {
	case "Ref":
		if !arg.scalar() {
			return bad("needs a name")
		}
		return t.ref(arg.text, at)
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
		if a == nil || !a[0].scalar() {
			return bad("needs a condition and two values")
		}
		holds, known := t.condition(a[0].text)
		if !known {
			return unknownValue("!If "+a[0].text, "its condition is known only once deployed", at)
		}
		if holds {
			return t.eval(a[1])
		}
		return t.eval(a[2])
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
		sep, s := t.eval(a[0]), t.eval(a[1])
		if !sep.scalar() || sep.text == "" || !s.scalar() {
			return unknownValue("!Split", "its text is known only once deployed", at)
		}
		list := &value{kind: sequence, at: at}
		for part := range strings.SplitSeq(s.text, sep.text) {
			list.items = append(list.items, textValue(part, at))
		}
		return list
	case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition":
		holds, known := t.decide(name, arg)
		if !known {
			return unknownValue(name, "it is known only once deployed", at)
		}
		return &value{kind: boolean, text: strconv.FormatBool(holds), at: at}
	case "Fn::GetAtt":
		return unknownValue("!GetAtt "+words(arg), "it is known only once deployed", at)
	}
	return unknownValue(name, "it is known only once deployed", at)
}

// words shows a reference: A.b of a text or a list.
func words(v *value) string {
	switch {
	case v.scalar():
		return v.text
	case v != nil && v.kind == sequence:
		var parts []string
		for _, item := range v.items {
			parts = append(parts, item.text)
		}
		return strings.Join(parts, ".")
	}
	return "of something"
}

// ref is a parameter's value: --param, else its Default. What a resource gives
// is known only once deployed, and so are SSM parameters.
func (t *intrinsics) ref(name string, at analyzer.Position) *value {
	if name == "AWS::NoValue" {
		return nil
	}
	if p := t.parameters.get(name); p != nil {
		if s, ok := t.Params[name]; ok {
			return textValue(s, at)
		}
		kind := p.get("Type")
		if kind.scalar() && strings.HasPrefix(kind.text, "AWS::SSM::") {
			return unknownValue("!Ref "+name, "it is read from SSM once deployed", at)
		}
		if def := p.get("Default"); def.has() {
			if kind.scalar() && (kind.text == "CommaDelimitedList" || strings.HasPrefix(kind.text, "List<")) && def.scalar() {
				list := &value{kind: sequence, at: at}
				for part := range strings.SplitSeq(def.text, ",") {
					list.items = append(list.items, textValue(strings.TrimSpace(part), at))
				}
				return list
			}
			return def
		}
		return unknownValue("!Ref "+name, "the parameter has no Default and is not given", at)
	}
	if resources := t.root.get("Resources"); resources.has() && resources.get(name) == nil && !strings.HasPrefix(name, "AWS::") {
		return unknownValue("!Ref "+name, "the template has no parameter and no resource of that name", at)
	}
	return unknownValue("!Ref "+name, "it is known only once deployed", at)
}

// sub replaces ${Name}; ${!Name} stands for itself.
func (t *intrinsics) sub(arg *value, at analyzer.Position) *value {
	var own *value
	if arg != nil && arg.kind == sequence && len(arg.items) > 0 {
		if len(arg.items) > 1 {
			own = arg.items[1]
		}
		arg = t.eval(arg.items[0])
	}
	if !arg.scalar() {
		return mistakenValue("!Sub", "needs a text", at)
	}
	var b strings.Builder
	for rest := arg.text; ; {
		before, after, found := strings.Cut(rest, "${")
		b.WriteString(before)
		if !found {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			b.WriteString("${" + after)
			break
		}
		rest = tail
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			b.WriteString("${" + literal + "}")
			continue
		}
		name = strings.TrimSpace(name)
		v := t.eval(own.get(name))
		if own.get(name) == nil {
			v = t.ref(name, at)
		}
		if !v.scalar() {
			return unknownValue("!Sub "+arg.text, "${"+name+"} is known only once deployed", at)
		}
		if b.WriteString(v.text); b.Len() > maxTemplateText {
			return mistakenValue("!Sub", "grows beyond 1 MiB", at)
		}
	}
	return textValue(b.String(), at)
}

func (t *intrinsics) join(sep, list *value, at analyzer.Position) *value {
	sep, list = t.eval(sep), t.eval(list)
	if !sep.scalar() || list == nil || list.kind != sequence {
		return unknownValue("!Join", "its list is known only once deployed", at)
	}
	var b strings.Builder
	first := true
	for _, item := range list.items {
		item = t.eval(item)
		if item == nil { // AWS::NoValue
			continue
		}
		if !item.scalar() {
			return unknownValue("!Join", "a part of it is known only once deployed", at)
		}
		if !first {
			b.WriteString(sep.text)
		}
		first = false
		if b.WriteString(item.text); b.Len() > maxTemplateText {
			return mistakenValue("!Join", "grows beyond 1 MiB", at)
		}
	}
	return textValue(b.String(), at)
}

func (t *intrinsics) findInMap(args []*value, at analyzer.Position) *value {
	if args == nil {
		return mistakenValue("!FindInMap", "needs a map's name and two keys", at)
	}
	var keys []string
	for _, a := range args[:3] {
		v := t.eval(a)
		if !v.scalar() {
			return unknownValue("!FindInMap", "a key of it is known only once deployed", at)
		}
		keys = append(keys, v.text)
	}
	if v := t.mappings.get(keys...); v.has() {
		return v
	}
	if len(args) > 3 {
		if def := t.eval(args[3].get("DefaultValue")); def.has() {
			return def
		}
	}
	return mistakenValue("!FindInMap "+strings.Join(keys, "."), "the template's Mappings have no such entry", at)
}

func (t *intrinsics) pick(index, list *value, at analyzer.Position) *value {
	n, ok := t.eval(index).integer()
	list = t.eval(list)
	if list == nil || list.kind != sequence {
		return unknownValue("!Select", "its list is known only once deployed", at)
	}
	if !ok || n < 0 || n >= len(list.items) {
		return mistakenValue("!Select", fmt.Sprintf("its list has %d entries", len(list.items)), at)
	}
	return t.eval(list.items[n])
}

// condition evaluates a condition by name. known is false where it rests on
// something that only a deployment decides.
func (t *intrinsics) condition(name string) (holds, known bool) {
	v := t.conditions.get(name)
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

func (t *intrinsics) decide(name string, arg *value) (holds, known bool) {
	if t.work++; t.work > maxEvaluations || t.depth > maxEvalDepth {
		return false, false
	}
	t.depth++
	defer func() { t.depth-- }()
	if name == "Condition" {
		if !arg.scalar() {
			return false, false
		}
		return t.condition(arg.text)
	}
	if arg == nil || arg.kind != sequence {
		return false, false
	}
	if name == "Fn::Equals" {
		if len(arg.items) != 2 {
			return false, false
		}
		a, b := t.eval(arg.items[0]), t.eval(arg.items[1])
		if !a.scalar() || !b.scalar() {
			return false, false
		}
		return a.text == b.text, true
	}
	known = true
	all, any := true, false
	for _, item := range arg.items {
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
	case name == "Fn::Not" && len(arg.items) == 1:
		return !any, known
	}
	return false, false
}
