package manifest

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Migration is what the manifests of a folder tell other packaging tools, in
// the words of featherpack.yaml.
type Migration struct {
	Tools    []Tool
	Settings []Equivalent
	Remarks  []Remark
}

// Tool is a packaging tool that a manifest uses.
type Tool struct {
	Name string
	// Remove is what the manifest no longer needs once featherpack packages its
	// functions.
	Remove []string
	analyzer.Position
}

// Equivalent is one setting of featherpack.yaml and the option that it stands for.
type Equivalent struct {
	// Service and Function say for whom; an empty Function is the whole service.
	Service, Function string
	Key               string
	// Value is YAML on one line.
	Value  string
	Option string
	analyzer.Position
}

// Remark is an option without a setting of its own.
type Remark struct {
	Option string
	// Why is a clause: what takes the option's place, or why nothing does.
	Why string
	// Lost tells that something changes, and not only who cares for it.
	Lost bool
	analyzer.Position
}

// option is what becomes of one option of a tool. Without setting or convert
// there is no setting, and why says so.
type option struct {
	// setting is the key that takes the same values.
	setting string
	// convert is for an option whose values differ. Each of its settings is
	// checked as any other; a non-empty why is a remark.
	convert func(r *toolReading, v *value) (settings []keyValue, why string)
	why     string
	lost    bool
}

type keyValue struct {
	key string
	v   *value
}

// Migrate reads the options of packaging tools from the manifests of dir and
// below. It resolves variables as [Discover] does, but takes nothing from the
// environment; where a value may be a secret, it takes only what stands in the
// manifest itself.
func Migrate(dir string, o Options) Migration {
	o.LookupEnv = func(string) (string, bool) { return "", false }
	d := &discovery{Options: o}
	var m Migration
	if !d.open(dir) {
		return m
	}
	d.readConfigs()
	d.readManifests()
	for _, s := range d.services {
		switch {
		case s.root == nil || s.root.kind != mapping:
		case s.format == "serverless":
			m.readServerless(d, s)
		case s.format == "template":
			m.readTemplate(d, s)
		}
	}
	return m
}

// toolReading is one tool's options in one manifest.
type toolReading struct {
	*Migration
	service  *service
	function string
	prefix   string // of the options' names: "custom.esbuild"
	options  *value // the mapping that holds them, as written
	// resolve works a value out, wholly.
	resolve func(*value) *value
	// form gives a value the form that a setting takes; nil is as it is.
	form func(setting string, v *value) *value
}

// read goes through the options as they are written.
func (r *toolReading) read(table map[string]option) {
	for i, k := range r.options.keys {
		r.one(k, r.options.items[i], table)
	}
}

func (r *toolReading) one(k key, raw *value, table map[string]option) {
	name := r.prefix + "." + k.name
	o, known := table[k.name]
	switch {
	case !raw.has():
	case !known:
		r.remark(name, k.at, true, "it is not known here")
	case o.why != "":
		r.remark(name, k.at, o.lost, o.why)
	case o.convert != nil:
		v := r.resolve(raw)
		if where := unresolved(v); where != "" {
			r.remark(name, k.at, true, "it is "+where+", and featherpack.yaml has no variables")
			return
		}
		settings, why := o.convert(r, v)
		for _, s := range settings {
			r.set(name, k.at, s.key, s.v)
		}
		if why != "" {
			r.remark(name, k.at, o.lost, why)
		}
	case sensitive[o.setting]:
		r.copyOpenly(name, k.at, o.setting, raw)
	default:
		v := r.resolve(raw)
		if where := unresolved(v); where != "" {
			r.remark(name, k.at, true, "it is "+where+", and featherpack.yaml has no variables")
			return
		}
		r.set(name, k.at, o.setting, r.formed(o.setting, v))
	}
}

