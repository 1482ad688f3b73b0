// Package render writes a report in every format but its own JSON.
//
//  1. [Formats] lists the formats by name; each is a function of (writer,
//     report) in a file of its own.
//  2. A view picks what a reader should look at first, and problems lists the
//     findings for the formats that know nothing else.
//  3. [Text] and [Reasons] print to a terminal: a printer writes the parts in
//     order, a table lays out rows, and package columns fits names into lines.
//
// Text that comes from a project is data in every format, never markup.
package render
