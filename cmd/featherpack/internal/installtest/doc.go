// Package installtest builds what package managers install:
//
//  1. one project by every package manager, to the same bytes;
//  2. Go modules that only some users may read.
package installtest
