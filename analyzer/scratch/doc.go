// Package scratch makes temporary folders that do not outlive a killed run.
//
//  1. [New] makes a folder, and beside it a file that the run keeps locked.
//  2. [Folder.Close] removes both.
//  3. [Sweep] removes the folders of runs that were killed: the kernel has released
//     their locks. It never touches the folder of a living run, or of another user.
package scratch
