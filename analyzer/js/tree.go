package js

// Kind is what a node of the syntax tree is. The comment says what its fields
// hold; List holds what there may be any number of.
type Kind uint8

const (
	Empty Kind = iota // also break and continue, with that name

	// Expressions.
	Name       // Name
	String     // Name: the value
	Number     // Name: the text
	Regex      // Name: the text
	Literal    // Name: true, false, null, this, super, new.target
	ImportMeta // import.meta
	Template   // List: the expressions; Texts: what stands around them
	Tagged     // X: tag, Y: Template
	Array      // List, with Empty for holes
	Object     // List of Property and Spread
	Property   // Name or X: computed name; Y: value, or the method
	Spread     // X
	Function   // Name; List: parameters; X: Block; Scope
	Arrow      // List: parameters; X: Block or an expression; Scope
	Class      // Name; X: what it extends; List of Property, Block (static) and decorators
	Member     // X, Name
	Index      // X, Y
	Call       // X; List: arguments
	New        // X; List: arguments
	ImportCall // List: arguments
	Unary      // Op or Name (typeof, void, delete, await, yield); X
	Update     // X
	Binary     // Op; X, Y
	Assign     // Op; X, Y; also a default in a pattern
	Cond       // X ? Y : Z
	Sequence   // List

	// Statements.
	Block    // List
	Var      // Name: var, let, const, using, await using; List of Declare
	Declare  // X: Name or pattern; Y: initial value
	Expr     // X
	If       // X, Y, Z
	For      // List: initialisation, condition, step; X: body
	ForIn    // X: Var or target; Y: what is gone through; Z: body; Name: in or of
	While    // X: condition, Y: body; also do
	Return   // X; also throw, with Name
	Try      // X: block; List: parameter; Y: handler; Z: finalizer
	Switch   // X; List of Case
	Case     // X: test or nil; List
	Import   // Name, Z: specifier; List of Clause
	Clause   // Name: imported ("*" for all); X: local Name
	Export   // Name, Z: specifier or none; List of Clause (exported, X: local Name or nil); Y: declaration or default
	Labelled // X
)

// Flags of a node.
const (
	Shorthand     = 1 << iota // Property: {a}
	Method                    // Property: get, set or a method
	Static                    // Property of a class
	Parenthesised             // an expression in parentheses
	Optional                  // ?. of a member, an index or a call
	Escaped                   // String: its text in the source is not its value
	Default                   // Export: export default
	All                       // Export: export *
	Odd                       // Name, Member, String, Template: letters hide behind escapes
)

// Tree is a source as a tree, with what it declares at its top. Its node
// ids lie below nodes, so that whoever looks at it can keep what it knows of
// each in a slice.
type Tree struct {
	Source string
	Top    *Node
	Scope  *Scope
	Module bool // it has import, export or import.meta
	Nodes  int
}

// Node is a piece of the tree. One struct serves for every kind: the tree is
// then walked and bound without knowing what each kind holds.
type Node struct {
	Kind       Kind
	Op         Op
	Flags      uint16
	Start, End int32
	ID         int32 // from 0 up, in no order, below the tree's Nodes
	Name       string
	X, Y, Z    *Node
	List       []*Node
	Texts      []string
	Parent     *Node
	// Scope is where a Name is looked up, and what a function or block opens.
	Scope *Scope
}

// Each calls f for every child, in the order of the fields.
func (n *Node) Each(f func(*Node)) {
	if n.X != nil {
		f(n.X)
	}
	if n.Y != nil {
		f(n.Y)
	}
	if n.Z != nil {
		f(n.Z)
	}
	for _, c := range n.List {
		f(c)
	}
}

// Scope is a function or a block, with the names it declares.
type Scope struct {
	Parent   *Scope
	function *Scope // the function or module it is in
	bindings []*Binding
	index    map[string]*Binding // once there are many
}

// Binding is a declared name and everything that is ever put into it.
type Binding struct {
	Name string
	// Writes are the values given to it; a nil node is one that cannot be known.
	Writes []Write
	Refs   []*Node
	// Function is set where the binding is a declared function or class.
	Function *Node
	// Imported is the module an import statement takes it from, and member which export.
	Imported, Member string
	Param            *Node // the function it is a parameter of
	ParamIndex       int
	ParamRest        bool
	Exported         bool
}

// Write is one value given to a binding: that of from, or the member of it
// that keys leads to when it was taken apart by a pattern.
type Write struct {
	From *Node
	Keys []string
	Each bool // an element of from: for (x of from)
}

func (s *Scope) Own(name string) *Binding {
	if s.index != nil {
		return s.index[name]
	}
	for _, b := range s.bindings {
		if b.Name == name {
			return b
		}
	}
	return nil
}

func (s *Scope) declare(name string) *Binding {
	if b := s.Own(name); b != nil {
		return b
	}
	b := &Binding{Name: name}
	s.bindings = append(s.bindings, b)
	if s.index != nil {
		s.index[name] = b
	} else if len(s.bindings) > 12 {
		s.index = make(map[string]*Binding, 32)
		for _, b := range s.bindings {
			s.index[b.Name] = b
		}
	}
	return b
}

// Find looks a name up from the inside out; nil is a global.
func (s *Scope) Find(name string) *Binding {
	for ; s != nil; s = s.Parent {
		if b := s.Own(name); b != nil {
			return b
		}
	}
	return nil
}
