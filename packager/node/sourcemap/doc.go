// Package sourcemap puts a function's source map beside its zip or into it, with the texts
// of the sources as esbuild saw them.
package sourcemap
