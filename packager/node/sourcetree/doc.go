// Package sourcetree makes a copy of a project that Node can start: each file of
// code compiled by itself, and nothing bundled, shaken or minified.
//
//  1. [Set.Of] decides which folders a function's code may need and copies them
//     (copy.go). Packages are not copied: the folder node_modules stays where it is.
//  2. TypeScript, JSX and ES module syntax where Node expects CommonJS are compiled
//     in place, as tsc does it with the same folder for its output: a.ts becomes
//     a.js (compile.go). Where the types of decorated code are kept for run time, or
//     an enum is only declared, the project's own TypeScript compiles (typescript.go).
//  3. Specifiers that only a build resolves, such as those of tsconfig's paths, are
//     replaced by the path that the build would take (resolve.go).
//
// Package boot starts the copy and compares it with the artifact.
package sourcetree
