// Package resolution keeps what esbuild's resolver and our tracer said about a
// project's modules under one set of build options.
//
//  1. [Set.Of] gives the [Resolution] of [Settings]. Its key is a digest of them
//     all, so that no answer is used under other options than it was given for.
//  2. [Resolution.Ask] answers where a specifier leads, as esbuild by itself says.
//  3. [Resolution.Find] answers it for code that ships as files, as Node does.
//  4. [Resolution.Loader] says as what a file is read, and [Resolution.Trace]
//     what the module needs at run time.
//  5. [Resolution.Requests] lists what a file asks for, in its own words.
//  6. [Resolution.Note] remembers which imports are in the graph already.
//
// Answers do not depend on a function's plan, so functions of equal settings
// share them whatever their plans.
package resolution
