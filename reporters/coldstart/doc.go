// Package coldstart estimates how a change in a function's size and code changes
// its cold start, and how certain that estimate is.
//
//  1. [ForReport] makes an [Input] for each function that has a version to compare with.
//  2. [Project] estimates the saving: download + extract + load, each as a central
//     value with a range. It refuses, with a reason, where the model does not apply.
//     node.go has the load of Node modules: a sum over what each side loads, such as code
//     in a bundle or in files, modules of Node's own (builtins.go), and native addons.
//  3. [Coefficients] are the model's constants, with dates and sources, from
//     coefficients.json. [ReadCoefficients] lets a user's file override them.
//  4. [Fit] derives such constants from a user's own logs, which package logs reads.
//  5. [Money] prices the load part, the only part that is billed.
//  6. [Fill] adds all of this to a report, [Refill] to a saved one.
//
// A range is a judgement from little evidence. It is not a confidence interval.
package coldstart
