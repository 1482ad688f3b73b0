// Package manifest finds the functions of a folder. [Discover] works in these
// steps:
//
//  1. discover.go opens the folder and finds the project's root: the outermost
//     of the git root, the workspace root and the folder itself;
//  2. configs.go reads the featherpack.yaml files of the folder and of its parents;
//  3. search.go finds the framework manifests in the folder and below it. If one
//     folder has several, it decides which one to read. The caller may pass the
//     functions instead: see resolved.go, listing.go and entry.go;
//  4. formats.go lists the manifest formats. Each format is a subpackage that
//     turns a manifest into [declared.Function] values. names.go names the
//     services;
//  5. handler.go and gohandler.go find the source file or the Go package of each
//     handler;
//  6. configs.go applies the settings of featherpack.yaml to the functions.
//
// Discovery runs no code of the project and reads no file outside its root. The
// same files give the same [analyzer.Project], whatever order the file system
// lists them in. Manifests are treated as hostile input: their size, nesting,
// alias expansion and the work of resolving variables are bounded.
package manifest
