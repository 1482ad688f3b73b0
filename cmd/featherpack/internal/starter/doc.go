// Package starter makes a featherpack.yaml to start from.
//
//  1. [Compose] reads the manifests of a folder and writes the file's text.
//  2. Options of other tools become settings, those that all functions share once.
//  3. What has no equivalent becomes a note.
package starter
