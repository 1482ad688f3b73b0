// Package js reads JavaScript: tokens, a syntax tree, and names with their
// bindings, all with exact byte offsets.
//
//  1. [Read] reads a file. TypeScript and JSX first go through esbuild's transform. Its
//     source map (package mappings) leads back to the file's own text ([Text.Locate]).
//  2. [Parse] splits a source into tokens and builds a [Tree] of [Node]s. It also
//     declares names in their [Scope]s.
//  3. [Tree.Bind] gives every [Binding] its references and the values written to it.
//  4. [Node.IsTarget] and the functions beside it answer questions about a bound tree.
//  5. [Specifiers] lists a module's imports, [Exports] its exports.
//  6. [Skim] reads both from the tokens alone, which takes a fraction of the time.
//  7. [Apply] applies edits to a text.
//
// The package does not depend on the file system, on Node's functions or on lint
// rules. The packages that import it do.
package js
