package js

// Op is the kind of a token. Keywords are names, which the parser distinguishes.
type Op uint8

const (
	tEOF Op = iota
	tName
	tPrivate // #name
	tNumber
	tString
	tTemplate // the opening backtick
	tRegex

	tLBrace
	tRBrace
	tLParen
	tRParen
	tLBracket
	tRBracket
	tDot
	tEllipsis
	tSemicolon
	tComma
	tColon
	tQuestion
	tChain // ?.
	tArrow
	tAt
	OpNot
	OpTilde
	OpIncrement
	OpDecrement

	OpAssign      // =
	OpAddAssign   // +=
	OpLogicAssign // ||= &&= ??=
	OpOtherAssign // every other compound assignment

	// Binary operators, all after OpOtherAssign.
	OpNullish
	OpOr
	OpAnd
	OpBitOr
	OpBitXor
	OpBitAnd
	OpEqual    // == and ===
	OpNotEqual // != and !==
	OpLess
	OpGreater
	OpCompare // <= and >=
	OpShift
	OpPlus
	OpMinus
	OpStar
	OpSlash
	OpPercent
	OpPower
	OpInstanceof
	OpIn
)

// precedence of the binary operators; 0 means not a binary operator. The order is
// that of the operator table in ECMA-262, section 13.
var precedence = [...]int{
	OpNullish: 1, OpOr: 2, OpAnd: 3, OpBitOr: 4, OpBitXor: 5, OpBitAnd: 6,
	OpEqual: 7, OpNotEqual: 7, OpLess: 8, OpGreater: 8, OpCompare: 8, OpInstanceof: 8, OpIn: 8,
	OpShift: 9, OpPlus: 10, OpMinus: 10, OpStar: 11, OpSlash: 11, OpPercent: 11, OpPower: 12,
}
