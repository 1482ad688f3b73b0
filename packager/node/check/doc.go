// Package check says what is refused of a settled function, and what it gets a warning
// or note for.
//
//	check.go    one list of all checks, and Run
//	function.go what the checks see of a function
//	imports.go  what the bundle imports
//	exports.go  what the handler names
//	callback.go how many parameters it takes
//	files.go    what lies beside the bundle, and what the bundle reads there
//	secrets.go  what may not be in a zip
package check
