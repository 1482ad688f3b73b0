// Package trial builds one function in a changed copy and measures it. Nothing of
// the project is touched, and what a trial builds is weighed and thrown away.
//
//  1. [About] finds a function; a [Question] about it can build it, and several
//     questions can share one build ([Shared]).
//  2. [Question.Omit] builds a Node function without a package.
//  3. [Question.GoOptions] say how a Go function was built, so that it can be
//     analysed in the same way.
//  4. A [Program] links a Go function with changed sources: with a stand-in for a
//     dependency, or without reflective lookups.
package trial
