// Package gomodule finds the functions of plain Go modules:
//
//  1. [Read] lists the main packages of a module that import aws-lambda-go;
//  2. [PackageIn] reads the package of one folder (package.go);
//  3. [Flags] takes tags and linker flags out of a go build command (command.go).
package gomodule
