// Package unreached judges whether a program may require modules that a package requires
// by a computed name. Only code that gives the package a name has it do so.
//
//  1. [Groups] lists such modules with the names that lead to them. No analysis of the
//     package finds these names: they are handed on from function to function, and from
//     object to object.
//  2. [Group.MayReach] reads a module of the program, outside of the package.
//  3. uses.go follows the package itself through a module that imports it.
//
// All modules of a program are asked. Where each answers no, nothing of the program gives
// the package a name of a module.
package unreached
