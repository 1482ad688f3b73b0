// Package lint reads the source code and the settings of functions and gives advice: what
// makes a function slow to start, slow to respond, or larger than necessary.
//
//  1. [AdviseFunction] parses a Node function's own modules and runs every [Rule] on
//     them and on the graph of its bundle. Rules about what every invocation does follow
//     the handler's calls (node_handler.go, node_invoked.go), those about what a start
//     does the calls of functions at load (node_started.go).
//  2. [AdviseProgram] lists and links a Go program, parses the program's packages
//     that belong to the project, and runs every rule on them.
//  3. [AdviseSettings] runs the rules about what the manifest sets.
//  4. A rule adds [Advice] with a position in a file, and where that is enough the
//     [Edit]s that follow it (edit.go). [Comments] finds the comments that silence it.
//
// Each rule has its own file, named after its code with the prefix node_, go_ or
// settings_, and an entry in the list in rules.go, with the text that explains it. Rules
// decide by syntax and names. When in doubt, they report nothing. Package advise measures
// how much following the advice saves; this package does not guess it.
package lint
