// Package resolution keeps the answers of esbuild's resolver and of our tracer
// about a project's modules, for one set of build options each.
//
//  1. [Set.Of] returns the [Resolution] of [Settings]. Its key is a digest of all
//     settings, so an answer is never used under other options.
//  2. [Resolution.Ask] asks esbuild where a specifier leads, each question once.
//  3. [Resolution.Find] answers the same for code that ships as files, like Node.
//  4. [Resolution.Loader] is the loader that the build reads a file with, and
//     [Resolution.Trace] finds what the module needs at run time, and which names of
//     classes it reads (names.go).
//  5. [Resolution.Read] does that and runs the passes on load, over one parse.
//  6. [Resolution.Requests] lists the imports and requires in a file's text.
//  7. [Resolution.Note] remembers which imports are in the graph already.
//  8. [Resolution.Sound] says which modules need no second look before esbuild reads them.
//  9. [Resolution.Typeless] answers for modules that esbuild would parse again in each link.
//
// Answers do not depend on a function's plan: functions of equal settings share
// them whatever their plans are.
package resolution
