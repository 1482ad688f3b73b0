// Package install installs the npm packages of functions by their lockfiles, with
// lifecycle scripts off.
//
//  1. [Packages] finds the folders whose packages the functions need.
//  2. The lockfile in a folder says which package manager installs there: npm,
//     Yarn 1, Yarn 2 and later, or pnpm.
//  3. A lock keeps two builds from installing in one folder, and a mark beside the
//     packages tells the next build that nothing is to be done.
//  4. [PackagesLike] does the same for another version of a project, and links to
//     what is installed already where it can.
package install
