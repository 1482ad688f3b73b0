package manifest

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// serverlessFormat is the Serverless Framework's manifest, versions 2 to 4 and
// the osls fork. Source: serverless.com/framework/docs/providers/aws/guide/serverless.yml
var serverlessFormat = format{
	name:   "serverless",
	names:  []string{"serverless.yml", "serverless.yaml", "serverless.json"},
	may:    func(string) bool { return false },
	claims: func(string, []byte) bool { return true },
	fits: func(root *value) bool {
		return root.get("provider").has() || root.get("service").has() && root.get("functions").has()
	},
	title: func(d *discovery, s *service) string {
		r := newResolver(d, s)
		name := r.get(s.root, "service")
		if name != nil && name.kind == mapping {
			name = r.get(name, "name")
		}
		if name != nil && name.kind == unknown {
			name = name.fallback
		}
		if name.scalar() {
			return name.text
		}
		return ""
	},
	read: readServerless,
}

// serverless is the reading of one serverless.yml.
type serverless struct {
	*resolver
	service *service
	// provider's and package's settings that every function inherits.
	provider *value
	pack     *value
}

func readServerless(d *discovery, s *service) {
	r := newResolver(d, s)
	sls := &serverless{resolver: r, service: s, provider: r.get(s.root, "provider"), pack: r.get(s.root, "package")}
	if s.root.kind != mapping && s.root.kind != null {
		d.report(problem(analyzer.Error, "bad-manifest", s.root.at, "", "a serverless.yml is a mapping, and this is %s", s.root.kind))
		return
	}
	if sls.provider.scalar() { // provider: aws
		sls.provider = &value{kind: mapping, at: sls.provider.at, keys: []key{{"name", sls.provider.at}}, items: []*value{sls.provider}}
	}
	if name := r.get(sls.provider, "name"); name.scalar() && name.text != "aws" {
		d.report(problem(analyzer.Warning, "other-provider", name.at, "", "provider %q is not aws: its functions are left out", name.text))
		return
	}
	r.checkCycles()
	sls.functions(r.get(s.root, "functions"))
}

// functions takes a mapping of functions, or a list of such mappings, each
// possibly from a file.
func (s *serverless) functions(v *value) {
	switch {
	case v == nil || v.kind == null:
	case v.kind == mapping:
		for i, k := range v.keys {
			s.function(k, v.items[i])
		}
	case v.kind == sequence:
		for _, item := range v.items {
			s.functions(s.resolve(item))
		}
	default:
		s.report(s.unusable("functions", v))
	}
}

// unusable says that a value is needed and cannot be used.
func (s *resolver) unusable(what string, v *value) analyzer.Diagnostic {
	if v.kind != unknown {
		return problem(analyzer.Error, "bad-manifest", v.at, "", "%s cannot be %s", what, v.kind)
	}
	severity, code, hint := analyzer.Error, "unknown-value", "give it a default: ${source:name, 'default'}"
	switch {
	case v.refused:
		severity, code, hint = analyzer.Refused, "variable-outside", "nothing outside the project's root is read"
	case v.mistake:
		code, hint = "bad-variable", "correct the variable, or give it a default: ${source:name, 'default'}"
	}
	return problem(severity, code, v.at, hint, "%s is %s: %s", what, v.text, v.why)
}

// known returns a scalar that the build needs. Where its source is known only
// once deployed, the manifest's fallback serves, and a note says so.
func (s *serverless) known(f *function, what string, v *value) *value {
	if v == nil || v.kind == null {
		return nil
	}
	if v.kind == unknown && v.fallback.scalar() && !v.mistake {
		f.report(problem(analyzer.Note, "fallback-used", v.at, "", "%s is taken to be its fallback %q, since %s is not known here", what, v.fallback.text, v.text))
		return v.fallback.moved(v.at)
	}
	if v.scalar() && v.tag != "" {
		v = unknownValue(v.tag+" "+v.text, "it is known only once deployed", v.at)
	}
	if !v.scalar() {
		f.report(s.unusable(what, v))
		return nil
	}
	return v
}

// first returns the function's setting, or else the provider's.
func (s *serverless) first(v *value, name string) *value {
	if own := s.get(v, name); own.has() {
		return own
	}
	if s.provider == nil {
		return nil
	}
	return s.get(s.provider, name)
}

