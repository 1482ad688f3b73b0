// Package graphtest tests that a bundle does what its source does, on small random
// programs.
//
//  1. generate_test.go writes a graph of modules from a seed: ES modules, compiled and
//     hand-written CommonJS, barrels, packages with two builds, cycles, live bindings.
//  2. statements_test.go has the statements that fill the modules: scopes, names that
//     shadow each other, computed keys, and what else a transformation may get wrong.
//     locales_test.go has a package that requires its modules by computed names.
//  3. graph_test.go builds all programs at once, runs each program from its source and
//     from its bundle, and compares what they print. A program that differs is shrunk
//     and printed with the pass that makes the difference.
package graphtest
