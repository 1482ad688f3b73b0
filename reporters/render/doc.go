// Package render writes a report in every format except its own JSON.
//
//  1. [Formats] lists the formats by name. Each is a function of (writer, report) in a file of its own.
//  2. A view selects what a reader should see first. problems lists the findings for formats that
//     contain only findings.
//  3. [Text] and [Reasons] print to a terminal: a printer writes the parts in order, a table aligns rows,
//     and package columns fits names into lines.
//
// Text from a project is always escaped. No format treats it as markup.
package render
