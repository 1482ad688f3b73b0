package graphtest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
)

// A program is a graph of modules. Its entry is the last module.
type program struct {
	seed    uint64
	modules []*module
	pure    bool              // only the entry prints while it loads
	common  bool              // the entry is CommonJS, and so is the bundle
	sloppy  bool              // the entry is not in strict mode, and the bundle neither
	files   map[string]string // what is not a module, by path
}

// format is how a module is written.
type format int

const (
	esm      format = iota
	compiled        // CommonJS as TypeScript and Babel write it, with __esModule
	cjs             // CommonJS by hand
)

// A module is a file. Shrinking drops elements of its body.
type module struct {
	id     int
	path   string // relative to the program's folder
	spec   string // how others name it; "" means by its path
	format format
	both   bool // may be imported and required
	strict bool
	head   []string // imports, which are never dropped
	body   []string
	tail   []string // exports
	given  []export
	names  int // count of the names that were made for it
}

// An export is a name and the expression that turns its value, %s, into what is printed.
type export struct {
	name, probe string
	// lexed means that Node finds the name in a CommonJS module without running it.
	lexed bool
	// live means that the value may change. Node gives an ES module the first value of a
	// CommonJS module's export, and esbuild the last.
	live bool
	// early means that the value is there before the module has been run.
	early bool
}

// of is the expression for the value of an expression.
func (e export) of(expression string) string { return strings.ReplaceAll(e.probe, "%s", expression) }

// text returns all files, by path relative to the program's folder.
func (p *program) text() map[string]string {
	all := maps.Clone(p.files)
	for _, m := range p.modules {
		all[m.path] = strings.Join(slices.Concat(m.head, m.body, m.tail), "\n") + "\n"
	}
	return all
}

// entry is the path of the program's entry.
func (p *program) entry() string { return p.modules[len(p.modules)-1].path }

type generator struct {
	*rand.Rand
	*program
}

