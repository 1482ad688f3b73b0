// Package advise finds what makes a function large or slow, and measures what each
// change would save.
//
//  1. [Ask] builds the function and collects advice for its runtime. It measures
//     changes in temporary copies: Node functions without a package, Go programs
//     with build tags, with stand-ins and without reflective lookups.
//  2. A [Silencer] removes the advice that featherpack.yaml or a comment ignores, and
//     sorts the rest.
//  3. [Print] writes the advice as text. [Explain] says what a code is about.
package advise
