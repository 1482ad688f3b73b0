// Package rootfs reads files below a project's root, and only there:
//
//  1. [FindRoot] finds the root of a folder;
//  2. [FS] opens, reads and lists the files below it. It is an error if a path or
//     a symlink leads outside.
package rootfs
