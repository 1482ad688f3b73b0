// Package advise says what else makes a function big or slow.
//
//  1. [Ask] builds the function and finds advice by the table of runtimes. What
//     can be tried is tried: Node functions without a package, Go programs with
//     build tags, with stand-ins and without reflective lookups.
//  2. [Advised.Silence] takes away what featherpack.yaml ignores, and sorts.
//  3. [Print] writes the advice as text.
package advise
