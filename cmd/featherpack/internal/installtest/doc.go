// Package installtest tests builds after an installation.
//
//  1. Every package manager installs one project, and the zips are identical.
//  2. The go command downloads private modules with credentials.
package installtest
