package node

// kind is what a node of the syntax tree is. The comment says what its fields
// hold; list holds what there may be any number of.
type kind uint8

const (
	kEmpty kind = iota // also break and continue, with that name

	// Expressions.
	kName       // name
	kString     // name: the value
	kNumber     // name: the text
	kRegex      // name: the text
	kLiteral    // name: true, false, null, this, super, new.target
	kImportMeta // import.meta
	kTemplate   // list: the expressions; texts: what stands around them
	kTagged     // x: tag, y: kTemplate
	kArray      // list, with kEmpty for holes
	kObject     // list of kProperty and kSpread
	kProperty   // name or x: computed name; y: value, or the method
	kSpread     // x
	kFunction   // name; list: parameters; x: kBlock; scope
	kArrow      // list: parameters; x: kBlock or an expression; scope
	kClass      // name; x: what it extends; list of kProperty, kBlock (static) and decorators
	kMember     // x, name
	kIndex      // x, y
	kCall       // x; list: arguments
	kNew        // x; list: arguments
	kImportCall // list: arguments
	kUnary      // op or name (typeof, void, delete, await, yield); x
	kUpdate     // x
	kBinary     // op; x, y
	kAssign     // op; x, y; also a default in a pattern
	kCond       // x ? y : z
	kSequence   // list

	// Statements.
	kBlock    // list
	kVar      // name: var, let, const, using; list of kDeclare
	kDeclare  // x: name or pattern; y: initial value
	kExpr     // x
	kIf       // x, y, z
	kFor      // list: initialisation, condition, step; x: body
	kForIn    // x: kVar or target; y: what is gone through; z: body; name: in or of
	kWhile    // x: condition, y: body; also do
	kReturn   // x; also throw, with name
	kTry      // x: block; list: parameter; y: handler; z: finalizer
	kSwitch   // x; list of kCase
	kCase     // x: test or nil; list
	kImport   // name, z: specifier; list of kBind
	kBind     // name: imported ("*" for all); x: local kName
	kExport   // name, z: specifier or none; list of kBind (name: exported, x: local kName or nil); y: declaration or default value
	kLabelled // x
)

// flags of a node.
const (
	fShorthand = 1 << iota // kProperty: {a}
	fMethod                // kProperty: get, set or a method
	fStatic                // kProperty of a class
	fParen                 // an expression in parentheses
	fOptional              // ?. of a member, an index or a call
	fEscaped               // kString: its text in the source is not its value
	fDefault               // kExport: export default
	fAll                   // kExport: export *
	fOdd                   // kString, kTemplate: letters hide behind escapes
)

// node is a piece of the tree. One struct serves for every kind: the tree is
// then walked and bound without knowing what each kind holds.
type node struct {
	kind       kind
	op         tok
	flags      uint16
	start, end int32
	name       string
	x, y, z    *node
	list       []*node
	texts      []string
	parent     *node
	// scope is where a kName is looked up, and what a function or block opens.
	scope *scope
	// interest is set before evaluation, known by it: the value found, nil
	// before anybody asked.
	interest interest
	known    *result
}

// each calls f for every child, in the order of the fields.
func (n *node) each(f func(*node)) {
	if n.x != nil {
		f(n.x)
	}
	if n.y != nil {
		f(n.y)
	}
	if n.z != nil {
		f(n.z)
	}
	for _, c := range n.list {
		f(c)
	}
}

// scope is a function or a block, with the names it declares.
type scope struct {
	parent   *scope
	function *scope // the function or module it is in
	bindings []*binding
	index    map[string]*binding // once there are many
}

// binding is a declared name and everything that is ever put into it.
type binding struct {
	name string
	// writes are the values given to it; a nil node is one that cannot be known.
	writes []write
	refs   []*node
	// function is set where the binding is a declared function or class.
	function *node
	// imported is the module an import statement takes it from, and member which export.
	imported, member string
	param            *node // the function it is a parameter of
	paramIndex       int
	paramRest        bool
	exported         bool
	interest         interest
	queued           bool
	frame
}

// frame is the evaluation of what may refer to itself: a binding, a function.
type frame struct {
	busy bool
	// at is how deep it lies among those being evaluated, so what was found up to now.
	at    int
	so    value
	known *result
}

// result is a value found. With a generation it holds only for that one, and
// was computed from what the frame at lowest was up to then.
type result struct {
	value
	generation, lowest int
}

// write is one value given to a binding: that of from, or the member of it
// that keys leads to when it was taken apart by a pattern.
type write struct {
	from *node
	keys []string
	each bool // an element of from: for (x of from)
}

func (s *scope) own(name string) *binding {
	if s.index != nil {
		return s.index[name]
	}
	for _, b := range s.bindings {
		if b.name == name {
			return b
		}
	}
	return nil
}

func (s *scope) declare(name string) *binding {
	if b := s.own(name); b != nil {
		return b
	}
	b := &binding{name: name}
	s.bindings = append(s.bindings, b)
	if s.index != nil {
		s.index[name] = b
	} else if len(s.bindings) > 12 {
		s.index = make(map[string]*binding, 32)
		for _, b := range s.bindings {
			s.index[b.name] = b
		}
	}
	return b
}

// find looks a name up from the inside out; nil is a global.
func (s *scope) find(name string) *binding {
	for ; s != nil; s = s.parent {
		if b := s.own(name); b != nil {
			return b
		}
	}
	return nil
}
