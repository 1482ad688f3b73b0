// Package yamltree reads YAML and JSON into values with positions:
//
//  1. [Parse] checks the size and nesting of a document before the YAML library
//     reads it (parse.go), and explains syntax errors (explain.go);
//  2. convert.go turns the library's tree into a [Value] and resolves aliases and
//     merge keys;
//  3. a [Resolver] evaluates the variables or functions of a format. [Deep] applies
//     it to a value and everything inside it.
//
// [ParseJSON] reads JSON that a program wrote. [Value.Place] then gives it the
// positions of the manifest that the program read.
package yamltree
