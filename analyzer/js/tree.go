package js

// Kind is the kind of a node. The comments list the fields that each kind uses.
// List holds any number of nodes.
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
	Template   // List: the expressions; Texts: the text around them
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
	ForIn    // X: Var or target; Y: the value iterated over; Z: body; Name: in or of
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
	Escaped                   // String: its source text differs from its value
	Default                   // Export: export default
	All                       // Export: export *
	Odd                       // Name, Member, String, Template: letters are written as escapes
)

// Tree is a parsed source with its top-level scope. The IDs of its nodes are below
// Nodes, so a caller can keep data about each node in a slice. So are those of its
// scopes and bindings below Scopes and Bindings.
type Tree struct {
	Source   string
	Top      *Node
	Scope    *Scope
	Module   bool // it has import, export or import.meta
	Nodes    int
	Scopes   int
	Bindings int
}

// Node is a node of the tree. All kinds use one struct, so that the tree can be
// walked and bound without code for each kind.
type Node struct {
	Kind       Kind
	Op         Op
	Flags      uint16
	Start, End int32
	ID         int32 // from 0 to the tree's Nodes-1, in no order
	Name       string
	X, Y, Z    *Node
	List       []*Node
	Texts      []string
	Parent     *Node
	// Scope is the scope in which a Name is looked up, or the scope that a function
	// or block opens.
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

// Scope is the scope of a function or a block, with the names declared in it.
type Scope struct {
	Parent   *Scope
	ID       int32  // from 0 to the tree's Scopes-1, in no order
	function *Scope // the function or module it is in
	tree     *counts
	bindings []*Binding
	index    map[string]*Binding // set once there are many bindings
	spare    map[string]*Binding // an empty one, of an earlier tree; it may be nil
}

// counts are the scopes and bindings of a tree so far.
type counts struct {
	scopes, bindings int32
	memory           *Nodes // nil where they are allocated one by one
}

func newScope(parent *Scope, tree *counts) *Scope {
	s := tree.memory.scope()
	s.Parent, s.ID, s.tree = parent, tree.scopes, tree
	tree.scopes++
	return s
}

// Function is the scope of the function or module that a scope is in: its var
// declarations are there.
func (s *Scope) Function() *Scope { return s.function }

// Bindings are the names declared in a scope, in order.
func (s *Scope) Bindings() []*Binding { return s.bindings }

// Binding is a declared name with every value that is assigned to it.
type Binding struct {
	Name string
	ID   int32 // from 0 to the tree's Bindings-1
	// Writes are the values assigned to it. A nil node is an unknown value.
	Writes []Write
	Refs   []*Node
	// Function is set if the binding is a declared function or class.
	Function *Node
	// Imported is the module that an import statement takes it from. Member is the
	// name of the export.
	Imported, Member string
	Param            *Node // the function it is a parameter of
	ParamIndex       int
	ParamRest        bool
	Exported         bool
}

// Write is one value assigned to a binding: the value of From, or the member of it
// that Keys lead to if a pattern takes it apart.
type Write struct {
	From *Node
	Keys []string
	Each bool // an element of From: for (x of From)
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
	b := s.tree.memory.binding()
	b.Name, b.ID = name, s.tree.bindings
	s.tree.bindings++
	s.bindings = append(s.bindings, b)
	if s.index != nil {
		s.index[name] = b
	} else if len(s.bindings) > 12 {
		if s.index, s.spare = s.spare, nil; s.index == nil {
			s.index = make(map[string]*Binding, 32)
		}
		for _, b := range s.bindings {
			s.index[b.Name] = b
		}
	}
	return b
}

// Find looks up a name from the innermost scope outwards. nil means a global.
func (s *Scope) Find(name string) *Binding {
	for ; s != nil; s = s.Parent {
		if b := s.Own(name); b != nil {
			return b
		}
	}
	return nil
}
