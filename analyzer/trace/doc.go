// Package trace finds what a Node module needs at run time besides the modules
// that a bundler sees: the files that it reads, the modules whose names it
// computes, and the native addons that it loads. It also finds the edits that the
// module's text needs so that it finds them from inside a bundle.
//
// For one module:
//
//  1. [Triggered] searches the bytes for anything of interest. Most files contain
//     nothing and are never parsed.
//  2. [Trace] parses the module and visits the code that can run on the function's
//     platform. It evaluates expressions that may be a path or a module's name.
//  3. If such a value reaches the file system or the module loader, it becomes an
//     [Asset] or a [Reference]. If too little is known about it, it becomes an
//     [Uncertain].
//  4. [Edit]s mark the expressions whose value depends on the file's path.
//
// The package has no side effects. It reads the project through an [io/fs.FS] at
// the project's root, and resolves specifiers through the caller's [Resolver].
// Paths are slash-separated and relative to that root. analyzer/trace/value
// evaluates expressions, and analyzer/trace/native reads native libraries.
package trace
