// Package page writes a report as a page for a browser.
//
//  1. [Write] puts together the page, its style, the report as report.json has
//     it, and the scripts.
//  2. The scripts read the report and derive what they show from it: saved.js
//     holds it, the scripts up to chains.js say what is in it, and those from
//     treemap.js on draw. Each file is one idea in plain JavaScript.
package page
