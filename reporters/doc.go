// Package reporters defines the report of a run: what was built and what changed.
//
//  1. [New] makes a [Report] from the artifacts of a run.
//  2. [Compare] adds the changes since a baseline. [NoBaseline] records why there is nothing to
//     compare with.
//  3. [JSON] writes a report and [Read] reads a saved one. [Merge] joins the reports of
//     shards.
//  4. [Why] finds the imports because of which a function contains a package.
//
// Package budget checks a report against budgets, package coldstart adds cold start
// projections, and package render writes a report in every other format.
//
// A Report as JSON is public and versioned ([Schema]). It contains the import graph, with
// shared nodes stored once, so comparisons, treemaps and "why" need no other data. The
// same inputs give the same JSON.
package reporters
