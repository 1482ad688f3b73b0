// Package serverless reads a serverless.yml of the Serverless Framework, versions
// 2 to 4, and of its fork osls:
//
//  1. [Read] reads the functions and merges the provider's settings into each of
//     them (serverless.go). package.go merges the packaging patterns, goplugin.go
//     reads the settings of serverless-go-plugin, and own.go reads the key that
//     featherpack's hook adds;
//  2. [Variables] resolves ${...}: syntax.go parses a text, variables.go tries the
//     sources of a variable, and include.go reads the files that a variable names.
package serverless
