// Package manifest finds the functions of a folder. [Discover] works in these steps:
//
//  1. discover.go opens the folder and finds the root: the outermost of git
//     root, workspace root and the folder itself;
//  2. configs.go reads the featherpack.yaml files of the folder and above;
//  3. search.go finds the framework manifests in the folder and below, and
//     decides which one counts where two lie side by side. resolved.go,
//     listing.go and entry.go take what a caller hands over instead;
//  4. formats.go lists the formats. Each is a package below this one that turns
//     a manifest into [declared.Function] values. names.go names the services;
//  5. handler.go and gohandler.go lead each handler to its source file or Go
//     package;
//  6. configs.go lays the settings of featherpack.yaml over the functions.
//
// Nothing of a project is executed, and nothing outside its root is read. The
// same files give the same [analyzer.Project], in whatever order a folder lists
// them. Manifests are treated as hostile: their size, nesting, alias expansion
// and the work of resolving variables are bounded.
package manifest
