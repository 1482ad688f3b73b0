package onload

import (
	"bytes"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// namespaceImports imports a namespace from its own module: import { z } from 'zod', where
// zod says export * as z from './external.js', becomes import * as z from that file. The
// bundler then knows which names of it are used, and leaves the others out. Of a
// namespace that is itself an export it keeps everything.
//
// It also does what barrel-imports names: where every name of an import from a package
// without side effects is declared by other modules of its, they are imported from there,
// and the bundler need not read the modules that only hand them on.
//
// The name means the same object, since a module has one namespace. So that nothing else
// changes:
//   - every module on the way is an ES module that hands the name on as it is, followed as
//     the language does, with ambiguous names of export * left alone;
//   - the module that is imported in the end is an ES module of an installed package, so
//     that no default export of CommonJS depends on who imports it;
//   - the modules on the way are still evaluated, and first, by an import without names.
//     It is left out only if the package says that it is free of side effects, and if
//     the order of evaluation stays the same where it could matter (order.go);
//   - the importer is not among the modules that the package imports. Between modules of
//     one package it is not among those that the importer's own import leads to, and that
//     import always stays, for the order;
//   - a namespace is only used by names that its module exports, and not as a value:
//     nobody writes to it, calls it, hands it on or takes it apart;
//   - the new specifier is relative, since exports of package.json may not offer the file,
//     and leads to that very file.
//
// A namespace that such a namespace holds, as in z.coerce.date(), is imported from its own
// module too.
//
// A function that is called as a member of a namespace gets no receiver from the bundler,
// whichever way the namespace was imported by a star. An export of an ES module cannot
// rely on one: whoever imports it by name calls it without.
func namespaceImports(m *Module, v View, on analyzer.Switches) []Change {
	return imports(m, v, on, true)
}

func barrelImports(m *Module, v View, on analyzer.Switches) []Change {
	if on.On(analyzer.NamespaceImports) {
		return nil // done at once
	}
	return imports(m, v, on, false)
}

func imports(m *Module, v View, on analyzer.Switches, namespaces bool) []Change {
	if bytes.Contains(m.Source, []byte("eval(")) {
		return nil
	}
	var changes []Change
	for _, statement := range js.SkimImports(m.Source) {
		s := importing{module: m, view: v, statement: statement, finder: finder{view: v}, namespaces: namespaces, plain: on.On(analyzer.BarrelImports)}
		if c, ok := s.change(); ok {
			changes = append(changes, c)
		} else if namespaces {
			s.past = nil
			if c, ok := s.below(); ok {
				changes = append(changes, c)
			}
		}
	}
	return changes
}

// hasNamedImport reports whether a module seems to import names.
func hasNamedImport(source []byte) bool {
	for {
		_, after, found := bytes.Cut(source, []byte("import"))
		if !found {
			return false
		}
		source = after
		i := bytes.IndexAny(after, "'\"(.=")
		if i > 0 && i+1 < len(after) && (after[i] == '"' || after[i] == '\'') && bytes.HasSuffix(bytes.TrimRight(after[:i], " \n"), []byte("from")) {
			return true
		}
	}
}

// importing is one import statement.
type importing struct {
	finder
	module            *Module
	view              View
	statement         js.ImportStatement
	namespaces, plain bool
}

// moved is a name and where it is imported from instead.
type moved struct {
	item js.ImportItem
	to   target
}

func (s *importing) change() (c Change, ok bool) {
	name, in := js.PackageName(s.statement.Specifier), packageDir(s.module.File)
	inside := in != "" && strings.HasPrefix(s.statement.Specifier, ".")
	if name == "" && !inside || js.Builtin(s.statement.Specifier) || s.statement.Types || s.statement.Attributes {
		return c, false
	}
	if in != "" {
		s.plain = false
		if !slices.ContainsFunc(s.statement.Items, func(it js.ImportItem) bool {
			return it.Imported != "*" && bytes.Contains(s.module.Source, []byte(it.Local+"."))
		}) {
			return c, false // not a namespace: it takes esbuild long to resolve a request once more
		}
	}
	barrel := s.view.Resolve(s.module.File, s.statement.Specifier)
	dir := packageDir(barrel)
	if dir == "" || (dir == in) != inside || inside && !s.handsOnNamespaces(barrel) {
		return c, false
	}
	if o := s.view.Outline(barrel); o == nil || !o.Module {
		return c, false
	}
	var stars, plain []moved
	var rest, types []js.ImportItem
	for _, it := range s.statement.Items {
		if it.Type || s.rewritten() && !hasValue(s.module.Text(), it.Local) {
			types = append(types, it) // the bundler leaves it out
			continue
		}
		t, found := s.where(it, barrel)
		switch {
		case !found:
			rest = append(rest, it)
		case t.name == "*":
			stars = append(stars, moved{it, t})
		default:
			plain = append(plain, moved{it, t})
		}
	}
	if inside {
		if len(stars) == 0 || leadsTo(s.view, barrel, s.module.File) {
			return c, false
		}
		for _, mv := range plain {
			rest = append(rest, mv.item)
		}
		return s.write(append(rest, types...), stars, len(rest) == 0)
	}
	free := s.view.SideEffectFree(barrel)
	all := append(slices.Clone(stars), plain...)
	if free && len(rest) == 0 && len(all) > 0 {
		var targets []string
		for _, mv := range all {
			targets = append(targets, mv.to.file)
		}
		if sameOrder(s.view, s.module.File, barrel, targets) {
			return s.write(types, all, false)
		}
	}
	if len(stars) == 0 {
		return c, false
	}
	for _, mv := range plain {
		rest = append(rest, mv.item)
	}
	if len(rest) == 0 && free || packageDir(s.module.File) != "" && leadsTo(s.view, barrel, s.module.File) {
		return c, false
	}
	return s.write(append(rest, types...), stars, len(rest) == 0)
}

// below imports the namespaces that a namespace holds from their own modules, where the
// importer goes through it: core.util.hide(a), with import * as core, becomes
// core_util.hide(a). The import itself stays, and comes first.
func (s *importing) below() (c Change, ok bool) {
	if s.statement.Types || s.statement.Attributes || js.Builtin(s.statement.Specifier) || len(s.statement.Items) != 1 || s.statement.Items[0].Imported != "*" {
		return c, false
	}
	local := s.statement.Items[0].Local
	if !throughTwo(s.module.Source, local) {
		return c, false
	}
	file := s.view.Resolve(s.module.File, s.statement.Specifier)
	if packageDir(file) == "" {
		return c, false
	}
	c.Requests = map[string]string{}
	parts := s.held(local, file, &c)
	if len(parts) == 0 || leadsTo(s.view, file, s.module.File) {
		return c, false
	}
	end := s.statement.End
	if s.module.Source[end-1] == ';' {
		end--
	}
	c.Edits = append(c.Edits, js.Edit{Start: end, End: end, Text: "; " + strings.Join(parts, "; ")})
	c.Past = s.past
	return c, true
}

// throughTwo reports whether a module seems to have the name of a namespace's member's
// member.
func throughTwo(source []byte, local string) bool {
	isName := func(c byte) bool { return c == '$' || isWordByte(c) }
	name := []byte(local + ".")
	for at := 0; ; {
		i := bytes.Index(source[at:], name)
		if i < 0 {
			return false
		}
		start := at + i
		at = start + len(name)
		end := at
		for end < len(source) && isName(source[end]) {
			end++
		}
		if end > at && end < len(source) && source[end] == '.' && (start == 0 || source[start-1] != '.' && !isName(source[start-1])) {
			return true
		}
	}
}

// held are imports of the namespaces that the namespace of a file holds, which the module
// knows by a local name. It adds the edits that use them.
func (s *importing) held(local, file string, c *Change) (parts []string) {
	if !throughTwo(s.module.Source, local) || !s.handsOnNamespaces(file) || !hasValue(s.module.Text(), local) {
		return nil
	}
	members := map[string][]*js.Node{}
	for _, ref := range s.module.Text().Scope.Own(local).Refs {
		if p := ref.Parent; p != nil && p.Kind == js.Member && p.X == ref && p.Flags&(js.Odd|js.Optional|js.Parenthesised) == 0 && ref.Flags == 0 {
			members[p.Name] = append(members[p.Name], p)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		t, found := s.find(file, name)
		if !found || t.name != "*" || packageDir(t.file) == "" || !s.goesThrough(members[name], t.file) {
			continue
		}
		places, exact := s.places(members[name])
		to, ok := s.specifier(t.file)
		if !ok || !exact {
			continue
		}
		alias := local + "_" + name
		for bytes.Contains(s.module.Source, []byte(alias)) {
			alias += "_"
		}
		parts = append(parts, "import * as "+alias+" from "+strconv.Quote(to))
		c.Requests[to] = s.statement.Specifier
		for _, at := range places {
			c.Edits = append(c.Edits, js.Edit{Start: at.Start, End: at.End, Text: alias})
		}
	}
	return parts
}

// places are where nodes are in the module's own text. exact is false where that is not
// known of each.
func (s *importing) places(nodes []*js.Node) (places []js.Place, exact bool) {
	for _, n := range nodes {
		at := js.Place{Start: int(n.Start), End: int(n.End)}
		if s.module.Text().Locate(&at); at.End <= at.Start {
			return nil, false
		}
		places = append(places, at)
	}
	return places, true
}

// goesThrough reports whether members are only used by names that a file exports, and none
// of these is written to.
func (s *importing) goesThrough(members []*js.Node, file string) bool {
	return !slices.ContainsFunc(members, func(m *js.Node) bool {
		p := m.Parent
		return p == nil || p.Kind != js.Member || p.X != m || p.Flags&js.Odd != 0 || written(p) || !s.exports(file, p.Name)
	})
}

// handsOnNamespaces reports whether a module of the same package seems to name a whole
// module. Most of those that a package imports from itself do not, and are not read here.
func (s *importing) handsOnNamespaces(file string) bool {
	m := s.view.Module(file)
	return m != nil && bytes.Contains(m.Source, []byte("* as "))
}

// where is what an item may be imported from instead.
func (s *importing) where(it js.ImportItem, barrel string) (t target, found bool) {
	if it.Imported == "*" {
		return t, false
	}
	t, found = s.find(barrel, it.Imported)
	if !found || packageDir(t.file) == "" || t.name != "*" && (t.file == barrel || t.value || !s.plain) || t.name == "*" && !s.namespaces {
		return t, false
	}
	if t.name == "*" && !s.onlyMembers(s.module.Text(), it.Local, t.file) {
		return t, false
	}
	return t, true
}

// rewritten reports whether the module is not plain JavaScript: an import that only
// types use is none.
func (s *importing) rewritten() bool {
	return path.Ext(s.module.File) != ".js" && path.Ext(s.module.File) != ".mjs"
}

func hasValue(text *js.Text, local string) bool {
	if text == nil {
		return false
	}
	b := text.Scope.Own(local)
	return b != nil && b.Imported != ""
}

// onlyMembers reports whether a module uses a namespace only by names that the
// namespace's file exports, and writes to none of them.
func (s *importing) onlyMembers(text *js.Text, local, file string) bool {
	if !hasValue(text, local) {
		return false
	}
	b := text.Scope.Own(local)
	if len(b.Writes) > 0 || b.Exported {
		return false
	}
	used := false
	for _, ref := range b.Refs {
		p := ref.Parent
		if p == nil || p.Kind == js.Clause {
			continue
		}
		if p.Kind != js.Member || p.X != ref || p.Flags&js.Odd != 0 || written(p) || !s.exports(file, p.Name) {
			return false
		}
		used = true
	}
	return used
}

// written reports whether a member is assigned to, deleted, or a target in a pattern.
func written(n *js.Node) bool {
	p := n.Parent
	switch {
	case p == nil:
		return true
	case p.Kind == js.Update, p.Kind == js.Assign && p.X == n, p.Kind == js.ForIn && p.X == n:
		return true
	case p.Kind == js.Unary && p.Name == "delete":
		return true
	}
	return n.IsTarget()
}

// write makes the change. rest is still imported as before, and the module itself
// without names where bare is set.
func (s *importing) write(rest []js.ImportItem, all []moved, bare bool) (c Change, ok bool) {
	var parts []string
	specifier := strconv.Quote(s.statement.Specifier)
	switch {
	case bare && s.rewritten(): // TypeScript drops {}
		parts = append(parts, "import "+specifier)
	case bare:
		parts = append(parts, "import {} from "+specifier)
	}
	if len(rest) > 0 {
		parts = append(parts, "import "+clause(rest)+" from "+specifier)
	}
	c.Requests = map[string]string{}
	for _, mv := range all {
		to, ok := s.specifier(mv.to.file)
		if !ok {
			return c, false
		}
		c.Requests[to] = s.statement.Specifier
		item := "* as " + mv.item.Local
		if mv.to.name != "*" {
			item = "{ " + moduleName(mv.to.name) + " as " + mv.item.Local + " }"
		}
		parts = append(parts, "import "+item+" from "+strconv.Quote(to))
		if mv.to.name == "*" {
			parts = append(parts, s.held(mv.item.Local, mv.to.file, &c)...)
		}
	}
	text := strings.Join(parts, "; ")
	lines := bytes.Count(s.module.Source[s.statement.Start:s.statement.End], []byte("\n"))
	text += strings.Repeat("\n", lines-strings.Count(text, "\n"))
	c.Edits = append(c.Edits, js.Edit{Start: s.statement.Start, End: s.statement.End, Text: text})
	c.Past = s.past
	return c, true
}

// clause writes items as they are in the text.
func clause(items []js.ImportItem) string {
	var outside, inside []string
	for _, it := range items {
		if it.Braces {
			inside = append(inside, it.Text)
		} else {
			outside = append(outside, it.Text)
		}
	}
	if len(inside) > 0 {
		outside = append(outside, "{ "+strings.Join(inside, ", ")+" }")
	}
	return strings.Join(outside, ", ")
}

// specifier is the relative specifier of a file.
func (s *importing) specifier(file string) (text string, ok bool) {
	from := strings.Split(path.Dir(s.module.File), "/")
	to := strings.Split(file, "/")
	if from[0] == "." {
		from = nil
	}
	for len(from) > 0 && len(to) > 1 && from[0] == to[0] {
		from, to = from[1:], to[1:]
	}
	text = strings.Repeat("../", len(from)) + strings.Join(to, "/")
	if len(from) == 0 {
		text = "./" + text
	}
	if strings.ContainsAny(text, "?#%\\\"'\n") {
		return "", false
	}
	return text, s.view.Resolve(s.module.File, text) == file
}

// moduleName writes the name of an export.
func moduleName(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return strconv.Quote(name)
}

var plainName = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)

// packageDir is the folder of the installed package that holds a file, "" for none.
func packageDir(file string) string {
	i := strings.LastIndex("/"+file, "/node_modules/")
	if i < 0 {
		return ""
	}
	i += len("node_modules/")
	name := js.PackageName(file[i:])
	if name == "" {
		return ""
	}
	return file[:i+len(name)]
}
