// Package git reads the git checkout that a folder is in.
//
//  1. [Open] finds the checkout.
//  2. [Checkout.Commit] finds a commit. Its error has the command that fetches it.
//  3. [Checkout.Read] reads a file of a commit, and [Checkout.Names] lists a folder.
//  4. [Checkout.Notes] reads the notes that [Checkout.SetNote] has given commits.
//  5. [Checkout.AddWorktree] checks a commit out into a folder.
//
// The checkout's configuration is not trusted: settings.go turns off what it could run.
package git
