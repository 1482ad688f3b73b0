// Package reporters says what a build did.
//
//  1. [New] makes a [Report] of the artifacts of a run.
//  2. [Compare] sets it against a baseline's, and [Judge] against budgets.
//  3. [Formats] writes a report: every format is a function of (writer, report).
//
// [Read] takes a saved report back, [Why] asks it why a function holds a
// package, and [Ratchet] lowers budgets to what it measured.
//
// A Report as JSON is public and versioned ([Schema]): it holds the import
// graph with shared nodes stored once, so that it is all that a later
// comparison, a treemap or "why" needs. The same inputs give the same JSON.
package reporters
