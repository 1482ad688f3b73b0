// Package lint reads advice from the sources of functions: what makes one slow to
// start or to answer, or larger than it need be.
//
//  1. [AdviseModule] parses a Node module and gives it to every [Rule].
//  2. [AdviseProgram] lists and links a Go program, parses the project's own
//     packages of it, and gives them to every rule.
//  3. A rule adds [Advice], with its place in the file.
//
// A rule has a file of its own, named after its code with node_ or go_ in front,
// and stands in the list in lint.go. Rules judge by syntax and names. They say
// nothing where they are in doubt. What an advice saves is measured elsewhere, not
// guessed here.
package lint
