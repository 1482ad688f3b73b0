// Package projectfs is the one way to a project's files. Everything that reads the
// project, its packages or its configuration uses an [FS].
//
//  1. [FindRoot] finds the root of a folder.
//  2. [New] makes an [FS] from the root and the caller's [Allowances].
//  3. [FS.Judge] follows the symlinks of a path and decides whether the file may be
//     read: it must be inside the root or allowed.
//  4. [FS.Read], [FS.Open] and [FS.List] read it. They open regular files only, up to a
//     size, so that a pipe or a device never blocks and never fills the memory.
//  5. [FS.Look] compares names in their stored spelling.
//  6. [Refuse] turns an error into a diagnostic with the path as it is written and the
//     place that asks for it. No message contains text of a file.
//
// A name is relative to the root and slash-separated, or an absolute path in the system's
// notation.
package projectfs