func (r *toolReading) formed(setting string, v *value) *value {
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

// set notes a setting, once it is sure that featherpack.yaml takes it.
func (r *toolReading) set(name string, at analyzer.Position, setting string, v *value) {
	if !v.has() {
		return
	}
	c := &checker{}
	readSetting(c, setting, v, name)
	if len(c.problems) > 0 {
		r.remark(name, at, true, c.problems[0].Message)
		return
	}
	r.Settings = append(r.Settings, Equivalent{
		Service: r.service.name, Function: r.function, Key: setting, Value: flow(v), Option: name, Position: at,
	})
}

// sensitive settings have values that end up in the code as they are, and that
// people fill with keys and passwords.
var sensitive = map[string]bool{"define": true, "banner": true, "footer": true}

// secretive are names that secrets go by.
var secretive = regexp.MustCompile(`(?i)secret|passw|token|credential|private|api_?key|access_?key|_key\b|dsn\b`)

// copyOpenly takes over values that anybody who reads the manifest sees in it
// anyway, and says of every other that it was left out.
func (r *toolReading) copyOpenly(name string, at analyzer.Position, setting string, raw *value) {
	hidden := func(v *value) bool {
		return !v.scalar() || v.tag != "" || strings.Contains(v.text, "${") || v.at.File != r.service.file
	}
	const left = "is left out: it comes from elsewhere or may be a secret, which would end up in the zip; read it at run time"
	if raw.kind == text && strings.Contains(raw.text, "${") {
		r.remark(name, at, true, "its value "+left)
		return
	}
	v := r.formed(setting, raw)
	if v == nil {
		return
	}
	if setting != "define" {
		if v.kind == mapping { // esbuild's {js: TEXT}
			v = v.get("js")
		}
		switch {
		case !v.has():
		case hidden(v), secretive.MatchString(v.text):
			r.remark(name, at, true, "its value "+left)
		case setting == "banner" && strings.Contains(v.text, "createRequire"):
			r.remark(name, at, false, "an ES module has require, __filename and __dirname here without it")
		default:
			r.set(name, at, setting, v)
		}
		return
	}
	if v.kind != mapping {
		r.remark(name, at, true, "it is "+v.kind.String()+", not a mapping")
		return
	}
	open := &value{kind: mapping, at: v.at}
	for i, k := range v.keys {
		switch {
		case hidden(v.items[i]):
			r.remark(name+" of "+k.name, k.at, true, "its value "+left)
		case secretive.MatchString(k.name):
			r.remark(name+" of "+k.name, k.at, true, "it is left out: a secret goes by such a name, and it would end up in the zip; read it at run time")
		default:
			open.keys, open.items = append(open.keys, k), append(open.items, v.items[i])
		}
	}
	if len(open.keys) > 0 {
		r.set(name, at, setting, open)
	}
}

// unresolved names the first part of a value that is not known here, "" for none.
func unresolved(v *value) string {
	switch {
	case v == nil:
		return ""
	case v.kind == unknown:
		return v.text
	case v.scalar() && v.tag != "":
		return v.tag + " " + v.text
	}
	for _, item := range v.items {
		if where := unresolved(item); where != "" {
			return where
		}
	}
	return ""
}

// maxDeep bounds the nesting of an option's value.
const maxDeep = 8

// deeply resolves a value and all within it.
func (r *resolver) deeply(v *value, depth int) *value {
	v = r.resolve(v)
	if v == nil || depth > maxDeep || v.kind != sequence && v.kind != mapping {
		return v
	}
	c := *v
	c.items = make([]*value, len(v.items))
	for i, item := range v.items {
		if c.items[i] = r.deeply(item, depth+1); c.items[i] == nil {
			c.items[i] = &value{at: v.at}
		}
	}
	return &c
}

func (m *Migration) readServerless(d *discovery, s *service) {
	r := newResolver(d, s)
	plugins := r.get(s.root, "plugins")
	if plugins != nil && plugins.kind == mapping {
		plugins = r.get(plugins, "modules")
	}
	listed := map[string]analyzer.Position{}
	if plugins != nil && plugins.kind == sequence {
		for _, item := range plugins.items {
			if item = r.resolve(item); item.scalar() {
				listed[item.text] = item.at
			}
		}
	}
	for _, tool := range serverlessTools {
		options := r.get(s.root, tool.at...)
		at, plugged := listed[tool.name]
		if options.has() {
			at = options.at
		}
		if !plugged && (tool.plugin || !options.has()) {
			continue
		}
		found := Tool{Name: tool.name, Position: at}
		if plugged {
			found.Remove = append(found.Remove, tool.name+" from plugins")
		}
		if options.has() {
			found.Remove = append(found.Remove, tool.remove)
		}
		m.Tools = append(m.Tools, found)
		reading := &toolReading{Migration: m, service: s, prefix: strings.Join(tool.at, "."), options: options,
			resolve: func(v *value) *value { return r.deeply(v, 0) }}
		if options != nil && options.kind == mapping {
			reading.read(tool.options)
		} else if options.scalar() && tool.scalar != "" {
			reading.remark(reading.prefix, options.at, true, tool.scalar)
		}
		if len(tool.functions) > 0 {
			eachFunction(r, r.get(s.root, "functions"), func(name string, v *value) {
				for i, k := range v.keys {
					if why := tool.functions[k.name]; why != "" && v.items[i].has() {
						reading.remark("functions."+name+"."+k.name, k.at, true, why)
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

// eachFunction visits the functions of a serverless.yml that are mappings.
func eachFunction(r *resolver, v *value, visit func(name string, v *value)) {
	if v == nil {
		return
	}
	for i, item := range v.items {
		item = r.resolve(item)
		switch {
		case item == nil || item.kind != mapping:
		case v.kind == sequence:
			eachFunction(r, item, visit)
		default:
			visit(v.keys[i].name, item)
		}
	}
}

func (m *Migration) readTemplate(d *discovery, s *service) {
	resources := s.root.get("Resources")
	if resources == nil || resources.kind != mapping {
		return
	}
	t := &template{intrinsics: newIntrinsics(d, s.root), service: s}
	for i, k := range resources.keys {
		if !goodName.MatchString(k.name) {
			continue // no function of ours, and no glob
		}
		metadata := resources.items[i].get("Metadata")
		if method := t.eval(metadata.get("BuildMethod")); !method.scalar() || method.text != "esbuild" {
			continue
		}
		properties := metadata.get("BuildProperties")
		m.Tools = append(m.Tools, Tool{Name: "sam build (esbuild)", Position: k.at,
			Remove: []string{k.name + ": Metadata.BuildProperties but EntryPoints, which featherpack reads"}})
		if properties == nil || properties.kind != mapping {
			continue
		}
		reading := &toolReading{Migration: m, service: s, function: k.name, prefix: "BuildProperties", options: properties,
			resolve: func(v *value) *value { return t.evalDeep(v, 0) }, form: samForm}
		reading.read(samOptions)
	}
}

// rooted makes a path of the manifest one of the project, as settings that name
// files are read.
func (r *toolReading) rooted(v *value) *value {
	c := *v
	if v.scalar() {
		c.text = path.Join(r.service.dir, v.text)
	}
	c.items = make([]*value, len(v.items))
	for i, item := range v.items {
		c.items[i] = r.rooted(item)
	}
	return &c
}

// flow writes a value as YAML on one line. Texts are JSON's, which YAML takes.
func flow(v *value) string {
	switch v.kind {
	case text:
		return quoted(v.text)
	case number, boolean:
		return v.text
	case sequence:
		items := make([]string, len(v.items))
		for i, item := range v.items {
			items[i] = flow(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case mapping:
		items := make([]string, len(v.items))
		for i, item := range v.items {
			items[i] = quoted(v.keys[i].name) + ": " + flow(item)
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	return "null"
}

// plainWord is a text that needs no quotes in any place of a YAML document and
// is read as nothing else.
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
