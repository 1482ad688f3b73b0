// Package baseline finds or builds the report that a build is compared with.
//
//  1. [Find] uses the saved report or the commit that the user gives. If the user
//     gives neither, it finds on CI the commit that the change will be merged into.
//  2. A commit is checked out into a temporary worktree and built there, with its
//     own manifests and lockfile and the head's options.
//  3. [Baseline.Close] removes the files of that build.
package baseline
