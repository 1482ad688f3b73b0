// Package node makes a bundle of every Node function of a project: one
// JavaScript file, plus only the files that cannot be in it. [Builder.Build]
// takes all functions at once and does six steps:
//
//  1. plan (plan.go): every function gets a plan: output format, packages taken
//     by their CommonJS main, packages that stay as files, names kept. It starts
//     optimistic. Functions of equal settings and plan form a group. What packages read
//     as NODE_ENV is decided in nodeenv.go.
//  2. link (link.go): esbuild links a group in batches that bound memory, and
//     parses what the functions share once. Plugins answer where Node's own
//     resolution is not the one wanted (resolve.go), edit modules that look for files, so
//     that they find them from inside the bundle (load.go), and make modules that hand on
//     some names of another (some_names.go).
//  3. settle (settle.go): a function's finished graph, and the files that it
//     needs beside the bundle, are compared with its plan. Where they prove it
//     wrong, the plan grows more cautious, and that function alone is linked again, and
//     functions like it begin with the plan that it has grown to (alike.go): names
//     that code reads are kept (readers.go, own_names.go), and what runs before the
//     bundle ships as files (preload.go). A module build whose classes do not work as those of
//     main is left (compiled_classes.go). members.go judges who can tell the builds of a package apart by its
//     namespace. Each question to the finished graph has its own file, which is why this
//     package has more files than others.
//     A settled function is linked once more where one build of a package may do
//     for import and require (one_build.go). Equal copies become one (one_copy.go).
//     Own modules that are loaded by their path join the bundle then, and are handed
//     on from there (handed_on.go). A module that hands another on whole is evaluated
//     where the bundler would forget the other (barrels.go). CommonJS modules that would
//     mean something else in strict mode keep their meaning (sloppy.go), also where the reason
//     lies in another module (locked.go).
//     What only some names of a package lead to is known by name: files (data.go), and
//     modules that the package requires by a computed name (computed_requires.go).
//  4. place (place.go): the bundle and every file beside it get their places in
//     the zip.
//  5. check (check.go): one list of checks says what is refused or warned for. They are
//     the package check.
//  6. assemble (assemble.go): the code is passed and gets its prelude, beside what is done
//     for other functions of the batch (passing.go). With its source map,
//     licences and files it becomes a [packager.Bundle]. On request it lists what each
//     step saved (waterfall.go).
//
// A process that builds again and again keeps a [Memory] (memory.go).
//
// The packages below know one subject each: installed the packages on disk, resolution
// what esbuild and the tracer said under one set of build options, linker esbuild's
// contexts, credentials the AWS SDK's default chain, builds the builds and copies of
// packages, libraries what is known of libraries by name, unreached what nothing has a
// package require, kept the files beside a bundle, check what is refused, explain
// esbuild's messages, prelude the line in front of the code, pass what is done to the
// code, slim what is done to files beside it, sourcemap the code's map, licences the
// notices, unbundled what sizes are compared with, sloppy code that is not written for
// strict mode.
//
// A function's bytes depend on that function alone, never on its neighbours,
// the batch or the order.
package node
