// Package coldstart says what a change of a function's bytes and code is worth
// when a fresh execution environment starts, and how sure that is.
//
//  1. [ForReport] makes an [Input] of each pair of functions that can be compared.
//  2. [Project] gives the saving: download + extract + load, each with a central
//     value and a range. What has no honest answer is refused with a reason.
//  3. [Coefficients] are the model's constants, dated and with their sources,
//     in coefficients.json. [ReadCoefficients] lays a user's own over them.
//  4. [ReadLogs] and [Fit] make such constants of a user's own logs.
//  5. [Money] prices the load part, which alone is billed.
//  6. [Fill] puts all of it into a report, [Refill] into a saved one.
//
// A range is a judgement about thin evidence and not a confidence interval.
package coldstart
