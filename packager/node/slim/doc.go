// Package slim makes the files that ship beside a bundle smaller, each by itself. It is
// the pass kept-files:
//
//   - [Code] is a module without comments and the white space that only people need.
//   - [Manifest] is a package.json without what only tools of developers read.
//   - [JSON] is a module of JSON without white space.
//
// Package kept says which files may be changed: those that Node alone reads. A file that
// code reads by its path, or may read, is not touched.
package slim
