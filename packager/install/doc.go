// Package install installs the npm packages that functions need, with the package
// manager of their lockfile. Lifecycle scripts are off.
//
//  1. [Packages] finds the folders whose packages the functions need.
//  2. The lockfile in a folder determines the package manager: npm, Yarn 1, Yarn 2 and
//     later, or pnpm.
//  3. A lock prevents two builds from installing in the same folder at once. A mark file
//     next to the packages lets the next build skip the install.
//  4. [PackagesLike] does the same for another version of a project. If possible it links to
//     packages that are already installed.
package install
