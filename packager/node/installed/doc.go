// Package installed reads npm packages as they lie on disk, below the root of
// a project: in node_modules folders, in workspaces, behind links, or where
// Yarn's Plug'n'Play keeps them.
//
//  1. [Open] takes the root. A [Tree] reads each package.json once and
//     remembers what it looked for; it may be used by many goroutines.
//  2. [PackageDir] and its neighbours find the package that a path belongs to.
//  3. [Tree.Manifest] reads the package.json of a folder.
//  4. [Tree.Find] finds a package as Node does, [Tree.Production] all that an
//     install without development dependencies holds.
//  5. [Tree.ModuleBuild] finds packages that have an ES module build besides their
//     main, and [Tree.Needs] what each needs of Node (platform.go).
//  6. [Tree.FS] shows the project's files as one file system, with those of
//     Yarn's archives in their places.
//  7. [Tree.HasTwin] finds files whose names differ in case alone, of which
//     esbuild sees only one.
//
// Paths are absolute and in the system's notation. An input is a path relative to
// the root, with slashes.
package installed
