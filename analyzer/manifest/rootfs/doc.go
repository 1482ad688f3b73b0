// Package rootfs reads the files below a project's root, and nothing else:
//
//  1. [FindRoot] finds the root of a folder;
//  2. [FS] opens, reads and lists what is below it. A path or a symbolic link
//     that leads outside is an error.
package rootfs
