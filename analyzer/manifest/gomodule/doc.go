// Package gomodule finds the functions of plain Go modules:
//
//  1. [Read] lists the main packages of a module that import aws-lambda-go;
//  2. [Mains] and [PackageIn] read the packages of folders (package.go).
package gomodule
