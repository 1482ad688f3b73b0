// Package reporters holds the report of a run: what was built, and what changed.
//
//  1. [New] makes a [Report] of the artifacts of a run.
//  2. [Compare] adds what changed since a baseline; [NoBaseline] says why
//     nothing can be compared.
//  3. [JSON] writes a report and [Read] takes a saved one back.
//  4. [Why] says which imports make a function hold a package.
//
// Package budget judges a report, package coldstart adds what a change does to
// cold starts, and package render writes it in every other format.
//
// A Report as JSON is public and versioned ([Schema]). It holds the import graph
// with shared nodes stored once, so a later comparison, a treemap or "why" needs
// nothing else. The same inputs give the same JSON.
package reporters
