// Package explain turns esbuild's errors and warnings into diagnostics.
//
//  1. [Explainer.Explain] takes esbuild's messages and returns diagnostics.
//  2. Each message gets a code, and a better remedy where the project's files
//     suggest one.
package explain