// generate writes the program of a seed.
func generate(seed uint64) *program {
	g := &generator{rand.New(rand.NewPCG(seed, 13)), &program{seed: seed, files: map[string]string{}}}
	g.files["package.json"] = `{"name": "program", "private": true}`
	g.pure, g.common, g.sloppy = g.chance(35), g.chance(25), g.chance(60)
	g.sloppy = g.sloppy && g.common
	for id := range 3 + g.IntN(6) {
		g.module(id)
	}
	g.entryModule()
	return g.program
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

// module adds a module that imports earlier ones.
func (g *generator) module(id int) {
	m := &module{id: id}
	switch n := g.IntN(100); {
	case n < 12 && id > 0:
		g.barrel(m)
		return
	case n < 19:
		g.dual(m)
		return
	case n < 27:
		g.library(m)
		return
	case n < 60:
		m.format = esm
	case n < 80:
		m.format = compiled
	}
	if n := g.IntN(100); m.format == 0 && n >= 60 {
		m.format = cjs
	}
	m.strict = m.format != cjs || g.chance(30)
	m.path = fmt.Sprintf("m%d.%s", id, map[format]string{esm: "mjs", compiled: "js", cjs: "cjs"}[m.format])
	if g.chance(40) { // a package of its own
		folder := fmt.Sprintf("node_modules/p%d", id)
		m.path = folder + "/" + path.Base(m.path)
		m.spec = fmt.Sprintf("p%d", id)
		free := ""
		if g.pure && g.chance(70) {
			free = `, "sideEffects": false`
		}
		g.files[folder+"/package.json"] = fmt.Sprintf(`{"name": "p%d", "version": "1.0.0", "main": "./%s"%s}`, id, path.Base(m.path), free)
	}
	g.start(m)
	g.modules = append(g.modules, m)
	m.body = append(m.body, "const log = (...a) => console.log('m"+fmt.Sprint(id)+"', ...a)")
	if !g.pure {
		m.body = append(m.body, "log('loads')")
	}
	s := &scope{generator: g, module: m}
	g.imports(s, g.IntN(4))
	g.declareExports(s, 1+g.IntN(5))
	if !g.pure {
		for range g.IntN(4) {
			s.statement(2)
		}
	}
	g.reexports(s)
	g.finish(m)
}

// start writes what comes first in a module.
func (g *generator) start(m *module) {
	switch {
	case m.format == compiled:
		m.head = append(m.head, `"use strict";`, `Object.defineProperty(exports, "__esModule", { value: true });`)
	case m.format == cjs && m.strict:
		m.head = append(m.head, `'use strict'`)
	}
}

// finish drops exports of one name, the first of which stays.
func (g *generator) finish(m *module) {
	seen := map[string]bool{}
	m.given = slices.DeleteFunc(m.given, func(e export) bool {
		again := seen[e.name]
		seen[e.name] = true
		return again
	})
}

// fresh returns a name at a module's top level, often one that other modules have too.
func (m *module) fresh(g *generator) string {
	m.names++
	return pick(g, []string{"a", "b", "t", "n", "value", "make", "Kind", "exports_", "e"}) + fmt.Sprint(m.names)
}

// visibleTo lists the modules that a module of a format may import, which are all
// earlier ones, or the CommonJS ones if it must require them.
func (g *generator) visibleTo(m *module) []*module {
	var all []*module
	for _, o := range g.modules {
		if o != m && (m.format == esm || o.format != esm || o.both) {
			all = append(all, o)
		}
	}
	return all
}

// specifier is how a module is named by another.
func (m *module) specifier(from *module) string {
	if m.spec != "" {
		return m.spec
	}
	rel := m.path
	if strings.HasPrefix(from.path, "node_modules/") {
		rel = strings.Repeat("../", strings.Count(from.path, "/")) + rel
	} else {
		rel = "./" + rel
	}
	return rel
}

// imports adds n import statements and makes their names visible.
func (g *generator) imports(s *scope, n int) {
	for range n {
		all := g.visibleTo(s.module)
		if len(all) == 0 {
			return
		}
		from := pick(g, all)
		if s.module.format == esm {
			g.importES(s, from)
		} else {
			g.require(s, from)
		}
	}
}

// importES imports some exports by one of the forms that ES modules have.
func (g *generator) importES(s *scope, from *module) {
	m, spec := s.module, from.specifier(s.module)
	given := from.importable()
	switch n := g.IntN(100); {
	case n < 10 || len(given) == 0:
		m.head = append(m.head, fmt.Sprintf("import '%s'", spec))
	case n < 55:
		var list []string
		for range 1 + g.IntN(3) {
			e, local := pick(g, given), m.fresh(g)
			if e.name == local {
				list = append(list, local)
			} else {
				list = append(list, quoted(e.name)+" as "+local)
			}
			s.see(local, e.probe)
		}
		m.head = append(m.head, fmt.Sprintf("import { %s } from '%s'", strings.Join(list, ", "), spec))
	case n < 80:
		local := m.fresh(g)
		m.head = append(m.head, fmt.Sprintf("import * as %s from '%s'", local, spec))
		for range 1 + g.IntN(3) {
			e := pick(g, given)
			s.see(member(local, e.name), e.probe)
		}
		if from.format == esm && !from.both && g.chance(30) {
			probe := "Object.keys(%s).join()"
			if slices.ContainsFunc(g.modules, func(o *module) bool { return o.both }) {
				// Where the CommonJS build is bundled for both, its order of names is seen.
				probe = "Object.keys(%s).sort().join()"
			}
			s.see(local, probe)
		}
		if from.format == esm && g.chance(20) {
			e := pick(g, given)
			s.see("["+local+"]", "(v => v.map(n => "+e.of(member("n", e.name))+").join())(%s)")
		}
		if from.format == esm && g.chance(20) {
			s.see(local, fmt.Sprintf("['%s', 'absent'].map(k => k in %%s).join()", pick(g, given).name))
		}
		if from.format == esm && g.chance(15) {
			e := pick(g, given)
			s.see("({..."+local+"})", e.of(member("(%s)", e.name)))
		}
	default: // of CommonJS, the default is module.exports
		local := m.fresh(g)
		if from.format != esm {
			m.head = append(m.head, fmt.Sprintf("import %s from '%s'", local, spec))
			e := pick(g, from.given)
			s.see(member(local, e.name), e.probe)
		} else if e, ok := from.export("default"); ok {
			m.head = append(m.head, fmt.Sprintf("import %s from '%s'", local, spec))
			s.see(local, e.probe)
		}
	}
}

// require requires a module by one of the forms that CommonJS has.
func (g *generator) require(s *scope, from *module) {
	m, call := s.module, fmt.Sprintf("require('%s')", from.specifier(s.module))
	if len(from.given) == 0 {
		m.head = append(m.head, call)
		return
	}
	e, local := pick(g, from.given), m.fresh(g)
	switch n := g.IntN(100); {
	case m.format == compiled && n < 70:
		m.head = append(m.head, fmt.Sprintf("const %s_1 = %s;", local, call))
		for range 1 + g.IntN(2) {
			e := pick(g, from.given)
			s.see(member(local+"_1", e.name), e.probe)
		}
	case n < 25:
		m.head = append(m.head, fmt.Sprintf("const { %s: %s } = %s", quoted(e.name), local, call))
		s.see(local, e.probe)
	case n < 50:
		m.head = append(m.head, fmt.Sprintf("const %s = %s", local, member(call, e.name)))
		s.see(local, e.probe)
	case n < 60: // when it is needed
		m.head = append(m.head, fmt.Sprintf("function %s() { return %s }", local, call))
		s.see(member(local+"()", e.name), e.probe)
	case n < 70:
		m.head = append(m.head, fmt.Sprintf("let %s; try { %s = %s } catch (e) { %s = null }", local, local, call, local))
		s.see(member(local, e.name), e.probe)
	case n < 78:
		m.head = append(m.head, fmt.Sprintf("const %s = %s", local, call))
		s.see(local, "Object.keys(%s).sort().join()")
		s.see("'"+strings.ReplaceAll(e.name, "'", "")+"'", "(k => k in "+local+")(%s)")
	case n < 84:
		m.head = append(m.head, fmt.Sprintf("const { %s: skipped_%s, ...%s } = %s", quoted(e.name), local, local, call))
		s.see(local, "Object.keys(%s).sort().join()")
	case n < 90:
		m.head = append(m.head, fmt.Sprintf("const %s = process.browser ? require('./absent-%s') : %s", local, local, call))
		s.see(member(local, e.name), e.probe)
	default:
		m.head = append(m.head, fmt.Sprintf("var %s = %s", local, call))
		s.see(member(local, e.name), e.probe)
	}
}

// importable lists what another ES module may import by name.
func (m *module) importable() []export {
	var all []export
	for _, e := range m.given {
		if m.format == esm || e.lexed && !e.live && e.name != "default" {
			all = append(all, e)
		}
	}
	return all
}

func (m *module) export(name string) (export, bool) {
	i := slices.IndexFunc(m.given, func(e export) bool { return e.name == name })
	if i < 0 {
		return export{}, false
	}
	return m.given[i], true
}

// member reads a property.
func member(of, name string) string {
	if quoted(name) == name {
		return of + "." + name
	}
	return of + "[" + quoted(name) + "]"
}

// quoted is a name as an export clause has it.
func quoted(name string) string {
	for _, r := range name {
		if !(r == '_' || r == '$' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return "'" + name + "'"
		}
	}
	return name
}

// exportNames are few, so that barrels have the same name from several modules.
var exportNames = []string{"a", "b", "c", "one", "two", "make", "Kind", "state", "default", "toString", "odd name", "K", "name"}

// declareExports declares values and exports them.
func (g *generator) declareExports(s *scope, n int) {
	m := s.module
	for range n {
		local := m.fresh(g)
		v := s.value(local)
		m.body = append(m.body, v.text)
		s.see(local, v.probe)
		name := pick(g, exportNames)
		if _, taken := m.export(name); taken {
			continue
		}
		g.export(m, name, local, v)
		if v.setter != "" && !g.pure && g.chance(60) { // others call it while they load
			g.export(m, "set"+fmt.Sprint(m.names), v.setter, value{probe: "%s()", early: true})
		}
	}
	if m.format != esm && g.chance(60) {
		g.partlyRead(m)
	}
	if m.format == cjs && g.chance(20) {
		g.replaceExports(m)
	}
}

// partlyRead adds exports that nobody reads, or that only others of them read.
func (g *generator) partlyRead(m *module) {
	n := m.fresh(g)
	m.body = append(m.body, fmt.Sprintf("function outer_%s() { return inner_%s() + 1 }\nfunction inner_%s() { return typeof outer_%s }", n, n, n, n))
	give := func(name, probe string) {
		if _, taken := m.export(name); !taken {
			m.given = append(m.given, export{name: name, probe: probe})
		}
	}
	for i := range 1 + g.IntN(3) {
		switch g.IntN(8) {
		case 0:
			m.tail = append(m.tail, "exports.unread = outer_"+n)
		case 1:
			m.tail = append(m.tail, "exports.unread = exports.alsoUnread = outer_"+n)
		case 2:
			m.tail = append(m.tail, "exports.selfish = function () { return this && this.hidden }; exports.hidden = 'hidden'")
			give("selfish", "%s()")
		case 3:
			m.tail = append(m.tail, "exports.asks = function () { return exports.hidden2 }; exports.hidden2 = inner_"+n)
			give("asks", "typeof %s()")
		case 4:
			m.tail = append(m.tail, fmt.Sprintf(`Object.defineProperty(exports, "unreadGetter%d", `, i)+`{ enumerable: true, get: function () { return outer_`+n+` } });`)
		case 5:
			m.tail = append(m.tail, "exports.effect = (globalThis.effects = (globalThis.effects || 0) + 1, 'effect')")
		case 6:
			m.tail = append(m.tail, "exports.chained = exports.readOnly = inner_"+n+"; exports.listed = Object.keys(exports).length")
			give("chained", "typeof %s")
			give("listed", "%s")
		default:
			m.tail = append(m.tail, fmt.Sprintf("class Unread_%[1]s_%[2]d { m() { return outer_%[1]s() } }; exports.Unread = Unread_%[1]s_%[2]d; "+
				"exports.made = { outer: outer_%[1]s, in: [inner_%[1]s] }", n, i))
			if g.chance(30) {
				give("made", "%s.outer()")
			}
		}
	}
}

// export exports a local by one of the forms of the module's format.
func (g *generator) export(m *module, name, local string, v value) {
	if _, taken := m.export(name); taken {
		return
	}
	e := export{name: name, probe: v.probe, early: v.early, live: v.live, lexed: true}
	switch m.format {
	case esm:
		m.tail = append(m.tail, fmt.Sprintf("export { %s as %s }", local, quoted(name)))
	case compiled:
		switch {
		case v.live: // as Babel and esbuild write a binding that changes
			m.tail = append(m.tail, fmt.Sprintf(`Object.defineProperty(exports, "%s", { enumerable: true, get: function () { return %s; } });`, name, local))
		case g.chance(50):
			m.tail = append(m.tail, fmt.Sprintf("exports[%q] = %s;", name, local))
		default:
			m.head = append(m.head, member("exports", name)+" = void 0;")
			m.tail = append(m.tail, member("exports", name)+" = "+local+";")
		}
	case cjs:
		if v.live {
			return
		}
		switch {
		case name != "default" && quoted(name) == name && g.chance(40):
			m.tail = append(m.tail, "module.exports."+name+" = "+local)
		default:
			m.tail = append(m.tail, member("exports", name)+" = "+local)
		}
	}
	m.given = append(m.given, e)
}

// replaceExports replaces module.exports by a function, a class or an object with the
// same properties.
func (g *generator) replaceExports(m *module) {
	base := pick(g, []string{"function main() { return 'called' }", "class Main {}", "{}", "() => 'called'"})
	m.tail = append(m.tail, ";delete exports.name; module.exports = Object.assign("+base+", module.exports)")
	m.given = slices.DeleteFunc(m.given, func(e export) bool { return e.name == "name" || e.name == "toString" })
	for i := range m.given {
		m.given[i].lexed = false
	}
	if len(m.given) == 0 {
		m.tail = append(m.tail, "module.exports.a = 'replaced'")
		m.given = []export{{name: "a", probe: "%s"}}
	}
}

// reexports passes exports of earlier modules on, by name.
func (g *generator) reexports(s *scope) {
	m := s.module
	for range g.IntN(3) {
		all := g.visibleTo(m)
		if len(all) == 0 || m.format == cjs {
			return
		}
		from := pick(g, all)
		given := from.importable()
		if len(given) == 0 {
			continue
		}
		e := pick(g, given)
		name := pick(g, append([]string{e.name}, exportNames...))
		if _, taken := m.export(name); taken {
			continue
		}
		spec := from.specifier(m)
		switch {
		case m.format == compiled:
			local := m.fresh(g)
			m.head = append(m.head, fmt.Sprintf("var %s_1 = require('%s');", local, spec))
			m.tail = append(m.tail, fmt.Sprintf(`Object.defineProperty(exports, "%s", { enumerable: true, get: function () { return %s; } });`,
				name, member(local+"_1", e.name)))
			m.given = append(m.given, export{name: name, probe: e.probe, live: e.live, lexed: true})
		case from.format == esm && g.chance(35):
			g.namespace(m, from, name, e)
		default:
			m.tail = append(m.tail, fmt.Sprintf("export { %s as %s } from '%s'", quoted(e.name), quoted(name), spec))
			m.given = append(m.given, export{name: name, probe: e.probe, live: e.live})
		}
	}
}

// namespace exports another module's namespace.
func (g *generator) namespace(m, from *module, name string, e export) {
	spec := from.specifier(m)
	switch n := g.IntN(3); {
	case n == 0:
		m.tail = append(m.tail, fmt.Sprintf("export * as %s from '%s'", quoted(name), spec))
	case n == 1:
		local := m.fresh(g)
		m.head = append(m.head, fmt.Sprintf("import * as %s from '%s'", local, spec))
		m.tail = append(m.tail, fmt.Sprintf("export { %s as %s }", local, quoted(name)))
	default:
		local := m.fresh(g)
		m.head = append(m.head, fmt.Sprintf("import * as %s from '%s'", local, spec))
		m.body = append(m.body, fmt.Sprintf("const same_%s = %s", local, local))
		m.tail = append(m.tail, fmt.Sprintf("export { same_%s as %s }", local, quoted(name)))
	}
	probe := e.of(member("%s", e.name))
	if g.chance(25) {
		probe = "Object.keys(%s).filter(k => k !== 'default').sort().join()"
	}
	m.given = append(m.given, export{name: name, probe: probe})
}

// barrel adds an ES module that only passes others on.
func (g *generator) barrel(m *module) {
	m.format, m.strict = esm, true
	m.path = fmt.Sprintf("node_modules/barrel%d/index.js", m.id)
	m.spec = fmt.Sprintf("barrel%d", m.id)
	var froms []*module
	for _, o := range g.modules {
		if o.format == esm {
			froms = append(froms, o)
		}
	}
	if len(froms) == 0 {
		g.dual(m)
		return
	}
	free := ""
	stars := map[string][]export{}
	for range 1 + g.IntN(3) {
		from := pick(g, froms)
		spec := from.specifier(m)
		switch n := g.IntN(100); {
		case n < 60:
			line := fmt.Sprintf("export * from '%s'", spec)
			if slices.Contains(m.body, line) {
				continue
			}
			m.body = append(m.body, line)
			for _, e := range from.given {
				if e.name != "default" {
					stars[e.name] = append(stars[e.name], e)
				}
			}
		case len(from.given) == 0:
			m.body = append(m.body, fmt.Sprintf("import '%s'", spec))
		default:
			e, name := pick(g, from.given), pick(g, exportNames)
			if _, taken := m.export(name); taken {
				continue
			}
			if n < 80 {
				m.tail = append(m.tail, fmt.Sprintf("export { %s as %s } from '%s'", quoted(e.name), quoted(name), spec))
				m.given = append(m.given, export{name: name, probe: e.probe, live: e.live})
			} else {
				g.namespace(m, from, name, e)
			}
		}
	}
	if g.chance(20) { // a name of its own hides those of the stars
		name := pick(g, exportNames)
		if _, taken := m.export(name); !taken {
			m.tail = append(m.tail, fmt.Sprintf("const own = 'own of %d'; export { own as %s }", m.id, quoted(name)))
			m.given = append(m.given, export{name: name, probe: "%s"})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(stars)) {
		// A name from several stars may be ambiguous. Only its absence is looked at.
		if _, own := m.export(name); !own && len(stars[name]) == 1 {
			m.given = append(m.given, stars[name][0])
		}
	}
	if g.pure && g.chance(60) {
		free = pick(g, []string{`, "sideEffects": false`, `, "sideEffects": ["./other.js"]`})
	}
	g.files[path.Dir(m.path)+"/package.json"] = fmt.Sprintf(
		`{"name": "barrel%d", "version": "1.0.0", "type": "module", "main": "./index.js", "exports": "./index.js"%s}`, m.id, free)
	g.modules = append(g.modules, m)
}

// dual adds a package with an ES and a CommonJS build that do the same.
func (g *generator) dual(m *module) {
	m.format, m.strict = esm, true
	m.both = true
	folder := fmt.Sprintf("node_modules/dual%d", m.id)
	m.path, m.spec = folder+"/index.mjs", fmt.Sprintf("dual%d", m.id)
	var common []string
	for i, name := range []string{"a", "b", "make", "Kind"} {
		if g.chance(40) {
			continue
		}
		s := &scope{generator: g, module: m}
		local := fmt.Sprintf("%s%d", name, i)
		v := s.plain(local)
		m.body = append(m.body, v.text)
		m.tail = append(m.tail, fmt.Sprintf("export { %s as %s }", local, name))
		common = append(common, v.text+"\n"+"exports."+name+" = "+local+";")
		m.given = append(m.given, export{name: name, probe: v.probe, lexed: true})
	}
	marked := ""
	if g.chance(70) {
		marked = `Object.defineProperty(exports, "__esModule", { value: true });` + "\n"
	}
	g.files[folder+"/index.js"] = "\"use strict\";\n" + marked + strings.Join(common, "\n") + "\n"
	fields := pick(g, []string{
		`"main": "./index.js", "module": "./index.mjs", "exports": {"import": "./index.mjs", "require": "./index.js"}`,
		`"exports": {".": {"import": "./index.mjs", "default": "./index.js"}}`,
		`"main": "./index.js", "exports": {"node": {"import": "./index.mjs", "require": "./index.js"}, "default": "./index.mjs"}`,
	})
	if g.chance(50) {
		fields += `, "sideEffects": false`
	}
	g.files[folder+"/package.json"] = fmt.Sprintf(`{"name": "dual%d", "version": "1.0.0", %s}`, m.id, fields)
	g.modules = append(g.modules, m)
}

// library adds a package that has its code in files of its own, with defaults, and an
// index that hands them on. Others import the index and the files.
func (g *generator) library(m *module) {
	m.format, m.strict = esm, true
	folder := fmt.Sprintf("node_modules/library%d", m.id)
	m.path, m.spec = folder+"/index.js", path.Base(folder)
	for _, file := range []string{"x", "y", "z"}[:1+g.IntN(3)] {
		part := &module{id: m.id, path: folder + "/" + file + ".js", spec: m.spec + "/" + file + ".js", format: esm, strict: true}
		s := &scope{generator: g, module: part}
		for i, name := range []string{"default", file, file + "2"} {
			local := fmt.Sprintf("%s%d", file, i)
			v := s.plain(local)
			part.body = append(part.body, v.text)
			part.tail = append(part.tail, fmt.Sprintf("export { %s as %s }", local, name))
			part.given = append(part.given, export{name: name, probe: v.probe, early: v.early})
		}
		g.modules = append(g.modules, part)
		switch g.IntN(4) {
		case 0:
			m.body = append(m.body, fmt.Sprintf("import %s_, { %s } from './%s.js'", file, file, file))
			m.tail = append(m.tail, fmt.Sprintf("export { %s_ as %s_default, %s }", file, file, file))
		case 1:
			m.tail = append(m.tail, fmt.Sprintf("export { default as %s_default, %s } from './%s.js'", file, file, file))
		default:
			m.tail = append(m.tail, fmt.Sprintf("export { default as %s_default } from './%s.js'", file, file), fmt.Sprintf("export * from './%s.js'", file))
		}
		m.given = append(m.given, export{name: file + "_default", probe: part.given[0].probe}, part.given[1])
	}
	effects := pick(g, []string{`, "sideEffects": false`, `, "sideEffects": false`, `, "sideEffects": ["./other.js"]`, ""})
	g.files[folder+"/package.json"] = fmt.Sprintf(`{"name": %q, "version": "1.0.0", "type": "module", "main": "./index.js"%s}`, m.spec, effects)
	g.modules = append(g.modules, m)
}

// entryModule adds the module with the handler, which imports all that nobody does.
func (g *generator) entryModule() {
	m := &module{id: len(g.modules), format: esm, strict: true, path: "fn.mjs"}
	if g.common {
		m.format, m.path = cjs, "fn.cjs"
		m.strict = !g.sloppy
	}
	g.start(m)
	m.body = append(m.body, "const log = (...a) => console.log('entry', ...a)")
	g.modules = append(g.modules, m)
	s := &scope{generator: g, module: m}
	g.imports(s, 2+g.IntN(4))
	g.cycle(s)
	g.locales(s)
	for range 2 + g.IntN(5) {
		s.statement(3)
	}
	handler := []string{"async function handler() {"}
	s.inside = true
	for range 1 + g.IntN(4) {
		if g.chance(40) {
			handler = append(handler, g.dynamic(s))
		} else {
			handler = append(handler, s.use())
		}
	}
	m.body = append(m.body, strings.Join(append(handler, "return 'done'", "}"), "\n"))
	if m.format == esm {
		m.tail = append(m.tail, "export { handler }")
	} else {
		m.tail = append(m.tail, "exports.handler = handler")
	}
}

// dynamic imports a module when the handler runs.
func (g *generator) dynamic(s *scope) string {
	var all []*module
	for _, o := range g.modules {
		if o != s.module && len(o.importable()) > 0 {
			all = append(all, o)
		}
	}
	if len(all) == 0 {
		return ""
	}
	from := pick(g, all)
	for range 3 { // the parts of libraries are rare, and others name them too
		if !strings.HasPrefix(from.path, "node_modules/library") {
			from = pick(g, all)
		}
	}
	spec, e := from.specifier(s.module), pick(g, from.importable())
	call := fmt.Sprintf("import('%s')", spec)
	probe := e.of
	if index := g.libraryOf(from); index != nil && s.module.format == esm {
		local, x := s.module.fresh(g), from.given[1]
		s.module.head = append(s.module.head, fmt.Sprintf("import { %s as %s } from '%s'", x.name, local, index.spec))
		call = fmt.Sprintf("(log('before', %s), %s)", x.of(local), call)
	}
	switch g.IntN(11) {
	case 6:
		return fmt.Sprintf("{ let d; ({ %s: d } = await %s); log('dynamic', %s) }", quoted(e.name), call, probe("d"))
	case 7:
		return fmt.Sprintf("await %s.then(function (d) { log('dynamic', %s, %s) })", call, probe(member("d", e.name)), probe(member("d", e.name)))
	case 8:
		return fmt.Sprintf("{ const d = await %s; log('dynamic', %s); log(%s) }", call, probe(member("d", e.name)), probe(member("d", e.name)))
	case 9:
		other := pick(g, from.importable())
		return fmt.Sprintf("{ const { %s: d, %s: o = 1 } = await %s; log('dynamic', %s, %s) }",
			quoted(e.name), quoted(other.name), call, probe("d"), other.of("o"))
	case 0:
		return fmt.Sprintf("{ const { %s: d } = await %s; log('dynamic', %s) }", quoted(e.name), call, probe("d"))
	case 1:
		return fmt.Sprintf("{ const { %s: d = 5, absent = 'none' } = await %s; log('dynamic', %s, absent) }", quoted(e.name), call, probe("d"))
	case 2:
		return fmt.Sprintf("log('dynamic', %s)", probe("("+member("(await "+call+")", e.name)+")"))
	case 3:
		return fmt.Sprintf("await %s.then(({ %s: d }) => log('dynamic', %s))", call, quoted(e.name), probe("d"))
	case 4:
		return fmt.Sprintf("await %s.then((d) => log('dynamic', %s))", call, probe(member("d", e.name)))
	case 5:
		return fmt.Sprintf("if (!process.browser) { const d = await %s; log('dynamic', %s) }", call, probe(member("d", e.name)))
	}
	return fmt.Sprintf("{ const d = await %s; log('dynamic', %s, 'absent' in d) }", call, probe(member("d", e.name)))
}

// libraryOf is the index of the library that a module is a part of, nil for none.
func (g *generator) libraryOf(part *module) *module {
	folder := path.Dir(part.path)
	i := slices.IndexFunc(g.modules, func(m *module) bool { return m != part && m.path == folder+"/index.js" })
	if i < 0 || !strings.HasPrefix(part.spec, "library") {
		return nil
	}
	return g.modules[i]
}

// cycle adds two modules that import each other. What they take of each other early is
// a function declaration, and a var that has no value yet.
func (g *generator) cycle(s *scope) {
	if !g.chance(35) {
		return
	}
	end := map[bool]string{true: "mjs", false: "cjs"}[s.module.format == esm]
	text := pick(g, []string{"'later'", "7", "true", "null", "'a'"})
	if s.module.format == esm {
		g.files["left.mjs"] = "import { right, constant } from './right.mjs'\n" +
			"export function left(n) { return n > 0 ? right(n - 1) + 'l' : 'left' + early + constant }\n" +
			"export var early = " + text + "\nconsole.log('left loads', right(2), constant)\n"
		g.files["right.mjs"] = "import { left, early } from './left.mjs'\n" +
			"export function right(n) { return n > 0 ? left(n - 1) + 'r' : 'right' + early + constant }\n" +
			"export var constant = 'constant'\nconsole.log('right loads', left(3), early)\n"
		s.module.head = append(s.module.head, "import { left as fromCycle } from './left."+end+"'")
	} else {
		g.files["left.cjs"] = "exports.left = left\nvar r = require('./right.cjs')\nvar early = " + text + "\nexports.early = early\n" +
			"function left(n) { return n > 0 ? (r ? r.right(n - 1) : 'no r') + 'l' : 'left' + early + exports.early }\nconsole.log('left loads', left(2))\n"
		g.files["right.cjs"] = "exports.right = right\nconst l = require('./left.cjs')\n" +
			"function right(n) { return n > 0 ? l.left(n - 1) + 'r' : 'right' + l.early }\nconsole.log('right loads', right(3), l.left(0))\n"
		s.module.head = append(s.module.head, "const fromCycle = require('./left."+end+"').left")
	}
	s.see("fromCycle", "%s(3)")
}
