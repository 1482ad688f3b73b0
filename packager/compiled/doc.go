// Package compiled adds V8's compiled code to a Node bundle, so that a cold start need
// not parse and compile the program.
//
//  1. [Add] judges whether the bundle can be started that way: a CommonJS program whose
//     source map is not inside it (compiled.go).
//  2. The program, wrapped as Node wraps a module, becomes a file of its own. It calls
//     import() through the loader (imports.go).
//  3. Package boot compiles it with the runtime's own Node, if possible after the program
//     has loaded, so that the functions that run while loading are compiled too. It does
//     so twice: compiled code that differs is not used.
//  4. With codeCache: auto, committed decisions say for which programs that pays
//     (decisions.go).
//  5. A loader takes the handler's place (loader.go, loader.cjs). It gives V8 the compiled
//     code only if Node's version and architecture, and a digest of both files, are those
//     that the code was made for. In every other case V8 compiles the program, and the
//     loader logs one line that says why.
//  6. Where no compiled code ships, [Shorten] lets Node 24 read less before it runs the
//     program (short.go).
//
// V8 checks neither: it accepts code of another patch version, and a flipped bit ends
// the process.
package compiled
