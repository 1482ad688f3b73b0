package migrate

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/analyzer/manifest/cloudformation"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/serverless"
	"github.com/featherpack/featherpack/analyzer/manifest/settings"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// Migration holds the settings of other packaging tools in the manifests of a
// folder, translated to featherpack.yaml.
type Migration struct {
	Tools    []Tool
	Settings []Equivalent
	Remarks  []Remark
}

// Tool is a packaging tool that a manifest uses.
type Tool struct {
	Name string
	// Remove lists what to remove from the manifest once featherpack packages its
	// functions.
	Remove []string
	analyzer.Position
}

// Equivalent is one setting of featherpack.yaml and the option that it replaces.
type Equivalent struct {
	// Service and Function are what the setting applies to. An empty Function means
	// the whole service.
	Service, Function string
	Key               string
	// Value is YAML on one line.
	Value  string
	Option string
	analyzer.Position
}

// Remark is an option that has no equivalent setting.
type Remark struct {
	Option string
	// Why is a clause: what replaces the option, or why nothing does.
	Why string
	// Lost means that the build changes. Otherwise only another part of featherpack
	// takes over the option.
	Lost bool
	analyzer.Position
}

// option says what becomes of one option of a tool. Without setting and convert
// there is no equivalent, and why explains it.
type option struct {
	// setting is the key of featherpack.yaml that takes the same values.
	setting string
	// convert translates an option whose values differ. Each setting it returns is
	// checked like any other. A non-empty why becomes a remark.
	convert func(r *toolReading, v *yamltree.Value) (settings []keyValue, why string)
	why     string
	lost    bool
}

type keyValue struct {
	key string
	v   *yamltree.Value
}

// Migrate reads the options of packaging tools from the manifests of dir and
// below. It resolves variables as [manifest.Discover] does, but reads no
// environment variables. If a value may be secret, it copies only text that the
// manifest itself contains.
func Migrate(dir string, o manifest.Options) Migration {
	o.LookupEnv = func(string) (string, bool) { return "", false }
	var m Migration
	for format, in := range manifest.Manifests(dir, o) {
		switch {
		case in.Root.Kind != yamltree.Mapping:
		case format == "serverless":
			m.readServerless(in)
		case format == "template":
			m.readTemplate(in)
		}
	}
	return m
}

// toolReading is the state of reading one tool's options in one manifest.
type toolReading struct {
	*Migration
	service  declared.Input
	function string
	prefix   string          // the path of the options, such as "custom.esbuild"
	options  *yamltree.Value // the mapping that holds them, as written
	// resolve resolves a value and everything inside it.
	resolve func(*yamltree.Value) *yamltree.Value
	// form converts a value to the form that a setting takes. nil means no change.
	form func(setting string, v *yamltree.Value) *yamltree.Value
}

// read translates the options in the order of the manifest.
func (r *toolReading) read(table map[string]option) {
	for i, k := range r.options.Keys {
		r.one(k, r.options.Items[i], table)
	}
}

func (r *toolReading) one(k yamltree.Key, raw *yamltree.Value, table map[string]option) {
	name := r.prefix + "." + k.Name
	o, known := table[k.Name]
	switch {
	case !raw.Has():
	case !known:
		r.remark(name, k.At, true, "featherpack does not know this option")
	case o.why != "":
		r.remark(name, k.At, o.lost, o.why)
	case o.convert != nil:
		v := r.resolve(raw)
		if lost := v.FirstUnknown(); lost != nil {
			r.remark(name, k.At, true, "it is "+lost.Missing.Name+", and featherpack.yaml has no variables")
			return
		}
		settings, why := o.convert(r, v)
		for _, s := range settings {
			r.set(name, k.At, s.key, s.v)
		}
		if why != "" {
			r.remark(name, k.At, o.lost, why)
		}
	case sensitive[o.setting]:
		r.copyOpenly(name, k.At, o.setting, raw)
	default:
		v := r.resolve(raw)
		if lost := v.FirstUnknown(); lost != nil {
			r.remark(name, k.At, true, "it is "+lost.Missing.Name+", and featherpack.yaml has no variables")
			return
		}
		r.set(name, k.At, o.setting, r.formed(o.setting, v))
	}
}

