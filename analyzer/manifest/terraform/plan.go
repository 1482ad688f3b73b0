package terraform

import (
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
)

// Plan is the part of a Terraform plan that describes functions and their sources.
// Nothing else is kept, because it may be secret: variables, other resources,
// environments and other attributes of a function. Of an environment it is only kept whether
// reuseVariable is 1.
//
// Format: developer.hashicorp.com/terraform/internals/json-format
type Plan struct {
	functions, archives []planned
	// configured holds the expressions of functions and archives, by module path and
	// address. calls holds the source_path of each terraform-aws-modules/lambda
	// module, by the module's path.
	configured map[string]map[string]expression
	calls      map[string]expression
	// environments holds the addresses of the functions of whose environment it is known
	// whether it has reuseVariable.
	environments map[string]bool
	failed       *analyzer.Diagnostic
}

// reuseVariable makes the AWS SDK v2 keep connections alive.
const reuseVariable = "AWS_NODEJS_CONNECTION_REUSE_ENABLED"

// planned is one instance of a resource.
type planned struct {
	address string
	// module is the address of its module instance, "" for the root. path is that
	// module's path without instance keys.
	module, path string
	mode, kind   string
	name, index  string
	at           analyzer.Position
	// texts holds the attributes of plannedTexts, has those of plannedPresence.
	texts map[string]string
	has   map[string]bool
	// sources are the paths that source_path names.
	architectures []string
	memory        int // in MB
	hidesMemory   bool
	timeout       int // in seconds
	sources       []string
	reuses        bool // reuseVariable is 1
}

// expression is an attribute's expression in the configuration.
type expression struct {
	paths      []string // set if it is constant
	references []string
}

const (
	functionResource = "aws_lambda_function"
	archiveResource  = "archive_file"
	// terraform-aws-modules/lambda packages with a data source of this kind and name.
	// Its query holds the folders to pack.
	prepareSource, prepareName = "external", "archive_prepare"
)

// The attributes of a planned resource that are kept: the value of some, and of
// others only whether they are set.
var (
	plannedTexts    = map[string]bool{"function_name": true, "runtime": true, "handler": true, "package_type": true, "filename": true, "source_dir": true, "source_file": true, "output_path": true}
	plannedPresence = map[string]bool{"s3_bucket": true, "s3_key": true, "image_uri": true}
	// configuredPaths are the attributes whose expressions can name sources.
	configuredPaths = map[string]bool{"filename": true, "source_dir": true, "source_file": true}
)

// maxPlanned bounds each list. An account can hold a few thousand functions.
const maxPlanned = 20_000

// scanPlan reads a plan. ok is false if the document is not a plan.
func scanPlan(s *planScan) (p *Plan, ok bool) {
	p = &Plan{configured: map[string]map[string]expression{}, calls: map[string]expression{}, environments: map[string]bool{}}
	if s.peek() != '{' {
		return nil, false
	}
	version, isPlan, isState := "", false, false
	s.object(func(key string) {
		switch key {
		case "format_version":
			version, _ = s.text(maxPlanKey)
		case "planned_values":
			isPlan = true
			s.inside("root_module", func() { p.module(s) })
		case "prior_state":
			s.inside("values", func() { s.inside("root_module", func() { p.module(s) }) })
		case "resource_changes":
			s.array(func() { p.change(s) })
		case "configuration":
			s.inside("root_module", func() { p.configuration(s, "") })
		case "values":
			isState = true
			s.skip()
		default:
			s.skip()
		}
	})
	s.end()
	p.failed = s.failed
	if version == "" || p.failed == nil && !isPlan && !isState {
		return nil, false
	}
	if p.failed == nil {
		p.failed = judgePlan(s.file, version, isPlan)
	}
	return p, true
}

func judgePlan(file, version string, isPlan bool) *analyzer.Diagnostic {
	at := analyzer.Position{File: file}
	var d analyzer.Diagnostic
	major, _, _ := strings.Cut(version, ".")
	switch n, err := strconv.Atoi(major); {
	case err != nil || n > 1:
		d = analyzer.Problem(analyzer.Error, "plan-version", at, "use a version of featherpack that reads it, or name the functions in a featherpack.yaml",
			"this plan's format is not the one of Terraform 1")
	case !isPlan:
		d = analyzer.Problem(analyzer.Error, "state-for-plan", at, "terraform plan -out=tfplan, then terraform show -json tfplan > plan.json",
			"this is Terraform's state, which does not say what functions are made of")
	default:
		return nil
	}
	return &d
}

