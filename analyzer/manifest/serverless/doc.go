// Package serverless reads a serverless.yml, of versions 2 to 4 of the Serverless
// Framework and of the osls fork:
//
//  1. [Read] goes through the functions and merges the provider's settings into
//     each (serverless.go). goplugin.go reads serverless-go-plugin's settings,
//     own.go the key that featherpack's hook adds;
//  2. [Variables] resolves ${...}: syntax.go parses a text, variables.go tries
//     the sources of a variable, include.go reads the files that it names.
package serverless
