// Package typescript answers what only TypeScript's types tell about a program that
// runs as JavaScript: the metadata of decorators, and the values of constant enums of
// declaration files. esbuild reads each file by itself and drops both.
//
//  1. scan.go splits a source into tokens with matched brackets.
//  2. types.go reads a type, declarations.go what a file declares, imports and exports.
//  3. resolve.go follows a name through the files that declare it, in sources and in
//     declaration files.
//  4. classes.go finds decorated classes and their members.
//  5. serialize.go says what a type is at run time, as TypeScript's compiler does.
//  6. [Metadata] makes edits of it, and [Enums] does the same for constant enums.
//
// It is not a type checker. Where only one could tell, the answer is a [Problem] with
// its place, never a guess.
package typescript
