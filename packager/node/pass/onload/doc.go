// Package onload holds the passes that edit a module before the bundler reads it. The
// bundler then shakes, hoists and minifies what they wrote, and nothing is parsed twice.
//
//  1. [Changes] gives a module to each pass of one ordered list, the part of
//     [analyzer.Passes] that runs on load. A pass first searches the text for what
//     concerns it; only then the module is parsed, once for all passes.
//  2. A pass answers with a [Change]. It sees other modules through a [View]. What it
//     answers depends on the build options alone, never on a function or a plan.
//  3. namespace_imports.go, with the pass barrel-imports, literal_keys.go,
//     pure_objects.go, dynamic_imports.go, feature_constants.go with versions.go and globals.go, late_fetch.go
//     and late_builtins.go are the passes. Each says why its edits do not change what the
//     program does. A pass leaves the code as it is where it cannot be sure.
//  4. exports.go follows names through modules that hand them on. order.go tells whether
//     modules are evaluated in the same order, declarations.go whether it matters when
//     they are.
//
// Edits keep the lines of the module's text, so that positions in it stay right.
package onload
