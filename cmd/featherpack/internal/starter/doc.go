// Package starter creates a first featherpack.yaml.
//
//  1. [Compose] reads the manifests of a folder and writes the file's text.
//  2. Options of other tools become settings. An option that all functions share is
//     written once.
//  3. An option without an equivalent becomes a note.
package starter
