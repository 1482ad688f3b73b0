// Package page writes a report, or a profile of a function's load, as an HTML page.
//
//  1. [Write] assembles the page: its style, the report as in report.json, and the scripts.
//  2. The scripts read the report and derive what they show. saved.js holds the report, the scripts up to
//     chains.js compute values from it, and those from treemap.js on draw the page. For a profile, frames.js
//     computes the tree of modules, and flame.js and times.js draw it. Each file is one idea in plain JavaScript.
package page
