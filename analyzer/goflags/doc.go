// Package goflags splits and joins flags of the go command:
//
//  1. [Split] and [Join] work like the go command on GOFLAGS and -ldflags;
//  2. [Words] splits a whole command line like a shell, and [OfCommand] takes the
//     flags that matter out of it.
package goflags