func (r *toolReading) formed(setting string, v *yamltree.Value) *yamltree.Value {
	if r.form == nil || v == nil {
		return v
	}
	return r.form(setting, v)
}

func (r *toolReading) remark(name string, at analyzer.Position, lost bool, why string) {
	if r.function != "" {
		name = r.function + ": " + name
	}
	r.Remarks = append(r.Remarks, Remark{Option: name, Why: why, Lost: lost, Position: at})
}

// set adds a setting if featherpack.yaml accepts its value.
func (r *toolReading) set(name string, at analyzer.Position, setting string, v *yamltree.Value) {
	if !v.Has() {
		return
	}
	c := &settings.Checker{}
	settings.ReadSetting(c, setting, v, name)
	if len(c.Problems) > 0 {
		r.remark(name, at, true, c.Problems[0].Message)
		return
	}
	r.Settings = append(r.Settings, Equivalent{
		Service: r.service.Name, Function: r.function, Key: setting, Value: flow(v), Option: name, Position: at,
	})
}

// sensitive are the settings whose values end up in the code as they are. People
// put keys and passwords into them.
var sensitive = map[string]bool{"define": true, "banner": true, "footer": true}

// secretive matches names that secrets usually have.
var secretive = regexp.MustCompile(`(?i)secret|passw|token|credential|private|api_?key|access_?key|_key\b|dsn\b`)

// copyOpenly copies values that are literals in the manifest, which any reader of
// the manifest can see. It adds a remark for every other value.
func (r *toolReading) copyOpenly(name string, at analyzer.Position, setting string, raw *yamltree.Value) {
	hidden := func(v *yamltree.Value) bool {
		return !v.Scalar() || v.Tag != "" || strings.Contains(v.Text, "${") || v.At.File != r.service.File
	}
	const left = "is left out: it comes from a variable or another file, or may be a secret, and would be in the zip; read it at run time"
	if raw.Kind == yamltree.Text && strings.Contains(raw.Text, "${") {
		r.remark(name, at, true, "its value "+left)
		return
	}
	v := r.formed(setting, raw)
	if v == nil {
		return
	}
	if setting != "define" {
		if v.Kind == yamltree.Mapping { // esbuild's form {js: TEXT}
			v = v.Get("js")
		}
		switch {
		case !v.Has():
		case hidden(v), secretive.MatchString(v.Text):
			r.remark(name, at, true, "its value "+left)
		case setting == "banner" && strings.Contains(v.Text, "createRequire"):
			r.remark(name, at, false, "featherpack already provides require, __filename and __dirname in ES modules")
		default:
			r.set(name, at, setting, v)
		}
		return
	}
	if v.Kind != yamltree.Mapping {
		r.remark(name, at, true, "it is "+v.Kind.String()+", not a mapping")
		return
	}
	open := &yamltree.Value{Kind: yamltree.Mapping, At: v.At}
	for i, k := range v.Keys {
		switch {
		case hidden(v.Items[i]):
			r.remark(name+" of "+k.Name, k.At, true, "its value "+left)
		case secretive.MatchString(k.Name):
			r.remark(name+" of "+k.Name, k.At, true, "it is left out: its name suggests a secret, which would be in the zip; read it at run time")
		default:
			open.Keys, open.Items = append(open.Keys, k), append(open.Items, v.Items[i])
		}
	}
	if len(open.Keys) > 0 {
		r.set(name, at, setting, open)
	}
}

