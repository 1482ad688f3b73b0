// Package chains finds import chains in the import graph of one function.
//
//  1. [New] reads the graph from a report.
//  2. [Graph.ChainsTo] returns the chains from the entry point to some inputs.
//     [Graph.ProjectImport] returns the import in a chain that the project itself
//     could remove.
//  3. [Graph.Lost] returns the [Weight] that the artifact would lose without some
//     imports.
package chains
