// Package baseline gives what a build is compared with.
//
//  1. [Find] takes the saved report or the commit that was named. On CI without
//     either it finds the commit that the change is to be merged into.
//  2. A commit is checked out into a temporary worktree and measured there, by
//     its own manifests and lockfile and the head's options.
//  3. [Baseline.Close] removes what was built.
package baseline
