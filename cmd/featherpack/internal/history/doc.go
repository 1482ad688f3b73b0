// Package history keeps the sizes of functions over commits, without a server.
//
//  1. [Open] finds the place: git notes, which travel with the repository, or a file,
//     which a CI cache keeps.
//  2. [Log.Record] adds the sizes of a report for the current commit.
//  3. [Log.Points] reads what was recorded since a time, oldest first.
//  4. [Lines] arranges it by function: first, last, and the commit that moved it most.
//
// A record is one line of JSON. Several folders of a repository have one each. What was
// recorded is not trusted: a line that is broken or out of range is left out.
package history
