// Package git reads the git checkout that a folder is in.
//
//  1. [Open] finds the checkout.
//  2. [Checkout.Commit] finds a commit. Its error has the command that fetches it.
//  3. [Checkout.Read] reads a file of a commit, and [Checkout.Names] lists a folder.
package git
