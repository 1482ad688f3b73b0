// Package explain puts what esbuild complains of into our words.
//
//  1. [Explainer.Explain] takes esbuild's messages and returns diagnostics.
//  2. Each message gets a code, and where the project tells more than esbuild
//     knows, a better remedy.
package explain
