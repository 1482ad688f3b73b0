package typescript

import (
	"strings"
	"sync"
)

// Resolver finds the files of modules. Paths are slash-separated.
type Resolver interface {
	// Types is the file that declares a module's types: a source, or a declaration
	// file. It is "" where there is none. from is the importing file.
	Types(specifier, from string) string
	// Read reads a file that Types has named.
	Read(file string) ([]byte, error)
}

// Program remembers the files that names lead to. It may be used by many goroutines.
type Program struct {
	resolver Resolver
	mu       sync.Mutex
	files    map[string]*file
}

// NewProgram makes a program of no files.
func NewProgram(r Resolver) *Program { return &Program{resolver: r, files: map[string]*file{}} }

// file is a source or a declaration file.
type file struct {
	path string
	*source
	scope  *scope
	blocks map[int]*scope // by the token of their bracket
}

func newFile(path string, text []byte) *file {
	f := &file{path: path, source: scan(string(text)), blocks: map[int]*scope{}}
	f.scope = f.declarations(0, len(f.tokens)-1, false)
	return f
}

// file is the file of that path, nil where it cannot be read.
func (p *Program) file(path string) *file {
	if path == "" {
		return nil
	}
	if f, known := p.files[path]; known {
		return f
	}
	var f *file
	if text, err := p.resolver.Read(path); err == nil {
		f = newFile(path, text)
	}
	p.files[path] = f
	return f
}

// block is what the block at a bracket declares.
func (f *file) block(open int, exportAll bool) *scope {
	s := f.blocks[open]
	if s == nil {
		s = f.declarations(open+1, f.token(open).match, exportAll)
		f.blocks[open] = s
	}
	return s
}

// env is where a name is looked up: the innermost scope first.
type env struct {
	file   *file
	scopes []*scope
	// bound are the type parameters in scope, by name, with what they stand for: an
	// argument, or what they extend. nil means neither.
	bound map[string]*argument
}

// argument is a type with the place where its names are looked up.
type argument struct {
	t  *typeNode
	in env
}

// entity is what a name means.
type entity struct {
	d *declaration // nil for a type parameter, a global, or a module
	// parameter is what a type parameter stands for.
	parameter   *argument
	isParameter bool
	// exportsOf are the scopes of a namespace or module, with their places.
	module   *file
	in       env
	typeOnly bool
	global   string // a name that no file declares
	// enumMember is a member of the enum d.
	enumMember bool
}

// lookup finds what a name means. The steps bound how many files are followed.
func (p *Program) lookup(e env, name string, steps int) entity {
	first, rest, dotted := strings.Cut(name, ".")
	found := p.lookupFirst(e, first, steps)
	for dotted && found.global == "" {
		first, rest, dotted = strings.Cut(rest, ".")
		found = p.member(found, first, steps)
	}
	if found.global != "" {
		found.global = name
	}
	return found
}

func (p *Program) lookupFirst(e env, name string, steps int) entity {
	if bound, is := e.bound[name]; is {
		return entity{isParameter: true, parameter: bound, in: e}
	}
	for i, s := range e.scopes {
		if d := s.names[name]; d != nil {
			return p.follow(d, env{file: e.file, scopes: e.scopes[i:]}, steps)
		}
	}
	return entity{global: name}
}

// maxSteps bounds how many imports and exports are followed for one name.
const maxSteps = 100

// follow follows a declaration that is an import.
func (p *Program) follow(d *declaration, in env, steps int) entity {
	if d.imported == nil || d.class || d.enum || d.iface != nil || d.alias != nil {
		return entity{d: d, in: in}
	}
	im := d.imported
	if steps++; steps > maxSteps {
		return entity{global: im.name}
	}
	var found entity
	switch {
	case im.entity != "":
		found = p.lookup(in, im.entity, steps)
	default:
		found = p.exported(p.module(im.specifier, in.file), im.specifier, im.name, steps)
	}
	found.typeOnly = found.typeOnly || im.typeOnly
	return found
}

func (p *Program) module(specifier string, from *file) *file {
	return p.file(p.resolver.Types(specifier, from.path))
}

// exported is what a module exports under a name: "*" and "=" stand for all of it.
func (p *Program) exported(f *file, specifier, name string, steps int) entity {
	if steps++; f == nil || steps > maxSteps {
		return entity{global: name}
	}
	s := f.scope
	if open, ambient := s.ambient[specifier]; ambient {
		s = f.block(open, true)
	}
	in := env{file: f, scopes: []*scope{s}}
	if s != f.scope {
		in.scopes = append(in.scopes, f.scope)
	}
	if s.equals != "" {
		whole := p.lookup(in, s.equals, steps)
		if name == "*" || name == "=" || name == "default" {
			return whole
		}
		return p.member(whole, name, steps)
	}
	if name == "*" || name == "=" {
		return entity{module: f, in: in}
	}
	if x, is := s.exports[name]; is {
		var found entity
		switch {
		case x.specifier != "" && x.local == "*":
			found = p.exported(p.module(x.specifier, f), x.specifier, "*", steps)
		case x.specifier != "":
			found = p.exported(p.module(x.specifier, f), x.specifier, x.local, steps)
		default:
			found = p.lookup(in, x.local, steps)
		}
		found.typeOnly = found.typeOnly || x.typeOnly
		return found
	}
	for _, star := range s.stars {
		if found := p.exported(p.module(star, f), star, name, steps); found.global == "" && name != "default" {
			return found
		}
	}
	return entity{global: name}
}

// member is a member of a namespace, module or enum.
func (p *Program) member(of entity, name string, steps int) entity {
	if of.module != nil {
		specifier := ""
		found := p.exported(of.module, specifier, name, steps)
		found.typeOnly = found.typeOnly || of.typeOnly
		return found
	}
	if of.d == nil {
		return entity{global: name}
	}
	if of.d.enum {
		return entity{d: of.d, in: of.in, enumMember: true, typeOnly: of.typeOnly}
	}
	for _, open := range of.d.bodies {
		s := of.in.file.block(open, true)
		in := env{file: of.in.file, scopes: append([]*scope{s}, of.in.scopes...)}
		if x, is := s.exports[name]; is {
			var found entity
			if x.specifier != "" {
				found = p.exported(p.module(x.specifier, in.file), x.specifier, x.local, steps)
			} else {
				found = p.lookup(in, x.local, steps)
			}
			found.typeOnly = found.typeOnly || of.typeOnly
			return found
		}
	}
	return entity{global: name}
}
