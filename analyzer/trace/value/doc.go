// Package value evaluates the expressions of a Node module, as far as its files,
// paths and modules depend on them.
//
//  1. [New] marks the expressions that may depend on the module's path or on
//     functions of Node ([Interest]). Most code uses neither and is never evaluated.
//  2. [Evaluator.Eval] evaluates an expression to a [Value]: strings, alternatives of
//     strings, strings with gaps, a function of Node, or a literal of the module. It
//     follows names, parameters and results through the module.
//  3. [Evaluator.CallsOf] lists the calls of a function, and reports whether these
//     are all.
//  4. [Evaluator.Resolve] finds the file of a specifier.
//
// Paths below the project's root and the working directory start with a mark. A
// [Gap] is an unknown part of a string.
package value