// inside reads one member of an object and skips the others.
func (s *planScan) inside(name string, read func()) {
	s.object(func(key string) {
		if key == name {
			read()
		} else {
			s.skip()
		}
	})
}

// module reads the resources of a module instance and of the modules in it.
func (p *Plan) module(s *planScan) {
	s.object(func(key string) {
		switch key {
		case "resources":
			s.array(func() { p.resource(s) })
		case "child_modules":
			s.array(func() { p.module(s) })
		default:
			s.skip()
		}
	})
}

// resource reads a function, an archive or a packaging data source. Its type may
// come after its values.
func (p *Plan) resource(s *planScan) {
	s.peek()
	r := planned{at: s.at(), texts: map[string]string{}, has: map[string]bool{}}
	var query, hidden []string
	s.object(func(key string) {
		switch key {
		case "address":
			r.address, _ = s.text(maxPlanText)
		case "mode":
			r.mode, _ = s.text(maxPlanKey)
		case "type":
			r.kind, _ = s.text(maxPlanKey)
		case "name":
			r.name, _ = s.text(maxPlanKey)
		case "index":
			if s.peek() == '"' {
				r.index, _ = s.text(maxPlanText)
			} else {
				r.index = s.number()
			}
		case "values":
			query = p.values(s, &r)
		case "sensitive_values":
			s.object(func(key string) {
				if s.peek() == 't' { // true
					hidden = append(hidden, key)
				}
				s.skip()
			})
		default:
			s.skip()
		}
	})
	for _, key := range hidden {
		if _, ok := r.texts[key]; ok {
			r.texts[key] = "(sensitive)"
		}
		switch key {
		case "memory_size":
			r.memory, r.hidesMemory = 0, true
		case "timeout":
			r.timeout = 0
		}
	}
	r.module, r.path = moduleOf(r.address)
	list := &p.archives
	switch {
	case r.kind == functionResource && r.mode == "managed":
		list = &p.functions
	case r.kind == archiveResource:
	case r.kind == prepareSource && r.name == prepareName:
		r.sources = query
	default:
		return
	}
	if *list = append(*list, r); len(*list) > maxPlanned {
		s.fail("holds more functions or archives than " + strconv.Itoa(maxPlanned))
	}
}

// change reads of a planned change whether the environment is known: planned values leave out
// what is not.
func (p *Plan) change(s *planScan) {
	address, kind, unknown, told := "", "", false, false
	s.object(func(key string) {
		switch key {
		case "address":
			address, _ = s.text(maxPlanText)
		case "type":
			kind, _ = s.text(maxPlanKey)
		case "change":
			s.inside("after_unknown", func() {
				told = true
				s.inside("environment", func() { unknown = s.unknownIn("variables", reuseVariable) })
			})
		default:
			s.skip()
		}
	})
	if kind == functionResource && told && !unknown && len(p.environments) < maxPlanned {
		p.environments[address] = true
	}
}

// unknownIn reports whether a value is true, or one of its elements is, or the member that names
// lead to.
func (s *planScan) unknownIn(names ...string) (unknown bool) {
	switch s.peek() {
	case '[':
		s.array(func() {
			if s.unknownIn(names...) {
				unknown = true
			}
		})
	case '{':
		s.object(func(key string) {
			if len(names) > 0 && key == names[0] {
				unknown = s.unknownIn(names[1:]...)
			} else {
				s.skip()
			}
		})
	default:
		unknown = s.peek() == 't'
		s.skip()
	}
	return unknown
}

// number returns a number as it is written, or "" for any other value.
func (s *planScan) number() string {
	if c := s.peek(); c != '-' && (c < '0' || c > '9') {
		s.skip()
		return ""
	}
	return s.plain()
}

func (p *Plan) values(s *planScan, r *planned) (query []string) {
	s.object(func(key string) {
		switch {
		case plannedTexts[key]:
			if text, ok := s.text(maxPlanText); ok {
				r.texts[key] = text
			}
		case plannedPresence[key]:
			r.has[key] = s.peek() != 'n' // null
			s.skip()
		case key == "architectures":
			r.architectures = s.texts()
		case key == "timeout":
			r.timeout, _ = strconv.Atoi(s.number())
		case key == "environment":
			s.array(func() {
				s.inside("variables", func() {
					s.inside(reuseVariable, func() {
						text, _ := s.text(maxPlanKey)
						r.reuses = text == "1"
					})
				})
			})
		case key == "memory_size":
			r.memory, _ = strconv.Atoi(s.number())
		case key == "query":
			s.inside("source_path", func() {
				if text, ok := s.text(maxPlanText); ok {
					query = packedPaths(text)
				}
			})
		default:
			s.skip()
		}
	})
	return query
}

