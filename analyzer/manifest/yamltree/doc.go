// Package yamltree reads YAML and JSON into values that know their position:
//
//  1. [Parse] checks the size and nesting of a document before the YAML library
//     sees it (parse.go), and explains syntax errors (explain.go);
//  2. convert.go turns the library's tree into a [Value], with aliases and merge
//     keys resolved;
//  3. a [Resolver] works out the variables or functions that stand for a value;
//     [Deep] applies it to all that a value holds.
//
// [ParseJSON] reads JSON that a program wrote. [Value.Place] then gives it the
// positions of the manifest that the program read.
package yamltree
