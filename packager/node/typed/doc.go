// Package typed gives modules what TypeScript's compiler would make of their types
// and esbuild does not.
//
//  1. [Set.Config] is the compiler's options for a source: of the nearest
//     tsconfig.json, what it extends, and the project that it refers to.
//  2. declared.go finds the file that declares the types of a module.
//  3. [Set.Edit] returns the edits of a source, and what is wrong with it.
//
// A project without decorators and constant enums of declarations pays a search of
// each source for a character.
package typed