// texts reads a list of strings.
func (s *planScan) texts() []string {
	var list []string
	s.array(func() {
		if text, ok := s.text(maxPlanText); ok && len(list) < maxPlanList {
			list = append(list, text)
		}
	})
	return list
}

// packedPaths returns the paths in a source_path as terraform-aws-modules/lambda
// passes it to its program: a path, or JSON with a list of paths and objects.
func packedPaths(text string) []string {
	switch strings.TrimSpace(text)[:min(1, len(strings.TrimSpace(text)))] {
	case `"`, "[", "{":
		s := newPlanScan("", strings.NewReader(text))
		return s.paths()
	case "":
		return nil
	}
	return []string{text}
}

// paths reads a path, an object with a "path", or a list of those.
func (s *planScan) paths() []string {
	var list []string
	switch s.peek() {
	case '[':
		s.array(func() {
			if found := s.paths(); len(list) < maxPlanList {
				list = append(list, found...)
			}
		})
	case '{':
		s.inside("path", func() { list = s.paths() })
	case '"':
		if text, ok := s.text(maxPlanText); ok && text != "" {
			list = append(list, text)
		}
	default:
		s.skip()
	}
	return list
}

// configuration reads a module of the configuration and the modules that it calls.
func (p *Plan) configuration(s *planScan, path string) {
	s.object(func(key string) {
		switch key {
		case "resources":
			s.array(func() { p.configuredResource(s, path) })
		case "module_calls":
			s.object(func(name string) { p.call(s, join(path, name)) })
		default:
			s.skip()
		}
	})
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

func (p *Plan) call(s *planScan, path string) {
	module := ""
	var sourcePath expression
	s.object(func(key string) {
		switch key {
		case "source":
			module, _ = s.text(maxPlanText)
		case "expressions":
			s.inside("source_path", func() { sourcePath = s.expression() })
		case "module":
			p.configuration(s, path)
		default:
			s.skip()
		}
	})
	if !strings.Contains(module, "terraform-aws-modules") || !strings.Contains(module, "lambda") {
		return // another module's source_path may mean anything
	}
	if p.calls[path] = sourcePath; len(p.calls) > maxPlanned {
		s.fail("calls more modules than " + strconv.Itoa(maxPlanned))
	}
}

func (p *Plan) configuredResource(s *planScan, path string) {
	address, kind := "", ""
	expressions := map[string]expression{}
	s.object(func(key string) {
		switch key {
		case "address":
			address, _ = s.text(maxPlanText)
		case "type":
			kind, _ = s.text(maxPlanKey)
		case "expressions":
			s.object(func(name string) {
				if configuredPaths[name] {
					expressions[name] = s.expression()
				} else {
					s.skip()
				}
			})
		default:
			s.skip()
		}
	})
	if kind != functionResource && kind != archiveResource {
		return
	}
	if p.configured[path+" "+address] = expressions; len(p.configured) > maxPlanned {
		s.fail("configures more functions or archives than " + strconv.Itoa(maxPlanned))
	}
}

func (s *planScan) expression() expression {
	var e expression
	s.object(func(key string) {
		switch key {
		case "constant_value":
			e.paths = s.paths()
		case "references":
			e.references = s.texts()
		default:
			s.skip()
		}
	})
	return e
}

// moduleOf splits an address such as module.a["x.y"].module.b.data.archive_file.c
// into its module instance and the names of its modules.
func moduleOf(address string) (instance, path string) {
	rest := address
	for strings.HasPrefix(rest, "module.") {
		end := nameEnd(rest[len("module."):]) + len("module.")
		name, _, _ := strings.Cut(rest[len("module."):end], "[")
		path = join(path, name)
		if rest = rest[end:]; rest == "" {
			break
		}
		rest = rest[1:]
	}
	return strings.TrimSuffix(address[:len(address)-len(rest)], "."), path
}

// nameEnd returns where a name and its instance key end: at a dot outside
// brackets.
func nameEnd(s string) int {
	quoted, bracket := false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"' && bracket:
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case c == '.' && !bracket:
			return i
		}
	}
	return len(s)
}
