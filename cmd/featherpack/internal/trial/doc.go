// Package trial builds a changed copy of one function and measures it. It does not
// change the project. The results of a trial are measured and removed.
//
//  1. [About] finds a function and returns a [Question], which can build it.
//     Several questions can share one build ([Shared]).
//  2. [Question.Omit] builds a Node function without a package, [Question.BuildChanged] one
//     with changed modules. [Question.MeasureLoad] starts both in turn.
//  3. [Question.GoOptions] returns how a Go function was built, to analyse it in the
//     same way.
//  4. A [Program] links a Go function with changed sources: with a stand-in for a
//     dependency, or without reflective lookups.
package trial
