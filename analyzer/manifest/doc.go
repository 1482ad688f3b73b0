// Package manifest finds the functions of a folder. [Discover] does, in order:
//
//  1. find the root: the outermost of git root, workspace root and the folder given;
//  2. read the featherpack.yaml files that concern the folder;
//  3. find the framework manifests in the folder and below, and say which of
//     them counts where two lie side by side;
//  4. read each manifest by its format, one file of this package a format;
//  5. lead each handler to the source file or Go package it means;
//  6. lay featherpack.yaml's settings over what the manifests imply.
//
// Nothing of a project is executed, nothing outside its root is read, and the
// same files give the same [analyzer.Project] whatever the order in which a
// folder lists them. Manifests are taken to be hostile: sizes, nesting, alias
// expansion and the work of resolving variables are all bounded.
package manifest
