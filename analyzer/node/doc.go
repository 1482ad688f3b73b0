// Package node says what a Node module needs besides the modules a bundler
// sees: the files it reads, the modules it computes the names of, the native
// addons it loads, and how its text must be edited so that it finds them from
// inside a bundle.
//
// For one module:
//
//  1. [Triggered] scans the bytes for anything of interest; most files hold nothing.
//  2. [Trace] parses the module, binds its names, and evaluates expressions to
//     what they may be: strings, alternatives of strings, strings with gaps,
//     Node's own functions. Every place where such a value leaves the code for
//     the file system or the module loader becomes an [Asset], a [Reference],
//     or, where it is too dynamic, an [Uncertain].
//  3. [Edit]s mark the expressions whose value depends on where the file lies.
//
// [Specifiers] lists a module's static imports and [Exports] its exports.
// [Binary] reads what a native library was made for, [Libraries] what it links.
//
// The package is pure: it looks at the project through an [io/fs.FS] rooted at
// the project's root and resolves through a [Resolver] of the caller. Paths are
// slash-separated and relative to that root.
package node