// number is a setting that no artifact depends on: where it is known only once
// deployed the fallback serves, and 0 says that nothing is known.
func (s *serverless) number(v *value, name string) int {
	n := s.first(v, name)
	if n != nil && n.kind == unknown {
		n = n.fallback
	}
	number, _ := n.integer()
	return number
}

func (s *serverless) function(k key, v *value) {
	v = s.resolve(v)
	f := &function{Function: analyzer.Function{Name: k.name, Format: "serverless", Position: k.at}}
	if v == nil || v.kind != mapping {
		if v == nil || v.kind == null {
			f.report(problem(analyzer.Error, "no-handler", k.at, "say which export answers: handler: src/"+k.name+".handler", "has no handler"))
		} else {
			f.report(s.unusable("the function", v))
		}
		f.Family = analyzer.Node
		s.declare(s.service, f)
		return
	}
	if reason := s.skipReason(v); reason != "" {
		s.skip(s.service, k.name, k.at, reason)
		return
	}
	if runtime := s.known(f, "runtime", s.first(v, "runtime")); runtime != nil {
		f.Runtime, f.runtimeAt = runtime.text, runtime.at
	} // serverless 3 would take nodejs16.x, which Lambda no longer has, and osls 4
	// nodejs24.x (lib/plugins/aws/provider.js): no default can be relied on.
	if handler := s.known(f, "handler", s.get(v, "handler")); handler != nil {
		f.Handler, f.handlerAt = handler.text, handler.at
	}
	if arch := s.known(f, "architecture", s.first(v, "architecture")); arch != nil {
		f.Architecture, f.archAt = arch.text, arch.at
	}
	f.MemoryMB = s.number(v, "memorySize")
	f.TimeoutSeconds = s.number(v, "timeout")
	f.SnapStart = mayBeSet(s.first(v, "snapStart"))
	f.ProvisionedConcurrency = mayBeSet(s.first(v, "provisionedConcurrency"))
	s.environment(f, s.get(s.provider, "environment"))
	s.environment(f, s.get(v, "environment"))
	s.layers(f, s.first(v, "layers"))
	s.patterns(f, s.get(v, "package"))
	s.ownSettings(f, s.get(v, ownKey))
	if strings.HasPrefix(f.Runtime, "provided") {
		s.goPlugin(f)
	}
	s.declare(s.service, f)
}

// skipReason says why a function has nothing to be built.
func (s *serverless) skipReason(v *value) string {
	if s.get(v, "image").has() {
		return "is a container image"
	}
	pack := s.get(v, "package")
	if artifact := s.get(pack, "artifact"); artifact.has() {
		return "ships its own package.artifact"
	}
	// The service's package.individually does not count beside an artifact.
	// Source: packageFunction in lib/plugins/package/lib/package-service.js
	if artifact := s.get(s.pack, "artifact"); artifact.has() {
		if individually, _ := s.get(pack, "individually").truth(); !individually {
			return "ships the service's package.artifact"
		}
	}
	if s.leftAlone(v) {
		return "says featherpack: false"
	}
	return ""
}

// environment adds variables. A null takes an inherited one away.
func (s *serverless) environment(f *function, v *value) {
	switch {
	case v == nil || v.kind == null:
		return
	case v.kind != mapping:
		f.report(problem(analyzer.Note, "unknown-environment", v.at, "", "its environment is only known once deployed"))
		return
	}
	for i, k := range v.keys {
		f.setEnvironment(k.name, s.resolve(v.items[i]))
	}
}

// setEnvironment sets a variable to what is known of it. Values may be secrets:
// they are put in no message.
func (f *function) setEnvironment(name string, v *value) {
	delete(f.Environment, name)
	f.EnvironmentUnknown = slices.DeleteFunc(f.EnvironmentUnknown, func(n string) bool { return n == name })
	switch {
	case v == nil || v.kind == null:
	case v.scalar() && v.tag == "":
		if f.Environment == nil {
			f.Environment = map[string]string{}
		}
		f.Environment[name] = v.text
	default:
		f.EnvironmentUnknown = append(f.EnvironmentUnknown, name)
	}
}

