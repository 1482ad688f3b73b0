// Package value says what the expressions of a Node module may evaluate to, as
// far as its files, paths and modules depend on it.
//
//  1. [New] marks the expressions that may hang on where the module lies, or on
//     functions of Node ([Interest]). Most code computes with neither, and is
//     never evaluated.
//  2. [Evaluator.Eval] evaluates an expression to a [Value]: strings,
//     alternatives of strings, strings with gaps, a function of Node, a literal of
//     the module. It follows names, parameters and results through the module.
//  3. [Evaluator.CallsOf] says who calls a function, and whether that is all.
//  4. [Evaluator.Resolve] finds the file that a specifier leads to.
//
// Paths below the project's root and the working folder start with a mark, a
// [Gap] stands for what is not known.
package value
