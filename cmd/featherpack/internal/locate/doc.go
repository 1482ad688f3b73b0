// Package locate finds the line where one input of a graph imports another. A
// report does not hold these lines; the sources do.
//
//  1. [Sources] are the files of a project, on the disk or of a commit.
//  2. [Imports] reads the importer when it is first asked about it.
package locate
