// Package trace says what a Node module needs besides the modules that a
// bundler sees: the files it reads, the modules it computes the names of, the
// native addons it loads, and how its text must be edited so that it finds them
// from inside a bundle.
//
// For one module:
//
//  1. [Triggered] scans the bytes for anything of interest. Most files hold
//     nothing and are never parsed.
//  2. [Trace] parses the module and visits the code that can run on the
//     function's platform. It evaluates what may be a path or a module's name.
//  3. Where such a value reaches the file system or the module loader, it
//     becomes an [Asset], a [Reference] or, where too little is known, an
//     [Uncertain].
//  4. [Edit]s mark the expressions whose value depends on where the file lies.
//
// The package is pure: it looks at the project through an [io/fs.FS] rooted at
// the project's root and resolves through a [Resolver] of the caller. Paths are
// slash-separated and relative to that root. What values are is told by
// analyzer/trace/value, native libraries are read by analyzer/trace/native.
package trace
