// Package toolchain runs the go command.
//
//  1. [Find] finds it on PATH, with its folders, and refuses one that is too old.
//     [Toolchain.Others] lists the other toolchains on this machine.
//  2. [Toolchain.Run] runs it, with only the environment variables that a build needs,
//     and as a group of processes that ends as a whole.
//  3. [Toolchain.List] lists packages and what they import, [Closure] what is linked into
//     one of them.
//  4. [Toolchain.Clean] removes this machine's folders and credentials from its messages.
//
// It never downloads another toolchain.
package toolchain