// layers takes ARNs, and of references the logical name.
func (s *serverless) layers(f *function, v *value) {
	if v == nil || v.kind != sequence {
		return
	}
	for _, item := range v.items {
		if name := layerName(s.resolve(item)); name != "" {
			f.Layers = append(f.Layers, name)
		}
	}
}

func layerName(v *value) string {
	switch {
	case v == nil:
		return ""
	case v.scalar(), v.kind == unknown:
		return v.text
	case v.kind == mapping && v.get("Ref").scalar():
		return v.get("Ref").text
	}
	return "(a layer known only once deployed)"
}

// patterns merges the service's and the function's in the framework's order:
// every exclude first, then includes and patterns, the service's before the
// function's. Source: lib/plugins/package/lib/package-service.js of serverless 3.
func (s *serverless) patterns(f *function, own *value) {
	add := func(v *value, negate bool) {
		if v == nil || v.kind != sequence {
			return
		}
		for _, item := range v.items {
			item = s.resolve(item)
			if !item.scalar() {
				continue
			}
			p := newPattern(item.text, item.at)
			if negate {
				p.Exclude = !p.Exclude
			}
			if hint := badGlob(p.Glob); hint != "" {
				f.report(problem(analyzer.Error, "bad-pattern", item.at, hint, "%q is not a valid pattern", item.text))
				continue
			}
			f.Patterns = append(f.Patterns, p)
		}
	}
	add(s.get(s.pack, "exclude"), true)
	add(s.get(own, "exclude"), true)
	for _, pack := range []*value{s.pack, own} {
		add(s.get(pack, "include"), false)
		add(s.get(pack, "patterns"), false)
	}
}

// goPlugin reads serverless-go-plugin's settings: where handlers start from and
// which tags and linker flags its command has. Source: github.com/mthenw/serverless-go-plugin
func (s *serverless) goPlugin(f *function) {
	plugin := s.get(s.root, "custom", "go")
	if plugin == nil || plugin.kind != mapping {
		return
	}
	if base := s.get(plugin, "baseDir"); base.scalar() {
		dir := path.Join(s.service.dir, base.text)
		if path.IsAbs(base.text) || !inside(dir) {
			f.report(problem(analyzer.Refused, "handler-outside", base.at, "nothing outside the project's root is packed", "custom.go.baseDir leaves the project's root"))
			return
		}
		f.CodeDir = dir
	}
	if cmd := s.get(plugin, "cmd"); cmd.scalar() {
		f.Build.Tags, f.Build.LDFlags = goFlags(cmd.text)
	}
}

// goFlags takes tags and -X values out of a go build command line. The other
// linker flags are featherpack's own affair.
func goFlags(command string) (tags, ldflags []string) {
	words := splitWords(command)
	for i, w := range words {
		name, arg, joined := strings.Cut(strings.TrimLeft(w, "-"), "=")
		if !strings.HasPrefix(w, "-") || name != "tags" && name != "ldflags" {
			continue
		}
		if !joined {
			if i+1 >= len(words) {
				break
			}
			arg = words[i+1]
		}
		if name == "tags" {
			tags = append(tags, strings.FieldsFunc(arg, func(r rune) bool { return r == ',' || r == ' ' })...)
			continue
		}
		flags := splitWords(arg)
		for j, flag := range flags {
			switch {
			case flag == "-X" && j+1 < len(flags):
				ldflags = append(ldflags, "-X "+quoteWord(flags[j+1]))
			case strings.HasPrefix(flag, "-X="):
				ldflags = append(ldflags, "-X "+quoteWord(flag[len("-X="):]))
			}
		}
	}
	return tags, ldflags
}

// quoteWord quotes a word as go build's -ldflags wants it, where it needs to.
func quoteWord(w string) string {
	switch {
	case !strings.ContainsAny(w, " \t\n'\""):
		return w
	case strings.Contains(w, "'"):
		return `"` + w + `"`
	}
	return "'" + w + "'"
}

// splitWords splits a command line at white space outside of quotes.
func splitWords(s string) (words []string) {
	var word bytes.Buffer
	var quote byte
	started := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, started = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if started {
				words = append(words, word.String())
			}
			word.Reset()
			started = false
		default:
			word.WriteByte(c)
			started = true
		}
	}
	if started {
		words = append(words, word.String())
	}
	return words
}
