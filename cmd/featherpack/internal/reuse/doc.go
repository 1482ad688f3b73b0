// Package reuse brings back the functions that an earlier run built, where nothing that
// they depend on has changed.
//
//  1. [Start] opens a run on a store.
//  2. [Run.FindAll] looks for a run of the same functions in which everything was as it is now,
//     and takes its report with all files (whole.go). Only if there is none does each function
//     count for itself.
//  3. [Run.Find] computes the first key of a function (key.go): the operation, all
//     settings, featherpack itself, the lockfile, and what esbuild reads above the root.
//     Under it are the read-sets of earlier builds, each with the key of its result. The
//     first read-set whose answers are the same today has the function: its zip and the
//     files beside it are put into the out-dir, and its part of the report is decoded
//     (value.go).
//     Otherwise what explains the difference is told (reason.go, lock.go).
//     With a remote cache, [Run.Fetch] brings what it has to this disk beforehand, for all
//     functions at once, and what is built is uploaded (shared.go).
//  4. The functions that are missing are built with a recorded file system. [Run.Keep]
//     takes each as it is packed, [Run.KeepBuilt] writes what may be kept while the report is made,
//     [Run.KeepAll] takes that, and [Run.Close] writes it (keep.go, whole.go).
//
// [Boots] keeps what starting an artifact and its source has shown (boots.go), and [Trials] what
// trials of changes have measured (trials.go).
//
// # Why a result that is found is the one that a build would make
//
// A bundle depends on the first key and on what was read. All reads go through
// [projectfs.FS], which records for every name where it led, even if it led nowhere, for
// every file what it held, and for every folder which names it had. esbuild reads by
// itself; but package gate judges beforehand each request that esbuild resolves, with the
// folders and files on the way, and the plugin that guards loads sees every module. So
// both record what esbuild is about to look at: for a request the names that could take
// the place of what it finds (any extension, either case, an index file, the targets of a
// package.json), the package.json, tsconfig.json and node_modules of every folder on the way,
// and for a module its content. Where a tsconfig maps specifiers, the names that its patterns
// may mean count; where a package.json does ("#x", or a package's own name), the names of all
// the project's own files. Folders of installed packages count with all names.
//
// One build makes many functions, which share what was read. So everything that was read
// concerns all functions of the build, except the contents of the project's own modules:
// these concern the functions that reach them under any plan, or that have a module which
// a pass read them for. A function that failed under one of its plans depends on all.
//
// A content is hashed after the build. It counts only if the file still has the size, inode
// and times that it had when it was read, and if these are older than the build: otherwise
// it might have changed in between, and then nothing that depends on it is kept.
//
// A report depends on all that its functions depend on, on the project as discovery has just
// found it again, on the sizes of the files that are installed, on what its advice has read with
// a recorded file system of its own, and on what the advice compares this with, such as the
// day. It is kept only if every function was found or kept. Discovery is never taken from the
// cache: so the environment and all files that manifests lead to count as they are now.
//
// Not kept are functions with errors, with compiled code (it needs a Node), with modules
// that run in threads of their own, with aliases or injected files, of Plug'n'Play, and
// builds with --allow-outside or --waterfall. Go functions are left to the cache of go
// build.
//
// # What a process keeps that watches a project
//
// A [Memory] (memory.go) is kept from one run to the next: the recorded file system, with it
// what package node has found out about packages, and what was decoded. The next run may use
// it if the answers of the whole record are the same, by the rules above. The contents of the
// project's own modules are not compared: everything that depends on one is forgotten. After a
// run with a function that may not be kept, the memory is empty.
//
// Nothing that may be secret is stored but what is in the zip: of the environment and of
// settings only digests are.
package reuse
