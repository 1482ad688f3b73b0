// Package locate finds the line where one input of a graph imports another. A report
// does not contain these lines, so they are read from the sources.
//
//  1. [Sources] are the files of a project, on disk or in a commit.
//  2. [Imports] returns a function that finds an import in the importer's source.
package locate
