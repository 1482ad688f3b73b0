// Package git asks git about the checkout around a folder.
//
//  1. [Open] finds the checkout.
//  2. [Checkout.Commit] finds a commit; its error says what to fetch.
//  3. [Checkout.Read] and [Checkout.Names] read a commit's files.
package git
