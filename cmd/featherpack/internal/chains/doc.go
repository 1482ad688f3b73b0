// Package chains walks the import graph of one function.
//
//  1. [New] reads the graph out of a report.
//  2. [Graph.To] gives the ways from the entry point to some inputs, and
//     [Graph.Site] where the project itself could cut one.
//  3. [Graph.Lost] says what the artifact would lose by a cut, in [Weight].
package chains