func (m *Migration) readServerless(in declared.Input) {
	r := serverless.NewVariables(in)
	plugins := r.Get(in.Root, "plugins")
	if plugins != nil && plugins.Kind == yamltree.Mapping {
		plugins = r.Get(plugins, "modules")
	}
	listed := map[string]analyzer.Position{}
	if plugins != nil && plugins.Kind == yamltree.Sequence {
		for _, item := range plugins.Items {
			if item = r.Resolve(item); item.Scalar() {
				listed[item.Text] = item.At
			}
		}
	}
	for _, tool := range serverlessTools {
		options := r.Get(in.Root, tool.at...)
		at, plugged := listed[tool.name]
		if options.Has() {
			at = options.At
		}
		if !plugged && (tool.plugin || !options.Has()) {
			continue
		}
		found := Tool{Name: tool.name, Position: at}
		if plugged {
			found.Remove = append(found.Remove, tool.name+" from plugins")
		}
		if options.Has() {
			found.Remove = append(found.Remove, tool.remove)
		}
		m.Tools = append(m.Tools, found)
		reading := &toolReading{Migration: m, service: in, prefix: strings.Join(tool.at, "."), options: options,
			resolve: func(v *yamltree.Value) *yamltree.Value { return yamltree.Deep(r, v) }}
		if options != nil && options.Kind == yamltree.Mapping {
			reading.read(tool.options)
		} else if options.Scalar() && tool.scalar != "" {
			reading.remark(reading.prefix, options.At, true, tool.scalar)
		}
		if len(tool.functions) > 0 {
			eachFunction(r, r.Get(in.Root, "functions"), func(name string, v *yamltree.Value) {
				for i, k := range v.Keys {
					if why := tool.functions[k.Name]; why != "" && v.Items[i].Has() {
						reading.remark("functions."+name+"."+k.Name, k.At, true, why)
					}
				}
			})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		if why := otherPackagers[name]; why != "" {
			m.Tools = append(m.Tools, Tool{Name: name, Remove: []string{name + " from plugins"}, Position: listed[name]})
			m.Remarks = append(m.Remarks, Remark{Option: name, Why: why, Lost: true, Position: listed[name]})
		}
	}
}

// eachFunction calls visit for the functions of a serverless.yml that are
// mappings.
func eachFunction(r *serverless.Variables, v *yamltree.Value, visit func(name string, v *yamltree.Value)) {
	if v == nil {
		return
	}
	for i, item := range v.Items {
		item = r.Resolve(item)
		switch {
		case item == nil || item.Kind != yamltree.Mapping:
		case v.Kind == yamltree.Sequence:
			eachFunction(r, item, visit)
		default:
			visit(v.Keys[i].Name, item)
		}
	}
}

func (m *Migration) readTemplate(in declared.Input) {
	resources := in.Root.Get("Resources")
	if resources == nil || resources.Kind != yamltree.Mapping {
		return
	}
	t := cloudformation.NewIntrinsics(in)
	for i, k := range resources.Keys {
		if !declared.GoodName.MatchString(k.Name) {
			continue // neither a function that can be built nor a glob
		}
		metadata := resources.Items[i].Get("Metadata")
		if method := t.Resolve(metadata.Get("BuildMethod")); !method.Scalar() || method.Text != "esbuild" {
			continue
		}
		properties := metadata.Get("BuildProperties")
		m.Tools = append(m.Tools, Tool{Name: "sam build (esbuild)", Position: k.At,
			Remove: []string{k.Name + ": Metadata.BuildProperties, except EntryPoints, which featherpack reads"}})
		if properties == nil || properties.Kind != yamltree.Mapping {
			continue
		}
		reading := &toolReading{Migration: m, service: in, function: k.Name, prefix: "BuildProperties", options: properties,
			resolve: func(v *yamltree.Value) *yamltree.Value { return yamltree.Deep(t, v) }, form: cloudformation.PropertyForm}
		reading.read(samOptions)
	}
}

// rooted makes a path relative to the project's root. Settings that name files
// take such paths.
func (r *toolReading) rooted(v *yamltree.Value) *yamltree.Value {
	c := *v
	if v.Scalar() {
		c.Text = path.Join(r.service.Dir, v.Text)
	}
	c.Items = make([]*yamltree.Value, len(v.Items))
	for i, item := range v.Items {
		c.Items[i] = r.rooted(item)
	}
	return &c
}

// flow formats a value as YAML on one line. Texts are quoted as in JSON, which
// YAML accepts.
func flow(v *yamltree.Value) string {
	switch v.Kind {
	case yamltree.Text:
		return quoted(v.Text)
	case yamltree.Number, yamltree.Boolean:
		return v.Text
	case yamltree.Sequence:
		items := make([]string, len(v.Items))
		for i, item := range v.Items {
			items[i] = flow(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case yamltree.Mapping:
		items := make([]string, len(v.Items))
		for i, item := range v.Items {
			items[i] = quoted(v.Keys[i].Name) + ": " + flow(item)
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	return "null"
}

// plainWord matches texts that never need quotes in YAML.
var plainWord = regexp.MustCompile(`^[a-z][a-z]*[0-9.]*$`)

func quoted(s string) string {
	if plainWord.MatchString(s) && !slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
