// Package lint reads advice from a function's own sources: what makes it slow
// to start or to answer, or larger than it need be.
//
//  1. [Advise] parses a Node module and gives it to every [Rule].
//  2. A rule looks at the tree and adds [Advice], with its place in the file.
//
// A rule has a file of its own, named after its code, and stands in the list in
// lint.go. Rules judge by syntax and names. They say nothing where they are in
// doubt.
package lint
