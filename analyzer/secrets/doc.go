// Package secrets decides which files hold secrets.
//
//  1. [Judge] takes a path and the first bytes of a file, and says what the file holds
//     and how certain that is. It reads nothing itself.
//  2. names.go lists names that tools keep secrets under, each with its source.
//  3. content.go lists what private keys and tokens look like.
//
// A judgement is not a search for every secret: it finds what a wildcard or a computed
// path packs by accident. Source code is never judged, because its text is in the bundle
// anyway and libraries contain the headers of keys.
package secrets
