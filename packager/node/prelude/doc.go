// Package prelude puts a line in front of a function's linked code, which declares what
// the code mentions and its format does not have, and the names that our edits use.
//
//	names.go   names that edits use in modules, which no program can declare
//	prelude.go the line, and where it goes
//	parse.go   the linked code is parsed first, to know what it declares and that it loads
package prelude
