// Package js reads JavaScript: as tokens, as a tree, as names and what they are
// bound to, always with exact byte offsets.
//
//  1. [Read] takes a file. TypeScript and JSX go through esbuild's transform
//     first; its source map leads back to the file's own text ([Text.Locate]).
//  2. [Parse] cuts a source into tokens and builds a [Tree] of [Node]s. It
//     declares names in their [Scope]s on the way.
//  3. [Tree.Bind] gives every [Binding] its references and the values written
//     to it.
//  4. [Node.IsTarget] and its neighbours answer questions about a bound tree.
//  5. [Specifiers] lists a module's imports, [Exports] its exports.
//  6. [Apply] makes edits of a text.
//
// The package knows nothing of files, of Node's functions or of advice: the
// packages that do import it.
package js
